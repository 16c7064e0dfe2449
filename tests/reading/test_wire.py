"""What goes over the wire beside plain JSON: headers, files, streams, texts, encoders of the program."""

from __future__ import annotations

import sys

import pytest

from apiver.inventory import inspect
from apiver.reading import contract

APP = "wire"

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
BINARY = {"type": "string", "format": "binary"}
HEADER = {"schema": TEXT, "required": True}


def record(**properties):
    return {"type": "object", "properties": properties, "required": list(properties)}


def test_the_app_answers_what_is_said(read, disagreements):
    names = [f"GET {path}" for path in read.root["paths"]]
    assert {name: found for name in names if (found := disagreements(name))} == {}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("orjson", record(id=WHOLE, when=TEXT)),
        ("dumps-default", record(when=TEXT)),
        ("app-json", record(id=WHOLE)),
        ("app-json-response", record(id=WHOLE)),
        ("json-by-hand", record(id=WHOLE)),
        ("json-tuple", record(id=WHOLE)),
        ("get-json", record(id=WHOLE, more={"type": "boolean"})),
        ("encoder", record(when=record(encoded=TEXT))),
        ("encode", record(id=WHOLE)),
        ("default", record(point=TEXT)),
        ("set-data", {"type": "array", "items": WHOLE}),
    ],
)
def test_json_in_other_hands(read, path, expected):
    assert read.schema(f"GET /{path}") == expected


@pytest.mark.parametrize(
    ("path", "status", "media", "expected"),
    [
        ("bytes", 200, "text/html", BINARY),
        ("csv", 200, "text/csv", TEXT),
        ("directory/constant", 200, "text/x-python", BINARY),
        ("events", 200, "text/event-stream", TEXT),
        ("file", 200, "image/png", BINARY),
        ("file/name", 200, "text/plain", BINARY),
        ("stream", 200, "application/x-ndjson", TEXT),
        ("template", 203, "text/html", TEXT),
        ("text-plain", 200, "text/plain", TEXT),
        ("xml", 200, "application/xml", TEXT),
        ("static-file", 200, "text/html", BINARY),
    ],
)
def test_media_types(read, path, status, media, expected):
    assert read.response(f"GET /{path}", status)["content"] == {media: {"schema": expected}}


def test_a_file_may_be_missing(read):
    assert read.statuses("GET /directory/{name}") == ["200", "404"]
    assert read.statuses("GET /static-file") == ["200", "404"]


def test_headers_in_every_spelling(read):
    names = {
        *("Access-Control-Allow-Origin", "Cache-Control", "Content-Language", "ETag", "Expires"),
        *("Last-Modified", "Location", "Set-Cookie", "Vary", "X-One", "X-Two", "X-Three"),
    }
    numbers = {name: {"schema": WHOLE, "required": True} for name in ("Retry-After", "X-Four")}
    assert read.response("GET /headers-object")["headers"] == {**dict.fromkeys(names, HEADER), **numbers}
    assert read.response("GET /headers-maybe")["headers"] == {"X-Maybe": {"schema": TEXT}}
    assert "headers" not in read.response("GET /headers-removed")


def test_a_json_provider_of_the_program(read):
    app = sys.modules["reading.wire"].provided
    found = contract(inspect(app), "v1").root["paths"]["/"]["get"]["responses"]["200"]
    schema = found["content"]["application/json"]["schema"]["properties"]
    assert schema["point"]["$ref"] == "#/components/schemas/Point"
    assert {name: part["type"] for name, part in schema.items() if name != "point"} == {
        "when": "string",
        "key": "string",
        "tags": "array",
        "n": "integer",
    }
    assert schema["key"]["format"] == "uuid"
    answer = app.test_client().get("/").json
    assert {name: type(value) for name, value in answer.items()} == {
        "when": str,
        "point": dict,
        "key": str,
        "tags": list,
        "n": int,
    }
