"""A marshmallow schema that is loaded from the query, the headers, cookies or the path -> parameters."""

from __future__ import annotations

from typing import Any, Literal

from apiver.reading.schemas.marshmallow.fields import EVERY_TYPE, field_schema
from apiver.reading.schemas.marshmallow.naming import INCOMPLETE, UNKNOWN, Named, Schema
from apiver.reading.schemas.marshmallow.schemas import hooks, json_schema, properties
from apiver.reading.schemas.marshmallow.validators import constrained

Location = Literal["query", "header", "cookie", "path"]

# OpenAPI 3.1, Parameter Object, style: how the items of an array stand in one text.
_STYLES = {",": "form", " ": "spaceDelimited", "|": "pipeDelimited"}


def parameters(schema: Any, location: Location, named: Named) -> list[Schema]:
    """One Parameter Object for each field of `schema` (class or instance) that is read from `location`.

    Empty where a `pre_load` of the app may rename them.
    """
    instance = schema() if isinstance(schema, type) else schema
    if hooks(instance, "load"):
        return []
    return [_parameter(member, location, named) for member in properties(instance, "load", named)]


def _parameter(member: Any, location: Location, named: Named) -> Schema:
    found: Schema = {"name": member.key, "in": location}
    if member.required or location == "path":
        found["required"] = True
    schema = _without_null(member.schema)
    for word in ("description", "deprecated"):
        if word in schema:
            found[word] = schema.pop(word)
    delimiter = getattr(member.field, "delimiter", None)
    if isinstance(delimiter, str) and schema.get("type") == "string":
        found |= _delimited(member.field, delimiter, location, schema, named)
    elif (
        schema.get("type") == "object"
        or "$ref" in schema
        or (schema.get("type") == "array" and location != "query")
    ):
        found["schema"] = {
            UNKNOWN: f"how a {schema.get('type', 'object')} stands in a {location} is not known"
        }
    else:
        found["schema"] = schema
    return found


def _delimited(field: Any, delimiter: str, location: Location, text: Schema, named: Named) -> Schema:
    """webargs' DelimitedList: an array in one text, if OpenAPI has a style for the delimiter."""
    inner = getattr(field, "inner", None)
    if inner is None or delimiter not in _STYLES or (location != "query" and delimiter != ","):
        return {"schema": text}
    words = {key: value for key, value in text.items() if key not in ("type", INCOMPLETE)}
    items = _without_null(field_schema(inner, "load", named, json_schema))
    schema = {**constrained({"type": "array", "items": items}, field), **words}
    if location != "query":
        return {"schema": schema}
    return {"style": _STYLES[delimiter], "explode": False, "schema": schema}


def _without_null(schema: Schema) -> Schema:
    """No text stands for null there."""
    found = dict(schema)
    kinds = found.get("type")
    if isinstance(kinds, list):
        rest = [kind for kind in kinds if kind != "null"]
        if set(rest) == set(EVERY_TYPE):
            del found["type"]
        else:
            found["type"] = rest[0] if len(rest) == 1 else rest
    if "anyOf" in found and {"type": "null"} in found["anyOf"]:
        rest = [option for option in found["anyOf"] if option != {"type": "null"}]
        found = {
            **{k: v for k, v in found.items() if k != "anyOf"},
            **(rest[0] if len(rest) == 1 else {"anyOf": rest}),
        }
    if "enum" in found:
        found["enum"] = [value for value in found["enum"] if value is not None]
    if found.get("default", ...) is None:
        del found["default"]
    return found
