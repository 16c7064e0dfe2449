"""The second judge of proofs, and the cutting of a contract, on small contracts made by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def contract(schema: dict[str, Any], limit: dict[str, Any] | None = None) -> dict[str, Any]:
    body = {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}},
    }
    query = {"name": "limit", "in": "query", "schema": limit or {"type": "integer"}}
    operation = {"parameters": [query], "requestBody": body, "responses": {"204": {"description": "done"}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://api.example/v1"}],
        "paths": {"/things/{id}": {"post": operation, "parameters": [IDENTIFIER]}},
        "components": {"schemas": {"Body": schema, "Unused": {}}},
    }


IDENTIFIER = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
OLD = contract({"type": "object", "properties": {"a": {"type": "string", "nullable": True}}})
NEW = contract(
    {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
    {"type": "integer", "maximum": 10, "exclusiveMaximum": True},
)


def run(
    folder: Path, old: dict[str, Any], new: dict[str, Any], *more: str
) -> subprocess.CompletedProcess[str]:
    paths = [folder / "old.json", folder / "new.json"]
    for path, root in zip(paths, (old, new), strict=True):
        path.write_text(json.dumps(root))
    command = [sys.executable, str(BENCHMARKS / "proofs.py"), *map(str, paths), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_proofs_are_judged_again(tmp_path: Path) -> None:
    done = run(tmp_path, OLD, NEW, "--json")
    result = json.loads(done.stdout)

    assert done.returncode == 0, done.stderr
    assert result["effects"]["breaking"] == 3
    assert result["proofs"] == {"confirmed": 3}
    assert result["undecided"] == []


@pytest.fixture
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def ask(referee: Any, url: str, body: Any) -> list[str]:
    from apiver.compare.change import Exchange

    sent = Exchange("POST", url, headers=(("Content-Type", "application/json"),), body=body)
    return list(referee.objections(sent))


@pytest.mark.usefixtures("benchmarks")
def test_the_second_judge_sees_what_is_wrong() -> None:
    from proofs import Referee

    old, new = Referee(OLD), Referee(NEW)

    assert ask(old, "/v1/things/7", {"a": None}) == []
    assert ask(new, "/v1/things/7?limit=9", {"a": "x"}) == []
    assert ask(old, "/v1/things/x", {}) == ["id is not ['x']"]
    assert ask(new, "/v1/things/7", {"a": None}) == ["None is not of type 'string'"]
    assert ask(new, "/v1/things/7?limit=10", {"a": "x"}) == ["limit is not ['10']"]
    assert ask(old, "/v2/things/7", {}) == ["no operation serves it"]


@pytest.mark.usefixtures("benchmarks")
def test_a_cut_keeps_the_same_paths_and_what_they_reach() -> None:
    from growth import cut

    many = {**OLD, "paths": {f"/things/{n}": OLD["paths"]["/things/{id}"] for n in range(400)}}

    half, tenth = cut(many, 50), cut(many, 10)

    assert 150 < len(half["paths"]) < 250
    assert 20 < len(tenth["paths"]) < 60
    assert tenth["paths"].keys() < half["paths"].keys() < many["paths"].keys()
    assert half["components"] == {"schemas": {"Body": OLD["components"]["schemas"]["Body"]}}
    assert cut(many, 100) is many
