"""What a view reads of query, headers, cookies, forms and files becomes parameters and bodies."""

from __future__ import annotations

APP = "asking"

TEXT, WHOLE, REAL, FLAG = ({"type": name} for name in ("string", "integer", "number", "boolean"))


def test_query_parameters_with_types_and_defaults(read):
    found = {name: entry for (_, name), entry in read.parameters("GET /query").items()}
    assert found == {
        "plain": {"schema": TEXT},
        "needed": {"required": True, "schema": TEXT},
        "page": {"schema": {**WHOLE, "default": 1}},
        "size": {"schema": {**WHOLE, "default": 20}},
        "ratio": {"schema": REAL},
        "flag": {"schema": {**FLAG, "default": False}},
        "lambda": {"schema": FLAG},
        "stripped": {"schema": TEXT},
        "day": {"schema": {"type": "string", "format": "date"}},
        "colour": {"schema": {"type": "string", "enum": ["red", "blue"]}},
        "ids": {"schema": {"type": "array", "items": WHOLE}},
        "tags": {"schema": {"type": "array", "items": TEXT}},
        "verbose": {"schema": TEXT},
        "text": {"schema": {**TEXT, "default": "x"}},
    }
    assert {place for place, _ in read.parameters("GET /query")} == {"query"}


def test_what_the_pairs_of_the_query_are_put_into_is_the_query(read):
    assert read.parameters("GET /pairs") == {
        ("query", "limit"): {"schema": {**WHOLE, "default": 10}},
        ("query", "seed"): {"schema": WHOLE},
    }


def test_a_missing_key_of_the_query_is_a_bad_request(read):
    assert read.statuses("GET /query") == ["200", "400"]


def test_what_was_read_and_is_returned_has_its_type(read):
    found = read.properties("GET /query")
    assert found["page"] == WHOLE
    assert found["plain"] == {"type": ["string", "null"]}
    assert found["needed"] == TEXT
    assert found["verbose"] == FLAG


def test_casts_give_the_type(read):
    assert read.parameters("GET /casts") == {
        ("query", "limit"): {"schema": {**WHOLE, "default": 10}},
        ("query", "offset"): {"schema": {**WHOLE, "default": 0}},
        ("query", "ratio"): {"required": True, "schema": REAL},
    }


def test_checks_that_end_in_a_refusal_are_rules(read):
    assert read.parameters("GET /checks") == {
        ("query", "code"): {
            "required": True,
            "schema": {"type": "string", "pattern": "^(?:[A-Z]{3})$", "minLength": 1},
        },
        ("query", "name"): {"schema": {"type": "string", "maxLength": 10, "default": ""}},
        ("query", "order"): {"schema": {"type": "string", "enum": ["asc", "desc"], "default": "asc"}},
        ("query", "page"): {"schema": {"type": "integer", "minimum": 1, "maximum": 99, "default": 1}},
        ("query", "q"): {"required": True, "schema": {"type": "string", "minLength": 1}},
        ("query", "size"): {"schema": {"type": "string", "enum": ["s", "m", "l"]}},
        ("query", "sort"): {"schema": {"type": "string", "enum": ["title", "price"], "default": "title"}},
    }


def test_a_conversion_inside_try_is_demanded(read):
    assert read.parameters("GET /guarded") == {("query", "number"): {"required": True, "schema": WHOLE}}
    assert read.statuses("GET /guarded") == ["200", "400"]
    assert read.properties("GET /guarded", 400) == {"error": TEXT}


def test_a_key_that_is_read_on_one_branch_is_optional(read):
    assert read.parameters("GET /optional") == {("query", "limit"): {"schema": TEXT}}


def test_headers_and_cookies(read):
    assert read.parameters("GET /headers") == {
        ("header", "User-Agent"): {"schema": {**TEXT, "default": "none"}},
        ("header", "X-Tenant"): {"required": True, "schema": TEXT},
        ("header", "X-Trace-Id"): {"schema": TEXT},
    }
    assert read.parameters("GET /cookies") == {("cookie", "theme"): {"schema": {**TEXT, "default": "light"}}}


def test_forms_and_files(read):
    form = {"type": "object", "properties": {"name": TEXT, "age": WHOLE}, "required": ["name"]}
    content = read.operation("POST /form")["requestBody"]["content"]
    assert list(content) == ["application/x-www-form-urlencoded", "multipart/form-data"]
    assert content["multipart/form-data"]["schema"] == form
    binary = {"type": "string", "format": "binary"}
    assert read.operation("POST /upload")["requestBody"] == {
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "title": TEXT,
                        "picture": binary,
                        "more": {"type": "array", "items": binary},
                    },
                    "required": ["picture"],
                }
            }
        },
        "required": True,
    }


def test_branches_on_the_method_belong_to_that_method(read):
    assert read.statuses("GET /methods") == ["200"]
    assert read.statuses("POST /methods") == ["201", "400"]
    assert read.statuses("DELETE /methods") == ["204"]
    assert read.parameters("POST /methods") == {}
    assert "requestBody" not in read.operation("GET /methods")


def test_values_are_the_query_of_a_get(read):
    assert read.parameters("GET /values") == {("query", "q"): {"schema": {**TEXT, "default": "x"}}}


def test_reads_in_helpers_and_constructors_count(read):
    assert read.parameters("GET /helpers") == {
        ("query", "page"): {"schema": {**WHOLE, "default": 1}},
        ("query", "size"): {"schema": {**WHOLE, "default": 50}},
    }
    assert read.properties("GET /helpers") == {"page": WHOLE, "size": WHOLE}
