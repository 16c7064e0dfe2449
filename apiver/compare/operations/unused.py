"""Components that no operation reaches, and that changed or went all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apiver.compare.change import ABSENT, Effect
from apiver.compare.operations.documentation import same, wordless
from apiver.compare.proofs.findings import Finding
from apiver.compare.schemas.gaps import Point
from apiver.compare.sides.reach import Reach, components
from apiver.compare.sides.space import Space
from apiver.contract.pointer import resolve, split


def unused_components(before: Space, after: Space, reach: Reach) -> Iterator[Finding]:
    """What happened to the components of the old document that it does not use: no client can notice."""
    differing = [finding for pointer in components(before) if (finding := _finding(before, after, pointer))]
    if differing:
        used = reach.used()
        yield from (finding for finding in differing if finding.old.pointer not in used)


def _finding(before: Space, after: Space, pointer: str) -> Finding | None:
    """What happened to a component: it went, or says something else, and not only in other words."""
    _, kind, name = split(pointer)
    old, new = resolve(before.root, pointer), after.node(pointer)
    here, said = Point(pointer, old), f"{name}, which no operation uses,"
    if new is None:
        rule = "api-schema-removed" if kind == "schemas" else "unused-component-removed"
        there = Point(pointer, ABSENT)
        return Finding(rule, Effect.COMPATIBLE, "none", name, f"{said} is gone", here, there)
    if _says_the_same(old, new.raw):
        return None
    there = Point(pointer, new.raw)
    return Finding(
        "unused-component-changed", Effect.COMPATIBLE, "none", name, f"{said} changed", here, there
    )


def _says_the_same(old: Any, new: Any) -> bool:
    try:
        return same(old, new) or same(wordless(old), wordless(new))
    except RecursionError:
        return False
