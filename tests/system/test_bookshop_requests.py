"""Requests that schemathesis makes of the contracts of the bookshop, put to the shop itself.

No answer may be one that the contract rules out, and nothing that the contract allows may be refused for its
shape. The examples are the same on every run.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

FIXTURES = Path(__file__).parents[2] / "fixtures"
sys.path.insert(0, str(FIXTURES))

from bookshop import create_app  # noqa: E402
from bookshop.auth import issue_token  # noqa: E402
from bookshop.tests.exchanges import prepare  # noqa: E402

from apiver.inventory import inspect  # noqa: E402
from apiver.reading import contract  # noqa: E402

CHECKS = [
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
EXAMPLES = 10
# The shop keeps its numbers in SQLite, whose integers have 64 bits: beyond them lies a 500.
LARGEST = 2**31

# What is refused for another reason than its shape: what does not exist, what no schema can say.
NO_SHAPE = (
    "there is no author",
    "one of these books is not in the catalogue",
    "the cookie seen is damaged",
    "a cover is a JPEG",
)
# What no made-up request succeeds at: the password of a customer, a part that is a picture.
NEVER = ("sessions", "books/{id}/cover", "books/{book_id}/cover")


@functools.cache
def schema(version: str) -> Any:
    root = contract(inspect(create_app("bookshop.config.TestingConfig")), version).root
    # A path of the contract stands below its server; schemathesis goes by the whole one.
    paths = {f"/api/{version}{path}": item for path, item in root["paths"].items()}
    return schemathesis.openapi.from_dict({**root, "paths": paths, "servers": [{"url": "/"}]})


def operations() -> Iterator[Any]:
    for version in ("v1", "v2"):
        for found in schema(version).get_all_operations():
            yield pytest.param(version, found.ok(), id=found.ok().label)


class Shop:
    """A running shop, who asks it, and what there is in it."""

    def __init__(self, version: str) -> None:
        self.app = create_app("bookshop.config.TestingConfig")
        with self.app.app_context():
            staff, order = prepare()
            self.token = issue_token(staff)
            self.customer_id, self.public_id = staff.id, str(staff.public_id)
            self.invoice = str(order.invoice_number)

    def named(self, operation: Any) -> dict[str, Any]:
        """Things that are there, for the variables of a path."""
        path = operation.path
        order = 3 if "/orders/{" in path else 2 if path.endswith("cover") else 1
        if "/customers/" in path:
            order = self.customer_id
        if operation.method == "delete":
            order = {"books": 7, "authors": 5}.get(path.split("/")[3], order)
        found = dict.fromkeys(("id", "book_id", "author_id", "order_id", "review_id"), order)
        line = {"line_id": 5, "number": 5 if "lines" in path else self.invoice}
        return {**found, **line, "customer_id": self.public_id, "isbn": "9780141439587"}

    def filled(self, value: Any) -> Any:
        """A body that speaks of what there is."""
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        if not isinstance(value, dict):
            return value
        there = {"author_id": 1, "book_id": 1, "quantity": 1}
        if "title" not in value:
            there["isbn"] = "9780141439587"
        return {key: there.get(key, self.filled(item)) for key, item in value.items()}


def written(value: Any) -> Any:
    """The same JSON value as a client writes it: to JSON Schema 1.0 is an integer, to Python it is none."""
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    if isinstance(value, list):
        return [written(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def bounded(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(bounded, value.values()))
    if isinstance(value, list):
        return all(map(bounded, value))
    return not isinstance(value, int | float) or abs(value) < LARGEST


@pytest.mark.parametrize(("version", "operation"), list(operations()))
def test_the_shop_and_its_contract_agree(version: str, operation: Any) -> None:
    shop = Shop(version)
    statuses: set[int] = set()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        operation.as_strategy().filter(lambda case: bounded([case.body, case.query, case.path_parameters])),
        st.booleans(),
    )
    def ask(case: Any, existing: bool) -> None:
        case.body = written(case.body)
        if existing:
            there = shop.named(operation)
            case.path_parameters = {k: there.get(k, v) for k, v in (case.path_parameters or {}).items()}
            case.body = shop.filled(case.body)
        case.headers["Authorization"] = f"Bearer {shop.token}"
        response = case.call(app=shop.app, base_url="http://localhost")
        case.validate_response(response, checks=CHECKS)
        statuses.add(response.status_code)
        if response.status_code in (400, 415, 422):
            assert any(reason in response.text for reason in NO_SHAPE), (
                case.as_curl_command(),
                response.text,
            )

    ask()
    assert operation.label.split("/", 3)[3] in NEVER or any(status < 400 for status in statuses), statuses
