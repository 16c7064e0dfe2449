"""The surroundings in which an app loads, put back as they were when it has loaded."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

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
def stdout_on_stderr() -> Iterator[None]:
    """Send to stderr what is written to stdout meanwhile: by Python, by C code and by child processes."""
    ours = sys.stdout
    ours.flush()
    try:
        kept = os.dup(1)
        os.dup2(2, 1)
    except OSError:  # started without a standard output or error: there is nothing to divert
        kept = None
    sys.stdout = sys.stderr
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
        sys.stdout = ours
        if kept is not None:
            _flush_c_streams()
            os.dup2(kept, 1)
            os.close(kept)


def _flush_c_streams() -> None:
    """What C code printed may still wait in the C library's buffer; it must leave before stdout is back."""
    import ctypes

    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).fflush(None)
