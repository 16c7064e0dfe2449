"""Schemas that take nothing: whether provably no value satisfies one."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from apiver.compare.schemas.branches import (
    SCALARS,
    Arrays,
    Branch,
    Normal,
    Objects,
    Strings,
    among,
    satisfies,
)
from apiver.compare.schemas.languages import UndecidedError, example_of
from apiver.compare.sides.space import INCOMPLETE, UNREAD, Conjunction, Node

_COMPOSING = frozenset(
    (*("allOf", "anyOf", "oneOf", "not", "if", "$ref", "$dynamicRef", "enum", "const"), UNREAD, INCOMPLETE)
)
_SHRINKING = {
    "string": ("minLength", "maxLength", "pattern"),
    "integer": ("multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "number": ("multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "boolean": (),
    "array": ("minItems", "maxItems", "contains", "unevaluatedItems"),
    "object": (
        *("minProperties", "maxProperties", "dependentRequired", "dependentSchemas", "propertyNames"),
        *("patternProperties", "unevaluatedProperties"),
    ),
}
"""For each type the keywords that may leave it without any value."""

_DEEPEST = 16  # levels of required parts beyond which a schema counts as satisfiable


class Vacancy:
    """Answers for the schemas of one mode, each worked out once; `branches` gives their normal forms."""

    def __init__(self, branches: Callable[[Conjunction], Normal]) -> None:
        self._branches = branches
        self._vacant: dict[tuple[int, ...], bool] = {}
        self._inhabited: dict[int, tuple[bool, Any]] = {}

    def takes_something(self, node: Node, depth: int = 0) -> bool:
        """Whether a look at the keywords tells that the schema has a value; False asks to look closer."""
        raw = node.raw
        if not isinstance(raw, dict):
            return raw is True
        known = self._inhabited.get(id(raw))
        if known is None and depth <= _DEEPEST:
            self._inhabited[id(raw)] = False, raw  # a schema that needs itself
            known = self._inhabited[id(raw)] = self._looks_inhabited(node, depth + 1), raw
        return known is not None and known[0]

    def _looks_inhabited(self, node: Node, depth: int) -> bool:
        raw = node.raw
        if "$ref" in raw:
            target = node.space.target(raw["$ref"], node.pointer)
            alone = len(raw) == 1 or node.space.legacy
            return alone and target is not None and self.takes_something(target, depth)
        kind = raw.get("type")
        if kind == "string" and isinstance(raw.get("enum"), list):
            narrowing = _COMPOSING.intersection(raw) - {"enum"} or "format" in raw
            plain = not narrowing and not any(keyword in raw for keyword in _SHRINKING[kind])
            return plain and any(isinstance(value, str) for value in raw["enum"])
        if not _COMPOSING.isdisjoint(raw):
            return False
        if kind is None or (isinstance(kind, list) and "null" in kind):
            return True
        if not isinstance(kind, str) or kind not in _SHRINKING:
            return False
        if any(keyword in raw for keyword in _SHRINKING[kind]):
            return node.space.legacy and raw.get("nullable") is True
        required = raw.get("required")
        if kind != "object" or not isinstance(required, list):
            return True
        properties = raw.get("properties")
        return isinstance(properties, dict) and all(
            isinstance(name, str)
            and name in properties
            and self.takes_something(node.child("properties", name), depth)
            for name in required
        )

    def vacant(self, conjunction: Conjunction, depth: int = 0) -> bool:
        """Whether provably no value satisfies the conjunction; False where that is not known."""
        if not conjunction or depth > _DEEPEST:
            return False
        if len(conjunction) == 1 and self.takes_something(conjunction[0]):
            return False
        key = tuple(id(node.raw) for node in conjunction)
        known = self._vacant.get(key)
        if known is None:
            self._vacant[key] = False  # a schema that needs itself is not known to be empty
            branches = self._branches(conjunction)
            known = all(self.empty(branch, depth + 1) for each in branches.values() for branch in each)
            self._vacant[key] = known
        return known

    def empty(self, branch: Branch, depth: int = 0) -> bool:
        """Whether provably no value is in the branch."""
        if branch.excluded and branch.values is not None and branch.type in SCALARS:
            return all(self._is_excluded(branch, value) for value in branch.values.value)
        if isinstance(branch, Objects):
            return any(
                branch.forbids(name) is not None or self.vacant(branch.member(name), depth)
                for name in branch.required
            )
        if isinstance(branch, Arrays) and branch.min_items is not None:
            needed = range(min(math.ceil(branch.min_items.value), len(branch.prefix) + 1))
            return any(self.vacant(branch.item(index), depth) for index in needed)
        if isinstance(branch, Strings) and len(branch.patterns) > 1:
            with suppress(UndecidedError):
                return example_of(branch) is None
        return False

    def _is_excluded(self, branch: Branch, value: Any) -> bool:
        """Whether a scalar is certainly a value of one of the schemas that the branch excludes."""
        return any(
            not (other.excluded or other.doubts or getattr(other, "patterns", ()))
            and (other.values is None or among(value, other.values.value))
            and satisfies(other, value)
            for rejected in branch.excluded
            for other in self._branches(rejected).get(branch.type, ())
        )
