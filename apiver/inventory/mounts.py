"""Flask apps behind a WSGI object: below a dispatcher, and inside of wrappers."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from typing import Any

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from apiver.inventory.connexion import flask_app, is_connexion

# Where WSGI middleware and Connexion-like objects keep the application that they wrap.
_INNER = ("app", "wsgi_app", "application", "_app")


def flask_apps(wsgi: object) -> tuple[tuple[str, Flask], ...]:
    """The Flask apps that a WSGI object leads to, each with the URL prefix under which it is served.

    The app at the root comes first. Follows `DispatcherMiddleware`, middleware that wraps one
    application, and both of them in `app.wsgi_app`; nothing is called, but that a Connexion app makes its
    routes. Empty where there is no Flask app.
    """
    found: list[tuple[str, Flask]] = []
    for entry in _walk(wsgi, "", ()):
        if entry not in found:
            found.append(entry)
    return tuple(found)


def _walk(wsgi: object, prefix: str, above: tuple[object, ...]) -> Iterator[tuple[str, Flask]]:
    if any(wsgi is one for one in above):
        return
    above = (*above, wsgi)
    if isinstance(wsgi, Flask):
        yield prefix, wsgi
        # An instance attribute here is what `app.wsgi_app = Middleware(app.wsgi_app)` leaves.
        if "wsgi_app" in vars(wsgi):
            yield from _walk(vars(wsgi)["wsgi_app"], prefix, above)
    elif isinstance(wsgi, DispatcherMiddleware):
        yield from _walk(wsgi.app, prefix, above)
        for path, mounted in wsgi.mounts.items():
            yield from _walk(mounted, prefix + path, above)
    elif is_connexion(wsgi):
        served = flask_app(wsgi)
        if served is not None:
            yield from _walk(served, prefix, above)
    elif isinstance(wsgi, types.MethodType):
        if isinstance(wsgi.__self__, Flask):
            yield from _walk(wsgi.__self__, prefix, above)
    else:
        inner = _wrapped_application(wsgi)
        if inner is not None:
            yield from _walk(inner, prefix, above)


def _wrapped_application(wsgi: object) -> Any:
    """What a wrapper holds under one of the customary names, read without running a property."""
    if isinstance(wsgi, (types.FunctionType, types.ModuleType, type)):
        return None
    for name in _INNER:
        inner = inspect.getattr_static(wsgi, name, None)
        if callable(inner) and not isinstance(inner, (types.FunctionType, type)):
            return inner
    return None
