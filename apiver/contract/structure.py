"""What stands where in an OpenAPI document: its objects, and the objects below each of their fields.

OpenAPI 3.2 (https://spec.openapis.org/oas/v3.2.0.html), which holds 3.1 and 3.0, and Swagger 2.0. Extensions,
examples and other data hold no objects.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from apiver.contract.pointer import join

Shape = Literal["one", "list", "map"]


class Field(NamedTuple):
    """What a field holds: one object of that kind, a list of them, or a map from names to them."""

    shape: Shape
    kind: str


class Part(NamedTuple):
    """An object of a document: its kind, its value, where it stands."""

    kind: str
    value: Any
    pointer: str


def _fields(**spelled: str) -> dict[str, Field]:
    """`server*` is a list of servers, `schema{}` a map of schemas."""
    shapes: dict[str, Shape] = {"*": "list", "}": "map"}
    return {
        name.replace("__", "$"): Field(shapes.get(kind[-1], "one"), kind.rstrip("*{}"))
        for name, kind in spelled.items()
    }


_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_MESSAGE = _fields(schema="schema", examples="example{}", content="mediaType{}")

KINDS: dict[str, dict[str, Field]] = {
    "document": _fields(
        paths="pathItem{}", webhooks="pathItem{}", components="components", servers="server*"
    ),
    "swagger": _fields(
        paths="swaggerPathItem{}",
        definitions="schema{}",
        parameters="swaggerParameter{}",
        responses="swaggerResponse{}",
    ),
    "components": _fields(
        schemas="schema{}",
        responses="response{}",
        parameters="parameter{}",
        examples="example{}",
        requestBodies="requestBody{}",
        headers="header{}",
        securitySchemes="securityScheme{}",
        links="link{}",
        callbacks="callback{}",
        pathItems="pathItem{}",
        mediaTypes="mediaType{}",
    ),
    "pathItem": {
        **dict.fromkeys(_METHODS, Field("one", "operation")),
        **_fields(additionalOperations="operation{}", parameters="parameter*", servers="server*"),
    },
    "swaggerPathItem": {
        **dict.fromkeys(_METHODS, Field("one", "swaggerOperation")),
        **_fields(parameters="swaggerParameter*"),
    },
    "operation": _fields(
        parameters="parameter*",
        requestBody="requestBody",
        responses="response{}",
        callbacks="callback{}",
        servers="server*",
    ),
    "swaggerOperation": _fields(parameters="swaggerParameter*", responses="swaggerResponse{}"),
    "parameter": _MESSAGE,
    "swaggerParameter": _fields(schema="schema", items="schema"),
    "header": _MESSAGE,
    "requestBody": _fields(content="mediaType{}"),
    "mediaType": _fields(
        schema="schema",
        itemSchema="schema",
        examples="example{}",
        encoding="encoding{}",
        prefixEncoding="encoding*",
        itemEncoding="encoding",
    ),
    "encoding": _fields(
        headers="header{}", encoding="encoding{}", prefixEncoding="encoding*", itemEncoding="encoding"
    ),
    "response": _fields(headers="header{}", content="mediaType{}", links="link{}"),
    "swaggerResponse": _fields(schema="schema", headers="swaggerParameter{}"),
    "callback": {"": Field("map", "pathItem")},  # its own members are the map
    "schema": _fields(
        **dict.fromkeys(
            ("not", "if", "then", "else", "items", "additionalItems", "additionalProperties", "contains"),
            "schema",
        ),
        **dict.fromkeys(
            ("propertyNames", "unevaluatedItems", "unevaluatedProperties", "contentSchema"), "schema"
        ),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), "schema*"),
        **dict.fromkeys(
            ("properties", "patternProperties", "__defs", "definitions", "dependentSchemas", "dependencies"),
            "schema{}",
        ),
    ),
    "server": {},
    "example": {},
    "link": _fields(server="server"),
    "securityScheme": {},
}
"""The fields that hold objects, by kind of object."""

# Maps of these may hold extensions between their members; `x-request-id` among headers is a header.
_EXTENDED = ("pathItem", "swaggerPathItem", "response", "swaggerResponse")

SECTIONS = {field.kind: name for name, field in KINDS["components"].items()}
"""The section of `components` in which objects of a kind have names."""

SWAGGER_SECTIONS = {
    "schema": "definitions",
    "swaggerParameter": "parameters",
    "swaggerResponse": "responses",
}
"""The same for Swagger 2.0."""


def kind_of(root: dict[str, Any]) -> str:
    """The kind of a whole document."""
    return "swagger" if "swagger" in root and "openapi" not in root else "document"


def parts(part: Part) -> Iterator[Part]:
    """The objects right below one, in the order of the text."""
    if not isinstance(part.value, dict):
        return
    fields = KINDS[part.kind]
    if "" in fields:
        yield from _members(fields[""], part.value, part.pointer)
        return
    for key, value in part.value.items():
        field = fields.get(key)
        if field is None or not isinstance(value, (dict, list)):
            continue
        pointer = join(part.pointer, key)
        if field.shape == "one" and isinstance(value, dict):
            yield Part(field.kind, value, pointer)
        else:  # `items` may be a list in older schemas
            yield from _members(field, value, pointer)


def _members(field: Field, value: Any, pointer: str) -> Iterator[Part]:
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        extension = field.kind in _EXTENDED and str(key).startswith("x-")
        if isinstance(member, dict) and not extension:
            yield Part(field.kind, member, join(pointer, key))


Change = Callable[[str, dict[str, Any]], Any]
"""From the kind of an object, and a copy of it in which all parts are changed, to what comes in its place."""


def rebuilt(kind: str, value: Any, change: Change) -> Any:
    """A copy of an object, with `change` made to it and to every object below, the innermost first.

    The copy shares nothing with the original. What is no object where one should be is copied as it is.
    """
    if not isinstance(value, dict):
        return copy.deepcopy(value)
    fields = KINDS[kind]
    if "" in fields:
        return change(kind, _all_rebuilt(fields[""].kind, value, change))
    made: dict[str, Any] = {}
    for key, part in value.items():
        field = fields.get(key)
        if field is None:
            made[key] = copy.deepcopy(part)
        elif field.shape == "one" and isinstance(part, dict):
            made[key] = rebuilt(field.kind, part, change)
        else:
            made[key] = _all_rebuilt(field.kind, part, change)
    return change(kind, made)


def _all_rebuilt(kind: str, members: Any, change: Change) -> Any:
    if isinstance(members, list):
        return [rebuilt(kind, each, change) for each in members]
    if not isinstance(members, dict):
        return copy.deepcopy(members)
    return {
        key: copy.deepcopy(each)
        if kind in _EXTENDED and str(key).startswith("x-")
        else rebuilt(kind, each, change)
        for key, each in members.items()
    }
