"""The values that a contract itself gives for a schema, or for what is around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apiver.compare.change import ABSENT
from apiver.compare.sides.space import Conjunction, Node, Space
from apiver.contract.pointer import join, split, step

_MAPS = frozenset(
    {
        *("components", "paths", "webhooks", "callbacks", "responses", "headers", "content", "parameters"),
        *("schemas", "requestBodies", "pathItems", "examples", "properties", "patternProperties"),
        *("$defs", "definitions", "dependentSchemas", "allOf", "anyOf", "oneOf", "prefixItems"),
    }
)
"""Keywords whose value holds others by name or position: a key `example` in there is one of the names."""

_DEEPEST = 8  # references that a value is followed through
_MOST = 2000  # parts of one value that are looked at
_ENOUGH = 3  # values that are kept for one component


class Examples:
    """What is known of both contracts' examples: those beside a schema, and those told of a component."""

    def __init__(self) -> None:
        self._told: dict[tuple[int, str], list[Any]] = {}
        self._learned: dict[int, Any] = {}

    def of(self, conjunction: Conjunction) -> Iterator[Any]:
        """Values for the schemas: `example`, `examples` and `default`, the nearest ones first.

        A parameter, a header or a media type gives values for its schema (OpenAPI 3.1, 4.8.12.4 and 4.8.14),
        an object for its members, an array for its items.
        """
        for node in conjunction:
            followed = node.space.follow(node)
            yield from self._around(node.space, node.pointer)
            if followed.pointer != node.pointer:
                yield from self._around(node.space, followed.pointer)
            for each in (node, followed):
                if isinstance(each.raw, dict) and "default" in each.raw:
                    yield each.raw["default"]
                    break

    def learn(self, conjunction: Conjunction) -> None:
        """Take in what is said of the components that a media type, a parameter or a header refers to."""
        for node in conjunction:
            if node.pointer.endswith("/schema") and id(node.raw) not in self._learned:
                self._learned[id(node.raw)] = node.raw
                for value in list(self._around(node.space, node.pointer))[:_ENOUGH]:
                    self._spread(node, value)

    def _around(self, space: Space, pointer: str) -> Iterator[Any]:
        """The values given at a place, then the fitting parts of those given at the places around it."""
        keys, raw, held = split(pointer), space.root, False
        found: list[tuple[int, list[Any]]] = []
        here = ""
        for at, key in enumerate(keys):
            try:
                raw = step(raw, key)
            except LookupError:
                break
            here = join(here, key)
            held = key in _MAPS and not held
            if isinstance(raw, dict) and not held:
                values = [*_given(space, raw), *self._told.get((id(space), here), ())]
                if values:
                    found.append((at + 1, values))
        for at, values in reversed(found):
            for value in values:
                part = _part(value, keys[at:])
                if part is not ABSENT:
                    yield part

    def _spread(self, root: Node, value: Any) -> None:
        """Tell every component that the schema refers to which part of the value is its own."""
        todo, left = [(root, value, 0)], _MOST
        while todo and left:
            left -= 1
            node, value, depth = todo.pop()
            if not isinstance(node.raw, dict) or depth > _DEEPEST:
                continue
            target = node.space.target(node.raw.get("$ref"))
            if target is not None:
                known = self._told.setdefault((id(node.space), target.pointer), [])
                if len(known) < _ENOUGH:
                    known.append(value)
                todo.append((target, value, depth + 1))
            for keyword in ("allOf", "anyOf", "oneOf"):
                todo += [(part, value, depth + 1) for part in node.items(keyword)]
            if isinstance(value, dict):
                members = node.raw.get("properties")
                for name in members if isinstance(members, dict) else ():
                    if isinstance(value.get(name), dict | list):
                        todo.append((node.child("properties", name), value[name], depth + 1))
            elif isinstance(value, list) and value and isinstance(node.raw.get("items"), dict):
                todo.append((node.child("items"), value[0], depth + 1))


def _given(space: Space, raw: dict[str, Any]) -> Iterator[Any]:
    """`example` and `examples` of one object: a list in a schema, Example Objects by name elsewhere."""
    if "example" in raw:
        yield raw["example"]
    examples = raw.get("examples")
    if isinstance(examples, list):
        yield from examples
    for entry in examples.values() if isinstance(examples, dict) else ():
        target = space.target(entry.get("$ref")) if isinstance(entry, dict) else None
        entry = entry if target is None else target.raw
        if isinstance(entry, dict) and "value" in entry:
            yield entry["value"]


def _part(value: Any, keys: list[str]) -> Any:
    """The part of a value that stands where the keys lead in its schema; ABSENT where there is none."""
    rest = iter(keys)
    for key in rest:
        if key == "schema":
            continue
        if key in ("allOf", "anyOf", "oneOf", "content"):
            next(rest, None)
        elif key == "properties" and isinstance(value, dict):
            value = value.get(next(rest, ""), ABSENT)
        elif key == "items" and isinstance(value, list) and value:
            value = value[0]
        elif key == "additionalProperties" and isinstance(value, dict) and value:
            value = next(iter(value.values()))
        else:
            return ABSENT
    return value
