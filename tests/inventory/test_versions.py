"""Routes grouped by version: the URL alone decides."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Blueprint, Flask

from apiver.errors import UsageError
from apiver.inventory import Inventory, inspect
from apiver.inventory.labels import natural_order, version_prefix


def view(**values: Any) -> str:
    raise AssertionError("a view must not run")


def inventory(*rules: str) -> Inventory:
    app = Flask("shop", static_folder=None)
    for rule in rules:
        method, _, path = rule.rpartition(" ")
        app.add_url_rule(path, rule, view, methods=[method or "GET"])
    return inspect(app)


@pytest.mark.parametrize(
    ("path", "base", "label"),
    [
        ("/v1", "", "v1"),
        ("/v1/", "", "v1"),
        ("/v1/books", "", "v1"),
        ("/api/v1/books", "/api", "v1"),
        ("/API/V1/books", "/API", "V1"),
        ("/api/v1.1/books", "/api", "v1.1"),
        ("/api/v1_3/books", "/api", "v1_3"),
        ("/api/v2beta1/books", "/api", "v2beta1"),
        ("/api/v2alpha/books", "/api", "v2alpha"),
        ("/api/v2-rc1/books", "/api", "v2-rc1"),
        ("/api/v10/books", "/api", "v10"),
        ("/api/2024-10-01/books", "/api", "2024-10-01"),
        ("/2024-10-01/books", "", "2024-10-01"),
        ("/1/books", "", "1"),
        ("/2.0/books", "", "2.0"),
        ("/api/1/books", "/api", "1"),
        ("/api/2.0/books", "/api", "2.0"),
        ("/rest/3/books", "/rest", "3"),
        ("/shop-api/1/books", "/shop-api", "1"),
        ("/library/v1/books", "/library", "v1"),
        ("/{tenant}/api/v1/books", "/{tenant}/api", "v1"),
        ("/api/v1/api/v2/books", "/api", "v1"),
    ],
)
def test_a_segment_that_is_a_version(path: str, base: str, label: str) -> None:
    assert version_prefix(path) == (base, label)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/books",
        "/books/1",
        "/books/2.0/pages",
        "/vintage/books",
        "/v/books",
        "/version1/books",
        "/v1books",
        "/v1-product/books",
        "/api/{version}/books",
        "/{v1}/books",
        "/rapid/1",
        "/reports/2024-13-01",
        "/v1.x/books",
    ],
)
def test_a_path_without_a_version(path: str) -> None:
    assert version_prefix(path) is None


def test_labels_sort_as_people_count() -> None:
    ordered = [
        "v1",
        "v1.1",
        "v1_3",
        "v2alpha1",
        "v2beta1",
        "v2beta2",
        "v2beta10",
        "v2rc1",
        "v2",
        "v2.1",
        "V3",
        "v10",
        "2023-12-31",
        "2024-02-01",
        "2024-10-01",
    ]
    assert sorted([*ordered[7:], *ordered[:7]], key=natural_order) == ordered
    assert sorted(["10", "2.0", "1", "2"], key=natural_order) == ["1", "2", "2.0", "10"]


def test_versions_hold_their_routes_and_the_rest_is_unversioned() -> None:
    found = inventory("/api/v2/books", "/api/v10/books", "/api/v1/books", "POST /api/v1/books", "/healthz")
    assert [(one.name, one.label, one.base, one.prefix, one.how) for one in found.versions] == [
        ("v1", "v1", "/api", "/api/v1", "url segment /api/v1"),
        ("v2", "v2", "/api", "/api/v2", "url segment /api/v2"),
        ("v10", "v10", "/api", "/api/v10", "url segment /api/v10"),
    ]
    assert [route.method for route in found.versions[0].routes] == ["GET", "POST"]
    assert [route.path for route in found.unversioned] == ["/healthz"]


def test_two_apis_with_the_same_label_stay_apart() -> None:
    found = inventory("/v1/blobs", "/api/v1/books", "/api/v2/books")
    assert [(one.name, one.prefix) for one in found.versions] == [
        ("/v1", "/v1"),
        ("/api/v1", "/api/v1"),
        ("v2", "/api/v2"),
    ]


def test_the_name_of_a_blueprint_decides_nothing() -> None:
    app = Flask("shop", static_folder=None)
    liar = Blueprint("v1", "shop", url_prefix="/api/v2")
    liar.add_url_rule("/books", "list_books", view)
    app.register_blueprint(liar)
    (version,) = inspect(app).versions
    assert (version.name, version.routes[0].blueprint) == ("v2", "v1")


def test_an_app_that_names_no_version_is_its_own_first() -> None:
    found = inventory("/books", "/healthz")
    (version,) = found.versions
    assert (version.name, version.base, version.prefix) == ("v1", "", "")
    assert version.how == "implicit: no URL names a version"
    assert [route.path for route in version.routes] == ["/books", "/healthz"]
    assert found.unversioned == ()


def test_an_app_without_routes_has_no_version() -> None:
    found = inventory()
    assert (found.versions, found.unversioned) == ((), ())


def test_a_version_is_found_by_name_prefix_or_its_label_in_any_case() -> None:
    found = inventory("/api/V1/books", "/api/v2/books")
    assert found.version("V1").prefix == "/api/V1"
    assert found.version("v1").prefix == "/api/V1"
    assert found.version("/api/v2").name == "v2"


def test_an_unknown_version_says_which_there_are() -> None:
    found = inventory("/api/v1/books", "POST /api/v1/books", "/api/v2/books")
    with pytest.raises(UsageError) as caught:
        found.version("v3")
    error = caught.value
    assert error.exit_code == 2
    assert error.what == "the app has no version v3"
    assert error.where == "found v1 (2 operations), v2 (1) in shop"
    assert error.remedy is not None
    assert "apiver inspect" in error.remedy


def test_a_version_that_is_nearly_right_is_suggested() -> None:
    found = inventory("/api/v2beta1/books", "/api/v1/books")
    with pytest.raises(UsageError) as caught:
        found.version("v2beta")
    assert str(caught.value.remedy).startswith("did you mean v2beta1?")


def test_an_ambiguous_label_asks_for_the_prefix() -> None:
    found = inventory("/v1/blobs", "/api/v1/books")
    with pytest.raises(UsageError) as caught:
        found.version("v1")
    assert caught.value.what == "the app has several versions v1"
    assert caught.value.remedy == "say which:  /v1 or /api/v1"


def test_no_version_at_all() -> None:
    with pytest.raises(UsageError) as caught:
        inventory().version("v1")
    assert caught.value.where == "found none in shop"
