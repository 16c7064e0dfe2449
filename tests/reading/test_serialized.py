"""What dataclasses, attrs, named tuples, pydantic models, marshmallow schemas and plain objects give."""

from __future__ import annotations

import pytest

APP = "serialized"

TEXT, WHOLE, REAL = ({"type": name} for name in ("string", "integer", "number"))
DAY = {"type": ["string", "null"], "format": "date"}


def record(required=None, **properties):
    names = list(properties) if required is None else required
    return {"type": "object", "properties": properties, "required": names}


def array(items):
    return {"type": "array", "items": items}


@pytest.fixture
def at(read):
    """A part of the contract with components in the place of references to them."""

    def find(operation, status=200):
        return _whole(read.schema(operation, status), read)

    return find


def _whole(value, read):
    if isinstance(value, list):
        return [_whole(item, read) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _whole(read.component(value["$ref"].rpartition("/")[2]), read)
    return {key: _whole(item, read) for key, item in value.items()}


def test_the_app_answers_what_is_said(read, disagreements):
    names = [f"GET {path}" for path in read.root["paths"]]
    assert {name: found for name in names if (found := disagreements(name))} == {}


def test_dataclasses(at):
    author = record(id=WHOLE, name=TEXT, born={"type": ["string", "null"]})
    book = {"id": WHOLE, "title": TEXT, "author": author, "tags": array(TEXT)}
    assert at("GET /dataclass/{id}/dict") == record(**book, kind=TEXT)
    assert list(at("GET /dataclass/{id}/vars")["properties"]["fields"]["properties"]) == [*book, "extra"]
    assert at("GET /dataclass/{id}/replaced")["properties"]["author"] == author


def test_attrs(at):
    old = record(x=WHOLE, y=REAL)
    note = {"type": ["string", "null"]}
    assert at("GET /attrs")["properties"] == {
        "new": record(name=TEXT, old=old, olds=array(old), note=note),
        "old": old,
        "name": TEXT,
        "y": REAL,
    }
    assert "required" not in at("GET /attrs/filter")  # the filter may leave out any of them


def test_named_tuples_and_plain_objects(at):
    assert at("GET /named")["properties"] == {
        "dict": record(left=WHOLE, right=TEXT),
        "array": array({"type": ["string", "integer"]}),
        "changed": WHOLE,
    }
    assert list(at("GET /plain")["properties"]["public"]["properties"]) == ["id", "name", "tags"]
    assert list(at("GET /plain/text")["properties"]) == ["id", "name", "tags", "_hidden"]


def test_pydantic_models_as_they_are_dumped(at):
    python = at("GET /pydantic/dump")["properties"]
    assert list(python) == ["id", "full_name", "when", "state", "price", "note", "tags", "short"]
    assert "format" not in python["when"]  # Flask writes an HTTP date
    spelled = at("GET /pydantic/json")["properties"]
    assert "fullName" in spelled
    assert spelled["when"]["format"] == "date-time"
    assert at("GET /pydantic/text") == at("GET /pydantic/made") == at("GET /pydantic/validate", 201)
    assert at("GET /pydantic/list") == array(at("GET /pydantic/text"))
    assert at("GET /pydantic/holder")["properties"]["items"] == array(at("GET /pydantic/text"))


def test_what_is_left_of_a_pydantic_model(at):
    found = at("GET /pydantic/exclude")
    assert list(found["properties"]) == ["id", "full_name", "state", "note", "tags", "short"]
    assert found["properties"]["note"] == TEXT
    assert "note" not in found["required"]
    assert at("GET /pydantic/include") == record(["id"], id=WHOLE, note={"type": ["string", "null"]})


def test_marshmallow_schemas_as_they_dump(at):
    author = record(id=WHOLE, name=TEXT, born=DAY)
    title = {"type": "string"}
    found = at("GET /marshmallow/one")
    assert found["properties"]["author"] == author
    assert found["properties"]["createdAt"]["type"] == "string"
    assert found["properties"]["state"] == {"type": "string", "enum": ["open", "done"]}
    assert "secret" not in found["properties"]
    # The book has no state, price and date: nothing is dumped in their place.
    assert found["required"] == ["id", "title", "author", "tags"]
    assert at("GET /marshmallow/text") == found
    assert at("GET /marshmallow/many") == array(record(id=WHOLE, title=title))
    assert "tags" not in at("GET /marshmallow/call")["properties"]["books"]["items"]["properties"]
    assert at("GET /marshmallow/changed")["properties"]["links"] == record(self=TEXT)
    assert at("GET /marshmallow/texts") == author  # none of its fields is a list
    assert at("GET /marshmallow/wrapped") == record(data=record(id=WHOLE))


def test_enums(at):
    assert at("GET /enums")["properties"]["map"] == record(OPEN=TEXT, DONE=TEXT)
