"""The oracle itself, on cases worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compare.fuzzing.contracts import Contract
from tests.compare.fuzzing.oracle import Oracle


def takes(body: Any, components: dict[str, Any] | None = None, legacy: bool = False) -> Oracle:
    return Oracle(Contract(body, components or {}, legacy), "request")


def test_an_undeclared_member_is_accepted_but_not_sent() -> None:
    pet = {"type": "object", "properties": {"a": {"type": "integer"}}}
    other = {"type": "object", "properties": {"b": {"type": "string"}}}
    oracle = takes({"anyOf": [pet, other]})

    assert oracle.sends({"a": 1})
    assert oracle.sends({"b": "x"})
    assert oracle.takes({"a": 1, "b": 2})
    assert not oracle.sends({"a": 1, "b": 2})
    assert not oracle.takes(1)


@pytest.mark.parametrize(
    ("schema", "value", "sent"),
    [
        ({"additionalProperties": {}}, {"a": 1}, True),
        ({"additionalProperties": True}, {"a": {"b": 1}}, False),
        ({"patternProperties": {"^a": {}}}, {"ab": 1}, True),
        ({"patternProperties": {"^a": {}}}, {"b": 1}, False),
        (
            {"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": {"type": "integer"}},
            {"b": 1},
            True,
        ),
        ({"required": ["a"]}, {"a": 1}, True),
        ({"required": ["a"]}, {"a": {"b": 1}}, False),
        ({"enum": [{"a": 1}]}, {"a": 1}, True),
        ({"if": {"required": ["a"]}, "then": {"properties": {"a": {}}}}, {"a": 1}, True),
        ({"if": {"required": ["b"]}, "then": {"properties": {"a": {}}}}, {"a": 1}, False),
        ({"dependentSchemas": {"a": {"properties": {"a": {}}}}}, {"a": 1}, True),
        ({"not": {"required": ["b"], "properties": {"a": {}}}}, {"a": 1}, False),
        ({"items": {"properties": {"a": {}}}}, [{"a": 1}], True),
        ({"items": {"properties": {"a": {}}}}, [{"b": 1}], False),
        ({"prefixItems": [{"properties": {"a": {}}}]}, [{"a": 1}, 2], True),
        ({"properties": {"a": {"properties": {"b": {}}}}}, {"a": {"b": 1}}, True),
        ({"properties": {"a": {"properties": {"b": {}}}}}, {"a": {"c": 1}}, False),
        ({"oneOf": [{"$ref": "#/components/schemas/A"}]}, {"a": 1}, True),
        ({"$dynamicRef": "#node"}, {"a": 1}, True),
    ],
)
def test_declared_members_are_sent(schema: Any, value: Any, sent: bool) -> None:
    oracle = takes(schema, {"A": {"properties": {"a": {}}, "$dynamicAnchor": "node"}})

    assert oracle.takes(value)
    assert oracle.sends(value) is sent


@pytest.mark.parametrize("legacy", [True, False])
def test_both_dialects_are_known(legacy: bool) -> None:
    schema = (
        {"type": "integer", "nullable": True, "minimum": 3, "exclusiveMinimum": True}
        if legacy
        else {"type": ["integer", "null"], "exclusiveMinimum": 3}
    )
    oracle = takes({"$ref": "#/components/schemas/A"}, {"A": schema}, legacy)

    assert [value for value in (None, 3, 4, 4.5, "x") if oracle.takes(value)] == [None, 4]


def test_null_beside_a_combinator_without_a_type() -> None:
    assert takes({"allOf": [{"type": "object"}], "nullable": True}, legacy=True).takes(None)
    assert not takes({"allOf": [{"type": "object"}], "nullable": True}).takes(None)
    assert not takes({"nullable": True, "enum": ["x"], "anyOf": [{}]}, legacy=True).takes(None)


def test_formats_are_asserted() -> None:
    assert takes({"format": "date"}).takes("2024-01-31")
    assert not takes({"format": "date"}).takes("2024-02-30")
    assert takes({"format": "word"}).takes("no word")
    assert takes({"format": "int32"}).takes(2**31 - 1)
    assert not takes({"format": "int32"}).takes(2**31)


def test_members_of_the_other_direction_are_free() -> None:
    body = {"properties": {"a": {"type": "string", "readOnly": True}}, "required": ["a"]}
    request, response = (Oracle(Contract(body, {}), direction) for direction in ("request", "response"))

    assert request.takes({})
    assert request.takes({"a": 1})
    assert not request.sends({"a": "x"})
    assert not response.takes({})
    assert response.sends({"a": "x"})
