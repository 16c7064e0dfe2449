"""Which operation of the old contract is which of the new one."""

from __future__ import annotations

from typing import Any

import pytest

from apiver.compare.sides.pairing import is_version, pair
from apiver.compare.sides.space import Space
from apiver.compare.sides.surface import operations
from apiver.contract.document import Document


def space_of(*operations_of: str, server: str = "", **details: dict[str, Any]) -> Space:
    """A contract with operations such as "GET /books"; `details` adds to them by their operationId."""
    paths: dict[str, Any] = {}
    for each in operations_of:
        method, path, *name = each.split()
        operation: dict[str, Any] = {"responses": {"200": {"description": "fine"}}}
        if name:
            operation.update(operationId=name[0], **details.get(name[0], {}))
        paths.setdefault(path, {})[method.lower()] = operation
    root: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}
    if server:
        root["servers"] = [{"url": server}]
    return Space(Document(root, "contract"))


def paired(old: Space, new: Space) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Pairs (marked where they moved), removed, added: as methods and paths."""
    found = pair(operations(old), operations(new))
    pairs = [
        (str(each.old.ref), ("moved " if each.moved else "") + str(each.new.ref)) for each in found.pairs
    ]
    return (
        sorted(pairs),
        sorted(str(each.ref) for each in found.removed),
        sorted(str(each.ref) for each in found.added),
    )


@pytest.mark.parametrize(
    "label", ["v1", "V2", "v1.1", "v2beta1", "v1alpha", "2024-10-01", "2024-10", "v10", "v1rc2"]
)
def test_what_looks_like_a_version(label: str) -> None:
    assert is_version(label)


@pytest.mark.parametrize(
    "label", ["books", "v", "version", "1", "1.2", "", "v1books", "vv1", "2024", "{v1}", "20241001"]
)
def test_what_does_not(label: str) -> None:
    assert not is_version(label)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/books", "/books"),
        ("/books/{id}", "/books/{book_id}"),
        ("/a/{x}/b/{y}", "/a/{y}/b/{x}"),
        ("/v1/books", "/v2/books"),
        ("/api/v1/books", "/api/v2/books"),
        ("/api/1/books", "/api/2/books"),
        ("/1.0/books", "/1.1/books"),
        ("/api/v1/books", "/api/books"),
        ("/books", "/v2/books"),
        ("/shop/v1/books", "/shop/2025-01-01/books"),
        ("/v1/books/v3", "/v2/books/v3"),
        ("/", "/"),
        ("/v1", "/v2"),
    ],
)
def test_the_same_operation(old: str, new: str) -> None:
    assert paired(space_of(f"GET {old}"), space_of(f"GET {new}")) == ([(f"GET {old}", f"GET {new}")], [], [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("GET /books", "POST /books"),
        ("GET /books", "GET /authors"),
        ("GET /books/{id}", "GET /books/{id}/pages"),
        ("PUT /books/{id}", "PATCH /books/{id}"),
    ],
)
def test_another_operation(old: str, new: str) -> None:
    assert paired(space_of(old), space_of(new)) == ([], [old], [new])


def test_the_server_counts() -> None:
    for one, other in (
        ("/v1", "/v2"),
        ("https://a.example/api/v1/", "https://b.example/api/v2"),
        ("", "/v3"),
    ):
        found = paired(space_of("GET /books", server=one), space_of("GET /books", server=other))
        assert found == ([("GET /books", "GET /books")], [], [])
    found = paired(space_of("GET /books", server="/api/v1"), space_of("GET /api/v2/books"))
    assert found == ([("GET /books", "GET /api/v2/books")], [], [])


def test_the_same_url_goes_before_the_same_url_in_another_version() -> None:
    old = space_of("GET /v1/books", "GET /v2/books")

    assert paired(old, space_of("GET /v1/books", "GET /v2/books")) == (
        [("GET /v1/books", "GET /v1/books"), ("GET /v2/books", "GET /v2/books")],
        [],
        [],
    )
    assert paired(old, space_of("GET /v2/books", "GET /v3/books")) == (
        [("GET /v1/books", "GET /v3/books"), ("GET /v2/books", "GET /v2/books")],
        [],
        [],
    )


def test_two_that_differ_in_their_version_alone_are_not_guessed_at() -> None:
    old = space_of("GET /v1/books", "GET /v2/books")
    pairs, _, _ = paired(old, space_of("GET /v3/books"))

    assert len(pairs) <= 1


def test_what_moved_is_found_by_its_name_and_its_path() -> None:
    for old, new in (("/books", "/catalogue/books"), ("/books/{id}/covers", "/books/{id}/cover")):
        found = paired(space_of(f"GET {old} theBooks"), space_of(f"GET {new} theBooks"))
        assert found == ([(f"GET {old}", f"moved GET {new}")], [], [])


def test_a_name_alone_is_not_enough() -> None:
    old, new = space_of("GET /books index"), space_of("GET /orders/{id}/lines index")

    assert paired(old, new) == ([], ["GET /books"], ["GET /orders/{id}/lines"])


def test_what_is_moved_is_paired_once() -> None:
    old = space_of("GET /books/{id}/covers a", "GET /books/{id}/pages b")
    new = space_of("GET /books/{id}/cover a", "GET /books/{id}/page b", "GET /books/{id}/leaf c")

    assert paired(old, new) == (
        [
            ("GET /books/{id}/covers", "moved GET /books/{id}/cover"),
            ("GET /books/{id}/pages", "moved GET /books/{id}/page"),
        ],
        [],
        ["GET /books/{id}/leaf"],
    )


def test_everything_is_paired_removed_or_added_exactly_once() -> None:
    old = space_of("GET /a", "GET /b", "POST /b", "DELETE /c/{x}", "GET /v1/d", "GET /e/f")
    new = space_of("GET /a", "PUT /b", "POST /b", "DELETE /c/{y}", "GET /v2/d", "GET /g/h")
    pairs, removed, added = paired(old, new)

    assert sorted([one for one, _ in pairs] + removed) == sorted(
        ["GET /a", "GET /b", "POST /b", "DELETE /c/{x}", "GET /v1/d", "GET /e/f"]
    )
    assert sorted([other.removeprefix("moved ") for _, other in pairs] + added) == sorted(
        ["GET /a", "PUT /b", "POST /b", "DELETE /c/{y}", "GET /v2/d", "GET /g/h"]
    )


def test_operations_with_their_url_and_parameters() -> None:
    named = {"name": "X-Tenant", "in": "header", "schema": {"type": "string"}}
    again = {"name": "x-tenant", "in": "header", "schema": {"type": "integer"}}
    root = {
        "openapi": "3.1.0",
        "servers": [{"url": "https://shop.example/{stage}/", "variables": {"stage": {"default": "live"}}}],
        "paths": {
            "/books/{id}": {
                "summary": "a book",
                "parameters": [named, {"$ref": "#/components/parameters/Page"}],
                "get": {"parameters": [again]},
                "x-note": {"get": {}},
            },
            "x-internal": {"description": "no path"},
            "/shared": {"$ref": "#/components/pathItems/Shared"},
        },
        "components": {
            "parameters": {"Page": {"name": "page", "in": "query"}},
            "pathItems": {"Shared": {"post": {}, "servers": [{"url": "/elsewhere"}]}},
        },
    }
    book, shared = operations(Space(Document(root, "contract")))

    assert (book.method, book.path, book.url) == ("GET", "/books/{id}", "/live/books/{id}")
    assert [each.raw for each in book.parameters] == [again, {"name": "page", "in": "query"}]
    assert (book.variables, book.template) == (("id",), "/live/books/{}")
    assert (shared.method, shared.url) == ("POST", "/elsewhere/shared")
    assert shared.node.pointer == "/components/pathItems/Shared/post"


def test_paths_that_variables_alone_tell_apart_keep_to_themselves_from_version_to_version() -> None:
    old = space_of("GET /users/{id}", "GET /users/{name}", server="/api/v1")
    new = space_of("GET /users/{name}", "GET /users/{id}", server="/api/v2")
    alike = [(f"GET /users/{{{name}}}", f"GET /users/{{{name}}}") for name in ("id", "name")]
    assert paired(old, new) == (alike, [], [])
