"""A comparison as JSON, as `comparison.schema.json` beside this module describes it."""

from __future__ import annotations

import json as standard
from typing import Any

import orjson

from apiver.compare.change import (
    ABSENT,
    Change,
    Comparison,
    Effect,
    Exchange,
    NotCompared,
    OperationRef,
    Part,
    SideSummary,
    Witness,
)
from apiver.contract.document import Place

FORMAT = "1"


def json(comparison: Comparison) -> str:
    """The whole comparison as one JSON object, the same text for the same comparison on every run."""
    return json_text(report(comparison))


def json_text(value: Any) -> str:
    """A value as indented JSON, whatever it holds: integers of any length, halves of characters, depth."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n"
    except TypeError:
        # Integers of more than 64 bits, halves of characters, more than 254 levels.
        return standard.dumps(value, indent=2) + "\n"


def report(comparison: Comparison) -> dict[str, Any]:
    """The whole comparison as the value that `comparison.schema.json` describes.

    Keys are always there, null where nothing is known, with two exceptions: `value` and `body` are left out
    where there is no value, because null is a value; `steps` is there where an explanation was asked for.
    """
    return {
        "apiver": FORMAT,
        "old": _side(comparison.old),
        "new": _side(comparison.new),
        "summary": {effect.value: comparison.count(effect) for effect in Effect},
        "changes": [_change(change) for change in comparison.changes],
        "not_compared": [_not_compared(part) for part in comparison.not_compared],
    }


def _side(side: SideSummary) -> dict[str, Any]:
    return {"name": side.name, "title": side.title, "version": side.version, "operations": side.operations}


def _change(change: Change) -> dict[str, Any]:
    return {
        "rule": change.rule,
        "effect": change.effect.value,
        "direction": change.direction,
        "subject": change.subject,
        "title": change.title,
        "operations": [_operation(operation) for operation in change.operations],
        "old": _part(change.old),
        "new": _part(change.new),
        "witness": None if change.witness is None else witness(change.witness),
        "reason": change.reason,
        "fingerprint": change.fingerprint,
        "inferred": change.inferred,
        **({"steps": list(change.steps)} if change.steps else {}),
    }


def _operation(operation: OperationRef) -> dict[str, Any]:
    return {"method": operation.method, "path": operation.path}


def _part(part: Part) -> dict[str, Any]:
    written = {"pointer": part.pointer, **_place(part.place)}
    return written if part.value is ABSENT else {**written, "value": part.value}


def _place(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"file": None, "line": None, "column": None}
    return {"file": place.file, "line": place.line, "column": place.column or None}


def witness(proof: Witness) -> dict[str, Any]:
    """A counterexample as the report says it."""
    return {
        "direction": proof.direction,
        "accepted": _exchange(proof.accepted),
        "rejected": _exchange(proof.rejected),
        "accepted_by": proof.accepted_by,
        "rejected_by": proof.rejected_by,
        "reason": proof.reason,
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    written = {
        "method": exchange.method,
        "url": exchange.url,
        "status": exchange.status,
        "headers": [{"name": name, "value": value} for name, value in exchange.headers],
    }
    if exchange.selected:
        written["request_headers"] = [{"name": name, "value": value} for name, value in exchange.selected]
    return written if exchange.body is ABSENT else {**written, "body": exchange.body}


def _not_compared(part: NotCompared) -> dict[str, Any]:
    return {"side": part.side, "pointer": part.pointer, "reason": part.reason, **_place(part.place)}
