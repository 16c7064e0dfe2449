"""Recorded shapes -> schemas: what so many samples allow to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apiver.reading.account import UNKNOWN
from apiver.recording.shapes import SAMPLES

Schema = dict[str, Any]

SOURCE = "x-apiver-source"
SEVERAL = 3
"""Samples from which on it counts that something was always so."""

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def seen(requests: int) -> Schema:
    """The source of a part that so many requests showed."""
    return {SOURCE: {"by": "observed", "requests": requests}}


def body(media: str, entry: Mapping[str, Any], *, request: bool = False) -> Schema:
    """The schema of a recorded body of that media type."""
    if "schema" not in entry:
        return _opaque(media)
    return schema(entry["schema"], entry["requests"], request=request, wire=media in FORMS)


def parameter(entry: Mapping[str, Any]) -> Schema:
    """The schema of a recorded parameter or header, which stands as text in the message."""
    return _readable(schema(entry["schema"], entry["requests"], request=True))


def _opaque(media: str) -> Schema:
    if media.startswith("text/"):
        return {"type": "string"}
    if media == "application/json" or media.endswith("+json"):
        return {UNKNOWN: "no recorded body of it could be read"}
    return {}


def _readable(value: Schema) -> Schema:
    """A schema of text: where some of it was no number, none of it is promised to be one."""
    if "anyOf" in value:
        parts = value["anyOf"]
        if any(part.get("type") == "array" for part in parts):
            return {UNKNOWN: "it was sent once in some recorded requests and several times in others"}
        return {"type": "string"}
    kinds = value.get("type")
    if isinstance(kinds, list):
        return {"type": "number"} if set(kinds) == {"integer", "number"} else {"type": "string"}
    if isinstance(value.get("items"), dict):
        return {**value, "items": _readable(value["items"])}
    return value


def schema(shape: Schema, requests: int, *, request: bool = False, wire: bool = False) -> Schema:
    """A recorded shape as a schema.

    What was always there is required, and a format holds, where there were several samples. Of a request
    nothing is required: what was accepted does not say what would have been refused.
    """
    if not shape:
        return {UNKNOWN: "no recorded value shows what it is"}
    if "anyOf" in shape:
        parts = [schema(part, requests, request=request, wire=wire) for part in shape["anyOf"]]
        return {"anyOf": _simple([part for part in parts if UNKNOWN not in part] + _null(shape["anyOf"]))}
    found = {key: value for key, value in shape.items() if key in ("type", "format")}
    if found.get("type") == "null":
        return {UNKNOWN: "only null was recorded"}
    if requests < SEVERAL and found.get("format") != "binary":
        found.pop("format", None)
    if "array" in _types(shape):
        found["items"] = (
            schema(shape["items"], requests, request=request)
            if shape.get("items")
            else {UNKNOWN: "every recorded list was empty"}
        )
    if "object" not in _types(shape):
        return found
    samples = shape.get(SAMPLES, 1)
    if shape.get("properties"):
        found["properties"] = {
            name: _member(part, samples, request, wire) for name, part in shape["properties"].items()
        }
    if shape.get("required") and samples >= SEVERAL and not request:
        found["required"] = list(shape["required"])
    if isinstance(shape.get("additionalProperties"), dict):
        found["additionalProperties"] = schema(shape["additionalProperties"], samples, request=request)
    elif not shape.get("properties"):
        found[UNKNOWN] = "every recorded object was empty"
    return found


def _member(part: Schema, samples: int, request: bool, wire: bool) -> Schema:
    found = schema(part, samples, request=request)
    return _readable(found) if wire else found


def _null(parts: list[Schema]) -> list[Schema]:
    return [{"type": "null"}] if any("null" in _types(part) for part in parts) else []


def _simple(parts: list[Schema]) -> list[Schema]:
    return [part for index, part in enumerate(parts) if part not in parts[:index]]


def _types(value: Schema) -> list[str]:
    kinds = value.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)
