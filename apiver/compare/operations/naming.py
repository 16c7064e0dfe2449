"""What a gap or a note is called: its rule, its subject and its sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from apiver.compare import rules
from apiver.compare.change import ABSENT, Effect
from apiver.compare.proofs.findings import Finding
from apiver.compare.proofs.trails import Trail
from apiver.compare.schemas.announcements import EXTENSIBLE, PROPERTY, Calendar, remarks
from apiver.compare.schemas.branches import among
from apiver.compare.schemas.gaps import Gap, Note, Point
from apiver.compare.schemas.outcomes import Edge, Outcome
from apiver.contract.pointer import join, split

_TYPE_WORDS = ("string", "number", "integer", "boolean", "array", "object", "null", "any", "none")
_IGNORED = "nothing is rejected, but what the client sends there is ignored now"
_NEVER_THERE = "clients must deal with its absence already, but it is never there now"
_OTHER_DEFAULT = "nothing is rejected, but a request that leaves it out means something else now"


class Label(NamedTuple):
    """A part of a message: which way it travels, what it is in a rule's id, and how people name it."""

    direction: rules.Direction
    what: str
    text: str


def of_gap(label: Label, gap: Gap, trail: Trail, *, forward: bool) -> Finding:
    """The finding that a gap stands for: a break, not yet proved, if `forward`; else a compatible change."""
    request = label.direction == "request"
    move: rules.Move = "narrowed" if request == forward else "widened"
    old, new = (gap.inner, gap.outer) if request == forward else (gap.outer, gap.inner)
    way, shared = _subject(label, trail)
    subject = way + (f".{gap.name}" if gap.name is not None else "")
    if gap.kind in ("required", "closed"):
        rule, title = _of_member(label.direction, gap, subject, move)
    else:
        how = rules.suffix(gap.kind, label.direction, move, bare=gap.inner.value is ABSENT)
        rule = f"{label.direction}-{_where(label, trail)}-{how}"
        title = rules.sentence(how, subject, _text(old.value), _text(new.value), _values(_lost(gap)))
    effect = Effect.COMPATIBLE if not forward else Effect.RISKY if gap.aside else Effect.BREAKING
    return Finding(
        rule,
        effect,
        label.direction,
        subject,
        title,
        old,
        new,
        reason=(gap.aside or gap.reason) if forward else None,
        fallback=gap if gap.fallback else None,
        name=gap.name or "",
        shared=shared + (subject.removeprefix(way) if shared else ""),
    )


def declares(gap: Gap) -> bool:
    """Whether the inner schema names the member that the outer one requires or forbids."""
    return gap.inner.pointer.endswith(join("/properties", gap.name or ""))


def _of_member(direction: rules.Direction, gap: Gap, subject: str, move: rules.Move) -> tuple[str, str]:
    """Rule and sentence for a member that became required or is not allowed."""
    if gap.kind == "closed":
        return {
            ("request", "narrowed"): ("request-property-removed", f"{subject} is not accepted any more"),
            ("request", "widened"): ("new-optional-request-property", f"{subject} may be sent now"),
            ("response", "widened"): (
                "response-forbidden-property-added",
                f"{subject} may be there now, where it was forbidden",
            ),
            ("response", "narrowed"): (
                "response-optional-property-removed",
                f"{subject} is not sent any more",
            ),
        }[direction, move]
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
    return table[direction, move, declares(gap)]


def of_note(label: Label, note: Note, trail: Trail, calendar: Calendar) -> Iterator[Finding]:
    """The findings that a note stands for: behaviour, where nothing is rejected, and what is announced."""
    if note.kind == "announced":
        yield from _of_announcement(label, note, trail, calendar)
    else:
        yield _of_behaviour(label, note, trail)


def _of_announcement(label: Label, note: Note, trail: Trail, calendar: Calendar) -> Iterator[Finding]:
    """Rules of policy: those of properties, and that of the listed values of a parameter."""
    request = label.direction == "request"
    rules = PROPERTY if label.what == "body" and trail.edge is not None else {}
    if request and (rules or (label.what == "parameter" and trail.edge is None)):
        rules = {**rules, EXTENSIBLE: EXTENSIBLE}
    old, new = (note.inner, note.outer) if request else (note.outer, note.inner)
    subject, shared = _subject(label, trail)
    for each in remarks(old.value, new.value, calendar):
        if each.how in rules:
            yield Finding(
                f"{label.direction}-{_where(label, trail)}-{rules[each.how]}",
                Effect.RISKY if each.reason else Effect.DOCS,
                label.direction,
                subject,
                f"{subject} {each.said}",
                *each.points(old.pointer, new.pointer),
                reason=each.reason or None,
                shared=shared,
            )


