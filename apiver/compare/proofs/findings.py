"""Suspicions on their way to becoming changes: one for each cause, each with ways to prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from apiver.compare.change import Effect, Exchange, OperationRef
from apiver.compare.rules import Direction
from apiver.compare.schemas.gaps import Gap, Point
from apiver.compare.sides.pairing import Pair

Where = tuple[str | int, ...]
Messages = Iterator[tuple[Exchange, Exchange]]


class Stage(NamedTuple):
    """One step on the way down to a finding: what is looked at, and the pointers to it on both sides."""

    said: str
    old: str
    new: str


class Attempt(NamedTuple):
    """One way to prove a finding: messages to try, and the part of them that must be objected to.

    `exact` says that an objection to something within that part does not count. `spare` names the parts of
    a body that its sender may leave out, so that a proof can do without them; `declares` tells whether the
    sender's contract speaks of all that is in a body.
    """

    pair: Pair
    where: Where
    messages: Callable[[], Messages]
    contests: tuple[Gap, ...] = ()
    exact: bool = False
    spare: Callable[[Any], Iterator[Where]] | None = None
    declares: Callable[[Any], bool] | None = None


@dataclass(slots=True, eq=False)
class Finding:
    """One cause. `effect` is its effect if it is proved or needs no proof; `reason` why it is undecided.

    `name` is the member that it is about, where both places are those of the object around it; `shared`
    is what to call the subject where several ways lead to it. `way` leads down to it from the message, and
    `trials` takes in what was tried to prove it, where somebody wants to know.
    """

    rule: str
    effect: Effect
    direction: Direction
    subject: str
    title: str
    old: Point
    new: Point
    operations: dict[OperationRef, None] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    reason: str | None = None
    fallback: Gap | None = None
    name: str = ""
    shared: str = ""
    way: Callable[[], Iterator[Stage]] | None = None
    trials: list[str] | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes two findings the same cause."""
        return self.rule, self.effect, self.old.pointer, self.new.pointer, self.name


class Findings:
    """All findings of a comparison, one for each cause.

    `left_out` holds parts of the old contract that differ and are not compared, by pointer, with the reason.
    """

    def __init__(self) -> None:
        self._by_key: dict[tuple[Any, ...], Finding] = {}
        self.left_out: dict[str, str] = {}

    def add(self, finding: Finding, pair: Pair | None = None, *attempts: Attempt) -> None:
        """Take a finding in; one that is known already gains the operation and the attempts."""
        known = self._by_key.setdefault(finding.key, finding)
        if known.subject != finding.subject and known.shared:
            known.title = known.title.replace(known.subject, known.shared)
            known.subject = known.shared
        if pair is not None:
            known.operations[pair.sides[0].ref] = None
        known.attempts.extend(attempts)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._by_key.values())
