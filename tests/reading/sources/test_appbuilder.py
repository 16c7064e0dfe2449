"""Flask-AppBuilder, in an environment of its own: it needs marshmallow 3."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.reading.sources.conftest import without_sources

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "fixtures"
PYTHON = ROOT / ".venv-marshmallow3" / "bin" / "python"
APP = "sources.appbuilder:create_app()"


@cache
def run(*arguments: str, seed: str = "0") -> str:
    done = subprocess.run(
        [str(PYTHON), *arguments],
        cwd=FIXTURES,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def exported(version: str = "v1") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        run("-m", "apiver", "--app", APP, "export", version, "--format", "json")
    )
    return found


def test_the_contract_is_the_one_written_by_hand():
    expected = yaml.safe_load((FIXTURES / "sources/appbuilder/expected/v1.yaml").read_text())
    assert without_sources(exported()) == expected


def test_the_contract_is_the_same_on_every_run():
    command = ("-m", "apiver", "--app", APP, "export", "v2")
    assert run(*command, seed="1") == run(*command, seed="2")


def test_the_changes_from_one_version_to_the_next():
    report = run(*("-m", "apiver", "--app", APP, "diff", "v1", "v2", "--format", "json", "--fail-on", "none"))
    breaking = {
        (change["rule"], change["operations"][0]["path"])
        for change in json.loads(report)["changes"]
        if change["effect"] == "breaking"
    }
    assert breaking == {
        ("request-property-removed", "/animals/"),
        ("request-property-min-increased", "/feeding/{animal}"),
    }


LIVE = """
import json
from sources.appbuilder import create_app
from apiver.inventory import inspect
from apiver.reading import contract
from apiver.reading.sources import appbuilder

app = create_app()
client = app.test_client()
before = [layer.root for layer in appbuilder.layers(app)]
for version in ("v1", "v2"):
    contract(inspect(app), version)
assert [layer.root for layer in appbuilder.layers(app)] == before and len(before) == 2
bodies = {"grams": 1}, {"grams": 0}, {}, {"grams": "x"}
answers = [client.post("/api/v1/feeding/1", json=body) for body in bodies]
answers += [client.post("/api/v1/animals/", json={"name": "Leo"}), client.get("/api/v1/feeding/plan")]
print(json.dumps([[answer.status_code, answer.json] for answer in answers]))
"""


def test_the_app_does_what_its_contract_says_and_is_left_as_it_was():
    fed, none, nothing, text, nobody, plan = json.loads(run("-c", LIVE))
    assert fed == [200, {"fed": 1}]
    assert [answer[0] for answer in (none, nothing, text)] == [400, 400, 400]
    assert none[1] == {"message": "grams is a number of one or more"}
    assert nobody[0] == 401
    assert plan == [200, {"meals": 3}]
