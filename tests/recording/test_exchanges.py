"""Everything that may pass between a client and an app, and what is written down of it."""

from __future__ import annotations

import io
import json

import pytest

PARCEL = {
    "id": {"type": "integer"},
    "note": {"type": ["null", "string"]},
    "price": {"type": "number"},
    "sender": {"type": "string"},
    "sent_on": {"format": "date", "type": "string"},
    "weight_g": {"type": "integer"},
}


@pytest.fixture
def client(watch):
    import parcels

    return parcels.create_app().test_client()


def test_an_answer_becomes_a_schema_with_what_was_always_there_as_required(client, watch):
    client.get("/api/v1/parcels")
    client.get("/api/v1/parcels?limit=1")
    recording = watch.recording()
    # Three parcels in two answers; one of the three weighs too little to be heavy.
    assert recording.answer("GET", "/api/v1/parcels") == {
        "properties": {
            "items": {
                "items": {
                    "properties": {**PARCEL, "heavy": {"type": "boolean"}},
                    "required": sorted(PARCEL),
                    "type": "object",
                    "x-apiver-samples": 3,
                },
                "type": "array",
            },
            "total": {"type": "integer"},
        },
        "required": ["items", "total"],
        "type": "object",
        "x-apiver-samples": 2,
    }
    operation = recording.operations["GET", "/api/v1/parcels"]
    assert operation["query"] == {"limit": {"requests": 1, "schema": {"type": "integer"}}}
    assert (operation["requests"], operation["accepted"]) == (2, 2)
    assert operation["responses"]["200"]["headers"] == {
        "X-Total-Count": {"requests": 2, "schema": {"type": "integer"}}
    }
    assert recording.out == "18"  # operations


def test_a_body_is_described_as_it_was_sent_and_only_where_it_was_accepted(client, watch):
    client.post("/api/v1/parcels", json={"sender": "Ann", "tags": ["x"]})
    client.post("/api/v1/parcels", json={"total": 1})
    operation = watch.recording().operations["POST", "/api/v1/parcels"]
    # The view takes `sender` out of the body after it has read it.
    assert operation["bodies"] == {
        "application/json": {
            "requests": 1,
            "schema": {
                "properties": {
                    "sender": {"type": "string"},
                    "tags": {"items": {"type": "string"}, "type": "array"},
                },
                "required": ["sender", "tags"],
                "type": "object",
                "x-apiver-samples": 1,
            },
        }
    }
    assert set(operation["responses"]) == {"201", "400"}
    assert operation["responses"]["400"] == {"requests": 1, "content": {"text/html": {"requests": 1}}}


def test_a_form_with_a_file(client, watch):
    client.put("/api/v1/parcels/1/label", data={"label": (io.BytesIO(b"%PDF"), "a.pdf"), "comment": "x"})
    operation = watch.recording().operations["PUT", "/api/v1/parcels/<int:number>/label"]
    assert operation["bodies"]["multipart/form-data"]["schema"] == {
        "properties": {"comment": {"type": "string"}, "label": {"format": "binary", "type": "string"}},
        "required": ["comment", "label"],
        "type": "object",
        "x-apiver-samples": 1,
    }
    assert operation["responses"] == {"204": {"requests": 1}}


@pytest.mark.parametrize("path", ["stream", "packed"])
def test_an_answer_in_parts_or_packed_is_read_all_the_same(client, watch, path):
    client.get(f"/api/v1/{path}").get_data()
    assert watch.recording().answer("GET", f"/api/v1/{path}")["properties"]["total"] == {"type": "integer"}


def test_what_is_streamed_reaches_the_client_in_the_same_parts(client):
    parts = client.get("/api/v1/stream").iter_encoded()
    assert list(parts) == [b'{"total": 2, ', b'"items": []}']


def test_an_answer_that_nobody_reads_to_its_end_is_counted(client, watch):
    assert client.get("/api/v1/stream").status_code == 200
    assert watch.recording().operations["GET", "/api/v1/stream"]["requests"] == 1


