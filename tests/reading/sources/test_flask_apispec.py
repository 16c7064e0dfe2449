"""flask-apispec, which needs marshmallow 3: everything happens in an environment of its own, in processes."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from apiver.contract.validate import problems

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-marshmallow3" / "bin" / "python"
APP = "sources.flask_apispec:create_app()"


def run(*arguments: str, seed: str = "0", stdin: str | None = None) -> str:
    """What a command of that environment writes; PYTHONHASHSEED is `seed`."""
    return subprocess.run(
        [PYTHON, "-W", "ignore", *arguments],
        cwd=ROOT / "fixtures",
        env={**os.environ, "PYTHONHASHSEED": seed},
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@cache
def exported(version: str) -> str:
    return run("-m", "apiver", "--app", APP, "export", version)


def contract(version: str) -> Any:
    return yaml.safe_load(exported(version))


ASK = """
import json, sys
from apiver.inventory import inspect
from apiver.reading import contract
from sources.flask_apispec import create_app

app = create_app()
client = app.test_client()
before = client.get("/swagger/").data
for version in ("v1", "v2"):
    contract(inspect(app), version)
answers = []
for method, url, options in json.load(sys.stdin):
    answer = client.open(url, method=method, **options)
    answers.append([answer.status_code, answer.get_json(silent=True)])
json.dump({"answers": answers, "same": client.get("/swagger/").data == before}, sys.stdout)
"""


def answers(*requests: tuple[str, str, dict[str, Any]]) -> list[Any]:
    """What the app answers after it was read, which leaves its own document as it was."""
    found = json.loads(run("-c", ASK, stdin=json.dumps(requests)))
    assert found["same"]
    return list(found["answers"])


def without_sources(value: Any) -> Any:
    if isinstance(value, list):
        return [without_sources(member) for member in value]
    if isinstance(value, dict):
        return {key: without_sources(member) for key, member in value.items() if key != "x-apiver-source"}
    return value


def judge(operation: str, status: str | None = None) -> Any:
    """A validator of the JSON body that an operation of v1 takes, or answers with `status`."""
    root = contract("v1")
    method, path = operation.split()
    said = root["paths"][path][method.lower()]
    part = said["requestBody"] if status is None else said["responses"][status]
    schema = part["content"]["application/json"]["schema"]
    return jsonschema.Draft202012Validator({**schema, "components": root["components"]})


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_contract_is_the_one_written_by_hand_and_valid(version):
    expected = ROOT / "fixtures" / "sources" / "flask_apispec" / "expected" / f"{version}.yaml"
    assert without_sources(contract(version)) == yaml.safe_load(expected.read_text())
    assert problems(contract(version)) == ()


def test_the_contract_is_the_same_on_every_run():
    assert run("-m", "apiver", "--app", APP, "export", "v1", seed="7") == exported("v1")


BODIES: list[Any] = [
    {"name": "Moss"},
    {"name": "Moss", "height": None, "shade": True},
    {"name": ""},
    {"name": "Moss", "height": -1},
    {"name": "Moss", "color": "green"},
    {"height": 3},
]


def test_the_app_takes_what_the_contract_allows_and_no_more():
    asked = answers(*[("POST", "/api/v1/plants", {"json": body}) for body in BODIES])
    for body, (status, answer) in zip(BODIES, asked, strict=True):
        assert status == (201 if judge("POST /plants").is_valid(body) else 422), body
        if status == 201:
            judge("POST /plants", "201").validate(answer)


def test_what_else_the_app_answers_is_in_the_contract():
    listed, bodiless, changed, refused, missing = answers(
        ("GET", "/api/v1/plants?shade=true&limit=1", {}),
        ("POST", "/api/v1/plants", {}),
        ("PUT", "/api/v1/plants/1", {"data": {"height": 3}}),
        ("PUT", "/api/v1/plants/1", {"data": {"height": 0}}),
        ("GET", "/api/v1/plants/99", {}),
    )
    judge("GET /plants", "2XX").validate(listed[1])
    assert [each[0] for each in (listed, bodiless, changed, refused, missing)] == [200, 422, 204, 422, 404]


def test_the_changes_from_one_version_to_the_next():
    told = json.loads(
        run("-m", "apiver", "--app", APP, "diff", "v1", "v2", "--format", "json", "--fail-on", "none")
    )
    breaking = {
        (change["rule"], change["title"]) for change in told["changes"] if change["effect"] == "breaking"
    }
    assert breaking == {
        ("request-property-max-length-decreased", "NewPlant.name: max length went from 40 to 30"),
        ("request-property-became-required", "body.shade is required now"),
    }


THREE = """
import json, sys
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from flask_apispec import FlaskApiSpec, marshal_with, use_kwargs
from marshmallow import Schema, fields

from apiver.inventory import inspect
from apiver.reading import contract

app = Flask("three")
app.config["APISPEC_SPEC"] = APISpec("Three", "1", "3.0.3", plugins=[MarshmallowPlugin()])
docs = FlaskApiSpec(app)


@app.post("/api/v1/things/<int:thing_id>")
@use_kwargs(type("ThingSchema", (Schema,), {"name": fields.String(required=True)}))
@use_kwargs({"tags": fields.List(fields.String())}, location="query")
@marshal_with(type("AnswerSchema", (Schema,), {"ok": fields.Boolean()}), code=200)
def thing(thing_id, name, tags=()):
    return {"ok": True}


@app.get("/api/v1/plain")
def plain():
    return {"plain": True}


docs.register_existing_resources()
json.dump(contract(inspect(app), "v1").root, sys.stdout)
"""


def test_what_is_written_as_swagger_in_an_openapi_document_is_put_right(tmp_path):
    (tmp_path / "three.py").write_text(THREE)  # the source of a view is read from a file
    root = json.loads(run(str(tmp_path / "three.py")))
    assert "x-apiver-unread" not in root
    assert problems(root) == ()
    said = without_sources(root["paths"]["/things/{thing_id}"]["post"])
    assert said["requestBody"] == {
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
        "required": True,
    }
    assert said["parameters"] == [
        {"name": "thing_id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}},
        {
            "name": "tags",
            "in": "query",
            "required": False,
            "style": "form",
            "explode": True,
            "schema": {"type": "array", "items": {"type": "string"}},
        },
    ]
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}
    assert said["responses"]["200"] == {"description": "OK", "content": content}
    plain = root["paths"]["/plain"]["get"]
    assert plain["responses"]["200"]["content"]["application/json"]["schema"]["type"] == "object"
