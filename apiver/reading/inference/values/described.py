"""Values that a finished JSON Schema describes, opened where the program goes into them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from apiver.reading.inference.values.shapes import (
    NONE,
    Described,
    Field,
    Listing,
    Record,
    Typed,
    Unknown,
    Value,
    union,
)

PREFIX = "#/components/schemas/"

_SCALARS: Mapping[str, type] = {"string": str, "integer": int, "number": float, "boolean": bool}
_REMARKS = frozenset({"type", "title", "description", "default", "examples", "readOnly", "writeOnly"})
_OBJECT = frozenset({"type", "properties", "required", "additionalProperties", "title", "description"})


def opened(value: Described) -> Value:
    """One level of `value` as a shape: a record, a list, a scalar or a union, else itself."""
    schema = value.schema
    while "$ref" in schema:
        name = str(schema["$ref"]).removeprefix(PREFIX)
        if name not in value.definitions:
            return Unknown(f"{name} is not described")
        schema = value.definitions[name]
    here = replace(value, schema=schema)
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return union(_of_kind(kind, here) for kind in kinds)
    branches = schema.get("anyOf") or schema.get("oneOf")
    if branches and not kinds:
        return union(opened(replace(value, schema=branch)) for branch in branches)
    if kinds == "object" and set(schema) <= _OBJECT:
        return _record(here)
    if kinds == "array" and isinstance(schema.get("items"), Mapping):
        return Listing(member_of(replace(value, schema=schema["items"])))
    return _of_kind(kinds, here) if isinstance(kinds, str) else here


def part_of(value: Described, path: Iterable[str | None]) -> Described | None:
    """The schema of a part: `path` leads through keys and, where it says None, through items of arrays."""
    here = value
    for key in path:
        schema = followed(here)
        part = schema.get("items") if key is None else schema.get("properties", {}).get(key)
        if not isinstance(part, Mapping):
            return None
        here = replace(value, schema=part)
    return here


def followed(value: Described) -> Mapping[str, Any]:
    """The schema of `value` behind its references."""
    schema = value.schema
    for _ in value.definitions:
        if "$ref" in schema:
            schema = value.definitions.get(str(schema["$ref"]).removeprefix(PREFIX), {})
    return schema


def _of_kind(kind: str, value: Described) -> Value:
    if kind == "null":
        return NONE
    if kind not in _SCALARS:
        return replace(value, schema={**value.schema, "type": kind})
    facets = {key: entry for key, entry in value.schema.items() if key not in _REMARKS}
    if "enum" in facets:
        facets["enum"] = tuple(word for word in facets["enum"] if isinstance(word, _SCALARS[kind]))
    if any(isinstance(entry, Mapping | list) for entry in facets.values()):
        return replace(value, schema={**value.schema, "type": kind})
    return Typed(_SCALARS[kind], tuple(facets.items()))


def _record(value: Described) -> Record:
    schema = value.schema
    required = schema.get("required", ())
    fields = {
        key: Field(member_of(replace(value, schema=part)), key in required)
        for key, part in schema.get("properties", {}).items()
    }
    more = schema.get("additionalProperties")
    rest = member_of(replace(value, schema=more)) if isinstance(more, Mapping) and more else None
    return Record(fields, rest)


def member_of(value: Described) -> Value:
    """A scalar as any other type; what has parts of its own stays closed, so that it keeps its name."""
    kinds = value.schema.get("type")
    named = set(kinds if isinstance(kinds, list) else [kinds])
    return opened(value) if named <= {*_SCALARS, "null"} else value


def references(schema: Any) -> Iterator[str]:
    """The names that `schema` refers to, in the order in which they stand in it."""
    if isinstance(schema, Mapping):
        target = schema.get("$ref")
        if isinstance(target, str) and target.startswith(PREFIX):
            yield target.removeprefix(PREFIX)
        for part in schema.values():
            yield from references(part)
    elif isinstance(schema, list | tuple):
        for part in schema:
            yield from references(part)


def renamed(schema: Any, names: Mapping[str, str]) -> Any:
    """`schema` with its references to `#/components/schemas/` under other names."""
    if isinstance(schema, Mapping):
        made = {key: renamed(part, names) for key, part in schema.items()}
        target = schema.get("$ref")
        if isinstance(target, str) and target.startswith(PREFIX):
            name = target.removeprefix(PREFIX)
            made["$ref"] = PREFIX + names.get(name, name)
        return made
    return [renamed(part, names) for part in schema] if isinstance(schema, list | tuple) else schema
