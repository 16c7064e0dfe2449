"""Running a command so that every Flask app below it is observed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from apiver.errors import UsageError
from apiver.recording.journal import FOLDER
from apiver.recording.selection import SELECTION

SHIM = Path(__file__).with_name("shim")

# What a user or a supervisor sends to the command that they see; it goes on to the one that runs.
_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGCONT")


def run(command: Sequence[str], folder: Path, selection: str = "") -> int:
    """Run a command, have journals written to `folder`, and return its exit code (128 + N for signal N).

    Its input and output are those of this process. Signals that this process gets go on to it. Raises
    UsageError where there is no such command.
    """
    program = _program(command[0])
    try:
        child = subprocess.Popen([program, *command[1:]], env=environment(os.environ, folder, selection))
    except OSError as error:
        raise UsageError(f"{command[0]} cannot be run: {error.strerror}") from None
    with _passing_on(child):
        code = child.wait()
    return 128 - code if code < 0 else code


def _program(name: str) -> str:
    """The path of a command: on PATH, or beside the Python that runs this."""
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        raise UsageError(
            f"there is no command {name}",
            remedy="everything behind -- is the command, as in  apiver record -- pytest -q",
        )
    return found


def environment(own: Mapping[str, str], folder: Path, selection: str) -> dict[str, str]:
    """The environment of a command whose apps are observed."""
    path = os.pathsep.join(filter(None, [str(SHIM), own.get("PYTHONPATH", "")]))
    return {**own, "PYTHONPATH": path, FOLDER: str(folder), SELECTION: selection}


@contextmanager
def _passing_on(child: subprocess.Popen[bytes]) -> Iterator[None]:
    def pass_on(number: int, frame: FrameType | None) -> None:
        # Ctrl-C at a terminal reaches the child by itself: it belongs to the same foreground group.
        if number != signal.SIGINT or not _is_in_the_foreground():
            child.send_signal(number)

    numbers = [getattr(signal, name) for name in ("SIGINT", *_PASSED_ON) if hasattr(signal, name)]
    before = {number: signal.signal(number, pass_on) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_in_the_foreground() -> bool:
    try:
        with Path(os.ctermid()).open() as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except (OSError, AttributeError):
        return False
