"""Flask-RESTful: the request parsers that the methods of resources use, as exactly as they say it.

What `marshal_with` makes of the results is read with the code of the method, for only that tells the status.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.sources.objects import free_variables, loaded
from apiver.reading.sources.parsers import request_of
from apiver.reading.sources.routes import Rule, rules


def layers(app: Flask) -> Iterator[Layer]:
    """What the parsers of the resources of `app` take: parameters and bodies, and nothing else."""
    kind = loaded("flask_restful.reqparse.RequestParser")
    if kind is None:
        return
    paths: dict[str, dict[str, Any]] = {}
    for rule in rules(app):
        for parser in _parsers(rule, kind):
            said = request_of(parser, rule.method)
            if said:
                held = paths.setdefault(rule.path, {}).setdefault(rule.method, {})
                _add(held, said)
    if paths:
        root = {"openapi": "3.1.0", "info": {"title": "-", "version": "-"}, "paths": paths}
        yield Layer("declared", "Flask-RESTful", root, partial=True)


def _parsers(rule: Rule, kind: type) -> list[Any]:
    """The parsers that the method of a resource names, in the order in which it names them."""
    function = inspect.unwrap(rule.handler)
    code = getattr(function, "__code__", None)
    if code is None or "parse_args" not in code.co_names:
        return []
    owner = inspect.getattr_static(rule.view, "view_class", None)
    names = {**getattr(function, "__globals__", {}), **free_variables(function)}
    found: dict[int, Any] = {}
    for name in (*code.co_names, *code.co_freevars):
        value = names.get(name, inspect.getattr_static(owner, name, None) if owner else None)
        if isinstance(value, kind):
            found.setdefault(id(value), value)
    return list(found.values())


def _add(held: dict[str, Any], said: dict[str, Any]) -> None:
    held["parameters"] = [*held.get("parameters", ()), *said.get("parameters", ())]
    body = said.get("requestBody")
    if body is None:
        return
    mine = held.setdefault("requestBody", {"content": {}})
    if body.get("required"):
        mine["required"] = True
    for media, entry in body["content"].items():
        schema = mine["content"].setdefault(media, {"schema": {"type": "object", "properties": {}}})["schema"]
        schema["properties"] |= entry["schema"]["properties"]
        required = [*schema.get("required", ()), *entry["schema"].get("required", ())]
        if required:
            schema["required"] = required
