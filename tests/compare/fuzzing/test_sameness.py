"""What means the same is no change: nothing at all, or documentation at most."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apiver.compare import diff
from apiver.compare.change import Change
from apiver.contract.document import Document
from tests.compare.fuzzing.contracts import Contract
from tests.compare.fuzzing.oracle import Oracle, is_nullable_union
from tests.compare.fuzzing.rewriting import EXOTIC, renamed, rewritten
from tests.compare.fuzzing.trial import flagged
from tests.compare.fuzzing.values import Guesser
from tests.compare.fuzzing.vocabulary import Vocabulary

seeded = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SEEDS = st.integers(0, 2**64 - 1)
DIRECTIONS = ("request", "response")


def changes(old: Contract, new: Contract, direction: str) -> list[tuple[str, str, str | None]]:
    found = diff(old.document(direction, "old"), new.document(direction, "new")).changes
    return [told(change) for change in found if change.effect.value != "docs"]


def told(change: Change) -> tuple[str, str, str | None]:
    return change.effect.value, change.title, change.reason


def shuffled(value: Any, random: Random) -> Any:
    if isinstance(value, dict):
        keys = random.sample(list(value), len(value))
        return {key: shuffled(value[key], random) for key in keys}
    return [shuffled(each, random) for each in value] if isinstance(value, list) else value


@seeded
@given(SEEDS)
def test_nothing_changes_where_nothing_changed(seed: int) -> None:
    random = Random(seed)
    contract = flagged(random, Vocabulary(random, legacy=random.random() < 0.3).contract())
    direction = random.choice(DIRECTIONS)
    document = contract.document(direction)
    again = Document(shuffled(document.root, random), "reordered")

    assert diff(document, document).changes == ()
    assert diff(document, contract.document(direction)).changes == ()
    assert diff(document, again).changes == ()


@seeded
@given(SEEDS)
def test_other_names_change_nothing(seed: int) -> None:
    random = Random(seed)
    contract = Vocabulary(random, legacy=random.random() < 0.3, everyday=True).contract()
    contract = Contract(
        contract.body, {name: contract.components[name] for name in contract.used()}, contract.legacy
    )
    other = renamed(random, contract)

    for direction in DIRECTIONS:
        assert changes(contract, other, direction) == []


@seeded
@given(SEEDS)
def test_the_dialect_changes_nothing(seed: int) -> None:
    """A contract of OpenAPI 3.0 against the same in the words of 3.1."""
    old = Vocabulary(Random(seed), legacy=True, everyday=True).contract()
    old = Contract(old.body, {name: old.components[name] for name in old.used()}, legacy=True)
    new = Contract(modern(old.body), {name: modern(each) for name, each in old.components.items()})

    for direction in DIRECTIONS:
        assert changes(old, new, direction) == []
        assert changes(new, old, direction) == []


def modern(schema: Any) -> Any:
    """A schema of 3.0 in the words of 3.1."""
    if isinstance(schema, list):
        return [modern(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: each if key == "enum" else modern(each) for key, each in schema.items() if key != "nullable"}
    if schema.get("nullable") is True and "type" in schema:
        made["type"] = [schema["type"], "null"]
    for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if made.pop(strict, False) and bound in made:
            made[strict] = made.pop(bound)
    return {"anyOf": [made, {"type": "null"}]} if is_nullable_union(schema) else made


def test_rewriting_keeps_the_meaning() -> None:
    """The rewriting itself, by plain `jsonschema`."""
    taken: dict[str, int] = {}
    for seed in range(600):
        random = Random(seed)
        old = Vocabulary(random, legacy=random.random() < 0.3).contract()
        new, ways = rewritten(random, old)
        one, other = (Oracle(each, "request") for each in (old, new))
        for value in Guesser(random, old, new).values(8):
            assert one.takes(value) == other.takes(value), (seed, ways, value)
        taken[ways[0]] = taken.get(ways[0], 0) + 1

    assert len(taken) == 22, "a way was never taken"


def share_of_changes(everyday: bool, times: int) -> float:
    """How many of random rewritings, in percent, are called a change."""
    called = tried = 0
    for seed in range(150):
        random = Random(seed)
        old = Vocabulary(random, legacy=random.random() < 0.3, everyday=everyday).contract()
        new, taken = rewritten(random, old, times, without=EXOTIC if everyday else frozenset())
        for direction in DIRECTIONS:
            found = changes(old, new, direction)
            assert "breaking" not in {effect for effect, _, _ in found}, (seed, taken, found)
            tried += 1
            called += bool(found)
    return 100 * called / tried


@pytest.mark.parametrize(
    ("everyday", "times", "most"), [(True, 1, 0), (True, 3, 0), (False, 1, 8), (False, 3, 15)]
)
def test_saying_the_same_in_another_way_changes_nothing(everyday: bool, times: int, most: float) -> None:
    """Never breaking; nothing at all in everyday words, else `most` percent that are undecided."""
    share = share_of_changes(everyday, times)

    assert share <= most
