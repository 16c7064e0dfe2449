"""Random pairs of contracts: a value that changes sides is never passed over, and every proof is a proof."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.compare.fuzzing.contracts import Contract
from tests.compare.fuzzing.oracle import Oracle
from tests.compare.fuzzing.trial import SOUND, Case, Judgement, judged, random_case, reduced
from tests.compare.fuzzing.values import Guesser

# A seed says nothing by its size, so hypothesis is asked for no smaller one: `reduced` makes the case small.
seeded = settings(
    max_examples=500,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SEEDS = st.integers(0, 2**64 - 1)


def shown(case: Case, found: Judgement) -> str:
    said = {"sender": case.sender, "receiver": case.receiver}
    schemas = (f"{name} {json.dumps(each.schemas())}" for name, each in said.items())
    return "\n".join(
        [f"{found.outcome} ({found.effect}) {found.detail}", f"{case.direction} {found.value!r}", *schemas]
    )


@seeded
@given(SEEDS)
def test_a_value_that_changes_sides_is_not_passed_over(seed: int) -> None:
    random = Random(seed)
    case = random_case(random)
    found = judged(case, random, 30)
    if found.outcome != SOUND:
        pytest.fail(shown(*reduced(case, found)))


def test_the_pairs_are_worth_trying() -> None:
    """The generator itself: values of both kinds, and pairs in which a value changes sides."""
    takes = breaks = 0
    for seed in range(200):
        random = Random(seed)
        case = random_case(random)
        sending, receiving = (Oracle(each, case.direction) for each in (case.sender, case.receiver))
        values = list(Guesser(random, case.old, case.new).values(30))
        taken = [value for value in values if sending.takes(value)]
        takes += len(taken)
        breaks += any(not receiving.takes(value) for value in taken)

    assert 1500 < takes < 4500
    assert breaks > 50


NUMBER = Contract({"properties": {"a": {"type": "number"}}}, {})
INTEGER = Contract({"properties": {"a": {"type": "integer"}}}, {})


@pytest.mark.parametrize(("direction", "expected"), [("request", "unsound"), ("response", "sound")])
def test_a_comparison_that_says_nothing_is_caught(
    direction: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trial itself, with an engine that finds no change."""
    silent = NUMBER.document("request")
    from apiver.compare import diff

    nothing = diff(silent, silent)
    monkeypatch.setattr("tests.compare.fuzzing.trial.diff", lambda old, new: nothing)

    found = judged(Case(NUMBER, INTEGER, direction), Random(1), 60)

    assert found.outcome == expected
    if expected == "unsound":
        assert found.value["a"] % 1


def test_a_failure_is_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    from apiver.compare import diff

    nothing = diff(NUMBER.document("request"), NUMBER.document("request"))
    monkeypatch.setattr("tests.compare.fuzzing.trial.diff", lambda old, new: nothing)
    more = {"b": {"type": "array", "items": {"minimum": 3}}}
    old = Contract(
        {"type": "object", "properties": {**more, "a": {"type": "number"}}, "minProperties": 0}, {}
    )
    new = Contract(
        {"type": "object", "properties": {**more, "a": {"type": "integer"}}, "minProperties": 0}, {}
    )
    case = Case(old, new, "request")
    found = judged(case, Random(5), 60)
    assert found.outcome == "unsound"

    small, again = reduced(case, found)

    assert small.receiver.body == {"properties": {"a": {"type": "integer"}}}
    assert small.sender.body in ({"properties": {"a": {}}}, {"properties": {"a": {"type": "number"}}})
    assert again.outcome == "unsound"
