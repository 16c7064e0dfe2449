"""From what Flask registered to the function that its author wrote."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from apiver.inventory import Route, inspect, load_app

DECORATED = Path(__file__).parents[2] / "fixtures" / "loading" / "decorated.py"


@pytest.fixture
def routes(loading: Path) -> dict[tuple[str, str], Route]:
    inventory = inspect(load_app("decorated"))
    return {(route.endpoint, route.method): route for route in inventory.versions[0].routes}


@pytest.fixture
def module(routes: dict[tuple[str, str], Route]) -> ModuleType:
    return sys.modules["decorated"]


def line_of(mark: str) -> int:
    lines = DECORATED.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if re.search(rf"# mark: {mark}$", line))


@pytest.mark.parametrize(
    ("endpoint", "method", "mark"),
    [
        ("plain", "GET", "plain"),
        ("wrapped", "GET", "wrapped"),
        ("hidden", "GET", "hidden"),
        ("hidden_with_helper", "GET", "hidden_with_helper"),
        ("closure", "GET", "closure"),
        ("choosing", "GET", "choosing"),
        ("answering", "GET", "answer_one"),
        ("oracle", "GET", "oracle"),
        ("hidden_items", "POST", "items_post"),
        ("cached", "GET", "cached"),
        ("partial", "GET", "partial"),
        ("bound", "GET", "bound"),
        ("bound_wrapped", "GET", "bound_wrapped"),
        ("called", "GET", "called"),
        ("items", "GET", "items_get"),
        ("items", "POST", "items_post"),
        ("page", "GET", "page"),
        ("page", "PUT", "page"),
        ("short", "GET", "lambda"),
        ("outer.inner.nested", "GET", "nested"),
    ],
)
def test_the_place_of_a_view_is_the_def_of_the_users_own_function(
    routes: dict[tuple[str, str], Route], endpoint: str, method: str, mark: str
) -> None:
    route = routes[endpoint, method]
    assert (route.file, route.line) == ("decorated.py", line_of(mark))
    assert route.where == f"decorated.py:{line_of(mark)}"


def test_a_function_without_source_has_no_place(routes: dict[tuple[str, str], Route]) -> None:
    route = routes["builtin", "GET"]
    assert (route.handler, route.file, route.line, route.where) == (print, None, None, None)


def test_a_bound_method_stays_bound(routes: dict[tuple[str, str], Route], module: ModuleType) -> None:
    assert routes["bound", "GET"].handler.__self__ is module.desk
    assert routes["bound_wrapped", "GET"].handler.__self__ is module.desk


def test_the_view_is_what_flask_registered(routes: dict[tuple[str, str], Route], module: ModuleType) -> None:
    for (endpoint, _), route in routes.items():
        assert route.view is module.app.view_functions[endpoint]


def test_a_handler_of_a_class_is_the_plain_method(
    routes: dict[tuple[str, str], Route], module: ModuleType
) -> None:
    assert routes["items", "GET"].handler is module.Items.get
    assert routes["page", "PUT"].handler is module.Page.dispatch_request


def test_a_file_outside_of_the_working_directory_is_absolute(
    loading: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loaded = load_app("decorated")
    monkeypatch.chdir(tmp_path)
    files = {route.file for route in inspect(loaded).versions[0].routes}
    assert files == {str(DECORATED), None}
    monkeypatch.chdir(loading.parent)
    files = {route.file for route in inspect(loaded).versions[0].routes}
    assert files == {"loading/decorated.py", None}
    monkeypatch.chdir(loading)
