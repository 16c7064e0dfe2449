"""What `marshal_with` of flask-restx writes of a model: every field, and null where there is no value.

The extension has one schema of a model, for what is sent and for what is answered. What is not required may
be left out of a request; in an answer it is null.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

Schema = dict[str, Any]

MARSHALLED = "x-marshalled"
"""On a response of a document: a `marshal_with` writes it; `sparse` where it leaves out what is null."""

_PREFIX = "#/definitions/"
_BY = "\n"  # between a model and the way in which it is written, while both are called so
_WAYS = ("full", "sparse")
# Fields that make a value of their own where there is none, or leave it out.
_NEVER_NULL = frozenset({"FormattedString", "Url", "ClassName", "Wildcard"})
_PACKAGES = frozenset({"flask_restx", "flask_restplus"})


def write_answers(root: Schema, models: Mapping[str, Any], computed: frozenset[int]) -> None:
    """Give what is marshalled in a Swagger document schemas of its own.

    `models` are those of the Api by name, `computed` the ids of the fields whose default is made anew each
    time. What is answered keeps the name of its model; what is sent is its `Input` where the two differ.
    """
    definitions: dict[str, Schema] = root.get("definitions", {})
    made: Schema = {}
    for response in _marked(root):
        response["schema"] = _toward(response.get("schema"), response.pop(MARSHALLED))
    todo = [name for name in _names(root) if _BY in name]
    while todo:
        written = todo.pop()
        name, way = written.split(_BY)
        if written not in made and name in definitions:
            made[written] = _answer(definitions[name], models.get(name), way, computed)
            todo += [inner for inner in _names(made[written]) if _BY in inner]
    apart = _apart(made, definitions)
    plain = {name: name.split(_BY)[0] for name in _names([root, made]) if name not in apart}
    _rename([root, made], plain)
    definitions |= {written: made[written] for written in apart}
    used = _reached({key: part for key, part in root.items() if key != "definitions"}, definitions)
    names: dict[str, str] = {}
    for name in sorted({written.split(_BY)[0] for written in apart & used}):
        called = [written for way in _WAYS if (written := f"{name}{_BY}{way}") in apart & used]
        names |= dict(zip(called, (name, _free(f"{name}Sparse", definitions)), strict=False))
        names[name] = _free(f"{name}Input", definitions)
    root["definitions"] = {
        names.get(name, name): schema
        for name, schema in definitions.items()
        if name in used or not (_BY in name or name in names)
    }
    _rename(root, names)


def _marked(root: Schema) -> Iterator[Schema]:
    for item in root.get("paths", {}).values():
        for operation in item.values():
            responses = operation.get("responses", {}) if isinstance(operation, dict) else {}
            yield from (one for one in responses.values() if isinstance(one, dict) and MARSHALLED in one)


def _answer(schema: Schema, model: Any, way: str, computed: frozenset[int]) -> Schema:
    """The schema of a model as it is marshalled; the models in it are called by a name and a way."""
    made = copy.deepcopy(schema)
    if not isinstance(model, Mapping):
        return made
    own = made["allOf"][-1] if "allOf" in made else made
    for parent in made["allOf"][:-1] if "allOf" in made else ():
        _rename(parent, {name: f"{name}{_BY}{way}" for name in _names(parent)})
    for name, field in model.items():
        one = field() if isinstance(field, type) else field
        said = own.get("properties", {}).get(name)
        if said is None:
            continue
        inner = getattr(one, "container", one)
        said = _toward(said, "sparse" if getattr(inner, "skip_none", False) else "full")
        null = way == "full" and _may_be_null(one, computed)
        own["properties"][name] = _with_null(said) if null else said
    return made


def _may_be_null(field: Any, computed: frozenset[int]) -> bool:
    """Whether null is written where there is no value, and nobody says that there always is one."""
    kinds = [parent for parent in type(field).__mro__ if parent is not object]
    writer = next((parent for parent in kinds if "output" in vars(parent)), None)
    if writer is None or writer.__module__.partition(".")[0] not in _PACKAGES:
        return False
    names = {parent.__name__ for parent in kinds}
    if names & _NEVER_NULL or field.required or field.default is not None or id(field) in computed:
        return False
    if getattr(field, "discriminator", None):
        return False  # it is the name of the model
    # Nothing, nested, is an object whose own members are null; of no class, it is an error.
    return writer.__name__ not in ("Nested", "Polymorph") or bool(getattr(field, "allow_null", False))


def _with_null(schema: Schema) -> Schema:
    if "anyOf" in schema:
        held = schema["anyOf"]
        return schema if {"type": "null"} in held else {**schema, "anyOf": [*held, {"type": "null"}]}
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    if "allOf" in schema:
        rest = {key: part for key, part in schema.items() if key != "allOf"}
        return {**rest, "anyOf": [{"allOf": schema["allOf"]}, {"type": "null"}]}
    said = schema.get("type")
    if said is None:
        return schema  # anything
    kinds = list(said) if isinstance(said, (list, tuple)) else [said]
    made = {**schema, "type": kinds if "null" in kinds else [*kinds, "null"]}
    if "enum" in schema and None not in schema["enum"]:
        made["enum"] = [*schema["enum"], None]
    return made


def _apart(made: Schema, definitions: Schema) -> set[str]:
    """The names of what differs from its model, in itself or in what it holds."""
    plain = {written: written.split(_BY)[0] for written in made}
    found: set[str] = set()
    for written, schema in made.items():
        same = copy.deepcopy(schema)
        _rename(same, plain)
        if same != definitions[plain[written]]:
            found.add(written)
    while True:
        more = {written for written, schema in made.items() if found & set(_names(schema))} - found
        if not more:
            return found
        found |= more


def _reached(part: Any, definitions: Schema) -> set[str]:
    found: set[str] = set()
    todo = list(_names(part))
    while todo:
        name = todo.pop()
        if name in definitions and name not in found:
            found.add(name)
            todo += _names(definitions[name])
    return found


def _free(wanted: str, taken: Mapping[str, Any]) -> str:
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}{number}"
    return found


def _toward(schema: Any, way: str) -> Any:
    made = copy.deepcopy(schema)
    _rename(made, {name: f"{name}{_BY}{way}" for name in _names(made)})
    return made


def _names(value: Any) -> list[str]:
    return [unquote(one["$ref"].removeprefix(_PREFIX)) for one in _references(value)]


def _rename(value: Any, names: Mapping[str, str]) -> None:
    for one in _references(value):
        name = unquote(one["$ref"].removeprefix(_PREFIX))
        if names.get(name, name) != name:
            one["$ref"] = _PREFIX + quote(names[name])


def _references(value: Any) -> Iterator[Schema]:
    if isinstance(value, (list, tuple)):
        for member in value:
            yield from _references(member)
    elif isinstance(value, dict):
        if isinstance(value.get("$ref"), str) and value["$ref"].startswith(_PREFIX):
            yield value
        for member in value.values():
            yield from _references(member)
