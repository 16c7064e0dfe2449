"""What changes behaviour and not acceptance: another default, or what a contract announces of a part."""

from __future__ import annotations

from collections.abc import Iterator

from apiver.compare.change import ABSENT
from apiver.compare.schemas.announcements import NOTHING, announced
from apiver.compare.schemas.branches import equal
from apiver.compare.schemas.gaps import Note, Point
from apiver.compare.schemas.outcomes import Outcome, home
from apiver.compare.sides.space import Conjunction, Node


def behaviour_notes(outcome: Outcome) -> Iterator[Note]:
    """The notes of a pair of schemas: they are never gaps, for nothing is rejected."""
    yield from _default_note(outcome)
    yield from _announcement_note(outcome)


def _default_note(outcome: Outcome) -> Iterator[Note]:
    inner, outer = _default(outcome.inner), _default(outcome.outer)
    if inner.value is ABSENT and outer.value is ABSENT:
        return
    if not equal(inner.value, outer.value):
        yield Note("default", "", inner, outer)


def _default(conjunction: Conjunction) -> Point:
    for each in _spoken(conjunction):
        if isinstance(each.raw, dict) and "default" in each.raw:
            return Point(f"{each.pointer}/default", each.raw["default"])
    return Point(home(conjunction), ABSENT)


def _spoken(conjunction: Conjunction) -> Iterator[Node]:
    """The schema objects whose own words count; in OpenAPI 3.0 a reference hides what stands beside it."""
    for node in conjunction:
        target = node.space.follow(node)
        if target is not node and not node.space.legacy:
            yield node
        yield target


def _announcement_note(outcome: Outcome) -> Iterator[Note]:
    inner, outer = _announcement(outcome.inner), _announcement(outcome.outer)
    if inner.value != outer.value:
        yield Note("announced", "", inner, outer)


def _announcement(conjunction: Conjunction) -> Point:
    for each in _spoken(conjunction):
        if (found := announced(each.raw)) is not NOTHING:
            return Point(each.pointer, found)
    return Point(home(conjunction), NOTHING)
