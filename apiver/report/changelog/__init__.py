"""A comparison told to the people who call the API: what is new, changed and gone, and how to move."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apiver.report.changelog.release import Release

FORMATS = ("text", "markdown", "html", "json")


def written(release: Release, form: str, *, width: int | None = None, color: bool = False) -> str:
    """A changelog in one of `FORMATS`; KeyError where there is no such format.

    `width` (columns, None wraps nothing) and `color` are for the text alone.
    """
    from importlib import import_module

    if form not in FORMATS:
        raise KeyError(form)
    writer: Callable[..., str] = getattr(import_module(f"apiver.report.changelog.{form}"), form)
    return writer(release, width=width, color=color) if form == "text" else writer(release)
