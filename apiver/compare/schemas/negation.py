"""What a schema rejects, as branches: the opposite of a union, where its facts can be turned round."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from apiver.compare.schemas.branches import (
    Arrays,
    Bound,
    Branch,
    Fact,
    Listed,
    Numbers,
    Objects,
    Strings,
    among,
    meet,
)
from apiver.compare.sides.space import Conjunction, Node

_PIECES = 16


class Opposite(dict[str, Any]):
    """The schema object `{"not": ...}` that no document contains; it stands where the negated schema does."""


class Opposites:
    """Schemas turned round, each once: an equal question meets an identical schema."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Node, Any]] = {}

    def of(self, node: Node) -> Node:
        """The schema that accepts what the node's schema rejects."""
        if isinstance(node.raw, Opposite):
            return Node(node.space, node.raw["not"], node.pointer)
        known = self._known.get(id(node.raw))
        if known is None:
            opposite = Node(node.space, Opposite({"not": node.raw}), node.pointer)
            known = self._known[id(node.raw)] = opposite, node.raw
        return known[0]

    def of_branches(self, branches: tuple[Branch, ...]) -> tuple[Branch, ...] | None:
        """The values of one type that are in none of the branches; None where that is not easily said."""
        result: list[Branch] | None = None
        for branch in branches:
            pieces = self._pieces(branch)
            if pieces is None:
                return None
            if result is None:
                result = pieces
            else:
                met = (meet(one, other) for one in result for other in pieces)
                result = [each for each in met if each is not None]
            if len(result) > _PIECES:
                return None
        return None if result is None else tuple(result)

    def _pieces(self, branch: Branch) -> list[Branch] | None:
        """One branch for each fact, in which this fact does not hold."""
        if branch.excluded or branch.doubts:
            return None
        if branch.values is not None:
            if branch.type != "boolean":
                return None
            others = Listed(each for each in (True, False) if not among(each, branch.values.value))
            return [Branch("boolean", values=Fact(others, branch.values.pointer))] if others else []
        if isinstance(branch, Numbers):
            if branch.integer or branch.multiples:
                return None
            return list(_beyond_bounds(branch))
        if isinstance(branch, Strings):
            if branch.patterns or branch.formats:
                return None
            return list(_beyond_lengths(branch))
        if isinstance(branch, Arrays):
            if branch.unique or branch.prefix or branch.items or branch.contains:
                return None
            return list(_beyond_counts(branch))
        if isinstance(branch, Objects):
            return self._objects(branch)
        return []

    def _objects(self, branch: Objects) -> list[Branch] | None:
        if branch.patterns or branch.names or any(rest.forbidden or rest.schema for rest in branch.rests):
            return None
        pieces: list[Branch] = [Objects(absent={name: at}) for name, at in branch.required.items()]
        pieces += [Objects(required={name: at}) for name, at in branch.absent.items()]
        for name, said in branch.properties.items():
            if name in branch.absent or _says_nothing(said):
                continue
            if len(said) > 1:
                return None
            member = self.of(said[0])
            pieces.append(Objects(required={name: member.pointer}, properties={name: (member,)}))
        for name, needs in branch.dependents:
            pieces += [
                Objects(required={name: needs.pointer}, absent={need: needs.pointer})
                for need in needs.value
                if isinstance(need, str)
            ]
        return pieces + list(_beyond_sizes(branch))


def _beyond_bounds(branch: Numbers) -> Iterator[Branch]:
    if branch.lower:
        yield Numbers(upper=_other_side(branch.lower))
    if branch.upper:
        yield Numbers(lower=_other_side(branch.upper))


def _other_side(bound: Bound) -> Bound:
    """The bound of the numbers on its other side."""
    return Bound(bound.value, not bound.exclusive, bound.pointer)


def _beyond_lengths(branch: Strings) -> Iterator[Branch]:
    if branch.min_length:
        yield Strings(max_length=_below(branch.min_length))
    if branch.max_length:
        yield Strings(min_length=_above(branch.max_length))


def _beyond_counts(branch: Arrays) -> Iterator[Branch]:
    if branch.min_items:
        yield Arrays(max_items=_below(branch.min_items))
    if branch.max_items:
        yield Arrays(min_items=_above(branch.max_items))


def _beyond_sizes(branch: Objects) -> Iterator[Branch]:
    if branch.min_properties:
        yield Objects(max_properties=_below(branch.min_properties))
    if branch.max_properties:
        yield Objects(min_properties=_above(branch.max_properties))


def _below(least: Fact) -> Fact:
    return Fact(math.ceil(least.value) - 1, least.pointer)


def _above(most: Fact) -> Fact:
    return Fact(math.floor(most.value) + 1, most.pointer)


def _says_nothing(said: Conjunction) -> bool:
    return all(node.raw is True or node.raw == {} for node in said)


def without(branches: Iterable[Branch], rejected: Conjunction) -> tuple[Branch, ...]:
    """The branches with the mark that no value of the rejected schemas counts."""
    return tuple(replace(branch, excluded=(*branch.excluded, rejected)) for branch in branches)
