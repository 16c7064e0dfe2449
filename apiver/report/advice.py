"""What the catalogue of rules advises."""

from __future__ import annotations

from apiver.compare.change import Change
from apiver.compare.rules import Rule, rule


def advice(change: Change) -> Rule | None:
    """The rule of a change: why it matters, what to do instead. None where the catalogue has none."""
    try:
        return rule(change.rule)
    except KeyError:
        return None


def instead(change: Change) -> str:
    """What to do instead of a change; empty where the catalogue knows nothing."""
    known = advice(change)
    return known.instead if known else ""
