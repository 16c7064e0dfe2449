"""The types of attributes come from columns, relationships, dataclasses and annotations."""

from __future__ import annotations

from pathlib import Path

import pytest

APP = "models"

TEXT, WHOLE, REAL, FLAG = ({"type": name} for name in ("string", "integer", "number", "boolean"))

BOOK = {
    "id": WHOLE,
    "title": TEXT,
    "subtitle": {"type": ["string", "null"]},
    "price": REAL,
    "state": {"type": "string", "enum": ["open", "done"]},
    "format": {"type": "string", "enum": ["paper", "ebook"]},
    "added": TEXT,
    "key": {"type": "string", "format": "uuid"},
    "sold": FLAG,
    "extra": {"x-apiver-unknown": "a JSON column holds any value"},
}


def reference(name):
    return {"$ref": f"#/components/schemas/{name}"}


def test_the_columns_of_a_model(read):
    assert read.schema("GET /query/get/{id}") == reference("Book")
    assert read.component("Book")["properties"] == BOOK
    assert read.component("Book")["required"] == list(BOOK)
    assert read.statuses("GET /query/get/{id}") == ["200", "404"]


def test_an_argument_that_changes_the_record_changes_its_name(read):
    assert read.schema("GET /query/404/{id}") == reference("BookWithAuthor")
    assert read.component("BookWithAuthor")["properties"]["author"] == reference("Author")
    assert read.statuses("GET /query/404/{id}") == ["200", "404"]


def test_columns_of_the_old_style(read):
    assert read.component("Author")["properties"] == {
        "id": WHOLE,
        "name": TEXT,
        "born": {"type": ["string", "null"], "format": "date"},
    }
    assert read.schema("GET /query/all") == {"type": "array", "items": reference("Author")}


def test_a_record_that_may_be_missing(read):
    assert read.schema("GET /query/first") == {"anyOf": [reference("Author"), {"type": "null"}]}


def test_another_method_has_a_name_of_its_own(read):
    assert read.properties("GET /session/get/{id}")["card"] == reference("AuthorCard")
    assert read.component("AuthorCard")["properties"] == {"name": TEXT, "age": WHOLE, "label": TEXT}


def test_serializer_functions(read):
    found = read.properties("GET /session/scalars")
    assert found["count"] == WHOLE
    book = read.component(found["books"]["items"]["$ref"].rpartition("/")[2])
    assert book["properties"] == {
        "id": WHOLE,
        "editor": {"anyOf": [reference("Editor"), {"type": "null"}]},
    }
    assert read.component("Editor")["properties"] == {"id": WHOLE, "name": TEXT}


def test_rows_of_a_select(read):
    found = read.properties("GET /session/execute")
    assert found["rows"]["items"]["properties"] == {"title": TEXT, "count": WHOLE}
    assert found["one"] == WHOLE
    writer = read.component(found["books"]["items"]["$ref"].rpartition("/")[2])
    assert writer["properties"] == {"id": WHOLE, "writer": TEXT}


def test_pagination_reads_the_page_from_the_query(read):
    assert read.parameters("GET /paginate") == {("query", "page"): {"schema": {**WHOLE, "default": 1}}}
    found = read.properties("GET /paginate")
    assert found["items"]["items"] == reference("Author")
    assert (found["total"], found["next"]) == (WHOLE, {"type": ["integer", "null"]})


def test_relationships(read):
    texts = {"type": "array", "items": TEXT}
    assert read.properties("GET /relations/{id}") == {
        "titles": texts,
        "editors": texts,
        "first": {"type": "string", "enum": ["open", "done"]},
    }


def test_a_record_that_contains_itself(read):
    name = read.schema("GET /tree/{id}")["$ref"].rpartition("/")[2]
    assert read.component(name)["properties"]["children"] == {"type": "array", "items": reference(name)}


def test_dataclasses(read):
    assert read.schema("GET /dataclass") == reference("Point")
    assert read.component("Point")["properties"] == {
        "x": WHOLE,
        "y": REAL,
        "name": {"type": ["string", "null"]},
    }
    assert read.schema("GET /dataclass/nested") == reference("Shape")
    assert read.component("Shape")["properties"] == {
        "kind": {"type": "string", "enum": ["line", "area"]},
        "points": {"type": "array", "items": reference("Point")},
        "centre": reference("Point"),
        "tags": {"type": "object", "additionalProperties": WHOLE},
    }


def test_typed_dicts_and_named_tuples(read):
    found = read.component(read.schema("GET /typed-dict")["$ref"].rpartition("/")[2])
    assert found["properties"] == {
        "title": TEXT,
        "pages": WHOLE,
        "note": TEXT,
        "authors": {"type": "array", "items": TEXT},
    }
    assert found["required"] == ["title", "pages", "authors"]
    assert read.properties("GET /named-tuple") == {"left": WHOLE, "right": TEXT}


def test_enums(read):
    assert read.properties("GET /enum") == {
        "state": TEXT,
        "names": {"type": "array", "items": TEXT},
        "of": {"type": "string", "enum": ["open", "done"]},
    }


def test_dates_in_json_are_http_dates(read):
    assert read.properties("GET /day") == {"today": TEXT, "later": TEXT}


def test_a_model_is_not_json(read):
    assert read.properties("GET /raw/{id}") == {"book": {"x-apiver-unknown": "a Book cannot be sent as JSON"}}


@pytest.mark.parametrize(
    ("name", "text"), [("Author", "def to_dict(self):"), ("Editor", "def as_dict(self):")]
)
def test_the_source_of_a_component_is_its_serializer(read, name, text):
    source = read.document.root["components"]["schemas"][name]["x-apiver-source"]
    lines = (Path(__file__).parents[2] / "fixtures/reading/models.py").read_text().splitlines()
    assert source["file"].endswith("fixtures/reading/models.py")
    assert lines[source["line"] - 1].strip() == text


def test_what_a_json_column_holds_is_said_by_its_annotation(read):
    found = read.properties("GET /parcel/{id}")
    assert found["meta"]["type"] == "object"
    assert found["sizes"] == {"type": "array", "items": WHOLE}
    assert found["anything"] == {"x-apiver-unknown": "a JSON column holds any value"}


def test_asdict_of_an_unknown_instance_is_an_object(read):
    assert read.statuses("GET /as-dict") == ["200"]
    assert read.schema("GET /as-dict")["type"] == "object"
    assert "asdict() of an object" in read.schema("GET /as-dict")["x-apiver-unknown"]
