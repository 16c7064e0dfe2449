"""The world that contracts are read in: what is sent beside what is declared, and how news are taken."""

from __future__ import annotations

from typing import Literal, NamedTuple

Profile = Literal["default", "strict", "tolerant"]

BUDGET = 500_000
"""Pairs of schemas that are looked at, for each way in which values travel, before the rest is left."""

TOLERATED = ("enum", "closed", "additional")
"""Kinds of news in a response that a tolerant client takes: an unknown value, an unknown member."""

TAKEN = "a tolerant client takes values and members that it does not know"


class World(NamedTuple):
    """How a comparison judges.

    In the `default` world a sender sends only what its contract declares. In the `strict` one it sends
    whatever its contract does not forbid: what only undeclared members show is breaking too. In the
    `tolerant` one clients take unknown values and members: such changes of a response are risky. `budget` is
    how many pairs of schemas are looked at before the rest is left undecided.
    """

    profile: Profile = "default"
    budget: int = BUDGET
