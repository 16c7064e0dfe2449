"""Constants of a module are read as they are; what views change gives only the types of its contents."""

from __future__ import annotations

APP = "stores"

TEXT, WHOLE, REAL, FLAG = ({"type": name} for name in ("string", "integer", "number", "boolean"))


def test_constants(read):
    found = read.properties("GET /constants")
    assert found["sizes"] == {"type": "array", "items": TEXT}
    assert found["limits"]["properties"]["deep"]["properties"] == {"most": REAL}
    assert found["page"] == WHOLE


def test_an_entry_of_a_store_looks_like_its_present_entries(read):
    book = {
        "type": "object",
        "properties": {"id": WHOLE, "title": TEXT, "note": TEXT},
        "required": ["id", "title"],
    }
    assert read.schema("GET /books/{key}") == book
    assert read.statuses("GET /books/{key}") == ["200", "404"]
    assert read.schema("GET /books") == {"type": "array", "items": book}


def test_a_list_that_views_append_to(read):
    order = {"type": "object", "properties": {"id": WHOLE, "open": FLAG}, "required": ["id", "open"]}
    assert read.schema("GET /orders") == {"type": "array", "items": order}
    assert read.properties("POST /orders") == {"id": WHOLE}


def test_an_empty_store_says_nothing(read):
    assert set(read.schema("GET /empty")) == {"x-apiver-unknown"}


def test_live_instances(read):
    name = read.schema("GET /pens")["items"]["$ref"].rpartition("/")[2]
    assert read.component(name)["properties"] == {"colour": TEXT, "length": REAL}
    assert read.properties("GET /shelf") == {
        "items": {
            "type": "array",
            "items": {"type": "object", "properties": {"id": WHOLE}, "required": ["id"]},
        },
        "name": TEXT,
        "most": WHOLE,
        "size": WHOLE,
    }
