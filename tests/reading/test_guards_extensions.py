"""What authentication extensions demand is read off their objects, and the app itself agrees."""

from __future__ import annotations

import base64
import importlib
import sys
from typing import Any

import pytest

from tests.reading.conftest import FIXTURES, Contract

BASIC = {"Authorization": "Basic " + base64.b64encode(b"ada:right").decode()}
BEARER = {"Authorization": "Bearer secret"}
NOBODY: dict[str, str] = {}

SECURITY: dict[str, dict[str, list[dict[str, list[str]]]]] = {
    "guards_httpauth": {
        "GET /basic": [{"basicAuth": []}],
        "GET /role": [{"basicAuth": []}],
        "GET /token": [{"bearerAuth": []}],
        "GET /key": [{"X-API-Key": []}],
        "GET /digest": [{"digestAuth": []}],
        "GET /either": [{"basicAuth": []}, {"bearerAuth": []}],
        "GET /optional": [{}, {"basicAuth": []}],
        "GET /lenient": [{}, {"basicAuth": []}],
        "GET /stored": [{"basicAuth": []}],
        "GET /staff/me": [{"basicAuth": []}],
    },
    "guards_jwt": {
        "GET /both": [{"bearerAuth": []}, {"visitor": []}],
        "GET /headers": [{"bearerAuth": []}],
        "POST /cookies": [{"visitor": [], "X-CSRF-TOKEN": []}],
        "GET /optional": [{}, {"bearerAuth": []}],
        "POST /refresh": [{"bearerAuth": []}],
        "GET /query": [{"jwt": []}],
        "GET /staff/me": [{"bearerAuth": []}],
    },
    "guards_login": {
        "GET /needed": [{"session": []}, {"X-API-Key": []}],
        "GET /checked": [{"session": []}, {"X-API-Key": []}],
        "GET /anonymous": [{"session": []}, {"X-API-Key": []}],
        "GET /site/page": [{"session": []}, {"X-API-Key": []}],
    },
    "guards_security": {
        "GET /token": [{"Authentication-Token": []}, {"auth_token": []}],
        "GET /basic": [{"basicAuth": []}],
        "GET /several": [{"session": []}, {"basicAuth": []}],
        "GET /role": [{"session": []}],
    },
}

