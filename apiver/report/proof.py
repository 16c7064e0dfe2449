"""A witness in words: the request or the response that can be read, and what each side says to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from apiver.compare.change import ABSENT, Absent, Change, Exchange
from apiver.report.shown import elided, shown, value
from apiver.report.sides import Labels

_LONGEST_REASON = 240
# A body that was shown before.
_KNOWN: dict[type, str] = {dict: "{...}", list: "[...]", Absent: ""}
# `body.lines[].isbn` names the keys lines and isbn of whatever it begins with.
_KEY = re.compile(r"[^.\[\]]+")


class Step(NamedTuple):
    """One line of a proof: what is sent, and what a side says to it."""

    message: str
    verdict: str


def proof(change: Change, names: Labels, room: int) -> Iterator[Step]:
    """The steps of a change's witness, none where it has none; a message takes about `room` characters.

    A request that goes to the same URL on both sides is one step, and so is a response.
    """
    witness = change.witness
    if witness is None:
        return
    about = _KEY.findall(change.subject)[1:]
    accepting = names.old if witness.accepted_by == "old" else names.new
    rejecting = names.old if witness.rejected_by == "old" else names.new
    reason = shown(elided(witness.reason, _LONGEST_REASON))
    accepted = _message(witness.accepted, room, about)
    if witness.accepted_by == "new":
        yield Step(accepted, f"{accepting} may send it, {rejecting} rules it out: {reason}")
    elif change.direction == "response":
        yield Step(accepted, f"{accepting} may send it, {rejecting} does not: {reason}")
    elif (witness.accepted.url, witness.accepted.headers) == (witness.rejected.url, witness.rejected.headers):
        yield Step(accepted, f"{accepting} accepts, {rejecting} rejects: {reason}")
    else:
        yield Step(accepted, f"{accepting} accepts")
        yield Step(_message(witness.rejected, room, about, again=True), f"{rejecting} rejects: {reason}")


def _message(exchange: Exchange, room: int, about: list[str], *, again: bool = False) -> str:
    """An exchange in one line. Said `again`, it differs from the one before in what names its version."""
    line = shown(f"{exchange.method} {exchange.url}")
    line += "".join(shown(f" [{name}: {said}]") for name, said in exchange.selected)
    if exchange.status is not None:
        line += f" -> {exchange.status}"
    headers = [f"[{name}: {said}]" for name, said in exchange.headers if not _needless(exchange, name, said)]
    room = max(room - len(line), 40)
    body = _KNOWN.get(type(exchange.body), "...") if again else value(exchange.body, room, about)
    return " ".join(part for part in (line, *map(shown, headers), body) if part)


def _needless(exchange: Exchange, name: str, said: str) -> bool:
    """A JSON body needs no word about its type."""
    return name.lower() == "content-type" and said == "application/json" and exchange.body is not ABSENT
