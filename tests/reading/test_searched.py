"""`"x" in part`: a letter of a text, a word of a list or a key. The app itself judges what is made of it."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from tests.reading.conftest import without_sources
from tests.reading.live import judge

APP = "searched"

TEXT = {"type": "string"}
UNTYPED = {"x-apiver-unknown": "nothing in the code says what type it has"}
ADDRESS = {"type": "object", "properties": {"city": UNTYPED}, "required": ["city"]}

# What the body is: its one property, the schema of that, and whether it is required.
BODIES: dict[str, tuple[str, dict[str, Any], bool]] = {
    "/mail-with-default": ("email", {**TEXT, "default": ""}, False),
    "/mail-needed": ("email", {**TEXT, "minLength": 1}, True),
    "/mail-or-nothing": ("email", TEXT, False),
    "/mail-checked": ("email", {**TEXT, "default": ""}, False),
    "/mail-optional": ("email", TEXT, False),
    "/word-with-default": ("note", {**TEXT, "default": ""}, False),
    "/word-lowered": ("note", TEXT, True),
    "/path": ("path", TEXT, True),
    "/roles": ("roles", UNTYPED, True),
    "/roles-as-a-set": ("roles", UNTYPED, True),
    "/roles-echoed": ("roles", UNTYPED, True),
    "/roles-listed": (
        "roles",
        {"type": "array", "items": {"x-apiver-unknown": "its items are not read"}},
        True,
    ),
    "/roles-gone-through": ("roles", {"type": "array", "items": TEXT}, True),
    "/tags": ("tags", UNTYPED, True),
    "/mails": ("emails", {"type": "array", "items": TEXT}, True),
    "/root": ("title", UNTYPED, True),
    "/key-of-a-part": ("address", ADDRESS, True),
    "/key-of-a-mapping": ("address", ADDRESS, True),
    "/key-beside-another": (
        "address",
        {**ADDRESS, "properties": {"city": UNTYPED, "street": UNTYPED}},
        True,
    ),
}

# These are known to be objects, so that the test is the key that is asked for and nothing is left to say.
KEYS = {"/root", "/key-of-a-part", "/key-of-a-mapping", "/key-beside-another"}

GIVEN = {
    "email": "ann@example.com",
    "emails": ["ann@example.com"],
    "note": "please",
    "path": "covers",
    "roles": ["admin", "staff"],
    "tags": ["main"],
}


@pytest.mark.parametrize("path", BODIES)
def test_the_part_is_no_object_for_the_test_alone(read, path):
    name, schema, required = BODIES[path]
    expected: dict[str, Any] = {"type": "object", "properties": {name: schema}}
    assert read.body(f"POST {path}") == {**expected, **({"required": [name]} if required else {})}


def test_that_more_is_asked_of_it_is_not_passed_over(read):
    marked = set()
    for path in BODIES:
        body = read.document.root["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        (part,) = body["schema"]["properties"].values()
        if "searched.py" in str({**part, **part.get("items", {})}.get("x-apiver-incomplete")):
            marked.add(path)
    assert marked == set(BODIES) - KEYS


def test_what_is_echoed_is_no_object_either(read):
    assert read.properties("POST /roles-echoed")["roles"] == {
        "x-apiver-unknown": "it is what the client sent as json.roles"
    }
    assert read.properties("POST /path")["path"] == TEXT


@pytest.mark.parametrize("path", BODIES)
def test_the_app_agrees(read, path):
    app = importlib.import_module(f"reading.{APP}").app
    operation = read.document.root["paths"][path]["post"]
    given = {**GIVEN, "roles": ["guest"]} if path == "/roles-echoed" else GIVEN
    assert judge(app, operation, "POST", path, given) >= 1
    assert without_sources(operation) == read.operation(f"POST {path}")
