"""Where a finding is pinned in a checkout: the one place of a change that a review tool can open."""

from __future__ import annotations

import os
import re
from pathlib import Path

from apiver.compare.change import Change, Comparison, NotCompared
from apiver.contract.document import Place

# An address, a part of a git revision (`main:v1.yaml`), standard input: nothing in the checkout.
_ELSEWHERE = re.compile(r"<|-\Z|(?![A-Za-z]:[\\/])[^\\/]*:")


def location(change: Change) -> Place | None:
    """The place of a change on the new side, which is what a review looks at; else the one on the old side.

    None where neither stands in a file.
    """
    places = [part.place for part in (change.new, change.old)]
    return next((pinned(place) for place in places if place is not None and in_checkout(place.file)), None)


def whole(comparison: Comparison) -> str:
    """What a finding without any place is pinned to: the first of both contracts that is a file."""
    names = (comparison.new.name, comparison.old.name)
    return next((relative(name) for name in names if in_checkout(name)), names[0])


def place_of(part: NotCompared) -> Place | None:
    """The place of a part that was not compared, if it stands in a file."""
    return pinned(part.place) if part.place is not None and in_checkout(part.place.file) else None


def pinned(place: Place) -> Place:
    """The place with the path of its file as review tools want it: from the working directory, with `/`."""
    return Place(relative(place.file), place.line, place.column)


def in_checkout(file: str) -> bool:
    """Whether a name is one of a file, not an address, a revision's file or standard input."""
    return bool(file) and _ELSEWHERE.match(file) is None


def relative(file: str) -> str:
    """The path from the working directory where it lies below that, else as it is; with `/` in any case."""
    path = Path(os.path.normpath(file))
    if path.is_absolute():
        below = Path.cwd()
        path = path.relative_to(below) if path.is_relative_to(below) else path
    return path.as_posix()
