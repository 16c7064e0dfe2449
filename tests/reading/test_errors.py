"""Errors become the responses that the app's own handlers make of them."""

from __future__ import annotations

import pytest

APP = "errors"

PAGE = {"text/html": {"schema": {"type": "string"}}}


def resolved(read, name, status):
    schema = read.schema(name, status)
    return read.component(schema["$ref"].rpartition("/")[2]) if "$ref" in schema else schema


@pytest.mark.parametrize("path", ["/abort", "/raise/class"])
def test_a_handler_by_status_answers(read, path):
    assert read.statuses(f"GET {path}") == ["404"]
    assert resolved(read, f"GET {path}", 404) == {
        "type": "object",
        "properties": {"error": {"type": "string"}, "detail": {"type": "string"}},
        "required": ["error", "detail"],
    }


@pytest.mark.parametrize(
    ("path", "status"), [("/abort/plain", 400), ("/raise/instance", 400), ("/raise/teapot", 418)]
)
def test_without_a_handler_it_is_a_page_of_html(read, path, status):
    assert read.statuses(f"GET {path}") == [str(status)]
    assert read.response(f"GET {path}", status)["content"] == PAGE


def test_a_handler_that_looks_at_the_rule_and_makes_its_code_a_number(read):
    assert read.statuses("GET /gone") == ["410"]
    assert list(read.response("GET /gone", 410)["content"]) == ["application/json"]


def test_abort_with_a_response(read):
    assert read.properties("GET /abort/response", 422) == {"reason": {"type": "string"}}
    assert list(read.response("GET /abort/made", 410)["content"]) == ["text/plain"]


@pytest.mark.parametrize(
    ("path", "status"), [("/raise/own", 400), ("/raise/status", 403), ("/raise/child", 409)]
)
def test_an_own_exception_has_the_status_that_it_carries(read, path, status):
    assert read.statuses(f"GET {path}") == [str(status)]
    found = resolved(read, f"GET {path}", status)
    assert found["properties"]["message"] == {"type": "string"}
    assert found["required"] == ["message", "kind"]


def test_a_handler_by_class(read):
    assert resolved(read, "GET /raise/conflict", 409)["properties"] == {
        "conflict": {"type": "string"},
        "code": {"type": "integer"},
    }


def test_an_exception_that_nobody_handles_is_no_part_of_the_contract(read):
    assert read.statuses("GET /raise/unhandled") == ["200"]


def test_a_caught_exception_goes_no_further(read):
    assert read.statuses("GET /caught/{number}") == ["200", "410"]
    assert read.properties("GET /caught/{number}", 410) == {"caught": {"type": "string"}}
    assert read.properties("GET /caught/{number}") == {"number": {"type": "integer"}}


def test_an_exception_passes_clauses_for_others(read):
    assert read.statuses("GET /passed/{number}") == ["200", "409", "500"]


def test_a_clause_may_abort(read):
    assert read.statuses("GET /again/{number}") == ["200", "404"]


def test_the_handler_of_the_innermost_blueprint_comes_first(read):
    for path in ("/shop/thing", "/shop/inner/thing"):
        assert resolved(read, f"GET {path}", 404)["properties"] == {"shop": {"type": "boolean"}}


def test_keywords_that_were_filled_by_conditions_are_optional(read):
    fields = {"type": "object", "properties": {"name": {"type": "string"}, "price": {"type": "string"}}}
    assert read.schema("GET /problem/json", 400) == fields
    assert read.schema("GET /problem/dict", 400) == {
        "type": "object",
        "properties": {"kind": {"type": "string"}, **fields["properties"]},
        "required": ["kind"],
    }
    error = read.schema("GET /problem", 422)
    if "$ref" in error:
        error = read.component(error["$ref"].rpartition("/")[2])
    assert error["properties"]["fields"] == fields


def test_an_exception_with_a_response_is_answered_by_it(read):
    body = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}
    assert read.statuses("GET /response/of-exception") == ["200"]
    assert read.schema("GET /response/of-exception") == body
    assert read.statuses("GET /response/aborted") == ["404"]
    assert read.schema("GET /response/aborted", 404) == body


def test_the_handler_of_a_status_goes_before_the_response_of_the_exception(read):
    assert read.statuses("GET /response/handled") == ["404"]
    error = read.schema("GET /response/handled", 404)
    if "$ref" in error:
        error = read.component(error["$ref"].rpartition("/")[2])
    assert list(error["properties"]) == ["error", "detail"]
