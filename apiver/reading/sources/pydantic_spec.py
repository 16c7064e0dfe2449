"""flask-pydantic-spec: what its `validate` closes over, at each view."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.schemas.pydantic import Schema, is_model
from apiver.reading.sources.models import Models
from apiver.reading.sources.objects import free_variables, loaded
from apiver.reading.sources.openapi3 import pages, parameter
from apiver.reading.sources.routes import Rule, around, rules

_PACKAGE = "flask_pydantic_spec"
_ASKED = {"query": "query", "headers": "header", "cookies": "cookie"}
_MEDIA = "application/json"


def layers(app: Flask) -> Iterator[Layer]:
    """The operations that `FlaskPydanticSpec` objects validate.

    Their documents are not asked for: these stay once they are made, and they have one component and one
    `operationId` for a name, whichever version had it last.
    """
    if loaded("flask_pydantic_spec.FlaskPydanticSpec") is None:
        return
    models = Models()
    paths: dict[str, Any] = {}
    for rule in rules(app):
        held = _held(rule)
        if held is not None:
            paths.setdefault(rule.path, {})[rule.method] = _operation(held, models)
    if paths:
        root = {
            "openapi": "3.1.0",
            "info": {"title": app.name, "version": "1"},
            "paths": paths,
            "components": {"schemas": models.components},
        }
        yield Layer(
            "declared", "flask-pydantic-spec", root, enforced=True, documentation=pages(app, _PACKAGE)
        )


def _held(rule: Rule) -> dict[str, Any] | None:
    """What the decorator around a handler closes over, with its attributes; None where there is none."""
    for function in around(rule):
        module = getattr(function, "__globals__", {}).get("__name__", "")
        held = free_variables(function)
        if module.partition(".")[0] == _PACKAGE and {"self", "func", "body", *_ASKED} <= held.keys():
            return {**held, "said": vars(function)}
    return None


def _operation(held: dict[str, Any], models: Models) -> Schema:
    said = held["said"]
    operation: Schema = {
        "tags": list(said.get("tags", ())),
        "deprecated": said.get("deprecated"),
        **said.get("extensions", {}),
        "parameters": list(_parameters(held, models)),
        "requestBody": _body(held["body"], models),
        "responses": _responses(held, models),
    }
    return operation


def _parameters(held: dict[str, Any], models: Models) -> Iterator[Schema]:
    for part, location in _ASKED.items():
        if is_model(held[part]):
            members, required = models.members(models.schema(held[part]))
            for name, member in members.items():
                yield parameter(name, location, member, name in required)


def _body(body: Any, models: Models) -> Schema | None:
    """The body that a model stands for, or a `Request` or `MultipartFormRequest` of the extension."""
    if body is None:
        return None
    model = body if is_model(body) else getattr(body, "model", None)
    media = getattr(body, "content_type", _MEDIA)
    schema = (models.schema(model) if is_model(model) else None) or {}
    members, required = models.members(schema)
    if hasattr(body, "file_key"):
        file = {"type": "string", "format": str(getattr(body, "encoding", "binary"))}
        schema = {"type": "object", "properties": {**members, body.file_key: file}}
        if required:
            schema["required"] = [name for name in members if name in required]
    elif not schema:
        schema = {"type": "string", "format": str(getattr(body, "encoding", "binary"))}
    # The extension does not say so; its model refuses a request that lacks what it requires.
    return {"required": bool(required), "content": {media: {"schema": schema}}}


def _responses(held: dict[str, Any], models: Models) -> Schema:
    declared = held["resp"]
    found: Schema = {}
    for status, response in declared.generate_spec().items():
        coded = getattr(declared, "code_models", {}).get(f"HTTP_{status}")
        found[status] = dict(response)
        if coded is not None:
            schema = models.schema(coded.model, sent=True, filled=False) or {}
            content = {"type": "array", "items": schema} if coded.is_list else schema
            found[status]["content"] = {_MEDIA: {"schema": content}}
    body = held["body"]
    checked = any(is_model(held[part]) for part in _ASKED) or is_model(getattr(body, "model", body))
    if checked:
        refusal = {"description": "Validation Error", "content": {_MEDIA: {"schema": models.errors()}}}
        found.setdefault(str(held["self"].config.VALIDATION_ERROR_CODE), refusal)
    return found
