"""flask-rebar: the contract is what its registries declare, and what the app does."""

from __future__ import annotations

import pytest

NAME = "rebar"
READER = {"X-Key": "reader", "X-Trace": "1"}


@pytest.fixture
def client(source):
    return type(source)(NAME).app.test_client()


@pytest.mark.parametrize(
    "body",
    [
        {"title": "Persuasion"},
        {"title": "Persuasion", "pages": None},
        {"title": "Persuasion", "pages": 0},
        {"title": ""},
        {"title": "x" * 81},
        {"title": 7},
        {"title": "Persuasion", "color": "red"},
        {"pages": 3},
        [],
    ],
)
def test_the_app_takes_what_the_contract_allows_and_no_more(source, client, body):
    answer = client.post("/api/v1/books", json=body, headers=READER)
    allowed = source.judge("v1", "POST /books").is_valid(body)
    assert answer.status_code == (201 if allowed else 400)
    status = 201 if allowed else "default"
    source.judge("v1", "POST /books", status).validate(answer.json)


@pytest.mark.parametrize(
    "body",
    [
        {"borrower": {"name": "Ada", "age": 36}, "weeks": 4},
        {"borrower": {"name": "Ada"}, "weeks": 3},
        {"borrower": {"name": "Ada"}, "weeks": 4, "days": 1},
        {"borrower": {}, "weeks": 4},
    ],
)
def test_what_a_schema_passes_over_may_be_sent(source, client, body):
    answer = client.put("/api/v1/books/1/loan", json=body, headers=READER)
    assert answer.status_code == (
        200 if source.judge("v1", "PUT /books/{book_id}/loan").is_valid(body) else 400
    )


def test_what_else_the_app_answers_is_in_the_contract(source, client):
    for operation, answer, status in [
        ("GET /books", client.get("/api/v1/books?limit=100&lent=false", headers=READER), 200),
        ("GET /books/{book_id}", client.get("/api/v1/books/1", headers={"X-Trace": "1"}), 200),
        ("GET /health", client.get("/api/v1/health"), 200),
    ]:
        assert answer.status_code == status
        source.judge("v1", operation, status).validate(answer.json)
    for refused, status in [
        (client.get("/api/v1/books?limit=101", headers=READER), 400),
        (client.get("/api/v1/books", headers={"X-Key": "reader"}), 400),
        (client.get("/api/v1/books", headers={"X-Trace": "1"}), 401),
        (client.get("/api/v1/books/99", headers=READER), 404),
    ]:
        assert refused.status_code == status
        source.judge("v1", "GET /books", "default").validate(refused.json)
    assert client.delete("/api/v1/books/1", headers=READER).status_code == 204
    assert client.get("/api/v2/books?limit=51", headers=READER).status_code == 400


def test_the_changes_from_one_version_to_the_next(source):
    assert {(rule, subject) for effect, rule, subject in source.changes() if effect == "breaking"} == {
        ("request-parameter-max-decreased", "?limit"),
        ("request-property-became-required", "body.pages"),
        ("request-property-became-not-nullable", "NewBook.pages"),
        ("request-property-enum-value-removed", "Loan.weeks"),
    }
