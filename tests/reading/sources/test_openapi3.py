"""flask-openapi3: the app answers as the contract of its models says, each version by its own models."""

from __future__ import annotations

import io

import pytest

NAME = "openapi3"
STAY = {
    "pitch": 1,
    "since": "2026-07-01",
    "campers": [{"name": "Ada", "email": "ada@example.org"}],
    "payment": {"method": "card", "number": "1234"},
}


def test_the_planted_changes_are_found(source):
    found = {(effect.value, rule, subject) for effect, rule, subject in source.changes()}
    assert found >= {
        ("breaking", "request-parameter-max-set", "?page"),
        ("breaking", "request-property-became-required", "StayBody.campers[].email"),
        ("breaking", "response-property-enum-value-added", "Pitch.ground"),
        ("compatible", "response-optional-property-added", "body.next"),
        ("compatible", "request-parameter-enum-value-added", "?ground"),
        ("risky", "request-property-removed", "body.note"),
    }
    assert not [one for one in found if one[2] in ("StayBody.payment", "PhotoForm.file")]


@pytest.mark.parametrize(
    ("version", "change"),
    [
        ("v1", {}),
        ("v1", {"note": None}),
        ("v1", {"payment": {"method": "cash"}}),
        ("v1", {"campers": [{"name": "Ada"}]}),
        ("v1", {"campers": []}),
        ("v1", {"campers": [{"name": ""}]}),
        ("v1", {"payment": {"method": "card"}}),
        ("v1", {"payment": {"method": "card", "number": "12345"}}),
        ("v1", {"payment": {"method": "shell"}}),
        ("v1", {"since": "soon"}),
        ("v1", {"note": "x" * 201}),
        ("v1", {"pitch": "no number"}),
        ("v2", {}),
        ("v2", {"campers": [{"name": "Ada"}]}),
        ("v2", {"note": "x" * 201}),
    ],
)
def test_a_body_is_taken_where_the_contract_allows_it(source, version, change):
    body = {**STAY, **change}
    allowed = source.judge(version, "POST /stays").is_valid(body)
    answer = source.app.test_client().post(f"/api/{version}/stays", json=body)
    assert answer.status_code == (201 if allowed else 422)
    source.judge(version, "POST /stays", answer.status_code).validate(answer.json)


@pytest.mark.parametrize(
    ("query", "v1", "v2"),
    [
        ("", 200, 200),
        ("?page=1&tag=a&tag=b", 200, 200),
        ("?ground=sand", 200, 200),
        ("?ground=gravel", 422, 200),
        ("?page=0", 422, 422),
        ("?page=101", 200, 422),
        ("?ground=", 422, 422),
    ],
)
def test_a_query_is_taken_where_the_contract_allows_it(source, query, v1, v2):
    for version, status in (("v1", v1), ("v2", v2)):
        answer = source.app.test_client().get(f"/api/{version}/pitches{query}")
        assert answer.status_code == status
        source.judge(version, "GET /pitches", status).validate(answer.json)


def test_one_model_as_it_is_taken_and_as_it_is_sent(source):
    client = source.app.test_client()
    body = {"number": 1, "ground": "sand"}
    assert source.judge("v1", "PUT /pitches/{number}").is_valid(body)
    answer = client.put("/api/v1/pitches/1", json=body)
    assert answer.status_code == 200
    assert answer.json["label"] == "sand 1"
    source.judge("v1", "PUT /pitches/{number}", 200).validate(answer.json)
    assert not source.judge("v1", "PUT /pitches/{number}", 200).is_valid(body)


def test_errors_have_the_model_of_their_version(source):
    client = source.app.test_client()
    old, new = (client.get(f"/api/{version}/pitches/99") for version in ("v1", "v2"))
    assert (old.status_code, new.status_code) == (404, 404)
    source.judge("v1", "GET /pitches/{number}", 404).validate(old.json)
    source.judge("v2", "GET /pitches/{number}", 404).validate(new.json)
    assert not source.judge("v2", "GET /pitches/{number}", 404).is_valid(old.json)


def test_headers_cookies_and_files(source):
    client = source.app.test_client()

    def photo(**headers):
        data = {"caption": "Lake", "file": (io.BytesIO(b"x"), "lake.png")}
        return client.post("/api/v1/photos", data=data, headers=headers).status_code

    assert photo(**{"x-client-name": "Ada"}) == 422  # the cookie is missing
    client.set_cookie("session", "1")
    assert photo() == 422
    assert photo(**{"x-client-name": "Ada"}) == 201
    assert client.post("/api/v1/photos", data={}, headers={"x-client-name": "Ada"}).status_code == 422


def test_what_nobody_checks_is_not_refused(source):
    """The extension writes a 422 for every operation; only those that it checks have it."""
    client = source.app.test_client()
    assert client.get("/api/v1/rules?page=x").status_code == 200
    assert client.get("/api/v1/secret?page=x").status_code == 422
    paths = source.exported("v1")["paths"]
    assert "422" not in paths["/rules"]["get"]["responses"]
    assert "422" in paths["/secret"]["get"]["responses"]
    assert "422" in paths["/stays/{id}"]["delete"]["responses"]
    assert client.delete("/api/v1/stays/1").status_code == 204
