"""The story of a comparison: pair the operations, compare each pair, prove what looks broken, report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any, Literal

import orjson

from apiver.compare.change import (
    ABSENT,
    Change,
    Comparison,
    Effect,
    NotCompared,
    OperationRef,
    Part,
    SideSummary,
    Witness,
)
from apiver.compare.operations.comparer import OperationComparer
from apiver.compare.operations.documentation import differs, documentation, same
from apiver.compare.operations.lifecycle import held_to_promise, unpromised, version_kept
from apiver.compare.operations.relocation import lost_servers
from apiver.compare.operations.serving import Scene, unpaired
from apiver.compare.operations.unused import unused_components
from apiver.compare.operations.webhooks import compare_callbacks, compare_webhooks
from apiver.compare.proofs.explanation import explained
from apiver.compare.proofs.findings import Finding, Findings
from apiver.compare.proofs.witness import Prover
from apiver.compare.schemas.announcements import Calendar
from apiver.compare.schemas.gaps import UNDECLARED, Point
from apiver.compare.schemas.world import World
from apiver.compare.sides.pairing import Pairing, pair
from apiver.compare.sides.reach import Reach
from apiver.compare.sides.space import INCOMPLETE, UNREAD, Node, Sameness, Space, canonical
from apiver.compare.sides.surface import Operation, operations, webhooks
from apiver.compare.written import as_written
from apiver.contract.document import Document
from apiver.contract.fields import unknown_parts

_ORDER = list(Effect)
_SAMPLE = "it is known from recorded traffic, which may not have shown all that is there"
_DEEP = "parts are nested more than 250 levels deep; what lies deeper may count as anything"


def compare(
    old: Document,
    new: Document,
    calendar: Calendar,
    world: World,
    *,
    docs: bool = False,
    explain: bool = False,
) -> Comparison:
    """What changed between two documents; see `apiver.compare.diff`."""
    before, after = Space(old), Space(new.apart_from(old))
    ours, theirs = operations(before), operations(after)
    pairing = pair(ours, theirs)
    comparer = OperationComparer(Sameness(before, after), calendar, world)
    waived = unpromised([*ours, *webhooks(before).values()], calendar)
    for each in sorted(pairing.pairs, key=lambda pair: (pair.old.path, pair.old.method)):
        comparer.compare(each)
    prover = Prover(before, after)
    scene = Scene(theirs, pairing, comparer, prover)
    told = [
        *unpaired(scene),
        *compare_webhooks(before, after, comparer, prover),
        *compare_callbacks(pairing, comparer, prover),
        *((finding, None) for finding in lost_servers(pairing)),
    ]
    change = partial(_change, before=before, after=after, explained_by=pairing if explain else None)
    for finding in comparer.findings if explain else ():
        finding.trials = []
    changes = [
        *_proved(_promised_first(comparer.findings, waived), prover, change),
        *(change(finding, witness) for finding, witness in told),
    ]
    changes = [held_to_promise(each, waived) for each in changes]
    if any(each.effect is Effect.BREAKING for each in changes):
        changes += [change(each, None) for each in version_kept(before, after)]
    if docs or not changes:
        changes += [change(each, None) for each in _unnoticed(ours, before, after, pairing, docs)]
    found = Comparison(
        _summary(old, ours),
        _summary(new, theirs),
        tuple(sorted(_merged(changes), key=_rank)),
        (
            *_unread("old", before, comparer),
            *_unread("new", after, comparer),
            *_left_out(comparer, before),
            *_not_understood("old", before, after),
            *_not_understood("new", after, before),
        ),
    )
    return as_written(found, old, new)


def _unnoticed(
    ours: list[Operation], before: Space, after: Space, pairing: Pairing, docs: bool
) -> Iterator[Finding]:
    """What no client notices: words, and components that no operation uses.

    Words are listed where `docs` asks for them; else they are told in one finding, and both are looked for
    only where nothing else changed: whoever sees two documents differ is told how.
    """
    if same(before.root, after.root):
        return
    reach = Reach(before, ours)
    yield from unused_components(before, after, reach)
    if docs:
        yield from documentation(before, after, pairing.pairs, reach)
    elif words := differs(before, after, pairing.pairs):
        yield words


def _proved(
    findings: list[Finding], prover: Prover, change: Callable[[Finding, Witness | None], Change]
) -> Iterator[Change]:
    """Findings as changes. A union's own finding is told only if nothing below it was proved."""
    for finding in sorted(findings, key=lambda each: each.fallback is not None):
        if finding.fallback is not None and finding.fallback.confirmed:
            continue
        witness = None
        if finding.effect is Effect.BREAKING:
            witness = prover.prove(finding)
            contested = any(attempt.contests for attempt in finding.attempts)
            if witness is None and contested and finding.fallback is None and finding.reason != UNDECLARED:
                continue  # another alternative takes what this one does not: the union's finding speaks
        yield change(finding, witness)


