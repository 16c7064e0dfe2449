"""Keywords that few schemas use, each pair asked in both directions: `if`, `contains`, `propertyNames`..."""

from __future__ import annotations

from typing import Any

import pytest

from apiver.compare import diff
from tests.compare.test_containment import (
    INTEGER,
    NO,
    NUMBER,
    OBJECT,
    STRING,
    YES,
    array,
    contract,
    integer,
    record,
    string,
    within,
)

CARD = {"properties": {"kind": {"const": "card"}}, "required": ["kind"]}
NEEDS_NUMBER = {"required": ["number"]}


def payment(**parts: Any) -> dict[str, Any]:
    return {**record("kind", kind=STRING, number=STRING, iban=STRING), **parts}


# inner, outer, is inner within outer, is outer within inner
PAIRS: dict[str, tuple[Any, Any, str, str]] = {
    # if, then, else
    "a condition": (payment(**{"if": CARD, "then": NEEDS_NUMBER}), payment(), YES, NO),
    "the same condition": (
        payment(**{"if": CARD, "then": NEEDS_NUMBER}),
        payment(allOf=[{"if": CARD, "then": NEEDS_NUMBER}]),
        YES,
        YES,
    ),
    "then asks for more": (
        payment(**{"if": CARD, "then": {"required": ["number", "iban"]}}),
        payment(**{"if": CARD, "then": NEEDS_NUMBER}),
        YES,
        NO,
    ),
    "else asks for more": (
        payment(**{"if": CARD, "else": {"required": ["iban"]}}),
        payment(**{"if": CARD, "then": True}),
        YES,
        NO,
    ),
    "a condition as a union": (
        payment(**{"if": CARD, "then": NEEDS_NUMBER, "else": {"required": ["iban"]}}),
        {
            "anyOf": [
                payment(allOf=[CARD, NEEDS_NUMBER]),
                payment(**{"not": CARD}, required=["kind", "iban"]),
            ]
        },
        YES,
        YES,
    ),
    "another condition": (
        payment(**{"if": CARD, "then": NEEDS_NUMBER}),
        payment(
            **{"if": {"properties": {"kind": {"const": "cash"}}, "required": ["kind"]}, "then": NEEDS_NUMBER}
        ),
        NO,
        NO,
    ),
    "if alone says nothing": (payment(**{"if": CARD}), payment(), YES, YES),
    "then alone says nothing": (payment(then=NEEDS_NUMBER), payment(), YES, YES),
    "a condition on numbers": (
        integer(**{"if": {"minimum": 10}, "then": {"multipleOf": 10}}),
        {"anyOf": [integer(exclusiveMaximum=10), integer(minimum=10, multipleOf=10)]},
        YES,
        YES,
    ),
    "a condition that always holds": (
        string(**{"if": True, "then": {"maxLength": 3}}),
        string(maxLength=3),
        YES,
        YES,
    ),
    "a condition that never holds": (
        string(**{"if": False, "else": {"maxLength": 3}}),
        string(maxLength=3),
        YES,
        YES,
    ),
    # not
    "without a member": (record(a=STRING) | {"not": {"required": ["a"]}}, record(a=False), YES, YES),
    "not below a bound": (INTEGER | {"not": {"minimum": 5}}, integer(maximum=4), YES, YES),
    # dependentRequired and dependentSchemas
    "a member that needs another": (
        {**record(a=STRING, b=STRING), "dependentRequired": {"a": ["b"]}},
        {**record(a=STRING, b=STRING), "dependentSchemas": {"a": {"required": ["b"]}}},
        YES,
        YES,
    ),
    "a schema that depends on a member": (
        {**record(a=STRING, b=NUMBER), "dependentSchemas": {"a": {"properties": {"b": {"maximum": 5}}}}},
        {**record(a=STRING, b=NUMBER), "dependentSchemas": {"a": {"properties": {"b": {"maximum": 10}}}}},
        YES,
        NO,
    ),
    "a schema that depends on a member is new": (
        {**record(a=STRING, b=NUMBER), "dependentSchemas": {"a": {"properties": {"b": {"maximum": 5}}}}},
        record(a=STRING, b=NUMBER),
        YES,
        NO,
    ),
    "it depends on a member that is always there": (
        {**record("a", a=STRING, b=NUMBER), "dependentSchemas": {"a": {"required": ["b"]}}},
        record("a", "b", a=STRING, b=NUMBER),
        YES,
        YES,
    ),
    "dependent schemas as alternatives": (
        {**record(a=STRING, b=STRING), "dependentSchemas": {"a": {"required": ["b"]}}},
        {"anyOf": [record(a=False, b=STRING), record("a", "b", a=STRING, b=STRING)]},
        YES,
        YES,
    ),
    # contains
    "contains something narrower": (array(contains=INTEGER), array(contains=NUMBER), YES, NO),
    "contains is new": (array(contains=INTEGER), array(), YES, NO),
    "contains anything is not empty": (array(contains={}), array(minItems=1), YES, YES),
    "contains nothing": (array(contains=False), array(minItems=2, maxItems=1), YES, YES),
    "contains as often": (array(contains=INTEGER, minContains=2), array(contains=INTEGER), YES, NO),
    "contains at most": (
        array(contains=INTEGER, maxContains=2),
        array(contains=INTEGER, maxContains=3),
        YES,
        NO,
    ),
    "contains with no bound": (array(contains=INTEGER, minContains=0), array(), YES, YES),
    "all elements are what it contains": (array(INTEGER, minItems=1), array(contains=NUMBER), YES, NO),
    "an empty array contains nothing": (array(INTEGER), array(contains=NUMBER), NO, NO),
    "the first element is what it contains": (
        array(prefixItems=[INTEGER], minItems=1),
        array(contains=INTEGER),
        YES,
        NO,
    ),
    "elements that can never be what is limited": (
        array(STRING),
        array(contains=INTEGER, minContains=0, maxContains=1),
        YES,
        NO,
    ),
    "few elements are few that it contains": (
        array(maxItems=2),
        array(contains={}, minContains=0, maxContains=2),
        YES,
        YES,
    ),
    # propertyNames
    "shorter names": (
        {**OBJECT, "propertyNames": {"maxLength": 3}},
        {**OBJECT, "propertyNames": {"maxLength": 5}},
        YES,
        NO,
    ),
    "names of a pattern": (
        {**OBJECT, "propertyNames": {"pattern": "^[a-c]+$"}},
        {**OBJECT, "propertyNames": {"pattern": "^[a-z]+$"}},
        YES,
        NO,
    ),
    "listed names": (
        {**record(more=STRING), "propertyNames": {"enum": ["a", "b"]}},
        record(a=STRING, b=STRING, more=False),
        YES,
        YES,
    ),
    "a declared name is not allowed": (
        {**record(ab=STRING), "propertyNames": {"maxLength": 1}},
        record(ab=STRING),
        YES,
        NO,
    ),
    "no names at all": ({**OBJECT, "propertyNames": False}, {**OBJECT, "maxProperties": 0}, YES, YES),
    "names of members that any name may have": (
        {**record(more=STRING), "propertyNames": {"pattern": "^x"}},
        record(more=STRING),
        YES,
        NO,
    ),
    # patternProperties
    "members of a pattern": (
        {**OBJECT, "patternProperties": {"^x-": INTEGER}},
        {**OBJECT, "patternProperties": {"^x-": NUMBER}},
        YES,
        NO,
    ),
    "a pattern in another way": (
        {**OBJECT, "patternProperties": {r"^\d+$": INTEGER}, "additionalProperties": False},
        {**OBJECT, "patternProperties": {"^[0-9]+$": INTEGER}, "additionalProperties": False},
        YES,
        YES,
    ),
    "a pattern within a wider one": (
        {**OBJECT, "patternProperties": {"^x-[a-z]+$": INTEGER}, "additionalProperties": False},
        {**OBJECT, "patternProperties": {"^x-": INTEGER}, "additionalProperties": False},
        YES,
        NO,
    ),
    "patterns that overlap": (
        {**OBJECT, "patternProperties": {"^a": NUMBER, "b$": INTEGER}, "additionalProperties": False},
        {**OBJECT, "patternProperties": {"^a.*b$": INTEGER, "^a": NUMBER, "b$": NUMBER}},
        YES,
        NO,
    ),
    "a member that falls under a pattern": (
        {**OBJECT, "patternProperties": {"^a": INTEGER}},
        record(ab=STRING),
        NO,
        NO,
    ),
    # unevaluatedProperties and unevaluatedItems
    "closed by what is unevaluated": (
        {**record(a=STRING), "unevaluatedProperties": False},
        record(a=STRING, more=False),
        YES,
        YES,
    ),
    "closed over two halves": (
        {"allOf": [record(a=STRING), record(b=STRING)], "unevaluatedProperties": False},
        record(a=STRING, b=STRING, more=False),
        YES,
        YES,
    ),
    "closed over alternatives": (
        {"oneOf": [record("a", a=STRING), record("b", b=STRING)], "unevaluatedProperties": False},
        {"anyOf": [record("a", a=STRING, more=False), record("b", b=STRING, more=False)]},
        YES,
        YES,
    ),
    "alternatives that may hold together": (
        {"anyOf": [record("a", a=STRING), record("b", b=STRING)], "unevaluatedProperties": False},
        {
            "anyOf": [
                record("a", a=STRING, more=False),
                record("b", b=STRING, more=False),
                record("a", "b", a=STRING, b=STRING, more=False),
            ]
        },
        YES,
        YES,
    ),
    "a schema for what is unevaluated": (
        {"allOf": [record(a=STRING)], "unevaluatedProperties": INTEGER},
        record(a=STRING, more=NUMBER),
        YES,
        NO,
    ),
    "nothing is left over where all is looked at": (
        {"allOf": [record(a=STRING, more=INTEGER)], "unevaluatedProperties": False},
        record(a=STRING, more=INTEGER),
        YES,
        YES,
    ),
    "a member of a condition is looked at": (
        {
            **record("kind", kind=STRING),
            "if": CARD,
            "then": record(number=STRING),
            "unevaluatedProperties": False,
        },
        {
            "anyOf": [
                record("kind", kind={"const": "card"}, number=STRING, more=False),
                {**record("kind", kind=STRING, more=False), "not": CARD},
            ]
        },
        YES,
        YES,
    ),
    "a member that depends on another is looked at": (
        {
            **record(a=STRING),
            "dependentSchemas": {"a": record(b=STRING)},
            "unevaluatedProperties": False,
        },
        {"anyOf": [{**OBJECT, "additionalProperties": False}, record("a", a=STRING, b=STRING, more=False)]},
        YES,
        YES,
    ),
    "items that are left over": (
        {"allOf": [array(prefixItems=[STRING])], "unevaluatedItems": False, "type": "array"},
        array(prefixItems=[STRING], items=False),
        YES,
        YES,
    ),
    "a schema for the items that are left over": (
        array(prefixItems=[STRING], unevaluatedItems=INTEGER),
        array(NUMBER, prefixItems=[STRING]),
        YES,
        NO,
    ),
    "no items are left over where all are looked at": (
        {"allOf": [array(STRING)], "unevaluatedItems": False},
        array(STRING),
        YES,
        YES,
    ),
    "the same that is not worked out": (
        {"allOf": [array(contains=STRING)], "unevaluatedItems": INTEGER, "title": "a"},
        {"allOf": [array(contains=STRING)], "unevaluatedItems": INTEGER, "title": "a"},
        YES,
        YES,
    ),
    "patterns for all names": (
        {**OBJECT, "patternProperties": {"": STRING}},
        record(more=STRING),
        YES,
        YES,
    ),
}


