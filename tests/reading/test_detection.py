"""Versions that nothing but the code chooses: what it looks for in a request says which there are."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from apiver.inventory import Inventory, LoadedApp
from apiver.manifest import AppSettings, Selector, Way, read_settings
from apiver.reading import contract, inspect
from tests.reading.test_selected import VERSIONS, app_of

_COUNT = itertools.count()
HEAD = """
from flask import Flask, abort, g, jsonify, request
app = Flask(__name__)
"""


def program(tmp_path: Path, text: str) -> Flask:
    name = f"detected{next(_COUNT)}"
    file = tmp_path / f"{name}.py"
    file.write_text(HEAD + text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    found: Flask = module.app
    return found


def view(body: str, rule: str = "/books", arguments: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body.strip("\n").split("\n"))
    return f'\n@app.get("{rule}")\ndef books({arguments}):\n{lines}\n'


def how(found: Inventory) -> list[str]:
    return [version.how.partition("  ")[0] for version in found.versions]


def of_kind(found: Inventory, kind: str) -> list[str]:
    return [one.message for one in found.warnings if one.kind == kind]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            """
version = request.headers.get("X-API-Version", "1")
return jsonify(a=1) if version == "2" else jsonify(b=1)
""",
            ["header X-API-Version: 1, or nothing", "header X-API-Version: 2"],
        ),
        (
            """
if request.headers.get("Api-Version") not in ("v1", "v2"):
    abort(400)
return jsonify(a=1)
""",
            ["header Api-Version: v1", "header Api-Version: v2"],
        ),
        (
            """
if int(request.args.get("version", 1)) >= 2:
    return jsonify(a=1)
return jsonify(b=1)
""",
            ["query version=1, or nothing", "query version=2"],
        ),
        (
            """
match request.values.get("v"):
    case "1": return jsonify(a=1)
    case "2": return jsonify(b=1)
    case _: abort(400)
""",
            ["query v=1", "query v=2"],
        ),
        (
            """
table = {"2024-01-01": lambda: jsonify(a=1), "2025-01-01": lambda: jsonify(b=1)}
return table[request.headers["Shop-Version"]]()
""",
            ["header Shop-Version: 2024-01-01", "header Shop-Version: 2025-01-01"],
        ),
        (
            """
best = request.accept_mimetypes.best_match(["application/vnd.shop.v1+json", "application/vnd.shop.v2+json"])
return jsonify(a=best)
""",
            ["Accept: application/vnd.shop.v1+json", "Accept: application/vnd.shop.v2+json"],
        ),
        (
            """
accept = request.headers.get("Accept", "")
if "application/vnd.shop.v1+json" in accept:
    return jsonify(a=1)
if "application/vnd.shop.v2+json" in accept:
    return jsonify(b=1)
abort(406)
""",
            ["Accept: application/vnd.shop.v1+json", "Accept: application/vnd.shop.v2+json"],
        ),
    ],
)
def test_what_the_code_compares_with_two_versions(body: str, expected: list[str], tmp_path: Path) -> None:
    found = inspect(program(tmp_path, view(body)))
    assert how(found) == expected
    assert len(of_kind(found, "selector-read")) == 1


def test_a_hook_that_reads_the_version_for_every_view(tmp_path: Path) -> None:
    found = inspect(
        program(
            tmp_path,
            """
@app.before_request
def choose():
    g.version = int(request.headers.get("X-Version", "1"))
"""
            + view("return jsonify(a=1) if g.version == 2 else jsonify(b=1)"),
        )
    )
    assert how(found) == ["header X-Version: 1, or nothing", "header X-Version: 2"]


def test_a_variable_of_the_path(tmp_path: Path) -> None:
    body = """
if version == "v1":
    return jsonify(a=1)
if version == "v2":
    return jsonify(b=1)
abort(404)
"""
    app = program(tmp_path, view(body, "/api/<version>/books", "version"))
    found = inspect(app)
    assert [(one.name, one.prefix) for one in found.versions] == [("v1", "/api/v1"), ("v2", "/api/v2")]
    answers = [
        list(
            contract(found, name).root["paths"]["/books"]["get"]["responses"]["200"]["content"][
                "application/json"
            ]["schema"]["properties"]
        )
        for name in ("v1", "v2")
    ]
    assert answers == [["a"], ["b"]]


DECORATED = """
from functools import wraps

def served(function):
    @wraps(function)
    def checked(*args, **kwargs):
        version = int(kwargs.pop("version"))
        if version < 1 or version > 1:
            abort(404)
        return function(*args, **kwargs)

    app.add_url_rule("/api/v<int:version>/" + function.__name__, function.__name__, checked)
    return checked

@served
def servers():
    return jsonify(a=1)

@app.get("/api/<version>/books")
def books(version=app.import_name):
    if version != "v1":
        return jsonify(error="no such version"), 400
    return jsonify(b=1)
