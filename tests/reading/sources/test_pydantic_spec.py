"""flask-pydantic-spec: the app answers as the contract says, though one document mixes both versions."""

from __future__ import annotations

import io

import pytest

NAME = "pydantic_spec"


def test_the_planted_changes_are_found(source):
    found = {(effect.value, rule, subject) for effect, rule, subject in source.changes()}
    assert found >= {
        ("breaking", "request-parameter-max-decreased", "?limit"),
        ("breaking", "request-property-became-required", "body.language"),
        ("breaking", "request-property-min-increased", "Guest.age"),
        ("breaking", "response-property-enum-value-added", "Exhibit.era"),
        ("compatible", "response-required-property-added", "body.total"),
    }


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(
    "body",
    [
        {"guests": [{"name": "Ada", "age": 36}]},
        {"guests": [{"name": "Ada", "age": 36}], "language": "nl"},
        {"guests": [{"name": "Bo", "age": 3}], "language": "nl"},
        {"guests": [{"name": "Ada"}], "language": "nl"},
        {"guests": [], "language": "nl"},
        {"language": "nl"},
        {},
    ],
)
def test_a_body_is_taken_where_the_contract_allows_it(source, version, body):
    allowed = source.judge(version, "POST /tours").is_valid(body)
    answer = source.app.test_client().post(f"/api/{version}/tours", json=body)
    assert answer.status_code == (201 if allowed else 422)
    source.judge(version, "POST /tours", answer.status_code).validate(answer.json)


def test_a_body_that_is_missing_is_refused(source):
    assert source.app.test_client().post("/api/v1/tours").status_code == 422
    assert source.exported("v1")["paths"]["/tours"]["post"]["requestBody"]["required"] is True


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/exhibits?era=iron&limit=100", 200),
        ("/api/v2/exhibits?era=bronze&limit=50", 200),
        ("/api/v1/exhibits?era=bronze", 422),
        ("/api/v2/exhibits?limit=100", 422),
        ("/api/v1/exhibits?limit=0", 422),
    ],
)
def test_a_query_is_taken_where_the_contract_allows_it(source, path, status):
    answer = source.app.test_client().get(path)
    assert answer.status_code == status
    source.judge(path[5:7], "GET /exhibits", status).validate(answer.json)


def test_headers_cookies_and_files(source):
    client = source.app.test_client()
    assert client.get("/api/v1/visits", headers={"X-Agent": "a"}).status_code == 422
    client.set_cookie("visits", "2")
    assert client.get("/api/v1/visits").status_code == 422
    answer = client.get("/api/v1/visits", headers={"X-Agent": "a"})
    assert answer.status_code == 200
    source.judge("v1", "GET /visits", 200).validate(answer.json)
    sound = {"speaker": "Ada", "sound": (io.BytesIO(b"x"), "a.ogg")}
    assert client.post("/api/v1/recordings", data=sound).status_code == 204
    answer = client.post("/api/v1/recordings", data={"sound": (io.BytesIO(b"x"), "a.ogg")})
    assert answer.status_code == 422
    source.judge("v1", "POST /recordings", 422).validate(answer.json)
    assert client.get("/api/v1/recordings/1").mimetype == "audio/ogg"


def test_answers_without_a_model_are_what_the_code_gives(source):
    client = source.app.test_client()
    guests = [{"name": "Ada", "age": 36}] * 10
    answer = client.post("/api/v1/tours", json={"guests": guests, "language": "nl"})
    assert answer.status_code == 409
    source.judge("v1", "POST /tours", 409).validate(answer.json)
    for path, status in (("/api/v1/rooms/1", 200), ("/api/v1/rooms/4", 404)):
        answer = client.get(path)
        assert answer.status_code == status
        source.judge("v1", "GET /rooms/{room}", status).validate(answer.json)