def _of_behaviour(label: Label, note: Note, trail: Trail) -> Finding:
    direction = label.direction
    request = direction == "request"
    old, new = (note.inner, note.outer) if request else (note.outer, note.inner)
    way, shared = _subject(label, trail)
    if note.kind == "default":
        return _of_default(direction, _where(label, trail), way, old, new)
    subject = f"{way}.{note.name}"
    shared = shared and f"{shared}.{note.name}"
    reason = None
    if request and note.kind != "only-outer":
        rule, effect, reason = "request-property-removed", Effect.RISKY, _IGNORED
        title = f"{subject} is not read any more"
    elif request:
        rule, effect, title = "new-optional-request-property", Effect.COMPATIBLE, f"{subject} may be sent now"
    elif note.kind == "only-outer":
        rule, effect, reason = "response-optional-property-removed", Effect.RISKY, _NEVER_THERE
        title = f"{subject} is not sent any more"
    else:
        how = "required" if note.kind == "required-only-inner" else "optional"
        rule, effect, title = f"response-{how}-property-added", Effect.COMPATIBLE, f"{subject} is new"
    return Finding(
        rule, effect, direction, subject, title, old, new, reason=reason, name=note.name, shared=shared
    )


def _of_default(direction: rules.Direction, where: str, subject: str, old: Point, new: Point) -> Finding:
    before, after = _text(old.value), _text(new.value)
    if old.value is ABSENT:
        how, title = "added", f"{subject} has the default {after} now"
    elif new.value is ABSENT:
        how, title = "removed", f"{subject} lost its default {before}"
    else:
        how, title = "changed", f"the default of {subject} went from {before} to {after}"
    effect = Effect.DOCS if direction == "response" else Effect.COMPATIBLE if how == "added" else Effect.RISKY
    reason = _OTHER_DEFAULT if effect is Effect.RISKY else None
    rule = f"{direction}-{where}-default-value-{how}"
    return Finding(rule, effect, direction, subject, title, old, new, reason=reason)


def _where(label: Label, trail: Trail) -> str:
    """The part of a rule's id that says whether the schema is the whole or a part of it."""
    inside = {"body": "property", "parameter": "parameter-property"}
    return inside.get(label.what, label.what) if trail.edge is not None else label.what


def _subject(label: Label, trail: Trail) -> tuple[str, str]:
    """How people name the part by the way to it, and by the component that it is ("" where it is none).

    The way starts at the nearest component around it that both sides share, else at the message.
    """
    edges = trail.edges()
    if not edges:
        return label.text, ""
    shared = _shared(edges[-1].target)
    if own := _same_name(edges[-1].at):
        return own, shared
    for at in range(len(edges) - 2, -1, -1):
        if around := _shared(edges[at].target):
            return around + _steps(edges[at + 1 :]), shared
    return label.text + _steps(edges), shared


def _shared(outcome: Outcome) -> str:
    """The name of a pair of schemas, if both sides call it the same."""
    return _same_name(tuple(each[0].pointer if each else "" for each in (outcome.inner, outcome.outer)))


def _same_name(pointers: tuple[str, ...]) -> str:
    names = {_component(pointer) for pointer in pointers}
    return names.pop() or "" if len(names) == 1 else ""


def _steps(edges: list[Edge]) -> str:
    return "".join("[]" if edge.step.into == "item" else f".{edge.step.key}" for edge in edges)


def _component(pointer: str) -> str | None:
    """`Order.status` for a pointer into a named schema, None for any other."""
    if not pointer.startswith("/components/schemas/"):
        return None
    name, *rest = split(pointer)[2:]
    while rest:
        key = rest.pop(0)
        if key == "properties" and rest:
            name += "." + rest.pop(0)
        elif key == "items":
            name += "[]"
        elif key in ("allOf", "anyOf", "oneOf", "prefixItems") and rest:
            rest.pop(0)
    return name


def _lost(gap: Gap) -> list[Any]:
    """The listed values of the inner side that the outer side does not take."""
    inner, outer = gap.inner.value, gap.outer.value
    if gap.kind != "enum" or not isinstance(inner, list):
        return []
    return (
        [each for each in inner if not among(each, outer)]
        if isinstance(outer, list)
        else list(gap.candidates)
    )


def _values(values: list[Any]) -> str:
    shown = [_text(value) for value in values[:5]]
    more = f" and {len(values) - 5} more" if len(values) > 5 else ""
    return ", ".join(shown) + more


def _text(value: Any) -> str:
    """A value as people write it: types plainly, everything else as JSON."""
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
