"""What stands between one branch and another: gaps with candidate values, notes, and steps to the parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from apiver.compare.change import ABSENT
from apiver.compare.schemas.branches import Fact

_FEW = 6

UNSHOWN = "no value was found that shows it"
UNDECLARED = "only a member that the contract does not declare can show it"
ECLIPSED = (
    "as it is written it allows no value: another alternative of the same oneOf takes every one of them"
)
UNDESCRIBED = "another alternative takes what this one lost, but does not describe it"


class Point(NamedTuple):
    """A place in one of the two documents and what stands there."""

    pointer: str
    value: Any


class Step(NamedTuple):
    """One step down into a value: the `member` of that name or the `item` at that index."""

    into: str
    key: Any


class Note(NamedTuple):
    """Something that changes behaviour, not acceptance: a default, a member that one side alone names."""

    kind: str
    name: str
    inner: Point
    outer: Point


class Gap:
    """Why the inner schema may not be within the outer one, with values that may show it.

    `kind` names the fact, `name` the member where it is about one. `reason` says why it is undecided if
    none of the candidates turns out to be a counterexample. `aside` says why the gap does not count
    although values may show it: they need something that the sender's contract does not declare, say. A
    `fallback` stands for a whole union: it is told if nothing below it was `confirmed`; `contest` is the
    fallback of the union that the gap itself is part of.
    """

    __slots__ = (
        *("_candidates", "_source", "confirmed", "contest", "fallback", "inner", "kind", "name", "outer"),
        *("aside", "reason", "_seeking"),
    )

    def __init__(
        self,
        kind: str,
        inner: Point,
        outer: Point,
        source: Iterable[Any] = (),
        reason: str = UNSHOWN,
        *,
        name: str | None = None,
        aside: str = "",
        fallback: bool = False,
    ) -> None:
        self.kind = kind
        self.inner = inner
        self.outer = outer
        self.reason = reason
        self.name = name
        self.aside = aside
        self.fallback = fallback
        self.contest: Gap | None = None
        self.confirmed = False
        self._source: Iterator[Any] = iter(source)
        self._candidates: list[Any] = []
        self._seeking = False

    @property
    def candidates(self) -> tuple[Any, ...]:
        """A few values of the inner schema that may be outside the outer one, sought when first asked for."""
        return tuple(self.tried())

    def tried(self) -> Iterator[Any]:
        """The same values one by one: the next one is sought only when the one before did not do."""
        for at in range(_FEW):
            if at == len(self._candidates):
                if self._seeking:
                    return  # what is sought contains itself: there is none so far
                self._seeking = True
                try:
                    value = next(self._source, ABSENT)
                finally:
                    self._seeking = False
                if value is ABSENT:
                    return
                self._candidates.append(value)
            yield self._candidates[at]

    def narrowed_to(self, candidates: Iterable[Any]) -> Gap:
        """The same gap with other candidates."""
        return Gap(
            self.kind,
            self.inner,
            self.outer,
            candidates,
            self.reason,
            name=self.name,
            aside=self.aside,
        )

    @property
    def counts(self) -> bool:
        """Whether the gap stands against containment in the declared world."""
        return not self.aside


def point(fact: Fact | None, otherwise: Point) -> Point:
    """The point of a fact, or the other one where there is no fact."""
    return otherwise if fact is None else Point(fact.pointer, fact.value)


def present(value: Any) -> Iterator[Any]:
    """The value, if there is one."""
    if value is not ABSENT:
        yield value
