"""What Python's types are in a request, and which constants are values of a schema."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import FileStorage

from apiver.reading.inference.frame import NO_DEFAULT
from apiver.reading.inference.values.shapes import NONE, Typed, Value, options

Schema = dict[str, Any]

_NAMES: Mapping[type, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    list: {"type": "array"},
    dict: {"type": "object"},
    decimal.Decimal: {"type": "number"},
    uuid.UUID: {"type": "string", "format": "uuid"},
    datetime.date: {"type": "string", "format": "date"},
    # A datetime without an offset is read too, so it is no RFC 3339 date-time.
    datetime.datetime: {"type": "string"},
    FileStorage: {"type": "string", "format": "binary"},
}


def class_schema(cls: type) -> Schema:
    """The schema of a value that a client writes where the program makes a `cls` of it."""
    if issubclass(cls, enum.Enum):
        values = [member.value for member in cls]
        return {**_NAMES.get(type(values[0]) if values else str, {"type": "string"}), "enum": values}
    return dict(_NAMES.get(cls, {"type": "string"}))


def column_schema(value: Value) -> Schema | None:
    """The schema of what is put into a column of that type; None where it has no plain one."""
    kinds: list[str] = []
    schema: Schema = {}
    for option in options(value):
        if option == NONE:
            kinds.append("null")
        elif isinstance(option, Typed) and (option.cls in _NAMES or issubclass(option.cls, enum.Enum)):
            schema = class_schema(str if issubclass(option.cls, enum.Enum) else option.cls)
            kinds.insert(0, schema["type"])
        else:
            return None
    if not schema:
        return None
    return {**schema, "type": kinds[0] if len(kinds) == 1 else kinds}


def kinds_of(kinds: Any) -> list[str]:
    """The value of the keyword `type` as a list."""
    return [] if kinds is None else [kinds] if isinstance(kinds, str) else list(kinds)


def fitting(value: Any, schema: Schema) -> Any:
    """`value` as a default of `schema`, turned into its type; `NO_DEFAULT` where it does not fit."""
    kinds = kinds_of(schema.get("type"))
    if kinds == ["integer"] and isinstance(value, str) and value.lstrip("-").isdigit():
        value = int(value)
    allowed = {str: ("string",), bool: ("boolean",), int: ("integer", "number"), float: ("number",)}
    if kinds and not any(kind in allowed.get(type(value), ()) for kind in kinds):
        return NO_DEFAULT
    if "enum" in schema and value not in schema["enum"]:
        return NO_DEFAULT
    if isinstance(value, int | float) and not (
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
    ):
        return NO_DEFAULT
    if isinstance(value, str) and not (
        schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
    ):
        return NO_DEFAULT
    return value
