"""Small apps held against contracts that were written by hand: each lie is found, and nothing else."""

from __future__ import annotations

import logging
import shlex
from typing import Any

import pytest
from flask import Flask, Response, jsonify, request

from apiver.contract.document import Document
from apiver.verifying.lie import KINDS
from apiver.verifying.verification import Plan, verify

OBJECT = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}


def contract(path: str = "/a", method: str = "get", prefix: str = "/api", **operation: Any) -> Document:
    responses = {"200": {"description": "OK", "content": {"application/json": {"schema": OBJECT}}}}
    root = {
        "openapi": "3.1.0",
        "info": {"title": "S", "version": "1"},
        "servers": [{"url": prefix}],
        "paths": {path: {method: {"responses": responses, **operation}}},
    }
    return Document(root, "v1")


def serving(view: Any, rule: str = "/api/a", **options: Any) -> Flask:
    app = Flask("served")
    app.add_url_rule(rule, view_func=view, **options)
    return app


def lies(document: Document, app: Flask, **plan: Any) -> list[tuple[str, int | None, str]]:
    found = verify(document, app, Plan(**{"examples": 5, **plan}))
    assert {lie.kind for lie in found.lies} <= set(KINDS)
    return [(lie.kind, lie.status, lie.message) for lie in found.lies]


def test_an_app_that_does_what_its_contract_says_is_left_in_peace():
    found = verify(contract(), serving(lambda: jsonify(id=1)), Plan(examples=5))
    assert (found.name, found.operations, found.lies, found.untried, found.unauthorised) == (
        "v1",
        1,
        (),
        (),
        (),
    )
    assert found.requests >= 1


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (lambda: (jsonify(id=1), 203), ("status", 203, "203 was answered, the contract has 200")),
        (lambda: "hello", ("media-type", 200, "text/html was answered, the contract has application/json")),
        (lambda: jsonify(id="x"), ("schema", 200, 'body.id: "x" is not of type "integer"')),
        (lambda: jsonify({}), ("schema", 200, 'body: "id" is a required property')),
        (lambda: ("gone", 410), ("status", 410, "410 was answered, the contract has 200")),
    ],
)
def test_each_kind_of_answer_that_the_contract_rules_out(view, expected):
    found = lies(contract(), serving(view))
    assert found[0][:2] == expected[:2]
    assert found[0][2].startswith(expected[2])


def test_a_header_that_must_be_there():
    header = {"X-Total": {"required": True, "schema": {"type": "integer"}}}
    document = contract(responses={"200": {"description": "OK", "headers": header}})
    assert [kind for kind, *_ in lies(document, serving(lambda: jsonify()))] == ["header"]

    def numbered() -> Response:
        response = jsonify()
        response.headers["X-Total"] = "3"
        return response

    assert lies(document, serving(numbered)) == []


BODY = {"content": {"application/json": {"schema": OBJECT}}, "required": True}


def test_a_request_that_the_contract_allows_and_the_app_refuses():
    def view() -> Any:
        number = request.get_json()["id"]
        return jsonify(id=number) if number > 5 else ({"message": f"{number} is too small"}, 400)

    answers = {"200": {"description": "OK"}, "400": {"description": "No"}}
    document = contract(method="post", requestBody=BODY, responses=answers)
    app = serving(view, methods=["POST"])
    found = verify(document, app, Plan(methods=frozenset({"post"}), examples=30))
    (lie,) = found.lies
    assert (lie.kind, lie.status) == ("refused", 400)
    assert "is too small" in lie.message
    # The request can be made again as it stands there.
    words = shlex.split(lie.curl)
    body = words[words.index("-d") + 1]
    again = app.test_client().open(
        words[-1].removeprefix("http://localhost"),
        method=words[words.index("-X") + 1],
        data=body,
        content_type="application/json",
    )
    assert again.status_code == 400


def test_a_contract_that_owns_up_to_checks_it_cannot_tell_does_not_lie():
    schema = {**OBJECT, "x-apiver-incomplete": "the check at shop.py:3 could not be read"}
    body = {"content": {"application/json": {"schema": schema}}, "required": True}
    answers = {"200": {"description": "OK"}, "400": {"description": "No"}}
    document = contract(method="post", requestBody=body, responses=answers)
    app = serving(lambda: ("no", 400), methods=["POST"])
    assert lies(document, app, methods=frozenset({"post"})) == []


