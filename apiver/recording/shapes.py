"""A value -> its shape: types, formats and names as a JSON Schema. Nothing of the value itself is kept.

`x-apiver-samples` counts the objects that a schema was made of.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

Shape = dict[str, Any]

SAMPLES = "x-apiver-samples"

_DEPTH = 24
_ITEMS = 1_000
_ALTERNATIVES = 100
_LONGEST = 512  # no date, UUID, address or URL that matters is longer

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_URI = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>\"{}|\\^`]+")
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?(?:[eE][+-]?\d{1,3})?")


def shape(value: Any, is_name: Callable[[str], bool], depth: int = 0) -> Shape:
    """The shape of a JSON value.

    `is_name` says whether a key is a name that may be kept; what stands under any other key is data, and
    its shape becomes one of `additionalProperties`.
    """
    if value is None:
        return {"type": "null"}
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int):
        return {"type": "integer"}
    if isinstance(value, float):
        return {"type": "number"}
    if isinstance(value, str):
        return text_shape(value)
    if depth >= _DEPTH:
        return {}
    if isinstance(value, list):
        found = {"type": "array"}
        items = _joined(shape(item, is_name, depth + 1) for item in value[:_ITEMS])
        return {**found, "items": items} if items is not None else found
    return _object(value, is_name, depth)


def _object(value: dict[str, Any], is_name: Callable[[str], bool], depth: int) -> Shape:
    properties = {}
    rest = []
    for key, item in value.items():
        if is_name(key):
            properties[key] = shape(item, is_name, depth + 1)
        else:
            rest.append(item)
    found: Shape = {"type": "object", "required": sorted(properties), SAMPLES: 1}
    if properties:
        found["properties"] = properties
    others = _joined(shape(item, is_name, depth + 1) for item in rest[:_ITEMS])
    if others is not None:
        found["additionalProperties"] = others
    return found


def _joined(shapes: Iterable[Shape]) -> Shape | None:
    """Shapes of which a value has one; equal ones are counted together."""
    counted: dict[str, tuple[Shape, int]] = {}
    for one in shapes:
        key = json.dumps(one, sort_keys=True)
        held, times = counted.get(key, (one, 0))
        if times or len(counted) < _ALTERNATIVES:
            counted[key] = held, times + 1
    if not counted:
        return None
    found = [weighted(one, times) for one, times in counted.values()]
    return found[0] if len(found) == 1 else {"anyOf": found}


def weighted(one: Shape, times: int) -> Shape:
    """The shape of something that was seen so many times."""
    if times == 1:
        return one
    found = dict(one)
    if SAMPLES in one:
        found[SAMPLES] = one[SAMPLES] * times
    for key in ("items", "additionalProperties"):
        if isinstance(one.get(key), dict):
            found[key] = weighted(one[key], times)
    if "properties" in one:
        found["properties"] = {name: weighted(part, times) for name, part in one["properties"].items()}
    if "anyOf" in one:
        found["anyOf"] = [weighted(part, times) for part in one["anyOf"]]
    return found


def text_shape(value: str) -> Shape:
    """The shape of a string: its format (JSON Schema 2020-12, 7.3) where it has one."""
    form = _format(value) if 3 <= len(value) <= _LONGEST else None
    return {"type": "string", "format": form} if form else {"type": "string"}


def _format(value: str) -> str | None:
    if value[0].isdigit() and _DATE.match(value):
        form = "date" if len(value) == 10 else "date-time" if _DATE_TIME.fullmatch(value) else None
        return form if form and _is_date(value[:10]) else None
    if len(value) == 36 and _UUID.fullmatch(value):
        return "uuid"
    if "://" in value and _URI.fullmatch(value):
        return "uri"
    if "@" in value and _EMAIL.fullmatch(value):
        return "email"
    return None


def _is_date(value: str) -> bool:
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def wire_shape(values: list[str]) -> Shape:
    """The shape of what stands as text in a query, a form or a header: what the text can be read as."""
    found = [_word(value) for value in values[:_ITEMS]]
    if len(values) == 1:
        return found[0]
    items = _joined(found)
    return {"type": "array", "items": items} if items is not None else {"type": "array"}


def _word(value: str) -> Shape:
    if _INTEGER.fullmatch(value):
        return {"type": "integer"}
    if _NUMBER.fullmatch(value):
        return {"type": "number"}
    if value in ("true", "false"):
        return {"type": "boolean"}
    return text_shape(value)


def form_shape(
    fields: Iterable[tuple[str, list[str]]], files: Iterable[str], is_name: Callable[[str], bool]
) -> Shape:
    """The shape of a form: its fields, and the files in it as binary strings."""
    properties = {name: wire_shape(values) for name, values in fields if is_name(name)}
    properties |= {name: {"type": "string", "format": "binary"} for name in files if is_name(name)}
    found: Shape = {"type": "object", "required": sorted(properties), SAMPLES: 1}
    return {**found, "properties": properties} if properties else found
