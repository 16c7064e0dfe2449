"""Classes that list their fields: dataclasses, attrs classes, named tuples; what instances look like."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from apiver.reading.inference.program.annotations import (
    annotated,
    class_annotation,
    dataclass_fields,
    lookup_in,
)
from apiver.reading.inference.values.shapes import (
    Field,
    Label,
    Listing,
    Object,
    Record,
    Recursive,
    Tuple,
    Typed,
    Union,
    Unknown,
    Value,
    union,
)
from apiver.reading.inference.values.state import State


def is_attrs(cls: Any) -> bool:
    """Whether `cls` is a class of attrs, in any of its spellings."""
    return isinstance(getattr(cls, "__attrs_attrs__", None), tuple)


def is_named_tuple(cls: Any) -> bool:
    """Whether `cls` is a named tuple, be it of `typing` or of `collections`."""
    return (
        isinstance(cls, type) and issubclass(cls, tuple) and isinstance(getattr(cls, "_fields", None), tuple)
    )


def declared_fields(cls: type) -> Mapping[str, Value] | None:
    """The fields that `cls` lists, with what is said of their types; None where it lists none."""
    if dataclasses.is_dataclass(cls):
        return dataclass_fields(cls)
    if is_attrs(cls):
        return {entry.name: _attrs_field(cls, entry) for entry in cls.__attrs_attrs__}  # type: ignore[attr-defined]
    if is_named_tuple(cls):
        return {name: _named_field(cls, name) for name in cls._fields}  # type: ignore[attr-defined]
    return None


def _attrs_field(cls: type, entry: Any) -> Value:
    if entry.type is None:
        return Unknown(f"nothing says what {cls.__name__}.{entry.name} holds")
    return annotated(entry.type, lookup_in(cls))


def _named_field(cls: type, name: str) -> Value:
    return class_annotation(cls, name) or Unknown(f"nothing says what {cls.__name__}.{name} holds")


def fields_of(content: Typed | Object, state: State) -> Mapping[str, Value] | None:
    """The fields of an instance: what their class says of them, else what the instance holds."""
    declared = declared_fields(content.cls)
    if declared is None or not isinstance(content, Object):
        return declared
    held = content.attributes
    return {
        name: state.frozen(held[name]) if name in held and _vague(stated) else stated
        for name, stated in declared.items()
    }


def as_record(content: Typed | Object, state: State, within: tuple[type, ...] = ()) -> Value | None:
    """The record that `asdict` makes of an instance, nested ones included; None where none are listed."""
    cls = content.cls
    if cls in within:
        return Recursive(_label(cls))
    declared, found = declared_fields(cls), fields_of(content, state)
    if declared is None or found is None:
        return None
    fields = {name: Field(_nested(value, cls, state, (*within, cls))) for name, value in found.items()}
    return Record(fields, label=_label(cls) if found == declared else None)


def as_array(content: Typed | Object, state: State) -> Tuple | None:
    """The array that a named tuple becomes in JSON."""
    found = fields_of(content, state) if is_named_tuple(content.cls) else None
    return None if found is None else Tuple(tuple(found.values()))


def _label(cls: type) -> Label:
    return Label(cls.__name__, f"{cls.__module__}.{cls.__qualname__}")


def _vague(value: Value) -> bool:
    if isinstance(value, Listing):
        return value.items is None or _vague(value.items)
    if isinstance(value, Record):
        return value.open is not None or (value.rest is not None and _vague(value.rest))
    return isinstance(value, Unknown)


def _nested(value: Value, outer: type, state: State, within: tuple[type, ...]) -> Value:
    if isinstance(value, Union):
        return union(_nested(option, outer, state, within) for option in value.options)
    if isinstance(value, Listing) and value.items is not None:
        return Listing(_nested(value.items, outer, state, within))
    if isinstance(value, Record) and value.rest is not None:
        return replace(value, rest=_nested(value.rest, outer, state, within))
    if isinstance(value, Typed | Object) and _same_kind(value.cls, outer):
        return as_record(value, state, within) or value
    return value


def _same_kind(cls: type, outer: type) -> bool:
    return (dataclasses.is_dataclass(cls) and dataclasses.is_dataclass(outer)) or (
        is_attrs(cls) and is_attrs(outer)
    )
