"""One pair of contracts put to the test: what apiver says of it, held against sampled values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from apiver.compare import diff
from apiver.compare.change import ABSENT, Comparison
from tests.compare.fuzzing.contracts import COMPONENTS, Contract, copied, places, same, with_schemas
from tests.compare.fuzzing.mutations import mutated
from tests.compare.fuzzing.oracle import Oracle
from tests.compare.fuzzing.values import Guesser
from tests.compare.fuzzing.vocabulary import Vocabulary

SOUND = "sound"
UNSOUND = "unsound"
UNCONFIRMED = "witness not confirmed"
CRASH = "crash"


@dataclass(frozen=True, slots=True)
class Case:
    """Two contracts and the direction in which their bodies go."""

    old: Contract
    new: Contract
    direction: str

    @property
    def sender(self) -> Contract:
        """The side whose values are sent."""
        return self.old if self.direction == "request" else self.new

    @property
    def receiver(self) -> Contract:
        """The side that has to take them."""
        return self.new if self.direction == "request" else self.old


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of a case.

    `effect` is the worst one that apiver reports, or `none`. `reasons` say why its risky changes are not
    decided. `value` is the one that shows the failure, where there is a failure; `judged` counts values.
    `missed` tells that a value changes sides where apiver could not decide.
    """

    outcome: str
    effect: str = "none"
    detail: str = ""
    value: Any = ABSENT
    reasons: tuple[str, ...] = ()
    judged: int = 0
    missed: bool = False


def flagged(random: Random, contract: Contract) -> Contract:
    """The contract, at times with some of its properties marked as readOnly or writeOnly."""
    if random.random() < 0.85:
        return contract
    schemas = contract.schemas()
    for each in schemas.values():
        for holder, key in [({"": each}, ""), *places(each)]:
            members = holder[key].get("properties", {}) if isinstance(holder[key], dict) else {}
            for name, member in members.items():
                if isinstance(member, dict) and "$ref" not in member and random.random() < 0.5:
                    members[name] = {**member, random.choice(["readOnly", "writeOnly"]): True}
    return with_schemas(contract, schemas)


def random_case(random: Random) -> Case:
    """Two contracts of one dialect, the new one mostly a mutation of the old one."""
    vocabulary = Vocabulary(random, legacy=random.random() < 0.25)
    old = flagged(random, vocabulary.contract())
    new = vocabulary.contract() if random.random() < 0.15 else mutated(random, old)
    return Case(old, new, random.choice(["request", "response"]))


def judged(case: Case, random: Random, count: int) -> Judgement:
    """Compare the case and hold the answer against so many values."""
    values = list(Guesser(random, case.old, case.new).values(count))
    try:
        return _judged(case, values)
    except RecursionError:  # of the oracle: a crash of apiver is a judgement
        return Judgement(SOUND, detail="the validator goes round in a circle")


def _judged(case: Case, values: list[Any]) -> Judgement:
    sending, receiving = (Oracle(each, case.direction) for each in (case.sender, case.receiver))
    try:
        found = diff(case.old.document(case.direction, "old"), case.new.document(case.direction, "new"))
    except Exception as error:  # noqa: BLE001 - a crash is a finding
        return Judgement(CRASH, detail=f"{type(error).__name__}: {error}"[:200])
    effect = found.changes[0].effect.value if found.changes else "none"
    reasons = tuple(each.reason or "" for each in found.changes if each.effect.value == "risky") + tuple(
        each.reason for each in found.not_compared
    )
    said = Judgement(SOUND, effect, reasons=reasons, judged=len(values))
    for body, title in _proofs(found):
        if body is ABSENT or not sending.takes(body) or receiving.takes(body):
            return replace(said, outcome=UNCONFIRMED, detail=title, value=body)
        if not sending.sends(body):
            said = replace(said, detail=f"undeclared: {title}", value=body)
    if effect == "breaking":
        return said
    for value in values:
        if sending.takes(value) and not receiving.takes(value) and sending.sends(value):
            if effect == "risky" or found.not_compared:
                return replace(said, missed=True, value=value)
            return replace(said, outcome=UNSOUND, value=value)
    return said


