"""Annotations speak where the code does not; converters say what a view is handed."""

from __future__ import annotations

APP = "annotated"
UNKNOWN = "x-apiver-unknown"

TEXT, WHOLE, REAL, FLAG = ({"type": name} for name in ("string", "integer", "number", "boolean"))


def test_every_spelling_of_a_type(read):
    found = dict(read.component("Stamp")["properties"])
    assert UNKNOWN in found.pop("anything")
    assert found.pop("plain")["items"].keys() == {UNKNOWN}
    assert UNKNOWN in found.pop("mapping")
    assert found == {
        "at": TEXT,
        "day": TEXT,
        "price": TEXT,
        "key": {"type": "string", "format": "uuid"},
        "tags": {"type": "array", "items": TEXT},
        "scores": {"type": "object", "additionalProperties": REAL},
        "pair": {"type": "array", "items": {"type": ["string", "integer"]}},
        "many": {"type": "array", "items": WHOLE},
        "either": {"type": ["string", "integer"]},
        "maybe": {"anyOf": [{"$ref": "#/components/schemas/Stamp"}, {"type": "null"}]},
        "note": TEXT,
        "number": WHOLE,
        "flags": {"type": "array", "items": FLAG},
        "kind": {"type": "integer", "enum": [1, 2]},
        "mixed": {"type": ["string", "integer"]},
    }


def test_typed_dicts_inherit_and_contain_themselves(read):
    found = read.component("Whole")
    assert found["required"] == ["size"]
    assert list(found["properties"]) == ["size", "parts", "parent"]
    assert found["properties"]["parent"] == {"$ref": "#/components/schemas/Whole"}
    assert read.component("Part")["properties"] == {"size": WHOLE}


def test_return_annotations_stand_in_for_code_that_is_not_understood(read):
    found = read.properties("GET /results")
    assert found["numbers"] == {"type": "array", "items": WHOLE}
    assert found["nothing"] == {"type": "null"}
    assert found["quoted"] == {"type": "object", "additionalProperties": {"type": ["integer", "null"]}}
    assert UNKNOWN in found["missing"]
    assert found["label"] == TEXT
    assert found["local"] == WHOLE
    assert found["stamp"] == TEXT
    assert found["day"] == {"type": "string", "format": "date"}


def test_an_annotated_parameter(read):
    assert read.properties("GET /parameter") == {
        "day": {"type": "string", "format": "date"},
        "count": WHOLE,
    }


def test_converters(read):
    assert read.properties("GET /isbn/{number}") == {"number": TEXT}
    assert "converter" in read.properties("GET /year/{number}")["number"][UNKNOWN]
    path = "GET /uuid/{key}/{ratio}/{rest}/{kind}"
    assert read.properties(path) == {
        "key": {"type": "string", "format": "uuid"},
        "hex": TEXT,
        "ratio": REAL,
        "rest": TEXT,
        "kind": TEXT,
    }
    assert [name for _, name in read.parameters(path)] == ["key", "ratio", "rest", "kind"]


def test_defaults_of_a_rule(read):
    assert read.properties("GET /defaults") == {"page": WHOLE}
    assert read.parameters("GET /defaults") == {}
    assert [name for _, name in read.parameters("GET /defaults/{page}")] == ["page"]
