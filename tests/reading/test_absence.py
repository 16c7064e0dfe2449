"""A part is required where its absence fails a check: the default is put to the check as well."""

from __future__ import annotations

import pytest

APP = "absence"

UNTYPED = {"x-apiver-unknown": "nothing in the code says what type it has"}


def test_an_empty_string_in_place_of_a_missing_property(read):
    assert read.operation("POST /stripped")["requestBody"]["required"] is True
    # What is too long once it was stripped may be shorter than what was sent: no maxLength.
    assert read.body("POST /stripped") == {
        "type": "object",
        "properties": {"title": {"type": "string", "minLength": 1}},
        "required": ["title"],
    }


def test_a_default_that_is_not_the_wanted_word(read):
    form = read.body("POST /password", "application/x-www-form-urlencoded")
    assert form["required"] == ["password"]
    assert form["properties"] == {"password": {"type": "string"}}  # the word itself is a secret


@pytest.mark.parametrize(("path", "least"), [("/search", 2), ("/empty", 1)])
def test_a_default_that_is_too_short(read, path, least):
    assert read.parameters(f"GET {path}") == {
        ("query", "q"): {"required": True, "schema": {"type": "string", "minLength": least}}
    }


def test_a_default_that_is_falsy_or_wrong(read):
    assert read.parameters("GET /key")["header", "X-Trace"]["required"] is True


def test_a_default_that_passes_leaves_the_part_optional(read):
    assert read.parameters("GET /good-default") == {
        ("query", "limit"): {"schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}},
        ("query", "order"): {"schema": {"type": "string", "enum": ["asc", "desc"], "default": "asc"}},
    }


def test_a_default_that_fails_makes_the_part_required(read):
    assert read.parameters("GET /bad-default") == {
        ("query", "limit"): {"required": True, "schema": {"type": "integer", "minimum": 1}},
        ("query", "order"): {"required": True, "schema": {"type": "string"}},
    }


def test_an_empty_list_as_default(read):
    assert read.operation("POST /lines")["requestBody"]["required"] is True
    assert read.body("POST /lines")["required"] == ["lines"]


def test_an_empty_object_in_place_of_the_body(read):
    assert read.operation("POST /whole")["requestBody"]["required"] is True


def test_none_has_no_methods(read):
    assert read.body("POST /method")["required"] == ["name"]


def test_a_check_of_what_is_not_empty_lets_the_empty_string_pass(read):
    assert read.body("POST /guarded")["properties"] == {
        "email": {"type": ["string", "null"], "pattern": "^$|^[^@]+@[^@]+$"},
        "nick": UNTYPED,
        "code": {"type": "string", "pattern": "^[a-z]+$"},
    }


def test_a_list_of_missing_names_that_is_counted(read):
    assert read.body("POST /missing")["required"] == ["a", "b"]
