"""Operations as people write them in YAML: partly in the words of Swagger 2.0, partly of OpenAPI 3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apiver.contract.document import Document
from apiver.contract.swagger import upgraded

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_TRACE = " TRACE"
_OLD, _NEW = "#/definitions/", "#/components/schemas/"
_PYTHON_TYPES = {
    "int": "integer",
    "str": "string",
    "float": "number",
    "bool": "boolean",
    "dict": "object",
    "list": "array",
}
_NAMED = frozenset({"properties", "definitions", "schemas", "patternProperties", "headers", "responses"})
_DATA = frozenset({"default", "example", "examples", "enum", "const", "value"})


def whole(root: Mapping[str, Any]) -> dict[str, Any]:
    """`root` as OpenAPI 3.0, whichever of the two each of its operations is written in.

    Types with the names of Python's (`int`) are those of JSON Schema, `required: "true"` is true, a schema
    with an `id` is a definition of that name. Its components and definitions become one.
    """
    components = root.get("components")
    components = dict(components) if isinstance(components, Mapping) else {}
    given = {"paths": root.get("paths", {}), "definitions": root.get("definitions") or {}}
    given["definitions"] = {**given["definitions"], **(components.pop("schemas", None) or {})}
    hoisted: dict[str, Any] = {}
    plain = _plain(given, "", hoisted)
    old: dict[str, Any] = {
        "swagger": "2.0",
        "info": {"title": "-", "version": "-"},
        "paths": plain["paths"],
        "definitions": {**hoisted, **plain["definitions"]},
    }
    for key in ("produces", "consumes", "security", "securityDefinitions", "parameters", "responses"):
        if root.get(key):
            old[key] = root[key]
    # Swagger 2.0 has no TRACE: it goes through under another name.
    traces = {path: item.pop("trace") for path, item in old["paths"].items() if "trace" in (item or {})}
    old["paths"] |= {f"{path}{_TRACE}": {"post": operation} for path, operation in traces.items()}
    made: dict[str, Any] = _referring(upgraded(Document(old, "")).root, _OLD, _NEW)
    for path in traces:
        made["paths"][path]["trace"] = made["paths"].pop(f"{path}{_TRACE}")["post"]
    for item in made["paths"].values():
        for operation in item.values() if isinstance(item, dict) else ():
            for parameter in operation.get("parameters", ()) if isinstance(operation, dict) else ():
                if isinstance(parameter, dict) and "content" in parameter:
                    parameter.pop("schema", None)
    held = made.setdefault("components", {})
    for section, entries in components.items():
        if isinstance(entries, Mapping):
            held[section] = {**held.get(section, {}), **entries}
    return made


def _plain(value: Any, key: str, hoisted: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_plain(member, key, hoisted) for member in value]
    if not isinstance(value, Mapping):
        return value
    if key in _NAMED:
        return {str(name): _plain(member, "", hoisted) for name, member in value.items()}
    made: dict[str, Any] = {}
    for name, member in value.items():
        name = str(name)
        if name in _DATA:
            made[name] = member
        elif name == "type" and isinstance(member, str):
            made[name] = _PYTHON_TYPES.get(member, member)
        elif name == "required" and isinstance(member, str):
            made[name] = member.lower() == "true"
        elif name == "$ref" and isinstance(member, str):
            made[name] = _OLD + member.removeprefix(_NEW) if member.startswith(_NEW) else member
        else:
            made[name] = _plain(member, name, hoisted)
    if made.get("in") == "path":
        made["required"] = True  # Swagger 2.0 and OpenAPI 3 demand it; people forget it
    called = made.get("id")
    if key in ("schema", "items") and isinstance(called, str) and len(made) > 1:
        hoisted.setdefault(called, {name: member for name, member in made.items() if name != "id"})
        return {"$ref": _OLD + called}
    return made


def _referring(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [_referring(member, old, new) for member in value]
    if not isinstance(value, Mapping):
        return value
    made = {key: _referring(member, old, new) for key, member in value.items()}
    target = value.get("$ref")
    if isinstance(target, str) and target.startswith(old):
        made["$ref"] = new + target.removeprefix(old)
    return made
