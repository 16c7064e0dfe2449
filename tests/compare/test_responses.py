"""What an operation answers: statuses, bodies, headers."""

from __future__ import annotations

from typing import Any

import pytest

from apiver.compare.change import Exchange
from tests.compare.operation_pairs import (
    JSON,
    OK,
    answer,
    compare,
    header,
    only,
    proof,
    statuses,
    told,
    typed,
    with_header,
)


def test_another_success_status_breaks_clients_that_know_the_old_one() -> None:
    found = compare(statuses("200"), statuses("202"))

    assert told(found) == [("breaking", "response-success-status-removed", "status 200")]
    witness = proof(found)
    assert witness.direction == "response"
    assert witness.accepted == witness.rejected == Exchange("GET", "/books", 202)
    assert (witness.accepted_by, witness.rejected_by) == ("new", "old")
    assert "202" in witness.reason


def test_a_further_success_status_breaks() -> None:
    found = compare(statuses("200"), statuses("200", "202"))

    assert told(found) == [("breaking", "response-success-status-added", "status 202")]
    assert proof(found).accepted.status == 202


def test_one_success_status_less_is_compatible() -> None:
    found = compare(statuses("200", "202"), statuses("200"))

    assert told(found) == [("compatible", "response-success-status-removed", "status 202")]


def test_errors_come_and_go_without_harm() -> None:
    assert told(compare(statuses("200"), statuses("200", "404"))) == [
        ("compatible", "response-non-success-status-added", "status 404")
    ]
    assert told(compare(statuses("200", "404"), statuses("200"))) == [
        ("compatible", "response-non-success-status-removed", "status 404")
    ]


