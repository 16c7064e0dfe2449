"""What the comparers of an operation's parts share: the pair, the engines, ways to say what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from apiver.compare.change import ABSENT, Effect, Exchange
from apiver.compare.operations.slots import Slot, compare_slot
from apiver.compare.operations.turning import TURNED
from apiver.compare.proofs.findings import Attempt, Finding, Findings, Where
from apiver.compare.proofs.messages import Cargo, Composer
from apiver.compare.rules import Direction, direction_of
from apiver.compare.schemas.announcements import Calendar
from apiver.compare.schemas.containment import Containment
from apiver.compare.schemas.gaps import Point
from apiver.compare.schemas.normal import Normalizer
from apiver.compare.schemas.world import World
from apiver.compare.sides.pairing import Pair
from apiver.compare.sides.space import UNREAD, Conjunction, Node, Sameness

Message = tuple[Exchange, Exchange] | None

_OTHER: dict[Direction, Direction] = {"request": "response", "response": "request"}


class Engines(NamedTuple):
    """The containment engines of a comparison, one for each way in which values travel."""

    request: Containment
    response: Containment
    wire: Containment
    header: Containment

    @classmethod
    def between(cls, sameness: Sameness, world: World) -> Engines:
        """Fresh engines for two spaces."""
        requests, responses = Normalizer("request"), Normalizer("response")
        return cls(
            Containment(requests, sameness, world),
            Containment(responses, sameness, world),
            Containment(requests, sameness, world, wire=True),
            Containment(responses, sameness, world, wire=True),
        )

    def turned(self) -> Engines:
        """The engines where the API sends the requests: readOnly parts then belong to requests alone."""
        return Engines(self.response, self.request, self.header, self.wire)

    def composer(self) -> Composer:
        """What builds messages out of the values of these engines."""
        return Composer(self.request.sampler, self.response.sampler)


class Workbench(NamedTuple):
    """One pair of operations on the bench, with the tools of the whole comparison."""

    pair: Pair
    engines: Engines
    composer: Composer
    findings: Findings
    calendar: Calendar = Calendar()

    def same(self, old: Node, new: Node) -> bool:
        """Whether both parts say the same, down to every component that they reach."""
        return self.engines.request.sameness.same(old.raw, new.raw)

    def breaking(
        self,
        rule: str,
        subject: str,
        title: str,
        old: Point,
        new: Point,
        where: Where,
        *messages: Callable[[], Message],
        reason: str | None = None,
    ) -> None:
        """A break, if the judge agrees that one of the messages is objected to at `where`.

        `reason` says what it is if none of them is.
        """

        def build() -> Iterator[tuple[Exchange, Exchange]]:
            for message in messages:
                made = message()
                if made is not None:
                    yield made

        self._add(Effect.BREAKING, rule, subject, title, old, new, reason, Attempt(self.pair, where, build))

    def risky(self, rule: str, subject: str, title: str, old: Point, new: Point, reason: str) -> None:
        """A change of behaviour in which nothing is rejected, for the reason given."""
        self._add(Effect.RISKY, rule, subject, title, old, new, reason)

    def compatible(self, rule: str, subject: str, title: str, old: Point, new: Point) -> None:
        """A change that every client survives."""
        self._add(Effect.COMPATIBLE, rule, subject, title, old, new, None)

    def docs(self, rule: str, subject: str, title: str, old: Point, new: Point) -> None:
        """A change of what is said, not of what is done; the places are those of the contracts themselves."""
        self._add(Effect.DOCS, rule, subject, title, old, new, None)

    def remark(self, rule: str, subject: str, title: str, old: Point, new: Point, reason: str) -> None:
        """Something that is announced otherwise: `docs` where nobody need mind, risky for the reason given.

        The places are those of the contracts themselves.
        """
        effect = Effect.RISKY if reason else Effect.DOCS
        finding = Finding(
            rule, effect, direction_of(rule), subject, title, old, new, reason=reason or None, name=subject
        )
        self.findings.add(finding, self.pair)

    def slot(self, engine: Containment, slot: Slot, old: Conjunction, new: Conjunction) -> None:
        """Whatever differs between the schemas of both sides."""
        if not (old or new):
            return
        if self.pair.turned:
            label = slot.label._replace(direction=_OTHER[slot.label.direction])
            slot, old, new = slot._replace(label=label), new, old
        compare_slot(self.findings, engine, self.pair, slot, old, new, self.calendar)

    def request(self, cargo: Cargo) -> Message:
        """The smallest request with that cargo, for both contracts."""
        return self.composer.request(self.pair, cargo)

    def response(self, cargo: Cargo) -> Message:
        """The smallest response with that cargo, for both contracts."""
        return self.composer.response(self.pair, cargo)

    def left_out(self, old: Node, new: Node, reason: str) -> None:
        """A part that differs and is not compared."""
        self.findings.left_out.setdefault(self.sides(old, new)[0].pointer, reason)

    def sides(self, old: Node, new: Node) -> tuple[Node, Node]:
        """Parts of both operations in the order of the contracts, whoever sends the request."""
        return (new, old) if self.pair.turned else (old, new)

    def old(self, value: Any = ABSENT) -> Point:
        """The old operation as a place."""
        return Point(self.pair.old.node.pointer, value)

    def new(self, value: Any = ABSENT) -> Point:
        """The new operation as a place."""
        return Point(self.pair.new.node.pointer, value)

    def _add(
        self,
        effect: Effect,
        rule: str,
        subject: str,
        title: str,
        old: Point,
        new: Point,
        reason: str | None,
        *attempts: Attempt,
    ) -> None:
        if self.pair.turned and effect is not Effect.DOCS:
            turned = TURNED[rule]
            rule, effect, old, new = turned.rule, turned.effect or effect, new, old
            title, reason = turned.said(subject, old.value, new.value), turned.reason or reason
            if effect is Effect.COMPATIBLE:
                reason = None
        finding = Finding(
            rule, effect, direction_of(rule), subject, title, old, new, reason=reason, name=subject
        )
        self.findings.add(finding, self.pair, *attempts)


def at(node: Node, value: Any = ABSENT) -> Point:
    """A node as a place."""
    return Point(node.pointer, value)


def unread(*nodes: Node | None) -> bool:
    """Whether one of the parts could not be read."""
    return any(node is not None and isinstance(node.raw, dict) and UNREAD in node.raw for node in nodes)
