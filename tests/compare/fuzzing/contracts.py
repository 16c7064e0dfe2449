"""A contract with one body schema and the components that it may refer to, in one dialect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apiver.contract.document import Document

Schema = dict[str, Any]

COMPONENTS = ("A", "B", "C")
REFERENCE = "#/components/schemas/"

LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
MAPS = ("properties", "patternProperties", "dependentSchemas", "$defs")
SINGLE = (
    *("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
IN_PLACE = ("not", "if", "then", "else")


@dataclass(frozen=True, slots=True)
class Contract:
    """A body schema and the components that it may refer to. `legacy` is OpenAPI 3.0, else 3.1."""

    body: Any
    components: dict[str, Any]
    legacy: bool = False

    def document(self, direction: str, name: str = "contract") -> Document:
        """The contract as the request or the response body of one operation."""
        content = {"content": {"application/json": {"schema": self.body}}}
        answer: dict[str, Any] = {"description": "fine"}
        operation: dict[str, Any] = {"responses": {"200": answer}}
        if direction == "request":
            operation["requestBody"] = {"required": True, **content}
        else:
            answer.update(content)
        root = {
            "openapi": "3.0.3" if self.legacy else "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {"/things": {"post": operation}},
            "components": {"schemas": self.components},
        }
        return Document(copied(root), name)

    def schemas(self) -> dict[str, Any]:
        """A copy of all schemas that may be changed: the components, and the body under `body`."""
        copy: dict[str, Any] = copied({"body": self.body, **self.components})
        return copy

    def leads_round(self) -> bool:
        """Whether a schema must be valid to be valid: no validator can follow such a circle."""
        return any(self._returns(each, ()) for each in (*self.components.values(), self.body))

    def _returns(self, schema: Any, seen: tuple[str, ...]) -> bool:
        for part in in_place(schema):
            name = reference(part)
            if name is None:
                if self._returns(part, seen):
                    return True
            elif name in seen or self._returns(self.target(name), (*seen, name)):
                return True
        return False

    def used(self) -> list[str]:
        """The components that the body reaches, in their order."""
        found: set[str] = set()
        todo = [self.body]
        while todo:
            schema = todo.pop()
            for part in (schema, *(holder[key] for holder, key in places(schema))):
                if (name := reference(part)) is not None:
                    holder = self._holder(name)
                    todo += [] if holder in found else [self.components[holder]]
                    found.add(holder)
        return [name for name in self.components if name in found]

    def _holder(self, name: str) -> str:
        """The component in which a reference ends."""
        anchors = {"node": "A", "spot": "B"}
        return anchors.get(name, name.partition("/")[0])

    def target(self, name: str) -> Any:
        """The component of that name or anchor; True where there is none."""
        if name in self.components:
            return self.components[name]
        holder, _, inner = name.partition("/$defs/")
        if inner:
            return self.components[holder]["$defs"][inner]
        anchored = (
            each
            for each in self.components.values()
            if isinstance(each, dict) and name in (each.get("$anchor"), each.get("$dynamicAnchor"))
        )
        return next(anchored, True)


def with_schemas(contract: Contract, schemas: dict[str, Any]) -> Contract:
    """The contract with other schemas, as `Contract.schemas` names them."""
    components = {name: each for name, each in schemas.items() if name != "body"}
    return Contract(schemas["body"], components, contract.legacy)


def copied(value: Any) -> Any:
    """A deep copy of a JSON value that keeps integers of any length."""
    if isinstance(value, dict):
        return {key: copied(each) for key, each in value.items()}
    return [copied(each) for each in value] if isinstance(value, list) else value


def reference(schema: Any) -> str | None:
    """The name of the component or the anchor that a schema refers to."""
    if not isinstance(schema, dict):
        return None
    text = schema.get("$ref", schema.get("$dynamicRef"))
    return text.removeprefix(REFERENCE).removeprefix("#") if isinstance(text, str) else None


def in_place(schema: Any) -> Iterator[Any]:
    """The schemas that hold for the same value: references as `{"$ref": ...}`."""
    if not isinstance(schema, dict):
        return
    for keyword in ("$ref", "$dynamicRef"):
        if keyword in schema:
            yield {keyword: schema[keyword]}
    if len(schema) == 1 and ("$ref" in schema or "$dynamicRef" in schema):
        return
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from schema.get(keyword, ())
    yield from (schema[keyword] for keyword in IN_PLACE if keyword in schema)
    yield from schema.get("dependentSchemas", {}).values()


def places(schema: Any) -> Iterator[tuple[Any, Any]]:
    """Every schema below, as its holder and key."""
    if not isinstance(schema, dict):
        return
    for keyword in SINGLE:
        if keyword in schema:
            yield schema, keyword
            yield from places(schema[keyword])
    for keyword in LISTS:
        for at, part in enumerate(schema.get(keyword, ())):
            yield schema[keyword], at
            yield from places(part)
    for keyword in MAPS:
        for name, part in schema.get(keyword, {}).items():
            yield schema[keyword], name
            yield from places(part)


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are written alike."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
