"""What a view demands of a request, in each of the ways that programs say it, and the app's own judgement."""

from __future__ import annotations

import importlib
import io
from typing import Any

import pytest

from tests.reading.conftest import without_sources
from tests.reading.live import judge

APP = "demands"

TEXT, WHOLE, REAL = ({"type": name} for name in ("string", "integer", "number"))
UNTYPED = {"x-apiver-unknown": "nothing in the code says what type it has"}

GIVEN: dict[str, Any] = {
    "picture": lambda: (io.BytesIO(b"x"), "a.png"),
    "day": "2024-02-29",
    "start": "2024-02-29",
    "at": "12:30",
    "id": "12345678123456781234567812345678",
    "phone": "123-4567",
    "slug": "abc",
    "name": "Abc",
    "word": "Abc",
    "digits": "17",
    "b": "yes",
    "path": "/a.b/c.csv",
    "code": "xy",
    "order": "DESC",
    "year": "2024-05",
    "table": lambda: (io.BytesIO(b"x"), "a.csv"),
}


def body(properties: dict[str, Any], required: list[str], **rest: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": properties}
    return {**found, **({"required": required} if required else {}), **rest}


BOTH = {"title": UNTYPED, "isbn": UNTYPED}

BODIES: dict[str, dict[str, Any]] = {
    "POST /loads": body({"title": UNTYPED}, ["title"]),
    "POST /chosen-keys": body({"author": UNTYPED, "genre": UNTYPED}, []),
    "PATCH /allowed": body({"title": UNTYPED, "pages": UNTYPED}, []),
    "POST /subset": body(BOTH, ["title", "isbn"]),
    "POST /superset": body(BOTH, ["title", "isbn"]),
    "POST /same-keys": body(BOTH, ["title", "isbn"], additionalProperties=False),
    "POST /no-others": body(BOTH, [], additionalProperties=False),
    "POST /no-others-listed": body(BOTH, ["title"], additionalProperties=False),
    "POST /no-others-any": body(BOTH, ["title"], additionalProperties=False),
    "POST /some-skipped": body(BOTH, ["title"]),
    "POST /all-items": body({"tags": {"type": "array", "items": TEXT}}, ["tags"]),
    "POST /patterns": body(
        {
            "phone": {**TEXT, "pattern": r"^\d{3}-\d{4}$"},
            "slug": {**TEXT, "pattern": "^(?:[a-z]+)$"},
            "name": TEXT,
            "word": TEXT,
        },
        ["phone", "slug", "name", "word"],
    ),
    "POST /types": body(
        {
            "whole": WHOLE,
            "text": TEXT,
            "note": {"type": ["string", "null"]},
            "either": {"type": ["integer", "string"]},
        },
        ["whole", "text", "either"],
    ),
    "POST /null-or-word": body({"kind": {"type": ["string", "null"], "enum": ["a", "b", None]}}, []),
    "POST /every-one": body({"name": UNTYPED, "mail": UNTYPED}, ["name", "mail"]),
    "POST /none-is-none": body({"a": UNTYPED, "b": UNTYPED}, ["a", "b"]),
    "POST /first-item": body({"b": UNTYPED}, ["b"]),
    "POST /decorated": body({**BOTH, "pages": UNTYPED}, ["title", "isbn"]),
    "POST /year": body({"year": TEXT}, ["year"]),
    "POST /handed-in": body({"title": UNTYPED, "note": UNTYPED}, ["title"]),
}

KIND = {"type": "string", "enum": ["a", "b"]}

QUERIES: dict[str, dict[str, dict[str, Any]]] = {
    "GET /chosen-names": {"author": {"schema": TEXT}, "genre": {"schema": TEXT}},
    "GET /chosen-items": {"author": {"schema": TEXT}, "genre": {"schema": TEXT}},
    "GET /raised": {"q": {"required": True, "schema": TEXT}},
    "GET /key-error": {"q": {"required": True, "schema": TEXT}},
    "GET /number": {"page": {"schema": {**WHOLE, "minimum": 1, "default": 1}}},
    "GET /number-needed": {"page": {"required": True, "schema": WHOLE}},
    "GET /number-forgiven": {"page": {"schema": TEXT}},
    "GET /ends": {
        "path": {
            "required": True,
            "schema": {**TEXT, "minLength": 1, "allOf": [{"pattern": r"\.csv$"}, {"pattern": r"^\/a\.b"}]},
        },
        "code": {"schema": {**TEXT, "pattern": "^$|^x", "default": ""}},
    },
    "GET /lowered": {"order": {"schema": {**TEXT, "default": "asc"}}},
    "GET /range": {"pages": {"schema": {**WHOLE, "minimum": 1, "maximum": 10, "default": 5}}},
    "GET /price": {"lowest": {"schema": {**REAL, "minimum": 0}}},
    "GET /uuid": {"id": {"required": True, "schema": {**TEXT, "format": "uuid"}}},
    "GET /dates": {
        "day": {"schema": {**TEXT, "format": "date"}},
        "start": {"required": True, "schema": {**TEXT, "format": "date"}},
    },
    "GET /clock": {"at": {"required": True, "schema": TEXT}},
    "GET /member": {"kind": {"required": True, "schema": {**TEXT, "enum": ["A", "B"]}}},
    "GET /shouted-member": {"kind": {"required": True, "schema": TEXT}},
    "GET /skipping": {
        "one": {"schema": {**TEXT, "enum": ["a", "b", ""]}},
        "two": {"schema": KIND},
        "digits": {"schema": {**TEXT, "pattern": r"^$|^\d+$"}},
    },
    "GET /table": {"kind": {"schema": {**KIND, "default": "a"}}, "other": {"required": True, "schema": KIND}},
    "GET /several": {
        "kind": {"required": True, "schema": {"type": "array", "items": KIND, "minItems": 1}},
        "page": {"schema": {"type": "array", "items": WHOLE}},
    },
    "GET /digits": {"n": {"required": True, "schema": {**WHOLE, "minimum": 0}}},
    "GET /query-or-form": {"a": {"required": True, "schema": TEXT}},
    "POST /query-or-form": {"a": {"schema": TEXT}},
    "GET /paged": {
        "page": {"schema": {**WHOLE, "default": 1}},
        "size": {"schema": {**WHOLE, "default": 20, "maximum": 100}},
    },
}


@pytest.mark.parametrize("name", BODIES)
def test_the_body(read, name):
    assert read.body(name) == BODIES[name]


@pytest.mark.parametrize("name", QUERIES)
def test_the_query(read, name):
    assert {key: entry for (_, key), entry in read.parameters(name).items()} == QUERIES[name]


def test_a_file_is_required_and_has_no_length(read):
    assert read.body("POST /file", "multipart/form-data") == body(
        {"picture": {"type": "string", "format": "binary"}}, ["picture"]
    )


def test_a_rule_that_cannot_be_said_is_not_passed_over(read):
    paths = read.document.root["paths"]
    for path, place in (("/shouted-member", "query"), ("/clock", "query"), ("/lowered", "query")):
        (parameter,) = (p for p in paths[path]["get"]["parameters"] if p["in"] == place)
        assert "demands.py" in parameter["schema"]["x-apiver-incomplete"]
    found = paths["/patterns"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert {name for name in found if "x-apiver-incomplete" in found[name]} == {"name", "word"}
    found = paths["/year"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert "demands.py" in found["year"]["x-apiver-incomplete"]
    form = paths["/table-file"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert "demands.py" in form["properties"]["table"]["x-apiver-incomplete"]


@pytest.mark.parametrize("name", ["POST /file", "POST /table-file", *BODIES, *QUERIES])
def test_the_app_agrees(read, name):
    app = importlib.import_module(f"reading.{APP}").app
    method, path = name.split()
    operation = read.document.root["paths"][path][method.lower()]
    if name == "POST /query-or-form":  # either of them will do, which OpenAPI has no words for
        return
    given = {"kind": "A"} if path in ("/shouted-member", "/member") else {}
    assert judge(app, operation, method, path, {**GIVEN, **given}) >= 1
    assert without_sources(operation) == read.operation(name)
