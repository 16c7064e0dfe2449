"""Whether a value is a store of recorded traffic, part by part: a file may have been written by anybody."""

from __future__ import annotations

from typing import Any

from apiver.recording.shapes import SAMPLES

_DEEPEST = 64
_KINDS = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})


def is_sound(apps: Any) -> bool:
    """Whether the `apps` of a store have the form that docs/record.md describes."""
    return _is_map(apps) and all(_is_app(app) for app in apps.values())


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_app(app: Any) -> bool:
    return (
        _is_map(app)
        and isinstance(app.get("operations", []), list)
        and _is_map(app.get("unrouted", {}))
        and all(_is_count(times) for times in app.get("unrouted", {}).values())
        and all(_is_operation(one) for one in app.get("operations", []))
    )


def _is_operation(one: Any) -> bool:
    return (
        _is_map(one)
        and isinstance(one.get("rule"), str)
        and isinstance(one.get("method"), str)
        and isinstance(one.get("version", ""), str)
        and _is_count(one.get("requests"))
        and _is_count(one.get("accepted", 0))
        and all(_are_parts(one.get(section, {}), True) for section in ("query", "headers"))
        and _are_parts(one.get("bodies", {}), False)
        and _is_map(one.get("responses", {}))
        and all(
            status.isdigit() and len(status) == 3 and _is_response(response)
            for status, response in one.get("responses", {}).items()
        )
    )


def _is_response(response: Any) -> bool:
    return (
        _is_map(response)
        and _is_count(response.get("requests"))
        and _are_parts(response.get("headers", {}), True)
        and _are_parts(response.get("content", {}), False)
    )


def _are_parts(parts: Any, shaped: bool) -> bool:
    """Named parts with their counts; a parameter always has a schema, a body may have none."""
    return _is_map(parts) and all(
        _is_map(part)
        and _is_count(part.get("requests"))
        and (_is_shape(part["schema"], 0) if "schema" in part else not shaped)
        for part in parts.values()
    )


def _is_shape(value: Any, depth: int) -> bool:
    if not _is_map(value) or depth > _DEEPEST:
        return False
    kinds = value.get("type", [])
    names, inner = value.get("required", []), value.get("properties", {})
    return (
        (
            kinds in _KINDS
            if isinstance(kinds, str)
            else isinstance(kinds, list) and set(map(str, kinds)) <= _KINDS
        )
        and isinstance(value.get("format", ""), str)
        and isinstance(names, list)
        and all(isinstance(name, str) for name in names)
        and _is_count(value.get(SAMPLES, 0))
        and _is_map(inner)
        and isinstance(value.get("anyOf", []), list)
        and all(_is_shape(part, depth + 1) for part in (*inner.values(), *value.get("anyOf", [])))
        and all(_is_shape(value[key], depth + 1) for key in ("items", "additionalProperties") if key in value)
    )
