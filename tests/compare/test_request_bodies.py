"""Request bodies: their presence and their media types."""

from __future__ import annotations

import pytest

from apiver.compare.change import ABSENT, Exchange
from tests.compare.operation_pairs import JSON, body, compare, header, only, proof, told, typed


def test_a_new_required_body_breaks_requests_without_one() -> None:
    found = compare({}, body(typed("object"), required=True), method="post")

    assert told(found) == [("breaking", "request-body-added-required", "body")]
    witness = proof(found)
    assert witness.rejected == witness.accepted == Exchange("POST", "/books")
    assert witness.rejected.body is ABSENT


def test_a_new_optional_body_is_compatible() -> None:
    found = compare({}, body(typed("object")), method="post")

    assert told(found) == [("compatible", "request-body-added-optional", "body")]


def test_a_body_that_is_read_no_more_is_risky() -> None:
    found = compare(body(typed("object"), required=True), {}, method="post")

    assert told(found) == [("risky", "request-body-removed", "body")]


def test_a_body_that_becomes_required_breaks_requests_without_one() -> None:
    found = compare(body(typed("object")), body(typed("object"), required=True), method="post")

    assert told(found) == [("breaking", "request-body-became-required", "body")]
    assert proof(found).rejected.body is ABSENT


def test_a_body_that_becomes_optional_is_compatible() -> None:
    found = compare(body(typed("object"), required=True), body(typed("object")), method="post")

    assert told(found) == [("compatible", "request-body-became-optional", "body")]


def test_a_body_by_reference_is_the_body() -> None:
    shared = body(typed("object"), required=True)["requestBody"]
    found = compare(
        {"requestBody": shared},
        {"requestBody": {"$ref": "#/components/requestBodies/Book"}},
        method="post",
        components={"requestBodies": {"Book": shared}},
    )

    assert told(found) == []


def test_a_media_type_that_is_accepted_no_more_is_shown_with_its_body() -> None:
    schema = typed("object", properties={"title": typed("string")}, required=["title"])
    old = {"requestBody": {"content": {JSON: {"schema": schema}, "application/xml": {"schema": schema}}}}
    found = compare(old, body(schema), method="post")

    change = only(found)
    assert (change.effect.value, change.rule) == ("breaking", "request-body-media-type-removed")
    sent = proof(found).rejected
    assert header(sent, "content-type") == "application/xml"
    assert set(sent.body) == {"title"}
    assert told(compare(body(schema), old, method="post")) == [
        ("compatible", "request-body-media-type-added", "Content-Type")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (JSON, "application/*"),
        (JSON, "*/*"),
        ("text/csv", "text/*"),
        (JSON, "Application/JSON"),
        (JSON, "application/json; charset=utf-8"),
        ("application/json; charset=utf-8", JSON),
    ],
)
def test_a_range_accepts_the_media_types_within_it(old: str, new: str) -> None:
    found = compare(body(typed("string"), media=old), body(typed("string"), media=new), method="post")

    assert {effect for effect, _, _ in told(found)} <= {"compatible"}


@pytest.mark.parametrize(("old", "new"), [("application/*", JSON), ("*/*", JSON), ("text/*", "text/csv")])
def test_a_range_that_is_narrowed_breaks(old: str, new: str) -> None:
    found = compare(body(typed("string"), media=old), body(typed("string"), media=new), method="post")

    change = only(found)
    assert (change.effect.value, change.rule) == ("breaking", "request-body-media-type-removed")
    sent = header(proof(found).rejected, "content-type")
    assert sent is not None
    assert sent != new
    assert "*" not in sent


def test_a_body_of_plain_text_is_text() -> None:
    old, new = (body(typed(kind), media="text/plain") for kind in ("integer", "string"))
    assert {effect for effect, _, _ in told(compare(old, new, method="post"))} <= {"compatible"}
    assert [effect for effect, _, _ in told(compare(new, old, method="post"))] == ["breaking"]


def test_the_members_of_a_form_are_texts() -> None:
    media = "application/x-www-form-urlencoded"
    old, new = (
        body(typed("object", properties={"n": typed(kind)}), media=media) for kind in ("integer", "string")
    )
    assert {effect for effect, _, _ in told(compare(old, new, method="post"))} <= {"compatible"}
    assert [effect for effect, _, _ in told(compare(new, old, method="post"))] == ["breaking"]
