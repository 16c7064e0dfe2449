"""`--explain`: the steps that led to an answer, from the pairing of the operations to the verdict."""

from __future__ import annotations

from typing import Any

from apiver.compare import diff
from apiver.compare.change import Change
from apiver.contract.reader import parse

OLD = """\
openapi: 3.1.0
info: {title: Bookshop, version: v1}
servers: [{url: /api/v1}]
paths:
  /books:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                lines:
                  type: array
                  items:
                    type: object
                    properties:
                      copies: {type: integer, maximum: 9}
      responses: {'200': {description: fine}}
"""


def changes(old: str, new: str, **wanted: Any) -> list[Change]:
    sides = (parse(text.encode(), name) for text, name in ((old, "old.yaml"), (new, "new.yaml")))
    return list(diff(*sides, **wanted).changes)


def steps(old: str, new: str) -> list[str]:
    (change,) = changes(old, new, explain=True)
    return list(change.steps)


def test_nothing_is_explained_unless_it_is_asked_for() -> None:
    (change,) = changes(OLD, OLD.replace("maximum: 9", "maximum: 5"))

    assert change.steps == ()


def test_a_proved_change_tells_the_pairing_the_way_down_the_facts_and_the_proof() -> None:
    new = OLD.replace("maximum: 9", "maximum: 5").replace("/api/v1", "/api/v2")

    assert steps(OLD, new) == [
        "POST /api/v1/books is paired with POST /api/v2/books: the same method and URL but for the version",
        "request: whatever the old contract allows, the new one must allow",
        "body: old.yaml:11:13 against new.yaml:11:13",
        ".lines: old.yaml:14:17 against new.yaml:14:17",
        "[]: old.yaml:16:19 against new.yaml:16:19",
        ".copies: old.yaml:19:23 against new.yaml:19:23",
        "compared: 9 (old.yaml:19:47) against 5 (new.yaml:19:47)",
        'tried POST /api/v1/books {"lines": [{"copies": 6}]}: '
        "new does not allow it: 6 is greater than the maximum of 5",
        "proved: old allows it, new does not",
    ]


def test_in_a_response_the_new_contract_is_the_sender_and_the_sides_keep_their_order() -> None:
    old = """\
openapi: 3.1.0
paths:
  /books:
    get:
      responses:
        '200': {description: fine, content: {application/json: {schema: {type: string}}}}
"""

    assert steps(old, old.replace("type: string", "type: integer")) == [
        "GET /books is paired with GET /books: the same method and URL",
        "response: whatever the new contract allows, the old one must allow",
        "body: old.yaml:6:65 against new.yaml:6:65",
        'compared: "string" (old.yaml:6:65) against "integer" (new.yaml:6:65)',
        "tried GET /books -> 200 1: old does not allow it: 1 is not of type 'string'",
        "proved: new allows it, old does not",
    ]


def test_what_is_not_proved_says_why() -> None:
    old = OLD.replace("{type: integer, maximum: 9}", "{type: string}")

    assert steps(old, old.replace("type: string", "type: string, maxLength: 1000000000"))[-2:] == [
        "compared: nothing (old.yaml:19:23) against 1000000000 (new.yaml:19:46)",
        "not proved: only a value larger than any that apiver builds can show it",
    ]


def test_a_change_of_behaviour_says_that_no_proof_was_sought() -> None:
    old = OLD.replace("maximum: 9", "default: 1")

    (change,) = changes(old, old.replace("default: 1", "default: 2"), explain=True)

    assert change.effect.value == "risky"
    assert change.steps[-1] == (
        "no proof was sought: nothing is rejected, but a request that leaves it out means something else now"
    )


def test_an_operation_without_a_pair_says_so() -> None:
    new = OLD.replace("/books:", "/music:").replace("post:", "get:")

    said = {change.rule: change.steps[0] for change in changes(OLD, new, explain=True)}

    assert said == {
        "api-removed-without-deprecation": (
            "POST /books: no operation of the new contract has its URL, with or without the version, "
            "and none resembles it"
        ),
        "endpoint-added": (
            "GET /music: no operation of the old contract has its URL, with or without the version"
        ),
    }


def test_the_same_change_in_several_operations_names_the_others() -> None:
    old = """\
openapi: 3.1.0
paths:
  /a: {get: &get {responses: {'200': {$ref: '#/components/responses/Ok'}}}}
  /b: {get: *get}
components:
  responses: {Ok: {description: fine, content: {application/json: {schema: {type: string}}}}}
"""

    assert steps(old, old.replace("type: string", "type: integer"))[:2] == [
        "GET /a is paired with GET /a: the same method and URL",
        "the same in GET /b",
    ]
