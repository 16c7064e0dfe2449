"""Hooks and decorators are read like the view that they wrap; class-based views like functions."""

from __future__ import annotations

import pytest

APP = "guards"

ID = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}


def test_no_guard_no_security(read):
    assert "security" not in read.operation("GET /open")
    assert read.statuses("GET /open") == ["200"]


@pytest.mark.parametrize(
    ("path", "name", "scheme", "status"),
    [
        ("/bearer", "bearerAuth", {"type": "http", "scheme": "bearer"}, "401"),
        ("/basic", "basicAuth", {"type": "http", "scheme": "basic"}, "401"),
        ("/session", "session", {"type": "apiKey", "in": "cookie", "name": "session"}, "401"),
        ("/key", "X-API-Key", {"type": "apiKey", "in": "header", "name": "X-API-Key"}, "403"),
    ],
)
def test_credentials_become_a_security_scheme(read, path, name, scheme, status):
    assert read.operation(f"GET {path}")["security"] == [{name: []}]
    assert read.root["components"]["securitySchemes"][name] == scheme
    assert read.statuses(f"GET {path}") == ["200", status]
    assert read.parameters(f"GET {path}") == {}
    assert read.schema(f"GET {path}") == ID


def test_a_token_that_is_only_checked_where_it_is_sent_is_optional(read):
    assert read.operation("GET /optional")["security"] == [{}, {"bearerAuth": []}]


def test_who_sends_no_key_is_let_through_where_only_a_wrong_one_is_refused(read):
    assert read.operation("GET /remembered")["security"] == [{}, {"X-API-Key": []}, {"session": []}]


def test_a_decorator_may_inject_arguments(read):
    assert read.properties("GET /person/{number}") == {
        "name": {"type": "string"},
        "number": {"type": "integer"},
    }


def test_a_decorator_may_wrap_the_result(read):
    assert read.statuses("GET /envelope") == ["201"]
    assert read.properties("GET /envelope", 201) == {"data": ID}


def test_a_decorator_without_wraps_is_followed(read):
    assert read.parameters("GET /unwrapped") == {
        ("query", "key"): {"required": True, "schema": {"type": "string", "minLength": 1}}
    }
    assert read.schema("GET /unwrapped") == ID


def test_class_based_views_with_inheritance(read):
    assert read.properties("GET /base/{number}") == {
        "number": {"type": "integer"},
        "kind": {"type": "string"},
    }
    assert list(read.properties("GET /things/{number}")) == ["number", "kind", "limit", "double"]
    assert read.properties("GET /things/{number}")["limit"] == {"type": "integer"}
    assert read.body("POST /things/{number}")["required"] == ["name"]
    assert read.operation("POST /things/{number}")["security"] == [{"bearerAuth": []}]


def test_a_view_class_that_dispatches_itself(read):
    assert read.statuses("GET /page") == ["200"]
    assert read.statuses("POST /page") == ["201"]


def test_hooks_of_a_blueprint(read):
    assert read.operation("GET /staff/me")["security"] == [{"X-Token": []}]
    assert read.properties("GET /staff/me") == {"name": {"type": "string"}}
    assert read.properties("GET /staff/me", 401) == {"error": {"type": "string"}}
    assert list(read.response("GET /staff/me")["headers"]) == ["X-Staff"]
