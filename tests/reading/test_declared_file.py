"""A contract file that the manifest names: it goes before all else, and says what of it nobody serves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, jsonify
from spectree import Response, SpecTree
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from apiver.contract.validate import problems
from apiver.errors import InputError
from apiver.inventory import inspect
from apiver.inventory.loader import load_app
from apiver.manifest import read_settings
from apiver.reading import contract
from apiver.reading.build import Reading, read

FIXTURES = Path(__file__).parents[2] / "fixtures"
OK: dict[str, Any] = {"200": {"description": "all of them"}}


def reading(manifest: Path | str, version: str) -> Reading:
    settings = read_settings(str(manifest))
    found = read(inspect(load_app(None, settings=settings)), version)
    assert problems(found.document.root) == ()
    return found


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes an app and its manifest, and gives what is read of a version."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))

    def made(code: str, manifest: str, version: str = "v1", **files: str) -> Reading:
        sys.modules.pop("ferry", None)
        head = "from flask import Flask, jsonify\napp = Flask(__name__)\n"
        Path("ferry.py").write_text(head + code)
        Path("apiver.yaml").write_text(f"app: ferry\n{manifest}")
        for name, text in files.items():
            Path(f"{name}.yaml").write_text(text)
        return reading("apiver.yaml", version)

    yield made
    sys.modules.pop("ferry", None)


TRIPS = "@app.get('/api/v1/trips/<int:trip>')\ndef show(trip):\n    return jsonify(id=trip)\n"
DECLARED = "versions: {v1: {declared: v1.yaml}}\n"


def document(path: str, *, more: str = "", server: str = "") -> str:
    servers = f"servers: [{{url: '{server}'}}]\n" if server else ""
    return (
        f"openapi: 3.1.0\ninfo: {{title: Ferry, version: '1.0'}}\n{servers}paths:\n"
        f"  {path}:\n    get:\n      operationId: showTrip\n"
        f"      responses: {{'200': {{description: a trip}}}}\n{more}"
    )


def operations(found: Reading) -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in found.document.root["paths"].items()
        for method, operation in item.items()
    }


def test_the_contract_is_what_the_file_says_in_3_1() -> None:
    found = reading(FIXTURES / "sources/contract_file/apiver.yaml", "v1")
    root = found.document.root
    assert root["info"] == {"title": "The ferry", "version": "1.4.0", "contact": {"name": "Harbour office"}}
    assert root["tags"] == [{"name": "trips", "description": "Crossings"}]
    assert root["servers"] == [{"url": "/api/v1"}]
    trips = root["paths"]["/trips"]["get"]
    assert (trips["operationId"], trips["summary"], trips["tags"]) == (
        "listTrips",
        "All crossings",
        ["trips"],
    )
    harbour = {"type": ["string", "null"], "examples": ["Texel"]}
    (parameter,) = trips["parameters"]
    assert {key: parameter[key] for key in ("name", "in", "schema")} == {
        "name": "harbour",
        "in": "query",
        "schema": harbour,
    }
    schema = trips["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"type": "array", "items": {"$ref": "#/components/schemas/Trip"}}
    assert root["components"]["schemas"]["Trip"] == {
        "type": "object",
        "required": ["id", "from"],
        "properties": {
            "id": {"type": "integer"},
            "from": {"type": "string", "enum": ["Texel", "Vlieland"]},
            "day": {"type": "string", "format": "date"},
        },
    }
    (number,) = root["paths"]["/trips/{trip_id}"]["get"]["parameters"]
    assert number["description"] == "the number of the crossing"
    assert number["schema"] == {"type": "integer", "minimum": 0}
    body = root["paths"]["/tickets"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["trip"] == {"type": "integer", "exclusiveMinimum": 0}
    assert root["paths"]["/weather"]["get"]["x-apiver-source"]["by"] == "inferred"
    assert root["paths"]["/trips"]["get"]["x-apiver-source"]["source"] == "openapi/v1.yaml"


def test_swagger_2_and_what_nobody_serves() -> None:
    found = reading(FIXTURES / "sources/contract_file/apiver.yaml", "v2")
    root = found.document.root
    assert root["info"]["version"] == "2.0.0"
    body = root["paths"]["/tickets"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/NewTicket"}
    assert list(root["paths"]["/trips/{trip_id}"]) == ["get"]
    drift = {(one.kind, one.operation) for one in found.drift}
    assert ("operation-not-served", "DELETE /trips/{number}") in drift
    assert ("status-not-declared", "GET /trips/{trip_id}") in drift
    (unserved,) = (one for one in found.drift if one.kind == "operation-not-served")
    assert str(unserved.place).endswith("openapi/v2.json:23:7")
    assert root["x-apiver-unread"] == [
        "openapi/v2.json: v2 of the app has no route for DELETE /trips/{number}"
    ]


@pytest.mark.parametrize(
    ("path", "server"),
    [
        ("/api/v1/trips/{trip}", ""),
        ("/trips/{number}", ""),
        ("/trips/{trip}/", ""),
        ("/trips/{trip}", "/api/v1"),
        ("/v1/trips/{trip}", "https://ferry.example/api/"),
        ("/api/v1/trips/{trip}", "https://ferry.example/behind/a/proxy"),
    ],
)
def test_paths_are_found_whatever_they_are_relative_to(app: Any, path: str, server: str) -> None:
    found = app(TRIPS, DECLARED, v1=document(path, server=server))
    assert operations(found)["GET /trips/{trip}"]["operationId"] == "showTrip"
    assert found.drift == ()


def test_it_goes_before_what_an_extension_declares(tmp_path: Path) -> None:
    shop = Flask("shop")
    spec = SpecTree("flask", app=shop)

    @shop.get("/api/v1/trips")
    @spec.validate(resp=Response("HTTP_202"), operation_id="fromSpectree", tags=["a"])
    def trips() -> Any:
        return jsonify([])

    from apiver.inventory.grouping import Told
    from apiver.manifest import DeclaredFile, VersionSettings

    (tmp_path / "v1.yaml").write_text(document("/trips"))
    file = DeclaredFile("v1.yaml", str(tmp_path / "v1.yaml"), "apiver.yaml:1:1")
    told = Told(None, (VersionSettings("v1", declared=file),))
    (operation,) = operations(Reading(contract(inspect(shop, told), "v1"), ())).values()
    assert operation["operationId"] == "showTrip"
    assert list(operation["responses"]) == ["200"]


def test_a_version_in_a_variable_of_the_path(app: Any) -> None:
    code = "@app.get('/api/<any(v1, v2):version>/trips')\ndef trips(version):\n    return jsonify([])\n"
    manifest = "selector: {path: '/api/{version}'}\nversions: {v1: {declared: v1.yaml}, v2: {}}\n"
    found = app(code, manifest, v1=document("/trips", server="/api/v1"))
    assert operations(found)["GET /trips"]["operationId"] == "showTrip"
    assert found.drift == ()


def test_an_app_that_is_mounted_in_another(tmp_path: Path) -> None:
    inner = Flask("inner")
    inner.add_url_rule("/api/v1/trips", "trips", lambda: jsonify([]))
    outer = Flask("outer")
    outer.wsgi_app = DispatcherMiddleware(outer.wsgi_app, {"/ferry": inner})  # type: ignore[method-assign]
    from apiver.inventory.grouping import Told
    from apiver.inventory.loader import LoadedApp
    from apiver.manifest import DeclaredFile, VersionSettings

    (tmp_path / "v1.yaml").write_text(document("/trips", server="/ferry/api/v1"))
    file = DeclaredFile("v1.yaml", str(tmp_path / "v1.yaml"), "apiver.yaml:1:1")
    loaded = LoadedApp(outer, "outer", mounts=(("/ferry", inner),))
    inventory = inspect(loaded, Told(None, (VersionSettings("v1", declared=file),)))
    (operation,) = operations(Reading(contract(inventory, "v1"), ())).values()
    assert operation["operationId"] == "showTrip"


def test_an_overlay_inherits_what_the_other_file_declares(app: Any) -> None:
    code = TRIPS + "@app.get('/api/v2/ships')\ndef ships():\n    return jsonify([])\n"
    manifest = "versions: {v1: {declared: v1.yaml}, v2: {declared: v2.yaml, extends: v1}}\n"
    found = app(code, manifest, "v2", v1=document("/trips/{trip}"), v2=document("/ships"))
    made = operations(found)
    assert made["GET /ships"]["x-apiver-source"]["source"] == "v2.yaml"
    assert made["GET /trips/{trip}"]["x-apiver-source"]["source"] == "v1.yaml"
    assert found.drift == ()


def test_path_items_by_reference_methods_of_flask_and_webhooks(app: Any) -> None:
    more = (
        "    head: {responses: {'200': {description: ok}}}\n"
        "    options: {responses: {'200': {description: ok}}}\n"
        "  /trips/{trip}/seats: {$ref: '#/components/pathItems/Seats'}\n"
        "webhooks: {late: {post: {responses: {'200': {description: ok}}}}}\n"
        "components:\n  pathItems:\n    Seats:\n"
        "      parameters: [{name: trip, in: path, required: true, schema: {type: integer}}]\n"
        "      get: {operationId: listSeats, responses: {'200': {description: ok}}}\n"
    )
    code = TRIPS + "@app.get('/api/v1/trips/<int:trip>/seats')\ndef seats(trip):\n    return jsonify([])\n"
    found = app(code, DECLARED, v1=document("/trips/{trip}", more=more))
    assert operations(found)["GET /trips/{trip}/seats"]["operationId"] == "listSeats"
    assert found.drift == ()
    assert found.document.root["x-apiver-unread"] == [
        "v1.yaml: its webhooks are not taken over: no route of the app stands for one"
    ]


def test_a_file_that_has_nothing_to_do_with_the_app(app: Any) -> None:
    more = "".join(f"  /{name}: {{get: {{responses: {{'200': {{description: ok}}}}}}}}\n" for name in "abc")
    found = app(TRIPS, DECLARED, v1=document("/other", more=more))
    assert found.document.root["x-apiver-unread"] == [
        "v1.yaml: v1 of the app has no route for GET /other, GET /a, GET /b and 1 more"
    ]
    assert [one.kind for one in found.drift] == ["operation-not-served"] * 4
    assert operations(found)["GET /trips/{trip}"]["x-apiver-source"]["by"] == "inferred"


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("openapi: 3.1.0\npaths: {a: b", "v1.yaml:3:1", "not YAML"),
        ("openapi: 4.0.0\n", "v1.yaml:1:1", "OpenAPI 4.0.0 is not supported"),
        ("- a\n", "v1.yaml", "OpenAPI"),
        (document("/trips/{trip}").replace("get:\n", "get:\n      responses:\n"), "v1.yaml:8:7", "responses"),
    ],
)
def test_a_file_that_is_no_contract_is_refused_with_its_place(
    app: Any, text: str, where: str, what: str
) -> None:
    with pytest.raises(InputError) as caught:
        app(TRIPS, DECLARED, v1=text)
    assert str(caught.value.where).startswith(where)
    assert what in str(caught.value)
    assert caught.value.exit_code == 4


def test_a_file_that_is_not_there(app: Any) -> None:
    with pytest.raises(InputError) as caught:
        app(TRIPS, DECLARED)
    assert caught.value.where == "apiver.yaml:2:27"
    assert "there is no file v1.yaml" in str(caught.value)


def test_the_manual_shows_what_the_command_prints() -> None:
    manual = (FIXTURES.parent / "docs" / "sources.md").read_text()
    command, _, said = manual.partition("```console\n$ apiver ")[2].partition("```")[0].partition("\n")
    done = subprocess.run(
        [sys.executable, "-m", "apiver", *command.split()],
        cwd=FIXTURES,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == said
    assert done.returncode == 1
    assert done.stderr == ""
