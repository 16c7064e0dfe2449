"""Flask-Login: `login_required`, checks of `current_user`, and what the program's loaders read."""

from __future__ import annotations

import ast
import sys
import types
from typing import Any

import flask
from werkzeug.exceptions import Unauthorized

from apiver.reading.inference.conditions.truth import truth
from apiver.reading.inference.frame import Arguments, Credential, Dead, Frame
from apiver.reading.inference.requests.guards.credentials import demand, refuse, session
from apiver.reading.inference.requests.guards.makers import maker_of
from apiver.reading.inference.values.facts import NOTHING, Fact, Subject
from apiver.reading.inference.values.shapes import (
    NONE,
    Header,
    Known,
    Live,
    Object,
    Reply,
    Typed,
    Value,
    options,
    union,
)

MODULE = "flask_login.utils"
_GUARDS = ("login_required", "fresh_login_required")


def guard(function: types.FunctionType, frame: Frame, node: ast.AST) -> bool:
    """Whether `function` was made by `login_required`; what it demands is written down."""
    if function.__globals__.get("__name__") != MODULE or not hasattr(function, "__wrapped__"):
        return False
    maker = maker_of(function, _GUARDS)
    if not maker or frame.reader.shared.app.config.get("LOGIN_DISABLED"):
        return bool(maker)
    _refuse("needs_refresh" if maker == "fresh_login_required" else "unauthorized", frame, node)
    if maker == "fresh_login_required":
        _refuse("unauthorized", frame, node)
    demand(_ways(frame, node), frame)
    return True


def is_current_user(value: Any) -> bool:
    """Whether a live object is the proxy `current_user`."""
    return value is not None and value is getattr(sys.modules.get(MODULE), "current_user", None)


def user_attribute(name: str, frame: Frame, node: ast.AST) -> Value:
    """`current_user.name`: whether somebody is signed in, or what the program's own loader finds."""
    if name in ("is_authenticated", "is_anonymous", "is_active"):
        before = frame.state.facts
        passed = demand(_ways(frame, node), frame)
        frame.state.facts = before
        yes, no = (NOTHING, _fact(passed)) if name == "is_anonymous" else (_fact(passed), NOTHING)
        return Typed(bool, when_true=yes, when_false=no)
    user = _loaded(frame, node)
    if user is None:
        return frame.unknown("no user_loader of the program says what current_user is", node)
    return frame.reader.attribute(user, name, frame, node)


def _fact(fact: Fact) -> frozenset[Fact]:
    return frozenset({fact})


def _manager(frame: Frame) -> Any:
    return getattr(frame.reader.shared.app, "login_manager", None)


def _loaded(frame: Frame, node: ast.AST) -> Value | None:
    """What the user loader makes of an id, if not None."""
    loader = getattr(_manager(frame), "_user_callback", None)
    if not isinstance(loader, types.FunctionType):
        return None
    value = _aside(loader, (Typed(str),), frame, node)
    found = [
        option for option in options(value) if option != NONE and truth(option, frame.state) is not False
    ]
    return union(frame.allocate(o) if isinstance(o, Object) else o for o in found) if found else None


def _aside(function: Any, given: tuple[Value, ...], frame: Frame, node: ast.AST) -> Value:
    """The value of a call that leaves no trace in the reading."""
    before, raises, mark = frame.state.fork(), len(frame.raises), frame.reader.journal.mark()
    try:
        value = frame.reader.call(Live(function), Arguments(given), frame, node)
        return frame.state.frozen(value)
    except Dead:
        return NONE
    finally:
        frame.state = before
        del frame.raises[raises:]
        frame.reader.journal.cut(mark)


def _ways(frame: Frame, node: ast.AST) -> list[tuple[Credential | Subject, ...]]:
    """The session, or what the request loader of the program looks at."""
    ways: list[tuple[Credential | Subject, ...]] = []
    manager = _manager(frame)
    if getattr(manager, "_user_callback", None) is not None or manager is None:
        ways.append((session(frame.reader.shared.app.config),))
    loader = getattr(manager, "_request_callback", None)
    if isinstance(loader, types.FunctionType):
        before, raises = frame.state.fork(), len(frame.raises)
        size = len(frame.reader.journal.reads)
        try:
            frame.reader.call(Live(loader), Arguments((Live(flask.request),)), frame, node)
        except Dead:
            pass
        finally:
            frame.state = before
            del frame.raises[raises:]
        ways += [(read.subject,) for read in frame.reader.journal.reads[size:]]
    return list(dict.fromkeys(ways))


def _refuse(name: str, frame: Frame, node: ast.AST) -> None:
    manager = _manager(frame)
    if manager is None:
        return
    handler = getattr(manager, f"{name}_callback" if name == "unauthorized" else "needs_refresh_callback")
    if handler is not None:
        try:
            refuse(frame.reader.call(Live(handler), Arguments(), frame, node), frame, node)
        except Dead:
            return
        return
    blueprint = frame.reader.route.endpoint.rpartition(".")[0]
    view = manager.blueprint_login_views.get(blueprint, manager.login_view)
    if name != "unauthorized":
        view = manager.refresh_view
    if view:
        location = {"Location": Header(Typed(str), True, frame.place(node))}
        page = Reply(Known(302), Known("text/html"), Typed(str), False, location, frame.place(node))
        refuse(frame.allocate(page), frame, node)
        return
    frame.may_raise(Object(Unauthorized, {}), frame.place(node))
