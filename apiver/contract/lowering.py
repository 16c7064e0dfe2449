"""OpenAPI 3.1 -> 3.0: the same meaning in the older spelling."""

from __future__ import annotations

from typing import Any

_DROPPED = frozenset({"$schema", "$id", "$comment", "$anchor", "jsonSchemaDialect", "webhooks"})
_DATA = frozenset({"default", "example", "enum", "examples"})
# Below these keys stand names that people chose, which may be spelled like keywords.
_NAMES = frozenset(
    {"properties", "$defs", "dependentSchemas", "schemas", "responses", "headers", "requestBodies", "links"}
    | {"securitySchemes", "callbacks", "pathItems", "content", "paths", "encoding", "variables", "scopes"}
)


def to_30(root: dict[str, Any]) -> dict[str, Any]:
    """A copy of an OpenAPI 3.1 document as 3.0.3.

    A type with null becomes `nullable`, several types an `anyOf`, `const` an `enum`, a numeric exclusive
    bound its boolean form. What 3.0 cannot say (`webhooks`, `patternProperties`, `prefixItems`) is left
    out: the result then allows more than the original, never less.
    """
    lowered = _walk(root)
    lowered["openapi"] = "3.0.3"
    lowered.get("info", {}).pop("summary", None)
    return {"openapi": lowered.pop("openapi"), **lowered}


def _walk(value: Any) -> Any:
    if isinstance(value, list):
        return [_walk(item) for item in value]
    if not isinstance(value, dict):
        return value
    lowered = {key: _part(key, item) for key, item in value.items() if key not in _DROPPED}
    if "$ref" in lowered and isinstance(lowered["$ref"], str):
        # In 3.0 nothing may stand beside a $ref.
        return {"$ref": lowered["$ref"]}
    return _schema(lowered) if _is_schema(value) else lowered


def _part(key: str, value: Any) -> Any:
    if key in _DATA:
        return value
    if key in _NAMES and isinstance(value, dict):
        return {name: _walk(item) for name, item in value.items()}
    return _walk(value)


def _is_schema(value: dict[str, Any]) -> bool:
    if "in" in value and "name" in value:
        return False
    kind = value.get("type")
    if isinstance(kind, str) and kind in ("apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"):
        return False
    keys = (
        "anyOf",
        "oneOf",
        "allOf",
        "const",
        "enum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "patternProperties",
    )
    return isinstance(kind, str | list) or any(
        isinstance(value.get(key), list | int | float | dict) for key in keys
    )


def _schema(schema: dict[str, Any]) -> dict[str, Any]:
    for key in (
        "patternProperties",
        "prefixItems",
        "unevaluatedProperties",
        "contains",
        "propertyNames",
        "if",
    ):
        schema.pop(key, None)
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    for bound, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(bound), int | float) and not isinstance(schema.get(bound), bool):
            schema[plain], schema[bound] = schema[bound], True
    return _nullable(_types(schema))


def _types(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = schema.get("type")
    if kinds == "null":
        return {
            **{key: value for key, value in schema.items() if key != "type"},
            "nullable": True,
            "enum": [None],
        }
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
    return {**rest, "anyOf": [{"type": kind, **nullable} for kind in named]}


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
