"""Every rule has a pair of contracts that shows it, and nothing but what is expected of the pair is found."""

from __future__ import annotations

import ast
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import apiver.compare
from apiver.compare import diff
from apiver.compare.change import Change, Effect
from apiver.compare.rules import catalogue
from apiver.contract.reader import read

PAIRS = Path(__file__).parents[2] / "fixtures" / "rules"
IDS = sorted(each.name for each in PAIRS.iterdir() if each.is_dir())


def found(rule: str, settings: dict[str, Any]) -> list[Change]:
    given = dict(settings)
    if "today" in given:
        given["today"] = date.fromisoformat(given["today"])
    old, new = (read(str(PAIRS / rule / f"{side}.yaml")) for side in ("old", "new"))
    comparison = diff(old, new, **given)
    assert comparison.not_compared == ()
    return list(comparison.changes)


def summary(change: Change) -> dict[str, Any]:
    return {
        "rule": change.rule,
        "effect": change.effect.value,
        "direction": change.direction,
        "subject": change.subject,
        "operations": [str(each) for each in change.operations],
        "accepted_by": change.witness.accepted_by if change.witness is not None else None,
    }


def test_every_rule_has_a_pair_and_every_pair_a_rule() -> None:
    assert sorted(catalogue()) == IDS


def test_every_id_in_the_code_is_a_rule() -> None:
    """A rule that the catalogue does not know would be told without why and without what to do instead."""
    spelled = re.compile(r"(request|response|api|endpoint|new|webhook|callback|optional|required)(-[a-z]+)+")
    room = Path(apiver.compare.__file__).parent
    code = [file for file in room.rglob("*.py") if not file.is_relative_to(room / "rules")]
    constants = [
        node.value
        for file in code
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    named = {each for each in constants if spelled.fullmatch(each)}

    assert len(named) > 80
    assert named - catalogue().keys() == {"required-only-inner"}  # a note, which gets its rule by direction


@pytest.mark.parametrize("rule", IDS)
def test_the_pair_of_a_rule_shows_it_and_nothing_else(rule: str) -> None:
    expected = json.loads((PAIRS / rule / "expected.json").read_text(encoding="utf-8"))
    changes = found(rule, expected.get("settings", {}))

    assert [summary(each) for each in changes] == expected["changes"]
    # whatever switches the rule off is noticed: without its changes the pair is another one
    assert [each for each in expected["changes"] if each["rule"] != rule] != expected["changes"]
    known = catalogue()[rule]
    for change in changes:
        if change.rule == rule:
            assert change.direction == known.direction or "none" in (change.direction, known.direction)
            unproved = known.effect is Effect.BREAKING and change.effect is Effect.RISKY
            assert change.effect is known.effect or unproved
