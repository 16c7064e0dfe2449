"""Paths that are read apart to the end of a block, so that a body keeps the status that it comes with."""

from __future__ import annotations

from apiver.reading.inference.frame import Frame
from apiver.reading.inference.values.shapes import NONE, Known, Object, Tuple, Value, options
from apiver.reading.inference.values.state import State

MOST_PATHS = 8


def belong_together(value: Value, frame: Frame) -> bool:
    """Whether `value` is one of a few tuples or objects: `(error, 404)` or `(found, 200)`."""
    found = [frame.state.cell(option) for option in options(value)]
    whole = [content for content in found if isinstance(content, Tuple | Object)]
    others = [content for content in found if content != NONE and content not in whole]
    return len(whole) > 1 and not others and may_part(len(found), frame)


def may_part(ways: int, frame: Frame) -> bool:
    """Whether the bound on the paths of one view has room for so many more."""
    return not frame.loops and frame.paths * ways <= MOST_PATHS


def statuses_differ(one: State, other: State) -> bool:
    """Whether two paths set a variable to two statuses: what else they set goes with the one or the other."""
    return any(
        mine is not theirs and _is_status(mine) and _is_status(theirs) and mine != theirs
        for name, mine in one.names.items()
        if (theirs := other.names.get(name)) is not None
    )


def _is_status(value: Value) -> bool:
    return isinstance(value, Known) and isinstance(value.value, int) and 100 <= value.value < 600
