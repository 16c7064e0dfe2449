"""Webhooks and callbacks: the requests that the API sends, compared with the roles turned.

The API is the sender and follows the new contract; the client receives, and was written for the old one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from apiver.compare.change import ABSENT, Effect, Witness
from apiver.compare.operations.comparer import OperationComparer
from apiver.compare.operations.serving import Told
from apiver.compare.proofs.findings import Finding
from apiver.compare.proofs.judge import UnjudgedError
from apiver.compare.proofs.messages import Cargo
from apiver.compare.proofs.witness import Prover
from apiver.compare.schemas.gaps import Point
from apiver.compare.sides.pairing import Pair, Pairing
from apiver.compare.sides.space import Space
from apiver.compare.sides.surface import Operation, Sending, callbacks, webhooks

_ELSEWHERE = "a client of the old version need not have put its URL there"
_EXTENSION = "x-webhooks"
_NO_WORD = "an extension of OpenAPI 3.0: it is compared where it is called webhooks, as OpenAPI 3.1 does"
_NESTED = "callbacks of a request that the API itself sends are not compared"


def compare_webhooks(
    before: Space, after: Space, comparer: OperationComparer, prover: Prover
) -> Iterator[Told]:
    """Compare the webhooks of both documents, by name and method; yields those that are gone or new."""
    if before.root.get(_EXTENSION) != after.root.get(_EXTENSION):
        comparer.findings.left_out.setdefault(f"/{_EXTENSION}", _NO_WORD)
    yield from _compare("webhook", webhooks(before), webhooks(after), comparer, prover)


def compare_callbacks(pairing: Pairing, comparer: OperationComparer, prover: Prover) -> Iterator[Told]:
    """Compare the callbacks of paired operations, by name, URL and method; yields those gone, new, moved."""
    for pair in pairing.pairs:
        ours, theirs = callbacks(pair.old), callbacks(pair.new)
        for old, new in _readdressed(ours, theirs):
            operation = ours[old]
            here, there = Point(operation.item.pointer, old.url), Point(theirs[new].item.pointer, new.url)
            title = f"it is sent to {new.url} now, not to {old.url}"
            yield _told("callback-url-changed", Effect.RISKY, operation, title, here, there, _ELSEWHERE), None
            theirs[old] = theirs.pop(new)
        yield from _compare("callback", ours, theirs, comparer, prover)


def _compare(
    kind: str,
    ours: Mapping[Sending, Operation],
    theirs: Mapping[Sending, Operation],
    comparer: OperationComparer,
    prover: Prover,
) -> Iterator[Told]:
    for key in sorted({**ours, **theirs}):
        old, new = ours.get(key), theirs.get(key)
        if old is not None and new is not None:
            comparer.compare(Pair(new, old, turned=True))
            if old.node.raw.get("callbacks") != new.node.raw.get("callbacks"):
                comparer.findings.left_out.setdefault(f"{old.node.pointer}/callbacks", _NESTED)
        elif old is not None:
            here, there = Point(old.node.pointer, key.name), Point(_around(old), ABSENT)
            title = f"the {kind} is not sent any more"
            finding = _told(f"{kind}-removed", Effect.BREAKING, old, title, here, there)
            witness = _never_sent(kind, key, old, comparer, prover)
            finding.reason = None if witness else "no request could be built that shows it"
            yield finding, witness
        elif new is not None:
            here, there = Point(_around(new), ABSENT), Point(new.node.pointer, key.name)
            title = f"the {kind} is new"
            yield _told(f"{kind}-added", Effect.COMPATIBLE, new, title, here, there), None


def _told(
    rule: str,
    effect: Effect,
    operation: Operation,
    title: str,
    old: Point,
    new: Point,
    reason: str | None = None,
) -> Finding:
    subject = rule.partition("-")[0]
    return Finding(rule, effect, "response", subject, title, old, new, {operation.ref: None}, reason=reason)


def _never_sent(
    kind: str, key: Sending, operation: Operation, comparer: OperationComparer, prover: Prover
) -> Witness | None:
    """A request that the old contract announces, and that nothing in the new one does."""
    message = comparer.turned_composer.request(Pair(operation, operation, turned=True), Cargo())
    if message is None:
        return None
    try:
        if prover.objections("response", "request", operation, message[0]):
            return None
    except UnjudgedError:
        return None
    reason = f"it declares no {kind} {key.name} with {key.method}"
    return Witness("request", message[0], message[0], "old", "new", reason)


def _readdressed(
    ours: Mapping[Sending, Operation], theirs: Mapping[Sending, Operation]
) -> list[tuple[Sending, Sending]]:
    """Callbacks that go to another URL now: the only one of their name and method on either side."""
    found = []
    for old in ours:
        if old not in theirs:
            mine = [each for each in ours if each not in theirs and each.is_like(old)]
            its = [each for each in theirs if each not in ours and each.is_like(old)]
            if len(mine) == len(its) == 1:
                found.append((old, its[0]))
    return found


def _around(operation: Operation) -> str:
    """The pointer of the part that holds webhooks or callbacks: there it is missing on the other side."""
    pointer = operation.node.pointer
    at = pointer.rfind("/callbacks/")
    return "/webhooks" if at < 0 else pointer[: at + len("/callbacks")]