def test_a_new_redirect_is_risky() -> None:
    found = compare(statuses("200"), statuses("200", "302"))

    assert told(found) == [("risky", "response-redirect-status-added", "status 302")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("2XX",), ("200",)),
        (("2XX",), ("200", "204")),
        (("default",), ("200",)),
        (("default",), ("200", "500")),
    ],
)
def test_a_range_covers_the_statuses_within_it(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    found = compare(statuses(*old, schema=typed("string")), statuses(*new, schema=typed("string")))

    assert {effect for effect, _, _ in told(found)} <= {"compatible"}


def test_a_status_within_a_range_is_held_to_what_the_range_says() -> None:
    found = compare(statuses("2XX", schema=typed("string")), statuses("200", schema=typed("integer")))

    assert told(found)[0] == ("breaking", "response-body-type-changed", "body")
    witness = found.changes[0].witness
    assert witness is not None
    assert witness.accepted.status == 200
    assert isinstance(witness.accepted.body, int)


def test_a_body_that_was_string_and_is_integer() -> None:
    witness = proof(compare(answer(typed("string")), answer(typed("integer"))))

    assert witness.direction == "response"
    assert witness.accepted.status == 200
    assert isinstance(witness.accepted.body, int)
    assert header(witness.accepted, "content-type") == JSON


def test_the_bodies_of_errors_are_compared_too() -> None:
    old = answer(typed("object", properties={"code": typed("string")}, required=["code"]), status="404")
    new = answer(typed("object", properties={"code": typed("string")}), status="404")
    found = compare(old, new)

    change = only(found)
    assert (change.effect.value, change.rule) == ("breaking", "response-property-became-optional")
    assert proof(found).accepted.status == 404
    assert proof(found).accepted.body == {}


def test_a_response_that_loses_its_body_breaks() -> None:
    found = compare(answer(typed("string")), {})

    assert told(found) == [("breaking", "response-body-removed", "status 200")]
    assert proof(found).accepted == Exchange("GET", "/books", 200)
    assert told(compare({}, answer(typed("string")))) == [("compatible", "response-body-added", "status 200")]


def test_another_media_type_of_the_answer_breaks() -> None:
    found = compare(answer(typed("string")), answer(typed("string"), media="text/csv"))

    change = only(found)
    assert (change.effect.value, change.rule) == ("breaking", "response-media-type-removed")
    assert header(proof(found).accepted, "content-type") == "text/csv"


def test_a_further_media_type_of_the_answer_is_compatible_and_one_less_is_risky() -> None:
    one = answer(typed("string"))
    content = {JSON: {"schema": typed("string")}, "text/csv": {"schema": typed("string")}}
    two = {"responses": {"200": {"description": "fine", "content": content}}}

    assert told(compare(one, two)) == [("compatible", "response-media-type-added", "Content-Type")]
    assert told(compare(two, one)) == [("risky", "response-media-type-removed", "Content-Type")]


def test_a_header_that_was_promised_and_is_gone_breaks() -> None:
    promised = with_header(required=True, schema=typed("integer"))
    found = compare(promised, {})

    assert told(found) == [("breaking", "required-response-header-removed", "header X-Total")]
    assert header(proof(found).accepted, "x-total") is None
    assert "X-Total" in proof(found).reason


def test_a_header_that_was_promised_and_may_be_missing_breaks() -> None:
    found = compare(with_header(required=True, schema=typed("integer")), with_header(schema=typed("integer")))

    assert told(found) == [("breaking", "response-header-became-optional", "header X-Total")]


def test_an_optional_header_that_is_gone_is_risky_and_a_new_one_is_compatible() -> None:
    assert told(compare(with_header(schema=typed("integer")), {})) == [
        ("risky", "optional-response-header-removed", "header X-Total")
    ]
    assert told(compare({}, with_header(schema=typed("integer")))) == [
        ("compatible", "response-header-added", "header X-Total")
    ]


def test_response_header_names_have_no_case() -> None:
    old, new = (
        with_header("X-Total", schema=typed("integer")),
        with_header("x-total", schema=typed("integer")),
    )

    assert told(compare(old, new)) == []


def test_the_values_of_a_response_header_are_compared_as_texts() -> None:
    found = compare(with_header(schema=typed("integer")), with_header(schema=typed("string")))

    change = only(found)
    assert (change.effect.value, change.rule) == ("breaking", "response-header-type-changed")
    text = header(proof(found).accepted, "x-total")
    assert text is not None
    assert not text.isdigit()
    assert {
        e
        for e, _, _ in told(
            compare(with_header(schema=typed("string")), with_header(schema=typed("integer")))
        )
    } <= {"compatible"}


def test_a_response_by_reference_is_the_response() -> None:
    shared = {"description": "fine", "content": {JSON: {"schema": typed("string")}}}
    found = compare(
        {"responses": {"200": shared}},
        {"responses": {"200": {"$ref": "#/components/responses/Fine"}}},
        components={"responses": {"Fine": shared}},
    )

    assert told(found) == []


def test_a_range_of_new_statuses_is_compared_under_each_old_one() -> None:
    found = compare(statuses("200", schema=typed("string")), statuses("default", schema=typed("integer")))

    breaking = {change.rule: change.witness for change in found.changes if change.effect.value == "breaking"}
    assert set(breaking) == {"response-body-type-changed", "response-success-status-added"}
    body, status = breaking["response-body-type-changed"], breaking["response-success-status-added"]
    assert body is not None
    assert body.accepted.status == 200
    assert status is not None
    assert status.accepted.status != 200


def test_a_status_that_falls_back_to_its_range_is_held_to_what_it_said_itself() -> None:
    def errors(**codes: str) -> dict[str, Any]:
        content = {name.lstrip("_"): typed(kind) for name, kind in codes.items()}
        return {
            "responses": {
                code: {"description": "an answer", "content": {JSON: {"schema": schema}}}
                for code, schema in content.items()
            }
        }

    old = errors(_200="string", _404="string", _4XX="integer")
    found = compare(old, errors(_200="string", _4XX="integer"))
    assert [effect for effect, _, _ in told(found)] == ["breaking"]
    assert proof(found).accepted.status == 404


def test_a_range_of_successes_for_one_status_may_be_answered_with_another() -> None:
    found = compare(statuses("200"), statuses("2XX"))

    assert told(found) == [("breaking", "response-success-status-added", "status 2XX")]
    status = proof(found).accepted.status
    assert status is not None
    assert 201 <= status <= 299


def test_the_last_success_status_is_not_given_up_without_a_word() -> None:
    found = compare(statuses("200"), statuses("404"))

    removed = next(change for change in found.changes if change.rule == "response-success-status-removed")
    assert removed.effect.value in ("breaking", "risky")


def test_a_media_type_has_the_last_word_over_its_range() -> None:
    def accepting(**kinds: str) -> dict[str, Any]:
        return {name: {"schema": typed(kind)} for name, kind in kinds.items()}

    loose = accepting(**{"application/*": "string"})
    strict = accepting(**{"application/*": "string", JSON: "integer"})
    found = compare({"requestBody": {"content": loose}}, {"requestBody": {"content": strict}}, method="post")
    sent = proof(found).rejected
    assert header(sent, "content-type") == JSON
    assert isinstance(sent.body, str)

    sent = proof(
        compare(
            {"responses": {"200": {"description": "fine", "content": strict}}},
            {"responses": {"200": {"description": "fine", "content": loose}}},
        )
    ).accepted
    assert header(sent, "content-type") == JSON
    assert isinstance(sent.body, str)


def test_extensions_among_the_responses_are_no_statuses() -> None:
    extended = {"responses": {**OK, "x-cache": {"description": "ten minutes"}}}

    assert told(compare({}, extended)) == []
    assert told(compare(extended, {})) == []


def test_a_file_is_a_file_in_either_spelling() -> None:
    older, newer = (
        answer(typed("string", format="binary"), media="application/pdf"),
        answer({}, media="application/pdf"),
    )
    assert told(compare(older, newer)) == []
    assert told(compare(newer, older)) == []


def test_the_names_in_a_header_are_texts_whatever_type_their_schema_leaves_open() -> None:
    def titles(**names: Any) -> dict[str, Any]:
        schema = typed("object", additionalProperties=typed("string"), **names)
        headers = {"X-Titles": {"required": True, "schema": schema}}
        return {"responses": {"200": {"description": "fine", "headers": headers}}}

    change = only(compare(titles(propertyNames={"maxLength": 2}), titles()))
    assert (change.effect.value, change.rule) == ("breaking", "response-header-property-names-removed")
