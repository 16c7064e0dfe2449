"""Webhooks and callbacks: the API sends, the client receives and answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import Comparison, Exchange, OperationRef
from apiver.contract.document import Document
from tests.compare.operation_pairs import (
    JSON,
    OK,
    answer,
    body,
    contract,
    header,
    only,
    parameter,
    proof,
    told,
    typed,
)

EVENT = typed("object", properties={"id": typed("integer")}, required=["id"])


def hook(operation: dict[str, Any], **parts: Any) -> Document:
    return contract({}, webhooks={"paid": {"post": {"responses": OK, **operation}}}, **parts)


def compare(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    return diff(hook(old), hook(new))


def event(schema: Any, **parts: Any) -> dict[str, Any]:
    return body(schema, required=True, **parts)


def with_callback(
    operation: dict[str, Any] | None, url: str = "{$request.body#/url}", name: str = "done"
) -> Document:
    called = {} if operation is None else {name: {url: {"post": {"responses": OK, **operation}}}}
    return contract({"/jobs": {"post": {"responses": OK, "callbacks": called}}})


def test_nothing_changes_where_nothing_changed() -> None:
    assert told(compare(event(EVENT), event(EVENT))) == []
    assert told(diff(with_callback(event(EVENT)), with_callback(event(EVENT)))) == []


def test_a_member_that_may_be_missing_from_what_the_client_receives_breaks() -> None:
    loose = {**EVENT, "required": []}
    found = compare(event(EVENT), event(loose))

    assert told(found) == [("breaking", "response-property-became-optional", "body.id")]
    change = only(found)
    assert change.direction == "response"
    assert change.title == "body.id may be missing now"
    assert change.operations == (OperationRef("POST", "webhook paid"),)
    witness = proof(found)
    assert (witness.direction, witness.accepted_by, witness.rejected_by) == ("request", "new", "old")
    assert witness.accepted == Exchange(
        "POST", "https://client.example/paid", None, (("Content-Type", JSON),), {}
    )
    assert "'id'" in witness.reason
    assert change.old.pointer.startswith("/webhooks/paid/post/requestBody")


def test_a_member_that_is_always_there_now_is_compatible() -> None:
    loose = {**EVENT, "required": []}

    assert told(compare(event(loose), event(EVENT))) == [
        ("compatible", "response-property-became-required", "body.id")
    ]


def test_a_value_that_the_client_does_not_know_breaks_and_one_less_does_not() -> None:
    few, many = ({"type": "string", "enum": each} for each in (["a"], ["a", "b"]))
    found = compare(event(few), event(many))

    assert told(found) == [("breaking", "response-body-enum-value-added", "body")]
    assert proof(found).accepted.body == "b"
    assert [effect for effect, _, _ in told(compare(event(many), event(few)))] == ["compatible"]


def test_what_the_client_may_answer_is_held_to_what_it_answered_before() -> None:
    few, many = ({"type": "string", "enum": each} for each in (["a"], ["a", "b"]))
    found = compare(answer(many), answer(few))

    assert told(found) == [("breaking", "request-body-enum-value-removed", "body")]
    witness = proof(found)
    assert (witness.direction, witness.accepted_by, witness.rejected_by) == ("response", "old", "new")
    assert (witness.accepted.status, witness.accepted.body) == (200, "b")
    assert [effect for effect, _, _ in told(compare(answer(few), answer(many)))] == ["compatible"]


def test_a_read_only_member_belongs_to_what_the_api_sends() -> None:
    owned = typed("object", properties={"id": typed("integer", readOnly=True)}, required=["id"])
    lost = typed("object", properties={"id": typed("integer", readOnly=True)})

    assert told(compare(event(owned), event(lost))) == [
        ("breaking", "response-property-became-optional", "body.id")
    ]


def test_a_webhook_that_is_gone_breaks_whoever_waits_for_it() -> None:
    found = diff(hook(event(EVENT)), contract({}))

    assert told(found) == [("breaking", "webhook-removed", "webhook")]
    witness = proof(found)
    assert (witness.direction, witness.accepted_by, witness.rejected_by) == ("request", "old", "new")
    assert set(witness.accepted.body) == {"id"}
    assert witness.reason == "it declares no webhook paid with POST"


def test_a_webhook_that_is_new_is_compatible() -> None:
    assert told(diff(contract({}), hook(event(EVENT)))) == [("compatible", "webhook-added", "webhook")]


def test_the_name_of_a_webhook_may_be_any_text() -> None:
    def named(kind: str) -> Document:
        operation = {"responses": OK, **event(typed(kind))}
        return contract({}, webhooks={"../a b?c#{d}": {"post": operation}})

    found = diff(named("string"), named("integer"))
    assert proof(found).accepted.url == "https://client.example/..%2Fa%20b%3Fc%23%7Bd%7D"


def test_the_method_of_a_webhook_is_part_of_it() -> None:
    other = contract({}, webhooks={"paid": {"put": {"responses": OK, **event(EVENT)}}})

    assert told(diff(hook(event(EVENT)), other)) == [
        ("breaking", "webhook-removed", "webhook"),
        ("compatible", "webhook-added", "webhook"),
    ]


def test_a_webhook_that_nobody_could_read_is_not_compared() -> None:
    unknown = {"x-apiver-unknown": "hidden"}
    found = compare(event(EVENT), event(unknown))

    assert told(found) == []
    assert [(each.side, each.reason) for each in found.not_compared] == [("new", "hidden")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (event(EVENT), {}, ("breaking", "webhook-body-removed", "body")),
        (body(EVENT), {}, ("risky", "webhook-body-removed", "body")),
        ({}, event(EVENT), ("compatible", "webhook-body-added", "body")),
        (event(EVENT), body(EVENT), ("breaking", "webhook-body-became-optional", "body")),
        (body(EVENT), event(EVENT), ("compatible", "webhook-body-became-required", "body")),
    ],
)
def test_the_presence_of_a_body(old: Any, new: Any, expected: tuple[str, str, str]) -> None:
    assert told(compare(old, new)) == [expected]


def test_the_media_types_of_a_body() -> None:
    both = {"requestBody": {"required": True, "content": {JSON: {"schema": EVENT}, "application/xml": {}}}}
    found = compare(event(EVENT), both)

    assert told(found) == [("breaking", "webhook-media-type-added", "Content-Type")]
    assert only(found).title == "the body may be in application/xml now"
    assert header(proof(found).accepted, "Content-Type") == "application/xml"
    assert told(compare(both, event(EVENT))) == [("compatible", "webhook-media-type-removed", "Content-Type")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (True, None, ("breaking", "webhook-parameter-removed", "header X-Signature")),
        (False, None, ("risky", "webhook-parameter-removed", "header X-Signature")),
        (None, True, ("compatible", "webhook-parameter-added", "header X-Signature")),
        (True, False, ("breaking", "webhook-parameter-became-optional", "header X-Signature")),
        (False, True, ("compatible", "webhook-parameter-became-required", "header X-Signature")),
    ],
)
def test_a_header_that_the_api_sends(
    old: bool | None, new: bool | None, expected: tuple[str, str, str]
) -> None:
    one, other = (
        {}
        if required is None
        else {"parameters": [parameter("X-Signature", "header", schema=typed("string"), required=required)]}
        for required in (old, new)
    )
    assert told(compare(one, other)) == [expected]


def test_the_statuses_that_the_client_may_answer() -> None:
    def answers(*codes: str) -> dict[str, Any]:
        return {"responses": {code: {"description": code} for code in codes}}

    found = compare(answers("200", "204"), answers("200"))
    assert told(found) == [("breaking", "webhook-status-removed", "status 204")]
    assert proof(found).accepted.status == 204
    assert told(compare(answers("200"), answers("200", "204"))) == [
        ("compatible", "webhook-status-added", "status 204")
    ]


def test_what_the_answer_must_have() -> None:
    plain = {"responses": {"200": {"description": "fine"}}}
    seen = {"X-Seen": {"required": True, "schema": typed("string")}}
    signed = {"responses": {"200": {"description": "fine", "headers": seen}}}
    assert told(compare(plain, signed)) == [("breaking", "webhook-answer-header-required", "header X-Seen")]
    assert told(compare(signed, plain)) == [("risky", "webhook-answer-header-removed", "header X-Seen")]
    assert told(compare(plain, answer(typed("string")))) == [
        ("breaking", "webhook-answer-body-required", "status 200")
    ]
    assert told(compare(answer(typed("string")), plain)) == [
        ("risky", "webhook-answer-body-removed", "status 200")
    ]


def test_the_credentials_of_clients_are_not_those_of_webhooks() -> None:
    keys = {"components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}}
    found = diff(hook(event(EVENT), **keys), hook(event(EVENT), security=[{"key": []}], **keys))

    assert told(found) == []


def test_credentials_that_the_api_shows() -> None:
    keys = {"components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}}
    signed = {**event(EVENT), "security": [{"key": []}]}
    found = diff(hook(signed, **keys), hook(event(EVENT), **keys))

    assert told(found) == [("breaking", "webhook-security-changed", "security")]
    assert header(proof(found).accepted, "X-Key") is None
    assert [effect for effect, _, _ in told(diff(hook(event(EVENT), **keys), hook(signed, **keys)))] == [
        "compatible"
    ]


def test_deprecation_goes_with_time_whoever_sends() -> None:
    assert told(compare({}, {"deprecated": True})) == [("docs", "endpoint-deprecated", "operation")]
    assert told(compare({"deprecated": True}, {})) == [("docs", "endpoint-reactivated", "operation")]


def test_a_schema_that_a_webhook_shares_with_a_response_is_one_cause() -> None:
    def document(*states: str) -> Document:
        order = typed("object", properties={"state": {"type": "string", "enum": list(states)}})
        ref = {"$ref": "#/components/schemas/Order"}
        return contract(
            {"/orders": {"get": answer(ref)}},
            webhooks={"paid": {"post": {"responses": OK, **event(ref)}}},
            components={"schemas": {"Order": order}},
        )

    change = only(diff(document("open"), document("open", "held")))

    assert (change.effect.value, change.rule) == ("breaking", "response-property-enum-value-added")
    assert set(change.operations) == {OperationRef("GET", "/orders"), OperationRef("POST", "webhook paid")}


def test_webhooks_by_another_name_are_named_as_not_compared() -> None:
    old, new = (contract({}, **{"x-webhooks": {"paid": {"post": body(each)}}}) for each in (EVENT, {}))

    found = diff(old, new)
    assert told(found) == []
    assert [(each.side, each.pointer) for each in found.not_compared] == [("both", "/x-webhooks")]
    assert diff(old, old).not_compared == ()


# Callbacks -----------------------------------------------------------------------------------------------


def test_a_callback_is_compared_as_a_webhook_is() -> None:
    found = diff(with_callback(event(EVENT)), with_callback(event({**EVENT, "required": []})))

    assert told(found) == [("breaking", "response-property-became-optional", "body.id")]
    change = only(found)
    assert change.operations == (OperationRef("POST", "/jobs callback done"),)
    assert proof(found).accepted.url == "https://client.example/done"


def test_a_callback_that_is_gone_and_one_that_is_new() -> None:
    gone = diff(with_callback(event(EVENT)), with_callback(None))
    assert told(gone) == [("breaking", "callback-removed", "callback")]
    assert proof(gone).reason == "it declares no callback done with POST"
    assert told(diff(with_callback(None), with_callback(event(EVENT)))) == [
        ("compatible", "callback-added", "callback")
    ]


def test_a_callback_that_goes_elsewhere_is_risky_and_still_compared() -> None:
    old = with_callback(event(EVENT))
    new = with_callback(event({**EVENT, "required": []}), url="{$request.body#/target}")

    assert told(diff(old, new)) == [
        ("breaking", "response-property-became-optional", "body.id"),
        ("risky", "callback-url-changed", "callback"),
    ]


def test_a_callback_by_reference_is_the_callback() -> None:
    shared = {"{$request.body#/url}": {"post": {"responses": OK, **event(EVENT)}}}
    called = {"done": {"$ref": "#/components/callbacks/Done"}}
    new = contract(
        {"/jobs": {"post": {"responses": OK, "callbacks": called}}},
        components={"callbacks": {"Done": shared}},
    )

    assert told(diff(with_callback(event(EVENT)), new)) == []


def test_the_callbacks_of_a_callback_are_named_as_not_compared() -> None:
    nested = {"callbacks": {"again": {"{$request.body#/url}": {"post": {"responses": OK}}}}}
    found = diff(with_callback(event(EVENT)), with_callback({**event(EVENT), **nested}))

    assert told(found) == []
    assert [each.reason for each in found.not_compared] == [
        "callbacks of a request that the API itself sends are not compared"
    ]


# The same schemas, sent by the other side ----------------------------------------------------------------

TRAPS = Path(__file__).parents[2] / "fixtures" / "conformance" / "traps.jsonl"


def turned(document: dict[str, Any]) -> dict[str, Any] | None:
    """The contract with its only body in a callback: what clients received, and sent, they still do."""
    operation = document.get("paths", {}).get("/t", {}).get("post", {})
    answered = operation.get("responses", {}).get("200", {})
    sent = operation.get("requestBody")
    if set(operation) - {"requestBody", "responses"} or "headers" in answered or "servers" in document:
        return None
    if sent is not None and "content" not in answered and sent.get("required") is True:
        called = {"responses": {"200": {"description": "what the client says", "content": sent["content"]}}}
    elif sent is None and "content" in answered and set(operation["responses"]) == {"200"}:
        body = {"required": True, "content": answered["content"]}
        called = {"requestBody": body, "responses": {"204": {"description": "heard"}}}
    else:
        return None
    callback = {"called": {"{$request.body#/url}": {"post": called}}}
    return {**document, "paths": {"/t": {"post": {"responses": OK, "callbacks": callback}}}}


def test_what_a_client_sends_and_receives_is_judged_alike_whoever_begins() -> None:
    compared = 0
    for line in TRAPS.read_text(encoding="utf-8").splitlines():
        trap = json.loads(line)
        old, new = turned(trap["old"]), turned(trap["new"])
        if old is None or new is None or "media" in trap["id"]:
            continue
        plain = told(diff(Document(trap["old"], "old"), Document(trap["new"], "new")))
        assert told(diff(Document(old, "old"), Document(new, "new"))) == plain, trap["id"]
        compared += 1
    assert compared > 80
