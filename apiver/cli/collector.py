"""Working without the garbage collector of Python."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Documents are large trees that hold no garbage, and the command is over soon."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # nor may the collector walk them once more when it is back, or when Python ends
        if collecting:
            gc.enable()
