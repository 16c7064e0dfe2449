"""The pydantic models of a document as its components, kept apart where two of them have one name."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from apiver.reading.schemas.pydantic import PREFIX, Schema, Written, written

_DIGITS = 7
_ERRORS = "ValidationErrors"
# What both versions of pydantic give as `ValidationError.errors()`.
_ERROR: Schema = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
        "msg": {"type": "string"},
    },
    "required": ["type", "loc", "msg"],
}


class Models:
    """The components that the models of one document become.

    Extensions write a component for each *name*, so that of two versions with a `Book` each, or of a `Book`
    that is asked for and one that is sent, only the last one is left. Here each has a name of its own:
    `Book.3a64a9f`, by what it says.
    """

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {}
        self._known: dict[tuple[Any, ...], Schema | None] = {}

    def schema(self, kind: Any, *, by_alias: bool = True, **how: bool) -> Schema | None:
        """A schema of `kind` (see `written`), whose models are components; None where it is no model."""
        key = kind, by_alias, *sorted(how.items())
        try:
            known = key in self._known
        except TypeError:  # an annotation that holds a list, say
            found = written(kind, by_alias=by_alias, **how)
            return None if found is None else self.placed(found)
        if not known:  # a model of errors stands at every operation
            found = written(kind, by_alias=by_alias, **how)
            self._known[key] = None if found is None else self.placed(found)
        return copy.deepcopy(self._known[key])

    def members(self, schema: Schema | None) -> tuple[dict[str, Schema], frozenset[str]]:
        """The members of an object by its schema, and which of them must be there."""
        schema = schema or {}
        while isinstance(schema.get("$ref"), str):
            schema = self.components[schema["$ref"].removeprefix(PREFIX)]
        return schema.get("properties", {}), frozenset(schema.get("required", ()))

    def errors(self) -> Schema:
        """The schema of what pydantic has against a value that is not valid."""
        self.components.setdefault(_ERRORS, {"type": "array", "items": _ERROR})
        return {"$ref": PREFIX + _ERRORS}

    def placed(self, found: Written) -> Schema:
        """The schema of what was written elsewhere, with its definitions as components."""
        names = {name: f"{name}.{_digest(name, found.definitions)}" for name in found.definitions}
        for name, schema in found.definitions.items():
            self.components[names[name]] = _renamed(schema, names)
        placed: Schema = _renamed(found.schema, names)
        return placed


def reached(value: Any, definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """The definitions that a value refers to, and those that these refer to, in the order of their names."""
    found: set[str] = set()
    todo = [value]
    while todo:
        for name in _names(todo.pop()):
            if name in definitions and name not in found:
                found.add(name)
                todo.append(definitions[name])
    return {name: definitions[name] for name in sorted(found)}


def _digest(name: str, definitions: Mapping[str, Schema]) -> str:
    """A few digits for what a definition says, with all that it reaches."""
    said = {name: definitions[name], **reached(definitions[name], definitions)}
    text = orjson.dumps([name, said], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:_DIGITS]


def _names(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [name for part in value.values() for name in _names(part)]
    if isinstance(value, list):
        return [name for part in value for name in _names(part)]
    return [value.removeprefix(PREFIX)] if isinstance(value, str) and value.startswith(PREFIX) else []


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [_renamed(part, names) for part in value]
    if isinstance(value, str) and value.startswith(PREFIX):
        name = value.removeprefix(PREFIX)
        return PREFIX + names.get(name, name)
    return value
