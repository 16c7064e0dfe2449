"""The apps of `fixtures/sources`: what is exported of them, what should be, and what they answer."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType, MethodType, ModuleType
from typing import Any

import jsonschema
import pytest
import yaml
from flask import Flask
from werkzeug.local import LocalProxy

from apiver.compare import diff
from apiver.contract.document import Document
from apiver.inventory import inspect
from apiver.reading import contract

FIXTURES = Path(__file__).parents[3] / "fixtures"
# flask-openapi 5 is made for Python 3.11 and later.
collect_ignore = ["test_openapi.py"] if sys.version_info < (3, 11) else []


class Source:
    """One fixture app, loaded anew, and its contracts."""

    def __init__(self, name: str) -> None:
        if str(FIXTURES) not in sys.path:
            sys.path.insert(0, str(FIXTURES))
        self.name = name
        self.app: Flask = importlib.import_module(f"sources.{name}").create_app()

    def document(self, version: str) -> Document:
        return contract(inspect(self.app), version)

    def exported(self, version: str) -> dict[str, Any]:
        """The contract without the places that it was read from."""
        found: dict[str, Any] = without_sources(self.document(version).root)
        return found

    def expected(self, version: str) -> dict[str, Any]:
        """The contract as it was written by hand."""
        text = (FIXTURES / "sources" / self.name / "expected" / f"{version}.yaml").read_text()
        found: dict[str, Any] = yaml.safe_load(text)
        return found

    def changes(self) -> set[tuple[str, str, str]]:
        """What differs from v1 to v2: the effect, the rule and the subject."""
        found = diff(self.document("v1"), self.document("v2"))
        return {(change.effect, change.rule, change.subject) for change in found.changes}

    def judge(self, version: str, operation: str, status: int | None = None) -> Any:
        """A validator of the JSON body that an operation takes, or answers with `status`."""
        root = self.exported(version)
        method, path = operation.split()
        said = root["paths"][path][method.lower()]
        part = said["requestBody"] if status is None else said["responses"][str(status)]
        schema = part["content"]["application/json"]["schema"]
        return jsonschema.Draft202012Validator(
            {**schema, "components": root.get("components", {})},
            format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
        )


def without_sources(value: Any) -> Any:
    if isinstance(value, list):
        return [without_sources(member) for member in value]
    if isinstance(value, dict):
        return {key: without_sources(member) for key, member in value.items() if key != "x-apiver-source"}
    return value


@pytest.fixture(scope="session")
def load() -> Callable[[str], Source]:
    """Gives the `Source` of a name; the same one all the time."""
    return cache(Source)


@pytest.fixture
def source(request: pytest.FixtureRequest, load: Callable[[str], Source]) -> Source:
    """The app that the test module names: `NAME = "smorest"`."""
    return load(request.module.NAME)


def state(app: Flask) -> dict[str, Any]:
    """Everything that can be reached from an app, as values by path: two of them show whether it changed."""
    found: dict[str, Any] = {}
    seen: set[int] = set()
    todo: list[tuple[str, Any]] = [("app", app)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, (str, int, float, bytes, type(None))):
            found[path] = value
            continue
        if id(value) in seen:
            found[path] = type(value).__name__, id(value)
            continue
        seen.add(id(value))
        found[path] = type(value).__name__
        if isinstance(value, (type, ModuleType)) or type(value) is LocalProxy:
            continue
        if isinstance(value, dict):
            todo += [(f"{path}[{key!r}]", member) for key, member in list(value.items())]
            found[path] = list(map(repr, value))
        elif isinstance(value, (list, tuple)):
            todo += [(f"{path}[{index}]", member) for index, member in enumerate(value)]
            found[path] = len(value)
        elif isinstance(value, (set, frozenset)):
            found[path] = sorted(map(repr, value))
        elif isinstance(value, MethodType):
            todo += [(f"{path}.__self__", value.__self__)]
        else:
            members = getattr(value, "__dict__", {}).items()
            # The first use of a Nested field makes its schema, which it keeps: a memory, no change.
            todo += [(f"{path}.{key}", member) for key, member in members if key != "_schema"]
            if isinstance(value, FunctionType):
                for name, cell in zip(value.__code__.co_freevars, value.__closure__ or (), strict=True):
                    todo.append((f"{path}<{name}>", cell.cell_contents))
    return found


@pytest.fixture
def state_of() -> Callable[[Flask], dict[str, Any]]:
    """Gives the state of an app."""
    return state
