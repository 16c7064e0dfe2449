"""apispec: whatever the app has put into an APISpec of its own, at any path that it serves."""

from __future__ import annotations

import pytest
from apispec import APISpec
from flask import Flask

from apiver.inventory import inspect
from apiver.reading import contract

NAME = "apispec"
GOOD = {"title": "Soup", "minutes": 30, "steps": ["Boil."]}


@pytest.fixture
def client(source):
    return type(source)(NAME).app.test_client()


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        {"title": "Soup", "minutes": 30},
        {**GOOD, "title": ""},
        {**GOOD, "minutes": 0},
        {**GOOD, "steps": "Boil."},
        {**GOOD, "cost": 3},
        {"title": "Soup"},
    ],
)
def test_the_app_takes_what_the_contract_allows_and_no_more(source, client, body):
    answer = client.post("/api/v1/recipes", json=body)
    allowed = source.judge("v1", "POST /recipes").is_valid(body)
    assert answer.status_code == (201 if allowed else 400)
    source.judge("v1", "POST /recipes", answer.status_code).validate(answer.json)


def test_what_else_the_app_answers_is_in_the_contract(source, client):
    source.judge("v1", "GET /recipes", 200).validate(client.get("/api/v1/recipes?within=20").json)
    assert client.get("/api/v1/recipes?within=0").status_code == 400
    source.judge("v1", "GET /recipes/{recipe_id}", 200).validate(client.get("/api/v1/recipes/1").json)
    missing = client.get("/api/v1/recipes/99")
    assert (missing.status_code, missing.mimetype) == (404, "text/html")


def test_the_changes_from_one_version_to_the_next(source):
    assert {(rule, subject) for effect, rule, subject in source.changes() if effect == "breaking"} == {
        ("request-property-max-length-decreased", "RecipeInput.title"),
        ("request-property-became-required", "body.steps"),
    }


def app_with(spec: APISpec) -> Flask:
    app = Flask(__name__)

    @app.get("/api/v1/things")
    def things():
        return {"things": []}

    @app.get("/openapi.json")
    def served():
        return spec.to_dict()

    return app


THINGS = {"get": {"summary": "All things", "responses": {"200": {"description": "Things"}}}}


@pytest.mark.parametrize(
    ("version", "options", "path"),
    [
        ("3.0.3", {}, "/api/v1/things"),
        ("3.0.3", {"servers": [{"url": "https://example.org/api/v1/"}]}, "/things"),
        ("2.0", {"basePath": "/api/v1"}, "/things"),
        ("3.1.0", {"servers": [{"url": "/api/v1"}]}, "/api/v1/things"),
    ],
)
def test_paths_may_stand_below_a_base(version, options, path):
    spec = APISpec("Things", "1", version, **options)
    spec.path(path, operations=THINGS)
    said = contract(inspect(app_with(spec)), "v1").root["paths"]["/things"]["get"]
    assert said["summary"] == "All things"
    assert said["x-apiver-source"]["source"] == "apispec"
    assert spec.options == options


def test_a_document_that_is_still_empty_declares_nothing():
    said = contract(inspect(app_with(APISpec("Things", "1", "3.0.3"))), "v1").root["paths"]["/things"]["get"]
    assert said["x-apiver-source"]["by"] == "inferred"


def test_a_schema_that_is_closed_by_hand_stays_so():
    spec = APISpec("Things", "1", "3.0.3")
    closed = {"type": "object", "additionalProperties": False}
    content = {"application/json": {"schema": closed}}
    spec.path(
        "/api/v1/things",
        operations={"get": {"responses": {"200": {"description": "Things", "content": content}}}},
    )
    said = contract(inspect(app_with(spec)), "v1").root["paths"]["/things"]["get"]
    assert said["responses"]["200"]["content"]["application/json"]["schema"] == closed
