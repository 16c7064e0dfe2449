"""Components that no operation reaches, and that changed or went all the same."""

from __future__ import annotations

from collections.abc import Iterator

from apiver.compare.change import ABSENT, Effect
from apiver.compare.documentation import same, wordless
from apiver.compare.findings import Finding
from apiver.compare.gaps import Point
from apiver.compare.reach import Reach, components
from apiver.compare.space import Space
from apiver.contract.pointer import split


def unused_components(before: Space, after: Space, reach: Reach) -> Iterator[Finding]:
    """What happened to the components of the old document that it does not use: no client can notice."""
    differing = [pointer for pointer in components(before) if _differs(before, after, pointer)]
    if not differing:
        return
    used = reach.used()
    for pointer in differing:
        if pointer not in used:
            yield _finding(before, after, pointer)


def _differs(before: Space, after: Space, pointer: str) -> bool:
    """Whether a component is gone or says something else, and not only in other words."""
    old, new = before.node(pointer), after.node(pointer)
    if old is None or new is None:
        return old is not None
    if same(old.raw, new.raw):
        return False
    try:
        return not same(wordless(old.raw), wordless(new.raw))
    except RecursionError:
        return True


def _finding(before: Space, after: Space, pointer: str) -> Finding:
    kind, name = split(pointer)[1:3]
    old, new = before.node(pointer), after.node(pointer)
    said = f"{name}, which no operation uses,"
    if new is None:
        rule = "api-schema-removed" if kind == "schemas" else "unused-component-removed"
        title, there = f"{said} is gone", Point(pointer, ABSENT)
    else:
        rule, title, there = "unused-component-changed", f"{said} changed", Point(pointer, new.raw)
    here = Point(pointer, old.raw if old is not None else ABSENT)
    return Finding(rule, Effect.COMPATIBLE, "none", name, title, here, there)
