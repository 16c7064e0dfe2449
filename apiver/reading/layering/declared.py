"""A layer -> its operations in OpenAPI 3.1, each on its own: what extensions write, made plain and valid."""

from __future__ import annotations

import datetime
import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from apiver.contract.document import Document
from apiver.contract.pointer import join, of_reference, resolve, split
from apiver.contract.raising import to_31
from apiver.contract.shape import METHODS
from apiver.contract.swagger import upgraded
from apiver.contract.validate import problems
from apiver.reading.layering.layers import Layer
from apiver.reading.naming import phrase, python_phrase

Schema = dict[str, Any]

UNKNOWN = "x-apiver-unknown"
SCHEMAS = "#/components/schemas/"
_LITERAL = frozenset({"default", "example", "const", "value"})  # keys whose null is data
_NAMES = frozenset({"properties", "patternProperties", "schemas", "$defs", "dependentSchemas"})
_VARIABLE = re.compile(r"\{[^{}]*\}")
ODD = re.compile(r"[^A-Za-z0-9._-]+")
_DEEPEST = 60
_MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What one layer says, operation by operation.

    `operations` are keyed by path template, as the layer spells it, and method in capitals; each holds no
    reference but to `schemas`. `shapes` gives the templates that differ in the names of variables alone, by
    what they have in common (`/books/{}`). `schemes` are its security schemes. `failures` say what of it is
    broken, and therefore left out.
    """

    layer: Layer
    operations: Mapping[tuple[str, str], Schema]
    shapes: Mapping[str, tuple[str, ...]]
    schemas: Mapping[str, Schema]
    schemes: Mapping[str, Any]
    failures: tuple[str, ...] = ()


def blanked(path: str) -> str:
    """`/books/{id}` -> `/books/{}`: what paths have in common that differ in the names of variables alone."""
    return _VARIABLE.sub("{}", path)


def said(layer: Layer) -> Said:
    """The operations of a layer. What of it is not valid OpenAPI is left out, and said among the failures.

    Raises ValueError where it is no OpenAPI document at all.
    """
    root = _in_31(_clean(layer.root))
    operations: dict[tuple[str, str], Schema] = {}
    shapes: dict[str, tuple[str, ...]] = {}
    for path, item in root.get("paths", {}).items():
        whole = f"{layer.base.rstrip('/')}{path}"
        shapes[blanked(whole)] = (*shapes.get(blanked(whole), ()), whole)
        for method, operation in _operations(root, item):
            operations[whole, method.upper()] = operation
    components = root.get("components", {})
    found = Said(
        layer,
        operations,
        shapes,
        {name: _inlined(entry, root) for name, entry in components.get("schemas", {}).items()},
        {name: _inlined(entry, root) for name, entry in components.get("securitySchemes", {}).items()},
    )
    return _valid(found)


def _in_31(root: Schema) -> Schema:
    if "swagger" in root and "openapi" not in root:
        root = upgraded(Document(root, "")).root
    if not isinstance(root.get("openapi"), str) or not isinstance(root.get("paths", {}), dict):
        raise ValueError("it is no OpenAPI document")
    return _with_plain_names(to_31(root))


def _with_plain_names(root: Schema) -> Schema:
    """The document with schemas called as its Components Object allows: `Page_Book_` for `Page[Book]`."""
    schemas = root.get("components", {}).get("schemas", {})
    names = {name: ODD.sub("_", name) for name in schemas if ODD.search(name)}
    if not names:
        return root
    spelled = {
        SCHEMAS + written: SCHEMAS + new for name, new in names.items() for written in (name, quote(name))
    }

    def renamed(value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(member) for member in value]
        if isinstance(value, dict):
            return {key: renamed(member) for key, member in value.items()}
        return spelled.get(value, value) if isinstance(value, str) else value

    made: Schema = renamed(root)
    held = made["components"]["schemas"]
    made["components"]["schemas"] = {names.get(name, name): schema for name, schema in held.items()}
    return made


def _clean(value: Any, key: str = "") -> Any:
    """Plain JSON: no stray None, every key a string, and no Python object that only prints like a value."""
    if isinstance(value, Mapping):
        return {
            str(name): _clean(member, "" if key in _NAMES else str(name))
            for name, member in value.items()
            if member is not None or name in _LITERAL or key == "properties"
        }
    if isinstance(value, enum.Enum):
        return _clean(value.value)
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_clean(member) for member in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_clean(member) for member in value), key=str)
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else str(value)


def _operations(root: Schema, item: Any) -> Iterator[tuple[str, Schema]]:
    item = _inlined(item, root)
    if not isinstance(item, dict):
        return
    for method in METHODS:
        operation = item.get(method)
        if not isinstance(operation, dict):
            continue
        own = [entry for entry in operation.get("parameters", ()) if isinstance(entry, dict)]
        held = {(entry.get("name"), entry.get("in")) for entry in own}
        shared = [
            entry
            for entry in item.get("parameters", ())
            if isinstance(entry, dict) and (entry.get("name"), entry.get("in")) not in held
        ]
        operation = {key: part for key, part in operation.items() if key not in ("parameters", "servers")}
        if shared or own:
            operation["parameters"] = [*shared, *own]
        if "security" not in operation and "security" in root:
            operation["security"] = root["security"]
        for status, response in (operation.get("responses") or {}).items():
            # Extensions write the words of Python where nobody gives any, and these change with it.
            if isinstance(response, dict) and response.get("description") in (None, python_phrase(status)):
                response["description"] = phrase(status)
        yield method, operation


def _inlined(value: Any, root: Schema, depth: int = 0) -> Any:
    """`value` with every reference put in its place, but for those to schemas that have a name."""
    if isinstance(value, list):
        return [_inlined(member, root, depth + 1) for member in value]
    if not isinstance(value, dict):
        return value
    reference = value.get("$ref")
    if isinstance(reference, str) and not _names_a_schema(reference, root):
        pointer = of_reference(reference) if reference.startswith("#") else None
        target = None
        if pointer is not None and depth < _DEEPEST:
            try:
                target = resolve(root, pointer)
            except LookupError:
                target = None
        if target is None:
            return {UNKNOWN: f"the reference {reference} leads nowhere"}
        beside = {key: part for key, part in value.items() if key != "$ref"}
        made = _inlined(target, root, depth + 1)
        return {**made, **_inlined(beside, root, depth + 1)} if isinstance(made, dict) else made
    return {key: _inlined(member, root, depth + 1) for key, member in value.items()}


def _names_a_schema(reference: str, root: Schema) -> bool:
    if not reference.startswith(SCHEMAS):
        return False
    tokens = split(reference[1:])
    return len(tokens) == 3 and tokens[2] in root.get("components", {}).get("schemas", {})


def _valid(found: Said) -> Said:
    """`found` without what openapi-spec-validator has something against."""
    failures: list[str] = []
    for _ in range(_MOST_ROUNDS):  # the validator may find one fault only once another is out of its way
        wrong = _problems(found.schemas, found.operations, found)
        if not wrong:
            return replace(found, failures=tuple(failures))
        told = len(failures)
        schemas, operations, schemes = dict(found.schemas), dict(found.operations), dict(found.schemes)
        for pointer, sentence in wrong:
            tokens = split(pointer)
            if tokens[:2] == ["components", "schemas"] and len(tokens) > 2:
                schemas[tokens[2]] = {UNKNOWN: f"the declared schema is not valid: {sentence}"}
                failures.append(f"the schema {tokens[2]} is not valid: {sentence}")
            elif tokens[:2] == ["components", "securitySchemes"] and len(tokens) > 2:
                # One fault of a scheme is told; the others of this round are gone with it.
                if schemes.get(tokens[2]) is found.schemes.get(tokens[2]):
                    _mend(schemes, tokens[2], operations)
                    failures.append(f"the security scheme {tokens[2]} is not valid: {sentence}")
            elif tokens[:1] == ["paths"] and operations.pop((tokens[1], tokens[2].upper()), None) is not None:
                failures.append(f"{tokens[2].upper()} {tokens[1]} is not valid: {sentence}")
        if len(failures) == told:
            break
        found = replace(found, schemas=schemas, operations=operations, schemes=schemes)
    raise ValueError(f"it is not valid OpenAPI: {(failures or [wrong[0][1]])[0]}")


def _mend(schemes: dict[str, Any], name: str, operations: dict[tuple[str, str], Schema]) -> None:
    """Keep a broken scheme of OAuth 2 without its flows; any other goes, with what demands it."""
    if schemes.get(name, {}).get("type") == "oauth2" and schemes[name].get("flows") != {}:
        schemes[name] = {
            "type": "oauth2",
            "flows": {},
            UNKNOWN: "its flows are not declared as OpenAPI has them",
        }
        return
    schemes.pop(name, None)
    reason = f"the security scheme {name} is not declared as OpenAPI has them"
    for key, operation in operations.items():
        if any(name in demand for demand in operation.get("security", ())):
            rest = {part: value for part, value in operation.items() if part != "security"}
            operations[key] = {**rest, UNKNOWN: reason}


def _problems(
    schemas: Mapping[str, Schema], operations: Mapping[tuple[str, str], Schema], found: Said
) -> list[tuple[str, str]]:
    """What is wrong, each with a pointer to the schema or the operation that it is wrong in."""
    wrong = problems(_document(schemas, operations, found))
    if all(len(split(pointer)) > 2 for pointer, _ in wrong):
        return list(wrong)
    # The validator could not go through the document: one part after the other, then.
    alone = []
    open_ones: Schema = {name: {} for name in schemas}
    for name, schema in schemas.items():
        for _, sentence in problems(_document({**open_ones, name: schema}, {}, found))[:1]:
            alone.append((join("", "components", "schemas", name), sentence))
    for key, operation in operations.items():
        single = _document(open_ones, {key: operation}, found)
        for _, sentence in problems(single)[:1]:
            alone.append(
                (join("", "paths", *next(iter(single["paths"].items()))[:1], key[1].lower()), sentence)
            )
    return alone


def _document(
    schemas: Mapping[str, Schema], operations: Mapping[tuple[str, str], Schema], found: Said
) -> Schema:
    paths: Schema = {}
    for (path, method), operation in operations.items():
        variables = re.findall(r"\{([^{}]*)\}", path)
        entry = {key: part for key, part in operation.items() if key != "operationId"}
        held = {one.get("name") for one in entry.get("parameters", ()) if one.get("in") == "path"}
        missing = [
            {"name": variable, "in": "path", "required": True, "schema": {"type": "string"}}
            for variable in dict.fromkeys(variables)
            if variable not in held
        ]
        entry["parameters"] = [
            *missing,
            *(
                one
                for one in entry.get("parameters", ())
                if one.get("in") != "path" or one["name"] in variables
            ),
        ]
        entry["responses"] = entry.get("responses") or {"default": {"description": ""}}
        paths.setdefault(path, {})[method.lower()] = entry
    components: Schema = {"schemas": dict(schemas)}
    if found.schemes:
        components["securitySchemes"] = dict(found.schemes)
    return {
        "openapi": "3.1.0",
        "info": {"title": "-", "version": "-"},
        "paths": paths,
        "components": components,
    }
