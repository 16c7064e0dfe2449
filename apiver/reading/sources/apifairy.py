"""APIFairy: one document of the views with its decorators, which it writes at the first request for it."""

from __future__ import annotations
import __future__

import copy
import inspect
from collections.abc import Iterator
from typing import Any

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.sources.contexts import request_context
from apiver.reading.sources.objects import View, free_variables, instances, loaded
from apiver.reading.sources.openness import open_answers
from apiver.reading.sources.routes import rules
from apiver.reading.sources.tags import without_versions

_POSTPONED = __future__.annotations.compiler_flag


def layers(app: Flask) -> Iterator[Layer]:
    """The document of the app, made anew: what the extension keeps is left as it is."""
    extension = _extension(app)
    if extension is None:
        return
    with request_context(app):
        made = extension._generate_apispec()
        if extension.apispec_callback is not None:
            made = extension.apispec_callback(made)
    root: dict[str, Any] = copy.deepcopy(made)
    without_versions(root, app, str.title)
    for rule in rules(app):
        operation = root.get("paths", {}).get(rule.path, {}).get(rule.method)
        if operation is None:
            continue
        if not _declares_no_content(getattr(rule.view, "_spec", {})):
            operation.get("responses", {}).pop("204", None)
        _describe(operation, rule.view)
    for scheme in root.get("components", {}).get("securitySchemes", {}).values():
        _forget_the_class(scheme)
    open_answers(root)
    pages = frozenset(endpoint for endpoint in app.view_functions if endpoint.startswith("apifairy."))
    yield Layer("declared", "APIFairy", root, enforced=True, documentation=pages)


def _describe(operation: dict[str, Any], view: View) -> None:
    """Put right what describes the variables of the path, and what headers of an answer hold too much."""
    function = inspect.unwrap(view)
    postponed = getattr(function, "__code__", None) is not None and function.__code__.co_flags & _POSTPONED
    for parameter in operation.get("parameters", ()):
        if postponed and parameter.get("in") == "path":
            # The extension takes the text of an annotation for a description.
            parameter.pop("description", None)
            words = _words(function, parameter["name"])
            if words is not None:
                parameter["description"] = words
    for response in operation.get("responses", {}).values():
        for header in response.get("headers", {}).values():
            header.pop("in", None)
            header.pop("name", None)


def _words(function: Any, name: str) -> str | None:
    """The text among the metadata of an `Annotated` argument, or the text that is the annotation."""
    try:
        annotation = inspect.get_annotations(function, eval_str=True).get(name)
    except Exception:  # noqa: BLE001 - annotations may name what is imported for type checkers alone
        return None
    texts = (annotation, *getattr(annotation, "__metadata__", ()))
    return next((text for text in texts if isinstance(text, str)), None)


def _forget_the_class(scheme: dict[str, Any]) -> None:
    """What describes a class of Flask-HTTPAuth does not describe how this API knows its users."""
    for name in ("HTTPAuth", "HTTPBasicAuth", "HTTPDigestAuth", "HTTPTokenAuth"):
        words = getattr(loaded(f"flask_httpauth.{name}"), "__doc__", None)
        if words and scheme.get("description") == words.strip():
            del scheme["description"]


def _extension(app: Flask) -> Any:
    """The extension object of `app`: its error handler knows it, wherever the program keeps it."""
    cls = loaded("apifairy.core.APIFairy")
    if cls is None:
        return None
    error = loaded("apifairy.exceptions.ValidationError")
    for handlers in app.error_handler_spec.get(None, {}).values():
        if error in handlers:
            return free_variables(handlers[error]).get("self")
    return next(iter(instances(app, cls)), None)


def _declares_no_content(said: dict[str, Any]) -> bool:
    """Whether the view says 204 itself: APIFairy writes it where a view says nothing of its answer."""
    others = {str(status) for status in said.get("other_responses") or {}}
    return "204" in others or (bool(said.get("response")) and str(said.get("status_code")) == "204")
