"""How a client moves with a change: what its author does, where the catalogue speaks to the API's author."""

from __future__ import annotations

import re

from apiver.compare.change import Change, Effect
from apiver.report.shown import shown, value

_ROOM = 80
# By the id of the rule; the first that fits speaks.
_MOVES = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        ("^api-moved", "call {new} instead"),
        ("^api-removed", "stop calling it"),
        ("^api-server-removed", "call one of {new}"),
        ("^api-security-", "check which credentials you send"),
        ("^endpoint-added-shadows", "check which operation answers you"),
        ("^(webhook|callback)-removed", "do not wait for it any more"),
        ("^(webhook|callback)-", "check how you receive it"),
        ("^new-required-|^request-.*became-required$|^request-body-added-required", "send {subject}"),
        ("^request-(parameter|property|body)-removed", "leave {subject} out"),
        ("^request-.*-(enum-value-removed|became-enum)$", "send one of {new}"),
        ("^request-.*-became-not-nullable$", "do not send null as {subject}"),
        ("^request-.*-default-value-changed$", "send {subject} where you count on the old default, {old}"),
        ("^request-.*-default-value-removed$", "send {subject} where you count on its default, {old}"),
        ("^request-.*-type-", "send {subject} in its new type"),
        ("^request-.*-(min|max|length|pattern|format|multiple-of)", "keep {subject} within what it says now"),
        ("^request-", "check that what you send as {subject} still fits"),
        ("^response-.*-enum-value-added$", "be ready for the new value of {subject}"),
        ("^response-.*-became-nullable$", "be ready for null as {subject}"),
        ("^response-.*-type-", "read {subject} in its new type"),
        ("^response-.*status-added$", "be ready for that status"),
        ("^response-.*status-removed$", "do not wait for that status"),
        ("response-.*(property|header)-(removed|became-optional)$", "do not count on {subject} being there"),
        ("response-", "check how you read {subject}"),
    )
)


def move(change: Change) -> str:
    """What a client does about a change; empty where it has nothing to do."""
    if change.effect not in (Effect.BREAKING, Effect.RISKY):
        return ""
    for pattern, said in _MOVES:
        if pattern.search(change.rule):
            return said.format(
                subject=shown(change.subject), old=_value(change.old.value), new=_value(change.new.value)
            )
    return ""


def _value(found: object) -> str:
    """A value in words: a text as it is, a list as its items."""
    if isinstance(found, str):
        return shown(found)
    if isinstance(found, list) and len(written := ", ".join(value(item, _ROOM) for item in found)) <= _ROOM:
        return written
    return value(found, _ROOM)
