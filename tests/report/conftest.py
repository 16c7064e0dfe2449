"""Comparisons made by hand: reports are functions of these values alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from apiver.compare.change import (
    Change,
    Comparison,
    Effect,
    Exchange,
    NotCompared,
    OperationRef,
    Part,
    SideSummary,
    Witness,
)
from apiver.contract.document import Place

JSON = (("Content-Type", "application/json"),)

REQUIRED = Change(
    rule="new-required-request-property",
    effect=Effect.BREAKING,
    direction="request",
    subject="body.isbn",
    title="body.isbn is required now",
    operations=(OperationRef("POST", "/books"),),
    old=Part("/paths/~1books/post", located=Place("api/v1/books.py", 41)),
    new=Part("/paths/~1books/post/requestBody", "isbn", Place("api/v2/books.py", 44)),
    witness=Witness(
        direction="request",
        accepted=Exchange("POST", "/api/v1/books", headers=JSON, body={"title": "Emma"}),
        rejected=Exchange("POST", "/api/v2/books", headers=JSON, body={"title": "Emma"}),
        accepted_by="old",
        rejected_by="new",
        reason="'isbn' is a required property",
    ),
    fingerprint="0123456789ab",
    inferred=True,
)
HELD = Change(
    rule="response-property-enum-value-added",
    effect=Effect.BREAKING,
    direction="response",
    subject="Order.status",
    title='Order.status may now be "held"',
    operations=tuple(
        OperationRef("GET", path) for path in ("/orders", "/orders/{id}", "/late", "/all", "/x")
    ),
    old=Part("/components/schemas/Order", ["open", "paid"], Place("v1.yaml", 81, 7)),
    new=Part("/components/schemas/Order", ["open", "paid", "held"], Place("v2.yaml", 78, 7)),
    witness=Witness(
        direction="response",
        accepted=Exchange("GET", "/api/v2/orders", 200, JSON, [{"id": 1, "status": "held"}]),
        rejected=Exchange("GET", "/api/v1/orders", 200, JSON, [{"id": 1, "status": "held"}]),
        accepted_by="new",
        rejected_by="old",
        reason="'held' is not one of ['open', 'paid']",
    ),
    fingerprint="123456789abc",
)
DEFAULT = Change(
    rule="request-parameter-default-value-changed",
    effect=Effect.RISKY,
    direction="request",
    subject="?limit",
    title="the default of ?limit went from 50 to 20",
    operations=(OperationRef("GET", "/books"),),
    old=Part("/paths/~1books/get/parameters/0", 50, Place("v1.yaml", 16, 61)),
    new=Part("/paths/~1books/get/parameters/0", 20, Place("v2.yaml", 16, 61)),
    reason="nothing is rejected, but a client that leaves it out gets fewer books",
    fingerprint="23456789abcd",
)
SORT = Change(
    rule="new-optional-request-parameter",
    effect=Effect.COMPATIBLE,
    direction="request",
    subject="?sort",
    title="?sort is new and optional",
    operations=(OperationRef("GET", "/books"),),
    old=Part("/paths/~1books/get"),
    new=Part("/paths/~1books/get/parameters/1", located=Place("v2.yaml", 20, 11)),
    fingerprint="3456789abcde",
)
SUMMARY = Change(
    rule="operation-summary-changed",
    effect=Effect.DOCS,
    direction="none",
    subject="summary",
    title="the summary was reworded",
    operations=(),
    old=Part("/info/summary", None, Place("v1.yaml", 3, 3)),
    new=Part("/info/summary", "Books", Place("v2.yaml", 3, 3)),
    fingerprint="456789abcdef",
)
UNREAD = NotCompared(
    "old", "/paths/~1feed/get", "the view returns what a template holds", Place("api/feed.py", 9)
)


HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "<!--<script>",
    "]]></failure>&lt;&amp;",
    "{{ 7 * 7 }}{% raw %}",
    "::error::broken%0A##[add-mask]x",
    "a,b:c%2C\r\n::stop-commands::x",
    "[click](https://example.org) {0} {title}",
    "\x1b[31mred\x07\u202etxt.exe\u2028",
    "\ud800 half",
    "\ufffe\uffff",
    "- yaml: [1, 2",
    "1e3",
    "x" * 5_000,
)


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def hostile(request: pytest.FixtureRequest, made: Callable[..., Comparison]) -> tuple[str, Comparison]:
    """A string that some reader would act on, and a comparison that holds it wherever a string may stand."""
    said: str = request.param
    operations = (OperationRef("GET", f"/{said}"),)
    exchange = Exchange("GET", f"/{said}", 200, (("X-Odd", said), (said, "x")), {said: [said]})
    witness = Witness("response", exchange, exchange, "new", "old", said)
    part = Part(f"/{said}", {said: said}, Place(f"{said}.yaml", 3, 4))
    shared = {"operations": operations, "old": part, "new": part, "subject": said, "title": said}
    whole = made("held", witness=witness, **shared).changes
    rest = made("default", "sort", reason=said, **shared).changes
    side = SideSummary(said, said, said, 1)
    return said, Comparison(side, side, (*whole, *rest), (NotCompared("old", said, said, part.place),))


@pytest.fixture
def made() -> Callable[..., Comparison]:
    """Makes a comparison of v1 and v2 of a bookshop with the changes that are named."""
    changes = {"required": REQUIRED, "held": HELD, "default": DEFAULT, "sort": SORT, "summary": SUMMARY}

    def make(
        *names: str, unread: bool = False, old_name: str = "v1", new_name: str = "v2", **fields: Any
    ) -> Comparison:
        """`fields` replaces fields of every change."""
        return Comparison(
            SideSummary(old_name, "Bookshop", "1", 7),
            SideSummary(new_name, "Bookshop", "2", 8),
            tuple(replace(changes[name], **fields) for name in names),
            (UNREAD,) if unread else (),
        )

    return make