def _promised_first(findings: Findings, waived: Mapping[OperationRef, str]) -> list[Finding]:
    """The findings, each to be proved by operations that the old contract promises, where there are any."""
    for finding in findings if waived else ():
        promised = [each for each in finding.attempts if each.pair.old.ref not in waived]
        finding.attempts = promised or finding.attempts
    return list(findings)


def _change(
    finding: Finding, witness: Witness | None, before: Space, after: Space, explained_by: Pairing | None
) -> Change:
    effect = finding.effect
    reason = finding.reason
    if effect is Effect.BREAKING and (_is_observed(before, finding.old) or _is_observed(after, finding.new)):
        effect, witness, reason = Effect.RISKY, None, _SAMPLE
    if effect is Effect.BREAKING and witness is None:
        effect = Effect.RISKY
    old, new = _part(before, finding.old), _part(after, finding.new)
    return Change(
        finding.rule,
        effect,
        finding.direction,
        finding.subject,
        finding.title,
        tuple(finding.operations),
        old,
        new,
        witness,
        None if witness else reason,
        inferred=_is_inferred(before, finding.old.pointer) or _is_inferred(after, finding.new.pointer),
        steps=explained(finding, effect, witness, explained_by, before, after) if explained_by else (),
    )


def _merged(changes: list[Change]) -> Iterator[Change]:
    """Changes of the same part by the same lines of code are one cause, seen in several operations.

    A part that has another way to it in each operation is then called by its last name alone.
    """
    alike: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        tail = _last_name(change.subject)
        key = change.rule, change.effect, tail, change.title.replace(change.subject, tail)
        alike.setdefault(key, []).append(change)
    for group in chain.from_iterable(map(_by_cause, alike.values())):
        refs = tuple(sorted({ref for change in group for ref in change.operations}, key=_by_path))
        change, subjects = group[0], {each.subject for each in group}
        if len(subjects) > 1:
            tail = _last_name(change.subject)
            change = replace(change, subject=tail, title=change.title.replace(change.subject, tail))
        yield replace(change, operations=refs, fingerprint=_fingerprint(change, refs))


def _by_cause(alike: list[Change]) -> Iterable[list[Change]]:
    """Changes that read alike, by the places where they stand: places are sought only to tell some apart."""
    if len(alike) == 1:
        return [alike]
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in alike:
        key: tuple[object, ...] = (change.old.place, change.new.place)
        if None in key:
            key = (*key, change.old.pointer, change.new.pointer, change.title)
        groups.setdefault(key, []).append(change)
    return groups.values()


def _by_path(ref: OperationRef) -> tuple[str, str]:
    return ref.path, ref.method


def _last_name(subject: str) -> str:
    return subject.rpartition(".")[2] if "." in subject else subject


def _fingerprint(change: Change, refs: tuple[OperationRef, ...]) -> str:
    """What a change is about, in 12 hex digits: never how it is worded, nor where it stands in a file."""
    first = str(refs[0]) if refs else ""
    values = [None if part.value is ABSENT else part.value for part in (change.old, change.new)]
    said = [change.rule, first, change.old.pointer, change.new.pointer]
    try:
        text = canonical([*said, *values])
    except RecursionError:  # values that are nested too deep to be written
        text = canonical(said)
    return hashlib.sha256(text).hexdigest()[:12]


