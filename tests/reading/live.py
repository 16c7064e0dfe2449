"""A contract judged by the app itself: what it allows must get through, what it forbids must be refused."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask

FORBIDDEN_WORD = "~ no such word ~"


def judge(app: Flask, operation: dict[str, Any], method: str, path: str, given: Mapping[str, Any]) -> int:
    """Send one request that `operation` allows and one for each rule that it breaks; how many were sent.

    `given` holds values for the parts of which a schema alone does not say enough: patterns, formats, path
    variables and credentials, by the name of the part.
    """
    good = _good(operation, given)
    answer = _send(app, method, path, good)
    assert answer < 400, f"{method} {path} refuses with {answer} what its contract allows: {good}"
    count = 1
    for broken, rule in _broken(operation, good):
        answer = _send(app, method, path, broken)
        assert answer >= 400, (
            f"{method} {path} takes with {answer} what its contract forbids, {rule}: {broken}"
        )
        count += 1
    return count


def _send(app: Flask, method: str, path: str, wanted: dict[str, Any]) -> int:
    client = app.test_client()
    for name, value in wanted["cookie"].items():
        client.set_cookie(name, str(value))
    body: dict[str, Any] = {}
    if "json" in wanted:
        body["json"] = wanted["json"]
    if "form" in wanted:
        body["data"] = wanted["form"]
        body["content_type"] = "multipart/form-data"
    return client.open(
        path,
        method=method,
        query_string=dict(wanted["query"]),
        headers={key: str(value) for key, value in wanted["header"].items()},
        **body,
    ).status_code


def _good(operation: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"query": {}, "header": {}, "cookie": {}}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] != "path":
            name = parameter["name"]
            found[parameter["in"]][name] = sample(parameter["schema"], given, name)
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        found["json"] = sample(content["application/json"]["schema"], given, "body")
    elif "multipart/form-data" in content:
        found["form"] = sample(content["multipart/form-data"]["schema"], given, "body")
    return found


def sample(schema: Mapping[str, Any], given: Mapping[str, Any], name: str) -> Any:
    """A value that `schema` allows."""
    if name in given:
        value = given[name]
        return value() if callable(value) else value
    if "enum" in schema:
        return schema["enum"][0]
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "object":
        return {key: sample(part, given, key) for key, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema["items"], given, f"{name}[]")] * max(1, schema.get("minItems", 1))
    if kind == "integer":
        return schema.get("minimum", schema.get("maximum", 1))
    if kind == "number":
        return schema.get("minimum", schema.get("exclusiveMinimum", 1) + 0.5)
    if kind == "boolean":
        return True
    return "x" * max(1, schema.get("minLength", 1))


def _broken(operation: dict[str, Any], good: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    for parameter in operation.get("parameters", ()):
        location, name = parameter["in"], parameter["name"]
        if location == "path":
            continue
        if parameter.get("required"):
            yield _without(good, location, name), f"{name} is required"
        if not parameter.get("x-apiver-lenient"):
            for value, rule in breaches(parameter["schema"], good[location][name], text=True):
                yield _with(good, location, name, value), f"{name}: {rule}"
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        for value, rule in breaches(content["application/json"]["schema"], good["json"]):
            yield {**good, "json": value}, f"body{rule}"
        if operation["requestBody"].get("required"):
            yield {key: value for key, value in good.items() if key != "json"}, "the body is required"
    elif "multipart/form-data" in content:
        for value, rule in breaches(content["multipart/form-data"]["schema"], good["form"], text=True):
            yield {**good, "form": value}, f"form{rule}"


def breaches(schema: Mapping[str, Any], good: Any, *, text: bool = False) -> Iterator[tuple[Any, str]]:
    """Values that each break one rule of `schema`, made of one that keeps them all."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "enum" in schema:
        yield FORBIDDEN_WORD, "enum"
    for name, step in (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 0), ("exclusiveMaximum", 0)):
        if name in schema:
            yield schema[name] + step, name
    if schema.get("minLength", 0) > 0:
        yield "x" * (schema["minLength"] - 1), "minLength"
    if "maxLength" in schema:
        yield "x" * (schema["maxLength"] + 1), "maxLength"
    if "pattern" in schema or schema.get("format") in ("date", "uuid"):
        yield FORBIDDEN_WORD, "pattern or format"
    if any(kind in ("integer", "number") for kind in kinds) and "string" not in kinds:
        yield FORBIDDEN_WORD, "a number"
    if kinds == ["array"]:
        if schema.get("minItems"):
            yield good[: schema["minItems"] - 1], "minItems"
        if "maxItems" in schema:
            yield [*good, *good[:1] * (schema["maxItems"] - len(good) + 1)], "maxItems"
        for value, rule in breaches(schema.get("items", {}), good[0], text=text):
            yield [value, *good[1:]], f"[]{rule}"
    if not text and kinds and not {"object", "array"} & set(kinds):
        yield {"odd": [1]}, "type"
    if kinds == ["object"]:
        yield from _broken_objects(schema, good, text)


def _broken_objects(schema: Mapping[str, Any], good: Any, text: bool) -> Iterator[tuple[Any, str]]:
    if not text:
        yield 5, "an object"
    for name in schema.get("required", ()):
        yield {key: value for key, value in good.items() if key != name}, f".{name} is required"
    if schema.get("additionalProperties") is False:
        yield {**good, "surplus": 1}, "no further properties"
    for name, part in schema.get("properties", {}).items():
        if part.get("x-apiver-lenient"):
            continue
        for value, rule in breaches(part, good[name], text=text):
            yield {**good, name: value}, f".{name}: {rule}"


def _without(good: dict[str, Any], location: str, name: str) -> dict[str, Any]:
    found = copy.copy(good)
    found[location] = {key: value for key, value in good[location].items() if key != name}
    return found


def _with(good: dict[str, Any], location: str, name: str, value: Any) -> dict[str, Any]:
    return {**good, location: {**good[location], name: value}}
