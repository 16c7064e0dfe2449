"""A path with a variable and a concrete one beside it: who serves the URL that both spell."""

from __future__ import annotations

from typing import Any

from apiver.compare import diff
from apiver.contract.document import Document
from tests.compare.operation_pairs import OK, answer, contract, only, parameter, proof, query, told, typed

BY_ID = "/users/{id}"
ME = "/users/me"


def users(concrete: dict[str, Any] | None, kind: str = "string", **templated: Any) -> Document:
    paths: dict[str, Any] = {
        BY_ID: {
            "get": {"parameters": [parameter("id", "path", schema=typed(kind))], "responses": OK, **templated}
        }
    }
    if concrete is not None:
        paths[ME] = {"get": {"responses": OK, **concrete}}
    return contract(paths)


def shadow(old: Document, new: Document) -> list[tuple[str, str, str]]:
    return [each for each in told(diff(old, new)) if each[1] != "endpoint-added"]


def test_a_concrete_path_that_takes_the_requests_of_a_variable_is_risky() -> None:
    found = diff(users(None), users({}))

    assert told(found) == [
        ("risky", "endpoint-added-shadows", "GET /users/me"),
        ("compatible", "endpoint-added", "operation"),
    ]
    change = found.changes[0]
    assert change.title == "takes requests that GET /users/{id} served"
    assert change.witness is None
    assert change.reason


def test_one_that_answers_what_the_old_contract_rules_out_breaks() -> None:
    old = users(None, **answer(typed("string")))
    new = users(answer(typed("integer")), **answer(typed("string")))
    found = diff(old, new)

    change = found.changes[0]
    assert (change.effect.value, change.rule) == ("breaking", "endpoint-added-shadows")
    assert change.witness is not None
    assert change.witness.direction == change.direction == "response"
    assert change.witness.accepted.url == "/users/me"
    assert isinstance(change.witness.accepted.body, int)


def test_one_that_rejects_the_requests_breaks() -> None:
    new = users(query(required=True, schema=typed("string")))
    change = diff(users(None), new).changes[0]

    assert (change.effect.value, change.rule) == ("breaking", "endpoint-added-shadows")
    assert change.witness is not None
    assert change.witness.direction == "request"
    assert change.witness.accepted.url == change.witness.rejected.url == "/users/me"
    assert "'limit'" in change.witness.reason


def test_a_text_that_the_variable_never_took_is_taken_from_nobody() -> None:
    assert shadow(users(None, "integer"), users({}, "integer")) == []


def test_another_method_and_another_depth_take_nothing() -> None:
    old = contract({BY_ID: {"get": {"responses": OK}}})
    new = contract(
        {BY_ID: {"get": {"responses": OK}}, ME: {"put": {"responses": OK}}, f"{ME}/x": {"get": {}}}
    )

    assert shadow(old, new) == []


def test_a_path_with_fewer_variables_takes_from_one_with_more() -> None:
    def document(**more: Any) -> Document:
        both = [parameter(name, "path", schema=typed("string")) for name in ("org", "id")]
        paths = {"/{org}/users/{id}": {"get": {"parameters": both, "responses": OK}}, **more}
        return contract(paths)

    mine = {"get": {"parameters": [parameter("o", "path", schema=typed("integer"))], "responses": OK}}
    found = diff(document(), document(**{"/{o}/users/me": mine}))

    change = found.changes[0]
    assert (change.effect.value, change.rule) == ("breaking", "endpoint-added-shadows")
    assert change.witness is not None
    assert change.witness.accepted.url.endswith("/users/me")


def test_a_version_in_the_url_hides_no_shadow() -> None:
    def document(version: str, *paths: str) -> Document:
        named = [parameter("id", "path", schema=typed("string"))]
        return contract(
            {
                path: {"get": {"responses": OK, **({"parameters": named} if "{" in path else {})}}
                for path in paths
            },
            servers=[{"url": f"/api/{version}"}],
        )

    assert shadow(document("v1", BY_ID), document("v2", BY_ID, ME)) == [
        ("risky", "endpoint-added-shadows", "GET /users/me")
    ]


def test_a_concrete_path_that_is_gone_is_served_by_the_variable() -> None:
    found = diff(users({}), users(None))

    change = only(found)
    assert (change.effect.value, change.rule) == ("risky", "api-removed-without-deprecation")
    assert change.reason == "GET /users/{id} serves its URL, in a way that its contract allowed"


def test_unless_the_variable_does_not_take_it() -> None:
    found = diff(users({}, "integer"), users(None, "integer"))

    assert told(found) == [("breaking", "api-removed-without-deprecation", "operation")]
    assert proof(found).rejected.url == "/users/me"
    assert "'me'" in proof(found).reason


def test_or_answers_otherwise() -> None:
    same = answer(typed("string"))
    found = diff(users(answer(typed("integer")), **same), users(None, **same))

    witness = proof(found)
    assert (witness.direction, witness.accepted_by) == ("response", "new")
    assert isinstance(witness.accepted.body, str)


def test_paths_that_differ_in_the_names_of_their_variables_alone_stay_themselves() -> None:
    both = contract({"/u/{id}": {"get": {"responses": OK}}, "/u/{name}": {"get": {"responses": OK}}})

    assert told(diff(both, both)) == []
