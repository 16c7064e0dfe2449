"""The same meaning in different versions of OpenAPI."""

from __future__ import annotations

from typing import Any

import pytest

from apiver.compare import diff
from apiver.contract.document import Document
from tests.compare.operation_pairs import answer, body, proof, told, typed


def test_the_same_meaning_in_openapi_3_0_and_3_1_is_no_change() -> None:
    def document(openapi: str, price: Any, note: Any) -> Document:
        whole = typed("object", properties={"price": price, "note": note}, required=["price"])
        operation = {**body(whole, required=True), **answer(whole)}
        root = {
            "openapi": openapi,
            "info": {"title": "t", "version": "1"},
            "paths": {"/books": {"post": operation}},
        }
        return Document(root, openapi)

    before = document(
        "3.0.3",
        {"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": 100, "exclusiveMaximum": False},
        {"type": "string", "nullable": True},
    )
    after = document(
        "3.1.0", {"type": "number", "exclusiveMinimum": 0, "maximum": 100}, {"type": ["string", "null"]}
    )
    other = document(
        "3.1.1",
        {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
    )

    for one in (before, after, other):
        for two in (before, after, other):
            assert told(diff(one, two)) == []


def test_what_changed_between_openapi_3_0_and_3_1_is_seen() -> None:
    def document(openapi: str, schema: Any) -> Document:
        root = {
            "openapi": openapi,
            "info": {"title": "t", "version": "1"},
            "paths": {"/books": {"get": answer(schema)}},
        }
        return Document(root, openapi)

    found = diff(document("3.0.3", typed("string")), document("3.1.0", {"type": ["string", "null"]}))
    assert told(found) == [("breaking", "response-body-became-nullable", "body")]
    assert proof(found).accepted.body is None
    # `nullable` means nothing in 3.1, and `const` nothing in 3.0
    assert (
        told(diff(document("3.0.3", typed("string")), document("3.1.0", typed("string", nullable=True))))
        == []
    )
    assert told(diff(document("3.0.3", typed("string", const="a")), document("3.1.0", typed("string")))) == []


@pytest.mark.parametrize("combinator", ["allOf", "anyOf", "oneOf"])
def test_nullable_beside_a_combinator_means_null(combinator: str) -> None:
    """By the letter of 3.0.3 it says nothing without a type; whoever writes it sends null."""

    def document(**parts: Any) -> Document:
        schema = {combinator: [typed("object")], **parts}
        info = {"title": "t", "version": "1"}
        return Document({"openapi": "3.0.3", "info": info, "paths": {"/books": {"get": answer(schema)}}}, "t")

    found = diff(document(), document(nullable=True))
    assert told(found) == [("breaking", "response-body-became-nullable", "body")]
    assert proof(found).accepted.body is None
    back = told(diff(document(nullable=True), document()))
    assert back == [("compatible", "response-body-became-not-nullable", "body")]
