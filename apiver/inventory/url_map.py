"""Reading the URL map of a Flask app: every rule becomes routes, or is left out with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Map, Rule
from werkzeug.routing.matcher import State

from apiver.inventory.converters import schema_of
from apiver.inventory.frames import shown
from apiver.inventory.routes import PathParameter, Route, method_order, reading_order
from apiver.inventory.versions import Warning
from apiver.inventory.views import definition_of, handler_of

_VARIABLE = re.compile(r"<(?:([a-zA-Z_]\w*)(?:\((.*?)\))?:)?([a-zA-Z_]\w*)>")
_ANY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class UrlMap:
    """The routes of one Flask app, sorted by path and method; what was left out; what looks wrong."""

    routes: tuple[Route, ...]
    skipped: tuple[tuple[str, str], ...]
    warnings: tuple[Warning, ...]


def read_url_map(app: Flask, prefix: str = "", hidden_below: tuple[str, ...] = ()) -> UrlMap:
    """The URL map of `app`, served under `prefix`.

    `hidden_below` are prefixes that a dispatcher hands to other apps, so that this one never sees them.

    One route for each rule and method. Static files are left out. `HEAD` is left out where the rule
    answers `GET` too, and `OPTIONS` where Flask answers it by itself: an `OPTIONS` that a view lists in
    its methods is handled by the view and therefore a route. Left out with the reason: websocket rules,
    `redirect_to` rules, rules that only build URLs, rules without a view, and rules that a mounted app hides.
    """
    routes: list[Route] = []
    skipped: list[tuple[str, str]] = []
    warnings: list[Warning] = []
    taken = _taken(app.url_map)
    for rule in app.url_map.iter_rules():
        if _is_static(app, rule):
            continue
        reason = _why_skipped(app, rule, prefix, hidden_below)
        if reason:
            methods = ",".join(_methods(rule))
            skipped.append((f"{methods} {prefix}{rule.rule}".lstrip(), reason))
            continue
        if rule.methods is None:
            warnings.append(_any_method(rule, prefix))
        for method in _methods(rule):
            route = _route(app, rule, method, prefix)
            winner = taken.get((id(rule), method))
            if winner is None:
                routes.append(route)
            elif winner.endpoint != rule.endpoint:
                warnings.append(_twice(route, winner))
    routes.sort(key=reading_order)
    warnings += _alike(routes)
    return UrlMap(tuple(routes), tuple(sorted(skipped)), tuple(warnings))


def _route(app: Flask, rule: Rule, method: str, prefix: str) -> Route:
    endpoint = str(rule.endpoint)
    view = app.view_functions[rule.endpoint]
    handler = handler_of(view, method, endpoint, rule.arguments)
    spot = definition_of(handler)
    names = {variable: converter or "default" for converter, _, variable in _VARIABLE.findall(rule.rule)}
    host_matching = app.url_map.host_matching
    return Route(
        app=app,
        rule=prefix + rule.rule,
        path=prefix + template(rule.rule),
        method=method,
        endpoint=endpoint,
        parameters=tuple(
            PathParameter(name, names.get(name, "default"), schema_of(converter))
            for name, converter in rule._converters.items()
            if name in names
        ),
        view=view,
        handler=handler,
        blueprint=_blueprint(app, endpoint),
        defaults=tuple(sorted((rule.defaults or {}).items())),
        host=(rule.host or None) if host_matching else None,
        subdomain=None if host_matching else (rule.subdomain or None),
        strict_slashes=bool(rule.strict_slashes),
        file=shown(spot[0]) if spot else None,
        line=spot[1] if spot else None,
        mount=prefix,
    )


def template(rule: str) -> str:
    """A rule such as `/books/<int:id>` as an OpenAPI path, `/books/{id}`.

    Braces of the URL itself are percent-encoded (RFC 3986, section 2.1).
    """
    parts = []
    end = 0
    for variable in _VARIABLE.finditer(rule):
        parts += [_encoded(rule[end : variable.start()]), "{", variable[3], "}"]
        end = variable.end()
    return "".join([*parts, _encoded(rule[end:])])


def _encoded(text: str) -> str:
    return text.replace("{", "%7B").replace("}", "%7D")


def _methods(rule: Rule) -> list[str]:
    if rule.methods is None:
        return list(_ANY_METHOD)
    methods = set(rule.methods)
    if "GET" in methods:
        methods.discard("HEAD")
    if getattr(rule, "provide_automatic_options", False):
        methods.discard("OPTIONS")
    return sorted(methods, key=method_order)


def _is_static(app: Flask, rule: Rule) -> bool:
    """Whether Flask itself registered the rule for the static files of the app or of a blueprint."""
    owner, _, last = str(rule.endpoint).rpartition(".")
    return (
        last == "static" and rule.rule.endswith("/<path:filename>") and (not owner or owner in app.blueprints)
    )


def _why_skipped(app: Flask, rule: Rule, prefix: str, hidden_below: tuple[str, ...]) -> str | None:
    if rule.build_only:
        return "only builds URLs, never answers a request"
    if rule.websocket:
        return "a websocket, which a contract of requests and responses cannot describe"
    if rule.redirect_to is not None:
        target = rule.redirect_to if isinstance(rule.redirect_to, str) else "where a function says"
        return f"redirects to {target}"
    if rule.endpoint not in app.view_functions:
        return f"no view is registered for the endpoint {rule.endpoint}"
    path = prefix + rule.rule
    for other in hidden_below:
        if path == other or path.startswith(f"{other}/"):
            return f"never reached: another app is mounted at {other}"
    return None


def _blueprint(app: Flask, endpoint: str) -> str | None:
    """The blueprint that an endpoint belongs to: the longest registered name that the endpoint begins with.

    A dot alone proves nothing; endpoints may hold dots of their own.
    """
    name, dot, _ = endpoint.rpartition(".")
    while dot:
        if name in app.blueprints:
            return name
        name, dot, _ = name.rpartition(".")
    return None


def _taken(url_map: Map) -> dict[tuple[int, str], Rule]:
    """For each rule (by id) and method that never answers: the rule registered before it that does.

    Werkzeug's matcher keeps rules with the same pattern in one state, in order of registration. The
    public listing of a map is grouped by endpoint and has lost that order.
    """
    found: dict[tuple[int, str], Rule] = {}
    for state in _states(url_map._matcher._root):
        first: dict[str, Rule] = {}
        for rule in state.rules:
            if rule.websocket:
                continue
            for method in _methods(rule):
                if first.setdefault(method, rule) is not rule:
                    found[id(rule), method] = first[method]
    return found


def _states(state: State) -> Iterator[State]:
    yield state
    for following in state.static.values():
        yield from _states(following)
    for _, following in state.dynamic:
        yield from _states(following)


def _twice(loser: Route, winner: Rule) -> Warning:
    return Warning(
        "duplicate-rule",
        f"{loser.method} {loser.rule} is registered twice: "
        f"{winner.endpoint} answers, {loser.endpoint} never does",
        loser.where,
    )


def _any_method(rule: Rule, prefix: str) -> Warning:
    return Warning("any-method", f"{prefix}{rule.rule} answers every method; listed with the usual five")


def _alike(routes: list[Route]) -> Iterator[Warning]:
    """Rules that Werkzeug tells apart by their converters and an OpenAPI document cannot."""
    first: dict[tuple[str, str, str | None, str | None], Route] = {}
    for route in routes:
        blanked = re.sub(r"\{\w+\}", "{}", route.path)
        other = first.setdefault((route.method, blanked, route.host, route.subdomain), route)
        if other is not route:
            yield Warning(
                "ambiguous-path",
                f"{route.method} {other.rule} and {route.rule} are the same path in OpenAPI",
                route.where,
            )
