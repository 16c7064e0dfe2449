"""Schema classes of libraries that take apart what was sent: marshmallow's `load`, pydantic's models.

Neither library is imported here: whoever has such a class has loaded it.
"""

from __future__ import annotations

import ast
import datetime
import sys
import uuid
from collections.abc import Mapping
from types import FunctionType
from typing import Any

from apiver.reading.inference.frame import Arguments, Frame, argument
from apiver.reading.inference.models.members import static
from apiver.reading.inference.requests.matching import matches
from apiver.reading.inference.values.concrete import Open, concrete
from apiver.reading.inference.values.described import opened
from apiver.reading.inference.values.facts import Facts
from apiver.reading.inference.values.shapes import (
    Asked,
    Bound,
    Described,
    Field,
    Known,
    Listing,
    Live,
    Object,
    Record,
    Typed,
    Unknown,
    Value,
)
from apiver.reading.schemas import marshmallow, pydantic

_LOADING = frozenset({"load", "loads", "validate"})
_PARSING = frozenset({"model_validate", "model_validate_json", "parse_obj", "parse_raw"})
_FORMATS: Mapping[str, type] = {
    "date": datetime.date,
    "date-time": datetime.datetime,
    "time": datetime.time,
    "uuid": uuid.UUID,
}


def loaded(owner: Any, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value | None:
    """`schema.load(data)`, `Book.model_validate(data)`: goes on only where the data is what the schema says.

    None where `owner` is no such schema or `name` no such method.
    """
    if name in _LOADING and marshmallow.is_schema(owner) and not isinstance(owner, type):
        return _loaded(owner, name, arguments, frame, node)
    if name in _PARSING and pydantic.is_model(owner):
        return parsed(owner, argument(arguments, 0, "obj"), frame, node)
    if name in ("validate_python", "validate_json") and type(owner).__name__ == "TypeAdapter":
        return parsed(getattr(owner, "_type", None), argument(arguments, 0, "object"), frame, node)
    return None


def constructed(cls: type, arguments: Arguments, frame: Frame, node: ast.AST) -> Value | None:
    """`Book(**data)` of a pydantic model whose fields are what was sent; None where it is something else."""
    if len(arguments.spread) != 1 or arguments.keywords or not pydantic.is_model(cls):
        return None
    return parsed(cls, arguments.spread[0], frame, node)


def parsed(kind: Any, data: Value, frame: Frame, node: ast.AST) -> Value:
    """The instance that pydantic makes of data; what is no such thing is refused."""
    if isinstance(data, Asked):
        frame.may_raise(Object(_pydantic_error(kind), {}), frame.place(node))
        written = pydantic.written(kind)
        if written is not None:
            described = Described(written.schema, written.definitions)
            frame.state.learn(*matches(data, described, frame, node))
    return (
        Typed(kind) if isinstance(kind, type) else frame.unknown("what the adapter makes is not read", node)
    )


def _pydantic_error(kind: Any) -> type[Exception]:
    modules = ("pydantic_core", "pydantic.error_wrappers", "pydantic.v1.error_wrappers")
    if any(parent.__module__.startswith("pydantic.v1") for parent in getattr(kind, "__mro__", ())):
        modules = modules[::-1]
    for module in modules:
        found = getattr(sys.modules.get(module), "ValidationError", None)
        if isinstance(found, type):
            return found
    return ValueError


def _loaded(schema: Any, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    data = argument(arguments, 0, "data")
    said: dict[str, Any] = {}
    try:
        for key in ("many", "partial", "unknown"):
            given = arguments.keywords.get(key)
            if given is not None:
                said[key] = concrete(given, frame)
    except Open:
        return frame.unknown(f"how {type(schema).__name__}.{name}() is called is computed", node)
    named = marshmallow.Named()
    written = marshmallow.json_schema(schema, "load", named, **said)
    if said.get("partial"):
        written = _without_nested(schema, written)
    described = Described(written, named.schemas)
    facts: Facts = matches(data, described, frame, node)
    many = said.get("many")
    many = bool(schema.many) if many is None else bool(many)
    if name == "validate":
        flat = not many and marshmallow.is_flat(schema)
        errors: Value = (
            Listing(Typed(str)) if flat else frame.unknown("the errors of parts are not read", node)
        )
        return frame.allocate(Record({}, rest=errors, when_empty=facts))
    if isinstance(data, Asked):
        error = getattr(sys.modules.get("marshmallow.exceptions"), "ValidationError", ValueError)
        frame.may_raise(Object(error, {}), frame.place(node))
        frame.state.learn(*facts)
    one = _result(schema, said.get("partial"), frame, node)
    return frame.allocate(Listing(one)) if many else one


def _without_nested(schema: Any, written: dict[str, Any]) -> dict[str, Any]:
    """A schema that is loaded in part, which reaches into the schemas inside of it."""
    inside = {
        member.key
        for member in marshmallow.properties(schema, "load", marshmallow.Named())
        if getattr(member.field, "schema", None) is not None
    }
    reason = {"x-apiver-unknown": "what is inside of it is loaded in part too"}
    parts = {key: reason if key in inside else part for key, part in written.get("properties", {}).items()}
    return {**written, "properties": parts} if inside else written


def _result(schema: Any, partial: Any, frame: Frame, node: ast.AST) -> Value:
    """The dict of what one object is loaded to, or what a `post_load` method of the program makes of it."""
    named = marshmallow.Named()
    fields: dict[str, Field] = {}
    missing = getattr(sys.modules.get("marshmallow"), "missing", None)
    for member in marshmallow.properties(schema, "load", named, partial=partial):
        filled = getattr(member.field, "load_default", missing) is not missing
        fields[member.attribute] = Field(
            _python(Described(member.schema, named.schemas), frame, node), member.required or filled
        )
    made: Value = frame.allocate(Record(fields))
    for hook in marshmallow.after_load(schema):
        function = static(type(schema), hook)
        if type(function) is not FunctionType:
            return frame.unknown(f"{type(schema).__name__}.{hook} changes what is loaded", node)
        owner = next((cls for cls in type(schema).__mro__ if hook in vars(cls)), type(schema))
        keywords: dict[str, Value] = {"many": Known(False), "partial": Known(bool(partial))}
        bound = Bound(Live(function), Live(schema), owner)
        made = frame.reader.call(bound, Arguments((made,), keywords), frame, node)
    return made


def _python(described: Described, frame: Frame, node: ast.AST) -> Value:
    """The Python value that a field makes of what its schema describes."""
    kind = _FORMATS.get(str(described.schema.get("format")))
    if kind is not None:
        return Typed(kind)
    value = opened(described)
    if isinstance(value, Typed) and value.cls in (str, int, bool):
        return Typed(value.cls, tuple(facet for facet in value.facets if facet[0] != "default"))
    if isinstance(value, Unknown | Typed):
        return frame.unknown("what the field makes of it is not read", node)
    return value
