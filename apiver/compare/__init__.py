"""Two contracts -> what changed between them, with proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from apiver.compare.change import Comparison
    from apiver.compare.schemas.world import Profile
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
    budget: int | None = None,
    profile: Profile = "default",
) -> Comparison:
    """Compare two contracts. Every breaking change of the result carries a checked witness.

    Documents are OpenAPI 3.0 or 3.1; a change that could not be proved is risky and says why. The result is
    the same on every run for the same arguments.

    `today` is the day on which the new contract takes effect (UTC): what the old one announced to end before
    it may be gone. Without it no sunset counts as past. `notice` is how many days there must be from an
    announcement to its sunset. `docs` lists every description, example and other word that differs; without
    it they are told in one change, and only where nothing else changed. With `explain` every change has the
    steps that led to it.

    `budget` is how many pairs of schemas are looked at before the rest is left undecided, and said to be.
    `profile` is the world that the contracts are read in: see `apiver.compare.schemas.world.World`.
    """
    from apiver.compare.comparison import compare
    from apiver.compare.schemas.announcements import Calendar
    from apiver.compare.schemas.world import BUDGET, World

    world = World(profile, BUDGET if budget is None else budget)
    return compare(old, new, Calendar(today, notice), world, docs=docs, explain=explain)
