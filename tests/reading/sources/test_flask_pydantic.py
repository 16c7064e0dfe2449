"""flask-pydantic: what it checks is declared by models, what it writes follows from what the view returns."""

from __future__ import annotations

import flask
import pytest
from flask_pydantic import validate
from pydantic import BaseModel
from pydantic import v1 as pydantic_v1

from apiver.inventory import inspect
from apiver.reading import contract

NAME = "flask_pydantic"


def test_the_planted_changes_are_found(source):
    found = {(effect.value, rule, subject) for effect, rule, subject in source.changes()}
    assert found >= {
        ("breaking", "request-parameter-max-set", "?page"),
        ("breaking", "request-property-became-required", "body.voice"),
        ("breaking", "request-property-max-decreased", "Order.seat"),
        ("breaking", "response-property-enum-value-added", "Singer.voice"),
        ("compatible", "request-parameter-enum-value-added", "?voice"),
    }


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(
    "body",
    [
        {"name": "Bo"},
        {"name": "Bo", "voice": "low"},
        {"name": "Bo", "voice": "middle"},
        {"name": "Bo", "voice": "low", "phones": ["1"]},
        {"name": "Bo", "voice": "low", "phones": [1]},
        {"name": "", "voice": "low"},
        {},
    ],
)
def test_a_body_is_taken_where_the_contract_allows_it(source, version, body):
    allowed = source.judge(version, "POST /singers").is_valid(body)
    answer = source.app.test_client().post(f"/api/{version}/singers", json=body)
    assert answer.status_code == (201 if allowed else 400)
    source.judge(version, "POST /singers", answer.status_code).validate(answer.json)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/singers", 200),
        ("/api/v1/singers?sort=a&sort=b&voice=high", 200),
        ("/api/v1/singers?voice=middle", 400),
        ("/api/v2/singers?voice=middle", 200),
        ("/api/v1/singers?page=51", 200),
        ("/api/v2/singers?page=51", 400),
    ],
)
def test_a_query_is_taken_where_the_contract_allows_it(source, path, status):
    answer = source.app.test_client().get(path)
    assert answer.status_code == status
    judge = source.judge(path[5:7], "GET /singers", status)
    judge.validate(answer.json)
    if status == 200:
        for key in answer.json[0]:
            assert not judge.is_valid(
                [{name: answer.json[0][name] for name in answer.json[0] if name != key}]
            )


@pytest.mark.parametrize(("number", "status"), [("1", 200), ("9", 404), ("x", 400)])
def test_variables_of_the_path_are_checked_by_their_annotations(source, number, status):
    answer = source.app.test_client().get(f"/api/v1/singers/{number}")
    assert answer.status_code == status
    source.judge("v1", "GET /singers/{number}", status).validate(answer.json)


def test_lists_of_models_and_forms(source):
    client = source.app.test_client()
    for body, status in (([{"name": "Bo"}], 200), ({"name": "Bo"}, 400), ([{}], 400)):
        answer = client.post("/api/v1/singers/import", json=body)
        assert answer.status_code == status
        assert source.judge("v1", "POST /singers/import").is_valid(body) == (status == 200)
        source.judge("v1", "POST /singers/import", status).validate(answer.json)
    answer = client.post("/api/v1/tickets", data={"seat": 1, "name": "Bo"})
    assert answer.json == {"seatNumber": 1}
    source.judge("v1", "POST /tickets", 200).validate(answer.json)
    assert client.post("/api/v1/tickets", data={"seat": 250, "name": "Bo"}).status_code == 200
    assert client.post("/api/v2/tickets", data={"seat": 250, "name": "Bo"}).status_code == 400


def test_what_is_no_json_is_refused_by_flask(source):
    client = source.app.test_client()
    for answer in (
        client.post("/api/v1/singers", data="name=Bo"),
        client.post("/api/v1/singers", data="{", content_type="application/json"),
    ):
        responses = source.exported("v1")["paths"]["/singers"]["post"]["responses"]
        assert answer.mimetype in responses[str(answer.status_code)]["content"]


class Word(BaseModel):
    text: str
    size: int | None = None


class OldWord(pydantic_v1.BaseModel):
    text: str
    size: int | None = None


def app(view, **config):
    made = flask.Flask("words")
    made.config.update(config)
    made.post("/api/v1/words")(view)
    found = contract(inspect(made), "v1").root
    return found, found["paths"]["/words"]["post"]


def test_another_status_for_what_is_refused():
    @validate()
    def add(body: Word):
        return {"size": body.size}

    _, operation = app(add, FLASK_PYDANTIC_VALIDATION_ERROR_STATUS_CODE=422)
    assert set(operation["responses"]) == {"200", "400", "415", "422"}
    assert list(operation["responses"]["400"]["content"]) == ["text/html"]
    _, operation = app(add, FLASK_PYDANTIC_VALIDATION_ERROR_RAISE=True)
    assert "FLASK_PYDANTIC_VALIDATION_ERROR_RAISE" in operation["responses"]["4XX"]["x-apiver-unknown"]


def test_a_body_that_is_read_in_silence_may_be_missing_where_nothing_is_required():
    @validate(body=Word, get_json_params={"silent": True})
    def add():
        return "", 204

    class Free(BaseModel):
        text: str = ""

    @validate(body=Free, get_json_params={"silent": True})
    def free():
        return "", 204

    assert app(add)[1]["requestBody"]["required"] is True
    assert "required" not in app(free)[1]["requestBody"]
    assert set(app(free)[1]["responses"]) == {"204", "400"}


def test_models_of_pydantic_1():
    @validate()
    def add(body: OldWord):
        return OldWord(text=body.text), 202

    root, operation = app(add)
    assert operation["responses"]["202"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/OldWord2"
    }
    schemas = root["components"]["schemas"]
    assert schemas["OldWord"]["required"] == ["text"]
    assert schemas["OldWord2"]["required"] == ["text", "size"]
    assert schemas["OldWord"]["properties"]["size"] == {"type": ["integer", "null"]}


def test_what_the_extension_puts_at_the_request_has_the_type_of_its_model():
    @validate(body=Word)
    def add():
        return {"text": flask.request.body_params.text, "size": flask.request.body_params.size}, 201

    @validate(body=Word, request_body_many=True)
    def many():
        return {"texts": [word.text for word in flask.request.body_params]}

    for view, expected in (
        (add, {"text": {"type": "string"}, "size": {"type": ["integer", "null"]}}),
        (many, {"texts": {"type": "array", "items": {"type": "string"}}}),
    ):
        responses = app(view)[1]["responses"]
        status = "201" if view is add else "200"
        found = responses[status]["content"]["application/json"]["schema"]["properties"]
        assert {
            name: {key: part for key, part in schema.items() if key != "x-apiver-source"}
            for name, schema in found.items()
        } == expected
