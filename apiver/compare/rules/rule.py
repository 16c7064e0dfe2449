"""One kind of change, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from apiver.compare.change import Effect
from apiver.compare.rules.source import Source

Direction = Literal["request", "response", "none"]
Area = Literal[
    "operation",
    "parameter",
    "body",
    "response",
    "header",
    "schema",
    "security",
    "lifecycle",
    "webhook",
    "documentation",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change.

    `id` reads `<direction>-<what>-<how>`. `title` says what happened, `why` what breaks and for whom,
    `instead` the way round it. `effect` is the one that it usually has: a change of a `breaking` rule is
    `risky` where no witness proves it. `source` is the section that says what the contracts mean there.
    """

    id: str
    title: str
    why: str
    instead: str
    effect: Effect
    direction: Direction
    area: Area
    source: Source
