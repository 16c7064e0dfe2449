"""Versions that no URL spells out: each is read with what selects it pinned, and answers as it says."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
import yaml
from flask import Flask

from apiver.compare import diff
from apiver.contract.validate import problems
from apiver.inventory import Inventory, LoadedApp, inspect
from apiver.manifest import AppSettings, read_settings
from apiver.reading import contract

FIXTURES = Path(__file__).parents[2] / "fixtures" / "selected"
VERSIONS = {
    "lending": ["v1", "v2"],
    "weather": ["v1", "v2"],
    "cinema": ["1", "2"],
    "rates": ["1", "2"],
    "courier": ["v1", "v2", "v3"],
    "notes": ["v1", "v2"],
    "tickets": ["2024-10-01", "2025-03-15"],
}
CASES = [(name, version) for name, versions in VERSIONS.items() for version in versions]
MARKS = ("x-apiver-source", "x-apiver-incomplete", "x-apiver-lenient")


def app_of(name: str) -> Flask:
    if str(FIXTURES) not in sys.path:
        sys.path.insert(0, str(FIXTURES))
    module = importlib.import_module(name)
    found: Flask = module.app if hasattr(module, "app") else module.create_app()
    return found


def inventory_of(name: str) -> Inventory:
    manifest = FIXTURES / name / "apiver.yaml"
    settings = read_settings(str(manifest)) if manifest.exists() else AppSettings()
    return inspect(LoadedApp(app_of(name), name, settings=settings))


def without_marks(value: Any) -> Any:
    if isinstance(value, list):
        return [without_marks(item) for item in value]
    if isinstance(value, dict):
        return {key: without_marks(item) for key, item in value.items() if key not in MARKS}
    return value


def expected(name: str, version: str) -> Any:
    return yaml.safe_load((FIXTURES / name / "expected" / f"{version}.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "version"), CASES)
def test_the_contract_is_the_one_that_is_expected(name: str, version: str) -> None:
    document = contract(inventory_of(name), version)
    assert problems(document.root) == ()
    assert without_marks(document.root) == expected(name, version)


class Call(NamedTuple):
    """A request that both versions get, and the operation of the contracts that it is one of."""

    name: str
    path: str
    method: str = "get"
    url: str = ""
    status: int = 200
    json: Any = None
    same: bool = False


CALLS = [
    Call("lending", "/loans"),
    Call("lending", "/loans/{loan_id}", url="/loans/7"),
    Call("lending", "/loans/{loan_id}", url="/loans/99", status=404, same=True),
    Call("lending", "/loans/{loan_id}/renewal", "post", "/loans/7/renewal", 201, {"until": "2027-01-01"}),
    Call("weather", "/stations/{name}", url="/stations/kew"),
    Call("cinema", "/showings"),
    Call("cinema", "/halls"),
    Call("rates", "/rates/{currency}", url="/rates/GBP"),
    Call("rates", "/convert", url="/convert?amount=2&to=SEK"),
    Call("tickets", "/tickets/{ticket_id}", url="/tickets/t1"),
    Call("courier", "/parcels/{parcel_id}", url="/parcels/b2"),
    Call("notes", "/notes"),
    Call("notes", "/notes/{number}", url="/notes/1"),
    Call("notes", "/notes", "post", status=201, json={"text": "write"}, same=True),
]


def answer(call: Call, root: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """The operation of `call` in a contract, and what the app answers to the request that it describes."""
    path = next(
        one
        for one in root["paths"]
        if one.partition("{")[0] == call.path.partition("{")[0]
        and one.rpartition("}")[2] == call.path.rpartition("}")[2]
    )
    operation = root["paths"][path][call.method]
    headers = {}
    query = {}
    for parameter in operation.get("parameters", ()):
        if "x-apiver-selector" in parameter:
            place = headers if parameter["in"] == "header" else query
            place[parameter["name"]] = parameter["schema"]["enum"][0]
    servers = operation.get("servers", root.get("servers", [{"url": ""}]))
    url, _, given = (call.url or call.path).partition("?")
    query |= dict(part.split("=") for part in given.split("&") if part)
    client = app_of(call.name).test_client()
    return operation, client.open(
        servers[0]["url"] + url,
        method=call.method.upper(),
        headers=headers,
        query_string=query,
        json=call.json,
    )


def fits(operation: dict[str, Any], response: Any) -> bool:
    """Whether a contract allows a response; jsonschema is the judge."""
    declared = operation["responses"].get(str(response.status_code))
    if declared is None:
        return False
    media = next((part for name, part in declared["content"].items() if name == response.mimetype), None)
    if media is None:
        return False
    schema = (
        {**media["schema"], "additionalProperties": False}
        if "properties" in media["schema"]
        else media["schema"]
    )
    return bool(jsonschema.Draft202012Validator(schema).is_valid(response.get_json()))


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.name} {call.method} {call.url or call.path}")
def test_each_version_answers_as_its_own_contract_says_and_not_as_the_other(call: Call) -> None:
    first, second = (contract(inventory_of(call.name), version).root for version in VERSIONS[call.name][:2])
    old, old_answer = answer(call, first)
    new, new_answer = answer(call, second)
    assert {old_answer.status_code, new_answer.status_code} == {call.status}
    assert fits(old, old_answer)
    assert fits(new, new_answer)
    assert fits(new, old_answer) is call.same
    assert fits(old, new_answer) is call.same


@pytest.mark.parametrize("name", ["lending", "weather", "rates", "tickets"])
def test_the_default_version_answers_where_nothing_is_sent(name: str) -> None:
    call = next(one for one in CALLS if one.name == name and one.method == "get")
    root = contract(inventory_of(name), VERSIONS[name][0]).root
    operation, named = answer(call, root)
    assert not any(one.get("required") for one in operation["parameters"] if "x-apiver-selector" in one)
    silent = app_of(name).test_client().get(call.url or call.path)
    assert (silent.status_code, silent.data) == (named.status_code, named.data)


@pytest.mark.parametrize(
    ("name", "version", "method", "url"),
    [
        ("tickets", "2024-10-01", "post", "/tickets/t1/refund"),
        ("courier", "v1", "get", "/api/v1/parcels/a1/steps"),
    ],
)
def test_an_operation_that_a_version_only_refuses_is_not_in_its_contract(
    name: str, version: str, method: str, url: str
) -> None:
    root = contract(inventory_of(name), version).root
    assert not any(path.endswith(url.rpartition("/")[2]) for path in root["paths"])
    assert app_of(name).test_client().open(url, method=method.upper()).status_code == 404


def test_reading_leaves_no_trace_of_the_hash_seed() -> None:
    script = (
        "import sys, json; sys.path.insert(0, sys.argv[1]);"
        "from tests.reading.test_selected import CASES, contract, inventory_of;"
        "print(json.dumps([contract(inventory_of(name), version).root for name, version in CASES]))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, str(Path(__file__).parents[2])],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_what_an_overlay_inherits_is_not_removed() -> None:
    told = inventory_of("notes")
    untold = inspect(app_of("notes"))

    def rules(inventory: Inventory) -> list[tuple[str, str]]:
        found = diff(contract(inventory, "v1"), contract(inventory, "v2")).changes
        return [(one.effect.value, one.rule) for one in found if one.effect.value in ("breaking", "risky")]

    assert rules(told) == [("breaking", "response-body-type-changed")]
    assert sorted(rules(untold)) == [
        ("breaking", "api-removed-without-deprecation"),
        ("breaking", "api-removed-without-deprecation"),
        ("breaking", "response-body-type-changed"),
    ]


@pytest.mark.parametrize("name", ["lending", "weather", "cinema", "rates", "tickets", "courier"])
def test_a_version_does_not_differ_from_itself(name: str) -> None:
    for version in VERSIONS[name]:
        first, second = (contract(inventory_of(name), version) for _ in range(2))
        assert diff(first, second).changes == ()


@pytest.mark.parametrize("name", ["lending", "weather", "cinema", "rates", "tickets"])
def test_every_proof_names_the_version_of_its_side(name: str) -> None:
    old, new = (contract(inventory_of(name), version) for version in VERSIONS[name])
    parameters = [
        next(
            one
            for one in next(iter(next(iter(root["paths"].values())).values()))["parameters"]
            if "x-apiver-selector" in one
        )
        for root in (old.root, new.root)
    ]
    changes = diff(old, new).changes
    assert any(one.witness for one in changes)
    for change in changes:
        if change.witness is None:
            continue
        sides = {"old": parameters[0], "new": parameters[1]}
        for exchange, side in (
            (change.witness.accepted, change.witness.accepted_by),
            (change.witness.rejected, change.witness.rejected_by),
        ):
            value = sides[side]["schema"]["enum"][0]
            carried = [*exchange.headers, *exchange.selected]
            asked = (
                sides[side]["name"],
                value,
            ) in carried or f"{sides[side]['name']}={value}" in exchange.url
            assert asked, exchange
