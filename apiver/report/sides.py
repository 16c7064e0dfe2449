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
    """The names of both sides where they are versions, short and not the same, else `old` and `new`."""
    names = Labels(shown(comparison.old.name), shown(comparison.new.name))
    fit = names.old != names.new and all(map(_is_version, names))
    return names if fit else UNNAMED


def _is_version(name: str) -> bool:
    """A file's name stands in each of its places already."""
    is_file = name.endswith((".json", ".yaml", ".yml", ">"))
    return 0 < len(name) <= _LONGEST_NAME and not is_file


def standing(change: Change, part: Part, room: int) -> str:
    """The value of a part of a change; empty where there is none, or where it is the operation itself."""
    if isinstance(part.value, str) and part.value in map(str, change.operations):
        return ""
    return value(part.value, room)
