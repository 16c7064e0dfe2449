"""Versions that no URL spells out: by header, media type, parameter or a variable of the path; overlays."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import BaseConverter

from apiver.errors import InputError
from apiver.inventory import Inventory, LoadedApp, inspect
from apiver.inventory.selection import Selection, Sent
from apiver.manifest import AppSettings, Selector, VersionSettings, Way

HEADER = Way("header", "API-Version", "{number}")
ACCEPT = Way("accept", "Accept", "application/vnd.shop.{version}+json")


def view(**values: Any) -> str:
    raise AssertionError("a view must not run")


class AnyVersion(BaseConverter):
    regex = r"v1|v2"


def inventory(
    *rules: str, selector: Selector | None = None, versions: str = "", extends: dict[str, str] | None = None
) -> Inventory:
    app = Flask("shop", static_folder=None)
    app.url_map.converters["known"] = AnyVersion
    for rule in rules:
        method, _, path = rule.rpartition(" ")
        app.add_url_rule(path, rule, view, methods=[method or "GET"])
    named = tuple(
        VersionSettings(label, (extends or {}).get(label), "apiver.yaml:3:3") for label in versions.split()
    )
    return inspect(LoadedApp(app, "shop", settings=AppSettings(selector=selector, versions=named)))


def served(found: Inventory) -> dict[str, list[str]]:
    return {one.name: [f"{route.method} {route.path}" for route in one.routes] for one in found.versions}


def kinds(found: Inventory) -> list[str]:
    return [one.kind for one in found.warnings]


def test_routes_without_a_version_belong_to_every_version_of_a_header() -> None:
    found = inventory("/books", "POST /books", selector=Selector(None, (HEADER,), "v1"), versions="v1 v2")
    assert served(found) == {"v1": ["GET /books", "POST /books"], "v2": ["GET /books", "POST /books"]}
    assert [one.how for one in found.versions] == [
        "header API-Version: 1, or nothing",
        "header API-Version: 2",
    ]
    first, second = found.versions
    assert (first.prefix, first.base) == ("", "")
    assert first.selection == Selection((Sent("header", "API-Version", "1"),), default=True)
    assert second.selection == Selection((Sent("header", "API-Version", "2"),))
    assert found.unversioned == ()


def test_the_first_way_is_the_one_that_is_told() -> None:
    found = inventory("/books", selector=Selector(None, (ACCEPT, HEADER)), versions="v2")
    assert [one.how for one in found.versions] == ["Accept: application/vnd.shop.v2+json"]
    assert found.versions[0].selection is not None
    assert [one.value for one in found.versions[0].selection.sent] == ["application/vnd.shop.v2+json", "2"]


def test_versions_of_the_url_stay_beside_those_of_a_header() -> None:
    found = inventory("/v1/blobs", "/books", "/files", selector=Selector(None, (HEADER,)), versions="v1 v2")
    assert served(found) == {
        "header-v1": ["GET /books", "GET /files"],
        "v2": ["GET /books", "GET /files"],
        "v1": ["GET /v1/blobs"],
    }


def test_where_the_path_names_the_version_a_header_leads_to_the_same() -> None:
    found = inventory(
        "/api/v1/books",
        "/api/v2/books",
        "/health",
        selector=Selector("/api/{version}", (HEADER,)),
        versions="v1 v2",
    )
    assert served(found) == {"v1": ["GET /api/v1/books"], "v2": ["GET /api/v2/books"]}
    assert [route.path for route in found.unversioned] == ["/health"]
    assert all(one.selection is None for one in found.versions)


def test_a_label_that_only_the_manifest_knows() -> None:
    found = inventory(
        "/api/latest/books", "/api/v1/books", selector=Selector("/api/{version}"), versions="v1 latest"
    )
    assert served(found) == {"latest": ["GET /api/latest/books"], "v1": ["GET /api/v1/books"]}


@pytest.mark.parametrize(
    "rule",
    [
        "/api/<any(v1,v2):version>/books",
        "/api/<known:version>/books",
        "/api/v<int(min=1,max=2):version>/books",
    ],
)
def test_a_converter_that_lists_its_versions(rule: str) -> None:
    found = inventory(rule)
    assert served(found) == {"v1": ["GET /api/v1/books"], "v2": ["GET /api/v2/books"]}
    assert [(one.base, one.prefix) for one in found.versions] == [("/api", "/api/v1"), ("/api", "/api/v2")]
    assert found.versions[0].how == f"path variable /api/{rule.split('/')[2]}"
    (route,) = found.versions[1].routes
    assert route.parameters == ()
    assert [(one.name, text) for one, text in route.pinned] == [("version", "2" if "int" in rule else "v2")]
    assert "version-in-variable" not in kinds(found)


def test_the_manifest_names_the_versions_of_a_variable() -> None:
    found = inventory(
        "/api/<ver>/books/<int:id>", "/health", selector=Selector("/api/{version}"), versions="v1 beta"
    )
    assert served(found) == {"beta": ["GET /api/beta/books/{id}"], "v1": ["GET /api/v1/books/{id}"]}
    assert [route.path for route in found.unversioned] == ["/health"]


def test_a_number_behind_a_v_is_the_label_without_it() -> None:
    found = inventory("/v<int:version>/books", versions="1 2")
    assert served(found) == {"1": ["GET /v1/books"], "2": ["GET /v2/books"]}


def test_a_rule_that_spells_the_version_out_comes_before_a_variable() -> None:
    found = inventory("/api/v1/books", "/api/<any(v1,v2):version>/books")
    assert served(found) == {"v1": ["GET /api/v1/books"], "v2": ["GET /api/v2/books"]}
    assert not found.versions[0].routes[0].pinned
    assert found.versions[1].routes[0].pinned


@pytest.mark.parametrize(
    "rule", ["/releases/<version>", "/packages/<name>/<version>", "/docs/<any(a,b):version>"]
)
def test_a_variable_that_is_no_version_of_the_api(rule: str) -> None:
    found = inventory(rule, "/v1/a")
    assert served(found) == {"v1": ["GET /v1/a"]}
    assert "version-in-variable" not in kinds(found)


def test_a_variable_of_which_nobody_says_the_versions() -> None:
    found = inventory("/api/<version>/books")
    (warning,) = [one for one in found.warnings if one.kind == "version-in-variable"]
    assert warning.message.splitlines()[1:] == [
        "selector:",
        "  path: /api/{version}",
        "versions:",
        "  v1: {}",
        "  v2: {}",
    ]


def test_an_overlay_inherits_what_it_does_not_have() -> None:
    found = inventory(
        *("/api/v1/books", "POST /api/v1/books", "/api/v1/books/<id>", "/api/v1/authors"),
        *("/api/v2/books", "/api/v2/books/<int:book_id>", "/api/v3/authors", "/v1/blobs"),
        versions="v1 v2 v3",
        extends={"v2": "v1", "v3": "v2"},
    )
    inherited = {
        one.name: [(part.name, route.method, route.path) for part in one.inherits for route in part.routes]
        for one in found.versions
    }
    assert inherited == {
        "/v1": [],
        "/api/v1": [],
        "v2": [("/api/v1", "GET", "/api/v1/authors"), ("/api/v1", "POST", "/api/v1/books")],
        "v3": [
            ("v2", "GET", "/api/v2/books"),
            ("v2", "GET", "/api/v2/books/{book_id}"),
            ("/api/v1", "POST", "/api/v1/books"),
        ],
    }
    assert "small-version" not in kinds(found)


def test_an_overlay_of_a_version_that_is_not_there() -> None:
    with pytest.raises(InputError) as caught:
        inventory("/api/v1/a", "/api/v2/a", versions="v2", extends={"v2": "v0"})
    assert caught.value.what == "v2 extends v0, a version that the app does not have"
    assert caught.value.where == "apiver.yaml:3:3"


def test_a_version_that_no_route_serves() -> None:
    found = inventory("/api/v1/a", "/api/v1/b", "/api/v1/c", versions="v1 v9")
    (warning,) = found.warnings
    assert (warning.kind, warning.message, warning.where) == (
        "version-without-routes",
        "the manifest names v9, no route serves it",
        "apiver.yaml:3:3",
    )


def test_a_selector_that_names_no_versions() -> None:
    found = inventory("/a", "/b", "/c", selector=Selector(None, (HEADER,), where="apiver.yaml:2:3"))
    assert kinds(found) == ["no-version", "selector-without-versions"]
    assert found.warnings[1].where == "apiver.yaml:2:3"


def test_a_label_may_be_asked_for_with_its_v() -> None:
    found = inventory("/api/1/books", "/api/2/books")
    assert found.version("v2").label == "2"
    assert found.version("2").label == "2"
