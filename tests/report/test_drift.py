"""How drift is told: by version and operation, with the line of code, and as plain values."""

from __future__ import annotations

from dataclasses import replace

from apiver.contract.document import Place
from apiver.reading.layering.drift import Drift
from apiver.report.drift import drift_json, drift_text

STATUS = Drift(
    "status-not-declared",
    "GET /books/{id}",
    "response 404",
    "the code answers 404, the declaration does not have it",
    "flask-smorest",
    Place("shop/books.py", 12),
)
FIELD = Drift(
    "property-never-set",
    "GET /books/{id}",
    "200 body.isbn",
    "isbn is declared, the code never sets it",
    "flask-smorest",
    None,
)


def test_drift_is_told_once_for_all_operations_that_it_reaches() -> None:
    more = [replace(STATUS, operation=f"GET /books/{number}") for number in range(4)]
    assert drift_text({"v1": [STATUS, FIELD, *more], "v2": []}) == (
        "v1: 2 disagreements of declaration and code, in 5 operations\n"
        "\n"
        "  response 404: the code answers 404, the declaration does not have it  [status-not-declared]\n"
        "    shop/books.py:12  declared by flask-smorest\n"
        "      GET /books/{id}\n"
        "      GET /books/0\n"
        "      GET /books/1\n"
        "      GET /books/2\n"
        "      and 1 more\n"
        "\n"
        "  200 body.isbn: isbn is declared, the code never sets it  [property-never-set]\n"
        "    no line of its own  declared by flask-smorest\n"
        "      GET /books/{id}\n"
        "\n"
        "v2: what is declared and what the code does agree, as far as both were read\n"
    )


def test_drift_as_json_has_a_list_for_each_version() -> None:
    found = drift_json({"v1": [STATUS], "v2": []})
    assert found["v2"] == []
    assert found["v1"][0]["kind"] == "status-not-declared"
    assert (found["v1"][0]["file"], found["v1"][0]["line"]) == ("shop/books.py", 12)
