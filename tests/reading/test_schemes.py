"""The header Authorization has the scheme that the code looks for, however it takes the header apart."""

from __future__ import annotations

import importlib

import pytest

APP = "schemes"

BEARER, BASIC = [{"bearerAuth": []}], [{"basicAuth": []}]
GOOD = "Bearer secret"


@pytest.mark.parametrize(
    ("path", "security", "header"),
    [
        ("/partition", BEARER, GOOD),
        ("/split", BEARER, GOOD),
        ("/text", BEARER, GOOD),
        ("/pattern", BEARER, GOOD),
        ("/slice", BEARER, GOOD),
        ("/words", BASIC, "Basic x"),
        ("/plain", [{"authorization": []}], "secret"),
    ],
)
def test_the_scheme(read, path, security, header):
    assert read.operation(f"GET {path}")["security"] == security
    client = importlib.import_module(f"reading.{APP}").app.test_client()
    assert client.get(path, headers={"Authorization": header}).status_code == 200
    assert client.get(path).status_code == 401


def test_a_setting_that_is_not_set_yet_is_no_null(read):
    assert read.operation("GET /unset")["security"] == [{"X-API-Key": []}]


def test_a_token_against_forgery_says_nothing_of_who_asks(read):
    assert "security" not in read.operation("GET /forgery")
    assert read.parameters("GET /forgery") == {
        ("header", "X-CSRF-Token"): {"required": True, "schema": {"type": "string"}}
    }


def test_a_cookie(read):
    assert read.operation("GET /cookie")["security"] == [{"auth_token": []}]
    assert read.root["components"]["securitySchemes"]["auth_token"] == {
        "type": "apiKey",
        "in": "cookie",
        "name": "auth_token",
    }
    assert read.parameters("GET /cookie") == {}


def test_no_secret_gets_into_the_contract(read):
    assert "hidden" not in str(read.document.root)
    text = {"type": "string"}
    assert read.parameters("GET /code") == {("query", "code"): {"required": True, "schema": text}}
    assert read.body("POST /password")["properties"] == {
        "password": text,
        "kind": {"type": "string", "enum": ["a", "b"]},
    }
    assert read.body("POST /webhook")["required"] == ["signature"]
