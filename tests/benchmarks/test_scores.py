"""The scores on pairs of contracts, on small files of pairs made by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def contract(schema: dict[str, Any]) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": body, "responses": {"204": {"description": "done"}}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": operation}}}


TEXT, NUMBER = (contract({"type": kind}) for kind in ("string", "number"))


def run(script: str, pairs: list[dict[str, Any]], folder: Path, *arguments: str) -> str:
    file = folder / "pairs.jsonl"
    file.write_text("\n".join(map(json.dumps, pairs)) + "\n")
    command = [sys.executable, str(BENCHMARKS / script), str(file), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout


TRAPS = [
    {"id": "right", "accept": ["breaking"], "old": TEXT, "new": NUMBER},
    {"id": "same", "accept": ["none", "docs"], "old": TEXT, "new": TEXT},
    {"id": "missed", "accept": ["breaking"], "old": TEXT, "new": TEXT},
    {"id": "false alarm", "accept": ["compatible", "none"], "old": TEXT, "new": NUMBER},
    {"id": "unreadable", "accept": ["breaking"], "old": {"swagger": "1.2"}, "new": TEXT},
]


def test_traps_are_counted(tmp_path: Path) -> None:
    result = json.loads(run("traps.py", TRAPS, tmp_path, "--json"))
    assert {key: result[key] for key in ("pairs", "right", "safe", "safe_called_breaking", "errors")} == {
        "pairs": 5,
        "right": 2,
        "safe": 2,
        "safe_called_breaking": 1,
        "errors": 1,
    }
    assert result["breaking_missed"] == 2
    assert [(miss["id"], miss["got"]) for miss in result["misses"]] == [
        ("missed", "none"),
        ("false alarm", "breaking"),
        ("unreadable", "error"),
    ]


def test_traps_are_told(tmp_path: Path) -> None:
    lines = run("traps.py", TRAPS, tmp_path).splitlines()
    assert lines[-3:] == [
        "2 of 5 right",
        "1 of 2 safe pairs called breaking",
        "2 breaking pairs missed, 1 errors",
    ]


def test_disagreements_with_oasdiff_are_listed(tmp_path: Path) -> None:
    pairs = [
        {
            "id": "both",
            "old": TEXT,
            "new": NUMBER,
            "oasdiff": [["error", "request-body-type-changed", "POST", "/a"]],
        },
        {"id": "quiet", "old": TEXT, "new": TEXT, "oasdiff": [["error", "some-rule", None, None]]},
        {"id": "loud", "old": TEXT, "new": NUMBER, "oasdiff": [["info", "other-rule", "POST", "/a"]]},
        {"id": "neither", "old": TEXT, "new": TEXT, "oasdiff": []},
        {"id": "unreadable", "old": TEXT, "new": {"openapi": "9"}, "oasdiff": []},
    ]
    result = json.loads(run("conformance.py", pairs, tmp_path, "--json"))
    assert result["pairs"] == 5
    assert result["oasdiff_error"] == 2
    assert result["proved"] == 1
    assert result["quiet"] == [{"id": "quiet", "got": "none", "oasdiff": ["some-rule"]}]
    assert [(each["id"], each["oasdiff"]) for each in result["loud"]] == [("loud", ["other-rule"])]
    assert [each["id"] for each in result["errors"]] == ["unreadable"]
    told = run("conformance.py", pairs, tmp_path)
    assert "oasdiff has an error in 2: of these apiver calls\n  1 breaking, 0 risky, 1 neither\n" in told
