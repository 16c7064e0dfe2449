"""A 3.1 document written as 3.0 says the same, as far as 3.0 can say it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from apiver.contract.lowering import to_30
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
    ],
)
def test_schemas(schema, expected):
    assert lowered(schema) == expected


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
