"""Suspicions on their way to becoming changes: merged by cause, each with ways to prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from apiver.compare import rules
from apiver.compare.branches import among
from apiver.compare.change import ABSENT, Effect, Exchange, OperationRef
from apiver.compare.containment import Containment, Edge, Outcome
from apiver.compare.gaps import Gap, Note, Point
from apiver.compare.pairing import Pair
from apiver.compare.space import Conjunction, unescape

Where = tuple[str | int, ...]
Messages = Iterator[tuple[Exchange, Exchange]]


_UNSURE = ("budget", "excluded", "one-of", "alternatives")  # kinds that say "may be", not "is"


class Attempt(NamedTuple):
    """One way to prove a finding: messages to try, and the part of them that must be objected to.

    `exact` says that an objection to something within that part does not count.
    """

    pair: Pair
    where: Where
    messages: Callable[[], Messages]
    contests: tuple[Gap, ...] = ()
    exact: bool = False


@dataclass(slots=True, eq=False)
class Finding:
    """One cause. `effect` is its effect if it is proved or needs no proof; `reason` why it is undecided."""

    rule: str
    effect: Effect
    direction: rules.Direction
    subject: str
    title: str
    old: Point
    new: Point
    operations: dict[OperationRef, None] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    reason: str | None = None
    fallback: Gap | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes two findings the same cause."""
        return self.rule, self.effect, self.old.pointer, self.new.pointer, self.title


class Findings:
    """All findings of a comparison, one for each cause."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[Any, ...], Finding] = {}

    def add(self, finding: Finding, pair: Pair | None = None, *attempts: Attempt) -> None:
        """Take a finding in; one that is known already gains the operation and the attempts."""
        known = self._by_key.setdefault(finding.key, finding)
        if pair is not None:
            known.operations[pair.old.ref] = None
        known.attempts.extend(attempts)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._by_key.values())


class Slot(NamedTuple):
    """A part of a message that a schema describes.

    `what` is the part of a rule's id, `label` how people name the part, `where` where objections to it point,
    and `carry` builds the messages that carry a value there.
    """

    direction: rules.Direction
    what: str
    label: str
    where: Where
    carry: Callable[[Any], tuple[Exchange, Exchange] | None]


def compare_slot(
    findings: Findings, engine: Containment, pair: Pair, slot: Slot, old: Conjunction, new: Conjunction
) -> None:
    """Add what the two schemas of a slot differ in."""
    request = slot.direction == "request"
    forward = engine.outcome(old, new) if request else engine.outcome(new, old)
    broken = set()
    for gap, trail in _gaps(forward):
        finding = _of_gap(slot, gap, trail, forward=True)
        broken.add((finding.subject, gap.kind))
        where = slot.where + _path(trail)
        attempt = Attempt(pair, where, _messages(engine, slot, gap, trail), _contests(gap, trail), exact=True)
        findings.add(finding, pair, attempt)
    for outcome, trail in _reached(forward):
        for note in outcome.notes:
            if (found := _of_note(slot, note, trail)) is not None:
                findings.add(found, pair)
    backward = engine.outcome(new, old) if request else engine.outcome(old, new)
    for gap, trail in _gaps(backward):
        untold = gap.kind == "required" and not _declares(gap)  # a note speaks of the member itself
        sure = not (untold or gap.aside or gap.fallback or gap.kind in _UNSURE or _contests(gap, trail))
        finding = _of_gap(slot, gap, trail, forward=False)
        if sure and (finding.subject, gap.kind) not in broken:
            findings.add(finding, pair)


class _Trail(NamedTuple):
    """How an outcome was reached: the edge, and the trail before it."""

    before: _Trail | None
    edge: Edge | None

    def edges(self) -> list[Edge]:
        """From the root down."""
        found: list[Edge] = []
        step: _Trail | None = self
        while step is not None:
            if step.edge is not None:
                found.append(step.edge)
            step = step.before
        return found[::-1]


def _reached(root: Outcome) -> Iterator[tuple[Outcome, _Trail]]:
    """Every outcome below the root, nearest first, with the shortest way to it."""
    queue, seen = [(root, _Trail(None, None))], {id(root)}
    for outcome, trail in queue:
        yield outcome, trail
        for edge in outcome.edges:
            if id(edge.target) not in seen:
                seen.add(id(edge.target))
                queue.append((edge.target, _Trail(trail, edge)))


def _gaps(root: Outcome) -> Iterator[tuple[Gap, _Trail]]:
    for outcome, trail in _reached(root):
        for gap in outcome.gaps:
            yield gap, trail


def _path(trail: _Trail) -> Where:
    return tuple(edge.step.key for edge in trail.edges())


def _contests(gap: Gap, trail: _Trail) -> tuple[Gap, ...]:
    """The unions on the way whose other alternatives may take the value."""
    found = [edge.contest for edge in trail.edges() if edge.contest is not None]
    return tuple(found + ([gap.contest] if gap.contest is not None else []))


def _messages(engine: Containment, slot: Slot, gap: Gap, trail: _Trail) -> Callable[[], Messages]:
    """Whole messages for the candidates of a gap, built when they are asked for."""

    def build() -> Messages:
        for candidate in gap.candidates:
            value = candidate
            for edge in reversed(trail.edges()):
                value = _lifted(engine, edge, value)
                if value is ABSENT:
                    break
            if value is not ABSENT:
                message = slot.carry(value)
                if message is not None:
                    yield message

    return build


def _lifted(engine: Containment, edge: Edge, part: Any) -> Any:
    """A small value of the edge's inner branch that has the part in its place."""
    from apiver.compare.branches import Arrays, Objects

    if isinstance(edge.inner, Objects):
        sampler, given = engine.sampler, {edge.step.key: part}
        value = sampler.object(edge.inner, given, edge.outer)
        if value is not ABSENT and sampler.belongs(edge.inner, value) is False:
            value = sampler.full_object(edge.inner, given)  # a fuller one may tell the alternatives apart
        return value
    if isinstance(edge.inner, Arrays):
        return engine.sampler.array(edge.inner, {edge.step.key: part}, edge.outer)
    return ABSENT


