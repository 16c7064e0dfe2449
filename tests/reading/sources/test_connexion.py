"""Connexion: its app is found, with its routes; the contract is that of its files, and what its app does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from apiver.compare import diff
from apiver.contract.validate import problems
from apiver.inventory import inspect, load_app
from apiver.reading import contract
from tests.reading.sources.conftest import without_sources

FIXTURES = Path(__file__).parents[3] / "fixtures"
STAFF = {"X-Staff": "letmein"}
ADDRESS = "http://testserver"


@pytest.fixture(scope="module")
def loaded():
    sys.path.insert(0, str(FIXTURES))
    return load_app("sources.connexion:create_app()")


@pytest.fixture(scope="module")
def root(loaded):
    found = contract(inspect(loaded), "v1").root
    assert problems(found) == ()
    return found


@pytest.fixture
def client(loaded):
    from sources.connexion import create_app

    with create_app().test_client() as client:
        yield client


def judge(root, *path):
    schema = root["paths"]
    for key in path:
        schema = schema[key]
    return jsonschema.Draft202012Validator({**schema, "components": root["components"]})


def test_the_contract_is_the_one_written_by_hand(root):
    expected = yaml.safe_load((FIXTURES / "sources/connexion/expected/v1.yaml").read_text())
    assert without_sources(root) == expected


def test_the_contract_is_the_same_on_every_run():
    def export(seed: str) -> str:
        command = [sys.executable, "-m", "apiver", "--app", "sources.connexion:create_app()", "export", "v2"]
        done = subprocess.run(
            command,
            cwd=FIXTURES,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert export("1") == export("2")


def test_reading_leaves_the_app_as_it_was(loaded, state_of):
    loaded.app.url_map.update()
    kept = state_of(loaded.app)
    contract(inspect(loaded), "v1")
    contract(inspect(loaded), "v2")
    assert state_of(loaded.app) == kept


def test_loading_it_twice_makes_its_routes_once(loaded):
    from sources.connexion import create_app

    from apiver.inventory.mounts import flask_apps

    app = create_app()
    assert not [rule for rule in app.app.url_map.iter_rules() if "films" in rule.rule]
    ((_, once),) = flask_apps(app)
    ((_, twice),) = flask_apps(app)
    assert once is twice is app.app
    assert len([rule for rule in once.url_map.iter_rules() if rule.rule == "/api/v1/films"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"title": "M", "minutes": 110},
        {"title": "M"},
        {"title": ""},
        {"title": "M", "minutes": 0},
        {"title": "M", "color": False},
        {"minutes": 3},
        [],
    ],
)
def test_the_app_takes_what_the_contract_allows_and_no_more(root, client, body):
    answer = client.post("/api/v1/films", json=body, headers=STAFF)
    content = root["paths"]["/films"]["post"]["requestBody"]["content"]["application/json"]
    allowed = judge({**root, "paths": content}, "schema").is_valid(body)
    assert answer.status_code == (201 if allowed else 400)
    media = "application/json" if allowed else "application/problem+json"
    said = root["paths"]["/films"]["post"]["responses"][str(answer.status_code)]["content"][media]
    judge({**root, "paths": said}, "schema").validate(answer.json())


def test_what_else_the_app_answers_is_in_the_contract(root, client):
    assert client.get("/api/v1/films?limit=51").status_code == 400
    assert client.get("/api/v2/films?limit=21").status_code == 400
    said = root["paths"]["/films"]["get"]["responses"]["200"]["content"]["application/json"]
    judge({**root, "paths": said}, "schema").validate(client.get("/api/v1/films?limit=50").json())
    assert client.post("/api/v1/films", json={"title": "M"}).status_code == 401
    missing = client.get("/api/v1/films/99")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"
    assert client.get("/api/v1/health").json() == {"open": True, "verbose": False}


def test_the_changes_from_one_version_to_the_next(loaded):
    inventory = inspect(loaded)
    found = diff(contract(inventory, "v1"), contract(inventory, "v2")).changes
    assert {(change.rule, change.subject) for change in found if change.effect == "breaking"} == {
        ("request-parameter-max-decreased", "?limit"),
        ("request-property-became-required", "body.minutes"),
        ("api-removed-without-deprecation", "operation"),
    }


def test_an_app_that_starlette_serves_has_the_same_contract(root):
    found = contract(inspect(load_app("sources.connexion.asynchronous:app")), "v1").root
    paths = {path: item for path, item in root["paths"].items() if path != "/health"}
    assert found["paths"] == paths
    assert found["components"] == root["components"]


def test_an_operation_that_names_no_function_is_said_while_loading(tmp_path, monkeypatch):
    from apiver.errors import AppLoadError

    (tmp_path / "lost_cinema.py").write_text(
        "import connexion\n"
        "app = connexion.FlaskApp(__name__)\n"
        "app.add_api({'openapi': '3.0.0', 'info': {'title': 'x', 'version': '1'}, 'paths': {'/a': {'get':"
        " {'operationId': 'nowhere.at_all', 'responses': {'200': {'description': 'x'}}}}}})\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(AppLoadError, match=r"nowhere"):
        load_app("lost_cinema:app")
