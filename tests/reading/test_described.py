"""A value that comes with a finished JSON Schema keeps it, and can be opened like any other dict or list."""

from __future__ import annotations

from flask import Flask

from apiver.reading.inference.responses.schemas import Components, schema
from apiver.reading.inference.values.described import opened
from apiver.reading.inference.values.shapes import (
    NONE,
    Described,
    Field,
    Listing,
    Record,
    Typed,
    Unknown,
    union,
)

AUTHOR = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
BOOK = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 80},
        "rank": {"type": ["integer", "null"]},
        "author": {"$ref": "#/components/schemas/Author"},
        "again": {"$ref": "#/components/schemas/Book"},
    },
    "required": ["title"],
}


def book(**others):
    return Described({"$ref": "#/components/schemas/Book"}, {"Book": BOOK, "Author": AUTHOR, **others})


def test_its_definitions_become_components():
    components = Components(Flask("app"))
    assert schema(book(), components) == {"$ref": "#/components/schemas/Book"}
    assert components.schemas == {"Book": BOOK, "Author": AUTHOR}
    assert schema(Listing(book()), components) == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Book"},
    }
    assert list(components.schemas) == ["Book", "Author"]


def test_what_differs_under_one_name_gets_a_number_and_so_does_what_leads_to_it():
    components = Components(Flask("app"))
    schema(book(), components)
    other = {"type": "object", "properties": {"id": {"type": "integer"}}}
    assert schema(book(Author=other), components) == {"$ref": "#/components/schemas/Book2"}
    assert components.schemas["Author2"] == other
    assert components.schemas["Book2"]["properties"]["author"] == {"$ref": "#/components/schemas/Author2"}
    assert components.schemas["Book2"]["properties"]["again"] == {"$ref": "#/components/schemas/Book2"}
    assert schema(book(Author=other), components) == {"$ref": "#/components/schemas/Book2"}
    assert sorted(components.schemas) == ["Author", "Author2", "Book", "Book2"]


def test_one_level_is_opened():
    definitions = {"Book": BOOK, "Author": AUTHOR}
    assert opened(book()) == Record(
        {
            "title": Field(Typed(str, (("maxLength", 80),))),
            "rank": Field(union((Typed(int), NONE)), required=False),
            "author": Field(Described({"$ref": "#/components/schemas/Author"}, definitions), required=False),
            "again": Field(Described({"$ref": "#/components/schemas/Book"}, definitions), required=False),
        }
    )
    many = Described({"type": "array", "items": {"$ref": "#/components/schemas/Author"}}, definitions)
    assert opened(many) == Listing(Described({"$ref": "#/components/schemas/Author"}, definitions))
    either = Described({"type": "object", "oneOf": [AUTHOR, BOOK]}, definitions)
    assert opened(either) == either


def test_what_nothing_describes_is_unknown():
    assert opened(Described({"$ref": "#/components/schemas/Gone"}, {"Book": BOOK})) == Unknown(
        "Gone is not described"
    )
