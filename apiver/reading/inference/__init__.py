"""The contract read from a view's code: an abstract interpreter that never runs it."""

from __future__ import annotations

from apiver.reading.inference.views import Reading as Reading
from apiver.reading.inference.views import read_view as read_view

__all__ = ["Reading", "read_view"]
