"""Is every value of one schema a value of another? Small pairs, each asked in both directions."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from apiver.compare import diff
from apiver.compare.change import Change, Comparison
from apiver.contract.document import Document

YES, NO, MAYBE = "yes", "no", "maybe"

NULL = {"type": "null"}
BOOLEAN = {"type": "boolean"}
INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
STRING = {"type": "string"}
ARRAY = {"type": "array"}
OBJECT = {"type": "object"}


def integer(**parts: Any) -> dict[str, Any]:
    return {**INTEGER, **parts}


def number(**parts: Any) -> dict[str, Any]:
    return {**NUMBER, **parts}


def string(**parts: Any) -> dict[str, Any]:
    return {**STRING, **parts}


def array(items: Any = None, **parts: Any) -> dict[str, Any]:
    return {**ARRAY, **({} if items is None else {"items": items}), **parts}


def record(*required: str, more: Any = None, **properties: Any) -> dict[str, Any]:
    """An object with these properties; `more` is its additionalProperties."""
    made: dict[str, Any] = {**OBJECT, "properties": properties} if properties else {**OBJECT}
    if required:
        made["required"] = list(required)
    if more is not None:
        made["additionalProperties"] = more
    return made


def ref(name: str, **siblings: Any) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}", **siblings}


def contract(
    schema: Any, direction: str = "request", *, openapi: str = "3.1.0", components: Any = None
) -> Document:
    content = {"content": {"application/json": {"schema": schema}}}
    operation: dict[str, Any] = {"responses": {"200": {"description": "fine"}}}
    if direction == "request":
        operation["requestBody"] = {"required": True, **content}
    else:
        operation["responses"]["200"].update(content)
    root = {
        "openapi": openapi,
        "info": {"title": "t", "version": "1"},
        "paths": {"/things": {"post": operation}},
        "components": {"schemas": components or {}},
    }
    return Document(root, "contract.json")


def answer(comparison: Comparison) -> str:
    effects = {change.effect.value for change in comparison.changes}
    return NO if "breaking" in effects else MAYBE if "risky" in effects else YES


def within(inner: Any, outer: Any, **options: Any) -> str:
    """Whether `inner` is within `outer`, as both directions of a comparison say it: they must agree."""
    request = diff(contract(inner, **options), contract(outer, **options))
    response = diff(contract(outer, "response", **options), contract(inner, "response", **options))
    for comparison in (request, response):
        for change in comparison.changes:
            if change.effect.value == "breaking":
                shown(change, inner, outer, options.get("components") or {})
    assert answer(request) == answer(response), (request.changes, response.changes)
    return answer(request)


def shown(change: Change, inner: Any, outer: Any, components: dict[str, Any]) -> None:
    """The witness of a change, checked anew."""
    assert change.witness is not None
    value = change.witness.accepted.body
    holder = {"components": {"schemas": components}}
    assert Draft202012Validator({**holder, "allOf": [inner]}).is_valid(value), (value, inner)
    assert not Draft202012Validator({**holder, "allOf": [outer]}).is_valid(value), (value, outer)


def a_or_b(keyword: str, **more: Any) -> dict[str, Any]:
    cat = record("kind", kind={"const": "cat"}, lives=INTEGER)
    dog = record("kind", kind={"const": "dog"}, name=STRING)
    return {keyword: [cat, dog, *more.values()]}


# inner, outer, is inner within outer, is outer within inner
PAIRS: dict[str, tuple[Any, Any, str, str]] = {
    # types
    "anything": ({}, {}, YES, YES),
    "anything as true": (record(a={}), record(a=True), YES, YES),
    "all types": ({}, {"type": ["null", "boolean", "number", "string", "array", "object"]}, YES, YES),
    "one of the types": (STRING, {"type": ["string", "integer"]}, YES, NO),
    "other types": (STRING, INTEGER, NO, NO),
    "types in any order": ({"type": ["string", "null"]}, {"type": ["null", "string"]}, YES, YES),
    "a list of one type": ({"type": ["string"]}, STRING, YES, YES),
    "integer is number": (INTEGER, NUMBER, YES, NO),
    "integer and number is number": ({"type": ["integer", "number"]}, NUMBER, YES, YES),
    "integer is number that is a multiple of one": (INTEGER, number(multipleOf=1), YES, YES),
    "anything but one type": (
        {"not": STRING},
        {"type": ["null", "boolean", "number", "array", "object"]},
        YES,
        YES,
    ),
    "null is a type": ({"type": ["string", "null"]}, STRING, NO, YES),
    "null is an alternative": ({"type": ["string", "null"]}, {"anyOf": [STRING, NULL]}, YES, YES),
    "null is one alternative": ({"type": ["string", "null"]}, {"oneOf": [NULL, STRING]}, YES, YES),
    "null is a listed value": ({"enum": ["a", None]}, {"anyOf": [{"enum": ["a"]}, NULL]}, YES, YES),
    # enum and const
    "a listed value less": ({"enum": ["a"]}, {"enum": ["a", "b"]}, YES, NO),
    "listed values in any order": ({"enum": [1, 2, 3]}, {"enum": [3, 2, 1]}, YES, YES),
    "a listed value twice": ({"enum": [1, 1, 2]}, {"enum": [1, 2]}, YES, YES),
    "const is enum of one": ({"const": "a"}, {"enum": ["a"]}, YES, YES),
    "listed values of one type": (string(enum=["a", "b"]), {"enum": ["a", "b"]}, YES, YES),
    "listed values of another type do not count": (string(enum=["a", 1]), {"enum": ["a"]}, YES, YES),
    "one is not true": ({"enum": [1]}, {"enum": [True]}, NO, NO),
    "zero is not false": ({"const": 0}, {"const": False}, NO, NO),
    "one is 1.0": ({"enum": [1]}, {"enum": [1.0]}, YES, YES),
    "one in a list is not true in a list": ({"const": [1]}, {"const": [True]}, NO, NO),
    "listed values are strings": ({"enum": ["a", "b"]}, STRING, YES, NO),
    "listed integers within bounds": ({"enum": [1, 2, 3]}, integer(minimum=1, maximum=3), YES, YES),
    "bounds that listed values keep": ({"enum": [1, 2]}, {"enum": [1, 2], "maximum": 10}, YES, YES),
    "a bound that takes a listed value away": ({"enum": [1, 20]}, {"enum": [1, 20], "maximum": 10}, NO, YES),
    "both truth values": (BOOLEAN, {"enum": [True, False]}, YES, YES),
    "one truth value": ({"const": True}, BOOLEAN, YES, NO),
    "null only": (NULL, {"const": None}, YES, YES),
    # numbers
    "a lower bound": (integer(minimum=1), INTEGER, YES, NO),
    "a higher lower bound": (number(minimum=2), number(minimum=1), YES, NO),
    "a lower upper bound": (number(maximum=2), number(maximum=2.5), YES, NO),
    "strictly above is above": (number(exclusiveMinimum=1), number(minimum=1), YES, NO),
    "strictly below is below": (number(exclusiveMaximum=1), number(maximum=1), YES, NO),
    "both bounds, one without effect": (
        number(minimum=0, exclusiveMinimum=1),
        number(exclusiveMinimum=1),
        YES,
        YES,
    ),
    "both bounds, the other without effect": (
        number(minimum=2, exclusiveMinimum=1),
        number(minimum=2),
        YES,
        YES,
    ),
    "integers strictly above zero": (integer(exclusiveMinimum=0), integer(minimum=1), YES, YES),
    "integers strictly below a half": (integer(exclusiveMaximum=0.5), integer(maximum=0), YES, YES),
    "integers up to a fraction": (integer(maximum=2.9), integer(maximum=2), YES, YES),
    "numbers up to a fraction": (number(maximum=2), number(maximum=2.9), YES, NO),
    "multiples of multiples": (integer(multipleOf=10), integer(multipleOf=5), YES, NO),
    "multiples apart": (integer(multipleOf=2), integer(multipleOf=3), NO, NO),
    "multiples of a fraction": (number(multipleOf=0.01), number(multipleOf=0.1), NO, YES),
    "tenths are exact": (number(multipleOf=0.3), number(multipleOf=0.1), YES, NO),
    "whole multiples are integers": (number(multipleOf=2), INTEGER, YES, NO),
    # strings
    "shorter": (string(maxLength=3), string(maxLength=4), YES, NO),
    "longer": (string(minLength=3), string(minLength=2), YES, NO),
    "no length is no shortest length": (string(minLength=0), STRING, YES, YES),
    "the same pattern": (string(pattern="^a"), string(pattern="^a"), YES, YES),
    "a pattern": (string(pattern="^a+$"), STRING, YES, NO),
    "other patterns": (string(pattern="^a+$"), string(pattern="^b+$"), NO, NO),
    "a multiple of both": (
        {"allOf": [number(multipleOf=4), number(multipleOf=6)]},
        number(multipleOf=12),
        YES,
        YES,
    ),
    "a decimal multiple of both": (
        {"allOf": [number(multipleOf=0.4), number(multipleOf=0.6)]},
        number(multipleOf=1.2),
        YES,
        YES,
    ),
    "numbers beyond 64 bits": (integer(maximum=2**70), integer(maximum=2**70 + 1), YES, NO),
    "a large listed number": ({"const": 2**70}, integer(minimum=2**70), YES, NO),
    "decimals by their digits": (number(multipleOf=0.3), number(multipleOf=0.1), YES, NO),
    "a pattern in other words": (string(pattern="^[0-9]+$"), string(pattern=r"^\d+$"), YES, YES),
    "a narrower pattern": (string(pattern="^[a-c]$"), string(pattern="^[a-f]$"), YES, NO),
    "a pattern that is found anywhere": (string(pattern="^a$"), string(pattern="a"), YES, NO),
    "two patterns in one": (
        {"allOf": [string(pattern="^a"), string(pattern="b$")]},
        string(pattern="^a([\\s\\S]*)b$"),
        YES,
        YES,
    ),
    "a pattern that limits the length": (string(pattern="^[a-z]{1,3}$"), string(maxLength=3), YES, NO),
    "a pattern that is never empty": (string(pattern="^x"), string(minLength=1), YES, NO),
    "a length that a pattern needs": (string(minLength=1), string(pattern="[^\\n]|\\n"), YES, YES),
    "patterns that contradict one another": (
        record(a={"allOf": [string(pattern="^a"), string(pattern="^b")]}),
        record(a=False),
        YES,
        YES,
    ),
    "a pattern that says nothing": (string(pattern=".*"), STRING, YES, YES),
    "length in characters": (string(maxLength=1), {"enum": ["e", "\u00e9", "\U0001f600"]}, NO, YES),
    # arrays
    "items": (array(INTEGER), array(NUMBER), YES, NO),
    "no items": (ARRAY, array({}), YES, YES),
    "no items as true": (ARRAY, array(True), YES, YES),
    "fewer items": (array(maxItems=2), array(maxItems=3), YES, NO),
    "more items": (array(minItems=2), array(minItems=1), YES, NO),
    "items once": (array(uniqueItems=True), ARRAY, YES, NO),
    "one item is once": (array(maxItems=1), array(uniqueItems=True), YES, NO),
    "not once is not said": (array(uniqueItems=False), ARRAY, YES, YES),
    "first items": (array(prefixItems=[INTEGER]), ARRAY, YES, NO),
    "first items are like the others": (array(INTEGER), array(INTEGER, prefixItems=[INTEGER]), YES, YES),
    "first items in order": (
        array(prefixItems=[INTEGER, STRING]),
        array(prefixItems=[STRING, INTEGER]),
        NO,
        NO,
    ),
    "no items but the first": (
        array(False, prefixItems=[INTEGER]),
        array(prefixItems=[INTEGER], maxItems=1),
        YES,
        YES,
    ),
    "no items at all": (array(False), array(maxItems=0), YES, YES),
    "items of an empty array do not matter": (
        array(STRING, maxItems=0),
        array(INTEGER, maxItems=0),
        YES,
        YES,
    ),
    "items of items": (array(array(INTEGER)), array(array(NUMBER)), YES, NO),
    "first items beyond the most": (
        array(prefixItems=[INTEGER, STRING], maxItems=1),
        array(prefixItems=[INTEGER], maxItems=1),
        YES,
        YES,
    ),
    # objects
    "required": (record("a", a=STRING), record(a=STRING), YES, NO),
    "required without properties": (record("a"), OBJECT, YES, NO),
    "required in any order": (record("a", "b"), record("b", "a"), YES, YES),
    "a property": (record(a=INTEGER), record(a=NUMBER), YES, NO),
    "a property of a property": (record(a=record(b=INTEGER)), record(a=record(b=NUMBER)), YES, NO),
    "no other members": (record(a=STRING, more=False), record(a=STRING), YES, MAYBE),
    "other members as declared": (record(a=STRING, more=True), record(a=STRING), YES, YES),
    "other members of a type": (record(more=INTEGER), record(more=NUMBER), YES, NO),
    "a property beside other members": (record(a=INTEGER, more=STRING), record(more=STRING), NO, NO),
    "other members forbidden": (record(more=False), record(more=STRING), YES, NO),
    "one member at least": (OBJECT | {"minProperties": 1}, OBJECT, YES, NO),
    "a required member is one member": (
        record("a", a=STRING),
        record(a=STRING) | {"minProperties": 1},
        YES,
        MAYBE,  # only a member that is not declared can be there instead
    ),
    "members at most": (
        record(a=STRING, b=STRING) | {"maxProperties": 1},
        record(a=STRING, b=STRING),
        YES,
        NO,
    ),
    "no more members than are declared": (
        record(a=STRING, more=False),
        record(a=STRING, more=False) | {"maxProperties": 1},
        YES,
        YES,
    ),
    # composition
    "allOf of one": ({"allOf": [STRING]}, STRING, YES, YES),
    "allOf of none": (STRING, {"allOf": [{}], **STRING}, YES, YES),
    "anyOf of one": ({"anyOf": [STRING]}, STRING, YES, YES),
    "oneOf of one": ({"oneOf": [STRING]}, STRING, YES, YES),
    "allOf cut in two": (
        record("a", "b", a=STRING, b=INTEGER),
        {"allOf": [record("a", a=STRING), record("b", b=INTEGER)]},
        YES,
        YES,
    ),
    "allOf narrows": (
        {"allOf": [integer(minimum=1), integer(maximum=3)]},
        integer(minimum=1, maximum=3),
        YES,
        YES,
    ),
    "allOf of listed values": ({"allOf": [{"enum": [1, 2]}, {"enum": [2, 3]}]}, {"const": 2}, YES, YES),
    "allOf that excludes itself": ({"allOf": [STRING, INTEGER]}, BOOLEAN, YES, NO),
    "anyOf in any order": ({"anyOf": [STRING, INTEGER]}, {"anyOf": [INTEGER, STRING]}, YES, YES),
    "an alternative less": ({"anyOf": [STRING, INTEGER]}, {"anyOf": [STRING, INTEGER, BOOLEAN]}, YES, NO),
    "an alternative within another": ({"anyOf": [NUMBER, INTEGER]}, NUMBER, YES, YES),
    "alternatives of listed values": (
        {"anyOf": [{"enum": ["a"]}, {"enum": ["b"]}]},
        {"enum": ["a", "b"]},
        YES,
        YES,
    ),
    "alternatives with a hole between them": (
        integer(minimum=0, maximum=9),
        {"anyOf": [integer(minimum=0, maximum=3), integer(minimum=5, maximum=9)]},
        NO,
        YES,
    ),
    "alternatives apart are oneOf": (a_or_b("oneOf"), a_or_b("anyOf"), YES, YES),
    "alternatives that overlap are not": ({"oneOf": [INTEGER, NUMBER]}, NUMBER, YES, NO),
    "one of two that overlap": (
        {"oneOf": [INTEGER, NUMBER]},
        {"allOf": [NUMBER, {"not": INTEGER}]},
        YES,
        YES,
    ),
    "an alternative for one value of a member": (
        record("kind", kind={"enum": ["cat", "dog"]}),
        {"anyOf": [record("kind", kind={"const": "cat"}), record("kind", kind={"const": "dog"})]},
        YES,
        YES,
    ),
    "a member beside alternatives": (
        {"anyOf": [record("a", a=STRING), record("b", b=STRING)], "required": ["c"]},
        {"anyOf": [record("a", a=STRING), record("b", b=STRING)]},
        YES,
        NO,
    ),
    "not": (integer(minimum=1) | {"not": {"const": 3}}, integer(minimum=1), YES, NO),
    "not of a type": ({"not": {"type": ["string", "null"]}}, {"not": STRING}, YES, NO),
    "not of not": ({"not": {"not": STRING}}, STRING, YES, YES),
    "not of nothing": ({"not": {"not": {}}}, {}, YES, YES),
    "not of everything": ({"not": {}}, STRING, YES, NO),
    "not required": (OBJECT | {"not": {"required": ["a"]}}, OBJECT, YES, MAYBE),  # nobody declares it
    "not required, but declared": (
        record(a=STRING) | {"not": {"required": ["a"]}},
        record(a=STRING),
        YES,
        NO,
    ),
    "not both": (
        record(a=STRING, b=STRING) | {"not": {"required": ["a", "b"]}},
        record(a=STRING, b=STRING),
        YES,
        NO,
    ),
    # what is not reasoned about
    "the same if": (
        {"if": STRING, "then": {"minLength": 1}},
        {"if": STRING, "then": {"minLength": 1}},
        YES,
        YES,
    ),
    "keywords that say nothing": (
        string(title="t", description="d", examples=["x"], deprecated=True),
        STRING,
        YES,
        YES,
    ),
    "an unknown format": (string(format="isbn"), STRING, YES, MAYBE),
}


# Beyond what is decided so far: "maybe" is an honest answer, the wrong one of the two is not
HARD: dict[str, tuple[Any, Any, str, str]] = {
    "the empty string": ({"const": ""}, string(maxLength=0), YES, YES),
    "multiples of two kinds": (
        {"allOf": [integer(multipleOf=2), integer(multipleOf=3)]},
        integer(multipleOf=6),
        YES,
        YES,
    ),
    "numbers cut in two": (
        number(minimum=0, maximum=10),
        {"anyOf": [number(minimum=0, maximum=5), number(minimum=5, maximum=10)]},
        YES,
        YES,
    ),
    "integers cut in two": (
        integer(minimum=0, maximum=9),
        {"anyOf": [integer(minimum=0, maximum=4), integer(minimum=5, maximum=9)]},
        YES,
        YES,
    ),
    "the same alternative twice is none": ({"oneOf": [STRING, STRING]}, NULL, YES, NO),
    "alternatives in a property": (
        record(a={"anyOf": [STRING, INTEGER]}),
        {"anyOf": [record(a=STRING), record(a=INTEGER)]},
        YES,
        YES,
    ),
    "not of less": (string() | {"not": string(minLength=5)}, string(maxLength=4), YES, YES),
    "one that no value ends": (record("a", a=record("b", b=False)), STRING, YES, NO),
}


@pytest.mark.parametrize("name", list(PAIRS))
def test_containment(name: str) -> None:
    inner, outer, forward, backward = PAIRS[name]

    assert within(inner, outer) == forward
    assert within(outer, inner) == backward


@pytest.mark.parametrize("name", list(HARD))
def test_what_is_hard_is_never_answered_wrong(name: str) -> None:
    inner, outer, forward, backward = HARD[name]

    assert within(inner, outer) in (forward, MAYBE)
    assert within(outer, inner) in (backward, MAYBE)


def test_listed_objects() -> None:
    inner, outer, forward, backward = ({"enum": [{"a": 1}]}, record("a", a=INTEGER), YES, NO)

    assert within(inner, outer) == forward
    assert within(outer, inner) == backward


def test_listed_objects_that_are_no_such_objects() -> None:
    inner, outer, forward, backward = ({"enum": [{"a": 1}, {"a": "x"}]}, record("a", a=INTEGER), NO, NO)

    assert within(inner, outer) == forward
    assert within(outer, inner) == backward


def test_other_members_are_no_property() -> None:
    inner, outer, forward, backward = (record(a=STRING, more=STRING), record(more=STRING), YES, YES)

    assert within(inner, outer) == forward
    assert within(outer, inner) == backward


def test_a_forbidden_property() -> None:
    inner, outer, forward, backward = (record(a=False), OBJECT, YES, MAYBE)  # nobody declares it

    assert within(inner, outer) == forward
    assert within(outer, inner) == backward


def test_all_of_with_a_closed_half() -> None:
    inner, outer, forward, backward = (
        {"allOf": [record(a=STRING, more=False), record(b=STRING)]},
        record(a=STRING, more=False),
        YES,
        YES,
    )

    assert within(inner, outer) == forward
    assert within(outer, inner) == backward


# The spelling of OpenAPI 3.0 against that of 3.1: the same set
SPELLINGS: dict[str, tuple[Any, Any]] = {
    "nullable": (string(nullable=True), {"type": ["string", "null"]}),
    "nullable and anyOf": (string(nullable=True), {"anyOf": [STRING, NULL]}),
    "not nullable": (string(nullable=False), STRING),
    "nullable without a type": ({"nullable": True}, {}),
    "nullable with listed values": (
        {"type": "string", "nullable": True, "enum": ["a", None]},
        {"enum": ["a", None]},
    ),
    "nullable without null among the listed values": (
        {"type": "string", "nullable": True, "enum": ["a"]},
        {"enum": ["a"]},
    ),
    "strictly above": (number(minimum=1, exclusiveMinimum=True), number(exclusiveMinimum=1)),
    "strictly below": (number(maximum=1, exclusiveMaximum=True), number(exclusiveMaximum=1)),
    "above": (number(minimum=1, exclusiveMinimum=False), number(minimum=1)),
    "strict without a bound": (number(exclusiveMinimum=True), NUMBER),
    "a reference hides what stands beside it": (ref("Name", maxLength=3), ref("Name")),
}


@pytest.mark.parametrize("name", list(SPELLINGS))
def test_the_spelling_of_another_dialect(name: str) -> None:
    legacy, modern = SPELLINGS[name]
    components = {"Name": STRING}
    for direction in ("request", "response"):
        older = contract(legacy, direction, openapi="3.0.3", components=components)
        newer = contract(modern, direction, openapi="3.1.0", components=components)
        assert diff(older, newer).changes == ()
        assert diff(newer, older).changes == ()


def test_a_strict_bound_in_openapi_3_0() -> None:
    old = contract(number(minimum=1), openapi="3.0.3")
    new = contract(number(minimum=1, exclusiveMinimum=True), openapi="3.0.3")

    (change,) = diff(old, new).changes
    assert change.effect.value == "breaking"
    assert change.witness is not None
    assert change.witness.accepted.body == 1
    assert answer(diff(new, old)) == YES


def test_what_stands_beside_a_reference_counts_in_openapi_3_1() -> None:
    components = {"Name": STRING}

    assert within(ref("Name", maxLength=3), ref("Name"), components=components) == YES
    assert within(ref("Name"), ref("Name", maxLength=3), components=components) == NO


# References and recursion --------------------------------------------------------------------------------

TREE = record("value", value=INTEGER, children=array(ref("Tree")))
LIST = record("head", head=STRING, tail={"anyOf": [ref("List"), NULL]})
COMPONENTS: dict[str, Any] = {
    "Tree": TREE,
    "Wide": record("value", value=NUMBER, children=array(ref("Wide"))),
    "List": LIST,
    "Even": record(next=ref("Odd")),
    "Odd": record(next=ref("Even")),
    "Any": record(next=ref("Any")),
    "Ring": record("next", next=ref("Ring")),
    "Name": STRING,
    "Alias": ref("Name"),
    "Twice": ref("Alias"),
    "Base": record("id", id=INTEGER),
    "Derived": {"allOf": [ref("Base"), record("name", name=STRING, parent=ref("Derived"))]},
    "Flat": record("id", "name", id=INTEGER, name=STRING, parent=ref("Flat")),
    "Json": {
        "anyOf": [
            {"type": ["string", "number", "boolean", "null"]},
            array(ref("Json")),
            {**OBJECT, "additionalProperties": ref("Json")},
        ]
    },
    "Text": {"anyOf": [STRING, array(ref("Text")), {**OBJECT, "additionalProperties": ref("Text")}]},
}

REFERENCES: dict[str, tuple[Any, Any, str, str]] = {
    "inline": (ref("Name"), STRING, YES, YES),
    "through two others": (ref("Twice"), STRING, YES, YES),
    "inline with its own parts": (ref("Base"), record("id", id=INTEGER), YES, YES),
    "a recursive one to itself": (ref("Tree"), ref("Tree"), YES, YES),
    "a recursive one unrolled once": (ref("Tree"), TREE, YES, YES),
    "a recursive one unrolled twice": (
        ref("Tree"),
        record("value", value=INTEGER, children=array(TREE)),
        YES,
        YES,
    ),
    "a recursive one within another": (ref("Tree"), ref("Wide"), YES, NO),
    "two that lead to one another": (ref("Even"), ref("Odd"), YES, YES),
    "two and one": (ref("Even"), ref("Any"), YES, YES),
    "through anyOf": (ref("List"), LIST, YES, YES),
    "through allOf": (ref("Derived"), ref("Flat"), YES, YES),
    "through alternatives and other members": (ref("Text"), ref("Json"), YES, NO),
}


@pytest.mark.parametrize("name", list(REFERENCES))
def test_references(name: str) -> None:
    inner, outer, forward, backward = REFERENCES[name]

    assert within(inner, outer, components=COMPONENTS) == forward
    assert within(outer, inner, components=COMPONENTS) == backward


def test_a_schema_that_needs_itself_in_place_says_nothing_and_harms_nobody() -> None:
    for circular in ({"A": ref("A")}, {"A": ref("B"), "B": ref("A")}, {"A": {"allOf": [ref("A"), STRING]}}):
        document = contract(ref("A"), components=circular)
        assert diff(document, contract(ref("A"), components=circular)).changes == ()
        diff(document, contract(INTEGER))
        diff(contract(INTEGER), document)


def test_a_change_deep_in_a_recursive_schema_is_shown_by_a_whole_value() -> None:
    old = contract(ref("Tree"), components={"Tree": TREE})
    strict = record("value", value=integer(minimum=1), children=array(ref("Tree")))
    new = contract(record("value", value=INTEGER, children=array(ref("Tree"))), components={"Tree": strict})

    breaking = [change for change in diff(old, new).changes if change.effect.value == "breaking"]
    assert len(breaking) == 1
    witness = breaking[0].witness
    assert witness is not None
    values = [child["value"] for child in witness.accepted.body["children"]]
    assert values
    assert min(values) < 1


def told(found: Comparison) -> bool:
    """Whether the comparison says that there is something: a change, or a part that it left out."""
    return answer(found) != YES or bool(found.not_compared)


def nested(depth: int, leaf: Any) -> Any:
    schema = leaf
    for _ in range(depth):
        schema = record("a", a=schema)
    return schema


def chain(length: int, leaf: Any) -> dict[str, Any]:
    return {**{f"N{at}": ref(f"N{at + 1}") for at in range(length)}, f"N{length}": leaf}


def test_a_change_below_fifty_schemas_is_proved() -> None:
    (change,) = diff(contract(nested(50, INTEGER)), contract(nested(50, STRING))).changes

    assert change.effect.value == "breaking"
    assert change.witness is not None
    value, depth = change.witness.accepted.body, 0
    while isinstance(value, dict):
        value, depth = value["a"], depth + 1
    assert (depth, type(value)) == (50, int)


def test_two_thousand_nested_schemas_are_no_crash() -> None:
    found = diff(contract(nested(2000, INTEGER)), contract(nested(2000, STRING)))

    assert told(found)


@pytest.mark.parametrize("length", [50, 2000])
def test_a_long_chain_of_references_is_no_crash(length: int) -> None:
    found = diff(
        contract(ref("N0"), components=chain(length, INTEGER)),
        contract(ref("N0"), components=chain(length, STRING)),
    )

    assert told(found)


def test_a_long_chain_of_properties_through_references_is_no_crash() -> None:
    def linked(leaf: Any) -> dict[str, Any]:
        return {**{f"N{at}": record("a", a=ref(f"N{at + 1}")) for at in range(2000)}, "N2000": leaf}

    found = diff(
        contract(ref("N0"), components=linked(INTEGER)), contract(ref("N0"), components=linked(STRING))
    )
    assert told(found)


def test_two_thousand_nested_alternatives_are_no_crash() -> None:
    def wrapped(keyword: str, leaf: Any) -> Any:
        schema = leaf
        for _ in range(2000):
            schema = {keyword: [schema]}
        return schema

    for keyword in ("allOf", "anyOf", "oneOf"):
        assert told(diff(contract(wrapped(keyword, INTEGER)), contract(wrapped(keyword, STRING))))


# readOnly and writeOnly ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flag", "carried", "other"), [("readOnly", "response", "request"), ("writeOnly", "request", "response")]
)
def test_a_member_of_one_direction_alone_does_not_count_in_the_other(
    flag: str, carried: str, other: str
) -> None:
    def changed(old: Any, new: Any, direction: str) -> str:
        return answer(diff(contract(old, direction), contract(new, direction)))

    one = record("id", "name", id={**INTEGER, flag: True}, name=STRING)
    two = record("id", "name", id={**STRING, flag: True}, name=STRING)
    free = record("name", id={**INTEGER, flag: True}, name=STRING)
    bare = record("name", name=STRING)
    # the type of the member
    assert changed(one, two, carried) == NO
    assert changed(one, two, other) == YES
    # whether it is required
    assert changed(free, one, other) == YES
    assert changed(one, free, other) == YES
    # whether it is there at all
    assert changed(bare, one, other) == YES
    assert changed(one, bare, other) == YES


def test_a_member_that_becomes_read_only_is_sent_in_vain() -> None:
    old = record(id=INTEGER, name=STRING)
    new = record(id={**INTEGER, "readOnly": True}, name=STRING)

    assert answer(diff(contract(old), contract(new))) in (YES, MAYBE)
    assert answer(diff(contract(old, "response"), contract(new, "response"))) == YES


def test_read_only_by_reference_counts() -> None:
    components = {"Id": {**INTEGER, "readOnly": True}}
    old = record("id", id=ref("Id"), name=STRING)
    new = record(id=ref("Id"), name=STRING)

    assert answer(diff(contract(new, components=components), contract(old, components=components))) == YES
    found = diff(
        contract(old, "response", components=components), contract(new, "response", components=components)
    )
    assert [(change.effect.value, change.rule) for change in found.changes] == [
        ("breaking", "response-property-became-optional")
    ]


def test_what_is_undecided_says_why() -> None:
    old = contract(string(pattern="^(?=.*[0-9])a+$"))
    (change,) = diff(old, contract(string(pattern="^(?=.*[0-9]{2})a+$"))).changes

    assert change.effect.value == "risky"
    assert change.witness is None
    assert "pattern" in (change.reason or "")


def test_keywords_that_are_not_reasoned_about_are_named() -> None:
    old = contract({"if": STRING, "then": {"minLength": 1}})
    found = diff(old, contract({"if": STRING, "then": {"minLength": 2}}))

    assert answer(found) != YES
    if answer(found) == MAYBE:
        assert any("if" in (change.reason or "").split() for change in found.changes)
