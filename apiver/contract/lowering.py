"""OpenAPI 3.1 -> 3.0: the same meaning in the older spelling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apiver.contract.pointer import join
from apiver.contract.structure import KINDS, Part, parts, rebuilt

_OPENAPI = "3.0.3"
# The Schema Object of OpenAPI 3.0.3 (4.7.24), and what comes to be one of its words here.
_WORDS = frozenset(
    {
        "title",
        "description",
        "default",
        "example",
        "deprecated",
        "readOnly",
        "writeOnly",
        "externalDocs",
        "xml",
    }
    | {"type", "format", "enum", "nullable", "discriminator", "not", "allOf", "oneOf", "anyOf"}
    | {"multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"}
    | {"maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "items"}
    | {"maxProperties", "minProperties", "required", "properties", "additionalProperties"}
)
_SPELLED = _WORDS | {"$ref", "const", "examples", "contentMediaType", "contentEncoding", "$comment"}
_BOUNDS = {"exclusiveMinimum": ("minimum", max), "exclusiveMaximum": ("maximum", min)}
_LOST = "x-apiver-lost"  # for as long as the lowering goes on
_ANYTHING: dict[str, Any] = {}


def to_30(root: dict[str, Any]) -> dict[str, Any]:
    """A copy of an OpenAPI 3.1 document as 3.0.3.

    A type with null becomes `nullable`, several types an `anyOf`, `const` an `enum`, a numeric exclusive
    bound its boolean form, the first of `examples` the `example`. What 3.0 cannot say (`webhooks`,
    `patternProperties`, `if`) is left out: the result then allows more than the original, never less.
    """
    lost = _lost_components(root)
    lowered = rebuilt("document", root, lambda kind, value: _lowered(kind, value, lost))
    lowered = rebuilt("document", lowered, _without_mark)
    return {"openapi": _OPENAPI, **{key: part for key, part in lowered.items() if key != "openapi"}}


def _lost_components(root: dict[str, Any]) -> frozenset[str]:
    """References to the schemas of which 3.0 cannot say all, or all of what they reach."""
    schemas = root.get("components", {}).get("schemas", {})
    users: dict[str, list[str]] = {}
    todo = []
    for name, schema in schemas.items():
        reference = join("#/components/schemas", name)
        for part in _all(Part("schema", schema, "")):
            if not _is_spelled(part.value):
                todo.append(reference)
            elif isinstance(part.value, dict) and isinstance(part.value.get("$ref"), str):
                users.setdefault(part.value["$ref"], []).append(reference)
    lost: set[str] = set()
    while todo:
        reference = todo.pop()
        if reference not in lost:
            lost.add(reference)
            todo += users.get(reference, ())
    return frozenset(lost)


def _all(part: Part) -> Iterator[Part]:
    yield part
    for below in parts(part):
        yield from _all(below)


def _is_spelled(schema: Any) -> bool:
    """Whether 3.0 has words for those of a schema, apart from the schemas in it."""
    return not isinstance(schema, dict) or all(key in _SPELLED or key.startswith("x-") for key in schema)


def _without_mark(kind: str, value: dict[str, Any]) -> Any:
    if kind == "schema":
        value.pop(_LOST, None)
    return value


def _lowered(kind: str, value: dict[str, Any], lost: frozenset[str]) -> Any:
    if kind == "schema":
        return _schema(value, lost)
    if kind != "pathItem" and isinstance(value.get("$ref"), str):
        return {"$ref": value["$ref"]}  # nothing may stand beside it
    if kind == "document":
        return _document(value)
    if kind == "components":
        return {key: part for key, part in value.items() if key != "pathItems"}
    if kind == "operation" and not value.get("responses"):
        return {**value, "responses": {"default": {"description": "Any status"}}}
    if isinstance(value.get("schema"), bool):
        return {**value, "schema": _of_bool(value["schema"])}
    return value


def _document(value: dict[str, Any]) -> dict[str, Any]:
    value = {key: part for key, part in value.items() if key not in ("jsonSchemaDialect", "webhooks")}
    info = value.get("info")
    if isinstance(info, dict):
        value["info"] = {key: part for key, part in info.items() if key != "summary"}
        if isinstance(info.get("license"), dict):
            kept = {key: part for key, part in info["license"].items() if key != "identifier"}
            value["info"]["license"] = kept
    return {**value, "paths": value.get("paths", {})}


def _of_bool(value: bool) -> dict[str, Any]:
    return {} if value else {"not": {}}


def _schema(raw: dict[str, Any], lost: frozenset[str]) -> dict[str, Any]:
    schema = _without_booleans(raw)
    if isinstance(schema.get("$ref"), str):
        mark = {_LOST: True} if schema["$ref"] in lost else {}
        beside = {key: part for key, part in schema.items() if key != "$ref"}
        if not any(key in _SPELLED for key in beside):
            return {"$ref": schema["$ref"], **mark}
        reference = {"$ref": schema["$ref"], **mark}
        return _schema({**beside, "allOf": [reference, *beside.get("allOf", ())]}, lost)
    _widen(schema)
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    _bounds(schema)
    _contents(schema)
    _items(schema)
    if "patternProperties" in schema:
        schema.pop("additionalProperties", None)  # it would hold for members that are described there
    if isinstance(schema.get("examples"), list) and schema["examples"]:
        schema.setdefault("example", schema["examples"][0])
    if schema.get("required") == []:
        del schema["required"]
    kept = {key: part for key, part in schema.items() if key in _WORDS or key.startswith("x-")}
    return _nullable(_types(kept))


def _widen(schema: dict[str, Any]) -> None:
    """Mark a schema of which something is lost, and keep what is lost from forbidding more than before.

    That it would do in a `not`, and in an alternative of a `oneOf`, which may then be met beside another.
    """
    below = [part.value for part in parts(Part("schema", schema, ""))]
    if _is_spelled(schema) and not any(_LOST in each for each in below):
        return
    schema[_LOST] = True
    if isinstance(schema.get("not"), dict) and _LOST in schema["not"]:
        del schema["not"]
    branches = schema.get("oneOf")
    if isinstance(branches, list) and any(isinstance(each, dict) and _LOST in each for each in branches):
        del schema["oneOf"]
        if "anyOf" in schema:
            schema["allOf"] = [*schema.get("allOf", ()), {"anyOf": branches}]
        else:
            schema["anyOf"] = branches


def _without_booleans(raw: dict[str, Any]) -> dict[str, Any]:
    """A copy in which `true` and `false` as schemas are objects, where 3.0 knows no others."""
    schema = dict(raw)
    for key, field in KINDS["schema"].items():
        part = schema.get(key)
        if field.shape == "one" and isinstance(part, bool) and key != "additionalProperties":
            schema[key] = _of_bool(part)
        elif isinstance(part, list):
            schema[key] = [_of_bool(each) if isinstance(each, bool) else each for each in part]
        elif field.shape == "map" and isinstance(part, dict):
            schema[key] = {
                name: _of_bool(each) if isinstance(each, bool) else each for name, each in part.items()
            }
    return schema


def _bounds(schema: dict[str, Any]) -> None:
    for strict, (plain, nearer) in _BOUNDS.items():
        bound, other = schema.get(strict), schema.get(plain)
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            continue
        if other is not None and nearer(bound, other) != bound:
            del schema[strict]  # the other one says more
        else:
            schema[plain], schema[strict] = bound, True


def _contents(schema: dict[str, Any]) -> None:
    """Text that holds bytes (2020-12 Validation, 8) by the formats that 3.0 has for it."""
    if "format" in schema:
        return
    if schema.get("contentEncoding") in ("base64", "base64url"):
        schema["format"] = "byte"
    elif "contentEncoding" not in schema and schema.get("contentMediaType") == "application/octet-stream":
        schema["format"] = "binary"


def _items(schema: dict[str, Any]) -> None:
    """`prefixItems` as what any item may be; an array of anything has its `items` said in 3.0."""
    first, rest = schema.get("prefixItems"), schema.get("items")
    if isinstance(first, list):
        if rest == {"not": {}}:
            schema["maxItems"] = min(len(first), schema.get("maxItems", len(first)))
            choices = first
        else:
            choices = [*first, _ANYTHING if rest is None else rest]
        schema["items"] = {} if _ANYTHING in choices else {"anyOf": choices}
    kinds = schema.get("type")
    if kinds == "array" or (isinstance(kinds, list) and "array" in kinds):
        schema.setdefault("items", {})


def _types(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = schema.get("type")
    if kinds == "null":
        rest = {key: value for key, value in schema.items() if key != "type"}
        return {**rest, "nullable": True, "enum": [None]}
    if not isinstance(kinds, list):
        return schema
    named = [kind for kind in kinds if kind != "null"]
    rest = {key: value for key, value in schema.items() if key != "type"}
    if "null" in kinds:
        rest["nullable"] = True
    if not named:
        return {**rest, "enum": [None]}
    if len(named) == 1:
        return {"type": named[0], **rest}
    # `nullable` counts only beside a type, so each alternative says it.
    nullable = {"nullable": True} if rest.pop("nullable", False) else {}
    choices = [
        {"type": kind, **({"items": rest.get("items", {})} if kind == "array" else {}), **nullable}
        for kind in named
    ]
    if "anyOf" in rest:
        return {**rest, "allOf": [*rest.get("allOf", ()), {"anyOf": choices}]}
    return {**rest, "anyOf": choices}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    for key in ("anyOf", "oneOf"):
        branches = schema.get(key)
        if not isinstance(branches, list):
            continue
        kept = [branch for branch in branches if branch != {"nullable": True, "enum": [None]}]
        if len(kept) == len(branches) or len(kept) != 1:
            continue
        only = kept[0]
        rest = {name: value for name, value in schema.items() if name != key}
        if "$ref" in only:
            return {**rest, "allOf": [only], "nullable": True}
        return {**rest, **only, "nullable": True}
    return schema
