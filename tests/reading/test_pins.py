"""What selects a version is followed through the ways in which programs take it apart."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from flask import Flask

from apiver.contract.validate import problems
from apiver.inventory import LoadedApp, inspect
from apiver.manifest import AppSettings, Selector, VersionSettings, Way
from apiver.reading import contract
from tests.reading.test_detection import program, view

HEADER = Way("header", "X-API-Version", "{number}")
LETTERED = Way("header", "X-API-Version", "{version}")
QUERY = Way("query", "version", "{number}")
ACCEPT = Way("accept", "Accept", "application/vnd.shop.{version}+json")
PARAMETER = Way("accept", "Accept", "application/json; version={number}")


def keys(app: Flask, way: Way, label: str) -> list[str]:
    """The keys of what `GET /books` answers with success in one version, over all alternatives."""
    settings = AppSettings(
        selector=Selector(None, (way,), "v1"), versions=(VersionSettings("v1"), VersionSettings("v2"))
    )
    root = contract(inspect(LoadedApp(app, "shop", settings=settings)), label).root
    assert problems(root) == ()
    responses = root["paths"]["/books"]["get"]["responses"]
    found: list[str] = []
    for media in responses["200"]["content"].values():
        for schema in media["schema"].get("anyOf", [media["schema"]]):
            found += list(schema.get("properties", schema))
    return found


CHOICE = "return jsonify(old=1) if {} else jsonify(new=1)"
IDIOMS: list[tuple[Way, str]] = [
    (HEADER, CHOICE.format('request.headers.get("X-API-Version") == "1"')),
    (HEADER, CHOICE.format('request.headers["x-api-version"] == "1"')),
    (HEADER, CHOICE.format('int(request.headers.get("X-API-Version", 1)) < 2')),
    (HEADER, CHOICE.format('request.headers.get("X-API-Version", 1, type=int) < 2')),
    (HEADER, CHOICE.format('float(request.headers.get("X-API-Version") or 1) < 1.5')),
    (HEADER, CHOICE.format('request.environ.get("HTTP_X_API_VERSION") == "1"')),
    (
        HEADER,
        CHOICE.format('"X-API-Version" not in request.headers or request.headers["X-API-Version"] == "1"'),
    ),
    (HEADER, CHOICE.format('request.headers.get("X-API-Version").strip() in {"1", "1.0"}')),
    (HEADER, CHOICE.format('f"v{request.headers.get(\'X-API-Version\')}" == "v1"')),
    (HEADER, CHOICE.format('"v" + request.headers.get("X-API-Version", "1") == "v1"')),
    (HEADER, CHOICE.format('"v%s" % request.headers.get("X-API-Version", "1") == "v1"')),
    (HEADER, CHOICE.format('"v{}".format(request.headers.get("X-API-Version", "1")) == "v1"')),
    (HEADER, CHOICE.format('str(request.headers.get("X-API-Version", 1)) == "1"')),
    (
        HEADER,
        CHOICE.format('tuple(int(part) for part in request.headers["X-API-Version"].split(".")) < (2,)'),
    ),
    (HEADER, CHOICE.format('[int(part) for part in request.headers["X-API-Version"].split(".")][0] == 1')),
    (HEADER, CHOICE.format('list(map(int, request.headers["X-API-Version"].split(".")))[0] == 1')),
    (LETTERED, CHOICE.format('request.headers["X-API-Version"][1:] == "1"')),
    (LETTERED, CHOICE.format('request.headers["X-API-Version"].lstrip("v") == "1"')),
    (LETTERED, CHOICE.format('request.headers["X-API-Version"].removeprefix("v") == "1"')),
    (LETTERED, CHOICE.format('request.headers["X-API-Version"].replace("v", "") == "1"')),
    (LETTERED, CHOICE.format('request.headers["X-API-Version"].lower().startswith("v1")')),
    (LETTERED, CHOICE.format('request.headers["X-API-Version"].endswith("1")')),
    (LETTERED, CHOICE.format('int(request.headers["X-API-Version"][-1]) == 1')),
    (QUERY, CHOICE.format('request.args.get("version", "1") == "1"')),
    (QUERY, CHOICE.format('request.args["version"] == "1"')),
    (QUERY, CHOICE.format('request.values.get("version") == "1"')),
    (QUERY, CHOICE.format('request.args.get("version", type=int) == 1')),
    (QUERY, CHOICE.format('request.args.getlist("version")[0] == "1"')),
    (QUERY, CHOICE.format('"version" not in request.args or request.args["version"] == "1"')),
    (ACCEPT, CHOICE.format('"vnd.shop.v1" in request.headers.get("Accept", "")')),
    (ACCEPT, CHOICE.format('request.headers["Accept"].split("+")[0].rpartition(".")[2] == "v1"')),
    (ACCEPT, CHOICE.format('request.headers["Accept"].partition("vnd.shop.")[2].partition("+")[0] == "v1"')),
    (ACCEPT, CHOICE.format('re.search(r"\\.v(?P<n>\\d+)", request.headers["Accept"])["n"] == "1"')),
    (ACCEPT, CHOICE.format('re.findall(r"v(\\d+)", request.headers["Accept"])[-1] == "1"')),
    (ACCEPT, CHOICE.format('re.sub(r"\\D", "", request.headers["Accept"]) == "1"')),
    (ACCEPT, CHOICE.format('PATTERN.match(request.headers["Accept"]).group(1) == "1"')),
    (ACCEPT, CHOICE.format('"application/vnd.shop.v1+json" in request.accept_mimetypes')),
    (ACCEPT, CHOICE.format('request.accept_mimetypes["application/vnd.shop.v1+json"] > 0')),
    (ACCEPT, CHOICE.format('request.accept_mimetypes.best == "application/vnd.shop.v1+json"')),
    (ACCEPT, CHOICE.format('any("v1" in kind for kind, quality in request.accept_mimetypes)')),
    (
        ACCEPT,
        CHOICE.format(
            'request.accept_mimetypes.best_match([f"application/vnd.shop.{v}+json" for v in ("v1", "v2")])'
            '.endswith("v1+json")'
        ),
    ),
    (PARAMETER, CHOICE.format('parse_options_header(request.headers["Accept"])[1].get("version") == "1"')),
    (
        HEADER,
        """
