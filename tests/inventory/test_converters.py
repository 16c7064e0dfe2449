"""What a rule's variables let through, as JSON Schema."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
from werkzeug.routing import (
    AnyConverter,
    BaseConverter,
    FloatConverter,
    IntegerConverter,
    Map,
    PathConverter,
    Rule,
    UnicodeConverter,
    UUIDConverter,
)

from apiver.inventory.converters import schema_of


class Isbn(BaseConverter):
    regex = r"97[89]\d{10}"


class Signed(IntegerConverter):
    regex = r"-?\d+"


class Decimal(FloatConverter):
    regex = r"-?\d+(?:\.\d+)?"


class Hexadecimal(IntegerConverter):
    regex = r"[0-9a-f]+"
    num_convert = staticmethod(lambda value: int(value, 16))


class Record(IntegerConverter):
    """Would ask a database."""

    def to_python(self, value: str) -> Any:
        raise AssertionError("a converter of the user's must not run")

    to_url = to_python


class Listing(BaseConverter):
    """Splits at commas; matches what the base converter does."""


class Either(BaseConverter):
    regex = "asc|desc"


class Named(BaseConverter):
    regex = r"(?P<year>\d{4})-(?P<week>\d{2})"


class Loose(BaseConverter):
    regex = r"(?i:yes|no)"


class Slug(UnicodeConverter):
    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **kwargs)
        self.regex = "[a-z0-9-]+"


class Tree(PathConverter):
    regex = r"[a-z]+(?:/[a-z]+)*"


class ShortUuid(UUIDConverter):
    regex = "[0-9a-f]{8}"


class Colour(AnyConverter):
    def __init__(self, map: Map) -> None:
        super().__init__(map, "red", "blue")


OWN = {
    "isbn": Isbn,
    "signed": Signed,
    "decimal": Decimal,
    "hex": Hexadecimal,
    "record": Record,
    "listing": Listing,
    "either": Either,
    "named": Named,
    "loose": Loose,
    "slug": Slug,
    "tree": Tree,
    "short": ShortUuid,
    "colour": Colour,
}


def schema(variable: str) -> dict[str, Any]:
    rule = Rule(f"/<{variable}:x>", endpoint="e")
    Map([rule], converters={**Map.default_converters, **OWN})
    return schema_of(rule._converters["x"])


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("default", {"type": "string"}),
        ("string", {"type": "string"}),
        ("string(length=2)", {"type": "string", "minLength": 2, "maxLength": 2}),
        ("string(length=1)", {"type": "string", "maxLength": 1}),
        ("string(minlength=3)", {"type": "string", "minLength": 3}),
        ("string(maxlength=8)", {"type": "string", "maxLength": 8}),
        ("string(minlength=3, maxlength=8)", {"type": "string", "minLength": 3, "maxLength": 8}),
        ("path", {"type": "string"}),
        ("uuid", {"type": "string", "format": "uuid"}),
        ("any(red, green, 'sky blue')", {"type": "string", "enum": ["green", "red", "sky blue"]}),
        ("int", {"type": "integer", "minimum": 0}),
        ("int(min=1)", {"type": "integer", "minimum": 1}),
        ("int(min=1, max=12)", {"type": "integer", "minimum": 1, "maximum": 12}),
        ("int(max=0)", {"type": "integer", "minimum": 0, "maximum": 0}),
        ("int(signed=True)", {"type": "integer"}),
        ("int(signed=True, min=5)", {"type": "integer", "minimum": 5}),
        ("int(fixed_digits=4)", {"type": "string", "pattern": "^[0-9]{4}$"}),
        ("int(fixed_digits=4, min=1000)", {"type": "integer", "minimum": 1000, "maximum": 9999}),
        ("int(fixed_digits=4, min=1900, max=2100)", {"type": "integer", "minimum": 1900, "maximum": 2100}),
        ("float", {"type": "number", "minimum": 0}),
        ("float(signed=True, max=1.5)", {"type": "number", "maximum": 1.5}),
        ("isbn", {"type": "string", "pattern": r"^97[89]\d{10}$"}),
        ("signed", {"type": "integer"}),
        ("decimal", {"type": "number"}),
        ("hex", {"type": "string", "pattern": "^[0-9a-f]+$"}),
        ("record", {"type": "integer", "minimum": 0}),
        ("listing", {"type": "string"}),
        ("either", {"type": "string", "pattern": "^(?:asc|desc)$"}),
        ("named", {"type": "string", "pattern": r"^(?:\d{4})-(?:\d{2})$"}),
        ("slug", {"type": "string", "pattern": "^[a-z0-9-]+$"}),
        ("slug(maxlength=5)", {"type": "string", "pattern": "^[a-z0-9-]+$"}),
        ("tree", {"type": "string", "pattern": "^[a-z]+(?:/[a-z]+)*$"}),
        ("short", {"type": "string", "pattern": "^[0-9a-f]{8}$"}),
        ("colour", {"type": "string", "enum": ["blue", "red"]}),
    ],
)
def test_a_converter_as_a_schema(variable: str, expected: dict[str, Any]) -> None:
    assert schema(variable) == expected


def test_an_expression_that_json_schema_cannot_say_is_left_open_and_said() -> None:
    found = schema("loose")
    assert found.keys() == {"type", "x-apiver-unknown"}
    assert "(?i:yes|no)" in found["x-apiver-unknown"]


@pytest.mark.parametrize(
    ("variable", "segments"),
    [
        ("int", ["0", "7", "007", "-1", "1.5", "x", "4294967296"]),
        ("int(min=3, max=5)", ["2", "3", "5", "6"]),
        ("int(signed=True, max=1)", ["-1", "-2", "0", "1", "2"]),
        ("int(fixed_digits=3, min=100)", ["99", "100", "999", "1000"]),
        ("string(length=2)", ["a", "ab", "abc"]),
        ("any(red, green)", ["red", "blue", "re"]),
        (
            "uuid",
            ["0b3c7c52-2e3f-4b8f-9d6e-3f8a8a6f0b11", "0b3c7c52", "zz3c7c52-2e3f-4b8f-9d6e-3f8a8a6f0b11"],
        ),
        ("isbn", ["9781234567890", "9771234567890", "978"]),
    ],
)
def test_the_schema_accepts_what_the_url_map_matches(variable: str, segments: list[str]) -> None:
    """Werkzeug itself is the judge. A number stands for its decimal text without superfluous zeros."""
    urls = Map([Rule(f"/<{variable}:x>", endpoint="e")], converters={**Map.default_converters, **OWN})
    found = schema(variable)
    for segment in segments:
        number = re.fullmatch(r"-?(0|[1-9]\d*)", segment) and found["type"] == "integer"
        value = int(segment) if number else segment
        accepted = jsonschema.Draft202012Validator(
            found, format_checker=jsonschema.FormatChecker(["uuid"])
        ).is_valid(value)
        if segment == "007":  # the same number as 7 in another spelling: the schema speaks of values
            continue
        assert accepted == urls.bind("localhost").test(f"/{segment}"), segment
