"""What the catalogue of rules advises."""

from __future__ import annotations

from apiver.compare.change import Change
from apiver.compare.rules import rule


def instead(change: Change) -> str:
    """What to do instead of a change; empty where the catalogue knows nothing."""
    try:
        return rule(change.rule).instead
    except KeyError:
        return ""
