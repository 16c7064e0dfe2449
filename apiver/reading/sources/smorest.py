"""flask-smorest: an OpenAPI document for each `Api`, complete as soon as its blueprints are registered."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from flask import Flask

from apiver.reading.layering.layers import INJECTED, Layer
from apiver.reading.sources.apispec import document
from apiver.reading.sources.openness import open_answers
from apiver.reading.sources.tags import without_versions

_ANY_ERROR = {"description": "Default error response"}
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def layers(app: Flask) -> Iterator[Layer]:
    """One whole document for each `Api`: requests are checked and answers written by it."""
    extension = app.extensions.get("flask-smorest")
    if not isinstance(extension, dict):
        return
    known = extension.get("apis", {})
    apis = [entry["ext_obj"] for _, entry in sorted(known.items())] if known else [extension.get("ext_obj")]
    for api in apis:
        if api is None or api.spec is None:
            continue
        root = document(api.spec)
        for item in root.get("paths", {}).values():
            for method in _METHODS:
                if method in item and "openapi" in root:
                    _gather_form(item[method], root)
                if method in item and _is_injected(item[method], api.DEFAULT_ERROR_RESPONSE_NAME):
                    item[method]["responses"]["default"] = {**_ANY_ERROR, INJECTED: True}
        without_versions(root, app)
        _unfold_pagination(root)
        open_answers(root)
        pages = f"{api._make_doc_blueprint_name()}."
        documentation = frozenset(name for name in app.view_functions if name.startswith(pages))
        yield Layer("declared", "flask-smorest", root, enforced=True, documentation=documentation)


def told(app: Flask) -> frozenset[tuple[str, str]]:
    """The operations that its documents have, by path and method in lower case, without writing any."""
    extension = app.extensions.get("flask-smorest")
    apis = extension.get("apis", {}).values() if isinstance(extension, dict) else ()
    specs = [entry["ext_obj"].spec for entry in apis]
    return frozenset(
        (path, method)
        for spec in specs
        for path, item in getattr(spec, "_paths", {}).items()
        for method in item
    )


def _is_injected(operation: dict[str, Any], default: str | None) -> bool:
    """Whether its default response is the one that every operation gets."""
    error = operation.get("responses", {}).get("default")
    return isinstance(error, dict) and str(error.get("$ref", "")).endswith(f"/{default}")


def _gather_form(operation: dict[str, Any], root: dict[str, Any]) -> None:
    """Put the fields of a form that come with files into one body: they are left over as in Swagger."""
    parameters = operation.get("parameters", [])
    stray = [one for one in parameters if isinstance(one, dict) and one.get("in") == "formData"]
    content = operation.get("requestBody", {}).get("content", {})
    if not stray or not content:
        return
    operation["parameters"] = [one for one in parameters if one not in stray]
    schemas = root.get("components", {}).get("schemas", {})
    for media, entry in list(content.items()):
        held = entry.get("schema", {})
        schema = copy.deepcopy(schemas.get(str(held.get("$ref", "")).rpartition("/")[2], held))
        schema.setdefault("properties", {}).update({one["name"]: one.get("schema", {}) for one in stray})
        required = {*schema.get("required", ()), *(one["name"] for one in stray if one.get("required"))}
        if required:
            schema["required"] = sorted(required)
        entry["schema"] = schema
        if media == "application/x-www-form-urlencoded" and any(map(_is_file, schema["properties"].values())):
            content["multipart/form-data"] = content.pop(media)


def _is_file(schema: dict[str, Any]) -> bool:
    return "binary" in (schema.get("format"), schema.get("items", {}).get("format"))


def _unfold_pagination(root: dict[str, Any]) -> None:
    """`X-Pagination` is a JSON text; its schema alone would have it written as `total,7,page,1`."""
    header = root.get("components", {}).get("headers", {}).get("PAGINATION")
    if isinstance(header, dict) and "schema" in header:
        header["content"] = {"application/json": {"schema": header.pop("schema")}}
