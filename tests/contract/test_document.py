from __future__ import annotations

from typing import Any

import pytest

from apiver.contract.document import Document, Place

READ_FROM_CODE: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/books": {
            "get": {
                "x-apiver-source": {"by": "inferred", "file": "shop/books.py", "line": 12},
                "parameters": [
                    {
                        "name": "limit",
                        "x-apiver-source": {"by": "inferred", "file": "shop/paging.py", "line": 4},
                        "schema": {"type": "integer"},
                    }
                ],
                "responses": {"200": {"description": "ok"}},
            }
        }
    },
}


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("/paths/~1books/get", "shop/books.py:12"),
        ("/paths/~1books/get/responses/200", "shop/books.py:12"),
        ("/paths/~1books/get/parameters/0", "shop/paging.py:4"),
        ("/paths/~1books/get/parameters/0/schema/type", "shop/paging.py:4"),
        ("/paths/~1books/get/parameters/7/schema", "shop/books.py:12"),
    ],
)
def test_in_a_contract_read_from_code_the_nearest_source_counts(pointer: str, place: str) -> None:
    assert str(Document(READ_FROM_CODE, "v1").place(pointer)) == place


def test_outside_of_every_source_there_is_no_place() -> None:
    assert Document(READ_FROM_CODE, "v1").place("/paths/~1books") is None


@pytest.mark.parametrize("source", ["shop.py", {"line": 3}, {"file": 3, "line": 3}, None])
def test_a_source_that_names_no_file_is_no_place(source: Any) -> None:
    assert Document({"x-apiver-source": source}, "v1").place("") is None


def test_in_a_file_the_position_counts_even_beside_a_source() -> None:
    found = Place("v1.yaml", 3, 5)
    assert Document(READ_FROM_CODE, "v1.yaml", lambda pointer: found).place("/paths/~1books/get") is found


def test_a_place_without_column_is_a_line() -> None:
    assert str(Place("a.py", 3)) == "a.py:3"
    assert str(Place("a.yaml", 3, 9)) == "a.yaml:3:9"
