"""What a form of WTForms checks is the body, or the query, of the view that asks it."""

from __future__ import annotations

import importlib
import io

import pytest

from tests.reading.live import judge

APP = "forms"

TEXT = {"type": "string"}
BOOK = {
    "type": "object",
    "properties": {
        "title": {**TEXT, "minLength": 1, "maxLength": 20},
        "pages": {"type": "integer", "minimum": 1},
        "kind": {**TEXT, "enum": ["a", "b"]},
        "code": {**TEXT, "pattern": "^(?:[a-z]+$)"},
        "shelf": {**TEXT, "enum": ["x", "y"]},
        "note": {**TEXT, "maxLength": 5},
        "day": {**TEXT, "format": "date"},
        "new": {"type": "boolean"},
        "name": {**TEXT, "minLength": 2},
        "tag": TEXT,
    },
    "required": ["title", "pages", "code", "shelf", "name"],
}


def test_the_fields_of_the_form_are_the_body(read):
    assert read.body("POST /book", "application/x-www-form-urlencoded") == BOOK
    assert read.operation("POST /book")["requestBody"]["required"] is True
    assert "requestBody" not in read.operation("GET /book")


def test_what_code_of_the_program_checks_is_said(read):
    body = read.document.root["paths"]["/book"]["post"]["requestBody"]
    found = body["content"]["multipart/form-data"]["schema"]["properties"]
    assert found["title"]["x-apiver-incomplete"] == "BookForm.validate_title checks it too"
    assert found["tag"]["x-apiver-incomplete"] == "the validator short checks it too"


def test_a_file_of_a_form(read):
    assert read.operation("POST /cover")["requestBody"]["content"] == {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"cover": {**TEXT, "format": "binary"}},
                "required": ["cover"],
            }
        }
    }


def test_a_form_that_is_filled_from_the_query(read):
    assert read.parameters("GET /search") == {
        ("query", "q"): {"required": True, "schema": {**TEXT, "minLength": 1}},
        ("query", "size"): {"schema": {"type": "integer", "maximum": 50}},
    }


def test_what_was_sent_types_the_answer(read):
    assert read.properties("POST /book", 201) == {
        "title": TEXT,
        "pages": {"type": "integer"},
        "note": {"type": ["string", "null"]},
    }
    errors = {"type": "object", "additionalProperties": {"type": "array", "items": TEXT}}
    assert read.schema("POST /book", 400) == errors


@pytest.mark.parametrize("name", ["POST /book", "POST /cover", "GET /search"])
def test_the_app_agrees(read, name):
    app = importlib.import_module(f"reading.{APP}").app
    method, path = name.split()
    operation = read.document.root["paths"][path][method.lower()]
    given = {"cover": lambda: (io.BytesIO(b"x"), "a.png"), "code": "abc", "day": "2024-02-29", "new": "y"}
    assert judge(app, operation, method, path, {**given, "note": "abcd"}) > 1
