"""`apiver export`, as people call it: in a process of its own, in the folder of the fixtures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from apiver.contract.validate import problems

FIXTURES = Path(__file__).parents[2] / "fixtures"


def run(*arguments: str, app: str = "bookshop", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "apiver", "--app", app, "export", *arguments],
        cwd=FIXTURES,
        env={**os.environ, "COLUMNS": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_yaml_is_the_default_and_valid():
    result = run("v1")
    assert result.returncode == 0
    assert result.stderr == (
        "v1: 42 operations, all with a response schema, 37 (88 %) known completely; "
        "--explain says what is not\n"
    )
    root = yaml.safe_load(result.stdout)
    assert result.stdout.startswith("openapi: 3.1.0\ninfo:\n  title: Bookshop\n  version: v1\n")
    assert root["servers"] == [{"url": "/api/v1"}]
    assert problems(root) == ()
    assert "&id" not in result.stdout
    assert "  - " in result.stdout


@pytest.mark.parametrize("openapi", ["3.0", "3.1"])
def test_json_and_both_openapi_versions(openapi):
    root = json.loads(run("v2", "--format", "json", "--openapi", openapi).stdout)
    assert root["openapi"].startswith(openapi)
    assert problems(root) == ()
    assert sum(len(item) for item in root["paths"].values()) == 42


def test_the_same_bytes_under_any_hash_seed():
    first = run("v2", "--sources", PYTHONHASHSEED="0").stdout
    assert first
    assert first == run("v2", "--sources", PYTHONHASHSEED="4711").stdout


def test_sources_stand_at_operations_and_with_the_option_everywhere():
    plain = yaml.safe_load(run("v1").stdout)
    operation = plain["paths"]["/books"]["get"]
    assert operation["x-apiver-source"]["file"] == "bookshop/api/v1/books.py"
    assert "x-apiver-source" not in json.dumps([operation["parameters"], operation["responses"]])
    assert "x-apiver-source" not in json.dumps(plain["components"])
    full = yaml.safe_load(run("v1", "--sources").stdout)
    assert full["paths"]["/books"]["get"]["parameters"][0]["x-apiver-source"]["line"] > 0


def test_a_file_is_written_whole(tmp_path):
    target = tmp_path / "v1.json"
    result = run("v1", "--format", "json", "--output", str(target))
    assert (result.returncode, result.stdout) == (0, "")
    assert json.loads(target.read_text())["info"]["version"] == "v1"
    assert [entry.name for entry in tmp_path.iterdir()] == ["v1.json"]


def test_all_versions_into_a_directory(tmp_path):
    result = run("--all", "--output-dir", str(tmp_path / "made"))
    assert result.returncode == 0
    assert result.stdout == ""
    assert sorted(entry.name for entry in (tmp_path / "made").iterdir()) == ["v1.yaml", "v2.yaml"]
    assert "v2.yaml" in result.stderr


def test_explain_lists_what_is_not_known_by_reason_with_place_and_remedy():
    result = run("v1", "--explain", app="reading.limits")
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "v1: 17 operations"
    assert "  4 parts, in 3 (18 %) of the operations: it is computed while the app runs" in lines
    at = lines.index("      GET /proxy 200 name")
    assert lines[at - 1].startswith("    reading/limits.py:59  name is read from a proxy")
    remedies = [line for line in lines if line.startswith("    remedy: ")]
    assert len(remedies) == 3


def test_explain_names_the_checks_that_no_schema_can_say():
    said = run("v1", "--explain").stdout
    assert "all have a response schema" in said
    assert "37 (88 %) are known completely" in said
    assert "POST /sessions body.password" in said
    assert "the check at bookshop/services/accounts.py:33 could not be read" in said


def test_explain_fits_a_terminal():
    narrow = run("v1", "--explain", app="reading.limits", COLUMNS="60").stdout
    assert max(map(len, narrow.splitlines())) <= 60
    assert narrow.split() == run("v1", "--explain", app="reading.limits").stdout.split()


def test_explain_as_json():
    told = json.loads(run("v1", "--explain", "--format", "json").stdout)["v1"]
    assert told["operations"] == 42
    assert told["bodies"] == {"read": 15, "described": 15, "complete": 11}
    assert told["sources"] == {"inferred": 42}
    (reason,) = told["reasons"]
    assert reason["kind"] == "check"
    assert reason["parts"][-1]["operations"] == ["POST /sessions"]
    assert reason["parts"][-1]["file"] == "bookshop/api/v1/sessions.py"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("v9",), "no version v9"),
        ((), "needs a version"),
        (("v1", "--all"), "not both"),
        (("--all",), "needs a directory"),
        (("--all", "--output", "x.yaml"), "several files"),
        (("v1", "--output-dir", "x"), "belongs to --all"),
    ],
)
def test_contradictions_are_wrong_usage(arguments, said):
    result = run(*arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_a_file_that_cannot_be_written_is_an_input_error(tmp_path):
    (tmp_path / "file").write_text("")
    result = run("v1", "--output", str(tmp_path / "file" / "v1.yaml"))
    assert result.returncode == 4
    result = run("--all", "--output-dir", str(tmp_path / "file"))
    assert result.returncode == 4
    assert "Traceback" not in result.stderr
