"""A limit on the time that an app may take to load, whatever the app does.

Three things watch. A timer signal raises in the main thread, which ends Python code and most blocking
calls. Where that exception is swallowed, or the thread never returns from C code to hear of it, a
second thread says what hangs and leaves the process with the exit code of the error. Where no thread
can run, a second process does the same.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from apiver.errors import ApiverError
from apiver.inventory.frames import Spot, spots_of_stack
from apiver.inventory.watcher import watched

GRACE = 1.0
"""Seconds that the signal has to get through before the process is left."""


class _TooLong(BaseException):
    """Raised into the code that hangs; no `except Exception` of that code stops it."""


@contextmanager
def deadline(seconds: float, hang: Callable[[list[Spot]], ApiverError]) -> Iterator[None]:
    """Let the block run for that many seconds; then raise what `hang` makes of the lines that it is in.

    Nothing is limited where `seconds` is 0. If the block cannot be ended in this way, the error is
    written to stderr and the process left with its exit code.
    """
    if seconds <= 0:
        yield
        return
    errors: list[ApiverError] = []
    with watched(seconds + 2 * GRACE, hang), _left_after(seconds + GRACE, hang, errors):
        try:
            with _interrupted_after(seconds, hang, errors):
                yield
        except BaseException:
            if errors:
                raise errors[0] from None
            raise
    if errors:  # the block went on after it had swallowed the interruption
        raise errors[0]


@contextmanager
def _interrupted_after(
    seconds: float, hang: Callable[[list[Spot]], ApiverError], errors: list[ApiverError]
) -> Iterator[None]:
    """Raise into the block after that many seconds, once the error is noted. Main thread and Unix only."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(signum: int, frame: FrameType | None) -> None:
        errors.append(hang(spots_of_stack(frame)))
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before if before is not None else signal.SIG_DFL)


@contextmanager
def _left_after(
    seconds: float, hang: Callable[[list[Spot]], ApiverError], errors: list[ApiverError]
) -> Iterator[None]:
    """Leave the process after that many seconds, with the noted error or one of its own."""
    done = threading.Event()
    thread = threading.get_ident()
    leave = os._exit  # looked up before the app can replace it

    def watch() -> None:
        if not done.wait(seconds):
            error = errors[0] if errors else hang(spots_of_stack(sys._current_frames().get(thread)))
            os.write(2, f"error: {error}\n".encode(errors="replace"))
            leave(error.exit_code)

    threading.Thread(target=watch, name="apiver-deadline", daemon=True).start()
    try:
        yield
    finally:
        done.set()
