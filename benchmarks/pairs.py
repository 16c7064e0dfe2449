"""Pairs of contracts on disk, and what apiver says of them.

A file of pairs holds a JSON object a line, with `id`, `old`, `new` and what is known about them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from apiver.compare import diff
from apiver.compare.change import Comparison, Effect
from apiver.contract.reader import parse
from apiver.errors import ApiverError

# Worst first; "none" is no change at all, "error" that the pair could not be compared.
NONE = "none"
ERROR = "error"
ORDER = [*(effect.value for effect in Effect), NONE]


def pairs(path: Path) -> Iterator[dict[str, Any]]:
    """The pairs of a file, in its order."""
    with path.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield orjson.loads(line)


def compared(pair: dict[str, Any]) -> Comparison | str:
    """What apiver says of a pair, or one line on why it says nothing."""
    try:
        old, new = (parse(orjson.dumps(pair[side]), f"{side}.json") for side in ("old", "new"))
        return diff(old, new)
    except ApiverError as error:
        return f"{error.what} ({error.where})"
    except Exception as error:  # noqa: BLE001 - a corpus is run to its end
        return f"{type(error).__name__}: {error}"


def worst(result: Comparison | str) -> str:
    """The worst effect of a comparison: an effect, `none` or `error`."""
    if isinstance(result, str):
        return ERROR
    return next((effect.value for effect in Effect if result.count(effect)), NONE)
