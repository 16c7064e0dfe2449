"""The main job on a service that nobody annotated: every difference told, none invented, each with proof."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"
LISTED: list[dict[str, Any]] = json.loads((FIXTURES / "bookshop" / "differences.json").read_text())


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "apiver", "--app", "bookshop", *arguments],
        cwd=FIXTURES,
        env={**os.environ, "COLUMNS": "80", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def changes() -> list[dict[str, Any]]:
    result = run("diff", "v1", "v2", "--format", "json")
    assert result.returncode == 1, result.stderr
    found: list[dict[str, Any]] = json.loads(result.stdout)["changes"]
    return found


def concerns(change: dict[str, Any], entry: dict[str, Any]) -> bool:
    """Whether the change is about the operation and the part that the entry names."""
    operations = {f"{each['method']} {each['path']}" for each in change["operations"]}
    if entry["operation"] not in operations:
        return False
    parts = re.split(r"[.\[\]?{} ]+", change["subject"])
    return entry["subject"] is None or entry["subject"].lower() in (part.lower() for part in parts)


@pytest.mark.parametrize("entry", [e for e in LISTED if e["effect"] == "breaking"], ids=lambda e: e["id"])
def test_every_breaking_difference_is_proved(entry: dict[str, Any], changes: list[dict[str, Any]]) -> None:
    found = [each for each in changes if concerns(each, entry) and each["rule"] in entry["rules"]]
    assert [each["effect"] for each in found if each["effect"] == "breaking"], found
    assert all(each["witness"] for each in found if each["effect"] == "breaking")


@pytest.mark.parametrize("entry", [e for e in LISTED if e["effect"] == "risky"], ids=lambda e: e["id"])
def test_every_risky_difference_is_told_with_a_reason(
    entry: dict[str, Any], changes: list[dict[str, Any]]
) -> None:
    found = [each for each in changes if concerns(each, entry) and each["rule"] in entry["rules"]]
    assert [each["effect"] for each in found if each["effect"] == "risky" and each["reason"]], found


@pytest.mark.parametrize("entry", [e for e in LISTED if e["effect"] == "harmless"], ids=lambda e: e["id"])
def test_no_harmless_difference_raises_an_alarm(entry: dict[str, Any], changes: list[dict[str, Any]]) -> None:
    alarms = [each for each in changes if each["effect"] in ("breaking", "risky") and concerns(each, entry)]
    others = [e for e in LISTED if e["effect"] != "harmless" and e["operation"] == entry["operation"]]
    explained = [
        each for each in alarms if any(concerns(each, e) and each["rule"] in e["rules"] for e in others)
    ]
    assert [each["title"] for each in alarms if each not in explained] == []


def test_the_report_lists_nothing_breaking_that_is_not_a_difference(changes: list[dict[str, Any]]) -> None:
    listed = [entry for entry in LISTED if entry["effect"] == "breaking"]
    unexpected = [
        (each["rule"], each["title"], each["operations"])
        for each in changes
        if each["effect"] == "breaking"
        and not any(concerns(each, e) and each["rule"] in e["rules"] for e in listed)
    ]
    assert unexpected == []


def test_the_report_is_the_same_on_every_run() -> None:
    first = run("diff", "v1", "v2", "--format", "json", PYTHONHASHSEED="1")
    second = run("diff", "v1", "v2", "--format", "json", PYTHONHASHSEED="2")
    assert first.stdout == second.stdout != ""
