"""A part of a message that a schema describes on each side: whatever differs between the two schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from apiver.compare.change import ABSENT, Effect, Exchange
from apiver.compare.operations.naming import Label, declares, of_gap, of_note
from apiver.compare.proofs.findings import Attempt, Findings, Messages, Stage, Where
from apiver.compare.proofs.trails import Trail, contests, gaps, lifted, path, telling
from apiver.compare.schemas.announcements import Calendar
from apiver.compare.schemas.containment import Containment
from apiver.compare.schemas.gaps import Gap
from apiver.compare.schemas.outcomes import home
from apiver.compare.schemas.samples import Sampler, UnshownError
from apiver.compare.schemas.shrinking import spare_parts
from apiver.compare.schemas.world import TAKEN, TOLERATED
from apiver.compare.sides.pairing import Pair
from apiver.compare.sides.space import INCOMPLETE, Conjunction

_WHOLE = (
    "enum",
    "additional",
    "content-schema",
    "excluded",
    "one-of",
    "alternatives",
)  # kinds that are about a value with all its parts
_CONVERTED = ("type", "nullable", "format")  # kinds that a lenient receiver does not mind
_COUNTED = ("min-properties", "max-properties")  # a limit tells of members that are not named
_UNSURE = ("budget", "excluded", "one-of", "alternatives")  # kinds that say "may be", not "is"


class Slot(NamedTuple):
    """A part of a message that a schema describes: its label, where objections to it point, what carries it.

    `carry` builds the messages that have a value there. `lenient` says why a receiver does not reject
    what its schema does not allow, where that is known.
    """

    label: Label
    where: Where
    carry: Callable[[Any], tuple[Exchange, Exchange] | None]
    lenient: str = ""


def compare_slot(
    findings: Findings,
    engine: Containment,
    pair: Pair,
    slot: Slot,
    old: Conjunction,
    new: Conjunction,
    calendar: Calendar,
) -> None:
    """Add what the two schemas of a slot differ in."""
    request = slot.label.direction == "request"
    forward = engine.outcome(old, new) if request else engine.outcome(new, old)
    broken, barred = set(), set()
    is_body = slot.label.what == "body"
    for gap, trail in gaps(forward):
        finding = of_gap(slot.label, gap, trail, forward=True)
        finding.way = partial(_way, slot, trail, old, new, turned=not request)
        broken.add((finding.subject, gap.kind))
        if gap.kind == "closed" and not contests(gap, trail):
            barred.add(finding.subject)
        lenient = slot.lenient if gap.kind in _CONVERTED else ""
        doubt = lenient or (_unread_check(gap, trail, old) if request else "")
        if not doubt and not request and engine.world.profile == "tolerant" and gap.kind in TOLERATED:
            doubt = TAKEN
        if doubt and finding.effect is Effect.BREAKING:
            finding.effect, finding.reason = Effect.RISKY, doubt
        where = slot.where + path(trail)
        attempt = Attempt(
            pair,
            where,
            _messages(engine.sampler, slot, gap, trail, (old, new)),
            contests(gap, trail),
            exact=gap.kind not in _WHOLE,
            spare=_spare(engine.sampler, old if request else new, gap, trail) if is_body else None,
            declares=partial(engine.sampler.declares, old if request else new)
            if is_body and gap.kind not in _COUNTED and engine.world.profile != "strict"
            else None,
        )
        findings.add(finding, pair, attempt)
    for outcome, trail in telling(forward):
        for note in outcome.notes:
            for finding in of_note(slot.label, note, trail, calendar):
                finding.way = partial(_way, slot, trail, old, new, turned=not request)
                if finding.subject not in barred:  # else the member that is not allowed is told already
                    findings.add(finding, pair)
    surely = engine.surely
    backward = surely.outcome(new, old) if request else surely.outcome(old, new)
    for gap, trail in gaps(backward):
        untold = gap.kind == "required" and not declares(gap)  # a note speaks of the member itself
        sure = not (untold or gap.aside or gap.fallback or gap.kind in _UNSURE or contests(gap, trail))
        finding = of_gap(slot.label, gap, trail, forward=False)
        finding.way = partial(_way, slot, trail, old, new, turned=request)
        if sure and (finding.subject, gap.kind) not in broken:
            findings.add(finding, pair)


def _way(slot: Slot, trail: Trail, old: Conjunction, new: Conjunction, *, turned: bool) -> Iterator[Stage]:
    """The way from the slot down to a part; `turned` says that the inner schema is the new contract's."""
    roots = (home(old), home(new))
    yield Stage(slot.label.text, *roots)
    for edge in trail.edges():
        said = "[]" if edge.step.into == "item" else f".{edge.step.key}"
        if edge.contest is not None:
            said += " of one alternative of a union"
        inner, outer = edge.at
        yield Stage(said, *((outer, inner) if turned else (inner, outer)))


def _unread_check(gap: Gap, trail: Trail, old: Conjunction) -> str:
    """Why the old version may reject what its schema allows: its code has a check that was not read."""
    nodes = list(trail.edge.target.inner if trail.edge is not None else old)
    for node in list(nodes):
        members = node.raw.get("properties") if isinstance(node.raw, dict) else None
        if gap.name is not None and isinstance(members, dict) and gap.name in members:
            nodes.append(node.child("properties", gap.name))
    for node in nodes:
        if isinstance(node.raw, dict) and INCOMPLETE in node.raw:
            return f"the old version may reject it too: {node.raw[INCOMPLETE]}"
    return ""


def _messages(
    sampler: Sampler, slot: Slot, gap: Gap, trail: Trail, sides: tuple[Conjunction, Conjunction]
) -> Callable[[], Messages]:
    """Whole messages for the candidates of a gap, built when they are asked for."""

    def build() -> Messages:
        sampler.start()
        sampler.shortfall = ""
        for side in sides:
            sampler.examples.learn(side)
        for candidate in gap.tried():
            for full in (False, True) if contests(gap, trail) else (False,):
                value = lifted(sampler, trail, candidate, full=full)
                message = slot.carry(value) if value is not ABSENT else None
                if message is not None:
                    yield message
        if sampler.shortfall:
            raise UnshownError(sampler.shortfall)

    return build


def _spare(sampler: Sampler, sender: Conjunction, gap: Gap, trail: Trail) -> Callable[[Any], Iterator[Where]]:
    """The parts of a body that do not matter to the gap and that its sender may leave out."""
    kept = path(trail) if gap.name is None else (*path(trail), gap.name)
    return lambda body: spare_parts(sampler, sender, body, kept)
