"""YAML in docstrings without an extension: the contract is what it says, and what the app does."""

from __future__ import annotations

import pytest
from flask import Flask, jsonify

from apiver.inventory import inspect
from apiver.reading import contract
from apiver.reading.account import account
from tests.reading.sources.conftest import without_sources

NAME = "docstrings"


@pytest.fixture
def client(source):
    return type(source)(NAME).app.test_client()


@pytest.mark.parametrize(
    "body", [{"plant": "pea"}, {"plant": "pea", "width": 2}, {"plant": ""}, {"plant": "pea", "width": 0}, {}]
)
def test_the_app_takes_what_the_contract_allows_and_no_more(source, client, body):
    answer = client.post("/api/v1/beds", json=body)
    assert answer.status_code == (201 if source.judge("v1", "POST /beds").is_valid(body) else 400)
    source.judge("v1", "POST /beds", answer.status_code).validate(answer.json)


def test_what_else_the_app_answers_is_in_the_contract(source, client):
    source.judge("v1", "GET /beds", 200).validate(client.get("/api/v1/beds?plant=bean").json)
    source.judge("v1", "GET /beds/{number}", 200).validate(client.get("/api/v1/beds/1").json)
    source.judge("v1", "GET /beds/{number}", 404).validate(client.get("/api/v1/beds/9").json)
    source.judge("v1", "GET /weather", 200).validate(client.get("/api/v1/weather").json)


def test_the_changes_from_one_version_to_the_next(source):
    assert {(rule, subject) for effect, rule, subject in source.changes() if effect == "breaking"} == {
        ("request-property-became-required", "body.width"),
        ("response-property-became-optional", "Bed.plant"),
    }


def test_every_method_is_written_in_either_words():
    app = Flask(__name__)

    @app.route("/api/v1/echo", methods=["GET", "TRACE"])
    def echo():
        """Echo
        ---
        produces: [text/plain]
        parameters: [{name: loud, in: query, type: bool}]
        responses: {200: {description: Echoed, schema: {type: str}}}
        """
        return "echo"

    root = contract(inspect(app), "v1").root
    assert "x-apiver-unread" not in root
    for method in ("get", "trace"):
        said = without_sources(root["paths"]["/echo"][method])
        assert said["parameters"] == [{"name": "loud", "in": "query", "schema": {"type": "boolean"}}]
        assert said["responses"]["200"]["content"] == {"text/plain": {"schema": {"type": "string"}}}


def test_broken_yaml_is_told_and_a_schema_that_somebody_else_knows_is_unknown():
    app = Flask(__name__)

    @app.get("/api/v1/broken")
    def broken():
        """Broken
        ---
        responses: {200: [}
        """
        return jsonify(a=1)

    @app.get("/api/v1/named")
    def named():
        """Named
        ---
        get:
          responses:
            200: {description: Named, content: {application/json: {schema: PetSchema}}}
        """
        return jsonify(a=1)

    root = contract(inspect(app), "v1").root
    (told,) = root["x-apiver-unread"]
    place, _, reason = told.partition(": ")
    assert place.endswith(f"test_docstrings.py:{broken.__code__.co_firstlineno + 1}")
    assert reason.startswith("the docstring is no YAML, line 1 below the dashes: ")
    assert "200" in root["paths"]["/broken"]["get"]["responses"]
    schema = root["paths"]["/named"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"x-apiver-unknown": "the docstring says PetSchema, and not what that is"}


def test_where_an_extension_declares_an_operation_the_docstring_is_prose():
    import marshmallow as ma
    from flask_smorest import Api, Blueprint

    app = Flask(__name__)
    app.config.update(API_TITLE="Beds", API_VERSION="v1", OPENAPI_VERSION="3.0.3")
    beds = Blueprint("beds", __name__, url_prefix="/api/v1")

    @beds.route("/beds")
    @beds.response(200, type("Bed", (ma.Schema,), {"name": ma.fields.String()}))
    def bed():
        """A bed

        ---
        internal: not yaml: at all
        """
        return {"name": "north"}

    Api(app).register_blueprint(beds)

    @app.route("/api/v2/beds", methods=["GET", "POST"])
    def plain():
        """A bed
        ---
        internal: not yaml: at all
        """
        return {"name": "north"}

    assert "x-apiver-unread" not in contract(inspect(app), "v1").root
    document = contract(inspect(app), "v2")
    assert len(document.root["x-apiver-unread"]) == 1
    (gap,) = [gap for gap in account(document).gaps if gap.subject == "what is declared"]
    assert gap.place is not None and gap.place.line == plain.__code__.co_firstlineno + 1
    assert (
        gap.reason == "the docstring is no YAML, line 1 below the dashes: mapping values are not allowed here"
    )
