"""flasgger: what it makes of docstrings, YAML files, dicts and its template, a layer for each spec."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.routing import Rule

from apiver.reading.layering.declared import blanked
from apiver.reading.layering.layers import Layer
from apiver.reading.sources.contexts import app_context
from apiver.reading.sources.fragments import whole
from apiver.reading.sources.objects import wrappers
from apiver.reading.sources.routes import rules
from apiver.reading.sources.traces import restored

_KEPT = (
    *("paths", "definitions", "components", "parameters", "responses"),
    *("produces", "consumes", "security", "securityDefinitions"),
)


def layers(app: Flask) -> Iterator[Layer]:
    """What the specs of the `Swagger` object of `app` declare: a layer for each and each module of views."""
    swagger: Any = getattr(app, "swag", None)
    if not any(parent.__module__.startswith("flasgger") for parent in type(swagger).__mro__):
        return
    own = f"{swagger.config.get('endpoint', 'flasgger')}."
    pages = frozenset(endpoint for endpoint in app.view_functions if endpoint.startswith(own))
    views = [function for view in app.view_functions.values() for function in wrappers(view)]
    classes = [getattr(view, "view_class", None) for view in app.view_functions.values()]
    touched = {id(value) for value in (*views, *classes)}
    known = {blanked(rule.path) for rule in rules(app)}
    for spec in swagger.config.get("specs", []):
        with app_context(app), restored([views, classes], lambda value: id(value) in touched):
            parts = [_part(swagger, spec, chosen) for chosen in _modules(app, spec, pages)]
        everywhere: dict[str, Any] = {}
        for part in parts:
            everywhere |= part.definitions
        for part in parts:
            if not part.root.get("paths") and not part.failures:
                continue
            # Two modules, of two versions perhaps, may mean different things by one name.
            root = whole({**part.root, "definitions": {**everywhere, **part.definitions}})
            root["paths"] = {_placed(path, part.base, known): item for path, item in root["paths"].items()}
            yield Layer("declared", "flasgger", root, documentation=pages, failures=part.failures)


class _Part(NamedTuple):
    """What a spec says of the views of one module."""

    root: dict[str, Any]
    definitions: dict[str, Any]
    base: str
    failures: tuple[str, ...]


def _modules(app: Flask, spec: Mapping[str, Any], pages: frozenset[str]) -> list[list[Rule]]:
    """The rules that a spec is about, by the module of their views; the views of flasgger itself are none."""
    chosen = spec.get("rule_filter") or (lambda rule: True)
    found: dict[str, list[Rule]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, str(rule.endpoint))):
        if rule.endpoint in app.view_functions and rule.endpoint not in pages and chosen(rule):
            view = app.view_functions[rule.endpoint]
            found.setdefault(str(getattr(view, "__module__", None)), []).append(rule)
    return list(found.values())


def _part(swagger: Any, spec: Mapping[str, Any], chosen: list[Rule]) -> _Part:
    failures: tuple[str, ...] = ()
    try:
        made = _made(swagger, spec, chosen)
    except Exception:  # noqa: BLE001 - one broken docstring: the others are asked one by one
        made, failures = _one_by_one(swagger, spec, chosen)
    root = {key: _text(made[key]) for key in _KEPT if made.get(key)}
    components = root.pop("components", None) or {}
    definitions = {**components.pop("schemas", {}), **root.pop("definitions", {})}
    base = made.get("basePath")
    base = base.rstrip("/") if isinstance(base, str) else ""
    return _Part({**root, "components": components}, definitions, base, failures)


def _made(swagger: Any, spec: Mapping[str, Any], chosen: list[Rule]) -> dict[str, Any]:
    shown = _shown(swagger)
    shown.get_url_mappings = lambda rule_filter=None: chosen
    made: dict[str, Any] = shown.get_apispecs(spec["endpoint"])
    return made


def _shown(swagger: Any) -> Any:
    """A copy of the Swagger object that writes into nothing of the app's, and leaves texts as they are."""
    shown = copy.copy(swagger)
    shown.apispecs = {}
    shown.sanitizer = _unchanged
    shown.template = _copied(swagger.template)
    if isinstance(shown.template, dict) and isinstance(shown.template.get("definitions"), dict):
        # It fails at a schema with an `id` where it does not find the definition that it is about to write.
        shown.template["definitions"] = defaultdict(dict, shown.template["definitions"])
    shown.config = {
        key: _copied(value) if key in ("paths", "definitions", "components", "info") else value
        for key, value in swagger.config.items()
    }
    return shown


def _copied(value: Any) -> Any:
    # Not with `deepcopy`: a string that is made when it is asked for would be asked.
    if isinstance(value, dict):
        return {key: _copied(member) for key, member in value.items()}
    return [_copied(member) for member in value] if isinstance(value, list) else value


def _unchanged(text: str) -> str:
    return text.strip() if text else text


def _one_by_one(
    swagger: Any, spec: Mapping[str, Any], chosen: list[Rule]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    made: dict[str, Any] = {}
    failures = []
    for rule in chosen:
        try:
            part = _made(swagger, spec, [rule])
        except Exception as problem:  # noqa: BLE001 - that operation is inferred, and the reason told
            reason = " ".join(str(problem).split())
            failures.append(f"{rule.rule} ({rule.endpoint}): {type(problem).__name__}: {reason}")
            continue
        for key, value in part.items():
            both = isinstance(value, dict) and isinstance(made.get(key), dict)
            made[key] = _joined(made[key], value) if both else value
    return made, tuple(failures)


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    found = dict(one)
    for key, value in other.items():
        both = isinstance(found.get(key), dict) and isinstance(value, dict)
        found[key] = {**found[key], **value} if both else value
    return found


def _text(value: Any) -> Any:
    """Plain data: flasgger has strings that are made when they are asked for, perhaps from a request."""
    if isinstance(value, Mapping):
        return {str(key): _text(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_text(member) for member in value]
    if type(value).__module__.startswith("flasgger"):
        try:
            return str(value)
        except Exception:  # noqa: BLE001 - there is no request
            return ""
    return value


def _placed(path: str, base: str, known: set[str]) -> str:
    """The path of a rule: with the base path where it was taken off, as it is where it was not."""
    return path if not base or (blanked(base + path) not in known and blanked(path) in known) else base + path
