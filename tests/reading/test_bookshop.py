"""The contracts read from the bookshop, judged by the shop itself: real requests, real responses."""

from __future__ import annotations

import contextlib
import functools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"
sys.path.insert(0, str(FIXTURES))

from bookshop import create_app  # noqa: E402
from bookshop.extensions import db  # noqa: E402
from bookshop.tests import exchanges  # noqa: E402
from bookshop.tests.exchanges import GOOD, ask  # noqa: E402

from apiver.contract.validate import problems  # noqa: E402
from apiver.inventory import inspect  # noqa: E402
from apiver.reading import contract  # noqa: E402
from apiver.reading.account import account  # noqa: E402

CASES = [(version, operation) for version in ("v1", "v2") for operation in GOOD if version in GOOD[operation]]


@functools.cache
def read(version: str):
    return contract(inspect(create_app("bookshop.config.TestingConfig")), version)


def declared(version: str, operation: str) -> dict[str, Any] | None:
    """The operation of the contract, whatever its path parameters are called."""
    method, path = operation.split()
    blank = [part if not part.startswith("{") else "{}" for part in path.split("/")]
    for template, item in read(version).root["paths"].items():
        if [part if not part.startswith("{") else "{}" for part in template.split("/")] == blank:
            return item.get(method.lower())
    return None


