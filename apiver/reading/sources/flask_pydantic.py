"""flask-pydantic: what its `validate` closes over, and the annotations of the function within."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from typing import Any

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.schemas.pydantic import UNKNOWN, Schema, is_model
from apiver.reading.sources.models import Models
from apiver.reading.sources.objects import free_variables, loaded
from apiver.reading.sources.openapi3 import parameter
from apiver.reading.sources.routes import Rule, around, rules

_PACKAGE = "flask_pydantic"
_PARTS = ("query", "body", "form")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_MEDIA = "application/json"


def layers(app: Flask) -> Iterator[Layer]:
    """What flask-pydantic checks of requests, and how they are refused; it has no document of its own."""
    if loaded("flask_pydantic.core.validate") is None:
        return
    reader = _Reader(app)
    paths: dict[str, Any] = {}
    for rule in rules(app):
        held = _held(rule)
        if held is not None:
            paths.setdefault(rule.path, {})[rule.method] = reader.operation(rule, held)
    if paths:
        root = {
            "openapi": "3.1.0",
            "info": {"title": app.name, "version": "1"},
            "paths": paths,
            "components": {"schemas": reader.models.components},
        }
        yield Layer("declared", "flask-pydantic", root, partial=True, enforced=True)


class _Reader:
    """Reads the views of one app, and gathers their models."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.models = Models()

    def operation(self, rule: Rule, held: dict[str, Any]) -> Schema:
        """What the decorator around the handler of a rule holds, as an operation."""
        stated = _annotations(held["func"])
        # An annotation of that name counts before the argument of the decorator.
        parts = {name: stated.get(name) or held.get(name) for name in _PARTS}
        path = {name: stated[name] for name in _variables(rule.path) if name in stated}
        operation: Schema = {"parameters": list(self._parameters(path, parts["query"]))}
        body = self._body(held, parts["body"], parts["form"])
        if body is not None:
            operation["requestBody"] = body
        operation["responses"] = self._answer(held, stated.get("return"))
        checked = {name for name, part in parts.items() if part is not None} | ({"path"} if path else set())
        if checked:
            operation["responses"] |= self._refusal(sorted(checked))
        return operation

    def _parameters(self, path: dict[str, Any], query: Any) -> Iterator[Schema]:
        for name, kind in path.items():
            yield parameter(name, "path", self.models.schema(kind) or {}, True)
        members, required = self.models.members(self.models.schema(query) if is_model(query) else None)
        for name, member in members.items():
            yield parameter(name, "query", member, name in required)

    def _body(self, held: dict[str, Any], body: Any, form: Any) -> Schema | None:
        content: Schema = {}
        lenient = bool((held.get("get_json_params") or {}).get("silent"))
        required = False
        if is_model(body):
            schema = self.models.schema(body) or {}
            many = bool(held.get("request_body_many"))
            content[_MEDIA] = {"schema": {"type": "array", "items": schema} if many else schema}
            required = not lenient or many or bool(self.models.members(schema)[1])
        if is_model(form):
            schema = self.models.schema(form) or {}
            content |= {media: {"schema": schema} for media in _FORMS}
            required = required or bool(self.models.members(schema)[1])
        if not content:
            return None
        return {"required": True, "content": content} if required else {"content": content}

    def _answer(self, held: dict[str, Any], stated: Any) -> Schema:
        """The response that a view says to give by the annotation of what it returns."""
        many = bool(held.get("response_many"))
        items = typing.get_args(stated)
        model = items[0] if many and len(items) == 1 else stated
        if not is_model(model):
            return {}
        schema = self.models.schema(
            model,
            sent=True,
            by_alias=bool(held.get("response_by_alias")),
            exclude_none=bool(held.get("exclude_none")),
        )
        content = {_MEDIA: {"schema": {"type": "array", "items": schema} if many else schema}}
        return {str(held.get("on_success_status", 200)): {"content": content}}

    def _refusal(self, checked: list[str]) -> Schema:
        config = self.app.config
        if config.get("FLASK_PYDANTIC_VALIDATION_ERROR_RAISE", False):
            reason = (
                "an exception is raised where a request does not hold: FLASK_PYDANTIC_VALIDATION_ERROR_RAISE"
            )
            return {"4XX": {UNKNOWN: reason}}
        places = {f"{name}_params": self.models.errors() for name in checked}
        schema = {
            "type": "object",
            "properties": {"validation_error": {"type": "object", "properties": places}},
            "required": ["validation_error"],
        }
        status = str(config.get("FLASK_PYDANTIC_VALIDATION_ERROR_STATUS_CODE", 400))
        return {status: {"content": {_MEDIA: {"schema": schema}}}}


def _held(rule: Rule) -> dict[str, Any] | None:
    """What the decorator around the handler of a rule closes over; None where there is none."""
    for function in around(rule):
        module = getattr(function, "__globals__", {}).get("__name__", "")
        held = free_variables(function)
        if module.partition(".")[0] == _PACKAGE and {"func", "query", "body"} <= held.keys():
            return held
    return None


def _variables(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def _annotations(function: Any) -> dict[str, Any]:
    """The annotations of a function, with texts resolved where they can be."""
    try:
        return typing.get_type_hints(function)
    except Exception:  # noqa: BLE001 - a text may name anything
        return dict(inspect.get_annotations(function))
