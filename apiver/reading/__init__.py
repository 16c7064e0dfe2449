"""A version of a Flask app -> its contract.

The names load on first use: who only wants the routes of an app need not wait for what reads its code.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apiver.reading.build import contract as contract
    from apiver.reading.detection import inspect as inspect

__all__ = ["contract", "inspect"]

_HOMES = {"contract": "build", "inspect": "detection"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"apiver.reading.{_HOMES[name]}"), name)
