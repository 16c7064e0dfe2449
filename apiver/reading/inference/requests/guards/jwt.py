"""Flask-JWT-Extended: `jwt_required` and `verify_jwt_in_request`, with what the app's configuration says."""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Iterator
from typing import Any

from apiver.reading.inference.frame import Arguments, Credential, Frame, Read
from apiver.reading.inference.requests.guards.credentials import demand, http, key
from apiver.reading.inference.values.facts import PRESENT, Fact, Subject
from apiver.reading.inference.values.shapes import NONE, Known, Listing, Object, Tuple, Value
from apiver.reading.sources.objects import free_variables

MODULE = "flask_jwt_extended.view_decorators"
_PARAMETERS = ("optional", "fresh", "refresh", "locations", "verify_type", "skip_revocation_check")


def guard(function: types.FunctionType, frame: Frame, node: ast.AST) -> bool:
    """Whether `function` was made by `jwt_required`; what it demands is written down."""
    if function.__globals__.get("__name__") != MODULE or not hasattr(function, "__wrapped__"):
        return False
    held = free_variables(function)
    if "fn" not in held or "optional" not in held:
        return False
    _verify({name: held.get(name) for name in _PARAMETERS}, frame, node)
    return True


def verify(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`verify_jwt_in_request(optional, fresh, refresh, locations, ...)`."""
    said: dict[str, Any] = {"verify_type": True}
    for position, name in enumerate(_PARAMETERS):
        given = arguments.get(position, name)
        if isinstance(given, Known):
            said[name] = given.value
        elif given is not None:
            said[name] = _words(frame.state.cell(given))
    _verify(said, frame, node)
    return NONE


def rules() -> dict[int, Any]:
    """The rule of `verify_jwt_in_request`, where the app has the extension loaded."""
    live = getattr(sys.modules.get(MODULE), "verify_jwt_in_request", None)
    return {} if live is None else {id(live): verify}


def _words(value: Value) -> list[Any]:
    items = value.items if isinstance(value, Tuple) else value.exact if isinstance(value, Listing) else ()
    return [item.value for item in items or () if isinstance(item, Known)]


def _verify(said: dict[str, Any], frame: Frame, node: ast.AST) -> None:
    config = frame.reader.shared.app.config
    locations = said.get("locations") or config.get("JWT_TOKEN_LOCATION", "headers")
    locations = [locations] if isinstance(locations, str) else list(locations)
    if isinstance(config.get("JWT_TOKEN_LOCATION"), set | frozenset):
        locations = sorted(locations)
    optional = bool(said.get("optional"))
    for name in _refusals(said, locations, frame):
        frame.may_raise(Object(_exception(name), {}), frame.place(node))
    refresh = bool(said.get("refresh"))
    ways = [_way(location, refresh, frame, node) for location in locations if location != "json"]
    if "json" in locations:
        child = Subject("json", (config.get("JWT_REFRESH_JSON_KEY" if refresh else "JWT_JSON_KEY"),))
        frame.reader.journal.reads.append(Read(child, frame.place(node), str))
        if not ways and not optional:
            frame.state.learn(Fact(child, PRESENT), Fact(Subject("json"), PRESENT))
        optional = True  # the body is no security scheme: who sends the token there needs none
    if ways:
        demand(ways, frame, optional=optional)


def _way(location: str, refresh: bool, frame: Frame, node: ast.AST) -> tuple[Credential | Subject, ...]:
    config = frame.reader.shared.app.config
    if location == "headers":
        name, kind = config.get("JWT_HEADER_NAME", "Authorization"), config.get("JWT_HEADER_TYPE", "Bearer")
        if str(name).lower() == "authorization" and kind:
            return (http(str(kind), bearerFormat="JWT"),)
        return (key("header", str(name)),)
    if location == "query_string":
        return (key("query", str(config.get("JWT_QUERY_STRING_NAME", "jwt"))),)
    which = "REFRESH" if refresh else "ACCESS"
    cookie = key("cookie", str(config.get(f"JWT_{which}_COOKIE_NAME")))
    methods = config.get("JWT_CSRF_METHODS", ())
    if config.get("JWT_COOKIE_CSRF_PROTECT") and frame.reader.route.method in methods:
        if config.get("JWT_CSRF_CHECK_FORM"):
            return (cookie,)  # the form may carry it in place of the header
        return (cookie, key("header", str(config.get(f"JWT_{which}_CSRF_HEADER_NAME"))))
    return (cookie,)


def _refusals(said: dict[str, Any], locations: list[str], frame: Frame) -> Iterator[str]:
    """The exceptions that the check may raise; the extension has a handler for each of them."""
    manager = frame.reader.shared.app.extensions.get("flask-jwt-extended")

    def is_set(name: str) -> bool:
        callback = getattr(manager, name, None)
        return callback is not None and getattr(callback, "__module__", "") != (
            "flask_jwt_extended.default_callbacks"
        )

    if not said.get("optional"):
        yield "flask_jwt_extended.exceptions.NoAuthorizationError"
    yield "jwt.exceptions.ExpiredSignatureError"
    yield "jwt.exceptions.DecodeError"
    if said.get("fresh"):
        yield "flask_jwt_extended.exceptions.FreshTokenRequired"
    if not said.get("skip_revocation_check") and is_set("_token_in_blocklist_callback"):
        yield "flask_jwt_extended.exceptions.RevokedTokenError"
    if is_set("_token_verification_callback"):
        yield "flask_jwt_extended.exceptions.UserClaimsVerificationError"
    if is_set("_user_lookup_callback"):
        yield "flask_jwt_extended.exceptions.UserLookupError"


def _exception(dotted: str) -> type[Exception]:
    module, _, name = dotted.rpartition(".")
    found: type[Exception] = getattr(sys.modules.get(module), name, Exception)
    return found
