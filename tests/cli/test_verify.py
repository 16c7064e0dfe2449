"""`apiver verify`, as people call it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"


def run(*arguments: str, app: str = "liar", cwd: Path = FIXTURES / "traffic", **environment: str):
    return subprocess.run(
        [sys.executable, "-m", "apiver", "--app", app, "verify", *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_lies_are_told_by_operation_with_a_request_and_the_exit_code_says_so():
    result = run("v1")
    assert result.returncode == 1
    assert result.stderr == (
        "the views of v1 are called: GET, HEAD and OPTIONS alone; --all-methods for the others\n"
    )
    # Which numbers are tried is up to the release of hypothesis.
    told = re.sub(r"jars/\d+|\d+ requests", lambda found: re.sub(r"\d+", "N", found[0]), result.stdout)
    assert told.splitlines() == [
        "GET /jars/{number}",
        '  body.id: "none" is not of type "integer"  [schema]',
        "    contract  liar.py:32",
        "    request   curl -X GET http://localhost/api/v1/jars/N",
        '  body: "label" is a required property  [schema]',
        "    contract  liar.py:32",
        "    request   curl -X GET http://localhost/api/v1/jars/N",
        "",
        "GET /lids",
        "  203 was answered, the contract has 200  [status]",
        "    contract  liar.py:40",
        "    request   curl -X GET http://localhost/api/v1/lids",
        "",
        "v1: N requests of 3 operations, 3 disagreements with the contract",
    ]


def test_as_json_and_with_all_methods():
    result = run("v1", "--all-methods", "--include", "/jars", "--format", "json")
    assert result.returncode == 1
    found = json.loads(result.stdout)
    assert (found["version"], found["operations"]) == ("v1", 2)
    (one,) = found["disagreements"]
    assert (one["operation"], one["kind"], one["status"]) == ("POST /jars", "refused", 422)
    assert one["message"] == "422 was answered: a label has three letters"
    assert one["request"].startswith("curl -X POST ")


def test_the_same_bytes_under_any_hash_seed():
    first, second = (run("v1", "--all-methods", PYTHONHASHSEED=seed).stdout for seed in "12")
    assert first == second


def test_the_bookshop_keeps_its_word():
    result = run(
        "v1", "--max-examples", "5", app="bookshop:create_app('bookshop.config.TestingConfig')", cwd=FIXTURES
    )
    assert result.returncode == 0, result.stdout
    assert result.stdout.splitlines()[0].endswith("of 21 operations, as the contract says")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("v9",), 2, "error: the app has no version v9"),
        (("v1", "--header", "nonsense"), 2, "error: --header 'nonsense' is no header"),
        (("v1", "--include", "/nothing"), 2, "error: no operation of v1 is left to be tried"),
    ],
)
def test_what_cannot_be_done_is_said(arguments, code, message):
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (code, "")
    assert message in result.stderr


def test_without_schemathesis_the_remedy_is_said(tmp_path):
    hidden = (
        "import sys\nfrom importlib import util\nfind = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'schemathesis' else find(name, *rest)\n"
        "from apiver.__main__ import main\nmain()\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", hidden, "--app", "liar", "verify", "v1"],
        cwd=FIXTURES / "traffic", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 2
    assert result.stderr == (
        "error: verify needs schemathesis, which is not installed\n  pip install 'flask-apiver[verify]'\n"
    )


def test_the_manual_shows_what_is_really_written():
    manual = (Path(__file__).parents[2] / "docs" / "verify.md").read_text()
    (session,) = re.findall(
        r"```console\n\$ apiver --app liar verify v1 --all-methods\n(.*?)```", manual, re.DOTALL
    )

    def without_numbers(text: str) -> str:
        return re.sub(r"\d+(?= requests)|(?<=jars/)\d+|(?<=liar.py:)\d+|-d '[^']*'", "N", text)

    assert without_numbers(run("v1", "--all-methods").stdout) == without_numbers(session)