def _of_gap(slot: Slot, gap: Gap, trail: _Trail, *, forward: bool) -> Finding:
    """The finding that a gap stands for, before it is proved."""
    request = slot.direction == "request"
    move: rules.Move = "narrowed" if request == forward else "widened"
    inner_is_old = request == forward
    old, new = (gap.inner, gap.outer) if inner_is_old else (gap.outer, gap.inner)
    named = f".{gap.name}" if gap.name is not None else ""
    subject = _subject(slot, trail, (old, new)) + named
    depth = bool(trail.edges())
    where = (
        slot.what
        if not depth
        else {"body": "property", "parameter": "parameter-property"}.get(slot.what, slot.what)
    )
    effect = Effect.BREAKING if forward else Effect.COMPATIBLE
    if gap.kind in ("required", "closed"):
        rule, title = _of_member(slot, gap, subject, move, declared=_declares(gap))
        old_value, new_value = old.value, new.value
    else:
        wide = gap.inner if gap.inner.value is not ABSENT else None
        how = rules.suffix(gap.kind, slot.direction, move, bare=wide is None)
        if gap.kind not in rules.kinds():
            how = "undecided"
        rule = f"{slot.direction}-{where}-{how}"
        lost = _values([v for v in _list(gap.inner.value) if not among(v, _list(gap.outer.value))])
        title = rules.sentence(how, subject, _text(old.value), _text(new.value), lost)
        old_value, new_value = old.value, new.value
    if gap.aside and forward:
        effect = Effect.RISKY
    return Finding(
        rule,
        effect,
        slot.direction,
        subject,
        title,
        Point(old.pointer, old_value),
        Point(new.pointer, new_value),
        reason=(gap.aside or gap.reason) if forward else None,
        fallback=gap if gap.fallback else None,
    )


def _declares(gap: Gap) -> bool:
    """Whether the inner schema names the member that the outer one requires or forbids."""
    return gap.inner.pointer.endswith("/properties/" + _escaped(gap.name or ""))


def _of_member(slot: Slot, gap: Gap, subject: str, move: rules.Move, *, declared: bool) -> tuple[str, str]:
    """Rule and sentence for a member that became required or is not allowed."""
    if gap.kind == "closed":
        if slot.direction == "request":
            return (
                ("request-property-removed", f"{subject} is not accepted any more")
                if move == "narrowed"
                else ("new-optional-request-property", f"{subject} may be sent now")
            )
        return (
            ("response-forbidden-property-added", f"{subject} may be there now, where it was forbidden")
            if move == "widened"
            else ("response-optional-property-removed", f"{subject} is not sent any more")
        )
    table = {
        ("request", "narrowed", True): ("request-property-became-required", f"{subject} is required now"),
        ("request", "narrowed", False): ("new-required-request-property", f"{subject} is new and required"),
        ("request", "widened", True): ("request-property-became-optional", f"{subject} is optional now"),
        ("request", "widened", False): (
            "request-property-became-optional",
            f"{subject} is not required any more",
        ),
        ("response", "widened", True): ("response-property-became-optional", f"{subject} may be missing now"),
        ("response", "widened", False): ("response-required-property-removed", f"{subject} is gone"),
        ("response", "narrowed", True): (
            "response-property-became-required",
            f"{subject} is always there now",
        ),
        ("response", "narrowed", False): (
            "response-required-property-added",
            f"{subject} is new and always there",
        ),
    }
    return table[slot.direction, move, declared]


