"""Shapes back into the plain objects that they stand for, where nothing of them is open."""

from __future__ import annotations

from typing import Any

from apiver.reading.inference.frame import Frame
from apiver.reading.inference.values.shapes import Known, Listing, Live, Record, Tuple, Value


class Open(Exception):  # noqa: N818 - no error: the value depends on the request
    """A part of a value is not known before the program runs."""


def concrete(value: Value, frame: Frame) -> Any:
    """The object that `value` stands for; raises Open where that is not known."""
    content = frame.state.cell(value)
    if isinstance(content, Known):
        return content.value
    if isinstance(content, Live):
        return content.object
    if isinstance(content, Tuple):
        return tuple(concrete(item, frame) for item in content.items)
    if isinstance(content, Listing) and content.exact is not None:
        return [concrete(item, frame) for item in content.exact]
    if isinstance(content, Record) and _is_closed(content):
        return {key: concrete(entry.value, frame) for key, entry in content.fields.items()}
    raise Open


def _is_closed(record: Record) -> bool:
    whole = record.rest is None and record.open is None
    return whole and all(entry.required for entry in record.fields.values())
