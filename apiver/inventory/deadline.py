"""A limit on the time that an app may take to load, whatever the app does.

Two things watch. A timer signal raises in the main thread, which ends Python code and most blocking
calls. Where that exception is swallowed, or the thread never returns from C code to hear of it, a
second thread says what hangs and leaves the process with the exit code of the error.
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

GRACE = 1.0
"""Seconds that the signal has to get through before the process is left."""


class _TooLong(BaseException):
    """Raised into the code that hangs; no `except Exception` of that code stops it."""


@contextmanager
def deadline(seconds: float, hang: Callable[[FrameType | None], ApiverError]) -> Iterator[None]:
    """Let the block run for that many seconds; then raise what `hang` makes of the frame that hangs.

    Nothing is limited where `seconds` is 0. If the block cannot be ended in this way, the error is
    written to stderr and the process left with its exit code.
    """
    if seconds <= 0:
        yield
        return
    done = threading.Event()
    errors: list[ApiverError] = []
    thread = threading.get_ident()

    def ring(signum: int, frame: FrameType | None) -> None:
        if not done.is_set():
            errors.append(hang(frame))
            raise _TooLong

    def watch() -> None:
        if not done.wait(seconds + GRACE):
            error = errors[0] if errors else hang(sys._current_frames().get(thread))
            os.write(2, f"error: {error}\n".encode(errors="replace"))
            leave(error.exit_code)

    leave = os._exit  # looked up before the app can replace it
    with_signal = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    before = signal.signal(signal.SIGALRM, ring) if with_signal else None
    threading.Thread(target=watch, name="apiver-deadline", daemon=True).start()
    if with_signal:
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except BaseException:
        done.set()
        if errors:
            raise errors[0] from None
        raise
    finally:
        done.set()
        if with_signal:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
    if errors:  # the block went on after it had swallowed the signal
        raise errors[0]
