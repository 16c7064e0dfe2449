"""What is answered where the client sent nothing is the default of the program, of whatever type that is."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from jsonschema import Draft202012Validator

APP = "defaults"

TEXT = {"type": "string"}
TEXT_OR_WHOLE = {"type": ["string", "integer"]}

QUERY: dict[str, dict[str, Any]] = {
    "number": TEXT_OR_WHOLE,
    "either": TEXT_OR_WHOLE,
    "flag": {"type": ["string", "boolean"]},
    "listed": {"x-apiver-unknown": "it is an empty list or object where the client sent nothing"},
    "text": TEXT,
    "nothing": {"type": ["string", "null"]},
    "word": {"type": ["integer", "string"]},
    "share": {"type": "number"},
    "header": TEXT_OR_WHOLE,
    "cookie": TEXT_OR_WHOLE,
    "many": {"type": "array", "items": TEXT},
}


def test_the_default_is_one_of_the_types(read):
    assert read.properties("GET /query") == QUERY
    assert read.properties("POST /body") == {
        "note": {"type": ["string", "null", "integer"]},
        "tags": {
            "type": "array",
            "items": {"x-apiver-unknown": "it is what the client sent as json.tags[]"},
        },
    }


def test_a_list_has_items_of_the_type_that_was_sent_or_says_that_none_is_known(read):
    assert read.properties("POST /echoed-list") == {"tags": {"type": "array", "items": TEXT}}
    empty = {"type": "array", "items": {"x-apiver-unknown": "the list is empty wherever the reading sees it"}}
    assert read.properties("GET /nothing-yet") == {"books": empty, "warnings": empty}


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("GET /query", {}),
        ("GET /query", {"query_string": "k=a&n=3&share=0.5&many=b"}),
        ("GET /nothing-yet", {}),
        ("POST /echoed-list", {"json": {"tags": ["a"]}}),
        ("POST /body", {"json": {}}),
        ("POST /body", {"json": {"note": "a", "tags": ["b"]}}),
    ],
)
def test_the_app_agrees(read, name, sent):
    method, path = name.split()
    answer = importlib.import_module(f"reading.{APP}").app.test_client().open(path, method=method, **sent)
    assert answer.status_code == 200
    Draft202012Validator(read.schema(name)).validate(answer.get_json())
