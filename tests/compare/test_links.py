"""Links of a response: what is said of the operations to call next."""

from __future__ import annotations

from typing import Any

from apiver.compare import diff
from tests.compare.operation_pairs import OK, compare, contract, told


def linked(**links: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "fine", "links": links}}}


def test_links_are_documentation() -> None:
    one, other = {"operationId": "book"}, {"operationId": "author"}

    assert told(compare(linked(book=one), linked())) == [("docs", "response-link-removed", "link book")]
    assert told(compare(linked(), linked(book=one))) == [("docs", "response-link-added", "link book")]
    assert told(compare(linked(book=one), linked(book=other))) == [
        ("docs", "response-link-changed", "link book")
    ]
    assert told(compare(linked(book=one), linked(book=one))) == []


def test_a_link_by_reference_is_the_link() -> None:
    link = {"operationId": "book"}
    old = contract({"/books": {"get": linked(book=link)}})
    new = contract(
        {"/books": {"get": linked(book={"$ref": "#/components/links/Book"})}},
        components={"links": {"Book": link}},
    )

    assert told(diff(old, new)) == []
    assert told(diff(contract({"/books": {"get": {"responses": OK}}}), old)) == [
        ("docs", "response-link-added", "link book")
    ]
