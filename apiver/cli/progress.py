"""A word on stderr for work that takes a while."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_AFTER = 1.0


@contextmanager
def progress(doing: str, *, after: float = _AFTER) -> Iterator[None]:
    """Say what is being done if it takes more than `after` seconds and somebody is watching."""
    if not sys.stderr.isatty():
        yield
        return
    timer = threading.Timer(after, lambda: print(f"{doing} ...", file=sys.stderr, flush=True))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
