"""What is handed on as a whole to marshmallow, pydantic, dataclasses and functions is what these take."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from tests.reading.live import judge

APP = "loaded"

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
UNTYPED = {"x-apiver-unknown": "nothing in the code says what type it has"}
BOOK_INPUT = {"$ref": "#/components/schemas/BookInput"}
BOOK = {"$ref": "#/components/schemas/Book"}
TITLE = {**TEXT, "maxLength": 10}
PAGES = {**WHOLE, "default": 1}
LOADED = {"title": TITLE, "pages": PAGES}

BODIES: dict[str, dict[str, Any]] = {
    "POST /load": BOOK_INPUT,
    "POST /load-many": {"type": "array", "items": BOOK_INPUT},
    "PATCH /load-partial": {"type": "object", "properties": LOADED, "additionalProperties": False},
    "POST /load-excluding": {"type": "object", "properties": LOADED, "required": ["title"]},
    "POST /validate": BOOK_INPUT,
    "POST /model": BOOK,
    "POST /model-validate": BOOK,
    "POST /model-json": BOOK,
    "POST /adapter": {"type": "array", "items": BOOK},
    "POST /dataclass": {
        "type": "object",
        "properties": {"title": TEXT, "pages": PAGES, "tags": UNTYPED},
        "required": ["title"],
        "additionalProperties": False,
    },
    "POST /function": {
        "type": "object",
        "properties": {"title": UNTYPED, "pages": {**UNTYPED, "default": 3}, "note": UNTYPED},
        "required": ["title"],
        "additionalProperties": False,
    },
    "POST /function-with-more": {
        "type": "object",
        "properties": {"title": UNTYPED},
        "required": ["title"],
    },
}


@pytest.mark.parametrize("name", BODIES)
def test_the_body(read, name):
    body = read.operation(name)["requestBody"]
    assert body["content"]["application/json"]["schema"] == BODIES[name]
    assert body["required"] is True


def test_the_classes_are_components(read):
    assert read.component("BookInput") == {
        "type": "object",
        "properties": LOADED,
        "required": ["title"],
        "additionalProperties": False,
    }
    assert read.component("Book")["properties"] == {"title": {**TEXT, "minLength": 1}, "pages": PAGES}
    assert read.component("Book")["required"] == ["title"]


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/load-query", {"title": {"required": True, "schema": TEXT}}),
        (
            "/model-query",
            {"title": {"required": True, "schema": {**TEXT, "minLength": 1}}, "pages": {"schema": PAGES}},
        ),
    ],
)
def test_the_query_as_an_object(read, path, parameters):
    assert {name: entry for (_, name), entry in read.parameters(f"GET {path}").items()} == parameters


def test_what_is_loaded_types_the_answer(read):
    assert read.properties("POST /load") == {"title": TITLE, "pages": WHOLE}
    assert read.properties("POST /loads") == {"title": TEXT}
    assert read.properties("POST /model") == {"title": TEXT}
    assert read.properties("GET /load-query") == {"title": TEXT}


def test_a_refusal_that_is_caught_is_answered(read):
    assert read.statuses("POST /load") == ["200", "400", "415"]
    assert read.statuses("POST /model") == ["200", "400", "415", "422"]


@pytest.mark.parametrize("name", [*BODIES, "GET /load-query", "GET /model-query"])
def test_the_app_agrees(read, name):
    app = importlib.import_module(f"reading.{APP}").app
    method, path = name.split()
    operation = opened(read.document.root["paths"][path][method.lower()], read.root["components"]["schemas"])
    given = {"title": "Emma"}
    if path == "/dataclass":  # Python does not hold an instance against its annotations
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        schema["properties"] = {key: {} for key in schema["properties"]}
    if path in ("/load", "/load-many", "/load-partial", "/load-excluding", "/validate"):
        given["pages"] = 5  # marshmallow takes "5" as well
    assert judge(app, operation, method, path, given) > 1


def opened(value: Any, schemas: dict[str, Any]) -> Any:
    """A part of a contract with every reference written out."""
    if isinstance(value, dict):
        if "$ref" in value:
            return opened(schemas[value["$ref"].rpartition("/")[2]], schemas)
        return {key: opened(part, schemas) for key, part in value.items()}
    return [opened(part, schemas) for part in value] if isinstance(value, list) else value