match request.headers.get("X-API-Version"):
    case "1": return jsonify(old=1)
    case "2": return jsonify(new=1)
""",
    ),
    (
        HEADER,
        """
match (request.method, request.headers.get("X-API-Version")):
    case ("GET", "1"): return jsonify(old=1)
    case ("GET", "2"): return jsonify(new=1)
""",
    ),
    (
        HEADER,
        """
match int(request.headers.get("X-API-Version")):
    case 1 | 0: return jsonify(old=1)
    case number if number > 1: return jsonify(new=1)
""",
    ),
    (HEADER, 'return TABLE[request.headers["X-API-Version"]]()'),
    (HEADER, 'return TABLE.get(request.headers.get("X-API-Version"), second)()'),
    (HEADER, 'return NUMBERED[int(request.headers["X-API-Version"])]()'),
    (HEADER, 'return PAIRED[request.method, request.headers["X-API-Version"]]()'),
    (HEADER, 'return getattr(Versions, "v" + request.headers["X-API-Version"])()'),
    (HEADER, CHOICE.format("Number(request.headers['X-API-Version']) is Number.ONE")),
    (HEADER, CHOICE.format("g.version == 1")),
    (HEADER, CHOICE.format('getattr(g, "version", None) == 1')),
    (HEADER, CHOICE.format('g.get("version", 3) == 1')),
    (HEADER, CHOICE.format('"version" in g and g.version == 1')),
    (HEADER, "return offered()"),
    (HEADER, CHOICE.format("current.number == 1")),
]

PROGRAM = """
import enum
import re
from functools import wraps
from werkzeug.http import parse_options_header
from werkzeug.local import LocalProxy

PATTERN = re.compile(r".*v(\\d+)")


def first():
    return jsonify(old=1)


def second():
    return jsonify(new=1)


TABLE = {"1": first, "2": second}
NUMBERED = {1: first, 2: second}
PAIRED = {("GET", "1"): first, ("GET", "2"): second}
REGISTERED = {}


class Versions:
    @staticmethod
    def v1():
        return jsonify(old=1)

    @staticmethod
    def v2():
        return jsonify(new=1)


class Number(enum.Enum):
    ONE = "1"
    TWO = "2"


class Current:
    @property
    def number(self):
        return int(request.headers.get("X-API-Version", "1"))


current = Current()


def offers(number):
    def keep(function):
        REGISTERED[number] = function

        @wraps(function)
        def chosen(*args, **kwargs):
            return REGISTERED[request.headers["X-API-Version"]](*args, **kwargs)

        return chosen

    return keep


@offers("1")
def offered():
    return jsonify(old=1)


@offers("2")
def offered():
    return jsonify(new=1)


@app.before_request
def choose():
    number = request.headers.get("X-API-Version", "1")
    g.version = int(number) if number.isdigit() else 0
"""


@pytest.mark.parametrize(("way", "body"), IDIOMS, ids=[body.strip()[:70] for _, body in IDIOMS])
def test_each_version_goes_its_own_way(way: Way, body: str, tmp_path: Any) -> None:
    app = program(tmp_path, PROGRAM + view(body))
    assert (keys(app, way, "v1"), keys(app, way, "v2")) == (["old"], ["new"])
    # The app itself goes the same ways.
    for label, key in (("v1", "old"), ("v2", "new")):
        sent = way.spelled(label)
        headers = {} if way.location == "query" else {way.name: sent}
        query = {way.name: sent} if way.location == "query" else {}
        assert list(app.test_client().get("/books", headers=headers, query_string=query).json) == [key]


EXTENSION = """
from flask import abort, request


class Chooser:
    def __init__(self, view):
        self.kinds, self.__name__, self.__wrapped__ = {}, view.__name__, view

    def __call__(self, **arguments):
        for kind in request.accept_mimetypes.values():
            if kind in self.kinds:
                return self.kinds[kind](**arguments)
        abort(406)


def accept(*kinds):
    def choose(view):
        chooser = Chooser(view)
        chooser.kinds.update(dict.fromkeys(kinds, view))
        return chooser

    return choose
"""


def test_an_extension_that_chooses_a_function_by_the_media_type(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    (folder / "flask_accept.py").write_text(EXTENSION, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    app = program(
        tmp_path,
        """
from flask_accept import accept

@app.get("/books")
@accept("application/vnd.shop.v1+json")
def books():
    return jsonify(old=1)

def newer():
    return jsonify(new=1)

app.view_functions["books"].kinds["application/vnd.shop.v2+json"] = newer
""",
    )
    try:
        assert (keys(app, ACCEPT, "v1"), keys(app, ACCEPT, "v2")) == (["old"], ["new"])
    finally:
        del sys.modules["flask_accept"]