def _of_note(slot: Slot, note: Note, trail: _Trail) -> Finding | None:
    """The finding that a note stands for: behaviour, where nothing is rejected."""
    request = slot.direction == "request"
    old, new = (note.inner, note.outer) if request else (note.outer, note.inner)
    subject = _subject(slot, trail, (old, new))
    depth = bool(trail.edges())
    if note.kind == "default":
        where = (
            slot.what
            if not depth
            else {"body": "property", "parameter": "parameter-property"}.get(slot.what, slot.what)
        )
        how = "added" if old.value is ABSENT else "removed" if new.value is ABSENT else "changed"
        title = f"the default of {subject} went from {_text(old.value)} to {_text(new.value)}"
        if how != "changed":
            title = (
                f"{subject} has the default {_text(new.value)} now"
                if how == "added"
                else f"{subject} lost its default {_text(old.value)}"
            )
        effect = (
            Effect.RISKY if request and how != "added" else Effect.DOCS if not request else Effect.COMPATIBLE
        )
        reason = "nothing is rejected, but a request that leaves it out means something else now"
        rule = f"{slot.direction}-{where}-default-value-{how}"
        return Finding(
            rule,
            effect,
            slot.direction,
            subject,
            title,
            old,
            new,
            reason=reason if effect is Effect.RISKY else None,
        )
    subject = f"{subject}.{note.name}"
    if request and note.kind in ("only-inner", "required-only-inner"):
        reason = "nothing is rejected, but what the client sends there is ignored now"
        title = f"{subject} is not read any more"
        return Finding(
            "request-property-removed", Effect.RISKY, "request", subject, title, old, new, reason=reason
        )
    if request:
        title = f"{subject} may be sent now"
        return Finding(
            "new-optional-request-property", Effect.COMPATIBLE, "request", subject, title, old, new
        )
    if note.kind == "only-outer":
        reason = "clients must deal with its absence already, but it is never there now"
        title = f"{subject} is not sent any more"
        return Finding(
            "response-optional-property-removed",
            Effect.RISKY,
            "response",
            subject,
            title,
            old,
            new,
            reason=reason,
        )
    how = "required" if note.kind == "required-only-inner" else "optional"
    title = f"{subject} is new"
    return Finding(f"response-{how}-property-added", Effect.COMPATIBLE, "response", subject, title, old, new)


def _subject(slot: Slot, trail: _Trail, points: tuple[Point, Point]) -> str:
    """How people name the part: by its component where it is in one, else by the way to it."""
    for outcome in (trail.edge.target if trail.edge else None,):
        for conjunction in (outcome.inner, outcome.outer) if outcome else ():
            name = _component(conjunction[0].pointer) if conjunction else None
            if name:
                return name
    steps = "".join(f"[{''}]" if edge.step.into == "item" else f".{edge.step.key}" for edge in trail.edges())
    return slot.label + steps


def _component(pointer: str) -> str | None:
    """`Order.status` for a pointer into a named schema, None for any other."""
    parts = [unescape(part) for part in pointer.split("/")]
    if parts[1:3] != ["components", "schemas"] or len(parts) < 4:
        return None
    name, rest = parts[3], parts[4:]
    while rest:
        key = rest.pop(0)
        if key == "properties" and rest:
            name += "." + rest.pop(0)
        elif key == "items":
            name += "[]"
        elif key in ("allOf", "anyOf", "oneOf", "prefixItems") and rest:
            rest.pop(0)
    return name


def _escaped(name: str) -> str:
    from apiver.compare.space import escape

    return escape(name)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _values(values: list[Any]) -> str:
    shown = [_text(value) for value in values[:5]]
    more = f" and {len(values) - 5} more" if len(values) > 5 else ""
    return ", ".join(shown) + more


def _text(value: Any) -> str:
    """A value as people write it: types plainly, everything else as JSON."""
    import json

    if value is ABSENT:
        return "nothing"
    if isinstance(value, str) and value in _TYPE_WORDS:
        return value
    if (
        isinstance(value, list)
        and value
        and all(isinstance(each, str) and each in _TYPE_WORDS for each in value)
    ):
        return " or ".join(value)
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."


_TYPE_WORDS = ("string", "number", "integer", "boolean", "array", "object", "null", "any", "none")
