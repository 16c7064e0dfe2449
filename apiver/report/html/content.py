"""What stands on the page of a comparison: every text in it may be shown as it is, once it is escaped."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from apiver.compare.change import (
    ABSENT,
    Change,
    Comparison,
    Effect,
    Exchange,
    OperationRef,
    Part,
    SideSummary,
)
from apiver.report.advice import advice
from apiver.report.shown import indented, shown
from apiver.report.sides import Labels, labels, standing
from apiver.report.text import counted, summary

_MEANING = {
    Effect.BREAKING: "There is a request that the old contract accepts and the new one rejects, or a "
    "response that the new one may send and the old one rules out. A validator has confirmed each.",
    Effect.RISKY: "A break that could not be proved, or a change of behaviour that no contract forbids.",
    Effect.COMPATIBLE: "Clients of the old contract do not notice.",
    Effect.DOCS: "Words only.",
}
_FEW = 25
"""Up to so many changes all proofs are open from the start."""
_LONGEST_VALUE = 6_000
_LONGEST_BODY = 20_000
_TWICE = 2_000
"""A body of so many characters may be shown on both sides."""
_NOTHING = "nothing to do"


class Line(NamedTuple):
    """A line of a value; `kind` is `gone` or `come` where the other side has no such line."""

    text: str
    kind: str


class SideOf(NamedTuple):
    """One side of a change; `instead` is said where it has no value."""

    role: str
    place: str
    lines: Sequence[Line]
    instead: str


class Verdict(NamedTuple):
    """What a side says to a message; `kind` is `accepts` or `rejects`."""

    kind: str
    text: str


class Shown(NamedTuple):
    """A message as it goes over the wire, with what is said to it."""

    verdicts: Sequence[Verdict]
    label: str
    text: str


class Proof(NamedTuple):
    """A witness: in a sentence, and as messages."""

    said: str
    exchanges: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class Card:
    """One change."""

    id: str
    title: str
    operations: Sequence[OperationRef]
    numbers: str
    about: str
    sides: Sequence[SideOf]
    proof: Proof | None
    why: str
    instead: str
    inferred: bool
    steps: Sequence[str]
    rule: str
    fingerprint: str


class Group(NamedTuple):
    """The changes of one effect."""

    effect: str
    meaning: str
    changes: Sequence[Card]


class Left(NamedTuple):
    """A part that was not compared."""

    side: str
    where: str
    reason: str


class Side(NamedTuple):
    """A contract as a whole."""

    role: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class PageContent:
    """The whole page."""

    heading: str
    title: str
    sides: Sequence[Side]
    summary: str
    groups: Sequence[Group]
    operations: Sequence[OperationRef]
    left_out: Sequence[Left]
    open: bool
    foot: str


def page(comparison: Comparison) -> PageContent:
    """What the page of a comparison says, from top to bottom."""
    names = labels(comparison)
    found = {operation for change in comparison.changes for operation in change.operations}
    known = sorted(found, key=lambda each: (each.path, each.method))
    numbers = {operation: number for number, operation in enumerate(known)}
    cards: dict[Effect, list[Card]] = {effect: [] for effect in Effect}
    taken: set[str] = set()
    for change in comparison.changes:
        cards[change.effect].append(_card(change, names, numbers, _id(change, taken)))
    sides = (_side("old", comparison.old), _side("new", comparison.new))
    title = shown(comparison.new.title or comparison.old.title)
    return PageContent(
        heading=f"{title} {sides[0].name} to {sides[1].name}".strip(),
        title=title,
        sides=sides,
        summary=_verdict(comparison),
        groups=[Group(effect.value, _MEANING[effect], cards[effect]) for effect in Effect if cards[effect]],
        operations=[_operation(operation) for operation in known],
        left_out=[
            Left(part.side, shown(str(part.place or part.pointer)), shown(part.reason))
            for part in comparison.not_compared
        ],
        open=len(comparison.changes) <= _FEW,
        foot="Every breaking change was confirmed by a JSON Schema validator that knows nothing of the "
        "comparison. Made by apiver diff.",
    )


def _verdict(comparison: Comparison) -> str:
    count = comparison.count(Effect.BREAKING)
    if not count:
        return summary(comparison)
    verb = "breaks" if count == 1 else "break"
    return f"{counted(count, 'change')} {verb} clients of {shown(comparison.old.name)}."


def _side(role: str, side: SideSummary) -> Side:
    about = [f"version {shown(side.version)}"] if side.version and side.version != side.name else []
    return Side(role, shown(side.name), ", ".join([*about, counted(side.operations, "operation")]))


def _operation(operation: OperationRef) -> OperationRef:
    return OperationRef(shown(operation.method), shown(operation.path))


def _id(change: Change, taken: set[str]) -> str:
    """An id that no other change of the page has."""
    name = wanted = f"c-{change.fingerprint}"
    number = 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name)
    return name


def _card(change: Change, names: Labels, numbers: dict[OperationRef, int], name: str) -> Card:
    known = advice(change)
    instead = known.instead if known and change.effect in (Effect.BREAKING, Effect.RISKY) else ""
    return Card(
        id=name,
        title=shown(change.title),
        operations=[_operation(operation) for operation in change.operations],
        numbers=" ".join(str(numbers[operation]) for operation in change.operations),
        about=known.why if known else "",
        sides=_sides(change, names),
        proof=_proof(change, names),
        why=shown(change.reason or ""),
        instead="" if instead == _NOTHING else instead,
        inferred=change.inferred,
        steps=[shown(step) for step in change.steps],
        rule=change.rule,
        fingerprint=change.fingerprint,
    )


def _sides(change: Change, names: Labels) -> list[SideOf]:
    old, new = (_lines(change, part) for part in (change.old, change.new))
    if not (old or new or change.old.place or change.new.place):
        return []
    # A comma after what was the last item is no difference.
    ours, theirs = ([line.removesuffix(",") for line in lines] for lines in (old, new))
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    marked_old, marked_new = [Line(line, "gone") for line in old], [Line(line, "come") for line in new]
    for at, there, size in matcher.get_matching_blocks():
        for offset in range(size):
            marked_old[at + offset] = Line(old[at + offset], "")
            marked_new[there + offset] = Line(new[there + offset], "")
    silent = change.old.value is ABSENT and change.new.value is ABSENT
    return [
        SideOf(_role(name, role), _place(change, part), lines, "" if silent else _missing(part))
        for name, role, part, lines in (
            (names.old, "old", change.old, marked_old),
            (names.new, "new", change.new, marked_new),
        )
    ]


def _role(name: str, role: str) -> str:
    return name if name == role else f"{name} ({role})"


def _lines(change: Change, part: Part) -> list[str]:
    return indented(part.value, _LONGEST_VALUE) if standing(change, part, _LONGEST_VALUE) else []


def _place(change: Change, part: Part) -> str:
    if part.place is None:
        return shown(part.pointer)
    place = shown(str(part.place))
    return f"read at {place}" if change.inferred and part.place.file.endswith(".py") else place


def _missing(part: Part) -> str:
    return "not there" if part.value is ABSENT else "the operation itself"


def _proof(change: Change, names: Labels) -> Proof | None:
    witness = change.witness
    if witness is None:
        return None
    accepting = names.old if witness.accepted_by == "old" else names.new
    rejecting = names.old if witness.rejected_by == "old" else names.new
    reason = shown(witness.reason)
    body = _body(witness.accepted)
    receiving = witness.accepted_by == "new"  # a response, or a request that the API sends
    if receiving:
        accepts, rejects = f"{accepting} may send it", f"{rejecting} rules it out"
    elif change.direction == "response":  # a webhook or a callback that is gone
        accepts, rejects = f"{accepting} may send it", f"{rejecting} does not"
    else:
        accepts, rejects = f"{accepting} accepts", f"{rejecting} rejects"
    said = f"{rejects}: {reason}"
    verdicts = (Verdict("accepts", accepts), Verdict("rejects", rejects))
    same = (witness.accepted.url, witness.accepted.headers) == (
        witness.rejected.url,
        witness.rejected.headers,
    )
    if receiving or same:
        return Proof(said, [Shown(verdicts, f"{accepts}, {rejects}", _message(witness.accepted, body))])
    again = body if len(body) <= _TWICE else "(the same body)"
    return Proof(
        said,
        [
            Shown(verdicts[:1], accepts, _message(witness.accepted, body)),
            Shown(verdicts[1:], rejects, _message(witness.rejected, again)),
        ],
    )


def _message(exchange: Exchange, body: str) -> str:
    """A request as HTTP writes it, or the line of a request and the response to it (RFC 9112, 2.1)."""
    lines = [f"{exchange.method} {exchange.url} HTTP/1.1"]
    if exchange.status is not None:
        lines += [f"{name}: {said}" for name, said in exchange.selected]
        lines += ["", f"HTTP/1.1 {exchange.status}"]
    lines += [f"{name}: {said}" for name, said in exchange.headers]
    lines = [shown(line) for line in lines]
    return "\n".join([*lines, *(["", body] if body else [])])


def _body(exchange: Exchange) -> str:
    body = exchange.body
    if not isinstance(body, str) or _is_json(exchange):
        return "\n".join(indented(body, _LONGEST_BODY))
    rest = len(body) - _LONGEST_BODY
    lines = [shown(line) for line in body[:_LONGEST_BODY].splitlines()]
    return "\n".join([*lines, f"... {rest:,} more characters"] if rest > 0 else lines)


def _is_json(exchange: Exchange) -> bool:
    types = [said for name, said in exchange.headers if name.lower() == "content-type"]
    return any("json" in said for said in types)