@pytest.mark.parametrize("name", list(PAIRS))
def test_keywords(name: str) -> None:
    inner, outer, forward, backward = PAIRS[name]

    assert within(inner, outer) == forward
    assert within(outer, inner) == backward


# contentSchema, contentMediaType, contentEncoding

JSON_TEXT = "application/json"


def holding(schema: Any, media: str = JSON_TEXT, **parts: Any) -> dict[str, Any]:
    return record(a=string(contentMediaType=media, contentSchema=schema, **parts))


def judged(old: Any, new: Any) -> list[tuple[str, str, Any]]:
    return [
        (each.effect.value, each.rule, each.witness.accepted.body if each.witness is not None else None)
        for each in diff(contract(old), contract(new)).changes
    ]


def test_a_text_is_held_to_the_schema_of_its_content() -> None:
    assert judged(holding(NUMBER), holding(INTEGER)) == [
        ("breaking", "request-property-content-schema-changed", {"a": "0.5"})
    ]
    assert judged(holding(INTEGER), holding(NUMBER)) == [
        ("compatible", "request-property-content-schema-generalized", None)
    ]
    assert (
        judged(holding(record("x", x=INTEGER)), holding({"allOf": [record(x=INTEGER), {"required": ["x"]}]}))
        == []
    )


def test_an_encoded_text_is_decoded_first() -> None:
    old, new = (holding(kind, contentEncoding="base64") for kind in (NUMBER, INTEGER))

    assert judged(old, new) == [("breaking", "request-property-content-schema-changed", {"a": "MC41"})]  # 0.5


