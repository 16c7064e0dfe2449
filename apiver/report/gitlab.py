"""A comparison as a report of code quality for GitLab: findings beside the lines of a merge request.

The format is GitLab's part of the Code Climate specification: https://docs.gitlab.com/ci/testing/code_quality/
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from apiver.compare.change import Change, Comparison, Effect
from apiver.report.account import account
from apiver.report.json import json_text
from apiver.report.location import location, whole
from apiver.report.shown import shown
from apiver.report.sides import Labels, labels
from apiver.report.text import reached

_SEVERITY = {
    Effect.BREAKING: "critical",
    Effect.RISKY: "major",
    Effect.COMPATIBLE: "info",
    Effect.DOCS: "info",
}
_LISTED = (Effect.BREAKING, Effect.RISKY)


def gitlab(comparison: Comparison, *, everything: bool = False) -> str:
    """What breaks and what may break as a list of issues, with `everything` the other changes too.

    Fingerprints are those of the changes; GitLab drops what has the fingerprint of another one, so a
    change that shares one gets its own.
    """
    names, times = labels(comparison), Counter[str]()
    issues = []
    for change in comparison.changes:
        if everything or change.effect in _LISTED:
            times[change.fingerprint] += 1
            fingerprint = _fingerprint(change.fingerprint, times[change.fingerprint])
            issues.append(_issue(change, names, fingerprint, comparison))
    return json_text(issues)


def _fingerprint(own: str, time: int) -> str:
    return own if time == 1 else hashlib.sha256(f"{own} {time}".encode()).hexdigest()[: len(own) or 12]


def _issue(change: Change, names: Labels, fingerprint: str, comparison: Comparison) -> dict[str, Any]:
    place = location(change)
    said = [f"{shown(change.title)} ({reached(change.operations, 3)})", *account(change, names)]
    return {
        "description": " | ".join(line.strip() for line in said),
        "check_name": change.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITY[change.effect],
        "location": {
            "path": shown(place.file if place else whole(comparison)),
            "lines": {"begin": place.line if place else 1},
        },
    }
