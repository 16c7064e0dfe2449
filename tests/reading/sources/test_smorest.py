"""flask-smorest: the contract is what its Api declares, and what its app does."""

from __future__ import annotations

import io

import marshmallow as ma
import pytest
from flask import Flask
from flask_smorest import Api, Blueprint, abort
from flask_smorest.fields import Upload

from apiver.compare import diff
from apiver.contract.validate import problems
from apiver.inventory import inspect
from apiver.reading import contract
from apiver.reading.build import read

NAME = "smorest"
OFFICE = {"Authorization": "Bearer office"}
GOOD = {"name": "Cellar", "seats": 2, "nickname": None, "features": ["phone"]}


@pytest.fixture
def client(source):
    return type(source)(NAME).app.test_client()


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        {"name": "Cellar", "seats": 1},
        {**GOOD, "seats": 0},
        {**GOOD, "seats": "many"},
        {**GOOD, "features": ["sauna"]},
        {**GOOD, "color": "red"},
        {**GOOD, "nickname": 7},
        {"seats": 2},
        [],
    ],
)
def test_the_app_takes_what_the_contract_allows_and_no_more(source, client, body):
    answer = client.post("/api/v1/rooms", json=body, headers=OFFICE)
    allowed = source.judge("v1", "POST /rooms").is_valid(body)
    assert answer.status_code == (201 if allowed else 422)
    source.judge("v1", "POST /rooms", answer.status_code).validate(answer.json)


def test_what_else_the_app_answers_is_in_the_contract(source, client):
    source.judge("v1", "GET /rooms", 200).validate(client.get("/api/v1/rooms?page_size=1").json)
    assert client.get("/api/v1/rooms?page_size=51").status_code == 422
    assert client.get("/api/v2/rooms").status_code == 422
    missing = client.get("/api/v1/rooms/99")
    assert missing.status_code == 404
    source.judge("v1", "GET /rooms/{room_id}", 404).validate(missing.json)
    refused = client.post("/api/v1/rooms", json=GOOD)
    assert refused.status_code == 401
    source.judge("v1", "POST /rooms", 401).validate(refused.json)
    booking = {"day": "2026-01-02", "hours": 2, "person": {"name": "Ada", "email": "ada@example.org"}}
    booked = client.post("/api/v1/rooms/1/bookings", json=booking)
    assert booked.status_code == 201
    source.judge("v1", "POST /rooms/{room_id}/bookings", 201).validate(booked.json)
    source.judge("v1", "GET /rooms/{room_id}/calendar", 200).validate(
        client.get("/api/v1/rooms/1/calendar").json
    )
    source.judge("v1", "GET /health", 200).validate(client.get("/api/v1/health").json)


def test_the_pagination_header_is_one_json_text(client):
    assert client.get("/api/v1/rooms").headers["X-Pagination"].startswith('{"total": 1')


def test_each_part_says_who_declares_it(source):
    said = source.document("v1").root["paths"]
    assert said["/rooms"]["post"]["requestBody"]["x-apiver-source"] == {
        "by": "declared",
        "source": "flask-smorest",
    }
    assert said["/health"]["get"]["x-apiver-source"]["by"] == "inferred"


def test_the_changes_from_one_version_to_the_next(source):
    breaking = {(rule, subject) for effect, rule, subject in source.changes() if effect == "breaking"}
    assert breaking == {
        ("request-parameter-became-required", "?seats"),
        ("new-required-request-property", "body.floor"),
        ("request-property-removed", "body.nickname"),
        ("api-removed-without-deprecation", "operation"),
        ("response-property-enum-value-added", "Booking.status"),
    }


@pytest.mark.parametrize("openapi", ["3.0.3", "3.1.0"])
def test_a_form_with_files_is_one_body(openapi):
    app = Flask(__name__)
    app.config.update(API_TITLE="Photos", API_VERSION="v1", OPENAPI_VERSION=openapi)
    photos = Blueprint("photos", __name__, url_prefix="/api/v1")

    @photos.route("/photos", methods=["POST"])
    @photos.arguments(type("Files", (ma.Schema,), {"photo": Upload(required=True)}), location="files")
    @photos.arguments(
        type("Words", (ma.Schema,), {"title": ma.fields.String(required=True)}), location="form"
    )
    @photos.response(204)
    def add(files, words):
        return None

    Api(app).register_blueprint(photos)
    root = contract(inspect(app), "v1").root
    assert problems(root) == ()
    assert "x-apiver-unread" not in root
    body = root["paths"]["/photos"]["post"]["requestBody"]
    assert body["content"]["multipart/form-data"]["schema"] == {
        "type": "object",
        "properties": {"photo": {"type": "string", "format": "binary"}, "title": {"type": "string"}},
        "required": ["photo", "title"],
        "additionalProperties": False,
    }
    client = app.test_client()
    photo = (io.BytesIO(b"x"), "a.png")
    assert client.post("/api/v1/photos", data={"photo": photo, "title": "A"}).status_code == 204
    assert client.post("/api/v1/photos", data={"title": "A"}).status_code == 422


class Item(ma.Schema):
    name = ma.fields.String(required=True)


def three_versions():
    """409 is declared and answered in v1, answered alone in v2, and neither in v3."""
    app = Flask(__name__)
    app.config.update(API_TITLE="Items", API_VERSION="v1", OPENAPI_VERSION="3.0.3")
    api = Api(app)
    for version in ("v1", "v2", "v3"):
        items = Blueprint(version, __name__, url_prefix=f"/api/{version}", description="-")
        refuses = version != "v3"

        def add(data):
            if data["name"] == "taken":
                abort(409, message="There is one of that name.")
            return data

        def take(data):
            return data

        view = items.response(201, Item)(add if refuses else take)
        if version == "v1":
            view = items.alt_response(409, description="Conflict")(view)
        items.route("/items", methods=["POST"], tags=["items"])(items.arguments(Item)(view))
        api.register_blueprint(items)
    return app


def test_the_injected_default_response_is_no_declaration_of_any_error():
    app = three_versions()
    found = {version: contract(inspect(app), version) for version in ("v1", "v2", "v3")}
    post = {version: one.root["paths"]["/items"]["post"] for version, one in found.items()}
    assert {version: list(one["responses"]) for version, one in post.items()} == {
        "v1": ["201", "409", "422"],
        "v2": ["201", "409", "422"],
        "v3": ["201", "422"],
    }
    sent = {
        version: app.test_client().post(f"/api/{version}/items", json={"name": "taken"}).status_code
        for version in post
    }
    assert sent == {"v1": 409, "v2": 409, "v3": 201}
    assert [read(inspect(app), version).drift for version in post] == [(), (), ()]
    rules = {
        (old, new): {
            change.rule for change in diff(found[old], found[new]).changes if change.effect != "docs"
        }
        for old, new in [("v1", "v2"), ("v1", "v3"), ("v3", "v2")]
    }
    assert rules == {
        ("v1", "v2"): set(),
        ("v1", "v3"): {"response-non-success-status-removed"},
        ("v3", "v2"): {"response-non-success-status-added"},
    }
