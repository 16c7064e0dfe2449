"""YAML in the docstrings of views, below a line of dashes; perhaps nothing in the app reads it.

It is one operation, as flasgger has it (`responses`, `parameters` ...), or several by their methods, as
apispec has it (`get: ...`, `post: ...`).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from flask import Flask

from apiver.reading.layering.declared import blanked
from apiver.reading.layering.layers import Layer
from apiver.reading.sources.apispec import told
from apiver.reading.sources.fragments import METHODS, whole
from apiver.reading.sources.routes import Rule, rules

_DASHES = re.compile(r"^---\s*$", re.MULTILINE)
_OPERATION = frozenset({"responses", "parameters", "requestBody"})
_WORDS = (*_OPERATION, "tags", "summary", "description", "deprecated", "security", "consumes", "produces")


def layers(app: Flask) -> Iterator[Layer]:
    """What the docstrings of the views of `app` declare; nothing where none of them holds YAML."""
    modules: dict[str, _Module] = {}
    known = told(app)
    for rule in rules(app):
        if (blanked(rule.path), rule.method) in known:
            continue  # apispec has read it, and knows what the names in it mean
        name = str(getattr(inspect.unwrap(rule.handler), "__module__", None))
        modules.setdefault(name, _Module()).take(rule)
    everywhere: dict[str, Any] = {}
    for module in modules.values():
        everywhere |= module.definitions
    for module in modules.values():
        if module.paths or module.broken:
            # Two modules, of two versions perhaps, may mean different things by one name.
            root = whole({"paths": module.paths, "definitions": {**everywhere, **module.definitions}})
            yield Layer("declared", "docstring", root, broken=module.broken)


@dataclass(frozen=True, slots=True)
class _Module:
    """What the docstrings of one module of views hold."""

    paths: dict[str, dict[str, Any]] = field(default_factory=dict)
    definitions: dict[str, Any] = field(default_factory=dict)
    broken: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, rule: Rule) -> None:
        try:
            operation = _operation(rule, self.definitions)
        except yaml.YAMLError as problem:
            self.broken[rule.path, rule.method.upper()] = _reason(problem)
            return
        if operation:
            self.paths.setdefault(rule.path, {})[rule.method] = operation


def _reason(problem: yaml.YAMLError) -> str:
    """What is wrong, in one line. PyYAML counts lines from 0; those are counted below the dashes."""
    mark = getattr(problem, "problem_mark", None)
    where = f"line {mark.line} below the dashes: " if mark is not None else ""
    what = getattr(problem, "problem", None) or " ".join(str(problem).split())
    return f"the docstring is no YAML, {where}{what}"


def _operation(rule: Rule, definitions: dict[str, Any]) -> dict[str, Any] | None:
    """The operation that the docstring of a view declares for a method; its definitions come along."""
    said = _said(rule)
    if not isinstance(said, Mapping):
        return None
    for key in ("definitions", "components"):
        held = said.get(key)
        held = held.get("schemas") if key == "components" and isinstance(held, Mapping) else held
        if isinstance(held, Mapping):
            definitions.update(held)
    own = said.get(rule.method)
    if isinstance(own, Mapping):
        said = own
    elif any(isinstance(said.get(method), Mapping) for method in METHODS):
        return None  # it is about other methods
    if not _OPERATION & said.keys():
        return None
    return {key: _named(said[key]) for key in _WORDS if key in said}


def _said(rule: Rule) -> Any:
    """The YAML in the docstring of the method, else of the class; None where there is none."""
    function = inspect.unwrap(rule.handler)
    owner = inspect.getattr_static(rule.view, "view_class", None)
    for documented in (function, rule.view, owner):
        text = getattr(documented, "__doc__", None)
        parts = _DASHES.split(inspect.cleandoc(text), maxsplit=1) if isinstance(text, str) else []
        if len(parts) == 2:
            return yaml.safe_load(parts[1])
    return None


def _named(value: Any) -> Any:
    """A schema that is called by a name alone is one that somebody else knows: marshmallow's, for apispec."""
    if isinstance(value, list):
        return [_named(member) for member in value]
    if not isinstance(value, Mapping):
        return value
    made = {key: _named(member) for key, member in value.items()}
    schema = value.get("schema")
    if isinstance(schema, str):
        made["schema"] = {"x-apiver-unknown": f"the docstring says {schema}, and not what that is"}
    return made
