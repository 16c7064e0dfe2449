"""The last watch over a load that hangs: a process of its own.

C code that keeps Python's lock, `sum(range(10**15))` say, lets neither a signal handler nor another thread
of the same process run. A second process still can: it learns where Python stands from faulthandler,
which needs no lock, says so, and ends the first.
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import re
import select
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from apiver.errors import ApiverError
from apiver.inventory.frames import Spot

_PATIENCE = 1.0
"""Seconds that the first process has to end when it is asked to."""


@contextmanager
def watched(seconds: float, hang: Callable[[list[Spot]], ApiverError]) -> Iterator[None]:
    """End this process where the block takes that many seconds.

    What `hang` makes of the lines that the thread is in is written to stderr; the exit code is 3. Without
    effect where the system has no fork.
    """
    if not hasattr(os, "fork"):
        yield
        return
    watched_process, thread = os.getpid(), threading.get_ident()
    with tempfile.TemporaryFile() as notes, _exit_on_request():
        faulthandler.dump_traceback_later(seconds, file=notes)
        reading, writing = os.pipe()
        watcher = _fork_deaf()
        if not watcher:
            try:
                os.close(writing)
                _watch(watched_process, reading, seconds, lambda: hang(_spots(notes.fileno(), thread)))
            finally:
                os._exit(0)
        os.close(reading)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
            with suppress(OSError):  # the app may have closed what it did not open
                os.kill(watcher, signal.SIGKILL)
                os.waitpid(watcher, 0)
                os.close(writing)


def _fork_deaf() -> int:
    """Fork; the new process never hears the interrupt key, which the first one answers."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    made = os.fork()
    if made:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return made


def _watch(process: int, pipe: int, seconds: float, hang: Callable[[], ApiverError]) -> None:
    """Wait for the end of the pipe, which is that of the other process, or for the time to be over."""
    if select.select([pipe], [], [], seconds + _PATIENCE)[0] or os.getppid() != process:
        return
    os.write(2, f"error: {hang()}\n".encode(errors="replace"))
    os.kill(process, signal.SIGQUIT)
    if not select.select([pipe], [], [], _PATIENCE)[0] and os.getppid() == process:
        os.kill(process, signal.SIGKILL)


@contextmanager
def _exit_on_request() -> Iterator[None]:
    """Have SIGQUIT end this process with exit code 3, even while Python cannot run.

    A handler written in C is called with the number of its signal: `_exit` itself will do, for SIGQUIT is 3.
    """
    c: Any = ctypes.CDLL(None)
    c.signal.restype = ctypes.c_void_p
    c.signal.argtypes = (ctypes.c_int, ctypes.c_void_p)
    before = c.signal(signal.SIGQUIT, ctypes.cast(c._exit, ctypes.c_void_p))
    try:
        yield
    finally:
        c.signal(signal.SIGQUIT, before)


def _spots(notes: int, thread: int) -> list[Spot]:
    """The lines that a thread is in, outermost first, out of what faulthandler wrote."""
    text = os.pread(notes, 1 << 20, 0).decode(errors="replace")
    for block in text.split("\n\n"):
        if f"{thread:x} " in block:
            lines = re.findall(r'File "(.*)", line (\d+)', block)
            return [(file, int(line)) for file, line in reversed(lines)]
    return []
