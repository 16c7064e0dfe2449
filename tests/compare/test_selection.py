"""Versions that a header, a media type or a parameter selects: what selects them is no change."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from apiver.compare import diff
from apiver.compare.change import Exchange
from apiver.contract.document import Document
from tests.compare.operation_pairs import OK, contract, only, told


def selector(label: str, value: str, *, place: str = "header", name: str = "API-Version", **more: Any) -> Any:
    schema = {"type": "string", "enum": [value]}
    return {"name": name, "in": place, "schema": schema, "x-apiver-selector": label, **more}


def answering(schema: Any, media: str = "application/json") -> Any:
    return {"200": {"description": "fine", "content": {media: {"schema": schema}}}}


def books(*parameters: Any, responses: Any = OK, **more: Any) -> Document:
    return contract({"/books": {"get": {"parameters": list(parameters), "responses": responses, **more}}})


TEXT = {"type": "object", "properties": {"price": {"type": "string"}}, "required": ["price"]}
NUMBER = {"type": "object", "properties": {"price": {"type": "number"}}, "required": ["price"]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (selector("v1", "1"), selector("v2", "2", required=True)),
        (selector("v1", "1", required=True), selector("v2", "2")),
        (selector("v1", "1", name="v", place="query"), selector("v2", "2", name="v", place="query")),
        (selector("v1", "1"), selector("v2", "2", name="v", place="query", required=True)),
    ],
)
def test_what_selects_two_versions_is_no_change_between_them(old: Any, new: Any) -> None:
    assert told(diff(books(old), books(new))) == []


def test_a_version_that_needs_no_selecting_is_told_apart_too() -> None:
    assert told(diff(books(), books(selector("v2", "2", required=True)))) == []
    assert told(diff(books(selector("v1", "1", required=True)), books())) == []


def test_within_one_version_what_selects_it_is_a_parameter_like_any_other() -> None:
    change = only(diff(books(selector("v2", "2")), books(selector("v2", "2", required=True))))
    assert (change.effect.value, change.rule) == ("breaking", "request-parameter-became-required")
    renamed = told(
        diff(books(selector("v2", "2")), books(selector("v2", "2", name="X-Version", required=True)))
    )
    assert [rule for _, rule, _ in renamed] == ["new-required-request-parameter", "request-parameter-removed"]


def test_another_parameter_of_that_name_is_not_spared() -> None:
    plain = {**selector("v2", "2", required=True)}
    del plain["x-apiver-selector"]
    assert told(diff(books(), books(plain))) == [
        ("breaking", "new-required-request-parameter", "header API-Version")
    ]


def test_a_request_that_proves_a_break_names_the_version_of_each_side() -> None:
    size = {"name": "size", "in": "query", "required": True, "schema": {"type": "integer"}}
    found = only(diff(books(selector("v1", "1")), books(selector("v2", "2", required=True), size)))
    assert found.witness is not None
    assert found.witness.accepted == Exchange("GET", "/books", None, (("API-Version", "1"),))
    assert found.witness.rejected == Exchange("GET", "/books", None, (("API-Version", "2"),))


def test_a_parameter_of_the_query_stands_in_the_url_of_each_side() -> None:
    size = {"name": "size", "in": "query", "required": True, "schema": {"type": "integer"}}
    old, new = (selector(f"v{number}", number, name="v", place="query") for number in "12")
    witness = only(diff(books(old), books(new, size))).witness
    assert witness is not None
    assert (witness.accepted.url, witness.rejected.url) == ("/books?v=1", "/books?v=2")


def test_a_response_that_proves_a_break_says_what_asked_for_it() -> None:
    found = only(
        diff(
            books(selector("v1", "1"), responses=answering(TEXT)),
            books(selector("v2", "2"), responses=answering(NUMBER)),
        )
    )
    assert found.rule == "response-property-type-changed"
    assert found.witness is not None
    assert found.witness.accepted.selected == (("API-Version", "2"),)
    assert found.witness.rejected.selected == (("API-Version", "1"),)
    body = found.witness.accepted.body
    assert jsonschema.Draft202012Validator(NUMBER).is_valid(body)
    assert not jsonschema.Draft202012Validator(TEXT).is_valid(body)


def test_a_header_of_the_answer_repeats_the_version_that_was_asked_for() -> None:
    def repeating(schema: Any, **header: Any) -> Any:
        answers = answering(schema)
        answers["200"]["headers"] = {
            "api-version": {"required": True, "schema": {"type": "string", **header}}
        }
        return answers

    for header, shown in (({}, "2"), ({"enum": ["two"]}, "two")):
        old = books(selector("v1", "1"), responses=repeating(TEXT, **header))
        found = only(diff(old, books(selector("v2", "2"), responses=repeating(NUMBER, **header))))
        assert found.rule == "response-property-type-changed"
        assert found.witness is not None
        assert dict(found.witness.accepted.headers)["api-version"] == shown


def accepting(label: str, number: int) -> Any:
    return selector(label, f"application/vnd.shop.v{number}+json", name="Accept")


def test_the_media_type_of_a_version_is_no_change() -> None:
    first, second = "application/vnd.shop.v1+json", "application/vnd.shop.v2+json"
    old = books(accepting("v1", 1), responses=answering(TEXT, first))
    same = books(accepting("v2", 2), responses=answering(TEXT, second))
    other = books(accepting("v2", 2), responses=answering(NUMBER, second))

    assert told(diff(old, same)) == []
    witness = only(diff(old, other)).witness
    assert witness is not None
    assert dict(witness.accepted.headers) == {"Content-Type": second}
    assert dict(witness.rejected.headers) == {"Content-Type": first}
    assert witness.accepted.selected == (("Accept", second),)


def test_the_media_type_of_a_body_that_is_sent_goes_with_the_version() -> None:
    def taking(label: str, number: int, required: list[str]) -> Document:
        schema = {"type": "object", "properties": {"title": {"type": "string"}}, "required": required}
        body = {"content": {f"application/vnd.shop.v{number}+json": {"schema": schema}}}
        operation = {"parameters": [accepting(label, number)], "requestBody": body, "responses": OK}
        return contract({"/books": {"post": operation}})

    assert told(diff(taking("v1", 1, []), taking("v2", 2, []))) == []
    found = only(diff(taking("v1", 1, []), taking("v2", 2, ["title"])))
    assert found.rule == "new-required-request-property" or found.rule == "request-property-became-required"
    assert found.witness is not None
    types = [dict(each.headers)["Content-Type"] for each in (found.witness.accepted, found.witness.rejected)]
    assert types == ["application/vnd.shop.v1+json", "application/vnd.shop.v2+json"]


def test_a_media_type_that_is_gone_beside_that_of_the_version_is_told() -> None:
    def offering(label: str, number: int, *more: str) -> Document:
        media = [f"application/vnd.shop.v{number}+json", *more]
        content = {name: {"schema": TEXT} for name in media}
        return books(accepting(label, number), responses={"200": {"description": "fine", "content": content}})

    assert told(diff(offering("v1", 1, "text/csv"), offering("v2", 2))) == [
        ("risky", "response-media-type-removed", "Content-Type")
    ]


def test_an_operation_that_is_gone_is_asked_for_in_its_version() -> None:
    old = contract(
        {
            "/books": {"get": {"parameters": [selector("v1", "1", required=True)], "responses": OK}},
            "/authors": {"get": {"parameters": [selector("v1", "1", required=True)], "responses": OK}},
        }
    )
    found = only(diff(old, books(selector("v2", "2"))))
    assert (found.effect.value, found.rule) == ("breaking", "api-removed-without-deprecation")
    assert found.witness is not None
    assert found.witness.accepted.headers == (("API-Version", "1"),)
