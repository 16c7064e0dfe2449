"""Whether a value belongs to schemas, and whether they speak of all that it has."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from apiver.compare.change import ABSENT
from apiver.compare.schemas.branches import Arrays, Branch, Objects, Strings, among, satisfies, type_of
from apiver.compare.schemas.normal import Normalizer
from apiver.compare.schemas.patterns import is_bounded, matches
from apiver.compare.sides.inner_text import is_json, value_in
from apiver.compare.sides.space import Conjunction

DEEPEST = 12
"""Levels of the deepest value that is built; what is asked about may be four times as deep."""

CUT_SHORT = "the search for a value that shows it was cut short"

_PATIENCE = 100_000  # parts of values that are looked at in one search
_STOCK = 10_000_000  # the same for all searches together; what comes later has to be found at once
_LEAST_PATIENCE = 1_000


class Membership:
    """Answers for the schemas of one mode, with patience for one search at a time.

    `shortfall` says why a search came to nothing although there may be a value: "" while it did not.
    """

    def __init__(self, normalizer: Normalizer) -> None:
        self.normalizer = normalizer
        self.shortfall = ""
        self._stock = _STOCK
        self._left = _PATIENCE

    def start(self) -> None:
        """Begin another search with full patience: what is asked beyond it is not answered."""
        self._stock -= max(_PATIENCE - self._left, 0)
        self._left = min(_PATIENCE, max(self._stock, _LEAST_PATIENCE))

    def _is_tired(self) -> bool:
        """Whether the patience is used up."""
        if self._left > 0:
            return False
        self.shortfall = CUT_SHORT
        return True

    def admits(self, conjunction: Conjunction, value: Any, depth: int = 0) -> bool | None:
        """Whether the value satisfies all the schemas; None where that could not be decided."""
        form = self.normalizer.form(conjunction)
        self._left -= 1
        if form.unread or depth > 4 * DEEPEST or self._is_tired():
            return None
        answer: bool | None = False
        for branch in form.branches.get(type_of(value), ()):
            verdict = self.belongs(branch, value, depth)
            if verdict:
                return True
            if verdict is None:
                answer = None
        return answer

    def belongs(self, branch: Branch, value: Any, depth: int = 0) -> bool | None:
        """Whether a value of the branch's type is in the branch; None where that could not be decided."""
        if branch.values is not None and not among(value, branch.values.value):
            return False
        if not satisfies(branch, value) or not well_formed(branch, value):
            return False
        answer: bool | None = None if branch.doubts or _may_not_end(branch, value) else True
        for part, schema in _parts(branch, value):
            verdict = self.admits(schema, part, depth + 1)
            if verdict is False:
                return False
            answer = answer and verdict
        for schema in branch.excluded:
            verdict = self.admits(schema, value, depth + 1)
            if verdict:
                return False
            answer = None if verdict is None else answer
        if isinstance(branch, Strings) and branch.contents:
            held = self._holds(branch, value, depth)
            answer = answer and held if held is not None else None
            return False if held is False else answer
        if isinstance(branch, Arrays) and branch.contains:
            counted = self._counted(branch, value, depth)
            answer = counted and answer if counted is not None else None
            return False if counted is False else answer
        return answer

    def _holds(self, branch: Strings, text: str, depth: int) -> bool | None:
        """Whether what is in a text satisfies the schemas of its content."""
        answer: bool | None = True
        for each in branch.contents:
            if not each.schema or not is_json(each.media):
                continue
            try:
                value = value_in(text, each.encoding)
            except ValueError:
                return False
            verdict = None if value is ABSENT else self.admits(each.schema, value, depth + 1)
            if verdict is False:
                return False
            answer = answer and verdict
        return answer

    def _counted(self, branch: Arrays, value: list[Any], depth: int) -> bool | None:
        """Whether as many elements as wanted satisfy the schemas of `contains`."""
        answer: bool | None = True
        for each in branch.contains:
            verdicts = [self.admits(each.schema, item, depth + 1) for item in value]
            sure, possible = verdicts.count(True), len(verdicts) - verdicts.count(False)
            most = math.inf if each.most is None else each.most.value
            if possible < each.least.value or sure > most:
                return False
            if sure < each.least.value or possible > most:
                answer = None
        return answer

    def declares(self, conjunction: Conjunction, value: Any, depth: int = 0) -> bool:
        """Whether the schemas speak of every member of a value of theirs: name, require or describe it.

        A sender sends nothing else. True also where that is not known.
        """
        if not isinstance(value, dict | list) or depth > 4 * DEEPEST or self._is_tired():
            return True
        form = self.normalizer.form(conjunction)
        branches = form.branches.get(type_of(value), ())
        if form.unread or not value or not branches:
            return True
        if len(branches) > 1:  # what any of the alternatives that take the value speaks of
            branches = tuple(each for each in branches if self.belongs(each, value, depth) is not False)
        if any(each.values is not None or each.doubts for each in branches):
            return True
        if isinstance(value, list):
            arrays = [each for each in branches if isinstance(each, Arrays)]
            return all(
                any(self.declares(each.item(at), item, depth + 1) for each in arrays)
                for at, item in enumerate(value)
            )
        objects = [each for each in branches if isinstance(each, Objects)]
        return all(
            any(
                _names(each, name)
                and (name in each.foreign or self.declares(each.member(name), part, depth + 1))
                for each in objects
            )
            for name, part in value.items()
        )


def _may_not_end(branch: Branch, value: Any) -> bool:
    """Whether the value has a text on which one of the branch's patterns was not tried."""
    return isinstance(branch, Strings) and not all(is_bounded(fact.value, value) for fact in branch.patterns)


def _names(branch: Objects, name: str) -> bool:
    """Whether the branch speaks of a member of that name."""
    return (
        branch.declares_more
        or name in branch.properties
        or name in branch.required
        or name in branch.foreign
        or any(matches(pattern, name) for pattern, _ in branch.patterns)
    )


def well_formed(branch: Branch, value: Any) -> bool:
    """What holds between the parts of a value: uniqueness, forbidden members, members that need others."""
    if isinstance(branch, Arrays):
        return not (branch.unique and any(among(each, value[:at]) for at, each in enumerate(value)))
    if isinstance(branch, Objects):
        return not any(branch.forbids(name) for name in value if name not in branch.foreign) and all(
            name not in value or all(need in value for need in needs.value)
            for name, needs in branch.dependents
        )
    return True


def _parts(branch: Branch, value: Any) -> Iterator[tuple[Any, Conjunction]]:
    """The parts of an array or object, each with the schemas that it must satisfy."""
    if isinstance(branch, Arrays):
        parts = ((item, branch.item(index)) for index, item in enumerate(value))
    elif isinstance(branch, Objects):
        parts = ((value[name], branch.member(name)) for name in value if name not in branch.foreign)
        if branch.names:
            yield from ((name, branch.names) for name in value)
    else:
        return
    yield from (part for part in parts if part[1])
