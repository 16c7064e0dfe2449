"""spectree: the app answers as the contract says, each version by its own models and its own `SpecTree`."""

from __future__ import annotations

import io

import pytest
from flask import Flask, jsonify, request
from pydantic import BaseModel, Field
from spectree import SpecTree

from apiver.inventory import inspect
from apiver.reading import contract

NAME = "spectree"
MAKER = {"name": "Acme", "country": "NL"}


def test_the_planted_changes_are_found(source):
    found = {(effect.value, rule, subject) for effect, rule, subject in source.changes()}
    assert found >= {
        ("breaking", "api-security-added", "security"),
        ("breaking", "request-property-became-required", "body.maker"),
        ("breaking", "request-property-max-length-decreased", "NewTool.name"),
        ("breaking", "response-property-enum-value-added", "Tool.state"),
        ("breaking", "response-required-property-removed", "body.fee"),
        ("compatible", "request-parameter-enum-value-added", "?state"),
        ("risky", "request-parameter-removed", "header X-Language"),
    }


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(
    "body",
    [
        {"name": "plane"},
        {"name": "plane", "maker": MAKER},
        {"name": "plane", "maker": {"name": "Acme"}},
        {"name": "plane", "maker": None},
        {"name": "plane", "maker": MAKER, "colour": "red"},
        {"name": "x" * 21, "maker": MAKER},
        {"name": "x" * 41, "maker": MAKER},
        {"name": "x", "maker": MAKER},
        {"maker": MAKER},
        {},
    ],
)
def test_a_body_is_taken_where_the_contract_allows_it(source, version, body):
    allowed = source.judge(version, "POST /tools").is_valid(body)
    answer = source.app.test_client().post(f"/api/{version}/tools", json=body)
    assert answer.status_code == (201 if allowed else 422)
    source.judge(version, "POST /tools", answer.status_code).validate(answer.json)


@pytest.mark.parametrize(
    ("query", "v1", "v2"),
    [
        ("", 200, 200),
        ("?ids=1&ids=2&state=lent", 200, 200),
        ("?state=broken", 422, 200),
        ("?ids=1&ids=x", 422, 200),
        ("?state=", 422, 422),
    ],
)
def test_a_query_is_taken_where_the_contract_allows_it(source, query, v1, v2):
    for version, status in (("v1", v1), ("v2", v2)):
        client = source.app.test_client()
        answer = client.get(f"/api/{version}/tools{query}", headers={"X-Language": "en"})
        assert answer.status_code == status
        source.judge(version, "GET /tools", status).validate(answer.json)


def test_headers_and_cookies(source):
    client = source.app.test_client()
    assert client.get("/api/v1/tools").status_code == 422
    assert client.get("/api/v1/tools", headers={"X-Language": "fr"}).status_code == 422
    assert client.get("/api/v2/tools").status_code == 200
    loan = {"until": "2026-12-01"}
    assert client.post("/api/v1/tools/1/loans", json=loan).status_code == 422
    for path in ("/api/v1/tools", "/api/v2/tools"):
        client.set_cookie("member", "7", path=path)
    for version, sent in (("v1", {"tool", "until", "fee"}), ("v2", {"tool", "until"})):
        answer = client.post(f"/api/{version}/tools/1/loans", json=loan)
        assert answer.status_code == 200
        assert set(answer.json) == sent
        judge = source.judge(version, "POST /tools/{tool}/loans", 200)
        judge.validate(answer.json)
        for key in sent:
            assert not judge.is_valid({name: part for name, part in answer.json.items() if name != key})
    assert client.post("/api/v1/tools/9/loans", json=loan).mimetype == "text/html"


def test_files_and_bodies_that_nobody_reads(source):
    client = source.app.test_client()
    picture = {"caption": "a saw", "file": (io.BytesIO(b"x"), "saw.png")}
    assert client.put("/api/v1/tools/1/picture", data=picture).status_code == 204
    assert client.put("/api/v1/tools/1/picture", data={"caption": "a saw"}).status_code == 422
    assert client.delete("/api/v1/tools/1", json={}).status_code == 204
    assert client.post("/api/v1/wishes", json={}).status_code == 422
    assert client.post("/api/v2/reports", json={"reason": 3}).status_code == 202  # nothing is checked


def test_only_what_is_validated_is_declared(source):
    paths = source.document("v1").root["paths"]
    assert paths["/hours"]["get"]["x-apiver-source"]["by"] == "inferred"
    assert paths["/tools"]["get"]["x-apiver-source"]["source"] == "spectree"


class Wish(BaseModel):
    text: str
    copies: int = 1


class Reader(BaseModel):
    language: str = Field(alias="X-Language")


def test_what_is_put_at_the_request_has_the_type_of_its_model():
    shop, spec = Flask("shop"), SpecTree("flask")

    @shop.post("/api/v1/wishes")
    @spec.validate(json=Wish, headers=Reader)
    def add():
        wish = request.context.json
        return jsonify(text=wish.text, copies=wish.copies, language=request.context.headers.language), 202

    operation = contract(inspect(shop), "v1").root["paths"]["/wishes"]["post"]
    found = operation["responses"]["202"]["content"]["application/json"]["schema"]["properties"]
    assert {name: schema["type"] for name, schema in found.items()} == {
        "text": "string",
        "copies": "integer",
        "language": "string",
    }
