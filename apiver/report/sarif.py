"""A comparison as SARIF 2.1.0 (OASIS), the format of code scanning."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from apiver import __version__
from apiver.compare.change import ABSENT, Change, Comparison, Effect, Exchange, NotCompared, Part
from apiver.compare.rules import rule
from apiver.contract.document import Place
from apiver.report.account import account
from apiver.report.json import json_text, witness
from apiver.report.location import in_checkout, location, pinned
from apiver.report.shown import shown, value
from apiver.report.sides import Labels, labels
from apiver.report.text import reached

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0-rtm.5.json"
_LEVEL = {Effect.BREAKING: "error", Effect.RISKY: "warning", Effect.COMPATIBLE: "note", Effect.DOCS: "note"}
_WHOLE_BODY = 100_000
# What a message of SARIF would act on: a placeholder (3.11.5), and a link (3.11.6).
_PLACEHOLDER = re.compile(r"\{([0-9]+)\}")
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")


def sarif(comparison: Comparison) -> str:
    """A log of one run with every change as a result; what was not compared is a notification.

    A proof is there twice: in the words of the message, and as the web request and response (3.46, 3.47).
    """
    ids = list(dict.fromkeys(change.rule for change in comparison.changes))
    names = labels(comparison)
    run = {
        "tool": {
            "driver": {
                "name": "apiver",
                "semanticVersion": __version__,
                "rules": [_rule(rule_id) for rule_id in ids],
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(part) for part in comparison.not_compared],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(change, ids.index(change.rule), names) for change in comparison.changes],
        "properties": {"old": shown(comparison.old.name), "new": shown(comparison.new.name)},
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule_id: str) -> dict[str, Any]:
    try:
        known = rule(rule_id)
    except KeyError:
        return {"id": rule_id}
    return {
        "id": rule_id,
        "shortDescription": _message(known.title),
        "fullDescription": _message(f"{known.title}. {known.why}"),
        "helpUri": known.source.url,
        "help": _message(f"{known.why} What to do instead: {known.instead}."),
    }


def _result(change: Change, index: int, names: Labels) -> dict[str, Any]:
    title = f"{reached(change.operations, 3)}: {shown(change.title)}"
    place = location(change)
    others = [
        _location(pinned(part.place), f"{name}: {value(part.value, 200)}".rstrip(": "))
        for name, part in zip(names, (change.old, change.new), strict=True)
        if part.place is not None and in_checkout(part.place.file) and pinned(part.place) != place
    ]
    written: dict[str, Any] = {
        "ruleId": change.rule,
        "ruleIndex": index,
        "level": _LEVEL[change.effect],
        "message": _message("\n".join([title, *account(change, names)])),
        "locations": [_location(place)] if place else [{"logicalLocations": [_named(change)]}],
        "partialFingerprints": {"apiver/v1": change.fingerprint},
    }
    if others:
        written["relatedLocations"] = others
    if change.witness is not None:
        written |= _exchange(change.witness.rejected)
    written["properties"] = {
        "effect": change.effect.value,
        "direction": change.direction,
        "subject": shown(change.subject),
        "operations": [shown(str(operation)) for operation in change.operations],
        "old": _part(change.old),
        "new": _part(change.new),
        "witness": None if change.witness is None else witness(change.witness),
        "reason": change.reason,
        "inferred": change.inferred,
    }
    return written


def _part(part: Part) -> dict[str, Any]:
    written: dict[str, Any] = {"pointer": part.pointer}
    return written if part.value is ABSENT else {**written, "value": part.value}


def _named(change: Change) -> dict[str, str]:
    """A change without a place is still somewhere in the API (3.33)."""
    return {"fullyQualifiedName": shown(f"{change.new.pointer or change.old.pointer or '/'}")}


def _location(place: Place, said: str = "") -> dict[str, Any]:
    region = {"startLine": place.line, **({"startColumn": place.column} if place.column else {})}
    where = {"physicalLocation": {"artifactLocation": {"uri": _uri(place.file)}, "region": region}}
    return {**where, "message": _message(said)} if said else where


def _uri(file: str) -> str:
    """A file as a URI reference (RFC 3986): relative as it is, absolute as a `file:` URI."""
    name = file.encode("utf-8", "replace").decode()
    if name.startswith("/"):
        return "file://" + quote(name)
    if re.match(r"[A-Za-z]:/", name):
        return f"file:///{name[:2]}{quote(name[2:])}"
    return quote(name)


def _exchange(exchange: Exchange) -> dict[str, Any]:
    """The exchange that one side rules out: a request, or a response with its request."""
    about: dict[str, Any] = {"method": shown(exchange.method), "target": shown(exchange.url)}
    carried: dict[str, Any] = {"headers": {shown(name): shown(said) for name, said in exchange.headers}}
    if exchange.body is not ABSENT:
        carried["body"] = {"text": value(exchange.body, _WHOLE_BODY)}
    if exchange.status is None:
        return {"webRequest": {**about, **carried}}
    if exchange.selected:
        about["headers"] = {shown(name): shown(said) for name, said in exchange.selected}
    return {"webRequest": about, "webResponse": {"statusCode": exchange.status, **carried}}


def _notification(part: NotCompared) -> dict[str, Any]:
    said = f"{part.side} {shown(part.pointer)} was not compared: {shown(part.reason)}"
    written: dict[str, Any] = {"level": "note", "message": _message(said)}
    if part.place is not None and in_checkout(part.place.file):
        written["locations"] = [_location(pinned(part.place))]
    return written


def _message(text: str) -> dict[str, str]:
    return {"text": _LINK.sub(r"\\[", _PLACEHOLDER.sub(r"{{\1}}", text))}
