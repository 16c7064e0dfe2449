"""flask-apispec: the APISpec that its views are registered with, in Swagger 2.0 or nearly OpenAPI 3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.sources.apispec import document
from apiver.reading.sources.objects import instances, loaded
from apiver.reading.sources.openness import open_answers

_METHODS = ("get", "put", "post", "delete", "head", "patch")
# OpenAPI 3, Parameter Object: what stands beside the schema. The rest of Swagger's belongs into it.
_BESIDE = frozenset({"name", "in", "required", "description", "deprecated", "schema", "style", "explode"})


def layers(app: Flask) -> Iterator[Layer]:
    """One whole document for each FlaskApiSpec with views: requests are checked and answers written by it."""
    for extension in instances(app, loaded("flask_apispec.extension.FlaskApiSpec")):
        if extension.spec is None:
            continue
        root = document(extension.spec)
        for item in root.get("paths", {}).values():
            item.pop("options", None)  # a copy of the last view's, where Flask answers by itself
            for method in _METHODS:
                if method in item:
                    _clean(item[method], root)
        open_answers(root)
        pages = frozenset(name for name in app.view_functions if name.startswith("flask-apispec."))
        yield Layer("declared", "flask-apispec", root, enforced=True, documentation=pages)


def _clean(operation: dict[str, Any], root: dict[str, Any]) -> None:
    responses = operation.get("responses", {})
    for response in responses.values():
        if not response.get("description"):
            response.pop("description", None)
        if response.get("schema") == {}:
            del response["schema"]
    if "default" in responses and not any(str(status)[0] == "2" for status in responses):
        # What a view returns is written by it; what it raises is not.
        responses["2XX"] = {"description": "Success", **responses.pop("default")}
    for parameter in operation.get("parameters", ()):
        if parameter.get("in") == "body" and _resolved(parameter.get("schema", {}), root).get("required"):
            parameter["required"] = True  # a body that is not there is read as an object without keys
        if parameter.get("in") == "path":
            parameter.pop("format", None)  # int32 and float: Werkzeug's converters know no such bounds
    if "openapi" in root:
        _modernize(operation)


def _resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    schemas = root.get("components", {}).get("schemas") or root.get("definitions") or {}
    found: dict[str, Any] = schemas.get(str(schema.get("$ref", "")).rpartition("/")[2], schema)
    return found


def _modernize(operation: dict[str, Any]) -> None:
    """Put into OpenAPI 3 what the extension writes as in Swagger 2.0 whatever the version of its document."""
    parameters = []
    for parameter in operation.get("parameters", ()):
        if parameter.get("in") == "body":
            body = {"content": {"application/json": {"schema": parameter.get("schema", {})}}}
            operation["requestBody"] = {**body, "required": bool(parameter.get("required"))}
            continue
        if parameter.get("in") == "formData":
            _into_form(parameter, operation)
            continue
        moved = {key: parameter[key] for key in parameter if key not in _BESIDE and key != "collectionFormat"}
        kept = {key: value for key, value in parameter.items() if key in _BESIDE}
        parameters.append({**kept, "schema": {**moved, **parameter.get("schema", {})}})
    operation["parameters"] = parameters
    for response in operation.get("responses", {}).values():
        if "schema" in response:
            response["content"] = {"application/json": {"schema": response.pop("schema")}}


def _into_form(parameter: dict[str, Any], operation: dict[str, Any]) -> None:
    content = operation.setdefault("requestBody", {"content": {}})["content"]
    for media in ("application/x-www-form-urlencoded", "multipart/form-data"):
        schema = content.setdefault(media, {}).setdefault("schema", {"type": "object", "properties": {}})
        schema["properties"][parameter["name"]] = parameter.get("schema", {})
        if parameter.get("required"):
            schema.setdefault("required", []).append(parameter["name"])
            operation["requestBody"]["required"] = True
