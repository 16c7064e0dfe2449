"""apispec: a document that the app itself fills, with its own paths or with the views of Flask."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from apiver.reading.layering.declared import blanked
from apiver.reading.layering.layers import Layer
from apiver.reading.sources.objects import instances, loaded
from apiver.reading.sources.openness import open_answers
from apiver.reading.sources.routes import rules


def layers(app: Flask) -> Iterator[Layer]:
    """One whole document for each APISpec that the app made itself and has put paths into."""
    owned = {id(spec) for spec in _of_extensions(app)}
    for spec in instances(app, loaded("apispec.APISpec")):
        if id(spec) in owned:
            continue
        root = document(spec)
        if root.get("paths"):
            if any(type(plugin).__module__.startswith("apispec.ext.marshmallow") for plugin in spec.plugins):
                open_answers(root)
            yield Layer("declared", "apispec", root, base=_base(root, app))


def told(app: Flask) -> frozenset[tuple[str, str]]:
    """The operations that a document of the app itself has, by path without names and lower-case method."""
    return frozenset(
        (blanked(f"{layer.base.rstrip('/')}{path}"), method)
        for layer in layers(app)
        for path, item in layer.root["paths"].items()
        for method in item
    )


def document(spec: Any) -> dict[str, Any]:
    """What `spec.to_dict()` gives, as a copy: the original writes its components into the app's options."""
    twin = copy.copy(spec)
    twin.options = copy.deepcopy(spec.options)
    made: dict[str, Any] = copy.deepcopy(twin.to_dict())
    return made


def _of_extensions(app: Flask) -> Iterator[Any]:
    """The specs of extensions that have a module of their own here."""
    for entry in app.extensions.get("flask-smorest", {}).get("apis", {}).values():
        yield entry["ext_obj"].spec
    for extension in instances(app, loaded("flask_apispec.extension.FlaskApiSpec")):
        yield extension.spec


def _base(root: dict[str, Any], app: Flask) -> str:
    """What stands before the paths: nothing where they are whole, else the path of a server."""
    known = {blanked(rule.path).rstrip("/") for rule in rules(app)}
    servers = [server.get("url", "") for server in root.get("servers", ()) if isinstance(server, dict)]
    bases = ["", root.get("basePath", ""), *(urlsplit(url).path for url in servers)]

    def fitting(base: str) -> int:
        return sum(f"{base.rstrip('/')}{blanked(path)}".rstrip("/") in known for path in root["paths"])

    return max((base for base in bases if isinstance(base, str)), key=fitting)
