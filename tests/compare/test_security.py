"""Who may call an operation."""

from __future__ import annotations

from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import Comparison
from apiver.contract.document import Document
from tests.compare.operation_pairs import OK, compare, contract, only, proof, told

KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
BEARER = {"type": "http", "scheme": "bearer"}
BASIC = {"type": "http", "scheme": "basic"}
OAUTH = {
    "type": "oauth2",
    "flows": {
        "clientCredentials": {"tokenUrl": "https://bookshop.example/token", "scopes": {"r": "", "w": ""}}
    },
}
SCHEMES = {"securitySchemes": {"key": KEY, "bearer": BEARER, "basic": BASIC, "oauth": OAUTH}}


def secured(old: Any, new: Any) -> Comparison:
    return compare(
        {} if old is None else {"security": old}, {} if new is None else {"security": new}, components=SCHEMES
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, []),
        (None, [{}]),
        ([{}], []),
        ([{"key": []}, {"bearer": []}], [{"bearer": []}, {"key": []}]),
        ([{"oauth": ["r", "w"]}], [{"oauth": ["w", "r"]}]),
    ],
)
def test_the_same_credentials_spelled_differently(old: Any, new: Any) -> None:
    assert told(secured(old, new)) == []
    assert told(secured(new, old)) == []


@pytest.mark.parametrize(
    ("old", "new", "sent"),
    [
        (None, [{"key": []}], {}),
        ([{}, {"key": []}], [{"key": []}], {}),
        ([{"key": []}], [{"key": [], "bearer": []}], {"X-Key"}),
        ([{"key": []}, {"bearer": []}], [{"key": []}], {"Authorization"}),
        ([{"key": []}], [{"bearer": []}], {"X-Key"}),
        ([{"bearer": []}], [{"basic": []}], {"Authorization"}),
        ([{"oauth": ["r"]}], [{"oauth": ["r", "w"]}], {"Authorization"}),
        ([{"oauth": ["r"]}], [{"oauth": ["w"]}], {"Authorization"}),
    ],
)
def test_credentials_that_are_not_enough_any_more(old: Any, new: Any, sent: Any) -> None:
    found = secured(old, new)

    assert told(found) == [("breaking", "api-security-added", "security")]
    witness = proof(found)
    assert {name for name, _ in witness.rejected.headers} == set(sent)
    assert "credentials are required" in witness.reason


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([{"key": []}], None),
        ([{"key": []}], [{"key": []}, {}]),
        ([{"key": [], "bearer": []}], [{"key": []}]),
        ([{"key": []}], [{"key": []}, {"bearer": []}]),
        ([{"oauth": ["r", "w"]}], [{"oauth": ["r"]}]),
        ([{"key": []}, {"bearer": []}], [{}]),
    ],
)
def test_fewer_credentials_are_compatible(old: Any, new: Any) -> None:
    assert told(secured(old, new)) == [("compatible", "api-security-removed", "security")]


def test_a_key_in_another_header_is_another_key() -> None:
    def document(name: str) -> Document:
        scheme = {"securitySchemes": {"key": {**KEY, "name": name}}}
        return contract({"/books": {"get": {"responses": OK}}}, security=[{"key": []}], components=scheme)

    found = diff(document("X-Key"), document("X-Token"))
    assert told(found) == [("breaking", "api-security-added", "security")]
    assert [name for name, _ in proof(found).rejected.headers] == ["X-Key"]


def test_the_header_of_a_key_has_no_case() -> None:
    def document(name: str) -> Document:
        scheme = {"securitySchemes": {"key": {**KEY, "name": name}}}
        return contract({"/books": {"get": {"responses": OK}}}, security=[{"key": []}], components=scheme)

    assert told(diff(document("X-Key"), document("x-key"))) == []


def test_the_name_of_a_scheme_does_not_matter() -> None:
    def document(name: str) -> Document:
        paths = {"/books": {"get": {"responses": OK, "security": [{name: []}]}}}
        return contract(paths, components={"securitySchemes": {name: KEY}})

    assert told(diff(document("key"), document("apiKey"))) == []


def test_security_of_the_document_is_security_of_its_operations() -> None:
    schemes = {"components": SCHEMES}
    general = contract({"/books": {"get": {"responses": OK}}}, security=[{"key": []}], **schemes)
    own = contract({"/books": {"get": {"responses": OK, "security": [{"key": []}]}}}, **schemes)
    freed = contract(
        {"/books": {"get": {"responses": OK, "security": []}}}, security=[{"key": []}], **schemes
    )

    assert told(diff(general, own)) == []
    assert told(diff(own, general)) == []
    assert told(diff(general, freed)) == [("compatible", "api-security-removed", "security")]
    assert told(diff(freed, general)) == [("breaking", "api-security-added", "security")]


def test_security_of_the_document_is_one_cause() -> None:
    paths = {
        "/books": {"get": {"responses": OK}, "post": {"responses": OK}},
        "/authors": {"get": {"responses": OK}},
    }
    found = diff(
        contract(paths, components=SCHEMES), contract(paths, components=SCHEMES, security=[{"key": []}])
    )

    change = only(found)
    assert {str(ref) for ref in change.operations} == {"GET /books", "POST /books", "GET /authors"}
