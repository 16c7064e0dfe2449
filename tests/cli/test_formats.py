"""`apiver diff --format`: each format from the command, as the manual shows it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from click.testing import CliRunner, Result

from apiver.cli import apiver
from apiver.report.formats import FORMATS

ROOT = Path(__file__).parents[2]
ORDERS = ROOT / "fixtures" / "contracts" / "orders"
V1, V2, SAME = (str(ORDERS / name) for name in ("v1.yaml", "v2.yaml", "v1.json"))
MANUAL = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8").partition("\n## The other formats\n")[2]
SESSIONS = re.findall(r"^(`{3,})console\n\$ apiver (.*?)\n(.*?)\n\1$", MANUAL, re.DOTALL | re.MULTILINE)


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def diff(*arguments: str) -> Result:
    return CliRunner().invoke(apiver, ["diff", *arguments])


@pytest.mark.parametrize(("fence", "call", "session"), SESSIONS, ids=[call for _, call, _ in SESSIONS])
def test_the_manual_shows_what_the_command_says(
    fence: str, call: str, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ORDERS)
    said = CliRunner().invoke(apiver, call.split()).stdout
    parts = [part.strip("\n") for part in re.split(r"^\.\.\.$", session, flags=re.MULTILINE) if part.strip()]
    assert parts
    for part in parts:
        assert part in said


def test_the_manual_shows_every_format() -> None:
    shown = {call.split("--format ")[1] for _, call, _ in SESSIONS}
    assert shown == set(FORMATS) - {"text", "json", "html"}


@pytest.mark.parametrize("form", FORMATS)
def test_the_exit_code_is_the_same_in_every_format(form: str) -> None:
    assert diff(V1, V2, "--format", form).exit_code == 1
    assert diff(V1, V2, "--format", form, "--fail-on", "none").exit_code == 0
    assert diff(V1, SAME, "--format", form).exit_code == 0
    assert diff(V1, SAME, "--format", form, "--fail-on", "risky").exit_code == 0


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_holds_what_standard_output_would(form: str, tmp_path: Path) -> None:
    path = tmp_path / "report"
    done = diff(V1, V2, "--format", form, "--output", str(path))
    assert (done.exit_code, done.stdout) == (1, "")
    assert path.read_text(encoding="utf-8") == diff(V1, V2, "--format", form).stdout


def test_every_format_is_what_it_says() -> None:
    said = {form: diff(V1, V2, "--format", form).stdout for form in FORMATS}
    assert yaml.safe_load(said["yaml"]) == json.loads(said["json"])
    assert len(json.loads(said["sarif"])["runs"][0]["results"]) == 7
    assert len(json.loads(said["gitlab"])) == 5
    assert len(ElementTree.fromstring(said["junit"]).findall(".//testcase")) == 7
    assert said["github"].count("::error ") == 4
    assert said["html"].startswith("<!doctype html>")


def test_fail_on_decides_what_fails_in_junit() -> None:
    for fail_on, failures in (("none", 0), ("breaking", 4), ("risky", 5), ("any", 7)):
        root = ElementTree.fromstring(diff(V1, V2, "--format", "junit", "--fail-on", fail_on).stdout)
        assert root.get("failures") == str(failures)


def test_docs_lists_words(tmp_path: Path) -> None:
    text = (ORDERS / "v2.yaml").read_text(encoding="utf-8").replace("the orders, newest first", "the orders")
    (tmp_path / "v3.yaml").write_text(text, encoding="utf-8")
    done = diff(V2, str(tmp_path / "v3.yaml"), "--docs")
    assert done.exit_code == 0
    assert "DOCS\n\nGET /orders\n  the description of the 200 response was reworded" in done.stdout
    assert "1 docs change: --all shows it." in diff(V2, str(tmp_path / "v3.yaml")).stdout
    assert diff(V2, str(tmp_path / "v3.yaml"), "--fail-on", "any").exit_code == 1
