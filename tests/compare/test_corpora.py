"""Pairs of contracts of which the right answer is known, and those on which oasdiff has its say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from apiver.compare import diff
from apiver.compare.rules import catalogue
from apiver.contract.reader import parse
from apiver.errors import ApiverError

CONFORMANCE = Path(__file__).parents[2] / "fixtures" / "conformance"
DISAGREEMENTS: dict[str, dict[str, str]] = yaml.safe_load(
    (CONFORMANCE / "disagreements.yaml").read_text(encoding="utf-8")
)
ALARMS = ("breaking", "risky")


def judged(name: str) -> list[tuple[dict[str, Any], str]]:
    """Each pair of a file, with the worst effect that apiver reports: `none` for no change at all."""
    found = []
    for line in (CONFORMANCE / name).read_bytes().splitlines():
        pair = orjson.loads(line)
        try:
            old, new = (parse(orjson.dumps(pair[side]), f"{side}.json") for side in ("old", "new"))
            changes = diff(old, new).changes
            assert {change.rule for change in changes} <= catalogue().keys()
            found.append((pair, changes[0].effect.value if changes else "none"))
        except ApiverError as error:
            found.append((pair, f"error: {error}"))
    return found


@pytest.fixture(scope="module")
def traps() -> list[tuple[dict[str, Any], str]]:
    return judged("traps.jsonl")


@pytest.fixture(scope="module")
def oasdiff() -> list[tuple[dict[str, Any], str, set[str]]]:
    return [
        (pair, got, {level for level, *_ in pair["oasdiff"]}) for pair, got in judged("oasdiff-pairs.jsonl")
    ]


def test_the_traps_are_seen_through(traps: list[tuple[dict[str, Any], str]]) -> None:
    wrong = {pair["id"]: got for pair, got in traps if got not in pair["accept"]}

    assert len(traps) == 188
    assert wrong.keys() == DISAGREEMENTS["traps"].keys(), wrong
    assert len(wrong) <= 0.02 * len(traps)


def test_no_safe_pair_is_called_breaking(traps: list[tuple[dict[str, Any], str]]) -> None:
    safe = [(pair["id"], got) for pair, got in traps if "breaking" not in pair["accept"]]

    assert len(safe) == 108
    assert [name for name, got in safe if got == "breaking"] == []


def test_no_error_of_oasdiff_is_passed_over(oasdiff: list[tuple[dict[str, Any], str, set[str]]]) -> None:
    quiet = {pair["id"] for pair, got, levels in oasdiff if "error" in levels and got not in ALARMS}

    assert len(oasdiff) == 359
    assert quiet == DISAGREEMENTS["quiet"].keys()


def test_what_breaks_for_apiver_alone_is_known(oasdiff: list[tuple[dict[str, Any], str, set[str]]]) -> None:
    loud = {pair["id"] for pair, got, levels in oasdiff if "error" not in levels and got == "breaking"}

    assert loud == DISAGREEMENTS["loud"].keys()


def test_every_disagreement_has_its_reason() -> None:
    reasons = [reason for section in DISAGREEMENTS.values() for reason in section.values()]

    assert all(isinstance(reason, str) and len(reason.split()) > 4 for reason in reasons)
