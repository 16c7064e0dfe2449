"""Connexion apps: no Flask apps themselves, and without routes until the first request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask

_CLASSES = ("connexion.apps.abstract.AbstractApp", "connexion.middleware.main.ConnexionMiddleware")

EXTENSION = "connexion"
"""The key under which `app.extensions` of a stand-in holds the Connexion app that it stands for."""


def is_connexion(wsgi: object) -> bool:
    """Whether `wsgi` is a `connexion.FlaskApp`, an `AsyncApp` or a `ConnexionMiddleware` (Connexion 3)."""
    return any(f"{parent.__module__}.{parent.__name__}" in _CLASSES for parent in type(wsgi).__mro__)


def flask_app(app: Any) -> Flask | None:
    """The Flask app that serves a Connexion app, its routes in place; None where something else does.

    Routes are made of the specifications when the server starts. Here that is done as Connexion does it at
    the first request, and it is not done again then. For an `AsyncApp`, which Starlette serves, a Flask app
    stands in: it has the same paths and functions, and nobody ever serves it. Raises what Connexion
    raises where an `operationId` names no function.
    """
    middleware = getattr(app, "middleware", app)
    wrapped = getattr(app, "app", None) if middleware is not app else middleware.app
    if middleware.middleware_stack is None:
        middleware.app, middleware.middleware_stack = middleware._build_middleware_stack()
    stack = list(middleware.middleware_stack)
    if not isinstance(wrapped, Flask):
        wrapped = next((one for one in map(_behind, stack) if one is not None), None)
    if wrapped is None and type(stack[-1]).__name__ == "AsyncASGIApp":
        return _stand_in(app, stack[-1])
    return wrapped


def _behind(asgi: Any) -> Flask | None:
    """The Flask app that an ASGI adapter holds."""
    for name in ("app", "wsgi_app"):
        inner = getattr(asgi, name, None)
        if isinstance(inner, Flask):
            return inner
        owner = getattr(inner, "__self__", None)
        if isinstance(owner, Flask):
            return owner
    return None


def _stand_in(app: Any, served: Any) -> Flask:
    made = Flask(EXTENSION, static_folder=None)
    made.extensions[EXTENSION] = app
    for base_path, path, method, name, function in _operations(served):
        made.add_url_rule(f"{base_path}{path}", f"{base_path} {name}", function, methods=[method.upper()])
    return made


def _operations(served: Any) -> Iterator[tuple[str, str, str, str, Any]]:
    """Every operation that an async app serves: base path, Flask rule, method, name, function."""
    for apis in served.apis.values():
        for api in apis:
            for path, item in (api.specification.get("paths") or {}).items():
                for method in item:
                    found = _operation(api, path, method)
                    if found is not None:
                        yield (api.base_path, *found)


def _operation(api: Any, path: str, method: str) -> tuple[str, str, str, Any] | None:
    if method not in ("get", "put", "post", "delete", "options", "head", "patch", "trace"):
        return None
    said = api.specification.operation_cls.from_spec(
        api.specification,
        path=path,
        method=method,
        resolver=api.resolver,
        uri_parser_class=api.uri_parser_class,
    )
    rule = path
    for name, kind in said.get_path_parameter_types().items():
        # What else a variable may be is said by the specification alone: Werkzeug's converters are narrower.
        converter = "path:" if kind == "path" else ""
        rule = rule.replace(f"{{{name}}}", f"<{converter}{name.replace('-', '_')}>")
    return rule, method, str(said.operation_id), said.function
