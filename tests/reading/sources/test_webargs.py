"""webargs: what the decorators of a view read of a request is in the contract, and the app agrees."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from marshmallow import Schema, fields
from webargs.flaskparser import FlaskParser, use_args

from apiver.inventory import inspect
from apiver.reading import contract

NAME = "webargs"
LINE = {"bread": "rye", "count": 2}
GOOD = {"customer": "Ada", "email": "ada@example.org", "day": "2026-01-02", "slot": "noon", "lines": [LINE]}


@pytest.fixture
def client(source):
    return type(source)(NAME).app.test_client()


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        {**GOOD, "email": None},
        {**GOOD, "lines": [{**LINE, "sliced": True}]},
        {**GOOD, "slot": "evening"},
        {**GOOD, "day": "tomorrow"},
        {**GOOD, "lines": []},
        {**GOOD, "lines": [{**LINE, "bread": "Rye"}]},
        {**GOOD, "lines": [{**LINE, "bread": "rye2"}]},
        {**GOOD, "lines": [{**LINE, "count": 51}]},
        {**GOOD, "lines": [{**LINE, "count": "2"}]},
        {**GOOD, "color": "red"},
        {"customer": "Ada"},
        {},
    ],
)
def test_the_app_takes_what_the_contract_allows_and_no_more(source, client, body):
    allowed = source.judge("v1", "POST /orders").is_valid(body)
    assert client.post("/api/v1/orders", json=body).status_code == (201 if allowed else 422)


def test_a_body_is_needed_where_something_in_it_is(client):
    assert client.post("/api/v1/orders").status_code == 422
    assert client.patch("/api/v1/orders/1").status_code == 204
    assert client.patch("/api/v1/orders/1", json={"customer": "Ada"}).status_code == 400


def test_parameters_and_forms(source, client):
    shop = {"X-Tenant": "corner"}
    assert client.get("/api/v1/orders?limit=100&breads=rye,spelt&other=1", headers=shop).status_code == 200
    assert client.get("/api/v1/orders?limit=101", headers=shop).status_code == 422
    assert client.get("/api/v1/orders").status_code == 422
    photo = (io.BytesIO(b"x"), "bread.png")
    assert client.post("/api/v1/orders/1/note", data={"text": "warm", "photo": photo}).status_code == 200
    assert client.post("/api/v1/orders/1/note", data={"text": "x" * 201}).status_code == 422
    assert client.post("/api/v1/orders/1/note", data={"text": "warm", "more": "1"}).status_code == 422


def test_the_changes_from_one_version_to_the_next(source):
    assert {(rule, subject) for effect, rule, subject in source.changes() if effect == "breaking"} == {
        ("new-required-request-property", "body.phone"),
        ("request-property-removed", "body.email"),
        ("request-property-max-decreased", "LineInput.count"),
    }


class Odd(FlaskParser):
    def pre_load(self, location_data, *, schema, req, location):
        return location_data["data"]


def operation_of(decorator):
    app = Flask(__name__)

    @app.post("/api/v1/thing")
    @decorator
    def thing(args):
        return {}

    return contract(inspect(app), "v1").root["paths"]["/thing"]["post"]


def test_a_parser_of_the_app_s_own_may_read_otherwise():
    said = operation_of(Odd().use_args({"name": fields.String()}))
    schema = said["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"x-apiver-unknown": "Odd.pre_load of the app reads the body"}
    assert "parameters" not in operation_of(Odd().use_args({"name": fields.String()}, location="query"))


def test_an_error_handler_of_the_app_s_own_may_answer_otherwise():
    parser = FlaskParser(error_handler=print)
    said = operation_of(parser.use_args({"name": fields.String()}))["responses"]
    assert "422" not in said
    assert said["4XX"]["x-apiver-unknown"] == "the app's own error handler of the parser answers"


def test_a_schema_that_is_made_for_each_request_is_not_known():
    said = operation_of(use_args(lambda request: Schema.from_dict({})()))
    schema = said["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"x-apiver-unknown": "the schema is made anew for each request"}


def test_one_body_has_to_fit_every_decorator():
    first, second = use_args({"a": fields.Integer()}, unknown="exclude"), use_args({"b": fields.Integer()})
    said = operation_of(lambda view: first(second(view)))
    schema = said["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "integer"}}},
            {"type": "object", "properties": {"b": {"type": "integer"}}, "additionalProperties": False},
        ]
    }


def test_a_form_is_sent_in_either_way():
    said = operation_of(use_args({"name": fields.Raw(required=True)}, location="form"))["requestBody"]
    assert set(said["content"]) == {"application/x-www-form-urlencoded", "multipart/form-data"}
    assert said["required"] is True
    for entry in said["content"].values():
        assert entry["schema"]["properties"] == {"name": {}}


def test_one_broken_schema_is_told_and_takes_no_other_with_it():
    class Broken(Schema):
        def __init__(self, **options):
            if not options:
                raise RuntimeError("no tenant")
            super().__init__(**options)

    app = Flask(__name__)

    @app.post("/api/v1/broken")
    @use_args(Broken)
    def broken(args):
        return {"a": 1}

    @app.post("/api/v1/whole")
    @use_args({"name": fields.String(required=True)})
    def whole(args):
        return {"b": 1}

    root = contract(inspect(app), "v1").root
    assert root["x-apiver-unread"] == ["webargs: POST /api/v1/broken could not be read: no tenant"]
    assert "requestBody" not in root["paths"]["/broken"]["post"]
    assert list(root["paths"]["/broken"]["post"]["responses"]) == ["200"]
    assert root["paths"]["/whole"]["post"]["requestBody"]["required"] is True
