"""The steps that led to an answer, in words: how it was paired, the way down, what was compared and tried."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from apiver.compare.change import ABSENT, Effect, Exchange, OperationRef, Witness
from apiver.compare.proofs.findings import Finding
from apiver.compare.schemas.gaps import Point
from apiver.compare.sides.pairing import Pair, Pairing, unversioned
from apiver.compare.sides.space import Space
from apiver.compare.sides.surface import Operation

_LONGEST = 160  # characters of a value in a step
_TRIALS = 8  # messages of which each has a step of its own
_UNPAIRED = {
    "api-moved": "nothing serves its URL any more; the new operation that resembles it most is its new place",
    "endpoint-added": "no operation of the old contract has its URL, with or without the version",
}
_GONE = "no operation of the new contract has its URL, with or without the version, and none resembles it"


def explained(
    finding: Finding, effect: Effect, witness: Witness | None, pairing: Pairing, before: Space, after: Space
) -> tuple[str, ...]:
    """The steps to the effect of a finding, a line each, from the pairing to the verdict."""
    return tuple(_steps(finding, effect, witness, pairing, before, after))


def _steps(
    finding: Finding, effect: Effect, witness: Witness | None, pairing: Pairing, before: Space, after: Space
) -> Iterator[str]:
    yield from _paired(finding, pairing)
    if finding.way is not None:
        if finding.direction != "none":
            sender, receiver = ("old", "new") if finding.direction == "request" else ("new", "old")
            yield f"{finding.direction}: whatever the {sender} contract allows, the {receiver} one must allow"
        for stage in finding.way():
            yield f"{stage.said}: {_standing(before, stage.old)} against {_standing(after, stage.new)}"
    yield f"compared: {_said(before, finding.old)} against {_said(after, finding.new)}"
    trials = finding.trials or []
    yield from trials[:_TRIALS]
    if len(trials) > _TRIALS:
        yield f"{len(trials) - _TRIALS} more were tried"
    yield _outcome(finding, effect, witness)


def _outcome(finding: Finding, effect: Effect, witness: Witness | None) -> str:
    if witness is not None:
        message = "it" if finding.trials else written(witness.accepted)
        return f"proved: {witness.accepted_by} allows {message}, {witness.rejected_by} does not"
    if effect is Effect.RISKY and finding.effect is Effect.BREAKING:
        return f"not proved: {finding.reason}"
    if effect is Effect.RISKY:
        return f"no proof was sought: {finding.reason}"
    return "words only: nothing to prove" if effect is Effect.DOCS else "nothing is lost: nothing to prove"


def _paired(finding: Finding, pairing: Pairing) -> Iterator[str]:
    pairs = {pair.sides[0].ref: pair for pair in pairing.pairs}
    refs = list(finding.operations)
    for ref in refs[:1]:
        pair = pairs.get(ref)
        if finding.rule in _UNPAIRED:
            yield f"{ref}: {_UNPAIRED[finding.rule]}"
        elif pair is not None:
            yield f"{_url(pair.old)} is paired with {_url(pair.new)}: {_how(pair)}"
        elif any(operation.ref == ref for operation in pairing.removed):
            yield f"{ref}: {_GONE}"
    if len(refs) > 1:
        yield f"the same in {_counted(refs[1:])}"


def _counted(refs: list[OperationRef]) -> str:
    named = ", ".join(map(str, refs[:3]))
    return named if len(refs) <= 3 else f"{named} and {len(refs) - 3} more"


def _url(operation: Operation) -> str:
    return f"{operation.method} {operation.url}"


def _how(pair: Pair) -> str:
    if pair.moved:
        return "it resembles it most among those without a pair"
    if pair.old.url == pair.new.url:
        return "the same method and URL"
    if pair.old.template == pair.new.template:
        return "the same method and URL but for the names of its variables"
    if unversioned(pair.old.template) == unversioned(pair.new.template):
        return "the same method and URL but for the version"
    return "the same method, and a base path that both contracts list"


def _standing(space: Space, pointer: str) -> str:
    """Where a part stands: in its file where that is known, else by its pointer."""
    place = space.document.place(pointer)
    return str(place) if place is not None else pointer or "/"


def _said(space: Space, point: Point) -> str:
    where = _standing(space, point.pointer)
    return f"nothing ({where})" if point.value is ABSENT else f"{_text(point.value)} ({where})"


def written(exchange: Exchange) -> str:
    """A message in one line."""
    line = f"{exchange.method} {exchange.url}"
    if exchange.status is not None:
        line += f" -> {exchange.status}"
    return line if exchange.body is ABSENT else f"{line} {_text(exchange.body)}"


def _text(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."