def _proofs(found: Comparison) -> Iterator[tuple[Any, str]]:
    for change in found.changes:
        if (change.witness is None) == (change.effect.value == "breaking"):
            yield ABSENT, f"{change.title}: {change.effect.value} with the witness {change.witness}"
        elif change.witness is not None:
            yield change.witness.accepted.body, change.title


# Small failures ------------------------------------------------------------------------------------------


def reduced(case: Case, failure: Judgement, patience: int = 3000) -> tuple[Case, Judgement]:
    """A smaller case that fails in the same way."""

    def fails(case: Case, value: Any) -> Judgement | None:
        try:
            if case.old.leads_round() or case.new.leads_round():
                return None
            for contract in (case.old, case.new):
                Oracle(contract, case.direction).check()
            found = _judged(case, [] if value is ABSENT else [value])
        except Exception:  # noqa: BLE001 - a case that the validator cannot work with is no case
            return None
        alike = found.outcome == failure.outcome and found.missed == failure.missed
        return found if alike and found.detail[:12] == failure.detail[:12] else None

    value = failure.value if failure.outcome == UNSOUND or failure.missed else ABSENT
    again = True
    while again and patience > 0:
        again = False
        for smaller, less in _smaller(case, value):
            patience -= 1
            if (found := fails(smaller, less)) is not None:
                case, value, failure, again = smaller, less, found, True
                break
            if patience <= 0:
                break
    return case, failure


def _smaller(case: Case, value: Any) -> Iterator[tuple[Case, Any]]:
    sides = {"old": case.old.schemas(), "new": case.new.schemas()}
    for name in [each for each in COMPONENTS if each in sides["old"]]:
        for chosen in (("old", "new"), ("old",), ("new",)):
            if any(not same(sides[side][name], {}) for side in chosen):
                yield _with(case, {side: {**sides[side], name: {}} for side in chosen}), value
    for less in _edits(value):
        yield case, less
    paths = {side: list(_paths(sides[side])) for side in sides}
    shared = [path for path in paths["old"] if path in paths["new"]]
    for chosen, among in ((("old", "new"), shared), (("old",), paths["old"]), (("new",), paths["new"])):
        for path in among:
            for edit in (_gone, _lifted, _opened):
                edited = {side: edit(sides[side], path) for side in chosen}
                if all(each is not None for each in edited.values()):
                    yield _with(case, edited), value


def _with(case: Case, edited: dict[str, Any]) -> Case:
    def made(side: str, contract: Contract) -> Contract:
        if side not in edited:
            return contract
        components = {name: each for name, each in edited[side].items() if name != "body"}
        return Contract(edited[side]["body"], components, contract.legacy)

    return Case(made("old", case.old), made("new", case.new), case.direction)


def _paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in steps:
        yield (*at, key)
        yield from _paths(each, (*at, key))


def _edit(root: Any, path: tuple[Any, ...], change: Callable[[Any, Any], bool]) -> Any:
    copy = copied(root)
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    return copy if change(holder, path[-1]) else None


def _gone(root: Any, path: tuple[Any, ...]) -> Any:
    def change(holder: Any, key: Any) -> bool:
        if len(path) == 1 or (isinstance(holder, list) and len(holder) == 1):
            return False
        del holder[key]
        return True

    return _edit(root, path, change)


def _lifted(root: Any, path: tuple[Any, ...]) -> Any:
    """The holder of a schema replaced by that schema."""
    if len(path) < 2:
        return None
    depth = 2 if len(path) > 2 and isinstance(path[-1], int) else 1
    above, copy = path[:-depth], copied(root)
    part, holder = copy, copy
    for key in path:
        part = part[key]
    for key in above[:-1]:
        holder = holder[key]
    if not above or not isinstance(part, dict | bool):
        return None
    holder[above[-1]] = part
    return copy


def _opened(root: Any, path: tuple[Any, ...]) -> Any:
    def change(holder: Any, key: Any) -> bool:
        if not isinstance(holder[key], dict) or not holder[key]:
            return False
        holder[key] = {}
        return True

    return _edit(root, path, change)


def _edits(value: Any) -> Iterator[Any]:
    if value is ABSENT:
        return
    for path in _paths(value):
        copy = copied(value)
        holder = copy
        for key in path[:-1]:
            holder = holder[key]
        del holder[path[-1]]
        yield copy
