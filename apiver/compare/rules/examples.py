"""The pair of contracts that shows a rule, and what other tools call it: files that come with the package.

In a checkout they stand in `fixtures/rules`, where the tests read them; a wheel carries them beside here.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple


class Example(NamedTuple):
    """Two contracts as YAML that differ in one rule, and the settings of the comparison that finds it."""

    old: str
    new: str
    settings: dict[str, Any]


def example(rule_id: str) -> Example | None:
    """The example of a rule; None where none was installed."""
    folder = _folder() / rule_id
    try:
        old, new, expected = (
            (folder / name).read_text(encoding="utf-8") for name in ("old.yaml", "new.yaml", "expected.json")
        )
    except OSError:
        return None
    return Example(old, new, json.loads(expected).get("settings", {}))


@lru_cache(maxsize=1)
def others() -> dict[str, dict[str, Any]]:
    """By the ids of oasdiff's rules: our `rules` that say the same, and the `reason` where there is none.

    Both are there where the rules alone do not say it.
    """
    try:
        found = json.loads((_folder() / "oasdiff.json").read_text(encoding="utf-8"))
    except OSError:
        return {}
    return found if isinstance(found, dict) else {}


def _folder() -> Path:
    installed = Path(__file__).parent / "pairs"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "fixtures" / "rules"
