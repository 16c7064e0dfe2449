"""What an error handler makes of an exception is read once for all views, and anew where it may differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, abort, g, request

from apiver.inventory import inspect
from apiver.reading import contract

app = Flask(__name__)
one, other = (Blueprint(name, __name__, url_prefix=f"/api/v1/{name}") for name in ("one", "other"))


class RefusedError(Exception):
    """Something was refused."""


@app.before_request
def mark() -> None:
    g.kind = "plain"


@app.errorhandler(RefusedError)
def refused(error: RefusedError) -> Any:
    if request.blueprint == "one":
        return {"of": "one"}, 409
    if g.kind == "loud":
        return {"loud": True}, 418
    return {"of": "other", "count": 1}, 400


@app.errorhandler(404)
def missing(error: Exception) -> Any:
    return {"missing": True, "hint": request.args.get("hint")}, 404


@app.errorhandler(410)
def gone(error: Exception) -> Any:
    return {"gone": True}, 410


@one.get("/refused")
def refused_here() -> Any:
    raise RefusedError


@other.get("/refused")
def refused_there() -> Any:
    raise RefusedError


@other.get("/loud")
def refused_loudly() -> Any:
    g.kind = "loud"
    raise RefusedError


@one.get("/missing")
def missing_here() -> Any:
    abort(404)


@other.get("/missing")
def missing_there() -> Any:
    abort(404)


@one.get("/gone")
def gone_here() -> Any:
    abort(410)


@other.get("/gone")
def gone_there() -> Any:
    if request.args.get("key") is None:
        abort(400)
    abort(410)


for part in (one, other):
    app.register_blueprint(part)

ROOT = contract(inspect(app), "v1").root


def operation(path: str) -> dict[str, Any]:
    found: dict[str, Any] = ROOT["paths"][path]["get"]
    return found


def test_a_handler_that_looks_at_the_route_is_read_for_each() -> None:
    assert list(operation("/one/refused")["responses"]) == ["409"]
    assert list(operation("/other/refused")["responses"]) == ["400"]


def test_a_handler_that_looks_at_g_is_read_for_each_state_of_it() -> None:
    assert list(operation("/other/loud")["responses"]) == ["418"]


def test_what_a_handler_reads_of_the_request_is_asked_by_every_view() -> None:
    for path in ("/one/missing", "/other/missing"):
        assert [parameter["name"] for parameter in operation(path)["parameters"]] == ["hint"]


def test_the_line_is_the_one_that_raises() -> None:
    places = {
        path: operation(path)["responses"]["410"]["x-apiver-source"]["line"]
        for path in ("/one/gone", "/other/gone")
    }
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    assert {lines[number - 1].strip() for number in places.values()} == {"abort(410)"}
    assert len(set(places.values())) == 2
