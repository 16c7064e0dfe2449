"""How Flask turns what a view returns or raises into responses: error handlers, hooks and all."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from apiver.contract.document import Place
from apiver.reading.inference.extensions import reports, resources
from apiver.reading.inference.frame import Arguments, Dead, Frame, Note, Raised
from apiver.reading.inference.models.members import static
from apiver.reading.inference.program.exceptions import REFUSAL, exception_class
from apiver.reading.inference.program.scope import GLOBALS, is_library
from apiver.reading.inference.responses.encoding import encoded, own_default
from apiver.reading.inference.responses.replies import HTML, NO_RESPONSE, reply_of, status_of
from apiver.reading.inference.values.facts import Facts
from apiver.reading.inference.values.shapes import (
    NONE,
    Known,
    Label,
    Live,
    Object,
    Record,
    Reply,
    Typed,
    Unknown,
    Value,
    alternatives,
    options,
)
from apiver.reading.inference.values.state import State


@dataclass(frozen=True, slots=True)
class Outcome:
    """One response of a view: its status (None where it is computed), and what held by then.

    `followed` is false where it stands for code that was not read, `library` true where that code is a
    decorator or hook of a library around the view. A `refusal` is how a guard turns somebody away.
    """

    status: int | None
    reply: Reply
    facts: Facts
    place: Place | None
    reason: str | None = None
    followed: bool = True
    library: bool = False
    refusal: bool = False


def outcomes(value: Value, state: State, place: Place, frame: Frame, node: ast.AST) -> Iterator[Outcome]:
    """The responses that Flask makes of a value that a view, a hook or an error handler returns."""
    frame.state, frame.alive = state, True
    made = reply_of(value, frame, node, place)
    for option, given in alternatives(made):
        facts = state.facts | given
        if isinstance(option, Unknown) and option.reason == NO_RESPONSE:
            frame.reader.journal.notes.append(Note(option.reason, place))
            continue
        frame.state, frame.alive = state.fork(), True
        finished = _after_request(option, frame, node)
        reply = frame.state.cell(finished)
        if not isinstance(reply, Reply):
            reason = reply.reason if isinstance(reply, Unknown) else "the response could not be read"
            unknown = Unknown(reason, getattr(reply, "place", None) or place)
            yield Outcome(None, Reply(unknown, unknown, unknown, False, place=place), facts, place, reason)
            continue
        body = None if reply.body is None else frame.state.frozen(reply.body)
        provider = frame.reader.shared.app.json
        if reply.json and body is not None and own_default(provider, frame.reader.shared.own):
            default = frame.reader.attribute(Live(provider), "default", frame, node)
            body = encoded(body, default, frame, node)
        headers = {
            name: replace(header, value=frame.state.frozen(header.value))
            for name, header in reply.headers.items()
        }
        reply = replace(reply, body=body, headers=headers, place=reply.place or place)
        for status in options(reply.status):
            known = status.value if isinstance(status, Known) and isinstance(status.value, int) else None
            why = status.reason if isinstance(status, Unknown) else None
            yield Outcome(known, reply, facts, reply.place, why)


def _after_request(reply: Value, frame: Frame, node: ast.AST) -> Value:
    app = frame.reader.shared.app
    for name in (*blueprints(frame), None):
        for hook in reversed(app.after_request_funcs.get(name, ())):
            if type(hook) is not FunctionType or is_library(hook, frame.reader.shared.own):
                continue
            try:
                changed = frame.reader.call(Live(hook), Arguments((reply,)), frame, node)
            except Dead:
                continue
            if isinstance(frame.state.cell(changed), Reply):
                reply = changed
    return reply


def blueprints(frame: Frame) -> list[str]:
    """The blueprints of the route, the innermost first, as `request.blueprints` says them."""
    name = frame.reader.route.endpoint.rpartition(".")[0]
    found = []
    while name:
        found.append(name)
        name = name.rpartition(".")[0]
    return found


def answered(raised: Raised, frame: Frame, node: ast.AST, depth: int = 0) -> Iterator[Outcome]:
    """The responses to an exception that leaves a view: by the handler that Flask would choose.

    One that is like an exception before it is answered alike; what held by then, and where, is its own.
    """
    state, place = raised.state, raised.place
    like = (state.frozen(raised.value), state.frozen(GLOBALS), depth)
    known = frame.reader.handled.get(like)
    if known is None:
        made = tuple(_answered(raised, frame, node, depth))
        known = tuple((outcome, outcome.facts - state.facts, outcome.place == place) for outcome in made)
        frame.reader.handled[like] = known
        yield from made
        return
    for outcome, more, there in known:
        reply = replace(outcome.reply, place=place) if there else outcome.reply
        yield replace(outcome, reply=reply, facts=state.facts | more, place=place if there else outcome.place)


def _answered(raised: Raised, frame: Frame, node: ast.AST, depth: int) -> Iterator[Outcome]:
    state = raised.state.fork()
    state.names = {}
    frame.state, frame.alive, frame.raises = state, True, []
    content = state.cell(raised.value)
    attributes = content.attributes if isinstance(content, Object) else {}
    response = attributes.get("response")
    given = response is not None and response != NONE
    cls = exception_class(raised.value, state)
    code = _code(cls, attributes, frame, node)
    status = code.value if isinstance(code, Known) else None
    # `Flask.handle_http_exception` hands no exception without a status (`abort(response)`) to a handler.
    proxy = given and status is None
    handler = None if proxy else error_handler(frame.reader.shared.app, cls, status, frame)
    by_api = False
    for of_api in () if given else resources.answers(raised, cls, frame, node):
        if of_api is None:
            return
        if isinstance(of_api, Reply):
            yield from _handled(
                outcomes(frame.allocate(of_api), state, raised.place, frame, node), raised.place
            )
            return
        handler, by_api = of_api, True
    if response is not None and given and handler is None:
        turned_away = attributes.get(REFUSAL) is not None
        for outcome in outcomes(response, state, raised.place, frame, node):
            yield replace(outcome, place=raised.place, refusal=turned_away)
        return
    if handler is None and not issubclass(cls, HTTPException):
        # It ends as an Internal Server Error, as any view may: that is no part of the contract.
        return
    if handler is None or (handler[1] in (Exception, BaseException) and not issubclass(cls, HTTPException)):
        if issubclass(cls, HTTPException):
            page = Reply(code, Known(HTML), Typed(str), False, place=raised.place)
            for option in options(code):
                known = option.value if isinstance(option, Known) else None
                yield Outcome(known, page, state.facts, raised.place, getattr(option, "reason", None))
        return
    told = reports.report(handler[0], cls, code, attributes, raised.place)
    if told is not None:
        yield from _handled(outcomes(frame.allocate(told), state, raised.place, frame, node), raised.place)
        return
    instance = raised.value
    if isinstance(instance, Object):
        instance = frame.allocate(instance)
    try:
        value = frame.reader.call(Live(handler[0]), Arguments((instance,)), frame, node)
    except Dead:
        pass
    else:
        value = resources.reported(value, frame, node) if by_api else value
        yield from _handled(outcomes(value, frame.state, raised.place, frame, node), raised.place)
    if depth < 2:
        for again in list(frame.raises):
            yield from answered(again, frame, node, depth + 1)


def _handled(found: Iterator[Outcome], place: Place) -> Iterator[Outcome]:
    # The line that matters is the one that raises, not the one of the handler. Its record has one name for
    # all operations, so that a change of the handler is one change.
    for outcome in found:
        body = outcome.reply.body
        if isinstance(body, Record) and body.fields and body.label is None:
            named = replace(body, label=Label("Error", "error"))
            yield replace(outcome, place=place, reply=replace(outcome.reply, body=named))
        else:
            yield replace(outcome, place=place)


def _code(cls: type, attributes: Any, frame: Frame, node: ast.AST) -> Value:
    if not issubclass(cls, HTTPException):
        return NONE
    held = attributes.get("code")
    if held is not None:
        return status_of(held, frame, node)
    code = static(cls, "code")
    return Known(code) if isinstance(code, int) else Unknown("an exception without a status")


def error_handler(
    app: Flask, cls: type[BaseException], code: int | None, frame: Frame
) -> tuple[Callable[..., Any], type] | None:
    """The handler that Flask would call for an exception, and the class that it is registered for.

    `Flask._find_error_handler`: by status before none, by blueprint before the app, then by the MRO.
    """
    for wanted in (code, None) if code is not None else (None,):
        for name in (*blueprints(frame), None):
            registered = app.error_handler_spec.get(name, {}).get(wanted, {})
            for parent in cls.__mro__:
                if parent in registered:
                    return registered[parent], parent
    return None
