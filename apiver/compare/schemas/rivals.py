"""Alternatives of a `oneOf` that may take the same values, and what each of them takes alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from apiver.compare.schemas.branches import SCALARS, Branch, Fact, Listed, Objects, among, meet, surviving
from apiver.compare.schemas.vacancy import Vacancy
from apiver.compare.sides.space import Conjunction

_MOST = 2048  # pairs of alternatives that are looked at closely


def rivals(alternatives: list[tuple[Branch, ...]], vacancy: Vacancy) -> list[list[int]] | None:
    """For each alternative those that it may share values with; None where they are too many."""
    marks = [_marks(branches) for branches in alternatives]
    found: list[list[int]] = [[] for _ in alternatives]
    meets = 0
    for one in range(len(alternatives)):
        for other in range(one + 1, len(alternatives)):
            if any(
                name in marks[other] and not mark & marks[other][name] for name, mark in marks[one].items()
            ):
                continue
            meets += 1
            if meets > _MOST:
                return None
            if not _apart(alternatives[one], alternatives[other], vacancy):
                found[one].append(other)
                found[other].append(one)
    return found


def _apart(ones: tuple[Branch, ...], others: tuple[Branch, ...], vacancy: Vacancy) -> bool:
    """Whether provably no value is in a branch of each."""
    for one in ones:
        for other in others:
            met = meet(one, other)
            if met is None or (met.values is not None and not surviving(met)):
                continue
            if not vacancy.empty(met):
                return False
    return True


def alone(
    branches: tuple[Branch, ...], rivals: list[tuple[Conjunction, tuple[Branch, ...]]]
) -> tuple[Branch, ...]:
    """An alternative without what its rivals take too: plain values off its lists, the rest as exclusions."""
    listed = [each for _, theirs in rivals for each in _plain_values(theirs) or ()]
    excluded = tuple(parts for parts, theirs in rivals if _plain_values(theirs) is None)
    everybody = tuple(parts for parts, _ in rivals)
    found = []
    for branch in branches:
        values = _plain_values((branch,))
        if values is None:
            found.append(replace(branch, excluded=branch.excluded + everybody))
            continue
        kept = Listed(value for value in values if not among(value, listed))
        if len(kept) < len(values):
            pointer = branch.values.pointer if branch.values is not None else ""
            branch = replace(branch, values=Fact(kept, pointer))
        if kept:
            found.append(replace(branch, excluded=branch.excluded + excluded))
    return tuple(found)


def _plain_values(branches: tuple[Branch, ...]) -> list[Any] | None:
    """All values of the branches where they are scalars, few, and known for certain; else None."""
    found: list[Any] = []
    for branch in branches:
        if branch.excluded or branch.doubts or branch.type not in SCALARS:
            return None
        if branch.values is not None:
            found += surviving(branch)
        elif branch.type in ("null", "boolean"):
            found += [None] if branch.type == "null" else [False, True]
        else:
            return None
    return found


def _marks(branches: tuple[Branch, ...]) -> dict[str, frozenset[Any]]:
    """Required members whose values are listed in place: what tells alternatives apart at a glance."""
    if len(branches) != 1 or not isinstance(branches[0], Objects):
        return {}
    found = {}
    for name in branches[0].required:
        member = branches[0].properties.get(name, ())
        raw = member[0].raw if len(member) == 1 else None
        if isinstance(raw, dict):
            listed = (
                raw["enum"]
                if isinstance(raw.get("enum"), list)
                else [raw["const"]]
                if "const" in raw
                else None
            )
            if listed is not None and all(isinstance(value, str) for value in listed):
                found[name] = frozenset(listed)
    return found
