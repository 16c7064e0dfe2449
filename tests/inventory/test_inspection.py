"""The whole inventory: mounted apps, titles, and an app that is left as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from apiver.inventory import LoadedApp, inspect, load_app
from apiver.manifest import AppSettings

LOADING = Path(__file__).parents[2] / "fixtures" / "loading"


@pytest.mark.usefixtures("loading")
def test_mounted_apps_are_versions_of_one_api() -> None:
    loaded = load_app("dispatched")
    found = inspect(loaded)
    assert [(one.name, [route.path for route in one.routes]) for one in found.versions] == [
        ("v1", ["/api/v1/books"]),
        ("v2", ["/api/v2/books/{id}"]),
    ]
    assert [one.routes[0].app.name for one in found.versions] == ["first", "second"]


@pytest.mark.usefixtures("loading")
def test_what_a_mounted_app_hides_is_skipped() -> None:
    found = inspect(load_app("wrapped"))
    (version,) = found.versions
    assert [route.path for route in version.routes] == ["/admin/users", "/books"]
    assert found.skipped == (("GET /admin/hidden", "never reached: another app is mounted at /admin"),)


@pytest.mark.parametrize(
    ("app_name", "import_path", "title", "expected"),
    [
        ("book_shop", "other", None, "Book shop"),
        ("app", "book_shop.web", None, "Book shop"),
        ("app", "app", None, "API"),
        ("bookshop", "bookshop", "The Shop", "The Shop"),
    ],
)
def test_the_title(app_name: str, import_path: str, title: str | None, expected: str) -> None:
    loaded = LoadedApp(Flask(app_name), "name", import_path=import_path, settings=AppSettings(title=title))
    assert inspect(loaded).title == expected


def test_a_flask_object_is_taken_as_it_is() -> None:
    assert inspect(Flask("bookshop")).app == "bookshop"


@pytest.mark.usefixtures("loading")
def test_looking_at_an_app_leaves_it_as_it_was() -> None:
    app = load_app("decorated").app
    before = (
        dict(vars(app)),
        dict(app.view_functions),
        [(rule.rule, sorted(rule.methods or ()), rule.endpoint) for rule in app.url_map.iter_rules()],
        [dict(vars(view)) for view in app.view_functions.values() if hasattr(view, "__dict__")],
        app._got_first_request,
    )
    inspect(app)
    after = (
        dict(vars(app)),
        dict(app.view_functions),
        [(rule.rule, sorted(rule.methods or ()), rule.endpoint) for rule in app.url_map.iter_rules()],
        [dict(vars(view)) for view in app.view_functions.values() if hasattr(view, "__dict__")],
        app._got_first_request,
    )
    assert after == before


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_the_result_is_the_same_on_every_run(form: str) -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "apiver", "--app", "decorated", "inspect", "--format", form],
            cwd=LOADING,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
