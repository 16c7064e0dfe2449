"""A document of 3.0 or 3.2 written as 3.1 says the same."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from apiver.contract.raising import to_31
from apiver.contract.validate import problems

PET: dict[str, Any] = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
REF = {"$ref": "#/components/schemas/Pet"}
SAMPLES: list[Any] = [
    None,
    "",
    "a",
    "abc",
    0,
    1,
    5,
    5.5,
    6,
    True,
    [],
    ["a"],
    [None],
    {},
    {"name": "a"},
    {"name": 1},
]


def document(schema: dict[str, Any], version: str = "3.0.3") -> dict[str, Any]:
    response = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    return {
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "paths": {"/x": {"get": {"responses": {"200": response}}}},
        "components": {"schemas": {"Pet": PET}},
    }


def raised(schema: dict[str, Any], version: str = "3.0.3") -> dict[str, Any]:
    before = document(schema, version)
    kept = copy.deepcopy(before)
    assert problems(before) == ()
    root = to_31(before)
    assert before == kept
    assert root["openapi"] == "3.1.0"
    assert problems(root) == ()
    found: dict[str, Any] = root["paths"]["/x"]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    return found


def accepted(schema: dict[str, Any]) -> list[Any]:
    judge = Draft202012Validator({**schema, "components": {"schemas": {"Pet": PET}}})
    return [value for value in SAMPLES if judge.is_valid(value)]


@pytest.mark.parametrize(
    ("schema", "expected", "values"),
    [
        ({"type": "string"}, {"type": "string"}, ["", "a", "abc"]),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}, [None, "", "a", "abc"]),
        ({"type": "string", "nullable": False}, {"type": "string"}, ["", "a", "abc"]),
        ({"type": "string", "x-nullable": True}, {"type": ["string", "null"]}, [None, "", "a", "abc"]),
        (
            {"type": "string", "nullable": True, "enum": ["a", None]},
            {"type": ["string", "null"], "enum": ["a", None]},
            [None, "a"],
        ),
        # The letter of 3.0.3: null must be among the values to be one.
        (
            {"type": "string", "nullable": True, "enum": ["a", "abc"]},
            {"type": ["string", "null"], "enum": ["a", "abc"]},
            ["a", "abc"],
        ),
        ({"nullable": True}, {}, SAMPLES),
        ({"nullable": True, "enum": ["a"]}, {"enum": ["a"]}, ["a"]),
        (
            {"allOf": [REF], "nullable": True, "description": "a pet", "x-kept": 1},
            {"description": "a pet", "x-kept": 1, "anyOf": [REF, {"type": "null"}]},
            [None, {"name": "a"}],
        ),
        (
            {"anyOf": [REF, {"type": "boolean"}], "nullable": True},
            {"anyOf": [REF, {"type": "boolean"}, {"type": "null"}]},
            [None, True, {"name": "a"}],
        ),
        # A branch of its own: in a oneOf, null could be met by two.
        (
            {"oneOf": [{"type": "boolean", "nullable": True}, {"type": "string"}], "nullable": True},
            {"anyOf": [{"oneOf": [{"type": ["boolean", "null"]}, {"type": "string"}]}, {"type": "null"}]},
            [None, "", "a", "abc", True],
        ),
        (
            {"allOf": [REF, {"maxProperties": 1}], "nullable": True},
            {"anyOf": [{"allOf": [REF, {"maxProperties": 1}]}, {"type": "null"}]},
            [None, {"name": "a"}],
        ),
        (
            {
                "type": "integer",
                "minimum": 1,
                "exclusiveMinimum": True,
                "maximum": 6,
                "exclusiveMaximum": True,
            },
            {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 6},
            [5],
        ),
        (
            {"type": "integer", "minimum": 1, "exclusiveMinimum": False},
            {"type": "integer", "minimum": 1},
            [1, 5, 6],
        ),
        ({"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}, ["", "a", "abc"]),
        (
            {"type": "string", "nullable": True, "example": None},
            {"type": ["string", "null"], "examples": [None]},
            [None, "", "a", "abc"],
        ),
        (
            {"type": "array", "items": {"type": "string", "nullable": True}},
            {"type": "array", "items": {"type": ["string", "null"]}},
            [[], ["a"], [None]],
        ),
        # What stands beside a $ref in 3.0 means nothing, and would in 3.1.
        (
            {"$ref": REF["$ref"], "maxProperties": 0, "description": "a pet", "x-kept": 1, "nullable": True},
            {**REF, "description": "a pet", "x-kept": 1},
            [{"name": "a"}],
        ),
        ({"type": "string", "format": "byte"}, {"type": "string", "format": "byte"}, ["", "a", "abc"]),
        # Names of members and data are not keywords.
        (
            {
                "type": "object",
                "properties": {
                    "nullable": {"type": "boolean"},
                    "example": {"type": "string", "nullable": True},
                },
                "default": {"nullable": True, "example": "a"},
            },
            {
                "type": "object",
                "properties": {"nullable": {"type": "boolean"}, "example": {"type": ["string", "null"]}},
                "default": {"nullable": True, "example": "a"},
            },
            [{}, {"name": "a"}, {"name": 1}],
        ),
    ],
)
def test_schemas_of_3_0(schema: dict[str, Any], expected: dict[str, Any], values: list[Any]) -> None:
    found = raised(schema)
    assert found == expected
    assert accepted(found) == values


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"type": ["string"], "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "integer", "exclusiveMinimum": 3}, {"type": "integer", "exclusiveMinimum": 3}),
        ({"type": "integer", "exclusiveMaximum": True}, {"type": "integer"}),
        ({"type": "string", "examples": ["a"], "example": "b"}, {"type": "string", "examples": ["b", "a"]}),
        ({"type": "string", "examples": {"one": {"value": "a"}}}, {"type": "string", "examples": ["a"]}),
        ({"type": "object", "examples": {"a": 1}}, {"type": "object", "examples": [{"a": 1}]}),
    ],
)
def test_spellings_that_3_0_does_not_have_but_writers_use(
    schema: dict[str, Any], expected: dict[str, Any]
) -> None:
    root = to_31(document(schema))
    assert problems(root) == ()
    assert root["paths"]["/x"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] == expected


def test_every_place_of_a_schema_is_raised() -> None:
    null, raised_null = {"type": "integer", "nullable": True}, {"type": ["integer", "null"]}
    root = document(null)
    operation = root["paths"]["/x"]["get"]
    operation["parameters"] = [
        {"name": "a", "in": "query", "schema": null},
        {"name": "b", "in": "query", "content": {"application/json": {"schema": null}}},
        {"$ref": "#/components/parameters/P", "description": "ignored in 3.0"},
    ]
    operation["requestBody"] = {
        "content": {"application/json": {"schema": null, "example": {"nullable": True}}}
    }
    operation["responses"]["200"]["headers"] = {"X-Left": {"schema": null}}
    operation["callbacks"] = {
        "done": {
            "{$request.query.a}": {
                "post": {
                    "requestBody": {"content": {"text/json": {"schema": null}}},
                    "responses": {"200": {"description": "OK"}},
                }
            }
        }
    }
    root["components"]["parameters"] = {"P": {"name": "p", "in": "query", "schema": null}}
    assert problems(root) == ()
    found = to_31(root)
    assert problems(found) == ()
    operation = found["paths"]["/x"]["get"]
    assert operation["parameters"] == [
        {"name": "a", "in": "query", "schema": raised_null},
        {"name": "b", "in": "query", "content": {"application/json": {"schema": raised_null}}},
        {"$ref": "#/components/parameters/P"},
    ]
    body = operation["requestBody"]["content"]["application/json"]
    assert body == {"schema": raised_null, "example": {"nullable": True}}
    assert operation["responses"]["200"]["headers"]["X-Left"]["schema"] == raised_null
    callback = operation["callbacks"]["done"]["{$request.query.a}"]["post"]
    assert callback["requestBody"]["content"]["text/json"]["schema"] == raised_null
    assert found["components"]["parameters"]["P"]["schema"] == raised_null


def test_a_document_of_3_1_is_only_copied() -> None:
    root = document(
        {"type": ["string", "null"], "examples": ["a"], "nullable": "a word of somebody's own"}, "3.1.1"
    )
    found = to_31(root)
    assert found == {**root, "openapi": "3.1.0"}
    assert list(found) == list(root)
    found["components"]["schemas"]["Pet"]["required"].append("changed")
    assert root["components"]["schemas"]["Pet"]["required"] == ["name"]


def test_what_is_no_object_where_one_should_be_stays() -> None:
    root = document(
        {"properties": 3, "items": [{"type": "string", "nullable": True}], "allOf": {}, "not": True}
    )
    found = to_31({**root, "tags": None})
    schema = found["paths"]["/x"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"properties": 3, "items": [{"type": ["string", "null"]}], "allOf": {}, "not": True}
    assert to_31({"openapi": "3.0.0", "paths": None}) == {"openapi": "3.1.0", "paths": None}
