"""Keywords that apply a schema under a condition, as unions: `if`, `then`, `else` and `dependentSchemas`."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from apiver.compare.schemas.branches import Branch, Normal, Objects, meet
from apiver.compare.sides.space import Node


class Reader(Protocol):
    """What opens the in-place keywords of a schema."""

    def schema(self, node: Node, trail: tuple[int, ...]) -> Normal:
        """The normal form of a schema that was reached on the trail."""

    def both(self, one: Normal, other: Normal) -> Normal:
        """What is in both."""

    def without(self, branches: Normal, rejected: Node, *, split: bool) -> Normal:
        """What is left of the branches without the values of a schema."""


def conditional(reader: Reader, branches: Normal, node: Node, trail: tuple[int, ...]) -> Normal:
    """The branches under `if`, `then` and `else` (JSON Schema 2020-12, 10.2.2.1): two cases side by side."""
    condition = node.child("if")
    yes = reader.both(branches, reader.schema(condition, trail))
    no = reader.without(branches, condition, split=True)
    if "then" in node.raw:
        yes = reader.both(yes, reader.schema(node.child("then"), trail))
    if "else" in node.raw:
        no = reader.both(no, reader.schema(node.child("else"), trail))
    return {
        kind: _marked(yes.get(kind, ()), f"{node.pointer}/then")
        + _marked(no.get(kind, ()), f"{node.pointer}/else")
        for kind in branches
        if kind in yes or kind in no
    }


def _marked(branches: tuple[Branch, ...], origin: str) -> tuple[Branch, ...]:
    return tuple(branch if branch.origin else replace(branch, origin=origin) for branch in branches)


def dependent(reader: Reader, branches: Normal, node: Node, trail: tuple[int, ...]) -> Normal:
    """The branches under `dependentSchemas` (10.2.2.4): a member is absent or its schema holds."""
    objects = branches.get("object", ())
    for name, schema in node.entries("dependentSchemas"):
        absent = Objects(absent={name: schema.pointer})
        present = Objects(required={name: schema.pointer})
        holding = reader.both({"object": (present,)}, reader.schema(schema, trail))
        either = {"object": (absent, *holding.get("object", ()))}
        objects = reader.both({"object": objects}, either).get("object", ())
    return (
        {**branches, "object": objects} if objects else {k: v for k, v in branches.items() if k != "object"}
    )


def presence(branch: Objects, name: str, pointer: str) -> list[Objects]:
    """The branch cut in two: the objects without the member, and those with it."""
    halves = (
        meet(branch, Objects(absent={name: pointer})),
        meet(branch, Objects(required={name: pointer})),
    )
    return [each for each in halves if isinstance(each, Objects)]
