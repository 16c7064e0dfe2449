"""What the owner of a URL map is told: every kind of warning, and when there is none."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from apiver.inventory import Warning, inspect


def view(**values: Any) -> str:
    raise AssertionError("a view must not run")


def warnings(*rules: str) -> list[Warning]:
    app = Flask("shop", static_folder=None)
    for rule in rules:
        method, _, path = rule.rpartition(" ")
        app.add_url_rule(path, rule, view, methods=[method or "GET"])
    return list(inspect(app).warnings)


def messages(kind: str, *rules: str) -> list[str]:
    return [one.message for one in warnings(*rules) if one.kind == kind]


def below(prefix: str, count: int) -> list[str]:
    return [f"{prefix}/r{number}" for number in range(count)]


def test_a_healthy_app_has_no_warning() -> None:
    assert warnings(*below("/api/v1", 6), *below("/api/v2", 6), "/healthz") == []


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, ["the app has no route"]), (1, ["the app has 1 route only"]), (2, ["the app has 2 routes only"])],
)
def test_a_suspiciously_small_app(count: int, said: list[str]) -> None:
    found = messages("small-app", *below("/v1", count))
    assert [one.partition(":")[0] for one in found] == said


def test_three_routes_are_not_small() -> None:
    assert messages("small-app", *below("/v1", 3)) == []


def test_a_version_far_smaller_than_its_predecessor() -> None:
    (found,) = [one for one in warnings(*below("/v1", 9), *below("/v2", 2)) if one.kind == "small-version"]
    assert found.message.startswith("v2 has 2 routes, v1 has 9: ")
    assert found.version == "v2"
    assert messages("small-version", *below("/v1", 8), *below("/v2", 2)) == []
    assert messages("small-version", *below("/v1", 2), *below("/v2", 9)) == []


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (["v1", "v2", "v3"], []),
        (["v1", "v3"], ["v2 is missing between v1 and v3 at /api"]),
        (["v1", "v2.1", "v5"], ["v3 to v4 are missing between v2 and v5 at /api"]),
        (["v1", "v1.1", "v2beta1", "v3"], []),
        (["2023-01-01", "2024-10-01"], []),
        (["v1", "2024-10-01"], []),
        (["1", "3"], ["v2 is missing between v1 and v3 at /api"]),
    ],
)
def test_a_gap_between_versions(labels: list[str], said: list[str]) -> None:
    assert messages("version-gap", *(f"/api/{label}/books" for label in labels)) == said


def test_gaps_are_sought_within_one_api() -> None:
    assert messages("version-gap", "/v1/blobs", "/api/v3/books", "/api/v4/books") == []


def test_operations_in_one_version_only_are_summarised() -> None:
    rules = [*below("/v1", 10), *below("/v2", 3), "POST /v2/r0"]
    found = [one for one in warnings(*rules) if one.kind == "only-in-version"]
    assert [(one.version, one.message) for one in found] == [
        ("v1", "7 operations in v1 alone: GET /r3, GET /r4, GET /r5, GET /r6, GET /r7 and 2 more"),
        ("v2", "1 operation in v2 alone: POST /r0"),
    ]


def test_operations_are_compared_without_the_names_of_their_variables() -> None:
    assert messages("only-in-version", "/v1/books/<int:id>", "/v2/books/<uuid:book_id>") == []


def test_an_operation_in_two_of_three_versions_is_not_alone() -> None:
    found = messages("only-in-version", "/v1/a", "/v2/a", "/v3/a", "/v2/b", "/v3/b", "/v1/c")
    assert found == ["1 operation in v1 alone: GET /c"]


def test_a_single_version_is_not_compared_with_another_api() -> None:
    assert messages("only-in-version", "/v1/blobs", "/api/v1/books") == []


def test_the_root_of_a_version_is_shown_as_a_slash() -> None:
    assert messages("only-in-version", "/v1", "/v1/a", "/v2/a") == ["1 operation in v1 alone: GET /"]


@pytest.mark.parametrize("variable", ["version", "ver", "v", "api_version", "apiversion"])
def test_a_version_that_is_a_variable(variable: str) -> None:
    found = [
        one
        for one in warnings(f"/api/<{variable}>/books", f"POST /api/<{variable}>/books")
        if one.kind == "version-in-variable"
    ]
    (warning,) = found
    assert warning.message.startswith(f"GET /api/<{variable}>/books and 1 more: ")
    assert warning.where is not None
    assert warning.where.endswith(f"test_warnings.py:{view.__code__.co_firstlineno}")


def test_another_variable_is_no_version() -> None:
    assert messages("version-in-variable", "/api/<vendor>/books", "/api/<conversion>/b") == []


def test_the_share_without_a_version() -> None:
    assert messages("unversioned-share", *below("/v1", 4), *below("", 2)) == []
    assert messages("unversioned-share", *below("/v1", 4), *below("", 3)) == [
        "3 of 7 routes belong to no version"
    ]


def test_an_app_without_versions_is_told_so_once() -> None:
    found = warnings(*below("", 5))
    assert [(one.kind, one.message) for one in found] == [
        ("no-version", "no URL names a version: the whole app counts as v1")
    ]
