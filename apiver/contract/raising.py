"""OpenAPI 3.0 and 3.2 -> 3.1: the same meaning in the spelling that apiver writes."""

from __future__ import annotations

from typing import Any

from apiver.contract.structure import rebuilt

_OPENAPI = "3.1.0"
# What only tells about a value, and may stand outside of an alternative that is drawn around the rest.
_TOLD = frozenset(
    {
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "externalDocs",
        "xml",
    }
)
_COMBINING = ("allOf", "anyOf", "oneOf")
_BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
_NULLABLE = ("nullable", "x-nullable")


def to_31(root: dict[str, Any]) -> dict[str, Any]:
    """A copy of an OpenAPI 3.0, 3.1 or 3.2 document as 3.1.0 that accepts the same values.

    Of 3.0, `nullable` becomes a type with null, a boolean `exclusiveMinimum` a bound of its own, `example` of
    a schema a list. What stood beside a `$ref`, where it meant nothing, goes; words there that describe stay.
    So do the formats `binary` and `byte`, which 3.1 knows too (OpenAPI Format Registry). For 3.2 see
    `apiver.contract.descent`. Spellings of a later version in a document of 3.0 keep their meaning.
    """
    version = str(root.get("openapi", ""))
    if version.startswith("3.0"):
        raised = rebuilt("document", root, _of_30)
    elif version.startswith("3.2"):
        from apiver.contract.descent import of_32

        raised = of_32(root)
    else:
        raised = rebuilt("document", root, lambda kind, value: value)
    return {**raised, "openapi": _OPENAPI} if "openapi" in raised else {"openapi": _OPENAPI, **raised}


def _of_30(kind: str, value: dict[str, Any]) -> Any:
    if kind == "schema":
        return _schema(value)
    if kind != "pathItem" and isinstance(value.get("$ref"), str):
        # Reference Object (OpenAPI 3.0.4, 4.7.23): whatever stands beside is ignored.
        return {key: part for key, part in value.items() if key == "$ref" or key.startswith("x-")}
    return value


def _schema(raw: dict[str, Any]) -> dict[str, Any]:
    if isinstance(raw.get("$ref"), str):
        kept = ("$ref", "title", "description")
        return {key: part for key, part in raw.items() if key in kept or _is_extension(key)}
    schema: dict[str, Any] = {}
    for key, part in raw.items():
        if key in _BOUNDS:
            schema |= _bound(key, part, raw)
        elif key in ("example", "examples"):
            schema["examples"] = _examples(raw)
        elif key in _BOUNDS.values() and raw.get(_strict(key)) is True:
            continue
        elif key not in _NULLABLE:
            schema[key] = part
    return _nullable(schema) if any(raw.get(key) is True for key in _NULLABLE) else schema


def _is_extension(key: str) -> bool:
    return key.startswith("x-") and key not in _NULLABLE


def _strict(bound: str) -> str:
    return next(strict for strict, plain in _BOUNDS.items() if plain == bound)


def _bound(strict: str, value: Any, raw: dict[str, Any]) -> dict[str, Any]:
    """An exclusive bound as a number: in 3.0 it says whether the bound beside it is itself allowed."""
    if not isinstance(value, bool):
        return {strict: value}
    plain = _BOUNDS[strict]
    return {strict: raw[plain]} if value and plain in raw else {}


def _examples(raw: dict[str, Any]) -> list[Any]:
    """The examples of a schema as a list; some writers give them names, as those of a media type have."""
    said = raw.get("examples", [])
    if isinstance(said, dict):
        named = all(isinstance(each, dict) and "value" in each for each in said.values())
        said = [each["value"] for each in said.values()] if named else [said]
    examples = list(said) if isinstance(said, list) else [said]
    if "example" in raw and raw["example"] not in examples:
        examples.insert(0, raw["example"])
    return examples


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with null beside what it accepts.

    An `enum` without null still forbids it (OpenAPI 3.0.3, 4.7.24.1). Beside a combinator and without a type
    `nullable` says nothing by the letter; everybody who writes it there means null.
    """
    kinds = schema.get("type")
    if kinds is not None:
        named = kinds if isinstance(kinds, list) else [kinds]
        return {**schema, "type": named if "null" in named else [*named, "null"]}
    if "enum" in schema or not any(key in schema for key in _COMBINING):
        return schema
    told = {key: part for key, part in schema.items() if key in _TOLD or key.startswith("x-")}
    inside = {key: part for key, part in schema.items() if key not in told}
    only = next(iter(inside)) if len(inside) == 1 else ""
    branches = inside[only] if only == "anyOf" or (only == "allOf" and len(inside[only]) == 1) else [inside]
    return {**told, "anyOf": [*branches, {"type": "null"}]}
