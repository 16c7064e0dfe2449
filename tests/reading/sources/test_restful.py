"""Flask-RESTful: the contract is what its parsers and fields say, and what its app does."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_restful import Api, Resource, fields, inputs, marshal_with, marshal_with_field, reqparse

from apiver.inventory import inspect
from apiver.reading import contract
from tests.reading.sources.conftest import without_sources

NAME = "restful"
CLERK = {"X-Clerk": "me"}
GOOD = {"weight": 1.5, "sender": "Eve", "status": "held", "notes": ["up"]}


@pytest.fixture
def client(source):
    return type(source)(NAME).app.test_client()


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        {"weight": 1, "sender": "Eve"},
        {"sender": "Eve"},
        {"weight": 1},
        {**GOOD, "weight": "heavy"},
        {**GOOD, "weight": None},
        {**GOOD, "sender": None},
        {**GOOD, "status": "eaten"},
        {**GOOD, "status": None},
        {**GOOD, "notes": [None]},
    ],
)
def test_the_app_takes_what_the_contract_allows_and_no_more(source, client, body):
    answer = client.post("/api/v1/parcels", json=body, headers=CLERK)
    assert answer.status_code == (201 if source.judge("v1", "POST /parcels").is_valid(body) else 400)
    source.judge("v1", "POST /parcels", answer.status_code).validate(answer.json)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("?status=held&limit=100&note=a&note=b", 200),
        ("?limit=101", 400),
        ("?limit=0", 400),
        ("?status=x", 400),
    ],
)
def test_the_query_is_checked_by_its_parser(source, client, query, status):
    answer = client.get(f"/api/v1/parcels{query}")
    assert answer.status_code == status
    source.judge("v1", "GET /parcels", status).validate(answer.json)


def test_what_else_the_app_answers_is_in_the_contract(source, client):
    source.judge("v1", "GET /parcels/{id}", 200).validate(client.get("/api/v1/parcels/1").json)
    missing = client.get("/api/v1/parcels/99")
    assert missing.status_code == 404
    source.judge("v1", "GET /parcels/{id}", 404).validate(missing.json)
    refused = client.delete("/api/v1/parcels/1")
    assert refused.status_code == 401
    source.judge("v1", "DELETE /parcels/{id}", 401).validate(refused.json)
    label = client.get("/api/v1/parcels/1/label")
    assert label.content_type == "application/json"
    source.judge("v1", "GET /parcels/{id}/label", 200).validate(label.json)
    bought = client.post("/api/v1/stamps", data={"count": 3})
    source.judge("v1", "POST /stamps", 200).validate(bought.json)
    assert client.post("/api/v1/stamps").status_code == 400


def test_the_changes_from_one_version_to_the_next(source):
    assert {(rule, subject) for effect, rule, subject in source.changes() if effect == "breaking"} == {
        ("request-parameter-max-decreased", "?limit"),
        ("request-property-became-required", "body.status"),
        ("response-required-property-removed", "Parcel.insured"),
    }


def read(*resources, **options):
    app = Flask(__name__)
    api = Api(app, **options)
    for number, resource in enumerate(resources):
        api.add_resource(resource, f"/api/v1/r{number}")
    return without_sources(contract(inspect(app), "v1").root)


def test_where_an_argument_is_looked_for_depends_on_the_method():
    parser = reqparse.RequestParser()
    parser.add_argument("name")
    parser.add_argument("when", type=inputs.date)

    class Both(Resource):
        def get(self):
            return parser.parse_args()["name"]

        def post(self):
            return parser.parse_args()["name"]

    item = read(Both)["paths"]["/r0"]
    assert [(one["in"], one["name"], one["schema"]) for one in item["get"]["parameters"]] == [
        ("query", "name", {"type": "string"}),
        ("query", "when", {"type": "string", "format": "date"}),
    ]
    schema = item["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"]["name"] == {"type": ["string", "null"]}
    assert "parameters" not in item["post"]


def test_what_is_marshalled_without_being_seen_may_be_null_or_a_list():
    class Seen(Resource):
        @marshal_with({"title": fields.String, "count": fields.Integer})
        def get(self):
            return eval("1")

    schema = read(Seen)["paths"]["/r0"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    one = {
        "type": "object",
        "properties": {"title": {"type": ["string", "null"]}, "count": {"type": "integer"}},
        "required": ["title", "count"],
    }
    assert schema == {"anyOf": [one, {"type": "array", "items": one}]}


def test_one_field_and_fields_of_the_programs_own():
    class Shout(fields.Raw):
        def format(self, value):
            return value.upper()

    class One(Resource):
        @marshal_with_field(fields.List(fields.Integer))
        def get(self):
            return ["1", "2"]

    class Own(Resource):
        @marshal_with({"title": Shout})
        def get(self):
            return {"title": "emma"}

    root = read(One, Own)
    schemas = [
        root["paths"][f"/r{number}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        for number in (0, 1)
    ]
    assert schemas[0] == {"type": "array", "items": {"type": "integer"}}
    assert schemas[1]["properties"] == {"title": {"type": "string"}}


class OutOfStockError(Exception):
    pass


def test_errors_that_the_api_knows_by_name():
    class Shelf(Resource):
        def get(self):
            raise OutOfStockError

    root = read(Shelf, errors={"OutOfStockError": {"message": "nothing left", "status": 409}})
    assert list(root["paths"]["/r0"]["get"]["responses"]) == ["409"]
    assert root["components"]["schemas"]["Error"]["properties"] == {
        "message": {"type": "string"},
        "status": {"type": "integer"},
    }


@pytest.mark.parametrize(
    ("propagates", "statuses", "answer"), [(True, ["200", "401", "422"], 401), (False, ["200"], 500)]
)
def test_guards_that_a_class_lists_for_its_methods(propagates, statuses, answer):
    """What they raise is answered by the app if the Api leaves it to that."""
    from flask_jwt_extended import JWTManager, jwt_required

    class Guarded(Resource):
        method_decorators = {"post": [jwt_required()]}  # noqa: RUF012

        def get(self):
            return {"open": True}

        def post(self):
            return {"done": True}

    app = Flask(__name__)
    app.config["JWT_SECRET_KEY"] = "long enough to sign with, for a test at least"
    app.config["PROPAGATE_EXCEPTIONS"] = propagates
    JWTManager(app)
    Api(app).add_resource(Guarded, "/api/v1/guarded")
    item = contract(inspect(app), "v1").root["paths"]["/guarded"]
    assert list(item["get"]["responses"]) == ["200"]
    assert list(item["post"]["responses"]) == statuses
    assert item["post"]["security"] == [{"bearerAuth": []}]
    client = app.test_client()
    assert client.get("/api/v1/guarded").status_code == 200
    assert client.post("/api/v1/guarded").status_code == answer
