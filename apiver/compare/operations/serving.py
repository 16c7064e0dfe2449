"""Who serves a URL: operations that are gone, moved or new, and paths that take the requests of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from apiver.compare.change import ABSENT, Effect, Exchange, Witness
from apiver.compare.operations.comparer import OperationComparer
from apiver.compare.operations.lifecycle import removal
from apiver.compare.proofs.findings import Finding, Findings
from apiver.compare.proofs.judge import UnjudgedError
from apiver.compare.proofs.messages import Cargo
from apiver.compare.proofs.reception import path_values, serving
from apiver.compare.proofs.witness import Prover
from apiver.compare.schemas.gaps import Point
from apiver.compare.sides.pairing import Pair, Pairing
from apiver.compare.sides.surface import Operation

Told = tuple[Finding, Witness | None]
"""A finding, and what proves it."""

_TAKEN_OVER = (
    "another operation answers these requests now; that it answers them otherwise is not in the contract"
)
_STILL_SERVED = "{other} serves its URL, in a way that its contract allowed"


class Scene:
    """The operations of both contracts, paired, with the tools of the comparison."""

    def __init__(
        self, theirs: list[Operation], pairing: Pairing, comparer: OperationComparer, prover: Prover
    ) -> None:
        self.pairing = pairing
        self.comparer = comparer
        self.prover = prover
        self.bases = sorted({url.removesuffix(each.path) for each in theirs for url in each.urls})
        self._theirs: dict[tuple[str, int], list[Operation]] = {}
        for operation in theirs:
            self._theirs.setdefault(_kind(operation.method, operation.url), []).append(operation)
        self._pairs: dict[tuple[str, int], list[Pair]] = {}
        for pair in pairing.pairs:
            if not pair.moved:
                self._pairs.setdefault(_kind(pair.new.method, pair.new.url), []).append(pair)

    def serving(self, sent: Exchange) -> Operation | None:
        """The operation of the new contract that serves a request."""
        path = sent.url.partition("?")[0]
        return serving(self._theirs.get(_kind(sent.method, urlsplit(path).path), ()), sent)

    def neighbours(self, added: Operation) -> list[Pair]:
        """The kept operations whose paths have as many segments as that of a new one, for the same method."""
        return self._pairs.get(_kind(added.method, added.url), [])


def _kind(method: str, path: str) -> tuple[str, int]:
    return method, path.count("/")


def unpaired(scene: Scene) -> Iterator[Told]:
    """Every operation that has another URL now, that is gone, or that is new."""
    for pair in scene.pairing.pairs:
        if pair.moved:
            successor = f"{pair.new.method} {pair.new.path}"
            yield _lost(scene, pair, "api-moved", Effect.BREAKING, f"moved to {successor}", successor)
    for operation in scene.pairing.removed:
        pair = Pair(operation, operation)
        yield _lost(scene, pair, *removal(operation, scene.comparer.calendar), None)
    for operation in scene.pairing.added:
        here, there = Point("/paths", ABSENT), Point(operation.node.pointer, str(operation.ref))
        operations = {operation.ref: None}
        title = "the operation is new"
        yield (
            Finding("endpoint-added", Effect.COMPATIBLE, "none", "operation", title, here, there, operations),
            None,
        )
        yield from _shadowing(scene, operation)


def _lost(scene: Scene, pair: Pair, rule: str, effect: Effect, title: str, successor: str | None) -> Told:
    """An operation that is not where it was: proved if nothing serves its URL as it did."""
    operation = pair.old
    there = Point("/paths", ABSENT) if successor is None else Point(pair.new.node.pointer, successor)
    here = Point(operation.node.pointer, str(operation.ref))
    operations = {operation.ref: None}
    finding = Finding(rule, effect, "request", "operation", title, here, there, operations)
    if effect is not Effect.BREAKING:
        return finding, None
    sent = _smallest(scene, operation)
    if sent is None:
        finding.reason = "no request could be built that shows it"
        return finding, None
    for moved in _at_home(scene, pair, sent):
        other = scene.serving(moved)
        if other is not None:
            finding.reason = _STILL_SERVED.format(other=other.ref)
            return finding, _difference(scene, operation, other, sent, moved)
    return finding, Witness(
        "request", sent, sent, "old", "new", f"no operation serves {sent.method} at this URL"
    )


def _smallest(scene: Scene, operation: Operation) -> Exchange | None:
    """The smallest request that the contract of the operation accepts."""
    message = scene.comparer.composer.request(Pair(operation, operation), Cargo())
    return None if message is None else message[0]


def _at_home(scene: Scene, pair: Pair, sent: Exchange) -> Iterator[Exchange]:
    """The request below every base path of the new contract, where the operation would be."""
    operation = pair.old
    home = operation.url.removesuffix(operation.path)
    for base in scene.bases or [home]:
        url = sent.url.replace(home, base, 1) if home else base + sent.url
        yield replace(sent, url=url)


def _shadowing(scene: Scene, added: Operation) -> Iterator[Told]:
    """The requests that a new path takes away from a path with variables that served them (3.1, 4.8.8.1)."""
    templated = [
        pair
        for pair in scene.neighbours(added)
        if len(pair.new.variables) > len(added.variables) and path_values(pair.new, added.url) is not None
    ]
    if not templated:
        return
    pair = min(templated, key=lambda each: len(each.new.variables))
    before = _bound(pair.old, path_values(pair.new, added.url) or ())
    message = scene.comparer.composer.request(Pair(before, added), Cargo())
    if message is None or _rejected(scene, pair.old, message[0]):
        return  # it never was a request of the old operation: no number is called "me"
    witness = _difference(scene, before, added, *message)
    title = f"takes requests that {pair.old.ref} served"
    here, there = Point(pair.old.node.pointer, str(pair.old.ref)), Point(added.node.pointer, str(added.ref))
    direction = "none" if witness is None else witness.direction
    operations = {pair.old.ref: None}
    finding = Finding(
        "endpoint-added-shadows", Effect.BREAKING, direction, str(added.ref), title, here, there, operations
    )
    finding.reason = _TAKEN_OVER
    yield finding, witness


def _bound(operation: Operation, texts: tuple[str, ...]) -> Operation:
    """The operation with those texts in the place of its variables; what has braces stays a variable."""
    given = dict(zip(operation.variables, texts, strict=False))
    fixed = {name: text for name, text in given.items() if "{" not in text}
    url = re.sub(r"\{([^{}]*)\}", lambda found: fixed.get(found[1], found[0]), operation.url)
    kept = tuple(p for p in operation.parameters if p.raw["in"] != "path" or p.raw["name"] not in fixed)
    return replace(operation, url=url, parameters=kept)


def _rejected(scene: Scene, operation: Operation, sent: Exchange) -> bool:
    try:
        return bool(scene.prover.objections("request", "request", operation, sent))
    except UnjudgedError:
        return True


def _difference(
    scene: Scene, old: Operation, new: Operation, sent: Exchange, received: Exchange
) -> Witness | None:
    """What shows that the new operation does not serve the requests of the old one as it did."""
    try:
        objections = scene.prover.objections("request", "request", new, received)
        if objections and not scene.prover.objections("request", "request", old, sent):
            return Witness("request", sent, received, "old", "new", objections[0].message)
    except UnjudgedError:
        return None
    values = path_values(new, received.url.partition("?")[0])
    findings = Findings()
    scene.comparer.compare(Pair(old, _bound(new, values or ())), findings)
    breaks = [each for each in findings if each.effect is Effect.BREAKING]
    return next(filter(None, map(scene.prover.prove, breaks)), None)