def test_the_content_of_another_media_type_is_not_looked_into() -> None:
    assert judged(holding(NUMBER, "text/csv"), holding(INTEGER, "text/csv")) == []


def test_another_media_type_or_encoding_of_a_text_is_risky() -> None:
    html, csv = (string(contentMediaType=media) for media in ("text/html", "text/csv"))
    plain, wide = (string(contentEncoding=encoding) for encoding in ("base64", "base32"))

    assert judged(html, csv) == [("risky", "request-body-content-media-type-changed", None)]
    assert judged(plain, wide) == [("risky", "request-body-content-encoding-changed", None)]
    assert judged(html, STRING) == [("risky", "request-body-content-media-type-changed", None)]


def test_words_beside_more_conditions_than_are_told_apart_change_nothing() -> None:
    members = {f"p{at}": STRING for at in range(12)}
    conditions = [
        {"if": {"required": [f"p{at}"]}, "then": {"required": [f"p{at + 1}"], "minProperties": at}}
        for at in range(10)
    ]
    old = {**record(**members), "allOf": conditions}

    assert [effect for effect, _, _ in judged(old, {**old, "description": "other words"})] == ["docs"]
    other = judged(old, {**old, "allOf": [*conditions[1:], {"minProperties": 1}]})
    assert "breaking" in {effect for effect, _, _ in other}  # {} was allowed
