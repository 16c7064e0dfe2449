"""What is held against a JSON Schema of the program has that schema, raised to draft 2020-12."""

from __future__ import annotations

import importlib

import jsonschema
import pytest

from apiver.reading.schemas.json_schema import is_json_schema, lifted
from tests.reading.live import judge

APP = "validated"

AUTHOR = {"$ref": "#/components/schemas/Author"}
BOOK = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 1},
        "pages": {"type": "integer", "minimum": 1},
        "author": AUTHOR,
    },
    "required": ["title"],
}
WAYS = ["/caught", "/sorted", "/collected", "/best", "/first", "/decorated", "/helped"]
LIVE = [*WAYS, "/plain", "/draft-4", "/attribute"]


@pytest.mark.parametrize("path", WAYS)
def test_the_schema_is_the_body(read, path):
    assert read.operation(f"POST {path}")["requestBody"] == {
        "content": {"application/json": {"schema": BOOK}},
        "required": True,
    }


def test_its_definitions_are_components(read):
    assert read.component("Author") == {
        "type": "object",
        "properties": {"name": {"type": "string"}, "teacher": AUTHOR},
        "required": ["name"],
    }


def test_what_else_is_read_stands_beside_what_the_schema_names(read):
    untyped = {"x-apiver-unknown": "nothing in the code says what type it has"}
    assert read.body("POST /plain") == {**BOOK, "properties": {**BOOK["properties"], "extra": untyped}}


def test_what_the_schema_says_types_the_answer(read):
    assert read.properties("POST /helped")["title"] == {"type": "string"}


def test_draft_4_is_raised(read):
    assert read.body("POST /draft-4") == {
        "type": "object",
        "properties": {
            "amount": {"type": "number", "exclusiveMinimum": 0},
            "pair": {
                "type": "array",
                "prefixItems": [{"type": "string"}, {"type": "integer"}],
                "minItems": 2,
            },
            "currency": {"enum": ["EUR", "USD"]},
        },
        "required": ["amount"],
        "dependentRequired": {"pair": ["currency"]},
        "additionalProperties": False,
    }


def test_a_schema_that_refers_to_itself_gets_a_name(read):
    inside = {
        "title": "shelf tree",
        "type": "object",
        "properties": {
            "below": {"type": "array", "items": {"$ref": "#/components/schemas/ShelfTree"}},
            "far": {"x-apiver-unknown": "the schema refers to far.json#/x, which is not in it"},
        },
    }
    assert read.body("POST /itself") == inside
    assert read.component("ShelfTree") == inside


def test_the_query_as_an_object(read):
    assert read.parameters("GET /query") == {
        ("query", "limit"): {"required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}},
        ("query", "sort"): {"schema": {"enum": ["a", "b"]}},
    }


def test_an_attribute_of_the_class(read):
    assert read.body("POST /attribute") == {
        "type": "object",
        "properties": {"a": {"type": "integer"}},
        "required": ["a"],
    }


def test_a_part_of_the_body(read):
    assert read.body("POST /part")["properties"] == {"book": BOOK}


def test_a_schema_that_is_not_known_leaves_the_body_open(read):
    body = read.document.root["paths"]["/read-from-a-file/{name}"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert "validated.py" in schema["x-apiver-incomplete"]
    assert list(schema["properties"]) == ["n"]


def test_an_error_that_the_app_handles_is_answered(read):
    assert read.statuses("POST /helped") == ["200", "400", "415", "422"]
    assert read.statuses("POST /caught") == ["200", "400"]


@pytest.mark.parametrize("path", LIVE)
def test_the_app_agrees(read, path):
    app = importlib.import_module(f"reading.{APP}").app
    operation = read.document.root["paths"][path]["post"]
    given = {"author": {"name": "Ada"}, "pair": ["x", 1], "currency": "EUR", "extra": 1}
    assert judge(app, operation, "POST", path, given) > 2


SCHEMAS = [
    {"type": "array", "items": [{"type": "integer"}], "additionalItems": False},
    {"type": "number", "maximum": 5, "exclusiveMaximum": True},
    {"properties": {"a": {"required": True}, "b": {}}, "dependencies": {"b": {"required": ["c"]}}},
    {"type": ["integer", "null"], "minimum": 3},
    {"anyOf": [{"type": "string"}, {"not": {"enum": [1, 2]}}]},
]
VALUES = [
    [1],
    [1, 2],
    [],
    5,
    4,
    7,
    None,
    "x",
    1,
    3,
    {"a": 1},
    {"b": 1},
    {"a": 1, "b": 2},
    {"a": 1, "b": 2, "c": 3},
]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_raised_schema_takes_what_the_draft_took(schema):
    draft = jsonschema.Draft3Validator if "properties" in schema else jsonschema.Draft4Validator
    if "properties" in schema:  # draft 3 has neither the list of required keys nor schemas of dependencies
        schema = {**schema, "dependencies": {"b": "c"}, "properties": schema["properties"]}
        raised = lifted({**schema, "dependencies": {"b": ["c"]}}).schema
    else:
        raised = lifted(schema).schema
    old = [draft(schema).is_valid(value) for value in VALUES]
    new = [jsonschema.Draft202012Validator(raised).is_valid(value) for value in VALUES]
    assert new == old


def test_what_is_a_json_schema():
    assert is_json_schema({"type": "object", "properties": {}})
    assert is_json_schema({"$schema": "x"})
    assert not is_json_schema({"type": "book", "items": [1]})
    assert not is_json_schema({"type": "object"})
    assert not is_json_schema([])
