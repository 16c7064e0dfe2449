"""The proofs themselves: what a counterexample looks like, where there is one, and why there is none."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import Comparison, Witness
from apiver.contract.document import Document

JSON = "application/json"
STRING = {"type": "string"}
INTEGER = {"type": "integer"}


def contract(operation: dict[str, Any], path: str = "/books", **parts: Any) -> Document:
    root = {
        "openapi": "3.1.0",
        "info": {"title": "Bookshop", "version": "1"},
        "paths": {path: {"post": {"responses": {"200": {"description": "fine"}}, **operation}}},
        **parts,
    }
    return Document(root, "contract.json")


def sent(schema: Any, **media: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema, **media}}}}


def answered(schema: Any, **media: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "fine", "content": {JSON: {"schema": schema, **media}}}}}


def requests(old: Any, new: Any, **parts: Any) -> Comparison:
    return diff(contract(sent(old), **parts), contract(sent(new), **parts))


def responses(old: Any, new: Any, **parts: Any) -> Comparison:
    return diff(contract(answered(old), **parts), contract(answered(new), **parts))


def told(comparison: Comparison) -> list[tuple[str, str]]:
    """Effect and rule of every change but the one that says that words differ."""
    changes = [each for each in comparison.changes if each.rule != "documentation-changed"]
    return [(change.effect.value, change.rule) for change in changes]


def proof(comparison: Comparison) -> Witness:
    """The witness of the only breaking change."""
    breaking = [change for change in comparison.changes if change.effect.value == "breaking"]
    assert len(breaking) == 1, told(comparison)
    assert breaking[0].witness is not None
    return breaking[0].witness


def record(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


# Unions --------------------------------------------------------------------------------------------------


def test_alternatives_that_another_one_eclipses_are_one_risky_change_with_the_reason() -> None:
    pages = record("pages", pages={"type": "array", "items": {"type": "integer"}})
    pushed = record("head", head={"type": ["string", "null"]})
    anything = {"type": "object"}
    old = record(head=STRING, pages={"type": "array", "items": STRING})

    found = responses(old, {"oneOf": [pages, pushed, anything]})

    risky = [change for change in found.changes if change.rule == "response-body-any-of-added"]
    assert [change.effect.value for change in risky] == ["risky"]
    assert "allows no value" in (risky[0].reason or "")
    assert not [change for change in found.changes if change.effect.value == "breaking"]


def test_an_eclipsed_alternative_that_stays_as_it_was_is_no_change() -> None:
    pages, anything = record("pages", pages={"type": "array"}), {"type": "object"}
    before = {"oneOf": [pages, anything]}
    after = {"oneOf": [{"description": "x", **anything}, {"description": "y", **pages}]}

    assert told(responses(before, after)) == []


@pytest.mark.parametrize(
    "shared",
    [
        {"oneOf": [{"const": 1}, {"enum": [1.0]}]},
        {"oneOf": [{"type": "null"}, {"enum": [None]}]},
        {"oneOf": [{"type": "boolean"}, {"enum": [True, False]}]},
    ],
)
def test_what_alternatives_of_constants_share_is_no_value_and_needs_no_proof(shared: Any) -> None:
    old = record("kind", kind=shared)

    found = requests(old, record("kind", "size", kind={"enum": [7]}, size=INTEGER))

    assert told(found) == [("compatible", "request-property-type-generalized")]


def test_what_alternatives_of_constants_do_not_share_is_a_value_with_a_proof() -> None:
    old = {"oneOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]}

    assert proof(requests(old, {"enum": ["a", "b"]})).accepted.body == "c"
    assert told(requests(old, {"enum": ["a", "c"]})) == []


def test_a_break_that_is_shown_elsewhere_is_not_told_again_as_an_undecided_union() -> None:
    user = {"type": ["string", "null"]}
    parts = {"Comment": record("user", "line", user=STRING, line=INTEGER)}
    changed = {"Comment": record("user", "line", user=user, line=INTEGER)}
    comment = {"$ref": "#/components/schemas/Comment"}
    listed = record(comments={"type": "array", "items": comment})
    other = record(comments={"type": "array", "items": record("page", page=INTEGER)})

    def document(schemas: dict[str, Any]) -> Document:
        root = {
            "paths": {"/a": {"get": answered(comment)}, "/b": {"get": answered({"anyOf": [listed, other]})}}
        }
        root = {"openapi": "3.1.0", "components": {"schemas": schemas}, **copy.deepcopy(root)}
        return Document(root, "contract.json")

    found = diff(document(parts), document(changed))

    assert [(change.rule, change.subject) for change in found.changes] == [
        ("response-property-became-nullable", "Comment.user")
    ]
    assert [str(operation) for operation in found.changes[0].operations] == ["GET /a", "GET /b"]