def validator(version: str, schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    """Judges values by `schema`, with the components of the contract at hand."""
    whole = {**schema, "components": read(version).root.get("components", {})}
    return jsonschema.Draft202012Validator(
        whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def judge(version: str, operation: str, answer: Any) -> None:
    """Hold a real answer against the contract."""
    found = declared(version, operation)
    assert found is not None
    responses = found["responses"]
    assert str(answer.status_code) in responses, (answer.status_code, answer.text)
    response = responses[str(answer.status_code)]
    for name, header in response.get("headers", {}).items():
        assert name in answer.headers or not header.get("required"), name
    if "content" not in response:
        assert answer.text == ""
        return
    media = answer.content_type.partition(";")[0]
    assert media in response["content"]
    if media == "application/json":
        validator(version, response["content"][media]["schema"]).validate(answer.json)


@pytest.mark.parametrize(("version", "operation"), CASES)
def test_a_good_request_gets_an_answer_that_the_contract_declares(version, operation):
    if declared(version, operation) is None:
        assert ask(version, operation).status_code in (404, 405)
        return
    answer = ask(version, operation)
    assert answer.status_code < 400
    judge(version, operation, answer)


@pytest.mark.parametrize(("version", "operation"), CASES)
def test_the_contract_accepts_the_good_request(version, operation):
    found = declared(version, operation)
    if found is None:
        return
    request = GOOD[operation][version]
    query = {p["name"]: p for p in found.get("parameters", ()) if p["in"] == "query"}
    assert set(request.get("query", {})) <= set(query)
    for name, parameter in query.items():
        assert name in request.get("query", {}) or not parameter.get("required")
    if "json" in request:
        schema = found["requestBody"]["content"]["application/json"]["schema"]
        validator(version, schema).validate(request["json"])
    if "form" in request:
        form = found["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        validator(version, form).validate(request["form"])


@pytest.mark.parametrize(
    "change",
    [{"token": None}, {"json": {"lines": [], "rating": 9, "title": ""}}, {"query": {"page": "0"}}],
    ids=["without token", "bad body", "bad query"],
)
@pytest.mark.parametrize(("version", "operation"), CASES)
def test_a_refusal_is_declared_too(version, operation, change):
    if declared(version, operation) is not None:
        judge(version, operation, ask(version, operation, change))


@pytest.mark.parametrize(("version", "operation"), CASES)
def test_what_is_not_there_is_declared(version, operation):
    found = declared(version, operation)
    if found is None or "{id}" not in operation:
        return
    path = operation.split()[1].replace("{id}", "999").replace("{line_id}", "999")
    judge(version, operation, ask(version, operation, {"path": path}))


@contextlib.contextmanager
def one_shop() -> Iterator[None]:
    """Let `ask` go to one shop all the time, instead of a new one with each request."""
    app = create_app("bookshop.config.TestingConfig")
    with app.app_context():
        prepared = exchanges.prepare()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchanges, "create_app", lambda _: app)
        patch.setattr(exchanges, "prepare", lambda: tuple(db.session.merge(kept) for kept in prepared))
        yield


def mutations(body: dict[str, Any]) -> list[dict[str, Any]]:
    """`body` with one property left out, of another type, empty, or far too large.

    True is not among them: `isinstance(True, int)` holds in Python, but no contract calls it an integer.
    """
    found = []
    for name, value in body.items():
        found.append({key: held for key, held in body.items() if key != name})
        found += [{**body, name: other} for other in (7, "", "x" * 20_000, -1, 1.5, [], {}) if other != value]
    return found


@pytest.mark.parametrize(
    ("version", "operation"), [(v, o) for v, o in CASES if "json" in GOOD[o][v] and "cancel" not in o]
)
def test_what_the_contract_rejects_the_shop_rejects(version, operation):
    """No rule of a request body is invented: the server itself enforces each of them."""
    found = declared(version, operation)
    if found is None:
        return
    judged = validator(version, found["requestBody"]["content"]["application/json"]["schema"])
    rejected = [body for body in mutations(GOOD[operation][version]["json"]) if not judged.is_valid(body)]
    # A refused request leaves the shop as it is, so that one shop may judge them all.
    with one_shop():
        for body in rejected:
            removed = dict.fromkeys(set(GOOD[operation][version]["json"]) - set(body))
            assert ask(version, operation, {"json": {**body, **removed}}).status_code >= 400, body
        assert ask(version, operation).status_code < 400


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_contract_is_valid_and_knows_all_but_a_few_checks(version):
    document = read(version)
    assert problems(document.root) == ()
    told = account(document)
    assert (told.operations, told.answered) == (42, 42)
    # The stock, the password, the kind of an image, the look of a cookie: no schema can say what is checked.
    checked = {
        "v1": [
            "PUT /books/{id}/cover body.cover",
            "POST /orders body.lines.[].quantity",
            "POST /orders/{id}/lines body.quantity",
            "GET /recommendations cookie seen",
            "POST /sessions body.password",
        ],
        "v2": [
            "PUT /books/{book_id}/cover body.image",
            "POST /orders/{order_id}/lines body.quantity",
            "GET /recommendations cookie seen",
            "POST /sessions body.password",
        ],
    }
    assert [gap.subject for gap in told.gaps] == checked[version]
    assert all(gap.reason.endswith("could not be read") for gap in told.gaps)


def test_the_same_serializer_has_the_same_name_in_both_versions():
    names = {version: set(read(version).root["components"]["schemas"]) for version in ("v1", "v2")}
    assert {"Book", "Author", "Order", "OrderLine", "Review", "Customer"} <= names["v1"] & names["v2"]


def test_operation_ids_do_not_depend_on_the_version():
    def ids(version: str) -> set[str]:
        return {o["operationId"] for item in read(version).root["paths"].values() for o in item.values()}

    assert {"get_books", "post_books", "get_orders_by_id"} <= ids("v1") & ids("v2")


def test_sources_name_the_line_that_says_the_part():
    root = read("v1").root
    source = root["paths"]["/books"]["get"]["parameters"][0]["x-apiver-source"]
    assert source["file"].endswith("bookshop/api/v1/books.py")
    line = Path(FIXTURES / "bookshop/api/v1/books.py").read_text().splitlines()[source["line"] - 1]
    assert 'request.args.get("author"' in line
    title = root["paths"]["/books"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    at = title["properties"]["title"]["x-apiver-source"]
    assert at["file"].endswith("bookshop/api/v1/books.py")
    assert json.loads(json.dumps(root)) == root
