"""Documents that nobody should write: no crash, no hang, and no silence."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from time import process_time
from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import Comparison
from apiver.contract.document import Document
from apiver.contract.reader import parse
from apiver.errors import InputError

PATIENCE = 30.0  # seconds; on a busy machine, under coverage
STRING = {"type": "string"}
INTEGER = {"type": "integer"}
PLACES = ("request", "response", "query")


def root_of(schema: Any, place: str = "request", openapi: str = "3.1.0") -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": schema}}}
    operation: dict[str, Any] = {"responses": {"200": {"description": "fine"}}}
    if place == "request":
        operation["requestBody"] = {"required": True, **content}
    elif place == "response":
        operation["responses"]["200"].update(content)
    else:
        operation["parameters"] = [{"name": "q", "in": "query", "schema": schema}]
    return {
        "openapi": openapi,
        "info": {"title": "t", "version": "1"},
        "paths": {"/things": {"post": operation}},
    }


def compare(old: Any, new: Any, place: str = "request", openapi: str = "3.1.0") -> Comparison:
    """Compare two schemas with no more work than people are patient for."""
    started = process_time()
    found = diff(Document(root_of(old, place, openapi), "old"), Document(root_of(new, place, openapi), "new"))
    assert process_time() - started < PATIENCE
    return found


def effects(comparison: Comparison) -> set[str]:
    return {change.effect.value for change in comparison.changes}


def worst(comparison: Comparison) -> str:
    return comparison.changes[0].effect.value if comparison.changes else "none"


# Large ---------------------------------------------------------------------------------------------------


def test_fifty_thousand_listed_values() -> None:
    values = [f"value {number}" for number in range(50_000)]

    assert worst(compare({"enum": values}, {"enum": values[1:]})) == "breaking"
    assert worst(compare({"enum": values[1:]}, {"enum": values})) == "compatible"
    assert worst(compare({"enum": values}, {"enum": values[::-1]})) == "none"
    assert worst(compare({"enum": values}, {"enum": values[::-1]}, "query")) == "none"


def test_fifty_thousand_listed_values_become_free() -> None:
    values = {"enum": [f"value {number}" for number in range(50_000)]}

    assert worst(compare(values, STRING)) == "compatible"
    assert worst(compare(STRING, values)) == "breaking"


def kinds(keyword: str, changed: int = -1, count: int = 500) -> dict[str, Any]:
    """Alternatives told apart by `kind`; one of them has another type of `a`."""
    return {
        keyword: [
            {
                "type": "object",
                "properties": {"kind": {"const": f"k{at}"}, "a": INTEGER if at == changed else STRING},
                "required": ["kind", "a"],
            }
            for at in range(count)
        ]
    }


def test_a_change_in_one_of_five_hundred_alternatives_is_not_lost() -> None:
    for place in ("request", "response"):
        assert worst(compare(kinds("anyOf"), kinds("anyOf", 250), place)) in ("breaking", "risky")
        assert worst(compare(kinds("anyOf"), kinds("anyOf", 499), place)) in ("breaking", "risky")


def test_a_change_in_one_of_a_hundred_exclusive_alternatives_is_not_lost() -> None:
    for place in ("request", "response"):
        old, new = kinds("oneOf", count=100), kinds("oneOf", 50, count=100)
        assert worst(compare(old, new, place)) in ("breaking", "risky")


def test_a_change_in_one_of_five_hundred_exclusive_alternatives_is_not_lost() -> None:
    assert worst(compare(kinds("oneOf"), kinds("oneOf", 250))) in ("breaking", "risky")


def test_an_alternative_less_of_many() -> None:
    for keyword in ("anyOf", "oneOf"):
        assert worst(compare(kinds(keyword, count=100), kinds(keyword, count=99))) in ("breaking", "risky")


@pytest.mark.parametrize("count", [63, 64, 65, 100])
def test_the_bound_on_alternatives_loses_nothing(count: int) -> None:
    """Unions that meet other unions are cut somewhere; what is cut off must not vanish."""

    def needing(*names: str) -> dict[str, Any]:
        return {"anyOf": [{"type": "object", "required": [name]} for name in names]}

    names = [f"n{at}" for at in range(count)]
    old = {"allOf": [needing(*names), needing("x", "y")]}
    new = {"allOf": [needing(*names[:-1], "other"), needing("x", "y")]}

    assert worst(compare(old, new)) in ("breaking", "risky")
    assert worst(compare(old, new, "response")) in ("breaking", "risky")


def test_thousands_of_properties() -> None:
    def record(**parts: Any) -> dict[str, Any]:
        return {"type": "object", "properties": {f"p{at}": STRING for at in range(5000)}, **parts}

    one = record()
    one["properties"]["p2500"] = INTEGER
    assert worst(compare(record(), one)) == "breaking"


def test_a_thousand_required_properties() -> None:
    names = [f"p{at}" for at in range(1000)]
    record = {"type": "object", "properties": dict.fromkeys(names, STRING)}
    found = compare(record, {**record, "required": names})

    assert found.changes[0].effect.value == "breaking"
    assert all(change.witness for change in found.changes)


# Names ---------------------------------------------------------------------------------------------------

NAMES = [
    "/",
    "~",
    '"',
    "'",
    "\n",
    "",
    "~1",
    "%2F",
    "ключ",
    "😀",
    "a/b~c",
    "$ref",
    "properties",
    "0",
    "x y",
    "\0",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_property(name: str) -> None:
    def record(schema: Any, *required: str) -> dict[str, Any]:
        return {"type": "object", "properties": {name: schema}, "required": list(required)}

    (change,) = compare(record(STRING, name), record(INTEGER, name)).changes
    assert change.effect.value == "breaking"
    assert change.witness is not None
    assert change.witness.accepted.body == {name: change.witness.accepted.body[name]}
    token = name.replace("~", "~0").replace("/", "~1")
    assert change.old.pointer.endswith(f"/properties/{token}")

    (change,) = compare(record(STRING, name), record(STRING), "response").changes
    assert change.rule == "response-property-became-optional"


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_component(name: str) -> None:
    token = name.replace("~", "~0").replace("/", "~1").replace("%", "%25")

    def document(schema: Any) -> Document:
        root = root_of({"$ref": f"#/components/schemas/{token}"})
        return Document({**root, "components": {"schemas": {name: schema}}}, "contract")

    assert worst(diff(document(STRING), document(INTEGER))) == "breaking"
    assert worst(diff(document(STRING), document(STRING))) == "none"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("where", ["query", "header", "path"])
def test_any_name_of_a_parameter(name: str, where: str) -> None:
    def document(schema: Any) -> Document:
        named = {"name": name, "in": where, "required": True, "schema": schema}
        path = f"/things/{{{name}}}" if where == "path" else "/things"
        operation = {"parameters": [named], "responses": {"200": {"description": "fine"}}}
        return Document({**root_of({}), "paths": {path: {"get": operation}}}, "contract")

    assert worst(diff(document(STRING), document(INTEGER))) in ("breaking", "risky")
    assert worst(diff(document(INTEGER), document(INTEGER))) == "none"


# Numbers -------------------------------------------------------------------------------------------------

NUMBERS = [10**30, -(10**30), -0.0, 1e308, -1e308, 5e-324, 2**53 + 1, 2**63, 2**64]


@pytest.mark.parametrize("value", NUMBERS, ids=str)
def test_any_number_that_json_can_write(value: float) -> None:
    number = {"type": "number"}
    for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        for base in (number, INTEGER):
            for place in PLACES:
                assert worst(compare(base, {**base, keyword: value}, place)) != "none"
                assert worst(compare({**base, keyword: value}, {**base, keyword: value}, place)) == "none"
    for place in PLACES:
        compare({"enum": [value, 1]}, {"enum": [1]}, place)
        compare({**number, "multipleOf": value}, number, place)
        compare(number, {**number, "multipleOf": value}, place)


def test_large_integers_are_exact() -> None:
    old, new = {**INTEGER, "maximum": 10**30}, {**INTEGER, "maximum": 10**30 - 1}

    (change,) = compare(old, new).changes
    assert change.effect.value == "breaking"
    assert change.witness is not None
    assert change.witness.accepted.body == 10**30
    assert worst(compare(new, old)) == "compatible"
    assert worst(compare({"enum": [2**53]}, {"enum": [2**53 + 1]})) == "breaking"


def test_minus_zero_is_zero() -> None:
    assert effects(compare({"enum": [-0.0]}, {"enum": [0]})) <= {"compatible", "docs"}
    assert effects(compare({"minimum": -0.0}, {"minimum": 0})) <= {"compatible", "docs"}


def test_a_number_beyond_json_is_refused_by_the_reader() -> None:
    text = json.dumps(root_of({"maximum": 12345})).replace("12345", "1e400").encode()

    with pytest.raises(InputError, match="too large"):
        parse(text, "contract.json")


@pytest.mark.parametrize(
    "keyword", ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"]
)
@pytest.mark.parametrize("count", [-1, 0, 2.0, 1.5, 10**9, 1e300])
def test_any_count(keyword: str, count: float) -> None:
    for place in PLACES:
        compare({}, {keyword: count}, place)
        compare({keyword: count}, {}, place)
        compare({keyword: count}, {keyword: 3}, place)
        assert worst(compare({keyword: count}, {keyword: count}, place)) == "none"


# Patterns ------------------------------------------------------------------------------------------------

COMPARE = """
import json, sys
from apiver.compare import diff
from apiver.contract.document import Document
old, new = json.load(sys.stdin)
print(*[change.effect.value for change in diff(Document(old, "old"), Document(new, "new")).changes])
"""
EVIL = "a" * 60 + "!"


def compare_apart(old: Any, new: Any) -> tuple[list[str], str]:
    """The effects and what came out of stderr, from a process that can be ended if it hangs in a pattern."""
    done = subprocess.run(
        [sys.executable, "-c", COMPARE],
        input=json.dumps([root_of(old), root_of(new)]),
        capture_output=True,
        text=True,
        timeout=PATIENCE + 5,
        check=True,
    )
    return done.stdout.split(), done.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({**STRING, "minLength": 40}, {**STRING, "pattern": "^(a+)+$"}),
        ({**STRING, "minLength": 40}, {**STRING, "pattern": "^(a|a)*b$"}),
        ({**STRING, "minLength": 40, "pattern": "^a*$"}, {**STRING, "pattern": "^(a|aa)+$"}),
        ({**STRING, "pattern": "^(a+)+$"}, {**STRING, "pattern": "^(a+)+b$", "minLength": 40}),
        ({**STRING, "example": EVIL}, {**STRING, "pattern": "^(a+)+$"}),
        ({**STRING, "default": EVIL}, {**STRING, "pattern": "^(a+)+$"}),
        ({"enum": [EVIL]}, {**STRING, "pattern": "^(a+)+$"}),
        (
            {"type": "object", "properties": {EVIL: STRING}},
            {"type": "object", "patternProperties": {"^(a+)+$": STRING}},
        ),
        ({"type": "object", "required": [EVIL]}, {"type": "object", "propertyNames": {"pattern": "^(a+)+$"}}),
    ],
    ids=range(9),
)
def test_a_pattern_that_takes_for_ever_is_not_waited_for(old: Any, new: Any) -> None:
    said, _ = compare_apart(old, new)
    assert said


@pytest.mark.parametrize(
    "pattern",
    [
        r"(",
        r"[",
        r"*",
        r"\p{L}+",
        r"^\d{1,99999999999}$",
        r"(?<name>a)",
        r"\u{61}",
        r"a{2,1}",
        r"\cA",
        r"^\Z",
        r"(?<=a+)b",
    ],
)
def test_a_pattern_that_python_cannot_read_is_said_to_be_undecided(pattern: str) -> None:
    found = compare(STRING, {**STRING, "pattern": pattern})

    assert worst(found) in ("breaking", "risky")
    assert worst(compare({**STRING, "pattern": pattern}, {**STRING, "pattern": pattern})) == "none"
    assert worst(compare({**STRING, "pattern": pattern}, STRING)) == "compatible"


def test_a_pattern_with_huge_repeats() -> None:
    assert worst(compare(STRING, {**STRING, "pattern": "^a{100000}$"})) in ("breaking", "risky")
    compare({**STRING, "pattern": "(a{1000}){1000}"}, {**STRING, "pattern": "^(b{1000}){1000}$"})


def test_python_does_not_warn_the_reader_of_the_report() -> None:
    _, complaints = compare_apart(STRING, {**STRING, "pattern": "[[:alpha:]]"})

    assert complaints == ""


# Malformed -----------------------------------------------------------------------------------------------

WRONG: list[Any] = [
    *(None, True, False, 0, -1, 1.5, "x", "", [], [None], [1], ["a", "a"], {}, {"a": None}),
    *({"$ref": 5}, {"$ref": "#/nowhere"}, {"$ref": "other.yaml"}, [[]], {"type": {}}),
]
KEYWORDS = (
    *("type", "enum", "const", "properties", "required", "additionalProperties", "items", "prefixItems"),
    *("allOf", "anyOf", "oneOf", "not", "minimum", "exclusiveMaximum", "multipleOf", "minLength", "pattern"),
    *("format", "uniqueItems", "minItems", "patternProperties", "propertyNames", "dependentRequired"),
    *("dependentSchemas", "if", "then", "nullable", "readOnly", "default", "example", "examples", "$ref"),
    *("discriminator", "contains", "unevaluatedProperties", "unevaluatedItems", "minProperties", "$defs"),
    *("x-apiver-unknown", "x-apiver-source", "$dynamicRef"),
)
SOUND: tuple[dict[str, Any], ...] = (
    {"type": "object", "properties": {"a": INTEGER}, "required": ["a"]},
    {"type": "string", "minLength": 1},
    {"type": "array", "items": INTEGER},
)


def every(schemas: list[Any], openapi: str) -> Document:
    """A document with each schema in each place."""
    paths = {
        f"/{place}/{number}": root_of(schema, place)["paths"]["/things"]
        for place in PLACES
        for number, schema in enumerate(schemas)
    }
    return Document({**root_of({}), "openapi": openapi, "paths": paths}, "contract")


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_a_keyword_with_the_wrong_value_is_no_crash(keyword: str) -> None:
    sound = [schema for schema in SOUND for _ in WRONG]
    broken = [{**schema, keyword: wrong} for schema in SOUND for wrong in WRONG]
    for openapi in ("3.0.3", "3.1.0"):
        diff(every(sound, openapi), every(broken, openapi))
        diff(every(broken, openapi), every(sound, openapi))


def test_a_required_that_lists_lists_is_no_crash() -> None:
    broken = {"type": "object", "required": [["a"], {}]}

    compare(SOUND[0], broken)
    compare(broken, SOUND[0])


def test_a_misspelt_type_is_not_taken_for_any_type() -> None:
    found = compare({"type": "string"}, {"type": "strng"})

    assert worst(found) != "none" or "strng" in found.not_compared[0].reason
    assert worst(compare({"type": "strng"}, {"type": "strng"})) == "none"


def test_a_reference_to_nowhere_is_not_taken_for_anything() -> None:
    for place in ("request", "response"):
        found = compare(STRING, {"$ref": "#/components/schemas/Nowhere"}, place)
        assert worst(found) != "none" or found.not_compared


WHOLE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://api.example/{v}", "variables": {"v": {"default": "v1"}}}],
    "security": [{"key": ["a"]}, {}],
    "paths": {
        "/things/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": STRING},
                {"$ref": "#/components/parameters/Page"},
            ],
            "servers": [{"url": "/s"}],
            "post": {
                "deprecated": False,
                "operationId": "thing",
                "tags": ["t"],
                "parameters": [
                    {
                        "name": "q",
                        "in": "query",
                        "style": "form",
                        "explode": True,
                        "schema": {"type": "array", "items": STRING},
                    },
                    {"name": "X-H", "in": "header", "schema": STRING},
                    {"name": "c", "in": "cookie", "content": {"application/json": {"schema": STRING}}},
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                },
                "security": [{"key": []}],
                "responses": {
                    "200": {
                        "description": "fine",
                        "headers": {"X-Total": {"required": True, "schema": STRING}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                    },
                    "4XX": {"$ref": "#/components/responses/Error"},
                    "default": {"description": "?"},
                },
            },
        }
    },
    "webhooks": {"made": {"post": {}}},
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "properties": {"a": STRING, "b": {"$ref": "#/components/schemas/Thing"}},
                "required": ["a"],
                "additionalProperties": False,
            }
        },
        "parameters": {"Page": {"name": "page", "in": "query", "schema": STRING}},
        "responses": {"Error": {"description": "bad", "content": {"application/json": {"schema": STRING}}}},
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    },
}


NOWHERE = {"$ref": "#/nowhere"}


def spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a document."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield (*path, key)
        yield from spots(value[key], (*path, key))


SECTIONS = sorted({spot[:1] if spot[0] != "paths" else spot[:4] for spot in spots(WHOLE)}, key=str)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: "/".join(map(str, section)))
def test_the_wrong_thing_anywhere_in_a_document_is_no_crash(section: tuple[Any, ...]) -> None:
    other = copy.deepcopy(WHOLE)
    operation = other["paths"]["/things/{id}"]["post"]
    operation["requestBody"]["content"]["application/json"]["schema"] = {
        "type": "object",
        "required": ["a", "z"],
    }
    operation["parameters"][0]["required"] = True
    operation["responses"]["201"] = {"description": "made"}
    for spot in spots(WHOLE):
        if spot[: len(section)] != section or (len(spot) > 4 and len(section) < 4 and spot[0] == "paths"):
            continue
        for wrong in (None, 0, [None], {"a": None}, NOWHERE, "http://[{"):
            broken = copy.deepcopy(WHOLE)
            holder: Any = broken
            for key in spot[:-1]:
                holder = holder[key]
            holder[spot[-1]] = wrong
            diff(Document(broken, "old"), Document(other, "new"))
            diff(Document(other, "old"), Document(broken, "new"))
            if wrong != NOWHERE:
                assert diff(Document(broken, "old"), Document(copy.deepcopy(broken), "new")).changes == ()


def test_parts_of_an_object_that_cannot_be_are_no_change() -> None:
    def shut(member: Any) -> dict[str, Any]:
        return {"properties": {"c": member}, "required": ["a"], "additionalProperties": False}

    assert effects(compare(shut({"properties": {"d": {}}}), shut({"properties": {"d": STRING}}))) == set()


def test_a_schema_that_contains_itself_is_no_crash() -> None:
    old, new = ({"contains": inner} for inner in ({}, {"$ref": "#/components/schemas/Self"}))
    sides = (
        {**root_of({"$ref": "#/components/schemas/Self"}), "components": {"schemas": {"Self": schema}}}
        for schema in (old, new)
    )
    found = diff(*(Document(root, "side") for root in sides))

    assert worst(found) in ("breaking", "risky")
