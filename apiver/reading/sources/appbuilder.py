"""Flask-AppBuilder: what APIs declare in docstrings and make of their models, one layer for each version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.sources.contexts import request_context
from apiver.reading.sources.objects import loaded
from apiver.reading.sources.traces import restored

# What `protect()` asks for; the security API alone writes them down.
_SCHEMES = {
    "jwt": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "api_key": {"type": "http", "scheme": "bearer", "bearerFormat": "API Key"},
}


def layers(app: Flask) -> Iterator[Layer]:
    """The document of each version of the APIs that are registered with the AppBuilder of `app`."""
    builder: Any = app.extensions.get("appbuilder")
    kind, maker = loaded("flask_appbuilder.api.BaseApi"), loaded("flask_appbuilder.api.manager.OpenApi")
    if builder is None or kind is None or maker is None:
        return
    # Documents, menu and logins, which AppBuilder itself has in v1, are no part of what the app offers.
    own = [view.blueprint.name for view in builder.baseviews if _is_of_the_framework(view)]
    pages = frozenset(endpoint for endpoint in app.view_functions if endpoint.rpartition(".")[0] in own)
    apis = [view for view in builder.baseviews if isinstance(view, kind) and not _is_of_the_framework(view)]
    for version in sorted({str(api.version) for api in apis}):
        chosen = [api for api in apis if str(api.version) == version]
        with request_context(app), restored(chosen, lambda value: isinstance(value, kind)):
            document, failures = _document(maker, version, chosen)
        yield Layer("declared", "Flask-AppBuilder", document, documentation=pages, failures=failures)


def _is_of_the_framework(view: Any) -> bool:
    return type(view).__module__.partition(".")[0] == "flask_appbuilder"


def _document(maker: Any, version: str, apis: list[Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    spec = maker._create_api_spec(version)
    failures = []
    for api in sorted(apis, key=lambda api: (str(api.route_base), type(api).__name__)):
        try:
            api.add_api_spec(spec)
        except Exception as problem:  # noqa: BLE001 - what is broken in one API must not hide the others
            reason = " ".join(str(problem).split())
            failures.append(f"{type(api).__name__}: {type(problem).__name__}: {reason}")
    document: dict[str, Any] = spec.to_dict()
    for item in document.get("paths", {}).values():
        for method in [method for method, operation in item.items() if _is_empty(operation)]:
            del item[method]  # a method without a docstring
    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
    for name, scheme in _SCHEMES.items():
        schemes.setdefault(name, scheme)
    return document, tuple(failures)


def _is_empty(operation: Any) -> bool:
    return isinstance(operation, dict) and not {key for key, part in operation.items() if part} - {"tags"}