"""


def test_one_version_of_a_path_that_refuses_all_others(tmp_path: Path) -> None:
    app = program(tmp_path, DECORATED)
    found = inspect(app)
    assert [(one.name, one.prefix) for one in found.versions] == [("v1", "/api/v1")]
    root = contract(found, "v1").root
    assert [list(item["get"]["responses"]) for item in root["paths"].values()] == [["200"], ["200"]]
    client = app.test_client()
    assert [client.get(f"/api/v1{path}").status_code for path in root["paths"]] == [200, 200]
    assert [client.get(f"/api/v2{path}").status_code for path in root["paths"]] == [400, 404]


def test_one_version_of_a_path_that_lets_others_pass_is_only_told(tmp_path: Path) -> None:
    body = 'return jsonify(a=1) if version == "v1" else jsonify(b=1)'
    found = inspect(program(tmp_path, view(body, "/api/<version>/books", "version")))
    assert how(found) == ["implicit: no URL names a version"]
    (message,) = of_kind(found, "selector-seen")
    assert message.startswith("the code looks for v1 in the variable version; ")
    assert not of_kind(found, "version-in-variable")


@pytest.mark.parametrize(
    "body",
    [
        'return jsonify(a=1) if request.headers.get("X-API-Version") == "2" else jsonify(b=1)',
        'return jsonify(a=1) if request.args.get("version") == "2" else jsonify(b=1)',
    ],
)
def test_one_version_alone_is_only_told(body: str, tmp_path: Path) -> None:
    found = inspect(program(tmp_path, view(body)))
    assert how(found) == ["implicit: no URL names a version"]
    (message,) = of_kind(found, "selector-seen")
    assert message.startswith("the code looks for 2 in ")
    assert '\n  "1": {}\n  "2": {}' in message


def test_an_expression_tells_how_and_not_which(tmp_path: Path) -> None:
    body = r"""
import re
found = re.match(r"application/vnd\.shop\.v(\d+)\+json", request.headers.get("Accept", ""))
return jsonify(a=1) if found else jsonify(b=1)
"""
    found = inspect(program(tmp_path, "import re\n" + view(body)))
    (message,) = of_kind(found, "selector-seen")
    assert "accept: application/vnd.shop.v{number}+json" in message


@pytest.mark.parametrize(
    "body",
    [
        'return jsonify(a=request.headers.get("X-API-Version", "1"))',
        'return jsonify(a=1) if request.args.get("version") == "latest" else jsonify(b=1)',
        'return jsonify(a=1) if request.args.get("sort") in ("1", "2") else jsonify(b=1)',
        'return jsonify(a=1) if request.cookies.get("version") in ("1", "2") else jsonify(b=1)',
        'return jsonify(a=1) if (request.get_json() or {}).get("version") in ("1", "2") else jsonify(b=1)',
    ],
)
def test_what_names_no_version(body: str, tmp_path: Path) -> None:
    found = inspect(program(tmp_path, view(body)))
    assert how(found) == ["implicit: no URL names a version"]
    assert not of_kind(found, "selector-seen")


def test_only_a_view_that_looks_at_the_header_has_it_in_its_contract() -> None:
    found = inspect(app_of("ferry"))
    paths = contract(found, "2").root["paths"]
    named = {path: [one["name"] for one in item["get"].get("parameters", ())] for path, item in paths.items()}
    assert named == {"/ferries": ["X-API-Version"], "/ports": []}


def test_the_manifest_comes_before_the_code() -> None:
    manifest = Path(__file__).parents[2] / "fixtures" / "selected" / "lending" / "apiver.yaml"
    loaded = LoadedApp(app_of("lending"), "lending", settings=read_settings(str(manifest)))
    assert [one.name for one in inspect(loaded).versions] == VERSIONS["lending"]


def test_a_selector_without_versions_has_the_code_name_them() -> None:
    settings = AppSettings(selector=Selector(None, (Way("header", "X-API-Version", "{version}"),), "1"))
    found = inspect(LoadedApp(app_of("ferry"), "ferry", settings=settings))
    assert how(found) == ["header X-API-Version: 1, or nothing", "header X-API-Version: 2"]


def test_the_advice_is_a_manifest_that_says_the_same(tmp_path: Path) -> None:
    app = app_of("tickets")
    read = inspect(app)
    (message,) = of_kind(read, "selector-read")
    manifest = tmp_path / "apiver.yaml"
    manifest.write_text(message.partition("\n")[2], encoding="utf-8")
    told = inspect(LoadedApp(app, "tickets", settings=read_settings(str(manifest))))
    assert [one.name for one in told.versions] == [one.name for one in read.versions]
    assert how(told) == how(read)


def test_a_header_beside_versions_of_the_url_is_only_told(tmp_path: Path) -> None:
    hook = """
@app.before_request
def choose():
    if request.headers.get("X-API-Version", "v1") not in ("v1", "v2"):
        abort(400)


@app.get("/api/v1/books")
def old():
    return jsonify(a=1)
"""
    found = inspect(program(tmp_path, hook + view("return jsonify(b=1)", "/health")))
    assert shaped(found) == [("v1", "url segment /api/v1")]
    (message,) = of_kind(found, "selector-seen")
    assert message.startswith("the code looks for v1, v2 in header X-API-Version; ")


def shaped(found: Inventory) -> Any:
    return [(one.name, one.how) for one in found.versions]


def test_an_app_whose_urls_name_its_versions_is_not_asked(tmp_path: Path) -> None:
    body = 'return jsonify(a=1) if request.args.get("version") in ("1", "2") else jsonify(b=1)'
    found = inspect(program(tmp_path, view(body, "/api/v1/books")))
    assert shaped(found) == [("v1", "url segment /api/v1")]
