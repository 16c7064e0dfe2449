"""flask-openapi 5: as flask-openapi3 before it, with documents of OpenAPI 3.2."""

from __future__ import annotations

import pytest
from flask import jsonify
from flask_openapi import OpenAPI
from pydantic import BaseModel

from apiver.inventory import inspect
from apiver.reading import contract
from apiver.reading.sources.openapi import layers

NAME = "openapi"


def test_its_document_is_of_3_2(source):
    (layer,) = layers(source.app)
    assert layer.root["openapi"] == "3.2.0"
    assert source.exported("v1")["openapi"] == "3.1.0"


def test_the_planted_changes_are_found(source):
    found = {(effect.value, rule, subject) for effect, rule, subject in source.changes()}
    assert found >= {
        ("breaking", "new-required-request-property", "body.pickup"),
        ("breaking", "request-property-max-decreased", "OrderBody.count"),
        ("breaking", "response-property-enum-value-added", "Loaf.flour"),
        ("compatible", "request-parameter-enum-value-added", "?flour"),
        ("risky", "request-parameter-removed", "?heavier"),
        ("risky", "response-optional-property-removed", "Loaves.items[].grams"),
    }


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(
    "body",
    [
        {"loaf": 1, "name": "Ada"},
        {"loaf": 1, "name": "Ada", "pickup": "9:00"},
        {"loaf": 1, "name": "Ada", "pickup": "9:00", "count": 21},
        {"loaf": 1, "name": "Ada", "pickup": "9:00", "count": 51},
        {"loaf": 1, "name": "Ada", "pickup": "9:00", "count": 0},
        {"loaf": 1, "pickup": "9:00"},
        {"loaf": "rye", "name": "Ada", "pickup": "9:00"},
        {},
    ],
)
def test_a_body_is_taken_where_the_contract_allows_it(source, version, body):
    allowed = source.judge(version, "POST /orders").is_valid(body)
    answer = source.app.test_client().post(f"/api/{version}/orders", json=body)
    assert answer.status_code == (201 if allowed else 400)
    source.judge(version, "POST /orders", answer.status_code).validate(answer.json)


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(("path", "status"), [("1", 200), ("10", 404)])
def test_answers(source, version, path, status):
    answer = source.app.test_client().get(f"/api/{version}/orders/{path}")
    assert answer.status_code == status
    source.judge(version, "GET /orders/{order}", status).validate(answer.json)


def test_a_class_refuses_by_its_model_where_its_rule_has_no_converter(source):
    client = source.app.test_client()
    old, new = client.get("/api/v1/orders/x"), client.get("/api/v2/orders/x")
    assert (old.status_code, new.status_code) == (400, 404)
    source.judge("v1", "GET /orders/{order}", 400).validate(old.json)


class Word(BaseModel):
    text: str


class Row(BaseModel):
    text: str
    size: int = None


class Refusal(BaseModel):
    why: str


def word(**settings):
    app = OpenAPI("words", **settings)

    @app.post("/api/v1/words")
    def add(body: Word):
        return jsonify(size=len(body.text))

    return contract(inspect(app), "v1").root["paths"]["/words"]["post"]["responses"]["422"]["content"]


def test_a_callback_of_the_app_for_what_is_refused():
    reason = "the app has a callback of its own for requests that are not valid"
    assert word(validation_error_callback=print) == {"*/*": {"schema": {"x-apiver-unknown": reason}}}
    items = {"type": "array", "items": {"$ref": "#/components/schemas/Refusal"}}
    said = {"application/json": {"schema": items}}
    assert word(validation_error_callback=print, validation_error_model=Refusal) == said


def test_a_document_that_was_asked_for_before_is_kept():
    app = OpenAPI("words")

    @app.get("/api/v1/words", summary="Words")
    def words():
        return jsonify([])

    before = app.api_doc

    @app.get("/api/v1/letters", summary="Letters")
    def letters():
        return jsonify([])

    found = contract(inspect(app), "v1").root["paths"]
    assert app.api_doc is before
    assert "/api/v1/letters" not in before["paths"]
    assert found["/words"]["get"]["summary"] == "Words"
    assert "200" in found["/letters"]["get"]["responses"]


def test_a_component_of_its_document_counts_where_a_response_refers_to_it():
    app = OpenAPI("words")
    rows = {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}

    @app.post("/api/v1/rows", responses={200: {"content": {"application/json": {"schema": rows}}}})
    def add(body: Row):
        return jsonify([])

    @app.post("/api/v1/words", responses={201: Word})
    def word(body: Word):
        return jsonify(text=""), 201

    root = contract(inspect(app), "v1").root
    content = root["paths"]["/rows"]["post"]["responses"]["200"]["content"]
    (name,) = {content["application/json"]["schema"]["items"]["$ref"].rpartition("/")[2]}
    assert root["components"]["schemas"][name]["required"] == ["text"]
    (layer,) = layers(app)
    held = [each for each in layer.root["components"]["schemas"] if "." not in each]
    assert held == ["Row"]