@pytest.mark.parametrize("path", ["endless", "broken"])
def test_too_much_and_broken_json_leave_the_media_type(client, watch, path):
    client.get(f"/api/v1/{path}").get_data()
    content = watch.recording().operations["GET", f"/api/v1/{path}"]["responses"]["200"]["content"]
    assert content == {"application/json": {"requests": 1}}


@pytest.mark.parametrize(
    ("path", "media"), [("picture", "image/png"), ("page", "text/html"), ("events", "text/event-stream")]
)
def test_of_anything_but_json_the_media_type_is_kept(client, watch, path, media):
    client.get(f"/api/v1/{path}")
    content = watch.recording().operations["GET", f"/api/v1/{path}"]["responses"]["200"]["content"]
    assert content == {media: {"requests": 1}}


def test_a_media_type_that_nobody_knows_is_kept_as_a_range(client, watch):
    client.get("/api/v1/typed?kind=text/qwhzkxvb")
    client.get("/api/v1/typed?kind=qwhzkxvb/x")
    content = watch.recording().operations["GET", "/api/v1/typed"]["responses"]["200"]["content"]
    assert set(content) == {"text/*", "*/*"}


def test_keys_that_the_program_does_not_spell_are_data(client, watch):
    client.get("/api/v1/by-sender?who=qwhzkxvb")
    client.get("/api/v1/by-sender?who=zzykrmpt")
    assert watch.recording().answer("GET", "/api/v1/by-sender") == {
        "additionalProperties": {
            "properties": {"count": {"type": "integer"}},
            "required": ["count"],
            "type": "object",
            "x-apiver-samples": 2,
        },
        "type": "object",
        "x-apiver-samples": 2,
    }


def test_another_spelling_of_a_name_of_the_program_is_a_name(client, watch):
    client.post("/api/v1/echo", json={"sentOn": "2026-01-01", "x-total-count": 1})
    assert set(watch.recording().answer("POST", "/api/v1/echo")["properties"]) == {"sentOn", "x-total-count"}


def test_an_exception_that_the_app_lets_through_is_counted_and_reaches_the_caller(client, watch):
    client.application.testing = True
    with pytest.raises(RuntimeError, match="qwhzkxvb"):
        client.get("/api/v1/crash?why=qwhzkxvb")
    recording = watch.recording()
    assert recording.operations == {}
    assert "qwhzkxvb" not in recording.text


def test_a_500_is_an_answer(client, watch):
    client.get("/api/v1/crash")
    assert watch.recording().operations["GET", "/api/v1/crash"]["responses"]["500"]["requests"] == 1


def test_requests_that_no_view_answers_belong_to_no_operation(client, watch):
    client.get("/qwhzkxvb")
    client.delete("/api/v1/parcels")
    client.head("/api/v1/page")
    client.options("/api/v1/page")
    assert json.loads(watch.recording().text)["apps"] == {"parcels": {"unrouted": {"404": 1, "405": 1}}}


def test_a_view_that_answers_options_itself_is_an_operation(client, watch):
    client.options("/api/v1/choices")
    assert ("OPTIONS", "/api/v1/choices") in watch.recording().operations


def test_an_app_below_another_one_is_known_by_its_own_name(watch):
    import parcels

    client = parcels.mounted().test_client()
    client.get("/depot/shelves")
    client.get("/api/v1/page")
    apps = json.loads(watch.recording().text)["apps"]
    assert [one["rule"] for one in apps["depot"]["operations"]] == ["/shelves"]
    assert [one["rule"] for one in apps["parcels"]["operations"]] == ["/api/v1/page"]


def test_a_recorder_that_fails_does_not_disturb_the_app(client, watch, monkeypatch):
    def fail(*_):
        raise ValueError("qwhzkxvb")

    monkeypatch.setattr("apiver.recording.observer.media_type", fail)
    assert client.get("/api/v1/parcels").json["total"] == 2
    recording = watch.recording()
    assert recording.err.startswith("ValueError at test_exchanges.py:")
    assert "qwhzkxvb" not in recording.text + recording.err
