"""Connexion 3: the specifications that an app was made of, one layer for each `add_api`."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask

from apiver.inventory.connexion import EXTENSION, is_connexion
from apiver.reading.layering.layers import Layer
from apiver.reading.sources.objects import instances, loaded

# What names functions of the program, and is of no use to who calls it.
_INTERNAL = ("router-controller", "Func")


def layers(app: Flask) -> Iterator[Layer]:
    """The specifications by which Connexion serves `app`, each below its base path."""
    for connexion in _connexions(app):
        for api in getattr(connexion, "middleware", connexion).apis:
            raw = api.specification.raw
            # A specification of several files was resolved when it was loaded.
            root = raw if _is_of_one_piece(raw) else copy.deepcopy(dict(api.specification.spec))
            base = api.base_path if api.base_path is not None else api.specification.base_path
            yield Layer("declared", "connexion", _public(root), (base or "").rstrip("/"), handed=True)


def _connexions(app: Flask) -> list[Any]:
    found: list[Any] = [app.extensions[EXTENSION]] if is_connexion(app.extensions.get(EXTENSION)) else []
    for by_code in app.error_handler_spec.values():
        for handlers in by_code.values():
            owners = (getattr(handler, "__self__", None) for handler in handlers.values())
            found += [owner for owner in owners if is_connexion(owner)]
    if not found:
        found = instances(app, loaded("connexion.middleware.main.ConnexionMiddleware"))
    return list({id(one): one for one in found}.values())


def _is_of_one_piece(value: Any) -> bool:
    if isinstance(value, Mapping):
        target = value.get("$ref")
        if isinstance(target, str) and not target.startswith("#"):
            return False
        return all(_is_of_one_piece(member) for member in value.values())
    return all(_is_of_one_piece(member) for member in value) if isinstance(value, list) else True


def _public(value: Any) -> Any:
    """Without what names functions: `x-apikeyInfoFunc`, `x-openapi-router-controller`, dotted ids."""
    if isinstance(value, list):
        return [_public(member) for member in value]
    if not isinstance(value, Mapping):
        return value
    made = {}
    for key, member in value.items():
        name = str(key)
        if name.startswith("x-") and name.endswith(_INTERNAL):
            continue
        if name == "operationId" and isinstance(member, str) and "." in member:
            continue
        made[name] = _public(member)
    return made
