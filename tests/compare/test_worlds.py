"""Profiles and the work budget: how a comparison judges, and how much it looks at."""

from __future__ import annotations

from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import Comparison
from apiver.compare.schemas.world import Profile
from tests.compare.test_containment import INTEGER, STRING, contract, record, ref


def effects(old: Any, new: Any, direction: str, profile: Profile, **options: Any) -> set[str]:
    found: Comparison = diff(contract(old, direction), contract(new, direction), profile=profile, **options)
    for change in found.changes:
        assert (change.witness is not None) == (change.effect.value == "breaking")
        assert change.reason or change.effect.value != "risky"
    return {change.effect.value for change in found.changes}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (record(a=STRING), record(a=STRING, more=False)),
        (record(a=STRING), {**record(a=STRING), "unevaluatedProperties": False}),
        (record(a=STRING), {**record(a=STRING), "patternProperties": {"^x-": INTEGER}}),
        (record(a=STRING), {**record(a=STRING), "maxProperties": 1}),
    ],
    ids=["closed", "closed by what is unevaluated", "members of a pattern", "fewer members"],
)
def test_what_only_undeclared_members_show_breaks_in_the_strict_world(old: Any, new: Any) -> None:
    assert effects(old, new, "request", "default") == {"risky"}
    assert effects(old, new, "request", "tolerant") == {"risky"}
    assert effects(old, new, "request", "strict") == {"breaking"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"enum": ["a"]}, {"enum": ["a", "b"]}),
        (record(a=STRING, more=False), record(a=STRING, b=STRING, more=False)),
    ],
    ids=["a listed value", "a member"],
)
def test_clients_take_what_they_do_not_know_in_the_tolerant_world(old: Any, new: Any) -> None:
    assert effects(old, new, "response", "default") == {"breaking"}
    assert effects(old, new, "response", "strict") == {"breaking"}
    assert effects(old, new, "response", "tolerant") == {"risky"}
    assert effects(new, old, "request", "tolerant") == {"breaking"}  # a server is no client


def test_another_type_breaks_in_the_tolerant_world_too() -> None:
    assert effects(STRING, INTEGER, "response", "tolerant") == {"breaking"}


def test_what_the_budget_cut_short_is_said() -> None:
    def deep(kind: Any) -> dict[str, Any]:
        return {f"C{at}": record(a=ref(f"C{at + 1}")) if at < 20 else kind for at in range(21)}

    def found(budget: int | None) -> Comparison:
        old, new = (contract(ref("C0"), components=deep(kind)) for kind in (STRING, INTEGER))
        return diff(old, new, budget=budget)

    assert [change.effect.value for change in found(None).changes] == ["breaking"]
    assert found(None).not_compared == ()
    short = found(5)
    assert [change.effect.value for change in short.changes] == ["risky"]
    assert short.changes[0].rule == "request-property-undecided"
    assert [(each.side, each.reason) for each in short.not_compared] == [
        ("both", "the work budget was used up: 1 pairs of schemas were not looked at")
    ]
