"""What a view returns becomes the response that Flask makes of it."""

from __future__ import annotations

import pytest

APP = "returns"

ID = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}


def test_a_literal_dict_with_values_of_every_json_type(read):
    assert read.schema("GET /dict") == {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "pages": {"type": "integer"},
            "price": {"type": "number"},
            "sold": {"type": "boolean"},
            "note": {"type": "null"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["name", "pages", "price", "sold", "note", "tags"],
    }


def test_a_list_is_json_and_a_string_is_html(read):
    assert read.schema("GET /list") == {"type": "array", "items": ID}
    assert read.response("GET /text")["content"] == {"text/html": {"schema": {"type": "string"}}}


def test_no_content_has_no_content(read):
    assert read.operation("GET /empty")["responses"] == {"204": {"description": "No Content"}}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tuple/status", 201),
        ("/tuple/http-status", 202),
        ("/tuple/headers", 200),
        ("/tuple/both", 201),
        ("/jsonify/dict", 200),
        ("/make-response", 202),
        ("/response/json", 200),
    ],
)
def test_the_same_body_in_every_spelling(read, path, status):
    assert read.statuses(f"GET {path}") == [str(status)]
    assert read.schema(f"GET {path}", status) == ID


def test_headers_of_tuples_and_responses(read):
    header = {"schema": {"type": "string"}, "required": True}
    assert read.response("GET /tuple/headers")["headers"] == {"X-Version": header}
    assert read.response("GET /tuple/both", 201)["headers"] == {"Location": header, "X-Count": header}
    assert read.response("GET /make-response", 202)["headers"] == {"Set-Cookie": header, "X-Trace": header}
    retry = {"schema": {"type": "integer"}, "required": True}
    assert read.response("GET /response/changed", 418)["headers"] == {"Retry-After": retry}


def test_jsonify_in_all_its_forms(read):
    assert list(read.properties("GET /jsonify/keywords")) == ["id", "name"]
    assert read.schema("GET /jsonify/several") == {"type": "array", "items": {"type": "integer"}}
    assert read.schema("GET /jsonify/list") == {"type": "array", "items": {"type": "number"}}
    assert read.schema("GET /jsonify/nothing") == {"type": "null"}


def test_media_types(read):
    assert list(read.response("GET /response")["content"]) == ["text/csv"]
    assert read.schema("GET /response/class", 203) == {"type": "array", "items": {"type": "integer"}}
    assert read.response("GET /response/bytes")["content"] == {
        "image/png": {"schema": {"type": "string", "format": "binary"}}
    }
    assert list(read.response("GET /file")["content"]) == ["application/pdf"]
    assert list(read.response("GET /file")["headers"]) == ["Content-Disposition"]
    assert list(read.response("GET /template")["content"]) == ["text/html"]
    assert read.response("GET /stream")["content"] == {"text/plain": {"schema": {"type": "string"}}}
    assert list(read.response("GET /generator")["content"]) == ["text/csv"]


def test_a_redirect_says_where_to(read):
    assert read.statuses("GET /redirect") == ["301"]
    assert read.response("GET /redirect", 301)["headers"]["Location"]["required"] is True


def test_branches_with_one_status_are_joined(read):
    joined = read.schema("GET /branches")
    assert joined["properties"] == {"id": {"type": "integer"}, "extra": {"type": "string"}}
    assert joined["required"] == ["id"]
    name = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    assert read.schema("GET /different") == {"anyOf": [ID, name]}


def test_a_computed_choice_of_status_is_both(read):
    assert read.statuses("GET /statuses") == ["200", "404"]
    assert read.properties("GET /statuses", 404) == {"found": {"type": "boolean"}}


@pytest.mark.parametrize("path", ["/service", "/status-variable", "/result", "/tried"])
def test_a_body_stays_with_its_own_status(read, path):
    assert read.statuses(f"GET {path}") == ["200", "400"]
    assert read.schema(f"GET {path}")["required"] == ["value"]
    assert read.schema(f"GET {path}", 400)["required"] == ["error"]


def test_the_docstring_gives_summary_and_description(read):
    found = read.operation("GET /documented")
    assert found["summary"] == "What it does"
    assert found["description"] == "And how: in\ntwo lines."
    assert found["operationId"] == "get_documented"
