"""A live JSON Schema of any draft -> draft 2020-12, as OpenAPI 3.1 takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

Schema = dict[str, Any]

UNKNOWN = "x-apiver-unknown"
PREFIX = "#/components/schemas/"

_TYPES = frozenset({"object", "array", "string", "integer", "number", "boolean", "null"})
_ONE = ("additionalProperties", "propertyNames", "contains", "not", "if", "then", "else")
_ONE_MORE = ("unevaluatedItems", "unevaluatedProperties", "contentSchema")
_SEVERAL = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "dependentSchemas")
_PLAIN = frozenset(
    [
        "type",
        "enum",
        "const",
        "multipleOf",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "maxContains",
        "minContains",
        "maxProperties",
        "minProperties",
        "required",
        "dependentRequired",
        "format",
        "contentEncoding",
        "contentMediaType",
        "title",
        "description",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "examples",
    ]
)
_LOCAL = re.compile(r"#/(?:definitions|\$defs)/([^/]+)")


class Lifted(NamedTuple):
    """A schema, and the definitions that it refers to as `#/components/schemas/NAME`."""

    schema: Schema
    definitions: dict[str, Schema]


def is_json_schema(value: Any) -> bool:
    """Whether a dict of the program is a JSON Schema: it says so, or it has the keys of one."""
    if type(value) is not dict:
        return False
    if isinstance(value.get("$schema"), str):
        return True
    kind = value.get("type")
    inside = {"properties", "items", "enum", "required", "additionalProperties"} & value.keys()
    return isinstance(kind, str) and kind in _TYPES and bool(inside)


def lifted(live: Any) -> Lifted:
    """`live` as draft 2020-12; what is no JSON Schema, or refers to another document, is marked as unknown.

    The names of its definitions become names of components, the schema itself takes one where it refers to
    itself. Keywords of the program's own are left out.
    """
    reader = _Reader(live)
    schema = reader.schema(live)
    definitions: dict[str, Schema] = {}
    while missing := [name for name in reader.wanted if name not in definitions]:
        for name in missing:
            definitions[name] = reader.schema(reader.wanted[name])
    return Lifted(schema, definitions)


class _Reader:
    """The definitions that were referred to so far, by the name that they get."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.wanted: dict[str, Any] = {}
        title = root.get("title") if isinstance(root, Mapping) else None
        words = re.findall(r"[A-Za-z0-9]+", title) if isinstance(title, str) else []
        self.own = "".join(word[:1].upper() + word[1:] for word in words) or "Body"

    def schema(self, live: Any) -> Any:
        if isinstance(live, bool):
            return live
        if not isinstance(live, Mapping):
            return {UNKNOWN: f"a {type(live).__name__} is no JSON Schema"}
        if "$ref" in live:
            found = self._reference(live["$ref"])
            rest = {key: value for key, value in live.items() if key != "$ref"}
            # Before draft 2019-09 nothing beside a $ref counted; what stands there is documentation.
            return {**{k: v for k, v in rest.items() if k in ("title", "description")}, **found}
        found = {key: _plain(value) for key, value in live.items() if key in _PLAIN}
        for key in (*_ONE, *_ONE_MORE):
            if key in live:
                found[key] = self.schema(live[key])
        for key in _SEVERAL:
            if isinstance(live.get(key), list | tuple):
                found[key] = [self.schema(part) for part in live[key]]
        for key in _NAMED:
            if isinstance(live.get(key), Mapping):
                found[key] = {str(name): self.schema(part) for name, part in live[key].items()}
        self._items(live, found)
        self._dependencies(live, found)
        _limits(found)
        _required(live, found)
        order = {key: place for place, key in enumerate(live)}
        return dict(sorted(found.items(), key=lambda entry: order.get(entry[0], len(order))))

    def _reference(self, target: Any) -> Schema:
        if target == "#":
            self.wanted[self.own] = self.root
            return {"$ref": PREFIX + self.own}
        local = _LOCAL.fullmatch(target) if isinstance(target, str) else None
        held: Any = None
        if local is not None and isinstance(self.root, Mapping):
            for key in ("$defs", "definitions"):
                group = self.root.get(key)
                if isinstance(group, Mapping) and local[1] in group:
                    held = group[local[1]]
        if local is None or held is None:
            return {UNKNOWN: f"the schema refers to {target}, which is not in it"}
        name = re.sub(r"[^A-Za-z0-9._-]", "_", local[1])
        self.wanted[name] = held
        return {"$ref": PREFIX + name}

    def _items(self, live: Mapping[str, Any], found: Schema) -> None:
        items = live.get("items")
        if isinstance(items, list | tuple):
            found["prefixItems"] = [self.schema(item) for item in items]
            if "additionalItems" in live:
                found["items"] = self.schema(live["additionalItems"])
        elif items is not None:
            found["items"] = self.schema(items)

    def _dependencies(self, live: Mapping[str, Any], found: Schema) -> None:
        for name, part in (live.get("dependencies") or {}).items():
            if isinstance(part, list | tuple):
                found.setdefault("dependentRequired", {})[name] = list(part)
            else:
                found.setdefault("dependentSchemas", {})[name] = self.schema(part)


def _limits(found: Schema) -> None:
    # Draft 4: `exclusiveMinimum` is a flag beside `minimum`.
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(found.get(exclusive), bool) and found.pop(exclusive) and limit in found:
            found[exclusive] = found.pop(limit)


def _required(live: Mapping[str, Any], found: Schema) -> None:
    # Draft 3: a flag of the property; an empty list was not allowed before draft 6 and says nothing.
    if not isinstance(found.get("required"), list) or not found["required"]:
        found.pop("required", None)
    marked = [
        name
        for name, part in (live.get("properties") or {}).items()
        if isinstance(part, Mapping) and part.get("required") is True
    ]
    if marked:
        found["required"] = list(dict.fromkeys([*found.get("required", []), *marked]))


def _plain(value: Any) -> Any:
    """A value of the program as JSON writes it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(part) for part in value), key=str)
    if isinstance(value, str):
        return str(getattr(value, "value", value))
    return value if value is None or isinstance(value, bool | int | float) else str(value)
