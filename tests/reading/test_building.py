"""Values that are built step by step and computed keep their types."""

from __future__ import annotations

APP = "building"


def test_a_dict_built_in_steps(read):
    found = read.schema("GET /steps")
    assert found["properties"] == {
        "id": {"type": "integer"},
        "debug": {"type": "boolean"},
        "a": {"type": "number"},
        "b": {"type": "null"},
        "c": {"type": "array", "items": {"type": "integer"}},
    }
    assert found["required"] == ["id", "a", "b", "c"]


def test_spreads_take_the_later_value(read):
    found = read.properties("GET /spread")
    assert found["kind"] == {"type": "integer"}
    assert list(found["z"]["properties"]) == ["id", "kind", "q"]
    assert found["z"]["properties"]["kind"] == {"type": "string"}


def test_keys_of_the_client_may_take_the_place_of_those_before_them_and_of_none_behind(read):
    found = read.properties("POST /overwritten")
    assert found["id"] == {"x-apiver-unknown": "keys that the client sent are copied"}
    assert found["kind"] == {"type": "string"}


def test_comprehensions(read):
    found = read.properties("GET /comprehensions")
    assert found["listed"]["items"]["properties"] == {"n": {"type": "integer"}, "square": {"type": "integer"}}
    assert found["by_name"] == {"type": "object", "additionalProperties": {"type": "number"}}
    assert found["fixed"] == {
        "type": "object",
        "properties": {"low": {"type": "integer"}, "high": {"type": "integer"}},
        "required": ["low", "high"],
    }
    assert found["unique"] == {"type": "array", "items": {"type": "integer"}}
    assert found["nested"]["items"] == {"type": "array", "items": {"type": "string"}}


def test_lists_filled_in_loops(read):
    found = read.properties("GET /appended")
    assert found["items"]["items"] == {
        "type": "object",
        "properties": {"n": {"type": "integer"}},
        "required": ["n"],
    }
    assert found["total"] == {"type": "integer"}
    assert found["count"] == {"type": "integer"}


def test_calls_of_the_standard_library(read):
    text, whole, real, flag = ({"type": name} for name in ("string", "integer", "number", "boolean"))
    assert read.properties("GET /calls") == {
        "text": text,
        "whole": whole,
        "real": real,
        "flag": flag,
        "rounded": whole,
        "rounded_to": real,
        "sum": real,
        "largest": whole,
        "iso": text,
        "day": {"type": "string", "format": "date"},
        "formatted": text,
        "moment": {"type": "string", "format": "date-time"},
        "with_offset": text,
        "year": whole,
        "stamp": real,
        "id": {"type": "string", "format": "uuid"},
        "hex": text,
        "id_text": {"type": "string", "format": "uuid"},
        "ceil": whole,
        "money": text,
        "upper": text,
        "parts": {"type": "array", "items": text},
        "joined": text,
        "is_low": flag,
        "when": text,
        "message": text,
    }


def test_arithmetic(read):
    found = {name: schema["type"] for name, schema in read.properties("GET /arithmetic").items()}
    assert found == {
        "sum": "integer",
        "ratio": "number",
        "floor": "integer",
        "mixed": "number",
        "less": "boolean",
        "both": "boolean",
        "text": "string",
        "negative": "integer",
        "not": "boolean",
    }


def test_choices_are_joined(read):
    assert read.properties("GET /choices") == {
        "either": {"type": "string", "enum": ["heads", "tails"]},
        "mixed": {"type": ["string", "integer"]},
        "maybe": {"type": ["integer", "null"]},
        "number": {"type": "number"},
        "fallback": {"type": "string", "enum": ["x", "default"]},
    }


def test_slices_and_unpacking(read):
    one = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
    assert read.properties("GET /slices") == {
        "first": one,
        "rest": {"type": "array", "items": one},
        "some": {"type": "array", "items": one},
        "last": {"type": "integer"},
        "second": {"type": "string"},
    }


def test_local_functions_and_lambdas(read):
    found = read.properties("GET /functions")
    assert found["inner"]["properties"] == {"value": {"type": "integer"}}
    assert found["double"] == {"type": "number"}


def test_control_flow(read):
    found = read.properties("GET /control")
    assert found == {"number": {"type": ["integer", "null"]}, "level": {"type": "integer"}}


def test_setdefault_groups(read):
    assert read.schema("GET /grouped") == {
        "type": "object",
        "additionalProperties": {"type": "array", "items": {"type": "integer"}},
    }


def test_what_is_unknown_is_listed_with_the_reason(read):
    found = read.schema("GET /unknown")
    assert found["required"] == ["known", "what", "more"]
    assert set(found["properties"]["what"]) == {"x-apiver-unknown"}
    assert "random" in found["properties"]["what"]["x-apiver-unknown"]
    assert found["properties"]["more"]["additionalProperties"] == {"type": "integer"}
