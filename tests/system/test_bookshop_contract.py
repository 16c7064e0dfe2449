"""The contract that is read from the bookshop, against one that was written by hand from what it does."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"
sys.path.insert(0, str(FIXTURES))

from bookshop import create_app  # noqa: E402

from apiver.compare import diff  # noqa: E402
from apiver.contract.document import Document  # noqa: E402
from apiver.contract.reader import read  # noqa: E402
from apiver.contract.validate import problems  # noqa: E402
from apiver.inventory import inspect  # noqa: E402
from apiver.reading import contract  # noqa: E402

# Names and words are no behaviour: the contract that was written by hand has none.
WORDS = {"operationId", "tags", "summary", "description"}

# What no schema can say, so that the contract calls itself incomplete there: operation, part, check.
CHECKS = {
    "v1": {
        ("put /books/{id}/cover", "cover", "api/v1/books.py:123"),  # the media type of a part
        ("post /orders", "quantity", "services/ordering.py:115"),  # the stock
        ("post /orders/{id}/lines", "quantity", "services/ordering.py:115"),
        ("get /recommendations", "schema", "api/v1/recommendations.py:23"),  # digits, of any script
        ("post /sessions", "password", "services/accounts.py:33"),
    },
    "v2": {
        ("put /books/{book_id}/cover", "image", "api/v2/covers.py:37"),
        ("post /orders/{order_id}/lines", "quantity", "services/ordering.py:115"),
        ("get /recommendations", "schema", "api/v2/recommendations.py:20"),
        ("post /sessions", "password", "services/accounts.py:33"),
    },
}
# Where the hand-written contract says what such a check means, the other one says less, and that alone.
LESS = {
    ("request-body-encoding-changed", "PUT", "cover"),
    ("request-parameter-pattern-removed", "GET", "recommendations"),
    ("request-parameter-pattern-added", "GET", "recommendations"),
}


def plain(value: Any) -> Any:
    """A document without words."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: plain(item) for key, item in value.items() if key not in WORDS or isinstance(item, dict)}


@functools.cache
def both(version: str) -> tuple[Document, Document]:
    made = contract(inspect(create_app("bookshop.config.TestingConfig")), version)
    assert problems(made.root) == ()
    written = read(str(FIXTURES / "bookshop" / "expected" / f"{version}.yaml"))
    assert problems(written.root) == ()
    return Document(plain(written.root), "expected"), Document(plain(made.root), "read")


def location(pointer: str) -> tuple[str, str]:
    """The operation and the last name of a JSON pointer."""
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
    return f"{tokens[2]} {tokens[1]}", tokens[-1]


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("turned", [False, True], ids=["hand-written to read", "read to hand-written"])
def test_what_is_read_is_what_was_written_by_hand(version: str, turned: bool) -> None:
    old, new = both(version)[:: -1 if turned else 1]
    found = [
        f"{change.title}: {', '.join(map(str, change.operations))}"
        for change in diff(old, new).changes
        if not any((change.rule, o.method, o.path.split("/")[-1]) in LESS for o in change.operations)
    ]
    assert found == []


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_what_is_not_compared_is_a_check_that_no_schema_can_say(version: str) -> None:
    listed = {
        (
            *location(part.pointer),
            part.reason.partition("bookshop/")[2].removesuffix(" could not be read"),
        )
        for part in diff(*both(version)).not_compared
    }
    assert listed == CHECKS[version]
