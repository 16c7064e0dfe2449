"""What one process has seen, written down at once: a process that is killed loses nothing that it had seen.

A journal is a file of lines, each a JSON value:

- `["app", NAME, [[RULE, [METHOD, ...]], ...]]`: an app and its operations;
- `["seen", NUMBER, OBSERVATION]`: something that was seen for the first time, and its number in this file;
- `NUMBER`: the same was seen again;
- `["unseen", WHY]`: a request that could not be observed.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = "APIVER_RECORDING"
"""The environment variable that names the folder where journals are written."""

_KNOWN = 10_000  # observations that are told apart before the numbering begins anew


def text(value: Any) -> str:
    """One line of JSON that is the same for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


class Journal:
    """The journal of this process; after a fork the child begins one of its own."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._file: int | None = None
        self._numbers: dict[str, int] = {}
        self._apps: dict[str, str] = {}
        self._next = 0
        self._closed = False

    def app(self, name: str, operations: list[tuple[str, list[str]]]) -> None:
        """Write down the operations of an app; once for as long as they stay the same."""
        said = text(["app", name, operations])
        with self._lock:
            if self._apps.get(name) != said:
                self._apps[name] = said
                self._write(said)

    def seen(self, observation: dict[str, Any]) -> None:
        """Write down what was seen."""
        key = text(observation)
        with self._lock:
            number = self._numbers.get(key)
            if number is not None:
                self._write(str(number))
                return
            if len(self._numbers) >= _KNOWN:
                self._numbers.clear()
            self._numbers[key] = self._next
            self._write(f'["seen",{self._next},{key}]')
            self._next += 1

    def unseen(self, why: str) -> None:
        """Write down that a request could not be observed. `why` must hold nothing of the request."""
        with self._lock:
            self._write(text(["unseen", why]))

    def _write(self, line: str) -> None:
        if self._closed:
            return
        try:
            if self._file is None:
                path = Path(self._folder, f"{os.getpid()}-{os.urandom(4).hex()}.journal")
                self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
            os.write(self._file, f"{line}\n".encode())
        except OSError:
            self._closed = True  # the recording has ended, or the disk is full: the app goes on


def read_journal(path: Path) -> Iterator[tuple[Any, ...]]:
    """The entries of a journal: apps and unseen requests as they were written, then what was seen.

    An observation comes once, as `("seen", observation, times)`. A last line that was cut off, as by a
    kill, is left out.
    """
    observations: dict[int, tuple[dict[str, Any], int]] = {}
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, int) and entry in observations:
            observation, times = observations[entry]
            observations[entry] = observation, times + 1
        elif isinstance(entry, list) and entry[0] == "seen":
            observations[entry[1]] = entry[2], 1
        elif isinstance(entry, list):
            yield tuple(entry)
    for observation, times in observations.values():
        yield "seen", observation, times
