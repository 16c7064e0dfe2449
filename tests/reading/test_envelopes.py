"""Responses that decorators, base classes, helpers, hooks and error handlers finish."""

from __future__ import annotations

import pytest

APP = "envelopes"

TEXT, WHOLE, FLAG = ({"type": name} for name in ("string", "integer", "boolean"))
HEADER = {"schema": TEXT, "required": True}


def record(**properties):
    return {"type": "object", "properties": properties, "required": list(properties)}


ID = record(id=WHOLE)


def test_the_app_answers_what_is_said(read, disagreements):
    names = [f"{method.upper()} {path}" for path, item in read.root["paths"].items() for method in item]
    assert {name: found for name in names if (found := disagreements(name))} == {}


@pytest.mark.parametrize(
    ("operation", "status", "expected"),
    [
        ("GET /ok", 200, record(ok=FLAG, data=ID, page=WHOLE)),
        ("GET /fail", 400, record(ok=FLAG, error=record(message=TEXT, code=TEXT))),
        ("GET /fail", 410, record(ok=FLAG, error=record(message=TEXT))),
        ("GET /as-json", 200, record(result=ID)),
        ("GET /as-json/status", 201, record(result=ID)),
        ("GET /decorated", 202, ID),
        ("GET /cached", 200, ID),
        ("GET /class-decorator", 200, record(data=ID)),
        ("GET /response-class", 203, ID),
        ("GET /clock", 200, record(data=record(hour=WHOLE))),
        ("GET /clock", 404, record(error=TEXT)),
        ("GET /rested", 200, ID),
        ("POST /rested", 201, ID),
        ("GET /g", 200, record(user=TEXT)),
        ("GET /builder", 200, record(id=WHOLE, name=TEXT)),
        ("GET /books/{id}", 200, record(kind=TEXT, data=record(id=WHOLE, title=TEXT))),
        ("GET /pens/{id}", 206, record(kind=TEXT, data=record(id=WHOLE, colour=TEXT))),
    ],
)
def test_what_wraps_a_body(read, operation, status, expected):
    assert read.schema(operation, status) == expected


def test_no_other_statuses(read):
    assert read.statuses("GET /as-json/status") == ["201"]
    assert read.statuses("GET /decorated") == ["202"]
    assert read.operation("DELETE /rested")["responses"] == {
        "204": {"description": "No Content", "headers": {"X-App": HEADER}}
    }
    assert read.statuses("GET /http/{n}") == ["200", "400", "402", "403", "409", "418"]
    assert read.statuses("GET /problem/{n}") == ["200", "400", "404", "422"]


def test_headers_of_hooks_and_base_classes(read):
    assert read.response("GET /books")["headers"] == {"X-App": HEADER, "X-Page": HEADER}
    assert read.response("GET /api/thing/{n}")["headers"] == {"X-Api": HEADER, "X-App": HEADER}
    assert read.response("GET /api/thing/{n}", 404)["headers"] == {
        "X-Api": HEADER,
        "X-App": HEADER,
        "X-Missing": HEADER,
    }


def test_error_handlers(read):
    names = {str(status): read.schema("GET /http/{n}", status) for status in (400, 403, 409, 418)}
    assert names["400"] == names["403"] == names["418"] != names["409"]
    common = read.component(names["400"]["$ref"].rpartition("/")[2])
    assert common == record(code=WHOLE, name=TEXT, description=TEXT)
    conflict = read.component(names["409"]["$ref"].rpartition("/")[2])
    assert conflict == record(conflict=FLAG)
    missing = read.component(read.schema("GET /problem/{n}", 404)["$ref"].rpartition("/")[2])
    assert missing == record(hint=TEXT, message=TEXT)
    of_blueprint = read.component(read.schema("GET /api/thing/{n}", 404)["$ref"].rpartition("/")[2])
    assert of_blueprint == record(code=WHOLE, where=TEXT)


def test_pages_made_by_hand(read):
    assert read.properties("GET /paged") == {
        "items": {"type": "array", "items": record(n=WHOLE)},
        "page": WHOLE,
        "pages": WHOLE,
        "next": {"type": ["string", "null"]},
    }
