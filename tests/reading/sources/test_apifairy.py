"""APIFairy: the contract is what the decorators declare, and what the app does."""

from __future__ import annotations

import io

import pytest
from apifairy import APIFairy, body, other_responses
from flask import Flask
from flask_marshmallow import Marshmallow

from apiver.inventory import inspect
from apiver.reading import contract

NAME = "apifairy"
ADA = {"Authorization": "Bearer ada-token"}


@pytest.fixture
def client(source):
    return type(source)(NAME).app.test_client()


@pytest.mark.parametrize(
    "body",
    [
        {"text": "Hello"},
        {"text": "Hello", "mood": "sad"},
        {"text": ""},
        {"text": "x" * 281},
        {"text": "Hello", "mood": "angry"},
        {"text": "Hello", "title": "Hello"},
        {"mood": "sad"},
        [],
    ],
)
def test_the_app_takes_what_the_contract_allows_and_no_more(source, client, body):
    answer = client.post("/api/v1/posts", json=body, headers=ADA)
    allowed = source.judge("v1", "POST /posts").is_valid(body)
    assert answer.status_code == (201 if allowed else 400)
    source.judge("v1", "POST /posts", answer.status_code).validate(answer.json)


def test_what_else_the_app_answers_is_in_the_contract(source, client):
    listed = client.get("/api/v1/posts?limit=100", headers=ADA)
    source.judge("v1", "GET /posts", 200).validate(listed.json)
    assert listed.headers["X-Total"] == "1"
    assert client.get("/api/v1/posts?limit=101", headers=ADA).status_code == 400
    token = client.post("/api/v1/tokens", auth=("ada", "cat"))
    assert token.status_code == 201
    source.judge("v1", "POST /tokens", 201).validate(token.json)
    refused = client.post("/api/v1/tokens", auth=("ada", "dog"))
    assert (refused.status_code, refused.mimetype) == (401, "text/html")
    assert "WWW-Authenticate" in refused.headers
    image = client.put("/api/v1/posts/1/image", data={"image": (io.BytesIO(b"x"), "a.png")}, headers=ADA)
    assert image.status_code == 200
    assert client.put("/api/v1/posts/1/image", data={"image": "a.png"}, headers=ADA).status_code == 400
    assert client.get("/api/v1/posts/99", headers=ADA).status_code == 404
    assert client.delete("/api/v1/posts/1", headers=ADA).status_code == 204


def test_the_changes_from_one_version_to_the_next(source):
    assert {(rule, subject) for effect, rule, subject in source.changes() if effect == "breaking"} == {
        ("request-parameter-max-decreased", "?limit"),
        ("request-property-max-length-decreased", "PostInput.text"),
        ("response-property-enum-value-added", "Post.mood"),
    }


def test_the_document_that_the_extension_kept_is_not_asked_for(source):
    """It may be older than the last of the routes, and nothing is kept for it."""
    extension = source.app.error_handler_spec[None][None]
    holders = [cell.cell_contents for handler in extension.values() for cell in handler.__closure__ or ()]
    fairy = next(holder for holder in holders if isinstance(holder, APIFairy))
    kept, fairy._apispec = fairy._apispec, {"openapi": "3.0.3", "paths": {}}
    try:
        assert source.exported("v1") == source.expected("v1")
        assert fairy._apispec == {"openapi": "3.0.3", "paths": {}}
    finally:
        fairy._apispec = kept


def test_an_app_without_pages_is_read_too_and_a_declared_204_stays():
    app = Flask(__name__)
    app.config.update(APIFAIRY_APISPEC_PATH=None, APIFAIRY_UI_PATH=None)
    ma = Marshmallow(app)
    fairy = APIFairy(app)

    @app.post("/api/v1/things")
    @body(type("ThingSchema", (ma.Schema,), {"name": ma.String(required=True)}))
    @other_responses({204: "It is there"})
    def new_thing(data):
        return {}, 200

    @fairy.process_apispec
    def titled(spec):
        spec["paths"]["/api/v1/things"]["post"]["summary"] = "Make a thing"
        return spec

    said = contract(inspect(app), "v1").root["paths"]["/things"]["post"]
    assert said["summary"] == "Make a thing"
    assert said["responses"]["204"]["description"] == "It is there"
    assert fairy._apispec is None
