"""Reading the small apps of `fixtures/reading`: one operation at a time, without its sources."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from apiver.contract.validate import problems
from apiver.inventory import inspect
from apiver.reading import contract

FIXTURES = Path(__file__).parents[2] / "fixtures"


def without_sources(value: Any) -> Any:
    """A part of a contract without what it says of its reading; `test_checks` looks at those marks."""
    if isinstance(value, list):
        return [without_sources(item) for item in value]
    if isinstance(value, dict):
        return {key: without_sources(item) for key, item in value.items() if key not in MARKS}
    return value


MARKS = ("x-apiver-source", "x-apiver-incomplete", "x-apiver-lenient")


class Contract:
    """The contract of one fixture app, and short ways to its parts."""

    def __init__(self, app: Any) -> None:
        self.document = contract(inspect(app), "v1")
        assert problems(self.document.root) == ()
        self.root = without_sources(self.document.root)

    def operation(self, name: str) -> dict[str, Any]:
        method, path = name.split()
        found: dict[str, Any] = self.root["paths"][path][method.lower()]
        return found

    def statuses(self, name: str) -> list[str]:
        return list(self.operation(name)["responses"])

    def response(self, name: str, status: int | str = 200) -> dict[str, Any]:
        found: dict[str, Any] = self.operation(name)["responses"][str(status)]
        return found

    def schema(self, name: str, status: int | str = 200, media: str = "application/json") -> Any:
        return self.response(name, status)["content"][media]["schema"]

    def properties(self, name: str, status: int | str = 200) -> dict[str, Any]:
        found: dict[str, Any] = self.schema(name, status)["properties"]
        return found

    def body(self, name: str, media: str = "application/json") -> Any:
        return self.operation(name)["requestBody"]["content"][media]["schema"]

    def parameters(self, name: str) -> dict[tuple[str, str], dict[str, Any]]:
        found = {}
        for parameter in self.operation(name).get("parameters", ()):
            rest = {key: value for key, value in parameter.items() if key not in ("name", "in")}
            found[parameter["in"], parameter["name"]] = rest
        return found

    def component(self, name: str) -> Any:
        return self.root["components"]["schemas"][name]


@pytest.fixture(scope="module")
def read(request: pytest.FixtureRequest) -> Contract:
    """The contract of the app in `fixtures/reading/<APP>.py`, where APP is said by the test module."""
    if str(FIXTURES) not in sys.path:
        sys.path.insert(0, str(FIXTURES))
    for name in ("returns", "stores"):  # imported inside of functions by others
        importlib.import_module(f"reading.{name}")
    return Contract(importlib.import_module(f"reading.{request.module.APP}").app)


@pytest.fixture
def disagreements(read: Contract, request: pytest.FixtureRequest) -> Any:
    """What the app answers to one request of an operation and the contract rules out."""
    app = sys.modules[f"reading.{request.module.APP}"].app
    return lambda operation: _disagreements(read, app, operation)


def _disagreements(read: Contract, app: Any, operation: str) -> list[str]:
    method, path = operation.split()
    prefix = read.root.get("servers", [{"url": ""}])[0]["url"]
    answer = app.test_client().open(prefix + re.sub(r"\{[^}]*\}", "1", path), method=method)
    responses = read.operation(operation)["responses"]
    said = responses.get(str(answer.status_code)) or responses.get("4XX") or responses.get("default")
    if said is None:
        return [f"{answer.status_code} is not in the contract: {answer.text[:200]}"]
    found = [
        f"the header {name} is missing"
        for name, header in said.get("headers", {}).items()
        if header.get("required") and name not in answer.headers
    ]
    content = said.get("content", {})
    if answer.data and answer.mimetype not in content and "*/*" not in content:
        found.append(f"{answer.mimetype} is not in the contract")
    if answer.is_json and answer.mimetype in content:
        schema = {**content[answer.mimetype]["schema"], "components": read.root.get("components", {})}
        judge = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        found += [error.message for error in judge.iter_errors(answer.json)]
    return found
