"""A version of a Flask app -> its contract."""

from __future__ import annotations

from apiver.reading.build import contract as contract

__all__ = ["contract"]
