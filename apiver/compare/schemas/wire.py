"""Parameters travel as text: whether every value of one schema, written as text, is read back by another."""

from __future__ import annotations

from itertools import islice

from apiver.compare.schemas.branches import Arrays, Branch, Normal, Strings
from apiver.compare.schemas.facts import gaps_between
from apiver.compare.schemas.gaps import Point
from apiver.compare.schemas.samples import Sampler
from apiver.compare.sides.space import Conjunction
from apiver.compare.sides.texts import readings, text_of

_NOWHERE = Point("", None)


def read_by(sampler: Sampler, schema: Conjunction, text: str) -> bool | None:
    """Whether a receiver whose contract says `schema` accepts the text; None where that is undecided."""
    answer: bool | None = False
    for value in readings(text):
        for form in (value, [value]):
            verdict = sampler.admits(schema, form)
            if verdict:
                return True
            answer = None if verdict is None else answer
    return answer


def carried(sampler: Sampler, branch: Branch, outer: Conjunction) -> bool | None:
    """Whether every scalar of the branch, written as text, is read back by the outer schema."""
    if branch.type in ("array", "object"):
        return None
    if branch.values is not None or branch.type == "boolean":
        values = branch.values.value if branch.values is not None else [True, False]
        verdicts = [read_by(sampler, outer, text_of(value)) for value in values]
        return all(verdicts) if None not in verdicts else None
    branches = sampler.normalizer.branches(outer)
    if _takes_any_text(branches):
        return True
    for array in branches.get("array", ()):  # one text is an array of one
        if isinstance(array, Arrays) and (array.min_items is None or array.min_items.value <= 1):
            bound = array.values or array.excluded or array.doubts
            if not bound and (not array.item(0) or carried(sampler, branch, array.item(0))):
                return True
    same = branches.get(branch.type, ())
    if len(same) == 1 and not next(iter(gaps_between(sampler, branch, same[0], _NOWHERE, _NOWHERE)), None):
        return True if not (same[0].excluded or same[0].doubts or getattr(same[0], "contents", ())) else None
    samples = islice(sampler.of_branch(branch), 8)
    if any(read_by(sampler, outer, text_of(value)) is False for value in samples):
        return False
    return None


def _takes_any_text(branches: Normal) -> bool:
    return any(isinstance(branch, Strings) and _free(branch) for branch in branches.get("string", ()))


def _free(branch: Strings) -> bool:
    """Whether the branch takes any text that a value has (which is never empty)."""
    short = branch.min_length is None or branch.min_length.value <= 1
    facts = (
        branch.values,
        branch.max_length,
        branch.patterns,
        branch.formats,
        branch.excluded,
        branch.doubts,
        branch.contents,
    )
    return short and not any(facts)
