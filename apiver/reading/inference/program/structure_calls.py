"""What takes instances apart or makes them anew: `asdict`, `astuple`, `replace`, `fields`, `vars`."""

from __future__ import annotations

import ast
import dataclasses
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from apiver.reading.inference.frame import Arguments, Frame, argument
from apiver.reading.inference.models.members import column_names, is_model
from apiver.reading.inference.values.shapes import (
    NONE,
    Field,
    Known,
    Listing,
    Live,
    Object,
    Record,
    Tuple,
    Typed,
    Value,
    mapped,
    options,
    union,
)
from apiver.reading.inference.values.structures import as_record, declared_fields, fields_of

Rule = Callable[[Arguments, Frame, ast.AST], Value]


def _as_dict(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`dataclasses.asdict`, `attrs.asdict`: a filter of attrs may leave out any key."""
    kept = arguments.keywords.get("filter", NONE) == NONE

    def record(option: Value) -> Value:
        content = frame.state.cell(option)
        made = as_record(content, frame.state) if isinstance(content, Typed | Object) else None
        if not isinstance(made, Record):
            return frame.allocate(Record(open=frame.unknown("asdict() of an object that is not known", node)))
        if not kept:
            fields = {key: replace(entry, required=False) for key, entry in made.fields.items()}
            made = replace(made, fields=fields, label=None)
        return frame.allocate(made)

    found = next((value for value in (*arguments.positional, *arguments.keywords.values())), NONE)
    return mapped(found, record)


def _as_tuple(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    content = frame.state.cell(argument(arguments, 0, "obj"))
    found = fields_of(content, frame.state) if isinstance(content, Typed | Object) else None
    if found is None:
        return frame.unknown("astuple() of an object that is not known", node)
    return Tuple(tuple(found.values()))


def changed(owner: Value, keywords: Any, frame: Frame, node: ast.AST) -> Value:
    """A copy of an instance with other attributes: `dataclasses.replace`, `attrs.evolve`, `Pair._replace`."""
    content = frame.state.cell(owner)
    if not isinstance(content, Typed | Object):
        return frame.unknown("a copy of an object that is not known", node)
    held = dict(content.attributes) if isinstance(content, Object) else {}
    return frame.allocate(Object(content.cls, {**held, **keywords}))


def _replace(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return changed(argument(arguments, 0, "obj"), arguments.keywords, frame, node)


def _fields(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    content = frame.state.cell(argument(arguments, 0, "class_or_instance"))
    cls = content.object if isinstance(content, Live) else getattr(content, "cls", None)
    cls = cls if isinstance(cls, type) else type(cls)
    declared = declared_fields(cls)
    if declared is None:
        return frame.unknown("the fields of an object that is not known", node)
    found = tuple(Object(dataclasses.Field, {"name": Known(name)}) for name in declared)
    return Listing(union(found) if found else None, found)


def _vars(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    found = [attributes_of(option, frame, node) for option in options(argument(arguments, 0, "object"))]
    return union(found)


def attributes_of(owner: Value, frame: Frame, node: ast.AST) -> Value:
    """`vars(owner)` and `owner.__dict__`."""
    content = frame.state.cell(owner)
    if isinstance(content, Object) and declared_fields(content.cls) is None:
        return frame.allocate(Record({key: Field(value) for key, value in content.attributes.items()}))
    if isinstance(content, Typed | Object) and is_model(content.cls):
        # What was not loaded, or has expired, is not there.
        loaded = column_names(content.cls)
        held = {key: Field(frame.reader.attribute(owner, key, frame, node), required=False) for key in loaded}
        state = Field(frame.unknown("the state that SQLAlchemy keeps of a row", node))
        return frame.allocate(Record({"_sa_instance_state": state, **held}))
    found = fields_of(content, frame.state) if isinstance(content, Typed | Object) else None
    if found is None:
        cls = getattr(content, "cls", None)
        name = cls.__name__ if isinstance(cls, type) else "an object that is not known"
        return frame.unknown(f"the attributes of {name} are listed at run time", node)
    return frame.allocate(Record({key: Field(value) for key, value in found.items()}))


def structure_rules() -> dict[int, Rule]:
    """The rules by the identity of the function that they are about. attrs is not imported for it."""
    rules: list[tuple[Any, Rule]] = [
        (dataclasses.asdict, _as_dict),
        (dataclasses.astuple, _as_tuple),
        (dataclasses.replace, _replace),
        (dataclasses.fields, _fields),
        (vars, _vars),
    ]
    for name in ("attr", "attrs"):
        module = vars(sys.modules[name]) if name in sys.modules else {}
        named = (("asdict", _as_dict), ("astuple", _as_tuple), ("evolve", _replace), ("fields", _fields))
        rules += [(module[key], rule) for key, rule in named if key in module]
    return {id(live): rule for live, rule in rules}
