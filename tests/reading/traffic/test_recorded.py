"""From a recording to a contract: the whole way, with an app whose answers the code alone does not tell."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from apiver.contract.validate import problems

FIXTURES = Path(__file__).parents[3] / "fixtures"

ASK = """
from ledger import app
client = app.test_client()
for _ in range(3):
    for version in ("v1", "v2"):
        client.get(f"/api/{version}/accounts")
        client.post(f"/api/{version}/accounts", json={"owner": "Zoe"})
        client.get(f"/api/{version}/balance")
"""


def apiver(
    *arguments: str, cwd: Path = FIXTURES / "traffic", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "apiver", *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def plain(value: Any) -> Any:
    """A contract without reasons and lines: each source is the word that says who."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    reasons = ("x-apiver-incomplete", "x-apiver-unknown")
    return {
        key: one["by"] if key == "x-apiver-source" else True if key in reasons else plain(one)
        for key, one in value.items()
    }


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> str:
    path = str(tmp_path_factory.mktemp("recorded") / "traffic.json")
    result = apiver("record", "--output", path, "--", sys.executable, "-c", ASK)
    assert result.returncode == 0, result.stderr
    return path


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_contract_is_the_one_that_was_written_by_hand(store, version):
    result = apiver("--app", "ledger", "--traffic", store, "export", version)
    assert result.returncode == 0, result.stderr
    found = yaml.safe_load(result.stdout)
    assert problems(found) == ()
    assert plain(found) == yaml.safe_load((FIXTURES / "traffic" / "expected" / f"{version}.yaml").read_text())


def test_the_same_bytes_under_any_hash_seed(store):
    first, second = (
        apiver("--app", "ledger", "--traffic", store, "export", "v1", PYTHONHASHSEED=seed).stdout
        for seed in "12"
    )
    assert first
    assert first == second


def test_nothing_is_breaking_on_a_sample(store):
    result = apiver("--app", "ledger", "--traffic", store, "diff", "v1", "v2", "--format", "json")
    changes = json.loads(result.stdout)["changes"]
    assert result.returncode == 0
    assert ("response-property-type-changed", "body[].balance") in {
        (one["rule"], one["subject"]) for one in changes if one["effect"] == "risky"
    }
    without = apiver("--app", "ledger", "--traffic", "none", "diff", "v1", "v2", "--format", "json")
    assert "body[].balance" not in without.stdout


def test_an_exported_file_says_what_was_only_observed(store, tmp_path):
    for version in ("v1", "v2"):
        path = str(tmp_path / f"{version}.yaml")
        assert (
            apiver("--app", "ledger", "--traffic", store, "export", version, "--output", path).returncode == 0
        )
    result = apiver("diff", str(tmp_path / "v1.yaml"), str(tmp_path / "v2.yaml"), "--format", "json")
    assert {one["effect"] for one in json.loads(result.stdout)["changes"]} <= {"risky", "compatible"}


def test_the_store_of_the_folder_is_taken_and_one_that_is_broken_is_refused(tmp_path, store):
    view = "@app.get('/a')\ndef a(): return flask.jsonify(eval('{}'))\n"
    app = f"import flask\napp = flask.Flask(__name__)\n{view}"
    (tmp_path / "app.py").write_text(app)
    ask = "from app import app\napp.test_client().get('/a')"
    assert apiver("record", "--", sys.executable, "-c", ask, cwd=tmp_path).returncode == 0
    assert "by: observed" in apiver("export", "v1", cwd=tmp_path).stdout
    assert "by: observed" not in apiver("--traffic", "none", "export", "v1", cwd=tmp_path).stdout
    (tmp_path / ".apiver" / "traffic.json").write_text("{")
    result = apiver("export", "v1", cwd=tmp_path)
    assert result.returncode == 4
    assert "error: the recorded traffic is not JSON" in result.stderr


SELECTED = """
import flask
app = flask.Flask(__name__)

FIELDS = ["name", "title", "size"]

def compute(code): return eval(code)

@app.get("/things")
def things():
    if flask.request.headers.get("API-Version") == "2":
        return flask.jsonify(compute("dict(name='x')"))
    return flask.jsonify(compute("dict(title=1)"))

@app.get("/same")
def same():
    return flask.jsonify(compute("dict(size=1)"))
"""
MANIFEST = """
app: app
selector: {header: "API-Version: {number}", default: v1}
versions: {v1: {}, v2: {}}
"""