def _rank(change: Change) -> tuple[object, ...]:
    first = change.operations[0] if change.operations else OperationRef("", "")
    return _ORDER.index(change.effect), first.path, first.method, change.subject, change.rule, change.title


def _part(space: Space, point: Point) -> Part:
    return Part(point.pointer, point.value, partial(space.document.place, point.pointer))


def _is_observed(space: Space, point: Point) -> bool:
    """Whether the part, one around it, or an alternative of it is known from recorded traffic.

    A sample may lack what is there. Beside keys that only a sample shows, nothing is certain: they may
    have overwritten what the code sets.
    """
    node = space.node(point.pointer)
    alternatives = [each.pointer for each in node.items("anyOf")] if node is not None else []
    return any("observed" in _sources(space, pointer) for pointer in (point.pointer, *alternatives))


def _is_inferred(space: Space, pointer: str) -> bool:
    """Whether the nearest enclosing source of the part is the reading of code."""
    return next(_sources(space, pointer), None) == "inferred"


def _sources(space: Space, pointer: str) -> Iterator[str]:
    """Who says the part, and the parts around it, from the inside out."""
    steps = pointer.split("/")
    for end in range(len(steps), 0, -1):
        node = space.node("/".join(steps[:end]))
        source = node.raw.get("x-apiver-source") if node is not None and isinstance(node.raw, dict) else None
        if isinstance(source, dict):
            yield str(source.get("by"))


def _unread(side: Literal["old", "new"], space: Space, comparer: OperationComparer) -> Iterator[NotCompared]:
    """The parts of a document that nobody could read, in document order: they were compared with nothing."""
    text = _text(space.root)
    if text is None:
        yield NotCompared(side, "", _DEEP, space.document.place(""))
    marked = text is None or UNREAD.encode() in text or INCOMPLETE.encode() in text
    todo = [Node(space, space.root, "")] if marked else []
    while todo:
        node = todo.pop()
        if isinstance(node.raw, dict):
            for mark in (UNREAD, INCOMPLETE):
                if mark in node.raw:
                    place = space.document.place(node.pointer)
                    yield NotCompared(side, node.pointer, str(node.raw[mark]), place)
            todo.extend(node.child(key) for key in reversed(node.raw))
        elif isinstance(node.raw, list):
            todo.extend(node.child(str(index)) for index in reversed(range(len(node.raw))))
    for engine in (comparer.engines.request, comparer.engines.response):
        for pointer, unread in engine.normalizer.unusable.items():
            if unread.node.space is space:
                yield NotCompared(side, pointer, unread.reason, space.document.place(pointer))


def _left_out(comparer: OperationComparer, before: Space) -> Iterator[NotCompared]:
    """What differs and is not compared yet."""
    for pointer, reason in sorted(comparer.findings.left_out.items()):
        yield NotCompared("both", pointer, reason, before.document.place(pointer))
    beyond = sum(engine.beyond for engine in comparer.engines)
    if beyond:
        reason = f"the work budget was used up: {beyond} pairs of schemas were not looked at"
        yield NotCompared("both", "", reason, None)


def _not_understood(side: Literal["old", "new"], space: Space, other: Space) -> Iterator[NotCompared]:
    """What has no meaning in OpenAPI that we know, where the other document does not say the same."""
    for pointer, value, reason in unknown_parts(space.root):
        counterpart = other.node(pointer)
        if counterpart is None or not same(counterpart.raw, value):
            yield NotCompared(side, pointer, reason, space.document.place(pointer))


def _text(root: dict[str, Any]) -> bytes | None:
    """The document as one JSON text; None where it is nested deeper than that can be written."""
    try:
        return orjson.dumps(root)
    except TypeError as error:
        with suppress(RecursionError):
            return None if "Recursion" in str(error) else canonical(root)
    return None


def _summary(document: Document, found: list[Operation]) -> SideSummary:
    info = document.root.get("info")
    info = info if isinstance(info, dict) else {}
    return SideSummary(document.name, str(info.get("title", "")), str(info.get("version", "")), len(found))
