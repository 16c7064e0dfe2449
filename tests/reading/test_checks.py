"""What the code checks and the reading does not understand is said, where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, abort, request

from apiver.compare import diff
from apiver.inventory import inspect
from apiver.reading import contract
from apiver.reading.account import account

UNREAD = "x-apiver-incomplete"


def numbers(text: str) -> bool:
    return sum(map(int, text.split("-"))) % 7 == 0


def reading(view: Any, method: str = "POST") -> Any:
    app = Flask("checks")
    app.add_url_rule("/api/v1/books", "books", view, methods=[method])
    return contract(inspect(app), "v1")


def properties(view: Any) -> dict[str, Any]:
    body = reading(view).root["paths"]["/books"]["post"]["requestBody"]
    found: dict[str, Any] = body["content"]["application/json"]["schema"]["properties"]
    return found


def no_dozen():
    data = request.get_json()
    if data["copies"] % 12 != 0:
        abort(400)
    return {"ok": str(data["title"])}


def by_a_function():
    data = request.get_json()
    copies = data["copies"]
    if not numbers(copies):
        abort(400)
    return {"ok": str(data["title"])}


def all_of_them():
    data = request.get_json()
    wanted = {"copies": data.get("copies"), "price": data.get("price")}
    if not all(wanted.values()):
        abort(400)
    return {"ok": str(data["title"])}


@pytest.mark.parametrize("view", [no_dozen, by_a_function, all_of_them])
def test_a_check_that_is_not_understood_marks_what_it_speaks_of(view):
    found = properties(view)
    assert "test_checks.py" in found["copies"][UNREAD]
    assert UNREAD not in found["title"]


def understood():
    data = request.get_json()
    if data["copies"] < 1 or data["copies"] > 10:
        abort(400)
    return {"ok": str(data["title"])}


def both_ways_succeed():
    data = request.get_json()
    if data["copies"] % 12 == 0:
        return {"ok": True}
    return {"ok": False}


@pytest.mark.parametrize("view", [understood, both_ways_succeed])
def test_a_check_that_is_understood_or_refuses_nothing_leaves_no_mark(view):
    assert UNREAD not in properties(view)["copies"]


def test_an_unread_check_is_listed_and_is_never_the_ground_of_a_break():
    old, new = reading(no_dozen), reading(understood)
    assert [gap.subject for gap in account(old).gaps if "could not be read" in gap.reason] == [
        "POST /books body.copies"
    ]
    found = diff(old, new)
    assert [change for change in found.changes if change.effect.value == "breaking"] == []
    assert any("could not be read" in part.reason for part in found.not_compared)


def test_a_type_that_flask_converts_to_rejects_nothing():
    def listed():
        page = request.args.get("page", 1, type=int)
        size = int(request.args["size"])
        return {"page": page, "size": size}

    parameters = reading(listed, "GET").root["paths"]["/books"]["get"]["parameters"]
    assert {each["name"]: each.get("x-apiver-lenient", False) for each in parameters} == {
        "page": True,
        "size": False,
    }