def test_versions_that_a_header_selects_are_kept_apart(tmp_path):
    (tmp_path / "app.py").write_text(SELECTED)
    (tmp_path / "apiver.yaml").write_text(MANIFEST)
    ask = (
        "from app import app\nclient = app.test_client()\n"
        "for headers in ({}, {'API-Version': '2'}, {'API-Version': 'qwhzkxvb'}):\n"
        "    client.get('/things', headers=headers); client.get('/same', headers=headers)\n"
    )
    assert apiver("record", "--", sys.executable, "-c", ask, cwd=tmp_path).returncode == 0
    text = (tmp_path / ".apiver" / "traffic.json").read_text()
    assert "qwhzkxvb" not in text
    assert {one.get("version") for one in json.loads(text)["apps"]["app"]["operations"]} == {"v1", "v2", None}
    for version, name in (("v1", "title"), ("v2", "name")):
        paths = yaml.safe_load(apiver("export", version, cwd=tmp_path).stdout)["paths"]
        schemas = {
            path: item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            for path, item in paths.items()
        }
        assert list(schemas["/things"]["properties"]) == [name]
        assert list(schemas["/same"]["properties"]) == ["size"]


def test_the_tests_of_the_bookshop_show_what_is_read_from_its_code(tmp_path):
    store = str(tmp_path / "traffic.json")
    tests = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "bookshop/tests/test_authors.py")
    recorded = apiver("record", "--output", store, "--", *tests, cwd=FIXTURES)
    assert recorded.returncode == 0, recorded.stdout
    operations = json.loads(Path(store).read_text())["apps"]["bookshop"]["operations"]
    assert len(operations) > 5
    for version in ("v1", "v2"):
        written = yaml.safe_load((FIXTURES / "bookshop" / "expected" / f"{version}.yaml").read_text())
        known = {
            (re.sub(r"\{[^}]*\}", "{}", f"/api/{version}{path}"), method.upper()): operation
            for path, item in written["paths"].items()
            for method, operation in item.items()
        }
        for one in operations:
            if one["rule"].startswith(f"/api/{version}/"):
                declared = known[re.sub(r"<[^>]*>", "{}", one["rule"]), one["method"]]["responses"]
                for status, response in one["responses"].items():
                    told = declared[status]
                    told = (
                        written["components"]["responses"][told["$ref"].split("/")[-1]]
                        if "$ref" in told
                        else told
                    )
                    assert set(response.get("content", {})) <= set(told.get("content", {}))
        plain, filled = (
            apiver("--app", "bookshop", "--traffic", which, "export", version, cwd=FIXTURES).stdout
            for which in ("none", store)
        )
        assert plain == filled != ""
        drift = apiver("--app", "bookshop", "--traffic", store, "export", version, "--drift", cwd=FIXTURES)
        assert drift.returncode == 0, drift.stdout


def test_apps_are_found_below_a_prefix_and_under_another_name(monkeypatch):
    monkeypatch.syspath_prepend(str(FIXTURES / "traffic"))
    import parcels

    from apiver.inventory import inspect
    from apiver.inventory.loader import LoadedApp
    from apiver.reading.traffic.observations import Observations

    def seen(rule):
        return {"method": "GET", "rule": rule, "requests": 1}

    app = parcels.mounted()
    depot = app.wsgi_app.mounts["/depot"]
    inventory = inspect(LoadedApp(app, "parcels", (("/depot", depot),)))
    routes = {route.path: route for one in inventory.versions for route in one.routes}
    routes |= {route.path: route for route in inventory.unversioned}
    shelves, page = routes["/depot/shelves"], routes["/api/v1/page"]
    apps = {"depot": {"operations": [seen("/shelves")]}, "elsewhere": {"operations": [seen("/api/v1/page")]}}
    found = Observations(apps)
    assert found.of(shelves, ("v1",)) == seen("/shelves")
    assert found.of(page, ("v1",)) == seen("/api/v1/page")
    apps["third"] = apps["elsewhere"]
    assert Observations(apps).of(page, ("v1",)) is None
