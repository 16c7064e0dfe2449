"""The formats of a comparison by name: what is written where, each loaded when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from apiver.compare.change import Comparison, Effect

FORMATS = ("text", "json", "yaml", "markdown", "html", "sarif", "junit", "github", "gitlab")


class Wish(NamedTuple):
    """How a comparison is to be written.

    `everything` lists compatible changes and what was not compared where a format leaves them out, `docs`
    the changes of words.
    `failing` are the effects that end the command with 1, and `verdict` says so in a sentence. `width` is in
    columns, None wraps nothing; `color` allows control sequences.
    """

    everything: bool = False
    docs: bool = False
    failing: frozenset[Effect] = frozenset()
    verdict: str = ""
    width: int | None = None
    color: bool = False


def written(comparison: Comparison, form: str, wish: Wish) -> str:
    """The comparison in one of `FORMATS`; KeyError where there is no such format."""
    writer = _writer(form)
    if form == "text":
        return writer(
            comparison,
            everything=wish.everything,
            docs=wish.docs,
            verdict=wish.verdict,
            width=wish.width,
            color=wish.color,
        )
    if form == "junit":
        return writer(comparison, failing=wish.failing)
    if form == "markdown":
        return writer(comparison, everything=wish.everything, docs=wish.docs)
    if form in ("github", "gitlab"):
        return writer(comparison, everything=wish.everything)
    return writer(comparison)


def _writer(form: str) -> Callable[..., str]:
    """The function of the module that has the format's name."""
    from importlib import import_module

    if form not in FORMATS:
        raise KeyError(form)
    writer: Callable[..., str] = getattr(import_module(f"apiver.report.{form}"), form)
    return writer