@pytest.mark.parametrize("testing", [True, False])
def test_an_app_that_fails_is_told_once_with_the_line_and_not_the_text(testing, caplog):
    def view() -> Any:
        raise ValueError("qwhzkxvb")

    app = serving(view)
    app.testing = testing
    caplog.set_level(logging.ERROR)
    ((kind, status, message),) = lies(contract(), app)
    assert (kind, status) == ("server-error", None)
    assert message.startswith("it fails with ValueError at tests/verifying/test_verification.py:")
    assert "qwhzkxvb" not in message
    assert caplog.text == ""


def test_credentials_are_sent_and_not_shown_and_their_lack_is_said():
    def view() -> Any:
        if request.headers.get("Authorization") != "Bearer qwhzkxvb":
            return "no", 401
        return jsonify(id="x")

    answers = {**contract().root["paths"]["/a"]["get"]["responses"], "401": {"description": "No"}}
    document = contract(responses=answers)
    without = verify(document, serving(view), Plan(examples=3))
    assert (without.lies, without.unauthorised) == ((), ("GET /a",))
    found = verify(document, serving(view), Plan(examples=3, headers={"Authorization": "Bearer qwhzkxvb"}))
    assert [lie.kind for lie in found.lies] == ["schema"]
    assert "Authorization: ..." in found.lies[0].curl
    assert "qwhzkxvb" not in found.lies[0].curl


def test_a_401_is_no_news_where_the_contract_asks_for_credentials():
    app = serving(lambda: ("no", 401))
    assert [kind for kind, *_ in lies(contract(), app)] == ["status"]
    document = contract(security=[{"token": []}])
    document.root["components"] = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}
    found = verify(document, app, Plan(examples=3))
    assert (found.lies, found.unauthorised) == ((), ("GET /a",))


def test_only_safe_methods_are_asked_where_nobody_says_more():
    asked = []
    app = serving(lambda: asked.append(request.method) or jsonify(id=1), methods=["GET", "POST", "DELETE"])
    item = contract().root["paths"]["/a"]["get"]
    document = contract()
    document.root["paths"]["/a"] = {"get": item, "post": item, "delete": item}
    verify(document, app, Plan(examples=3))
    assert set(asked) == {"GET"}
    verify(document, app, Plan(examples=3, methods=frozenset({"get", "post", "delete"})))
    assert set(asked) == {"GET", "POST", "DELETE"}


def test_paths_are_chosen_by_patterns():
    plan = Plan(include=("/books*", "/b"), exclude=("/books/{id}",))
    taken = [path for path in ("/books", "/books/{id}", "/b", "/a") if plan.takes(path, "get")]
    assert taken == ["/books", "/b"]


def test_the_same_seed_makes_the_same_requests_and_another_one_others():
    def requests_of(seed: int) -> list[str]:
        asked: list[str] = []
        app = serving(lambda text: asked.append(text) or jsonify(id=1), rule="/api/a/<text>")
        name = {"name": "text", "in": "path", "required": True, "schema": {"type": "string", "minLength": 4}}
        verify(contract(path="/a/{text}", parameters=[name]), app, Plan(examples=10, seed=seed))
        return asked

    assert requests_of(1) == requests_of(1) != requests_of(2)


def test_numbers_stay_within_what_a_database_takes():
    asked: list[int] = []
    app = serving(
        lambda number: asked.append(number) or jsonify(id=1), rule="/api/a/<int(signed=True):number>"
    )
    name = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}}
    verify(contract(path="/a/{number}", parameters=[name]), app, Plan(examples=100))
    assert asked
    assert max(map(abs, asked)) < 2**31


def test_an_operation_that_no_request_can_be_made_of_is_said():
    name = {
        "name": "q",
        "in": "query",
        "required": True,
        "schema": {"type": "integer", "minimum": 4, "maximum": 3},
    }
    found = verify(contract(parameters=[name]), serving(lambda: jsonify(id=1)), Plan(examples=3))
    assert (found.operations, found.lies) == (0, ())
    assert [operation for operation, _ in found.untried] == ["GET /a"]


def test_an_operation_with_a_server_of_its_own_is_asked_there():
    document = contract(servers=[{"url": "https://shop.example/other"}])
    assert lies(document, serving(lambda: jsonify(id=1), rule="/other/a")) == []
