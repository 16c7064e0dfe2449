"""Two contracts -> what changed between them, with proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from apiver.compare.change import Comparison
    from apiver.contract.document import Document

__all__ = ["diff"]


def diff(
    old: Document,
    new: Document,
    *,
    today: date | None = None,
    notice: int = 0,
    docs: bool = False,
    explain: bool = False,
) -> Comparison:
    """Compare two contracts. Every breaking change of the result carries a checked witness.

    Documents are OpenAPI 3.0 or 3.1; a change that could not be proved is risky and says why. The result is
    the same on every run for the same arguments.

    `today` is the day on which the new contract takes effect (UTC): what the old one announced to end before
    it may be gone. Without it no sunset counts as past. `notice` is how many days there must be from an
    announcement to its sunset. `docs` lists every description, example and other word that differs; without
    it they are told in one change, and only where nothing else changed. With `explain` every change has the
    steps that led to it.
    """
    from apiver.compare.announcements import Calendar
    from apiver.compare.comparison import compare

    return compare(old, new, Calendar(today, notice), docs=docs, explain=explain)
