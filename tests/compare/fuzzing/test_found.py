"""Pairs that random trials brought to light, made small: the answer to each was wrong once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from apiver.compare import diff
from tests.compare.fuzzing.contracts import Contract, Schema
from tests.compare.fuzzing.oracle import Oracle
from tests.compare.fuzzing.trial import Case

NODE = {"$dynamicRef": "#node"}
SPOT = {"$ref": "#spot"}

# The value is sent by the first schema and refused by the second one: what is between them breaks.
BREAKS: list[tuple[Any, Schema, Schema]] = [
    # Members that are required and not described are sent all the same.
    ({"c": -2}, {"required": ["c"]}, {"properties": {"c": {"type": "object"}}}),
    ({"b": 6}, {"required": ["b"]}, {"dependentRequired": {"b": ["c"]}}),
    ({"a": 2}, {"required": ["a"]}, {"patternProperties": {"^[ab]$": {"type": "object"}}}),
    ([{"a": True}], {"items": {"required": ["a"]}}, {"items": {"properties": {"a": {"type": "object"}}}}),
    # All of them together, where the number of members counts.
    (
        {"a": {}, "b": "", "c": {}},
        {"type": "object", "properties": {"a": {}, "c": {}}, "required": ["b"]},
        {
            "properties": {"a": {}, "c": {}},
            "if": {"required": ["c"], "minProperties": 3},
            "then": {"type": "integer"},
        },
    ),
    # A pattern stands for more names than the one that comes to mind first.
    (
        {"b": {"ab": -3}},
        {"properties": {"b": {"properties": {"a": {"type": "boolean"}}, "patternProperties": {"^a": {}}}}},
        {"properties": {"b": {"patternProperties": {"^a": {"type": "boolean"}}}}},
    ),
    (
        {"ab": {"a": -1}},
        {
            "properties": {"a": {}},
            "patternProperties": {"^a": {"properties": {"a": {}}}, "^[ab]$": {"type": "string"}},
        },
        {"patternProperties": {"^a": {"properties": {"a": False}}}},
    ),
    (
        {"ab": "zz"},
        {"patternProperties": {"^a": {}}, "additionalProperties": {"type": "null"}},
        {"properties": {"a": {}}, "additionalProperties": {"type": "null"}},
    ),
    (
        {"b": []},
        {"properties": {"a": {"type": "object"}}, "patternProperties": {"^[ab]$": {"enum": [[]]}}},
        {"patternProperties": {"^[ab]$": {"enum": [1]}}},
    ),
    # What is evaluated depends on the schemas around.
    (
        {"b": {}},
        {"anyOf": [{"patternProperties": {"^[ab]$": {}}}], "unevaluatedProperties": False},
        {"anyOf": [True], "unevaluatedProperties": False},
    ),
    (
        {"b": 1},
        {
            "additionalProperties": {},
            "dependentSchemas": {},
            "unevaluatedProperties": {"exclusiveMaximum": 1},
        },
        {"dependentSchemas": {}, "unevaluatedProperties": {"exclusiveMaximum": 1}},
    ),
    ([-2.75], {}, {"allOf": [{}], "unevaluatedItems": False}),
    # An object that can have no value, beside something else that can.
    (None, {"type": ["object", "null"], "required": ["a"], "maxProperties": 0}, {"type": "object"}),
]


def worst(case: Case) -> str:
    found = diff(case.old.document(case.direction, "old"), case.new.document(case.direction, "new")).changes
    return found[0].effect.value if found else "none"


@pytest.mark.parametrize("direction", ["request", "response"])
@pytest.mark.parametrize(("value", "sent", "taken"), BREAKS, ids=[json.dumps(each[0]) for each in BREAKS])
def test_a_value_that_was_passed_over(value: Any, sent: Schema, taken: Schema, direction: str) -> None:
    sender, receiver = Contract(sent, {}), Contract(taken, {})
    assert Oracle(sender, direction).sends(value)
    assert not Oracle(receiver, direction).takes(value)

    case = Case(sender, receiver, direction) if direction == "request" else Case(receiver, sender, direction)

    assert worst(case) == "breaking"


# Another anchored schema under the same reference.
ANCHORED = [
    (SPOT, {"$anchor": "spot"}, {"$anchor": "spot", "type": "boolean"}),
    (NODE, {"$dynamicAnchor": "node"}, {"$dynamicAnchor": "node", "type": "boolean"}),
]


@pytest.mark.parametrize(("reference", "wide", "narrow"), ANCHORED)
def test_what_a_name_stands_for_is_compared(reference: Schema, wide: Schema, narrow: Schema) -> None:
    body = {"properties": {"c": reference}}

    assert worst(Case(Contract(body, {"A": wide}), Contract(body, {"A": narrow}), "request")) == "breaking"
    assert worst(Case(Contract(body, {"A": narrow}), Contract(body, {"A": wide}), "request")) == "compatible"
    assert worst(Case(Contract(body, {"A": narrow}), Contract(body, {"A": wide}), "response")) == "breaking"


@pytest.mark.parametrize(("reference", "wide", "narrow"), ANCHORED)
def test_a_proof_minds_what_a_name_stands_for(reference: Schema, wide: Schema, narrow: Schema) -> None:
    """The old contract takes booleans alone, so that no array can show that it loses arrays."""
    old, new = Contract(reference, {"A": narrow}), Contract({"type": ["boolean", "string"]}, {})

    assert worst(Case(old, new, "request")) in ("compatible", "none")


# Whatever the schemas say, no value satisfies either of them: nothing changes for anybody.
EMPTY: list[tuple[Schema, Schema]] = [
    (
        {"type": "object", "properties": {"b": each}, "required": ["a"], "additionalProperties": False},
        {
            "type": "object",
            "properties": {"b": {"type": "string"}},
            "required": ["a"],
            "additionalProperties": False,
        },
    )
    for each in ({}, {"type": "integer"})
] + [
    (
        {"type": "integer", "minimum": 4, "maximum": 3},
        {"anyOf": [{"type": "integer", "minimum": 4, "maximum": 3}, False]},
    ),
    ({"not": {}}, {"type": "object", "required": ["a"], "maxProperties": 0}),
]


@pytest.mark.parametrize(("one", "other"), EMPTY)
@pytest.mark.parametrize("direction", ["request", "response"])
def test_a_schema_without_values_breaks_nothing(one: Schema, other: Schema, direction: str) -> None:
    assert worst(Case(Contract(one, {}), Contract(other, {}), direction)) in ("none", "docs", "compatible")
    assert worst(Case(Contract(other, {}), Contract(one, {}), direction)) in ("none", "docs", "compatible")


# No value that shows a break is found, and there is no proof that there is none.
UNDECIDED: list[tuple[Schema, list[Schema]]] = [
    ({"pattern": "^(?=x)[xy]+$"}, [{"pattern": "^(?!y)x"}, {"pattern": "^(?!z)x"}]),
    ({}, [{"format": "hostname"}, {"format": "word"}]),
]


@pytest.mark.parametrize(("sent", "alternatives"), UNDECIDED)
def test_what_could_not_be_decided_is_said(sent: Schema, alternatives: list[Schema]) -> None:
    old = Contract({"type": "string", **sent}, {})
    new = Contract({"anyOf": [{"type": "string", **each} for each in alternatives]}, {})

    assert worst(Case(old, new, "request")) == "risky"


def test_a_listed_value_on_which_a_search_might_not_end_is_said() -> None:
    value = "a" * 40 + "!"
    old, new = Contract({"enum": [value, "b"]}, {}), Contract({"type": "string", "pattern": "^(a+)+$|b"}, {})

    assert worst(Case(old, new, "request")) == "risky"


def test_names_that_no_automaton_can_tell_apart_are_said() -> None:
    named = {"additionalProperties": {"type": "string"}, "propertyNames": {"pattern": "^(?=a)(?!ab)"}}
    closed = {"patternProperties": {"^(?!zzz)": {"type": "string"}}, "additionalProperties": False}
    old, new = (Contract({"type": "object", **each}, {}) for each in (named, closed))

    assert worst(Case(old, new, "request")) == "risky"
