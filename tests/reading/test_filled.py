"""What the program puts into a body by itself is not demanded; a part may be one of several things."""

from __future__ import annotations

import importlib

import pytest

from tests.reading.live import judge

APP = "filled"

UNTYPED = {"x-apiver-unknown": "nothing in the code says what type it has"}
BOOK = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
AUTHOR = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}

BODIES = {
    "/default": {
        "type": "object",
        "properties": {"limit": {"type": "integer"}, "title": UNTYPED},
        "required": ["title"],
    },
    "/setdefault": {"type": "object", "properties": {"limit": {**UNTYPED, "default": 10}}},
    "/forced": {"type": "object", "properties": {"title": UNTYPED}, "required": ["title"]},
    "/mixed": {
        "type": "object",
        "properties": {
            "to": {
                "properties": {"address": UNTYPED},
                "x-apiver-unknown": "it is an object on some paths only",
            }
        },
        "required": ["to"],
    },
    "/nested": {
        "type": "object",
        "properties": {
            "author": {"type": "object", "properties": {"name": UNTYPED}, "required": ["name"]},
        },
        "required": ["author"],
    },
    "/password": {"type": "object", "properties": {"password": {"type": "string"}}, "required": ["password"]},
    "/either/{kind}": {"anyOf": [AUTHOR, BOOK]},
    "/moved": {"type": "object", "properties": {"to": UNTYPED}, "required": ["to"]},
}


@pytest.mark.parametrize("path", BODIES)
def test_the_body(read, path):
    assert read.body(f"POST {path}") == BODIES[path]


@pytest.mark.parametrize("path", [path for path in BODIES if path not in ("/mixed", "/either/{kind}")])
def test_the_app_agrees(read, path):
    app = importlib.import_module(f"reading.{APP}").app
    operation = read.document.root["paths"][path]["post"]
    assert judge(app, operation, "POST", path, {"limit": 3, "to": "/", "password": "x"}) > 1


@pytest.mark.parametrize(("body", "status"), [({"to": "x"}, 200), ({"to": {"address": "x"}}, 200), ({}, 500)])
def test_a_part_may_be_one_of_several_things(body, status):
    app = importlib.import_module(f"reading.{APP}").app
    assert app.test_client().post("/mixed", json=body).status_code == status
