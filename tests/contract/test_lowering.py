"""A 3.1 document written as 3.0 says the same, as far as 3.0 can say it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from apiver.contract.lowering import to_30
from apiver.contract.raising import to_31
from apiver.contract.validate import problems


def document(schema: dict[str, Any]) -> dict[str, Any]:
    response = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1", "summary": "only in 3.1"},
        "paths": {"/x": {"get": {"responses": {"200": response}}}},
        "components": {"schemas": {"Book": {"type": "object"}}},
    }


def lowered(schema: dict[str, Any]) -> Any:
    root = to_30(document(schema))
    assert problems(root) == ()
    return root["paths"]["/x"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, {"type": "string"}),
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        (
            {"type": ["string", "null"], "enum": ["a", None]},
            {"type": "string", "nullable": True, "enum": ["a", None]},
        ),
        ({"type": ["string", "integer"]}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        (
            {"type": ["string", "integer", "null"]},
            {"anyOf": [{"type": "string", "nullable": True}, {"type": "integer", "nullable": True}]},
        ),
        ({"type": "null"}, {"nullable": True, "enum": [None]}),
        ({"const": 3}, {"enum": [3]}),
        (
            {"type": "integer", "exclusiveMinimum": 0},
            {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        ),
        (
            {"anyOf": [{"$ref": "#/components/schemas/Book"}, {"type": "null"}]},
            {"allOf": [{"$ref": "#/components/schemas/Book"}], "nullable": True},
        ),
        (
            {"anyOf": [{"type": "object", "properties": {"type": {"type": "string"}}}, {"type": "null"}]},
            {"type": "object", "properties": {"type": {"type": "string"}}, "nullable": True},
        ),
        (
            {"$ref": "#/components/schemas/Book", "x-apiver-source": {"file": "a.py"}},
            {"$ref": "#/components/schemas/Book"},
        ),
        (
            {"type": "object", "properties": {"const": {"type": ["integer", "null"]}}},
            {"type": "object", "properties": {"const": {"type": "integer", "nullable": True}}},
        ),
        ({"type": "object", "default": {"type": ["a"]}}, {"type": "object", "default": {"type": ["a"]}}),
        ({"type": "string", "examples": ["a", "b"]}, {"type": "string", "example": "a"}),
        (
            {"$ref": "#/components/schemas/Book", "description": "the book"},
            {"description": "the book", "allOf": [{"$ref": "#/components/schemas/Book"}]},
        ),
        (
            {"type": "integer", "minimum": 5, "exclusiveMinimum": 1, "maximum": 9, "exclusiveMaximum": 7},
            {"type": "integer", "minimum": 5, "maximum": 7, "exclusiveMaximum": True},
        ),
        ({"type": "string", "contentEncoding": "base64"}, {"type": "string", "format": "byte"}),
        (
            {"type": "string", "contentMediaType": "application/octet-stream"},
            {"type": "string", "format": "binary"},
        ),
        ({"type": "array"}, {"type": "array", "items": {}}),
        ({"type": "object", "properties": {"a": True}}, {"type": "object", "properties": {"a": {}}}),
        ({"type": "array", "items": False}, {"type": "array", "items": {"not": {}}}),
        (
            {"type": "array", "prefixItems": [{"type": "string"}], "items": False},
            {"type": "array", "items": {"anyOf": [{"type": "string"}]}, "maxItems": 1},
        ),
    ],
)
def test_schemas(schema, expected):
    assert lowered(schema) == expected


VALUES: list[Any] = [
    None,
    0,
    1,
    1.5,
    7,
    "",
    "a",
    "abc",
    True,
    [],
    ["a"],
    ["a", 1],
    {},
    {"a": 1},
    {"x-a": 1, "b": "c"},
]


@pytest.mark.parametrize(
    "schema",
    [
        {"patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": False, "type": "object"},
        {"patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": {"type": "string"}},
        {"not": {"patternProperties": {"^x-": {"type": "string"}}}},
        {"not": {"not": {"propertyNames": {"pattern": "^x"}}}},
        {"not": {"type": "array", "contains": {"type": "string"}}},
        {"not": {"$ref": "#/components/schemas/Odd"}},
        {"oneOf": [{"type": "array", "contains": {"const": "b"}}, {"type": "array", "maxItems": 1}]},
        {
            "oneOf": [{"$ref": "#/components/schemas/Odd"}, {"type": "object"}],
            "anyOf": [{"type": "object"}, {}],
        },
        {"oneOf": [{"$ref": "#/components/schemas/Reaches"}, {"type": "array", "maxItems": 1}]},
        {"if": {"type": "string"}, "then": {"minLength": 2}},
        {"prefixItems": [{"type": "string"}, {"type": "integer"}], "type": "array"},
        {"prefixItems": [{"type": "string"}], "items": {"type": "integer"}},
        {"dependentRequired": {"a": ["b"]}, "type": ["object", "string", "null"], "required": []},
        {"type": ["integer", "array"], "anyOf": [{"minimum": 1}, {"minItems": 1}]},
        {"unevaluatedProperties": False, "properties": {"a": {"type": "integer"}}},
        {"anyOf": [{"type": "string"}, {"type": "null"}], "const": None},
    ],
)
def test_what_is_left_out_only_allows_more(schema):
    odd = {
        "Odd": {"propertyNames": {"maxLength": 1}},
        "Reaches": {"anyOf": [{"$ref": "#/components/schemas/Odd"}]},
    }
    root = document(schema)
    root["components"]["schemas"] |= odd
    found = to_30(root)
    assert problems(found) == ()

    def judge(one: dict[str, Any]) -> Any:
        content = one["paths"]["/x"]["get"]["responses"]["200"]["content"]
        said = content["application/json"]["schema"]
        return Draft202012Validator({**said, "components": one["components"]})

    before, after = judge(root), judge(to_31(found))
    assert [value for value in VALUES if before.is_valid(value) and not after.is_valid(value)] == []


def test_what_3_0_demands_is_there():
    root = document({})
    root |= {"jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base", "webhooks": {}}
    root["info"]["license"] = {"name": "MIT", "identifier": "MIT"}
    root["paths"]["/x"]["post"] = {"parameters": [{"name": "a", "in": "query", "schema": True}]}
    root["components"]["pathItems"] = {"P": {}}
    assert problems(root) == ()
    found = to_30(root)
    assert problems(found) == ()
    assert found["info"]["license"] == {"name": "MIT"}
    assert found["paths"]["/x"]["post"]["responses"] == {"default": {"description": "Any status"}}
    assert found["paths"]["/x"]["post"]["parameters"][0]["schema"] == {}
    without = {key: part for key, part in document({}).items() if key != "paths"}
    assert problems(to_30(without)) == ()


def test_the_head_of_the_document():
    root = to_30(document({}))
    assert next(iter(root)) == "openapi"
    assert root["openapi"] == "3.0.3"
    assert "summary" not in root["info"]


def test_the_original_is_left_alone():
    root = document({"type": ["string", "null"], "exclusiveMinimum": 1})
    kept = copy.deepcopy(root)
    to_30(root)
    assert root == kept


def test_parameters_and_security_schemes_are_no_schemas():
    root = document({})
    root["components"]["securitySchemes"] = {"key": {"type": "apiKey", "in": "header", "name": "const"}}
    root["paths"]["/x"]["get"]["parameters"] = [
        {"name": "type", "in": "query", "schema": {"type": ["integer", "null"]}}
    ]
    found = to_30(root)
    assert found["components"]["securitySchemes"] == root["components"]["securitySchemes"]
    assert found["paths"]["/x"]["get"]["parameters"][0]["schema"] == {"type": "integer", "nullable": True}
    assert problems(found) == ()
