"""flask-restplus, in a process of its own: what it needs of today's Flask and Werkzeug is put there first."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tests.reading.sources.conftest import without_sources

FIXTURES = Path(__file__).parents[3] / "fixtures"
APP = "sources.restplus:create_app()"


@cache
def run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=FIXTURES, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def operation(method: str, path: str) -> Any:
    root = json.loads(run("-m", "apiver", "--app", APP, "export", "v1", "--format", "json"))
    assert "x-apiver-unread" not in root
    assert root["components"]["schemas"]["NewToyv1"]["properties"]["name"] == {
        "type": "string",
        "maxLength": 40,
    }
    return without_sources(root["paths"][path][method])


def test_what_is_declared():
    said = operation("get", "/toys")
    assert said["summary"] == "All toys"
    (limit,) = said["parameters"]
    assert limit == {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 10}}
    schema = said["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {
        "type": "object",
        "required": ["toys"],
        "properties": {"toys": {"type": "array", "items": {"$ref": "#/components/schemas/Toyv1"}}},
    }
    said = operation("post", "/toys")
    assert list(said["responses"]) == ["201", "400"]
    assert said["requestBody"] == {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewToyv1Input"}}},
    }


def test_what_is_not_declared_is_inferred():
    said = operation("get", "/toys/{number}/stock")
    assert [one["name"] for one in said["parameters"]] == ["number", "warehouse"]
    assert list(said["responses"]) == ["200", "404"]
    assert list(said["responses"]["404"]["content"]) == ["application/json"]
    assert said["responses"]["200"]["content"]["application/json"]["schema"]["properties"] == {
        "left": {"type": "integer"},
        "warehouse": {"type": ["string", "null"]},
    }


def test_the_changes_from_one_version_to_the_next():
    report = run("-m", "apiver", "--app", APP, "diff", "v1", "v2", "--format", "json", "--fail-on", "none")
    breaking = {change["rule"] for change in json.loads(report)["changes"] if change["effect"] == "breaking"}
    assert breaking == {"request-property-max-length-decreased"}


LIVE = """
import json
from sources.restplus import create_app
from apiver.inventory import inspect
from apiver.reading import contract

read, never_read = create_app(), create_app()
for version in ("v1", "v2"):
    contract(inspect(read), version)
client = read.test_client()
assert client.get("/api/swagger.json").data == never_read.test_client().get("/api/swagger.json").data
answers = [client.get("/api/v1/toys")]
answers += [client.post("/api/v1/toys", json={"name": name}) for name in ("n" * 40, "n" * 41)]
answers += [client.get("/api/v1/toys/9/stock"), client.get("/api/v1/toys/1/stock")]
print(json.dumps([[answer.status_code, sorted(answer.json)] for answer in answers]))
"""


def test_the_app_does_what_its_contract_says_and_is_left_as_it_was():
    assert json.loads(run("-c", LIVE)) == [
        [200, ["toys"]],
        [201, ["id", "name", "price"]],
        [400, ["errors", "message"]],
        [404, ["message"]],
        [200, ["left", "warehouse"]],
    ]
