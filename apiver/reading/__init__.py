"""A version of a Flask app -> its contract."""

from __future__ import annotations

from apiver.reading.build import contract as contract
from apiver.reading.detection import inspect as inspect

__all__ = ["contract", "inspect"]
