"""flask-rebar: a document for each registry of handlers, in Swagger 2.0 or OpenAPI 3.1."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.schemas.marshmallow import is_schema
from apiver.reading.schemas.marshmallow.fields import inner_schema
from apiver.reading.sources.objects import loaded
from apiver.reading.sources.openapi3 import pages
from apiver.reading.sources.openness import open_answers
from apiver.reading.sources.refusals import refusals_alone

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def layers(app: Flask) -> Iterator[Layer]:
    """One whole document for each registry, by its prefix: requests are checked and answers written by it."""
    known = app.extensions.get("rebar")
    registries = known.get("handler_registries", ()) if isinstance(known, dict) else ()
    for registry in sorted(registries, key=lambda registry: registry.prefix or ""):
        root: dict[str, Any] = copy.deepcopy(registry.swagger_generator.generate_swagger(registry))
        for item in root.get("paths", {}).values():
            for method in _METHODS:
                if method in item:
                    refusals_alone(item[method])
                    item[method].pop("description", None)  # the docstring, which is read anyway
        _let_unknown_keys_pass(root, registry)
        open_answers(root)
        yield Layer("declared", "flask-rebar", root, enforced=True, documentation=pages(app, "flask_rebar"))


def _let_unknown_keys_pass(root: dict[str, Any], registry: Any) -> None:
    """Open the schemas whose unknown keys are passed over: the extension writes that they are refused."""
    title = loaded("flask_rebar.swagger_generation.marshmallow_to_swagger.get_swagger_title")
    unknown: dict[str, set[str]] = {}
    for methods in registry.paths.values():
        for definition in methods.values():
            for schema in _with_nested(definition.request_body_schema, ()):
                unknown.setdefault(title(schema), set()).add(schema.unknown)
    schemas = root.get("components", {}).get("schemas") or root.get("definitions") or {}
    for name, ways in unknown.items():
        if ways == {"exclude"} and name in schemas:
            schemas[name].pop("additionalProperties", None)


def _with_nested(schema: Any, seen: tuple[type, ...]) -> Iterator[Any]:
    if not is_schema(schema) or isinstance(schema, type) or type(schema) in seen:
        return
    yield schema
    for field in schema.fields.values():
        inner = getattr(field, "inner", field)
        if hasattr(inner, "nested"):
            yield from _with_nested(inner_schema(inner), (*seen, type(schema)))
