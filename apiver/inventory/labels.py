"""What a version label looks like, where it stands in a path, and how people count."""

from __future__ import annotations

import re

# v1, v1.1, v1_3, v2beta1; a calendar date; and a bare number, which only counts below an API's root.
_MARKED = re.compile(r"v\d+(?:[._]\d+)*(?:[-._]?(?:alpha|beta|rc|a|b)\d*)?", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_BARE = re.compile(r"\d+(?:\.\d+)*")
_API_LIKE = re.compile(r"(?:.*[-_.])?(?:apis?|rest|rpc|services?|ws)(?:[-_.].*)?", re.IGNORECASE)


def version_prefix(path: str) -> tuple[str, str] | None:
    """The base path and the version label of a path template, or None where no segment is a version.

    `/api/v1/books` gives `("/api", "v1")`. The first segment that is a version decides.
    """
    segments = path.split("/")[1:]
    for position, segment in enumerate(segments):
        if is_label(segment) or _is_bare(segments, position):
            return "".join(f"/{one}" for one in segments[:position]), segment
    return None


def is_label(text: str) -> bool:
    """Whether a text is a version on its own: `v1`, `v2.1`, `2024-10-01`."""
    return bool(_MARKED.fullmatch(text) or _DATE.fullmatch(text))


def is_number(text: str) -> bool:
    """Whether a text is a version where it is known to be one: `1`, `2.0`."""
    return bool(_BARE.fullmatch(text))


def is_below_api(segments: list[str], position: int) -> bool:
    """Whether a segment is where an API's versions begin: the first of the path, or just below `api`."""
    return position == 0 or bool(_API_LIKE.fullmatch(segments[position - 1]))


def _is_bare(segments: list[str], position: int) -> bool:
    return is_number(segments[position]) and is_below_api(segments, position)


_STAGES = {"alpha": 0, "a": 0, "beta": 1, "b": 1, "rc": 2}
_RELEASED = 3


def natural_order(label: str) -> tuple[tuple[int, ...], int, int]:
    """A key that sorts labels as people count: v1 < v1.1 < v2beta1 < v2 < v10 < 2024-10-01."""
    numbers = re.match(r"v?(\d+(?:[._-]\d+)*)", label, re.IGNORECASE)
    stage = re.search(r"(alpha|beta|rc|a|b)(\d*)$", label, re.IGNORECASE)
    return (
        tuple(int(part) for part in re.split(r"[._-]", numbers[1])) if numbers else (),
        _STAGES[stage[1].lower()] if stage else _RELEASED,
        int(stage[2] or 0) if stage else 0,
    )
