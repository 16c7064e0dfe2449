"""Flask-HTTPAuth: basic, token, digest and several of them (`MultiAuth`)."""

from __future__ import annotations

import ast
import inspect
import types
from typing import Any

from apiver.reading.inference.conditions.truth import truth
from apiver.reading.inference.frame import Arguments, Credential, Dead, Frame
from apiver.reading.inference.program.scope import GLOBALS
from apiver.reading.inference.requests.guards.credentials import demand, http, key, refuse
from apiver.reading.inference.values.shapes import (
    Known,
    Live,
    Object,
    Tuple,
    Typed,
    Unknown,
    Value,
    options,
    union,
)
from apiver.reading.sources.objects import free_variables

MODULE = "flask_httpauth"
_USER = "flask_httpauth_user"


def guard(function: types.FunctionType, frame: Frame, node: ast.AST) -> bool:
    """Whether `function` was made by `auth.login_required`; what it demands is written down."""
    if function.__globals__.get("__name__") != MODULE or not hasattr(function, "__wrapped__"):
        return False
    held = free_variables(function)
    auth, optional, role = held.get("self"), bool(held.get("optional")), held.get("role")
    if auth is None:
        return False
    extensions = [auth.main_auth, *auth.additional_auths] if type(auth).__name__ == "MultiAuth" else [auth]
    if not optional:
        for status in (401, 403) if role is not None else (401,):
            _refuse(extensions[0], status, frame, node)
    open_to_all = any(_lets_anybody_in(each, frame, node) for each in extensions)
    demand(((_credential(each),) for each in extensions), frame, optional=optional or open_to_all)
    users = [_user(each, frame, node) for each in extensions]
    held_by_g = frame.state.heap[GLOBALS.address]
    assert isinstance(held_by_g, Object)
    user = union([*users, Known(None)] if optional else users)
    frame.state.heap[GLOBALS.address] = Object(held_by_g.cls, {**held_by_g.attributes, _USER: user})
    return True


def current_user(frame: Frame, node: ast.AST) -> Value:
    """`auth.current_user()`: what the callback that verified the credentials returned."""
    held = frame.state.heap[GLOBALS.address]
    user = held.attributes.get(_USER) if isinstance(held, Object) else None
    return frame.unknown("no guard of Flask-HTTPAuth was passed here", node) if user is None else user


def _credential(auth: Any) -> Credential:
    header = getattr(auth, "header", None)
    if header and header.lower() != "authorization":
        return key("header", header)
    return http(auth.scheme)


def _refuse(auth: Any, status: int, frame: Frame, node: ast.AST) -> None:
    handler = free_variables(auth.auth_error_callback).get("f")
    if not isinstance(handler, types.FunctionType) or handler.__globals__.get("__name__") == MODULE:
        answer: Value = Tuple((Known("Unauthorized Access"), Known(status)))
    else:
        given = (Known(status),) if inspect.signature(handler).parameters else ()
        try:
            answer = frame.reader.call(Live(handler), Arguments(given), frame, node)
        except Dead:
            return
    plain = not isinstance(frame.state.cell(answer), Tuple)
    refuse(answer, frame, node, status=401 if plain else None, scheme=auth.scheme)


def _callback(auth: Any) -> tuple[Any, int]:
    """The function of the program that verifies credentials, and how many of them it is handed."""
    for name, count in (("verify_password_callback", 2), ("verify_token_callback", 1)):
        if getattr(auth, name, None) is not None:
            return getattr(auth, name), count
    return None, 0


def _lets_anybody_in(auth: Any, frame: Frame, node: ast.AST) -> bool:
    """Whether the callback accepts a request without credentials, for which it is handed empty strings."""
    callback, count = _callback(auth)
    value = _called(callback, (Known(""),) * count, frame, node, keep=False)
    # Where it depends on what is stored, nobody has an empty name.
    return truth(value, frame.state) is True


def _user(auth: Any, frame: Frame, node: ast.AST) -> Value:
    callback, count = _callback(auth)
    value = _called(callback, (Typed(str),) * count, frame, node, keep=True)
    found = [option for option in options(value) if option not in (Known(None), Known(False))]
    return union(Typed(str) if option in (Known(True), Typed(bool)) else option for option in found)


def _called(callback: Any, given: tuple[Value, ...], frame: Frame, node: ast.AST, *, keep: bool) -> Value:
    if callback is None:
        return Typed(str) if keep else Known(False)
    before, raises, mark = frame.state.fork(), len(frame.raises), frame.reader.journal.mark()
    try:
        value = frame.reader.call(Live(callback), Arguments(given), frame, node)
    except Dead:
        value = Unknown("the callback that verifies credentials never returns")
    if not keep or isinstance(value, Unknown):
        value = frame.state.frozen(value)
        frame.state = before
        del frame.raises[raises:]
        frame.reader.journal.cut(mark)
    return value
