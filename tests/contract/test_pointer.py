from __future__ import annotations

import pytest

from apiver.contract.pointer import join, of_reference, resolve, split

DOCUMENT = {"paths": {"/a~b/{id}": {"get": [10, 20]}}, "": {"": 1}}


def test_tokens_are_escaped_and_come_back() -> None:
    pointer = join("/paths", "/a~b/{id}", "get", 1)
    assert pointer == "/paths/~1a~0b~1{id}/get/1"
    assert split(pointer) == ["paths", "/a~b/{id}", "get", "1"]


def test_an_escaped_tilde_before_a_one_is_no_slash() -> None:
    assert split("/~01") == ["~1"]


def test_the_whole_document_has_no_tokens() -> None:
    assert split("") == []
    assert resolve(DOCUMENT, "") is DOCUMENT


def test_empty_keys_are_keys() -> None:
    assert resolve(DOCUMENT, "//") == 1


def test_items_are_found_by_their_number() -> None:
    assert resolve(DOCUMENT, "/paths/~1a~0b~1{id}/get/1") == 20


@pytest.mark.parametrize("token", ["2", "-1", "01", "x", "-", "", "١"])
def test_what_is_no_index_finds_no_item(token: str) -> None:
    with pytest.raises(LookupError):
        resolve(DOCUMENT, f"/paths/~1a~0b~1{{id}}/get/{token}")


def test_a_scalar_has_no_parts() -> None:
    with pytest.raises(LookupError):
        resolve({"a": "text"}, "/a/0")


@pytest.mark.parametrize(
    ("reference", "pointer"),
    [
        ("#", ""),
        ("#/components/schemas/Book", "/components/schemas/Book"),
        ("#/components/schemas/A%20B", "/components/schemas/A B"),
        ("#/paths/~1books", "/paths/~1books"),
        ("#anchor", None),
        ("other.yaml#/a", None),
        ("https://example.org/a.json", None),
    ],
)
def test_the_pointer_of_a_reference(reference: str, pointer: str | None) -> None:
    assert of_reference(reference) == pointer
