"""`apiver export --drift`: what it lists, as text and JSON, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "apiver", "--app", "sources.flasgger:create_app()", "export", *arguments]
    return subprocess.run(command, cwd=FIXTURES, capture_output=True, text=True, check=False)


def test_disagreements_end_with_exit_1_and_are_listed_one_by_one_as_json() -> None:
    done = run("v1", "--drift", "--format", "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)["v1"]
    refused = next(one for one in found if one["kind"] == "status-not-declared")
    assert refused["operation"] == "PUT /recipes/{number}/photo"
    assert refused["message"] == "the code answers 400, the declaration does not have it"
    assert refused["file"] == "sources/flasgger/v1.py"
    # The line of code is the one that refuses.
    assert "400" in (FIXTURES / refused["file"]).read_text().splitlines()[refused["line"] - 1]


def test_every_version_is_listed_with_all() -> None:
    done = run("--all", "--drift")
    assert [line.partition(":")[0] for line in done.stdout.splitlines() if line[:1] == "v"] == ["v1", "v2"]


def test_drift_takes_the_place_of_the_contract() -> None:
    done = run("v1", "--drift", "--explain")
    assert done.returncode == 2
    assert "--explain and --drift each take the place of the contract" in done.stderr
