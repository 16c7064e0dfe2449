"""How much of a contract is known, counted on a small one."""

from __future__ import annotations

from typing import Any

import pytest

from apiver.contract.document import Document
from apiver.reading.account import Gap, account
from apiver.reading.reasons import Kind, grouped, kind_of
from apiver.report.knowledge import knowledge_json, knowledge_text, sentence

UNKNOWN = "x-apiver-unknown"


def answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


ROOT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "v1"},
    "paths": {
        "/books": {
            "get": {
                "parameters": [{"name": "q", "in": "query", "schema": {UNKNOWN: "nothing says what it is"}}],
                "responses": answer({"type": "array", "items": ref("Shelf")}),
            },
            "post": {
                "requestBody": body({UNKNOWN: "the body is not read key by key"}),
                "responses": answer(ref("Book")),
                "x-apiver-source": {"by": "declared", "source": "restx"},
            },
        },
        "/loose": {
            "put": {
                "requestBody": body(
                    {"type": "object", "properties": {"a": {"x-apiver-incomplete": "the check at a.py:1"}}}
                ),
                "responses": answer({UNKNOWN: "apiver failed to read this: KeyError()"}),
            }
        },
        "/plain": {"get": {"responses": answer({"type": "string"})}},
    },
    "components": {
        "schemas": {
            "Shelf": {"type": "object", "properties": {"book": ref("Book"), "next": ref("Shelf")}},
            "Book": {"type": "object", "properties": {"price": {UNKNOWN: "f() belongs to a library"}}},
        }
    },
}
TOLD = account(Document(ROOT, "v1"))


def test_operations_bodies_and_sources_are_counted() -> None:
    assert (TOLD.operations, TOLD.answered, TOLD.complete) == (4, 3, 1)
    assert (TOLD.bodies, TOLD.described_bodies, TOLD.known_bodies) == (2, 1, 0)
    assert TOLD.sources == {"declared": 1, "inferred": 3}


def test_a_gap_names_the_operations_that_reach_it() -> None:
    assert {gap.subject: gap.operations for gap in TOLD.gaps} == {
        "GET /books query q": ("GET /books",),
        "POST /books body": ("POST /books",),
        "PUT /loose body.a": ("PUT /loose",),
        "PUT /loose 200": ("PUT /loose",),
        "Book.price": ("GET /books", "POST /books"),
    }


def test_reasons_are_sorted_by_the_operations_that_they_reach() -> None:
    groups = [(group.kind, group.operations) for group in grouped(TOLD.gaps)]
    assert groups[0] == (Kind.LIBRARY, ("GET /books", "POST /books"))
    assert {kind for kind, _ in groups[1:]} == {Kind.UNTYPED, Kind.PASSED_ON, Kind.CHECK, Kind.DEFECT}


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("the source of hidden() could not be read", Kind.NO_SOURCE),
        ("BOOKS was empty when the app was loaded", Kind.STORE),
        ("it is read with getattr() under a name that is not a constant", Kind.COMPUTED),
        ("the decorator cache.memoize of a library may answer by itself", Kind.LIBRARY),
        ("the check at shop.py:3 could not be read", Kind.CHECK),
        ("a Book cannot be sent as JSON", Kind.NO_JSON),
        ("the query method window is not read yet", Kind.UNREAD),
        ("nothing in the code says what type it has", Kind.UNTYPED),
    ],
)
def test_the_kind_of_a_reason(reason: str, kind: Kind) -> None:
    assert kind_of(Gap("/paths", "GET /", None, reason)) is kind


def test_the_text_says_share_reason_and_remedy() -> None:
    assert knowledge_text([TOLD]).splitlines()[:11] == [
        "v1: 4 operations (1 declared, 3 inferred)",
        "  3 (75 %) have a response schema",
        "  2 read a body: 1 (50 %) have a schema for it, none one that is complete",
        "  1 (25 %) are known completely",
        "  5 parts are not known",
        "",
        "  1 part, in 2 (50 %) of the operations: code of a library stands in between",
        "    remedy: annotate the function of yours that calls it, or record what it answers: "
        "apiver record -- pytest",
        "",
        "    no place  f() belongs to a library",
        "      Book.price  in GET /books and 1 more",
    ]


def test_what_is_known_in_one_line() -> None:
    assert sentence(TOLD) == (
        "v1: 4 operations, 3 (75 %) with a response schema, 1 (25 %) known completely; "
        "--explain says what is not"
    )
    whole = account(Document({**ROOT, "paths": {"/plain": ROOT["paths"]["/plain"]}, "components": {}}, "v2"))
    assert sentence(whole) == "v2: 1 operation, all with a response schema, all known completely"
    nothing = account(Document({**ROOT, "paths": {}, "components": {}}, "v3"))
    assert sentence(nothing).startswith("v3: 0 operations, none with a response schema")


def test_the_json_has_every_part() -> None:
    told = knowledge_json([TOLD])["v1"]
    assert [len(reason["parts"]) for reason in told["reasons"]] == [1, 1, 1, 1, 1]
    assert told["reasons"][0]["parts"][0]["pointer"] == "/components/schemas/Book/properties/price"
