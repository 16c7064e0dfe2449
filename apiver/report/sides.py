"""What the two sides of a comparison are called in a report, and what it says of the part on each."""

from __future__ import annotations

from typing import NamedTuple

from apiver.compare.change import Change, Comparison, Part
from apiver.report.shown import shown, value

_LONGEST_NAME = 16


class Labels(NamedTuple):
    """What the two sides are called in the lines of a report."""

    old: str
    new: str


UNNAMED = Labels("old", "new")


def labels(comparison: Comparison) -> Labels:
    """The names of both sides where they are short and differ, else `old` and `new`."""
    names = Labels(shown(comparison.old.name), shown(comparison.new.name))
    fit = names.old != names.new and all(0 < len(name) <= _LONGEST_NAME for name in names)
    return names if fit else UNNAMED


def standing(change: Change, part: Part, room: int) -> str:
    """The value of a part of a change; empty where there is none, or where it is the operation itself."""
    if isinstance(part.value, str) and part.value in map(str, change.operations):
        return ""
    return value(part.value, room)
