"""What holds for every extension: its contract is the declared one, valid, and leaves no trace in the app."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from apiver.contract.validate import problems

FIXTURES = Path(__file__).parents[3] / "fixtures"
# The fixture apps, and where each serves its own documents.
SOURCES = {
    "apifairy": ("/apispec.json",),
    "apiflask": ("/openapi.json",),
    "flask_pydantic": ("/openapi.json",),
    "pydantic_spec": ("/apidoc/openapi.json",),
    "openapi3": ("/openapi/openapi.json",),
    "docstrings": (),
    "flasgger": ("/spec/v1.json", "/spec/v2.json"),
    "rebar": ("/api/v1/swagger", "/api/v2/swagger"),
    "restful": (),
    "restx": ("/api/v1/swagger.json", "/api/v2/swagger.json"),
    "smorest": ("/docs/rooms-v1.json", "/docs/rooms-v2.json"),
    "spectree": ("/api/v1/docs/openapi.json", "/api/v2/docs/openapi.json"),
    "webargs": (),
    "apispec": ("/docs/recipes-1.json", "/docs/recipes-2.json"),
}
if sys.version_info >= (3, 11):  # the extension needs it
    SOURCES["openapi"] = ("/openapi/openapi.json",)


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("name", SOURCES)
def test_the_contract_is_the_one_written_by_hand(load, name, version):
    assert load(name).exported(version) == load(name).expected(version)


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("name", SOURCES)
def test_the_contract_is_valid(load, name, version):
    root = load(name).document(version).root
    assert problems(root) == ()
    assert "x-apiver-unread" not in root


@pytest.mark.parametrize("name", SOURCES)
def test_the_contract_is_the_same_on_every_run(name):
    def export(seed: str) -> str:
        command = [sys.executable, "-m", "apiver", "--app", f"sources.{name}:create_app()", "export", "v2"]
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


@pytest.mark.parametrize("name", SOURCES)
def test_reading_leaves_the_app_as_it_was(load, state_of, name):
    source = load(name)
    client = source.app.test_client()

    def served() -> list[bytes]:
        answers = [client.get(url) for url in SOURCES[name]]
        assert all(answer.status_code == 200 for answer in answers)
        return [answer.data for answer in answers]

    client.get("/")  # the first request settles what Flask works out late
    before = served()
    kept = state_of(source.app)
    source.document("v1")
    source.document("v2")
    assert state_of(source.app) == kept
    assert served() == before


@pytest.mark.parametrize("name", SOURCES)
def test_a_new_app_is_left_as_it_was(load, state_of, name):
    """Some extensions write their document at the first request: nobody asked for one before."""
    fresh = type(load(name))(name)
    fresh.app.url_map.update()  # Werkzeug sorts its rules when it is first asked
    kept = state_of(fresh.app)
    fresh.document("v1")
    assert state_of(fresh.app) == kept


@pytest.mark.parametrize("name", SOURCES)
def test_its_own_pages_are_no_part_of_the_contract(load, name):
    source = load(name)
    own = {url.rpartition("/")[2] for url in SOURCES[name]}
    for version in ("v1", "v2"):
        assert not [path for path in source.exported(version)["paths"] if path.rpartition("/")[2] in own]


# Who may ask for everything, where somebody must.
CREDENTIALS = {
    "apifairy": "Authorization: Bearer ada-token",
    "apiflask": "Authorization: Bearer ada",
    "apispec": "",
    "rebar": "X-Key: reader",
    "smorest": "Authorization: Bearer office",
    "webargs": "",
}


@pytest.mark.parametrize("name", CREDENTIALS)
def test_the_app_does_what_its_contract_says(name):
    """schemathesis asks what the contract allows: no answer is another one than it has."""
    who = ["--header", CREDENTIALS[name]] if CREDENTIALS[name] else []
    command = ["verify", "v1", "--all-methods", "--max-examples", "5", *who]
    done = subprocess.run(
        [sys.executable, "-m", "apiver", "--app", f"sources.{name}:create_app()", *command],
        cwd=FIXTURES,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
