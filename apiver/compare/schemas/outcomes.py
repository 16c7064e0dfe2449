"""The graph of answers: what is known about a pair of schemas, and the ways to the pairs of its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from apiver.compare.change import ABSENT
from apiver.compare.schemas.branches import Arrays, Branch, Objects
from apiver.compare.schemas.gaps import Gap, Note, Point, Step
from apiver.compare.schemas.normal import Unread
from apiver.compare.schemas.samples import Sampler
from apiver.compare.sides.space import Conjunction


@dataclass(slots=True, eq=False)
class Edge:
    """The way from a pair to the pair of one of its parts.

    `branches` finds the branches it leads through: a value of the part is put into one of the inner one.
    `at` are the pointers of the part itself, before references were followed.
    `contest` is the fallback gap of the union that it leads through, where there is one.
    What lies below is told of only where `is_told`.
    """

    step: Step
    branches: Callable[[], tuple[Branch, Branch]]
    target: Outcome
    at: tuple[str, str] = ("", "")
    contest: Gap | None = None
    is_told: bool = True

    def around(self, sampler: Sampler, part: Any, *, full: bool = False) -> Any:
        """A small value of the inner branch that has the part in its place, or ABSENT.

        With `full` it has all its members, which may tell it from what other alternatives take.
        """
        inner, outer = self.branches()
        if isinstance(inner, Objects):
            given = {self.step.key: part}
            if full:
                return sampler.full_object(inner, given)
            value = sampler.object(inner, given, outer)
            if value is not ABSENT and not sampler.is_sound(inner, value):
                value = sampler.apart(inner, given)
                if value is not ABSENT and not sampler.is_sound(inner, value):
                    value = sampler.full_object(inner, given)
            return value
        if isinstance(inner, Arrays):
            return sampler.array(inner, {self.step.key: part}, outer)
        return ABSENT


@dataclass(slots=True, eq=False)
class Outcome:
    """What is known about one pair: `inner` within `outer`."""

    inner: Conjunction
    outer: Conjunction
    gaps: list[Gap] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unread: tuple[Unread, ...] = ()
    state: str = "new"  # new -> open -> closed -> proved (nothing below stands against containment)
    explored: bool = False  # all that it reaches has been worked out
    telling: list[Any] | None = None  # see `trails.telling`

    def adopt(self, piece: Piece, contest: Gap | None) -> None:
        """Make what a pair of branches yields one's own; `contest` is the union's gap that it is part of."""
        for gap in piece.gaps:
            gap.contest = contest
        for edge in piece.edges:
            edge.contest = contest
        self.gaps.extend(piece.gaps)
        self.edges.extend(piece.edges)
        self.notes.extend(piece.notes)

    @property
    def is_plain(self) -> bool:
        """Whether it is proved and there is nothing to tell of it or below it."""
        return self.state == "proved" and not (self.edges or self.notes or self.gaps)


class Piece(NamedTuple):
    """What one inner branch against one outer branch yields: gaps, ways to the parts, notes."""

    gaps: list[Gap]
    edges: list[Edge]
    notes: list[Note]

    def untold(self) -> Piece:
        """The piece where an alternative takes what was not meant for it: nothing of it is worth telling."""
        return Piece([], [replace(edge, is_told=False) for edge in self.edges], [])


def homes(outcome: Outcome) -> tuple[Point, Point]:
    """Where the two schemas of a pair stand, as places without a value."""
    return Point(home(outcome.inner), ABSENT), Point(home(outcome.outer), ABSENT)


def home(conjunction: Conjunction) -> str:
    """The pointer of the first schema of a conjunction, references followed."""
    return conjunction[0].space.follow(conjunction[0]).pointer if conjunction else ""


def undecided(outcome: Outcome, kind: str, reason: str) -> Gap:
    """A gap for which no value speaks: it could not be decided, for the reason given."""
    return Gap(kind, *homes(outcome), (), reason)
