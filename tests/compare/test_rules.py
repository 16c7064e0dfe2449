"""The catalogue of rules, and that every rule that a comparison names is in it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import Change
from apiver.compare.rules import catalogue, rule
from apiver.contract.document import Document

STRING = {"type": "string"}
INTEGER = {"type": "integer"}
OBJECT = {"type": "object"}
JSON = "application/json"


def test_ids_are_words_with_dashes() -> None:
    for name, each in catalogue().items():
        assert name == each.id
        assert re.fullmatch("[a-z][a-z0-9-]+", name)
        assert "--" not in name
        assert not name.endswith("-")


def test_every_rule_explains_itself() -> None:
    for each in catalogue().values():
        for text in (each.title, each.why, each.instead):
            assert text.strip() == text
            assert len(text) >= 10
            assert "{" not in text
            assert "}" not in text
            assert "  " not in text


def test_the_catalogue_is_in_order_and_always_the_same() -> None:
    assert list(catalogue()) == sorted(catalogue())
    assert catalogue() == catalogue()


def test_a_rule_by_its_id() -> None:
    assert rule("request-property-became-required").id == "request-property-became-required"
    with pytest.raises(KeyError):
        rule("no-such-rule")


# Ids that users may have in the severity files of other tools
KNOWN = (
    "api-removed-without-deprecation",
    "endpoint-added",
    "endpoint-deprecated",
    "new-optional-request-parameter",
    "new-optional-request-property",
    "new-required-request-parameter",
    "new-required-request-property",
    "optional-response-header-removed",
    "request-body-added-optional",
    "request-body-added-required",
    "request-body-became-optional",
    "request-body-became-required",
    "request-body-became-enum",
    "request-body-enum-value-removed",
    "request-body-max-decreased",
    "request-body-max-length-decreased",
    "request-body-min-increased",
    "request-body-min-items-increased",
    "request-body-type-changed",
    "request-parameter-became-optional",
    "request-parameter-became-required",
    "request-parameter-enum-value-added",
    "request-parameter-enum-value-removed",
    "request-parameter-max-decreased",
    "request-parameter-max-length-decreased",
    "request-parameter-min-increased",
    "request-parameter-pattern-added",
    "request-parameter-pattern-changed",
    "request-parameter-removed",
    "request-parameter-type-changed",
    "request-property-became-not-nullable",
    "request-property-became-required",
    "request-property-enum-value-removed",
    "request-property-max-decreased",
    "request-property-min-length-increased",
    "request-property-pattern-changed",
    "request-property-removed",
    "request-property-type-changed",
    "required-response-header-removed",
    "response-body-became-nullable",
    "response-body-type-changed",
    "response-media-type-added",
    "response-media-type-removed",
    "response-property-became-nullable",
    "response-property-became-optional",
    "response-property-became-required",
    "response-property-enum-value-added",
    "response-property-max-increased",
    "response-property-min-decreased",
    "response-property-type-changed",
    "response-required-property-added",
    "response-required-property-removed",
    "response-success-status-added",
    "response-success-status-removed",
)


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_id_is_in_the_catalogue(name: str) -> None:
    assert name in catalogue()


# What happens to a schema: the kind, wider, narrower
CHANGES: dict[str, tuple[Any, Any]] = {
    "type": ({"type": ["string", "integer"]}, STRING),
    "nullable": ({"type": ["string", "null"]}, STRING),
    "enum-value": ({"enum": ["a", "b"]}, {"enum": ["a"]}),
    "enum": (STRING, {"type": "string", "enum": ["a"]}),
    "min": ({**INTEGER, "minimum": 1}, {**INTEGER, "minimum": 2}),
    "min-set": (INTEGER, {**INTEGER, "minimum": 2}),
    "max": ({**INTEGER, "maximum": 2}, {**INTEGER, "maximum": 1}),
    "max-set": (INTEGER, {**INTEGER, "maximum": 1}),
    "exclusive-min": ({"type": "number", "exclusiveMinimum": 1}, {"type": "number", "exclusiveMinimum": 2}),
    "exclusive-min-set": ({"type": "number"}, {"type": "number", "exclusiveMinimum": 2}),
    "exclusive-max": ({"type": "number", "exclusiveMaximum": 2}, {"type": "number", "exclusiveMaximum": 1}),
    "exclusive-max-set": ({"type": "number"}, {"type": "number", "exclusiveMaximum": 1}),
    "multiple-of": ({**INTEGER, "multipleOf": 2}, {**INTEGER, "multipleOf": 4}),
    "multiple-of-set": (INTEGER, {**INTEGER, "multipleOf": 4}),
    "min-length": ({**STRING, "minLength": 1}, {**STRING, "minLength": 2}),
    "min-length-set": (STRING, {**STRING, "minLength": 2}),
    "max-length": ({**STRING, "maxLength": 2}, {**STRING, "maxLength": 1}),
    "max-length-set": (STRING, {**STRING, "maxLength": 1}),
    "pattern": ({**STRING, "pattern": "^a"}, {**STRING, "pattern": "^ab"}),
    "pattern-set": (STRING, {**STRING, "pattern": "^ab"}),
    "format": ({**STRING, "format": "email"}, {**STRING, "format": "uuid"}),
    "format-set": (STRING, {**STRING, "format": "uuid"}),
    "min-items": ({"type": "array", "minItems": 1}, {"type": "array", "minItems": 2}),
    "min-items-set": ({"type": "array"}, {"type": "array", "minItems": 2}),
    "max-items": ({"type": "array", "maxItems": 2}, {"type": "array", "maxItems": 1}),
    "max-items-set": ({"type": "array"}, {"type": "array", "maxItems": 1}),
    "unique-items": ({"type": "array"}, {"type": "array", "uniqueItems": True}),
    "items": ({"type": "array", "items": {}}, {"type": "array", "items": STRING}),
    "min-properties": ({**OBJECT, "minProperties": 1}, {**OBJECT, "minProperties": 2}),
    "min-properties-set": (OBJECT, {**OBJECT, "minProperties": 2}),
    "max-properties": ({**OBJECT, "maxProperties": 2}, {**OBJECT, "maxProperties": 1}),
    "max-properties-set": (OBJECT, {**OBJECT, "maxProperties": 1}),
    "additional": ({**OBJECT, "additionalProperties": {}}, {**OBJECT, "additionalProperties": False}),
    "additional-open": (OBJECT, {**OBJECT, "additionalProperties": False}),
    "additional-schema": ({**OBJECT, "additionalProperties": {}}, {**OBJECT, "additionalProperties": STRING}),
    "pattern-properties": (OBJECT, {**OBJECT, "patternProperties": {"^x": STRING}}),
    "dependent-required": (
        {**OBJECT, "properties": {"a": {}, "b": {}}},
        {**OBJECT, "properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["b"]}},
    ),
    "property": ({**OBJECT, "properties": {"a": {}}}, {**OBJECT, "properties": {"a": STRING}}),
    "required": ({**OBJECT, "properties": {"a": {}}}, {**OBJECT, "properties": {"a": {}}, "required": ["a"]}),
    "required-new": (OBJECT, {**OBJECT, "properties": {"a": {}}, "required": ["a"]}),
    "property-new": (OBJECT, {**OBJECT, "properties": {"a": {}}}),
    "alternatives": ({"anyOf": [STRING, INTEGER]}, {"anyOf": [STRING]}),
    "objects": (
        {"anyOf": [{**OBJECT, "required": ["a"]}, {**OBJECT, "required": ["b"]}]},
        {"anyOf": [{**OBJECT, "required": ["a"]}, {**OBJECT, "required": ["a", "b"]}]},
    ),
    "one-of": ({"anyOf": [INTEGER, {"type": "number"}]}, {"oneOf": [INTEGER, {"type": "number"}]}),
    "not": (STRING, {**STRING, "not": {"const": "a"}}),
    "undecided": ({"if": STRING, "then": {"minLength": 1}}, {"if": STRING, "then": {"minLength": 2}}),
    "contains": ({"type": "array"}, {"type": "array", "contains": STRING}),
    "property-names": (OBJECT, {**OBJECT, "propertyNames": {"maxLength": 3}}),
    "unevaluated": (OBJECT, {**OBJECT, "allOf": [{}], "unevaluatedProperties": False}),
    "default": (STRING, {**STRING, "default": "a"}),
    "default-changed": ({**STRING, "default": "b"}, {**STRING, "default": "a"}),
    "read-only": (
        {**OBJECT, "properties": {"a": STRING}},
        {**OBJECT, "properties": {"a": {**STRING, "readOnly": True}}},
    ),
    "write-only": (
        {**OBJECT, "properties": {"a": STRING}},
        {**OBJECT, "properties": {"a": {**STRING, "writeOnly": True}}},
    ),
    "reference": ({}, {"$ref": "#/components/schemas/Nowhere"}),
}

PLACES = (
    "body",
    "property",
    "item",
    "query",
    "path",
    "header",
    "answer",
    "answer property",
    "answer header",
    "error",
)


def document(schema: Any, place: str) -> Document:
    operation: dict[str, Any] = {"responses": {"200": {"description": "fine"}}}
    path = "/things"
    answer = operation["responses"]["200"]
    if place in ("body", "property", "item"):
        whole = {
            "property": {**OBJECT, "properties": {"p": schema}, "required": ["p"]},
            "item": {"type": "array", "items": schema},
        }.get(place, schema)
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": whole}}}
    elif place in ("query", "path", "header"):
        operation["parameters"] = [{"name": "q", "in": place, "required": True, "schema": schema}]
        path = "/things/{q}" if place == "path" else path
    elif place == "answer header":
        answer["headers"] = {"X-H": {"required": True, "schema": schema}}
    else:
        whole = {**OBJECT, "properties": {"p": schema}} if place == "answer property" else schema
        content = {"content": {JSON: {"schema": whole}}}
        if place == "error":
            operation["responses"]["404"] = {"description": "none", **content}
        else:
            answer.update(content)
    root = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {path: {"put": operation}}}
    return Document(root, "contract")


def sound(change: Change) -> None:
    """What holds for every change."""
    known = rule(change.rule)
    assert known.why
    assert known.instead
    assert re.fullmatch("[0-9a-f]{12}", change.fingerprint)
    assert change.title
    assert "{" not in re.sub(r'"[^"]*"|\{[^{}]*[":][^{}]*\}|\{q\}|\{\}', "", change.title)
    assert change.title.strip() == change.title
    assert not change.title.endswith((" takes", " be", ":"))
    assert change.subject
    assert "ABSENT" not in change.title + (change.reason or "")
    assert (change.witness is not None) == (change.effect.value == "breaking")
    if change.effect.value == "risky":
        assert change.reason
    if change.direction != "none":
        assert change.rule.split("-")[0] in (change.direction, "new", "optional", "required", "api")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", list(CHANGES))
def test_every_change_of_a_schema_has_a_rule_and_says_so_in_words(kind: str, place: str) -> None:
    wider, narrower = CHANGES[kind]
    seen = 0
    for old, new in ((wider, narrower), (narrower, wider)):
        found = diff(document(old, place), document(new, place))
        seen += len(found.changes)
        for change in found.changes:
            sound(change)
    # what is said of bodies must be said of bodies; texts, readOnly and default are another matter
    if place in ("body", "answer") and kind not in ("read-only", "write-only"):
        assert seen


@pytest.mark.parametrize(
    ("kind", "place", "narrowed", "widened"),
    [
        ("type", "body", "request-body-type-changed", "request-body-type-generalized"),
        ("type", "answer", "response-body-type-specialized", "response-body-type-changed"),
        ("nullable", "property", "request-property-became-not-nullable", "request-property-became-nullable"),
        ("nullable", "answer", "response-body-became-not-nullable", "response-body-became-nullable"),
        ("enum-value", "query", "request-parameter-enum-value-removed", "request-parameter-enum-value-added"),
        (
            "enum-value",
            "answer property",
            "response-property-enum-value-removed",
            "response-property-enum-value-added",
        ),
        ("enum", "body", "request-body-became-enum", "request-body-enum-removed"),
        ("min", "query", "request-parameter-min-increased", "request-parameter-min-decreased"),
        ("max", "answer property", "response-property-max-decreased", "response-property-max-increased"),
        ("max-set", "query", "request-parameter-max-set", "request-parameter-max-unset"),
        (
            "min-length",
            "property",
            "request-property-min-length-increased",
            "request-property-min-length-decreased",
        ),
        ("max-length-set", "answer", "response-body-max-length-set", "response-body-max-length-unset"),
        (
            "exclusive-min",
            "body",
            "request-body-exclusive-min-increased",
            "request-body-exclusive-min-decreased",
        ),
        ("multiple-of-set", "body", "request-body-multiple-of-set", "request-body-multiple-of-unset"),
        ("pattern-set", "query", "request-parameter-pattern-added", "request-parameter-pattern-removed"),
        ("min-items", "body", "request-body-min-items-increased", "request-body-min-items-decreased"),
        ("unique-items", "body", "request-body-unique-items-set", "request-body-unique-items-unset"),
        (
            "min-properties",
            "body",
            "request-body-min-properties-increased",
            "request-body-min-properties-decreased",
        ),
        ("required", "body", "request-property-became-required", "request-property-became-optional"),
        ("required", "answer", "response-property-became-required", "response-property-became-optional"),
        ("required-new", "body", "new-required-request-property", "request-property-removed"),
        ("required-new", "answer", "response-required-property-added", "response-required-property-removed"),
        ("property-new", "body", "new-optional-request-property", "request-property-removed"),
        ("property-new", "answer", "response-optional-property-added", "response-optional-property-removed"),
        ("alternatives", "body", "request-body-type-changed", "request-body-type-generalized"),
    ],
)
def test_the_name_of_a_change(kind: str, place: str, narrowed: str, widened: str) -> None:
    wider, narrower = CHANGES[kind]

    there = {change.rule for change in diff(document(wider, place), document(narrower, place)).changes}
    back = {change.rule for change in diff(document(narrower, place), document(wider, place)).changes}
    assert narrowed in there
    assert widened in back


def test_the_name_of_an_exclusion() -> None:
    wider, narrower = CHANGES["not"]
    (change,) = diff(document(wider, "body"), document(narrower, "body")).changes

    assert change.rule == "request-body-not-added"


def test_the_fingerprint_is_of_what_changed_and_not_of_where_it_is_written() -> None:
    def fingerprints(old: Any, new: Any, place: str = "body") -> list[str]:
        return [each.fingerprint for each in diff(document(old, place), document(new, place)).changes]

    wider, narrower = CHANGES["max"]
    (one,) = fingerprints(wider, narrower)
    assert fingerprints(wider, narrower) == [one]
    assert fingerprints({**wider, "description": "words"}, {**narrower, "title": "others"}) == [one]
    assert fingerprints(wider, {**narrower, "maximum": 0}) != [one]
    assert fingerprints(wider, narrower, "query") != [one]
