"""Who may call an operation."""

from __future__ import annotations

from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import Comparison
from apiver.contract.document import Document
from tests.compare.operation_pairs import OK, compare, contract, header, only, proof, told

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


@pytest.mark.parametrize("scopes", [["r", "w"], ["w"]])
def test_a_scope_that_was_not_needed(scopes: list[str]) -> None:
    found = secured([{"oauth": ["r"]}], [{"oauth": scopes}])

    assert told(found) == [("breaking", "api-security-scope-added", "security")]
    assert header(proof(found).rejected, "Authorization") == "Bearer <token, scopes: r>"


def test_a_scope_that_is_not_needed_any_more() -> None:
    assert told(secured([{"oauth": ["r", "w"]}], [{"oauth": ["r"]}])) == [
        ("compatible", "api-security-scope-removed", "security")
    ]


def test_a_certificate_is_asked_for() -> None:
    schemes = {"securitySchemes": {"mine": {"type": "mutualTLS"}, "yours": {"type": "mutualTLS"}, "key": KEY}}

    def secured(*requirements: Any) -> Document:
        return contract(
            {"/books": {"get": {"responses": OK}}}, security=list(requirements), components=schemes
        )

    found = diff(secured(), secured({"mine": []}))
    assert told(found) == [("breaking", "api-security-added", "security")]
    assert proof(found).reason == "credentials are required: client certificate"
    assert told(diff(secured({"mine": []}), secured({"yours": []}))) == []
    both = diff(secured({"mine": []}), secured({"mine": [], "key": []}))
    assert proof(both).accepted.headers == (("Client-Cert", "<certificate>"),)


def test_what_a_message_does_not_show_is_risky() -> None:
    schemes = {
        "securitySchemes": {"oauth": {**OAUTH}, "open": {"type": "openIdConnect", "openIdConnectUrl": "/o"}}
    }
    old, new = (
        contract({"/books": {"get": {"responses": OK}}}, security=[{name: []}], components=schemes)
        for name in ("oauth", "open")
    )

    found = diff(old, new)
    assert told(found) == [("risky", "api-security-added", "security")]
    assert (
        only(found).reason == "a message does not show the difference: the old credentials may still be taken"
    )


def defined(kind: str, **parts: Any) -> Document:
    """Two operations that need a credential that is defined so."""
    scheme = {"securitySchemes": {"it": {"type": kind, **parts}}}
    each = {"responses": OK}
    return contract({"/books": {"get": each, "put": each}}, security=[{"it": []}], components=scheme)


def granted(scopes: dict[str, str] | None = None, name: str = "authorizationCode", **urls: str) -> Document:
    flow = {"authorizationUrl": "/auth", "tokenUrl": "/token", "scopes": scopes or {"r": "read"}, **urls}
    return defined("oauth2", flows={name: flow})


ASSERTED: list[tuple[Document, Document, str, str]] = [
    (granted(), granted(authorizationUrl="/a"), "risky", "oauth-url-changed"),
    (granted(), granted(tokenUrl="/t"), "risky", "oauth-token-url-changed"),
    (granted(refreshUrl="/r"), granted(), "risky", "oauth-token-url-changed"),
    (granted({"r": "", "w": ""}), granted({"r": ""}), "risky", "oauth-scope-removed"),
    (granted({"r": ""}), granted({"r": "", "w": ""}), "compatible", "oauth-scope-added"),
    (granted({"r": "read"}), granted({"r": "reading"}), "docs", "oauth-scope-changed"),
    (
        defined("openIdConnect", openIdConnectUrl="/o"),
        defined("openIdConnect", openIdConnectUrl="/p"),
        "risky",
        "discovery-url-changed",
    ),
    (
        defined("http", scheme="bearer", bearerFormat="JWT"),
        defined("http", scheme="bearer", bearerFormat="opaque"),
        "docs",
        "bearer-format-changed",
    ),
]


@pytest.mark.parametrize(("old", "new", "effect", "rule"), ASSERTED, ids=[each[3] for each in ASSERTED])
def test_how_clients_come_by_credentials(old: Document, new: Document, effect: str, rule: str) -> None:
    change = only(diff(old, new))

    assert (change.effect.value, change.rule) == (effect, f"api-security-component-{rule}")
    assert len(change.operations) == 2
    assert change.old.pointer.startswith("/components/securitySchemes/it")
    assert told(diff(old, old)) == []


def test_another_flow() -> None:
    one, other = granted(), granted(name="deviceAuthorization", deviceAuthorizationUrl="/device")

    assert told(diff(one, other)) == [
        ("risky", "api-security-component-oauth-flow-removed", "security"),
        ("compatible", "api-security-component-oauth-flow-added", "security"),
    ]


def test_two_scopes_are_two_changes() -> None:
    found = diff(granted({"r": "", "w": "", "x": ""}), granted({"r": ""}))

    assert [change.title for change in found.changes] == [
        "the scope w is not granted by the flow authorizationCode any more",
        "the scope x is not granted by the flow authorizationCode any more",
    ]


def test_a_scheme_that_nobody_asks_for_is_not_compared() -> None:
    def document(url: str) -> Document:
        scheme = {"securitySchemes": {"it": {"type": "openIdConnect", "openIdConnectUrl": url}}}
        return contract({"/books": {"get": {"responses": OK}}}, components=scheme)

    assert told(diff(document("/o"), document("/p"))) == [("compatible", "unused-component-changed", "it")]


def test_a_requirement_may_refer_to_its_scheme() -> None:
    schemes = {"securitySchemes": {"key": KEY}}
    books = {"/books": {"get": {"responses": OK}}}
    named = contract(books, security=[{"key": []}], components=schemes)
    referred = contract(books, security=[{"#/components/securitySchemes/key": []}], components=schemes)

    assert told(diff(named, referred)) == []
