"""Everything that is mapped beside plain columns, and the rows of queries by the names of their columns."""

from __future__ import annotations

import sys

import pytest

APP = "tables"

TEXT, WHOLE, REAL, FLAG = ({"type": name} for name in ("string", "integer", "number", "boolean"))
MAYBE_TEXT = {"type": ["string", "null"]}
LEVEL = {"type": "integer", "enum": [1, 2]}
UNNAMED = "it may have further keys: a column of the row has no name"


def record(**properties):
    return {"type": "object", "properties": properties, "required": list(properties)}


def array(items):
    return {"type": "array", "items": items}


@pytest.fixture(scope="module")
def seeded(read):
    module = sys.modules["reading.tables"]
    with module.app.app_context():
        module.seed()


@pytest.mark.filterwarnings("ignore::Warning")  # queries of the fixture that no app should make
def test_the_app_answers_what_is_said(read, seeded, disagreements):
    names = [f"GET {path}" for path in read.root["paths"]]
    assert {name: found for name in names if (found := disagreements(name))} == {}


def test_a_model_with_all_that_may_be_mapped(read):
    found = read.component("PostCard")
    assert found["properties"] == {
        "id": WHOLE,
        "title": TEXT,
        "price": REAL,
        "colour": {"type": "string", "enum": ["red", "blue"]},
        "label": TEXT,
        "whole": {"$ref": "#/components/schemas/Colour"},
        "key": {"type": "string", "format": "uuid"},
        "seconds": REAL,
        "body": TEXT,
        "tags": array(TEXT),
        "tag_ids": array(WHOLE),
        "email": TEXT,
        "heading": TEXT,
        "created": TEXT,
        "changed": MAYBE_TEXT,
    }
    assert found["required"] == list(found["properties"])


def test_serializers_that_go_through_the_columns(read):
    columns = {
        "id": WHOLE,
        "email": TEXT,
        "level": LEVEL,
        "balance": TEXT,
        "is_admin": {"type": ["boolean", "null"]},
    }

    def properties(path):
        return read.component(read.schema(f"GET /user/{{id}}{path}")["$ref"].rpartition("/")[2])["properties"]

    assert properties("") == columns
    assert properties("/some") == {"id": WHOLE, "email": TEXT}
    assert properties("/keys") == properties("/mapper") == {**columns, "password": MAYBE_TEXT}


def test_hybrids_and_relationships(read):
    assert read.properties("GET /user/{id}/hybrids") == {
        "domain": TEXT,
        "rich": FLAG,
        "level": LEVEL,
        "level_name": {"type": "string", "enum": ["LOW", "HIGH"]},
        "posts": array(WHOLE),
        "latest": array(TEXT),
        "count": WHOLE,
        "bio": MAYBE_TEXT,
    }


def test_rows_by_the_names_of_their_columns(read):
    found = read.properties("GET /aggregates")
    assert found["rows"] == array(record(email=TEXT, n=WHOLE))
    assert found["tuples"] == array(record(email=TEXT, n=WHOLE, last=TEXT))
    outside = read.properties("GET /outside")
    assert outside["rows"] == array(record(email=TEXT, last=MAYBE_TEXT))
    assert found["dicts"] == found["asdicts"]
    assert found["dicts"]["items"] == {**record(email=TEXT, n=WHOLE), "x-apiver-unknown": UNNAMED}
    assert (found["total"], found["count"], found["number"]) == (MAYBE_TEXT, WHOLE, WHOLE)
    assert read.properties("GET /mappings") == {
        "rows": array(record(id=WHOLE, mail=TEXT)),
        "ids": array(WHOLE),
    }
    assert read.properties("GET /row") == {"whole": record(id=WHOLE, mail=TEXT), "mail": TEXT}


def test_pages(read):
    assert read.properties("GET /posts")["items"] == array({"$ref": "#/components/schemas/PostCard"})
    assert read.properties("GET /posts")["next"] == {"type": ["integer", "null"]}


def test_a_subclass_adds_to_what_its_parent_says(read):
    assert read.component("Shape") == record(id=WHOLE, kind=TEXT)
    assert read.component("Circle") == record(id=WHOLE, kind=TEXT, radius={"type": ["number", "null"]})