SCHEMES = {
    "guards_httpauth": {
        "basicAuth": {"type": "http", "scheme": "basic"},
        "bearerAuth": {"type": "http", "scheme": "bearer"},
        "digestAuth": {"type": "http", "scheme": "digest"},
        "X-API-Key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    },
    "guards_jwt": {
        "bearerAuth": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "visitor": {"type": "apiKey", "in": "cookie", "name": "visitor"},
        "X-CSRF-TOKEN": {"type": "apiKey", "in": "header", "name": "X-CSRF-TOKEN"},
        "jwt": {"type": "apiKey", "in": "query", "name": "jwt"},
    },
    "guards_login": {
        "session": {"type": "apiKey", "in": "cookie", "name": "visit"},
        "X-API-Key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    },
    "guards_security": {
        "Authentication-Token": {"type": "apiKey", "in": "header", "name": "Authentication-Token"},
        "auth_token": {"type": "apiKey", "in": "query", "name": "auth_token"},
        "basicAuth": {"type": "http", "scheme": "basic"},
        "session": {"type": "apiKey", "in": "cookie", "name": "session"},
    },
}

CASES = [(name, operation) for name, found in SECURITY.items() for operation in found]


def app_of(name: str) -> Any:
    if str(FIXTURES) not in sys.path:
        sys.path.insert(0, str(FIXTURES))
    return importlib.import_module(f"reading.{name}").app


@pytest.fixture(scope="module")
def contracts():
    return {name: Contract(app_of(name)) for name in SECURITY}


@pytest.mark.parametrize(("name", "operation"), CASES)
def test_what_is_demanded(contracts, name, operation):
    assert contracts[name].operation(operation)["security"] == SECURITY[name][operation]


@pytest.mark.parametrize("name", SCHEMES)
def test_the_schemes(contracts, name):
    assert contracts[name].root["components"]["securitySchemes"] == SCHEMES[name]


@pytest.mark.parametrize(("name", "operation"), CASES)
def test_the_app_refuses_who_does_not_say_who_he_is(contracts, name, operation):
    method, path = operation.split()
    answer = app_of(name).test_client().open(path, method=method)
    if {} in SECURITY[name][operation]:
        assert answer.status_code == 200
        return
    assert answer.status_code in (401, 403, 302)
    declared = contracts[name].operation(operation)["responses"][str(answer.status_code)]
    media = answer.mimetype
    if answer.is_json and media in declared.get("content", {}):
        keys = [set(part["properties"]) for part in resolved(contracts[name], declared["content"][media])]
        assert set(answer.get_json()) in keys
    assert media in declared["content"] or "*/*" in declared["content"]


def resolved(contract: Contract, media: dict[str, Any]) -> list[dict[str, Any]]:
    """The objects that a schema allows, by its alternatives."""
    schema = media["schema"]
    return [
        contract.component(part["$ref"].rpartition("/")[2]) if "$ref" in part else part
        for part in schema.get("anyOf", [schema])
    ]


@pytest.mark.parametrize(
    ("name", "path", "headers", "status"),
    [
        ("guards_httpauth", "/basic", BASIC, 200),
        ("guards_httpauth", "/basic", BEARER, 401),
        ("guards_httpauth", "/role", BASIC, 403),
        ("guards_httpauth", "/token", BEARER, 200),
        ("guards_httpauth", "/key", {"X-API-Key": "secret"}, 200),
        ("guards_httpauth", "/either", BASIC, 200),
        ("guards_httpauth", "/either", BEARER, 200),
        ("guards_httpauth", "/staff/me", BASIC, 200),
        ("guards_login", "/needed", {"X-API-Key": "secret"}, 200),
        ("guards_login", "/checked", {"X-API-Key": "secret"}, 200),
        ("guards_login", "/checked", {"X-API-Key": "wrong"}, 401),
    ],
)
def test_the_app_lets_pass_who_shows_what_is_demanded(contracts, name, path, headers, status):
    assert app_of(name).test_client().get(path, headers=headers).status_code == status
    assert str(status) in contracts[name].statuses(f"GET {path}")


def test_the_app_takes_its_tokens_where_the_contract_says():
    from flask_jwt_extended import create_access_token, create_refresh_token, get_csrf_token

    app = app_of("guards_jwt")
    with app.app_context():
        access, refresh = create_access_token("ada"), create_refresh_token("ada")
    client = app.test_client()
    bearer = {"Authorization": f"Bearer {access}"}
    assert client.get("/headers", headers=bearer).status_code == 200
    assert client.get("/both", headers=bearer).status_code == 200
    assert client.get("/staff/me", headers=bearer).status_code == 200
    assert client.get("/query", query_string={"jwt": access}).status_code == 200
    assert client.post("/json", json={"access_token": access}).status_code == 200
    assert client.post("/refresh", headers={"Authorization": f"Bearer {refresh}"}).status_code == 200
    assert client.post("/refresh", headers=bearer).status_code == 422
    client.set_cookie("visitor", access)
    assert client.get("/both").status_code == 200
    assert client.post("/cookies").status_code == 401
    with app.app_context():
        csrf = get_csrf_token(access)
    assert client.post("/cookies", headers={"X-CSRF-TOKEN": csrf}).status_code == 200


def test_a_token_in_the_body_is_a_part_of_the_body(contracts):
    assert "security" not in contracts["guards_jwt"].operation("POST /json")
    assert contracts["guards_jwt"].body("POST /json") == {
        "type": "object",
        "properties": {"access_token": {"type": "string"}},
        "required": ["access_token"],
    }


def test_the_extension_answers_with_what_the_program_made_of_it(contracts):
    held = contracts["guards_jwt"]
    assert held.component("Error")["properties"] == {"missing": {"type": "string"}}
    assert held.schema("GET /headers", 422) == {"$ref": "#/components/schemas/Error2"}
    assert held.component("Error2")["properties"] == {"msg": {"type": "string"}}
    basic = contracts["guards_httpauth"]
    assert basic.schema("GET /role", 403)["properties"] == {"error": {"type": "string"}}
    assert basic.response("GET /basic", 401)["headers"]["WWW-Authenticate"]["required"] is True
    assert basic.statuses("GET /optional") == ["200"]


def test_whom_the_loader_finds_types_the_answer(contracts):
    assert contracts["guards_login"].properties("GET /needed") == {"name": {"type": "string"}}
    assert contracts["guards_httpauth"].properties("GET /basic") == {"name": {"type": "string"}}
    assert contracts["guards_httpauth"].properties("GET /staff/me") == {"name": {"type": "string"}}


def test_a_credential_is_no_parameter(contracts):
    for contract in contracts.values():
        for item in contract.root["paths"].values():
            for operation in item.values():
                assert "parameters" not in operation
