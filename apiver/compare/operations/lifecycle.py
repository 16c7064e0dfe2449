"""Policy: what a contract announces of its operations and parameters, and what they are called.

Nothing is rejected because of an announcement, so none of these rules is ever breaking: what takes back
something that clients rely on is risky, the rest is documentation. A contract that announces a sunset
promises a part until the end of that day and no longer: what is removed after it breaks no promise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from apiver.compare.change import ABSENT, Change, Effect, OperationRef
from apiver.compare.operations.workbench import Workbench, at
from apiver.compare.proofs.findings import Finding
from apiver.compare.schemas.announcements import Calendar, announced, remarks
from apiver.compare.schemas.gaps import Point
from apiver.compare.sides.space import Node, Space
from apiver.compare.sides.surface import Operation

_SEMVER = re.compile(r"v?([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})(?:[-+].*)?", re.DOTALL)

# From what happened to an announcement to the rule that it is called by.
OPERATION = {
    "deprecated": "endpoint-deprecated",
    "deprecated-with-sunset": "endpoint-deprecated-with-sunset",
    "reactivated": "endpoint-reactivated",
    "sunset-missing": "api-deprecated-sunset-missing",
    "sunset-unreadable": "api-deprecated-sunset-parse",
    "sunset-too-small": "api-sunset-date-too-small",
    "sunset-deleted": "sunset-deleted",
    "sunset-garbled": "api-path-sunset-parse",
    "sunset-earlier": "api-sunset-date-changed-too-small",
    "sunset-later": "api-sunset-postponed",
    "stability-decreased": "api-stability-decreased",
    "stability-increased": "api-stability-increased",
    "stability-invalid": "api-invalid-stability-level",
}
PARAMETER = {
    "deprecated": "request-parameter-deprecated",
    "deprecated-with-sunset": "request-parameter-deprecated",
    "reactivated": "request-parameter-reactivated",
    "sunset-missing": "request-parameter-deprecated-sunset-missing",
    "sunset-unreadable": "request-parameter-sunset-parse",
    "sunset-too-small": "request-parameter-sunset-date-too-small",
    "sunset-deleted": "request-parameter-sunset-deleted",
    "sunset-garbled": "request-parameter-sunset-parse",
    "sunset-earlier": "request-parameter-sunset-date-changed-too-small",
    "sunset-later": "request-parameter-sunset-postponed",
}


def compare_lifecycle(bench: Workbench) -> None:
    """How what is announced of an operation changed, and what it is called and filed under."""
    old, new = (each.node for each in bench.pair.sides)
    _remarked(bench, OPERATION, "the operation", "operation", old, new)
    _operation_id(bench, old, new)
    _tags(bench, old, new)


def compare_parameter_life(bench: Workbench, subject: str, old: Node, new: Node) -> None:
    """How what is announced of a parameter changed."""
    _remarked(bench, PARAMETER, subject, subject, *bench.sides(old, new))


def _remarked(bench: Workbench, rules: dict[str, str], name: str, subject: str, old: Node, new: Node) -> None:
    for each in remarks(announced(old.raw), announced(new.raw), bench.calendar):
        if each.how in rules:
            here, there = each.points(old.pointer, new.pointer)
            bench.remark(rules[each.how], subject, f"{name} {each.said}", here, there, each.reason)


def _operation_id(bench: Workbench, old: Node, new: Node) -> None:
    said = (each.raw.get("operationId") for each in (old, new))
    before, after = (each if isinstance(each, str) else ABSENT for each in said)
    if before == after:
        return
    rule = "api-operation-id-added" if before is ABSENT else "api-operation-id-removed"
    if after is ABSENT:
        title = f"the operation is not called {before} any more"
    else:
        title = f"the operation is called {after} now" + ("" if before is ABSENT else f", not {before}")
    here, there = (
        at(node if said is ABSENT else node.child("operationId"), said)
        for node, said in ((old, before), (new, after))
    )
    bench.remark(rule, "operationId", title, here, there, "")


def _tags(bench: Workbench, old: Node, new: Node) -> None:
    before, after = _names(old, "tags"), _names(new, "tags")
    for tag in before:
        if tag not in after:
            title = f"the operation is not tagged {tag} any more"
            bench.remark(
                "api-tag-removed", f"tag {tag}", title, at(old.child("tags", before[tag]), tag), at(new), ""
            )
    for tag in after:
        if tag not in before:
            title = f"the operation is tagged {tag} now"
            bench.remark(
                "api-tag-added", f"tag {tag}", title, at(old), at(new.child("tags", after[tag]), tag), ""
            )


def _names(node: Node, key: str) -> dict[str, str]:
    """The names that are listed there, in their order, each with the index of its last place."""
    found = node.raw.get(key)
    listed = enumerate(found) if isinstance(found, list) else ()
    return {name: str(index) for index, name in listed if isinstance(name, str)}


def parameter_removed(bench: Workbench, subject: str, parameter: Node) -> None:
    """A parameter that the new contract does not name: nothing is rejected, but nobody reads it."""
    here, there, until = at(parameter), bench.new(), announced(parameter.raw).last_day
    title = f"{subject} is not read any more"
    if bench.pair.turned or not announced(parameter.raw).deprecated:
        reason = "nothing is rejected, but what the client asks for with it is ignored now"
        bench.risky("request-parameter-removed", subject, title, here, there, reason)
    elif until is None or bench.calendar.is_past(until):
        said = "it was deprecated" if until is None else f"its sunset was {until}"
        rule = "request-parameter-removed-with-deprecation"
        bench.compatible(rule, subject, f"{title}: {said}", here, there)
    else:
        reason = f"nothing is rejected, but clients were told that it is read until {until}"
        bench.risky(
            "request-parameter-removed-before-sunset",
            subject,
            f"{title}, before its sunset",
            here,
            there,
            reason,
        )


def removal(operation: Operation, calendar: Calendar) -> tuple[str, Effect, str]:
    """Rule, effect and sentence for an operation that is gone."""
    announcement = announced(operation.node.raw)
    until = announcement.last_day
    if not announcement.deprecated:
        return "api-removed-without-deprecation", Effect.BREAKING, "the operation is gone"
    if until is None:
        title = "the operation is gone; it was deprecated, but without a last day"
        return "api-removed-with-deprecation", Effect.BREAKING, title
    if calendar.is_past(until):
        title = f"the operation is gone, after its sunset on {until}"
        return "api-removed-after-sunset", Effect.COMPATIBLE, title
    return (
        "api-removed-before-sunset",
        Effect.BREAKING,
        f"the operation is gone, before its sunset on {until}",
    )


def unpromised(operations: Iterable[Operation], calendar: Calendar) -> dict[OperationRef, str]:
    """The operations that their contract does not promise, each with what it says instead.

    It calls them draft or alpha, or it announced their last day and that is past.
    """
    found = {}
    for operation in operations:
        said = announced(operation.node.raw)
        until = said.last_day if said.deprecated else None
        if said.is_unstable:
            found[operation.ref] = f"it calls this {said.level}"
        elif until is not None and calendar.is_past(until):
            found[operation.ref] = f"it promised this until {until} only"
    return found


def held_to_promise(change: Change, waived: Mapping[OperationRef, str]) -> Change:
    """The change as the old contract lets it count: where it promised nothing, no promise is broken."""
    broken = change.effect is Effect.BREAKING and bool(waived) and bool(change.operations)
    if not broken or not all(ref in waived for ref in change.operations):
        return change
    said = " and ".join(sorted({waived[ref] for ref in change.operations}))
    reason = f"old clients are turned away, but the old contract breaks no promise: {said}"
    return replace(change, effect=Effect.RISKY, witness=None, reason=reason)


def version_kept(before: Space, after: Space) -> Iterator[Finding]:
    """What is wrong with the number of the new version, where something breaks: its first part must grow.

    Only semantic versions are judged (semver.org, 8); below 1.0.0 the second part has that part to play.
    """
    texts = [str(_info(each).get("version", "")) for each in (before, after)]
    old, new = (_SEMVER.fullmatch(text) for text in texts)
    if old is None or new is None:
        return
    was, now = ([int(part) for part in found.groups()] for found in (old, new))
    lead = 2 if was[0] == now[0] == 0 else 1
    if texts[0] == texts[1]:
        rule, title = "api-version-not-bumped", f"the version is {texts[1]} still, though something breaks"
    elif now < was:
        rule, title = "api-version-decreased", f"the version went back from {texts[0]} to {texts[1]}"
    elif now[:lead] == was[:lead]:
        rule = "api-major-version-not-bumped"
        title = f"the version went from {texts[0]} to {texts[1]} only, though something breaks"
    else:
        return
    here, there = (Point("/info/version", text) for text in texts)
    yield Finding(rule, Effect.DOCS, "none", "info.version", title, here, there)


def _info(space: Space) -> dict[str, Any]:
    info = space.root.get("info")
    return info if isinstance(info, dict) else {}
