"""flasgger: the contract is what its specs declare, and what its app does."""

from __future__ import annotations

import io

import pytest
from flasgger import LazyString, Swagger, swag_from
from flask import Flask, jsonify, request

from apiver.inventory import inspect
from apiver.reading import contract
from apiver.reading.sources import flasgger

NAME = "flasgger"
COOK = {"X-Cook": "me"}


@pytest.fixture
def client(source):
    return type(source)(NAME).app.test_client()


@pytest.mark.parametrize(
    "body",
    [
        {"title": "Soup", "minutes": 5},
        {"title": "Soup"},
        {"title": ""},
        {"title": "s" * 61},
        {"title": "Soup", "minutes": 0},
        {"title": "Soup", "minutes": "five"},
        {"minutes": 5},
    ],
)
def test_the_app_takes_what_the_contract_allows_and_no_more(source, client, body):
    answer = client.post("/api/v1/recipes", json=body, headers=COOK)
    assert answer.status_code == (201 if source.judge("v1", "POST /recipes").is_valid(body) else 400)
    source.judge("v1", "POST /recipes", answer.status_code).validate(answer.json)


def test_what_else_the_app_answers_is_in_the_contract(source, client):
    source.judge("v1", "GET /recipes", 200).validate(client.get("/api/v1/recipes").json)
    source.judge("v1", "GET /recipes/{number}", 200).validate(client.get("/api/v1/recipes/1").json)
    missing = client.get("/api/v1/recipes/99")
    assert missing.status_code == 404
    source.judge("v1", "GET /recipes/{number}", 404).validate(missing.json)
    refused = client.post("/api/v1/recipes", json={"title": "Soup"})
    assert refused.status_code == 401
    source.judge("v1", "POST /recipes", 401).validate(refused.json)
    assert client.post("/api/v1/recipes/1/rating?stars=6").status_code == 400
    rated = client.post("/api/v1/recipes/1/rating?stars=5")
    source.judge("v1", "POST /recipes/{number}/rating", 200).validate(rated.json)
    assert client.put("/api/v1/recipes/1/photo").status_code == 400
    photo = {"photo": (io.BytesIO(b"abc"), "a.png")}
    assert client.put("/api/v1/recipes/1/photo", data=photo).status_code == 204
    assert client.get("/api/v1/recipes/1/photo").content_type == "image/png"


def test_the_document_of_the_app_is_the_same_as_if_nobody_had_read_it(source):
    def served(app):
        client = app.test_client()
        return [client.get(f"/spec/{version}.json").data for version in ("v1", "v2")]

    never_read, read = type(source)(NAME), type(source)(NAME)
    for version in ("v1", "v2"):
        contract(inspect(read.app), version)
    assert served(read.app) == served(never_read.app)


def test_the_changes_from_one_version_to_the_next(source):
    assert {(rule, subject) for effect, rule, subject in source.changes() if effect == "breaking"} == {
        ("request-property-min-increased", "NewRecipe.minutes"),
        ("request-property-became-required", "body.minutes"),
        ("request-parameter-max-decreased", "?stars"),
    }


def test_a_docstring_that_is_no_yaml_is_told_and_the_others_are_read():
    app = Flask(__name__)

    @app.get("/api/v1/broken")
    def broken():
        """Broken
        ---
        responses: {200: [}
        """
        return jsonify(a=1)

    @app.get("/api/v1/underlined")
    def underlined():
        """
        Underlined
        ----------

        A title, and no YAML at all.
        """
        return jsonify(b=1)

    @app.get("/api/v1/whole")
    def whole():
        """Whole
        ---
        responses: {200: {description: Declared, schema: {type: string}}}
        """
        return jsonify("x")

    Swagger(app)
    root = contract(inspect(app), "v1").root
    assert any(sentence.startswith("flasgger: /api/v1/broken") for sentence in root["x-apiver-unread"])
    assert root["paths"]["/whole"]["get"]["responses"]["200"]["description"] == "Declared"
    for name, key in (("broken", "a"), ("underlined", "b")):
        content = root["paths"][f"/{name}"]["get"]["responses"]["200"]["content"]
        assert list(content["application/json"]["schema"]["properties"]) == [key]


def test_an_openapi_3_document_may_be_written_in_the_words_of_2():
    app = Flask(__name__)

    @app.post("/api/v1/old")
    def old():
        """Old
        ---
        parameters:
          - {name: page, in: query, type: int, required: "true"}
          - {name: body, in: body, schema: {id: Thing, type: object, properties: {a: {type: str}}}}
        responses:
          200: {description: Old, schema: {$ref: '#/definitions/Thing'}}
        """
        return request.json

    @app.post("/api/v1/new")
    def new():
        """New
        ---
        parameters:
          - {name: page, in: query, schema: {type: integer}}
        requestBody:
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        responses:
          200:
            description: New
            content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        """
        return request.json

    app.config["SWAGGER"] = {"openapi": "3.0.3"}
    Swagger(app)
    (layer,) = flasgger.layers(app)
    assert layer.root["openapi"].startswith("3.0")
    thing = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    said = layer.root["paths"]["/api/v1/old"]["post"]
    assert said["parameters"] == [
        {"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}}
    ]
    assert said["requestBody"]["content"] == said["responses"]["200"]["content"] == thing
    said = layer.root["paths"]["/api/v1/new"]["post"]
    assert said["parameters"] == [{"name": "page", "in": "query", "schema": {"type": "integer"}}]
    assert said["requestBody"]["content"] == said["responses"]["200"]["content"] == thing
    assert layer.root["components"]["schemas"]["Thing"] == {
        "type": "object",
        "properties": {"a": {"type": "string"}},
    }


def test_the_base_path_of_the_template_is_found_by_the_routes():
    app = Flask(__name__)
    said = {"responses": {"200": {"description": "Declared"}}}

    @app.get("/api/v1/below")
    @swag_from(said)
    def below():
        return jsonify(a=1)

    @app.get("/v1/beside")
    @swag_from(said)
    def beside():
        return jsonify(a=1)

    host = LazyString(lambda: request.host)
    template = {"basePath": "/api", "host": host, "definitions": {"Thing": {"type": "string"}}}
    Swagger(app, template=template)
    (layer,) = flasgger.layers(app)
    assert template == {"basePath": "/api", "host": host, "definitions": {"Thing": {"type": "string"}}}
    assert layer.root["components"]["schemas"] == {"Thing": {"type": "string"}}
    assert sorted(layer.root["paths"]) == ["/api/v1/below", "/v1/beside"]
