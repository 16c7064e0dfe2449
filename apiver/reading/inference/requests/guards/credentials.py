"""Credentials as OpenAPI's security schemes name them, and how a guard is written down."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from werkzeug.exceptions import HTTPException

from apiver.reading.inference.frame import Credential, Frame, Guard
from apiver.reading.inference.program.exceptions import REFUSAL
from apiver.reading.inference.responses.replies import reply_of, set_header
from apiver.reading.inference.values.facts import PRESENT, Fact, Subject
from apiver.reading.inference.values.shapes import (
    Known,
    Object,
    Ref,
    Reply,
    Typed,
    Union,
    Unknown,
    Value,
    mapped,
)


def http(scheme: str, **more: str) -> Credential:
    """An HTTP authentication scheme (RFC 9110, section 11): "basic", "bearer", "digest" ..."""
    name = scheme.lower()
    return Credential(f"{name}Auth", (("type", "http"), ("scheme", name), *more.items()))


def key(location: str, name: str, called: str | None = None) -> Credential:
    """A key in a header, cookie or query parameter."""
    return Credential(called or name, (("type", "apiKey"), ("in", location), ("name", name)))


def session(config: Any) -> Credential:
    """The cookie of Flask's session."""
    return key("cookie", str(config.get("SESSION_COOKIE_NAME", "session")), "session")


def demand(ways: Iterable[tuple[Credential | Subject, ...]], frame: Frame, *, optional: bool = False) -> Fact:
    """Write a guard down; returns the fact that somebody got past it, which is learned if all have to."""
    found = tuple(ways)
    guard = Guard(found, optional)
    if guard not in frame.reader.journal.guards:
        frame.reader.journal.guards.append(guard)
    fact = Fact(subject_of(guard), PRESENT)
    if not optional:
        frame.state.learn(fact)
    return fact


def subject_of(guard: Guard) -> Subject:
    """The part of the request that stands for having passed a guard."""
    ways = " | ".join(
        " & ".join(str(one) if isinstance(one, Subject) else one.name for one in way) for way in guard.ways
    )
    return Subject("guard", (ways,))


def refuse(
    answer: Value, frame: Frame, node: ast.AST, *, status: int | None = None, scheme: str = ""
) -> None:
    """Note that a guard may answer by itself. `status` stands where the answer says none, 200 that is."""
    made = reply_of(answer, frame, node)

    def finished(option: Value) -> Value:
        content = frame.state.cell(option)
        if not isinstance(content, Reply):
            reason = content if isinstance(content, Unknown) else frame.unknown("it answers by itself", node)
            content = Reply(
                Known(status) if status else reason, reason, reason, False, place=frame.place(node)
            )
        elif status is not None and content.status == Known(200):
            content = Reply(
                Known(status), content.media, content.body, content.json, content.headers, content.place
            )
        copy = frame.allocate(content)
        if scheme and not any(name.lower() == "www-authenticate" for name in content.headers):
            set_header(copy, Known("WWW-Authenticate"), Typed(str), frame, node)
        return copy

    answered = mapped(made, finished)
    for option in answered.options if isinstance(answered, Union) else (answered,):
        assert isinstance(option, Ref)
        frame.may_raise(Object(HTTPException, {"response": option, REFUSAL: Known(True)}), frame.place(node))


def unread_answer(reason: str, status: int, frame: Frame, node: ast.AST) -> None:
    """Note that a guard refuses with `status` and a body that is not known."""
    unknown = frame.unknown(reason, node)
    reply = frame.allocate(Reply(Known(status), unknown, unknown, False, place=frame.place(node)))
    frame.may_raise(Object(HTTPException, {"response": reply}), frame.place(node))
