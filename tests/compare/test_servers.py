"""Where operations are: servers, versions in URLs, operations that are gone, new or moved."""

from __future__ import annotations

from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import Exchange, OperationRef
from apiver.contract.document import Document
from tests.compare.operation_pairs import (
    OK,
    body,
    contract,
    only,
    parameter,
    proof,
    query,
    statuses,
    told,
    typed,
)

GET = {"get": {"responses": OK}}


def test_the_path_of_the_server_is_part_of_the_url() -> None:
    inside = contract({"/v1/books": GET})
    outside = contract({"/books": GET}, servers=[{"url": "/v1"}])
    slashed = contract({"/books": GET}, servers=[{"url": "/v1/"}])
    templated = contract(
        {"/books": GET}, servers=[{"url": "/{version}", "variables": {"version": {"default": "v1"}}}]
    )

    for one in (inside, outside, slashed, templated):
        for other in (inside, outside, slashed, templated):
            assert told(diff(one, other)) == []


def test_the_server_of_an_operation_wins_over_that_of_its_path_and_its_document() -> None:
    own = {"get": {"responses": OK, "servers": [{"url": "/shop"}]}}
    one = contract({"/books": own}, servers=[{"url": "/elsewhere"}])
    other = contract({"/books": {**GET, "servers": [{"url": "/shop"}]}}, servers=[{"url": "/elsewhere"}])

    assert told(diff(one, contract({"/shop/books": GET}))) == []
    assert told(diff(other, contract({"/shop/books": GET}))) == []


def test_a_host_that_is_gone_is_risky() -> None:
    def document(*urls: str) -> Document:
        return contract({"/books": GET}, servers=[{"url": url} for url in urls])

    both = document("https://a.example/api", "https://b.example/api")
    found = diff(both, document("https://a.example/api"))

    assert [(effect, rule) for effect, rule, _ in told(found)] == [("risky", "api-server-removed")]
    assert "b.example" in found.changes[0].title
    assert told(diff(document("https://a.example/api"), both)) == []
    assert told(diff(document("https://a.example/api"), document("https://A.example/api"))) == []


@pytest.mark.parametrize(
    ("old", "new", "urls"),
    [
        (("/api/v1", "/books"), ("/api/v2", "/books"), ("/api/v1/books", "/api/v2/books")),
        (("", "/api/v1/books"), ("", "/api/v2/books"), ("/api/v1/books", "/api/v2/books")),
        (("/api/v1", "/books"), ("", "/api/v2/books"), ("/api/v1/books", "/api/v2/books")),
        (("", "/books"), ("/v2", "/books"), ("/books", "/v2/books")),
        (("/2024-01-01", "/books"), ("/2025-01-01", "/books"), ("/2024-01-01/books", "/2025-01-01/books")),
    ],
)
def test_the_version_in_the_url_is_no_change(old: Any, new: Any, urls: tuple[str, str]) -> None:
    def document(base: str, path: str, **operation: Any) -> Document:
        return contract({path: {"get": {"responses": OK, **operation}}}, servers=[{"url": base or "/"}])

    assert told(diff(document(*old), document(*new))) == []

    needs = {"parameters": [parameter("limit", required=True, schema=typed("integer"))]}
    witness = proof(diff(document(*old), document(*new, **needs)))
    assert (witness.accepted.url, witness.rejected.url) == urls
    assert witness.accepted.method == witness.rejected.method == "GET"
    assert witness.accepted.headers == witness.rejected.headers


def test_in_a_response_the_accepting_side_is_the_new_one() -> None:
    old = contract({"/books": {"get": statuses("200")}}, servers=[{"url": "/api/v1"}])
    new = contract({"/books": {"get": statuses("202")}}, servers=[{"url": "/api/v2"}])
    witness = proof(diff(old, new))

    assert (witness.accepted_by, witness.accepted.url) == ("new", "/api/v2/books")
    assert (witness.rejected_by, witness.rejected.url) == ("old", "/api/v1/books")


def test_an_operation_that_is_gone() -> None:
    old = contract(
        {
            "/books": GET,
            "/authors/{id}": {
                "delete": {"responses": OK, "parameters": [parameter("id", "path", schema=typed("integer"))]}
            },
        }
    )
    found = diff(old, contract({"/books": GET}))

    assert told(found) == [("breaking", "api-removed-without-deprecation", "operation")]
    change = only(found)
    assert change.operations == (OperationRef("DELETE", "/authors/{id}"),)
    witness = proof(found)
    assert witness.rejected.method == "DELETE"
    assert witness.rejected.url.removeprefix("/authors/").lstrip("-").isdigit()
    assert change.old.pointer == "/paths/~1authors~1{id}/delete"


def test_an_operation_that_is_new() -> None:
    found = diff(contract({"/books": GET}), contract({"/books": GET, "/stock": GET}))

    assert told(found) == [("compatible", "endpoint-added", "operation")]
    assert only(found).operations == (OperationRef("GET", "/stock"),)


def test_a_method_that_is_gone_and_another_that_is_new() -> None:
    found = diff(
        contract({"/books": {"put": {"responses": OK}}}), contract({"/books": {"patch": {"responses": OK}}})
    )

    assert told(found) == [
        ("breaking", "api-removed-without-deprecation", "operation"),
        ("compatible", "endpoint-added", "operation"),
    ]


def test_an_operation_that_moved_is_one_change_that_names_its_successor() -> None:
    one = {"get": {"responses": OK, "operationId": "listBooks", "summary": "All books"}}
    found = diff(contract({"/books": one}), contract({"/catalogue/books": one}))

    assert told(found) == [("breaking", "api-moved", "operation")]
    assert "GET /catalogue/books" in only(found).title
    assert proof(found).rejected == Exchange("GET", "/books")


