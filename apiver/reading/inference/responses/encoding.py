"""What the program makes of values that JSON has no form for: `default=`, `cls=`, a JSON provider."""

from __future__ import annotations

import ast
import datetime
import decimal
import enum
import uuid
from dataclasses import replace
from typing import Any

from flask.json.provider import DefaultJSONProvider

from apiver.reading.inference.frame import Arguments, Dead, Frame, argument
from apiver.reading.inference.models.members import static
from apiver.reading.inference.program.scope import package_of
from apiver.reading.inference.values.shapes import (
    Known,
    Listing,
    Live,
    Object,
    Record,
    Recursive,
    Tuple,
    Typed,
    Union,
    Value,
    mapped,
    options,
)
from apiver.reading.inference.values.structures import as_record

_NATIVE = (str, int, float, dict, list, tuple)
_AS_TEXT = (datetime.date, decimal.Decimal, uuid.UUID)
_DEEPEST = 8


def own_default(provider: Any, own: frozenset[str]) -> bool:
    """Whether the program's own code says what the JSON provider does with values that it does not know."""
    if type(provider) is DefaultJSONProvider:
        return False
    held = static(type(provider), "default")
    function = getattr(held, "__func__", held)
    return package_of(getattr(function, "__module__", None)) in own


def encoded(
    value: Value, default: Value, frame: Frame, node: ast.AST, within: tuple[type, ...] = ()
) -> Value:
    """`value`, which has no cells, with what `default` makes of each part that JSON has no form for."""
    if isinstance(value, Union):
        return mapped(value, lambda option: encoded(option, default, frame, node, within))
    if isinstance(value, Record):
        fields = {
            key: replace(entry, value=encoded(entry.value, default, frame, node, within))
            for key, entry in value.fields.items()
        }
        rest = None if value.rest is None else encoded(value.rest, default, frame, node, within)
        changed = rest != value.rest or any(fields[key].value != value.fields[key].value for key in fields)
        return replace(value, fields=fields, rest=rest) if changed else value
    if isinstance(value, Listing):
        items = None if value.items is None else encoded(value.items, default, frame, node, within)
        return value if items == value.items else Listing(items)
    if isinstance(value, Tuple):
        return replace(
            value, items=tuple(encoded(item, default, frame, node, within) for item in value.items)
        )
    cls = _foreign_class(value)
    if cls is None or cls in within or len(within) > _DEEPEST:
        return value
    try:
        made = frame.reader.call(default, Arguments((value,)), frame, node)
    except Dead:
        return value
    if any(isinstance(option, Recursive) for option in options(made)):
        return made
    return encoded(frame.state.frozen(made), default, frame, node, (*within, cls))


def _foreign_class(value: Value) -> type | None:
    """The class of an instance that JSON has no form for; None for anything else."""
    if isinstance(value, Typed | Object):
        cls = value.cls
    elif isinstance(value, Known) and isinstance(value.value, enum.Enum):
        cls = type(value.value)
    elif isinstance(value, Live) and not isinstance(value.object, type):
        cls = type(value.object)
    else:
        return None
    return None if issubclass(cls, _NATIVE) else cls


def provider_default(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`DefaultJSONProvider.default(value)`: dates, decimals and UUIDs become strings, dataclasses objects."""
    found = argument(arguments, 0, "o")

    def written(option: Value) -> Value:
        content = frame.state.cell(option)
        cls = getattr(content, "cls", None)
        if isinstance(cls, type) and issubclass(cls, _AS_TEXT):
            return Typed(str, (("format", "uuid"),) if cls is uuid.UUID else ())
        made = as_record(content, frame.state) if isinstance(content, Typed | Object) else None
        if made is None:
            raise Dead  # TypeError
        return made

    return mapped(found, written)
