"""What a view reads of a JSON body, and what it refuses, becomes the schema of the body."""

from __future__ import annotations

import pytest

APP = "bodies"

UNTYPED = {"x-apiver-unknown": "nothing in the code says what type it has"}


def test_a_subscript_is_required_and_get_is_not(read):
    assert read.body("POST /subscript") == {
        "type": "object",
        "properties": {"title": UNTYPED, "note": UNTYPED},
        "required": ["title"],
    }
    assert read.operation("POST /subscript")["requestBody"]["required"] is True
    assert read.statuses("POST /subscript") == ["201", "400", "415"]


def test_request_json_with_a_default(read):
    body = read.body("POST /json")
    assert body["required"] == ["n"]
    assert body["properties"]["m"] == {**UNTYPED, "default": 5}


@pytest.mark.parametrize("name", ["loop", "missing", "all", "any", "sets"])
def test_names_in_a_constant_are_required_however_they_are_checked(read, name):
    assert read.body(f"POST /{name}")["required"] == ["title", "isbn"]


def test_a_silent_body_is_required_where_its_keys_are(read):
    assert read.operation("POST /all")["requestBody"]["required"] is True
    assert "415" not in read.statuses("POST /all")


def test_errors_collected_in_a_dict(read):
    assert read.body("POST /errors") == {
        "type": "object",
        "properties": {"title": UNTYPED, "pages": {"type": "integer"}},
        "required": ["title", "pages"],
    }


def test_errors_collected_by_a_helper_in_a_list(read):
    assert read.body("POST /validator") == {
        "type": "object",
        "properties": {"title": UNTYPED, "kind": {"type": "string", "enum": ["a", "b"]}},
        "required": ["title", "kind"],
    }


def test_an_error_that_a_helper_returns(read):
    assert read.body("POST /returned-error")["required"] == ["title"]
    assert read.statuses("POST /returned-error") == ["204", "400", "415"]
    assert read.body("POST /either")["required"] == ["n"]


def test_types(read):
    assert read.body("POST /types") == {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "price": {"type": "number", "exclusiveMinimum": 0},
            "tags": {"type": "array", "items": {"x-apiver-unknown": "its items are not read"}},
            "size": {"type": ["integer", "null"]},
            "code": {"type": "string"},
            "when": {"type": "string"},
            "day": {"type": ["string", "null"], "format": "date"},
            "count": {"type": "integer"},
            "level": {"type": "string", "enum": ["low", "high"]},
        },
        "required": ["name", "price", "code", "when", "count", "level"],
    }


def test_bounds(read):
    assert read.body("POST /bounds")["properties"] == {
        "rating": {"type": "integer", "minimum": 1, "maximum": 5},
        "title": {"x-apiver-unknown": UNTYPED["x-apiver-unknown"], "minLength": 2, "maxLength": 50},
        "kind": {"type": "string", "enum": ["a", "b"], "default": "a"},
    }


def test_nested_objects_and_arrays(read):
    body = read.body("POST /nested")
    assert body["required"] == ["lines"]
    assert body["properties"]["lines"] == {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"book": UNTYPED, "count": {"type": "integer", "default": 1}},
            "required": ["book"],
        },
    }
    # `if address:` lets an empty object pass as it lets nothing pass.
    assert body["properties"]["address"] == {"type": "object", "properties": {"street": UNTYPED}}


def test_the_type_of_a_dataclass_field_is_demanded(read):
    assert read.body("POST /dataclass") == {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "pages": {"type": "integer"},
            "note": {"type": ["string", "null"]},
        },
        "required": ["title", "pages"],
    }


def test_a_body_that_is_handed_on_as_a_whole_has_the_keys_that_are_taken(read):
    assert set(read.body("POST /whole")) == {"x-apiver-unknown"}
    assert read.body("POST /spread") == {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "pages": {"type": "integer"},
            "note": {"type": ["string", "null"]},
        },
        "required": ["title", "pages"],
        "additionalProperties": False,
    }


def test_an_array_as_body(read):
    assert read.body("POST /list") == {
        "type": "array",
        "items": {"type": "object", "properties": {"id": UNTYPED}, "required": ["id"]},
    }


def test_match_statements_list_the_values(read):
    kind = read.body("POST /match")["properties"]["kind"]
    assert kind == {"type": "string", "enum": ["a", "b", "c"]}
    assert read.body("POST /match")["required"] == ["kind"]


def test_names_gone_through_in_a_loop_are_optional_properties(read):
    assert read.body("PATCH /fields") == {
        "type": "object",
        "properties": {"title": {"type": "string"}, "pages": {"type": "integer"}},
    }


def test_a_body_whose_values_are_gone_through_is_an_object(read):
    assert read.body("PUT /values") == {
        "type": "object",
        "x-apiver-unknown": "the body is not read key by key",
    }


def test_a_check_of_every_key_closes_an_object(read):
    untyped = {"x-apiver-unknown": "nothing in the code says what type it has"}
    assert read.body("PUT /pairs") == {
        "type": "object",
        "properties": {"name": untyped, "pages": untyped},
        "additionalProperties": False,
    }


@pytest.mark.parametrize("path", ["/names", "/by-name"])
def test_a_loop_alone_does_not_tell_an_array_from_the_keys_of_an_object(read, path):
    assert read.body(f"PUT {path}") == {"x-apiver-unknown": "the body is not read key by key"}
