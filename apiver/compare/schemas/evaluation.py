"""`unevaluatedProperties` and `unevaluatedItems`: what the other keywords in place have looked at.

Which members and items that are depends on the alternatives that a value fits. So a schema is cut into ways
to satisfy it; for each way it is known, and what is left over falls under the keyword (2020-12, 11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, product
from typing import NamedTuple, Protocol

from apiver.compare.schemas.branches import Arrays, Branch, Fact, Normal, Objects, Rest, meet
from apiver.compare.schemas.conditions import Reader
from apiver.compare.schemas.negation import without
from apiver.compare.sides.space import Conjunction, Node

_WAYS = 48
_SUBSETS = 4  # alternatives of an `anyOf` of which every combination is a way of its own


class Looked(NamedTuple):
    """What was looked at: members by name and by pattern, or all; items up to an index, or all (None)."""

    names: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    members: bool = False
    items: int | None = 0
    scattered: bool = False  # `contains` looked at items, wherever they are

    def also(self, other: Looked) -> Looked:
        """What both together looked at."""
        items = None if self.items is None or other.items is None else max(self.items, other.items)
        return Looked(
            self.names | other.names,
            self.patterns | other.patterns,
            self.members or other.members,
            items,
            self.scattered or other.scattered,
        )


class Way(NamedTuple):
    """One way to satisfy a schema, and what it looks at."""

    branches: Normal
    looked: Looked


class TooManyError(Exception):
    """There are more ways than are worth a look, or a schema leads back to itself."""


class Opener(Reader, Protocol):
    """A reader that also tells the keywords of a schema object apart."""

    def own(self, node: Node) -> Normal:
        """What the schema object says itself, without its in-place applicators."""

    def alternatives(self, node: Node, keyword: str) -> list[Conjunction]:
        """The alternatives of a union."""


def left_over(
    reader: Opener, branches: Normal, node: Node, trail: tuple[int, ...], anything: Normal
) -> Normal:
    """The branches of a schema with what it says of unevaluated members and items.

    Raises `TooManyError` where that is not worked out.
    """
    found = _Ways(reader, anything).of(node, trail)
    result = dict(branches)
    for keyword, kind, close in (
        ("unevaluatedProperties", "object", _without_more_members),
        ("unevaluatedItems", "array", _without_more_items),
    ):
        if keyword in node.raw and kind in branches:
            closed = tuple(_closed(found, node.child(keyword), kind, close))
            result.pop(kind)
            if closed:
                result[kind] = closed
    return result


Close = Callable[[Looked, Node], "Branch | None"]


def _closed(ways: list[Way], schema: Node, kind: str, close: Close) -> Iterator[Branch]:
    for way in ways:
        limit = close(way.looked, schema)
        for branch in way.branches.get(kind, ()):
            met = branch if limit is None else meet(branch, limit)
            if met is not None:
                yield met


def _without_more_members(looked: Looked, schema: Node) -> Branch | None:
    if looked.members:
        return None
    said = (schema,) if isinstance(schema.raw, dict) and schema.raw else ()
    rest = Rest(looked.names, tuple(sorted(looked.patterns)), said, schema.raw is False, schema.pointer)
    return Objects(rests=(rest,))


def _without_more_items(looked: Looked, schema: Node) -> Branch | None:
    if looked.items is None or schema.raw is True or schema.raw == {}:
        return None
    if looked.scattered:
        raise TooManyError
    if schema.raw is False:
        return Arrays(max_items=Fact(looked.items, schema.pointer))
    return Arrays(prefix=((),) * looked.items, items=(schema,))


class _Ways:
    """The ways to satisfy schemas, found with the help of a reader."""

    def __init__(self, reader: Opener, anything: Normal) -> None:
        self.reader = reader
        self.start = [Way(anything, Looked())]

    def schema(self, node: Node, trail: tuple[int, ...]) -> list[Way]:
        if not isinstance(node.raw, dict):
            return self.start if node.raw is not False else []
        if id(node.raw) in trail:
            raise TooManyError
        found = self.of(node, (*trail, id(node.raw)))
        if "unevaluatedProperties" in node.raw or "unevaluatedItems" in node.raw:
            branches = self.reader.schema(node, trail)
            members, items = "unevaluatedProperties" in node.raw, "unevaluatedItems" in node.raw
            looked = Looked(members=members, items=None if items else 0)
            found = [Way(self.reader.both(way.branches, branches), way.looked.also(looked)) for way in found]
        return found

    def of(self, node: Node, trail: tuple[int, ...]) -> list[Way]:
        """The ways to satisfy all but the unevaluated keywords of a schema."""
        raw = node.raw
        found = self.start
        if "$ref" in raw:
            target = node.space.target(raw["$ref"], node.pointer)
            if target is None:
                raise TooManyError
            found = self.schema(target, trail)
            if node.space.legacy:
                return found
        found = self.both(found, [Way(self.reader.own(node), _looked_at(node))])
        for part in node.items("allOf"):
            found = self.both(found, self.schema(part, trail))
        if "anyOf" in raw:
            found = self.both(found, self.any_of(node, trail))
        if "oneOf" in raw:
            found = self.both(found, self.one_of(node, trail))
        if "not" in raw:
            rejected = node.child("not")
            found = [Way(self.reader.without(b, rejected, split=False), looked) for b, looked in found]
        if "if" in raw:
            found = self.both(found, self.conditional(node, trail))
        for name, schema in node.entries("dependentSchemas"):
            found = self.both(found, self.dependent(name, schema, trail))
        if "$dynamicRef" in raw:
            target = node.space.dynamic_target(raw["$dynamicRef"], node.pointer)
            if target is None:
                raise TooManyError
            found = self.both(found, self.schema(target, trail))
        return found

    def both(self, ones: list[Way], others: list[Way]) -> list[Way]:
        if len(ones) * len(others) > _WAYS:
            raise TooManyError
        met = (
            Way(self.reader.both(one.branches, other.branches), one.looked.also(other.looked))
            for one, other in product(ones, others)
        )
        return [way for way in met if way.branches]

    def conjunction(self, parts: Conjunction, trail: tuple[int, ...]) -> list[Way]:
        found = self.start
        for part in parts:
            found = self.both(found, self.schema(part, trail))
        return found

    def any_of(self, node: Node, trail: tuple[int, ...]) -> list[Way]:
        """What every alternative that a value fits looked at counts: a way for each combination of them."""
        parts = [self.conjunction(each, trail) for each in self.reader.alternatives(node, "anyOf")]
        if all(way.looked == Looked() for ways in parts for way in ways):
            return [way for ways in parts for way in ways]
        if len(parts) > _SUBSETS:
            raise TooManyError
        found: list[Way] = []
        for size in range(1, len(parts) + 1):
            for chosen in combinations(parts, size):
                ways = self.start
                for each in chosen:
                    ways = self.both(ways, each)
                found += ways
        return found

    def one_of(self, node: Node, trail: tuple[int, ...]) -> list[Way]:
        alternatives = self.reader.alternatives(node, "oneOf")
        found: list[Way] = []
        for at, parts in enumerate(alternatives):
            others = alternatives[:at] + alternatives[at + 1 :]
            for way in self.conjunction(parts, trail):
                alone = {kind: _out_of(each, others) for kind, each in way.branches.items()}
                found.append(Way(alone, way.looked))
        return found

    def conditional(self, node: Node, trail: tuple[int, ...]) -> list[Way]:
        condition = node.child("if")
        yes = self.schema(condition, trail)
        if "then" in node.raw:
            yes = self.both(yes, self.schema(node.child("then"), trail))
        no = [Way(self.reader.without(self.start[0].branches, condition, split=True), Looked())]
        if "else" in node.raw:
            no = self.both(no, self.schema(node.child("else"), trail))
        return yes + no

    def dependent(self, name: str, schema: Node, trail: tuple[int, ...]) -> list[Way]:
        anything = self.start[0].branches
        absent: Normal = {**anything, "object": (Objects(absent={name: schema.pointer}),)}
        present: Normal = {"object": (Objects(required={name: schema.pointer}),)}
        return [Way(absent, Looked()), *self.both([Way(present, Looked())], self.schema(schema, trail))]


def _out_of(branches: Iterable[Branch], others: list[Conjunction]) -> tuple[Branch, ...]:
    found = tuple(branches)
    for each in others:
        found = without(found, each)
    return found


def _looked_at(node: Node) -> Looked:
    """What a schema object itself looks at."""
    raw = node.raw
    members = raw.get("properties")
    patterns = raw.get("patternProperties")
    prefix = raw.get("prefixItems")
    return Looked(
        frozenset(members) if isinstance(members, dict) else frozenset(),
        frozenset(patterns) if isinstance(patterns, dict) else frozenset(),
        "additionalProperties" in raw,
        None if "items" in raw else len(prefix) if isinstance(prefix, list) else 0,
        "contains" in raw,
    )
