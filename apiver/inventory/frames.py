"""Which line of the user's own code a traceback, a hanging thread or a view function leads to."""

from __future__ import annotations

import os
import re
import sysconfig
import traceback
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import FrameType, TracebackType

Spot = tuple[str, int]
"""A file as Python knows it, and a line that counts from 1."""

_OWN = str(Path(__file__).resolve().parent.parent) + os.sep
_LIBRARY_FOLDER = re.compile(r"[\\/](site-packages|dist-packages)[\\/]")


@cache
def _standard_library() -> tuple[str, ...]:
    folders = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    folders |= {os.path.realpath(folder) for folder in folders}
    return tuple(sorted(folder + os.sep for folder in folders))


def is_user_code(file: str) -> bool:
    """Whether a file belongs to the user: no library, no part of Python, none of apiver."""
    return not (file.startswith(("<", _OWN, *_standard_library())) or _LIBRARY_FOLDER.search(file))


def spots_of_traceback(start: TracebackType | None) -> list[Spot]:
    """The lines that a traceback passes through, outermost first."""
    return [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(start)]


def spots_of_stack(innermost: FrameType | None) -> list[Spot]:
    """The lines that a running thread is in, outermost first."""
    spots = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_stack(innermost)]
    return spots[::-1]


def users_spot(spots: Iterable[Spot]) -> Spot | None:
    """The innermost line in the user's code.

    Where there is none, because the app itself is installed as a library, the innermost line
    in any library; None where Python alone was at work.
    """
    innermost_first = list(spots)[::-1]
    for spot in innermost_first:
        if is_user_code(spot[0]):
            return spot
    for spot in innermost_first:
        # Where apiver is installed it lies among the libraries itself.
        if _LIBRARY_FOLDER.search(spot[0]) and not spot[0].startswith(_OWN):
            return spot
    return None


def shown(file: str, here: Path | None = None) -> str:
    """A path as reports show it: relative to the working directory (or `here`) where it lies below it."""
    absolute = Path(os.path.normpath(Path.cwd() / file))
    start = here or Path.cwd()
    return str(absolute.relative_to(start)) if absolute.is_relative_to(start) else str(absolute)


def place(spot: Spot | None) -> str | None:
    """A line with its absolute file, `/srv/shop/models.py:12`; None for none."""
    return None if spot is None else f"{os.path.normpath(Path.cwd() / spot[0])}:{spot[1]}"
