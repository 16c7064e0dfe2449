"""What kind of thing an argument names: a contract and where it lies, or a version of the app."""

from __future__ import annotations

import os
import re
from enum import Enum
from pathlib import Path

STDIN = "-"
SUFFIXES = (".json", ".yaml", ".yml")
"""How the names of contract files end."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://").match
_AT_REVISION = re.compile(r"(?![A-Za-z]:[\\/])[^:]+:.").match  # C:\specs is a path
_PATTERN = re.compile(r"[*?\[]").search


class Kind(Enum):
    """What an argument names."""

    STDIN = "standard input"
    URL = "a document on the network"
    FILE = "a file"
    SEVERAL = "a directory or a pattern"
    REVISION = "a file of a git revision"
    VERSION = "a version of the app"
    VERSION_AT = "a version of the app at a git revision"


def kind_of(name: str) -> Kind:
    """What an argument names, by its looks and by what there is of that name.

    What exists as a file comes first, except that a bare name (`v1`) is a version even if there is a file of
    that name. A path from the root that is no file, such as `/api/v1`, is the prefix of a version.
    """
    if name == STDIN:
        return Kind.STDIN
    if _URL(name):
        return Kind.URL
    separated = "/" in name or "\\" in name
    ending = name.lower().endswith(SUFFIXES)
    if (separated or ending) and os.path.exists(name):  # noqa: PTH110 - unlike Path it bears any name
        return Kind.SEVERAL if Path(name).is_dir() else Kind.FILE
    if _AT_REVISION(name):
        return Kind.REVISION
    if _PATTERN(name):
        return Kind.SEVERAL
    label, at, revision = name.partition("@")
    if at and label and revision and not ending and ("/" not in label or label.startswith("/")):
        return Kind.VERSION_AT
    prefix = name.startswith("/") and not name.endswith("/")
    return Kind.FILE if ending or (separated and not prefix) else Kind.VERSION


def of_pattern(pattern: str, paths: list[str]) -> list[str]:
    """Those of the paths that a pattern fits: `*` and `?` stay within one directory, `**/` spans several."""
    spelled = ""
    for piece in re.split(r"(\*\*/|\*|\?|\[[^\]]*\])", pattern):
        known = {"**/": r"(?:.*/)?", "*": r"[^/]*", "?": r"[^/]"}
        in_set = piece.startswith("[") and piece.endswith("]")
        spelled += known.get(piece) or (piece.replace("[!", "[^") if in_set else re.escape(piece))
    return [path for path in paths if re.fullmatch(spelled, path)]
