"""What the error handlers of extensions answer: judged by the answers themselves."""

from __future__ import annotations

import apiflask
import flask
import flask_smorest
import jsonschema
import pytest
from flask_rebar import Rebar, errors

from apiver.inventory import inspect
from apiver.reading import contract


def with_smorest():
    app = flask.Flask(__name__)
    app.config.update(API_TITLE="Things", API_VERSION="v1", OPENAPI_VERSION="3.0.3")
    flask_smorest.Api(app)

    @app.get("/api/v1/things/<int:number>")
    def thing(number):
        if number == 1:
            flask_smorest.abort(404, message="There is none.")
        if number == 2:
            flask_smorest.abort(409, errors={"number": ["Two is taken."]})
        if number == 3:
            flask.abort(410)
        return {"number": number}

    return app


class Teapot(apiflask.HTTPError):
    status_code = 418


def with_apiflask():
    app = apiflask.APIFlask(__name__)

    @app.get("/api/v1/things/<int:number>")
    def thing(number):
        if number == 1:
            apiflask.abort(404, "There is none.")
        if number == 2:
            apiflask.abort(409, detail={"number": number})
        if number == 3:
            raise apiflask.HTTPError(410)
        if number == 5:
            raise Teapot
        return {"number": number}

    return app


def with_rebar():
    app = flask.Flask(__name__)
    Rebar().init_app(app)

    @app.get("/api/v1/things/<int:number>")
    def thing(number):
        if number == 1:
            raise errors.NotFound("There is none.")
        if number == 2:
            raise errors.Conflict(additional_data={"number": 2})
        if number == 3:
            flask.abort(400)
        return {"number": number}

    return app


@pytest.mark.parametrize("make", [with_smorest, with_apiflask, with_rebar])
def test_each_answer_is_in_the_contract_by_its_status(make):
    app = make()
    root = contract(inspect(app), "v1").root
    responses = root["paths"]["/things/{number}"]["get"]["responses"]
    answers = [app.test_client().get(f"/api/v1/things/{number}") for number in (1, 2, 3, 4, 5)]
    assert set(responses) == {str(answer.status_code) for answer in answers}
    for answer in answers:
        schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
        judge = jsonschema.Draft202012Validator({**schema, "components": root.get("components", {})})
        judge.validate(answer.json)
        assert not judge.is_valid({})


def test_what_is_known_of_a_report():
    root = contract(inspect(with_smorest()), "v1").root
    responses = root["paths"]["/things/{number}"]["get"]["responses"]
    gone = root["components"]["schemas"][
        responses["410"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    ]
    assert set(gone["properties"]) == {"code", "status"}


def test_an_error_processor_of_the_app_is_not_guessed_at():
    app = with_apiflask()

    @app.error_processor
    def mine(error):
        return {"mine": True}, 418

    responses = contract(inspect(app), "v1").root["paths"]["/things/{number}"]["get"]["responses"]
    assert set(responses) == {"200", "default"}
    assert "x-apiver-unknown" in responses["default"]
