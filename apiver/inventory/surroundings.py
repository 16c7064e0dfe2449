"""The surroundings in which an app loads, put back as they were when it has loaded."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from apiver.errors import AppLoadError

# Makes `app.run()` without a `__main__` guard return instead of starting a server, as under `flask run`.
_NO_SERVER = {"FLASK_RUN_FROM_CLI": "true"}


@contextmanager
def folder(path: str | None) -> Iterator[None]:
    """Work in that folder meanwhile."""
    before = Path.cwd()
    if path is not None:
        try:
            os.chdir(path)
        except OSError as error:
            raise AppLoadError(f"cannot work in {path}: {error.strerror}") from None
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Have these variables set meanwhile."""
    wanted = {**variables, **_NO_SERVER}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def bare_command_line() -> Iterator[None]:
    """Hide apiver's own arguments meanwhile, from apps that parse a command line when they are imported."""
    before = sys.argv
    sys.argv = before[:1]
    try:
        yield
    finally:
        sys.argv = before


@contextmanager
def threads_that_end() -> Iterator[None]:
    """Make every thread that is started meanwhile a daemon: none may keep this process from ending."""
    start = threading.Thread.start

    def start_as_daemon(thread: threading.Thread) -> None:
        if not thread.is_alive():
            thread.daemon = True
        start(thread)

    threading.Thread.start = start_as_daemon  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        threading.Thread.start = start  # type: ignore[method-assign]


@contextmanager
def stdout_on_stderr() -> Iterator[None]:
    """Send to stderr what is written to stdout meanwhile: by Python, by C code and by child processes."""
    ours = sys.stdout
    kept = None
    if ours is not None:  # as it is where the process was started without one
        ours.flush()
        with suppress(OSError):
            kept = os.dup(1)
            os.dup2(2, 1)
    sys.stdout = _another_stderr()
    try:
        yield
    finally:
        # `ours` too: the app may have reached it as sys.__stdout__.
        for stream in (sys.stdout, ours):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        sys.stdout = ours
        if kept is not None:
            _flush_c_streams()
            os.dup2(kept, 1)
            os.close(kept)


def _another_stderr() -> TextIO:
    """A stream of its own on stderr. It stays open: a log handler of the app may hold on to it."""
    try:
        return os.fdopen(
            os.dup(sys.stderr.fileno()), "w", buffering=1, encoding="utf-8", errors="backslashreplace"
        )
    except (OSError, ValueError, AttributeError):  # stderr is no file
        return sys.stderr


def _flush_c_streams() -> None:
    """What C code printed may still wait in the C library's buffer; it must leave before stdout is back."""
    import ctypes

    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).fflush(None)