def test_an_operation_that_another_serves_is_not_gone() -> None:
    fixed = {"get": {"responses": OK, "parameters": []}}
    templated = {"get": {"responses": OK, "parameters": [parameter("name", "path", schema=typed("string"))]}}
    both = contract({"/books/new": fixed, "/books/{name}": templated})
    found = diff(both, contract({"/books/{name}": templated}))

    assert [effect for effect, _, _ in told(found)] == ["risky"]
    assert only(found).reason


def test_operations_beside_the_reference_of_a_path_item_count() -> None:
    shared = {"components": {"pathItems": {"Books": {"post": {"responses": OK}}}}}
    old = contract({"/books": {"get": {"responses": OK}, "post": {"responses": OK}}}, **shared)
    new = contract({"/books": {"$ref": "#/components/pathItems/Books", "get": {"responses": OK}}}, **shared)

    assert told(diff(old, new)) == []
    assert told(diff(new, old)) == []


def test_a_path_segment_that_moves_from_the_server_to_the_path_is_no_change() -> None:
    old = contract({"/books": {"get": {"responses": OK}}}, servers=[{"url": "https://api.example/v1"}])
    new = contract({"/v1/books": {"get": {"responses": OK}}}, servers=[{"url": "https://api.example/"}])

    assert told(diff(old, new)) == []
    assert told(diff(new, old)) == []


def test_one_shared_base_path_is_enough_and_one_that_is_gone_is_risky() -> None:
    books = {"/books": {"get": {"responses": OK}}}
    old = contract(books, servers=[{"url": "/old"}, {"url": "/api"}])
    new = contract(books, servers=[{"url": "/api"}])
    found = diff(old, new)

    assert told(found) == [("risky", "api-server-removed", "servers")]
    assert only(found).title == "the server /old is not listed any more"
    assert only(found).old.pointer == "/servers/0"
    assert told(diff(new, old)) == []


def test_the_values_of_a_server_variable_are_servers() -> None:
    def regions(*names: str) -> Document:
        variables = {"region": {"default": names[0], "enum": list(names)}}
        return contract(
            {"/books": {"get": {"responses": OK}}},
            servers=[{"url": "https://{region}.api.example/v1", "variables": variables}],
        )

    found = diff(regions("eu", "us"), regions("eu"))
    assert only(found).title == "the server https://us.api.example/v1 is not listed any more"
    assert told(diff(regions("eu"), regions("eu", "us"))) == []
    assert told(diff(regions("eu", "us"), regions("us", "eu"))) == []


def test_the_server_of_one_operation_names_that_operation() -> None:
    def document(*hosts: str) -> Document:
        own = {"servers": [{"url": f"https://{host}"} for host in hosts]}
        return contract(
            {"/files": {"get": {"responses": OK, **own}}, "/books": {"get": {"responses": OK}}},
            servers=[{"url": "https://api.example"}],
        )

    change = only(diff(document("files.example", "cdn.example"), document("cdn.example")))
    assert (change.effect.value, change.rule) == ("risky", "api-server-removed")
    assert change.operations == (OperationRef("GET", "/files"),)


def test_a_slash_at_the_end_is_another_path() -> None:
    old = contract({"/books": {"get": {"responses": OK}}})
    new = contract({"/books/": {"get": {"responses": OK}}})

    assert told(diff(old, new)) == [("breaking", "api-moved", "operation")]
    assert proof(diff(old, new)).rejected.url == "/books"


def test_methods_beyond_the_fixed_ones() -> None:
    def document(**methods: Any) -> Document:
        item: dict[str, Any] = {"get": {"responses": OK}}
        if methods:
            item["additionalOperations"] = methods
        root = contract({"/books": item}).root
        return Document({**root, "openapi": "3.2.0"}, "contract")

    gone = diff(document(COPY={"responses": OK}), document())
    assert told(gone) == [("breaking", "api-removed-without-deprecation", "operation")]
    assert proof(gone).rejected == Exchange("COPY", "/books")
    assert told(diff(document(), document(COPY={"responses": OK}))) == [
        ("compatible", "endpoint-added", "operation")
    ]
    required = {"responses": OK, **query(required=True, schema=typed("integer"))}
    changed = diff(document(COPY={"responses": OK}), document(COPY=required))
    assert told(changed) == [("breaking", "new-required-request-parameter", "?limit")]


def test_a_query_operation_has_a_body_like_any_other() -> None:
    def document(schema: Any) -> Document:
        root = contract({"/books": {"query": {"responses": OK, **body(schema, required=True)}}}).root
        return Document({**root, "openapi": "3.2.0"}, "contract")

    found = diff(document(typed("string")), document(typed("integer")))
    assert told(found) == [("breaking", "request-body-type-changed", "body")]
    assert proof(found).rejected.method == "QUERY"


def test_another_scheme_is_another_server() -> None:
    def at(*urls: str) -> Document:
        return contract({"/books": GET}, servers=[{"url": url} for url in urls])

    found = diff(at("http://api.example"), at("https://api.example"))
    assert told(found) == [("risky", "api-server-removed", "servers")]
    assert only(found).title == "the server http://api.example is not listed any more"
    assert told(diff(at("https://api.example"), at("//api.example", "http://api.example"))) == []


def test_the_version_in_the_host_is_no_change() -> None:
    old, new = (
        contract({"/books": GET}, servers=[{"url": f"https://{v}.api.example"}]) for v in ("v1", "v2")
    )

    assert told(diff(old, new)) == []
