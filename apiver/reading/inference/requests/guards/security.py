"""Flask-Security: `auth_required`, `http_auth_required`, `auth_token_required`, roles and permissions."""

from __future__ import annotations

import ast
import types
from collections.abc import Mapping
from typing import Any

from apiver.reading.inference.frame import Arguments, Credential, Dead, Frame
from apiver.reading.inference.program.scope import lift
from apiver.reading.inference.requests.guards.credentials import (
    demand,
    http,
    key,
    refuse,
    session,
    unread_answer,
)
from apiver.reading.inference.requests.guards.makers import maker_of
from apiver.reading.inference.values.facts import Subject
from apiver.reading.inference.values.shapes import Live
from apiver.reading.sources.objects import free_variables

MODULE = "flask_security.decorators"
_ORDER = ("token", "session", "basic")
_METHODS: Mapping[str, tuple[str, ...]] = {
    "http_auth_required": ("basic",),
    "auth_token_required": ("token",),
}
_ROLES = ("roles_required", "roles_accepted", "permissions_required", "permissions_accepted")


def guard(function: types.FunctionType, frame: Frame, node: ast.AST) -> bool:
    """Whether `function` was made by a guard of Flask-Security; what it demands is written down."""
    if function.__globals__.get("__name__") != MODULE or not hasattr(function, "__wrapped__"):
        return False
    maker = maker_of(function, (*_ROLES, "auth_required", "http_auth_required", "auth_token_required"))
    if maker in _ROLES:
        held = free_variables(function)
        wanted = list(held.get("roles") or held.get("fsperms") or ())
        _refuse("_unauthz_handler", [maker, wanted], 403, frame, node)
        demand(_ways(("session", "token"), frame), frame)
        return True
    methods = _METHODS.get(maker)
    if maker == "auth_required":
        held = free_variables(function)
        said = (function.__kwdefaults__ or {}).get("auth_methods", held.get("auth_methods")) or (
            "session",
            "token",
        )
        if not all(isinstance(method, str) for method in said):
            return False
        methods = tuple(method for method in _ORDER if method in said)
    if methods is None:
        return False
    _refuse("_unauthn_handler", [list(methods)], 401, frame, node)
    demand(_ways(methods, frame), frame)
    return True


def _ways(methods: tuple[str, ...], frame: Frame) -> list[tuple[Credential | Subject, ...]]:
    config = frame.reader.shared.app.config
    found: list[tuple[Credential | Subject, ...]] = []
    for method in methods:
        if method == "token":
            found.append((key("header", str(config.get("SECURITY_TOKEN_AUTHENTICATION_HEADER"))),))
            found.append((key("query", str(config.get("SECURITY_TOKEN_AUTHENTICATION_KEY"))),))
        else:
            found.append((http("basic") if method == "basic" else session(config),))
    return found


def _refuse(name: str, given: list[Any], status: int, frame: Frame, node: ast.AST) -> None:
    extension = frame.reader.shared.app.extensions.get("security")
    handler = getattr(extension, name, None)
    own = isinstance(handler, types.FunctionType) and not handler.__module__.startswith("flask_security")
    if not own:
        unread_answer("Flask-Security answers by what the client accepts", status, frame, node)
        return
    try:
        answer = frame.reader.call(Live(handler), Arguments(tuple(map(lift, given))), frame, node)
    except Dead:
        return
    refuse(answer, frame, node, status=status)
