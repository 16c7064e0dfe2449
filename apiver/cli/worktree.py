"""The files of a git revision in a folder of their own, for as long as they are needed."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from apiver.contract.revision import Repository, bare_environment
from apiver.errors import InputError

_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false")
_ENDING = ("SIGTERM", "SIGHUP")


@contextmanager
def worktree(repository: Repository, commit: str, revision: str) -> Iterator[Path]:
    """A working tree of the commit in a temporary folder, gone when the block is left in whatever way.

    The user's own working tree and index are not touched, and none of the repository's hooks run. Raises
    InputError where git cannot make it.
    """
    with _left_by_signal():
        folder = Path(tempfile.mkdtemp(prefix="apiver-")).resolve()
        try:
            tree = folder / Path(repository.top or "tree").name
            done = subprocess.run(
                [
                    *("git", *_QUIET, f"--git-dir={repository.directory}"),
                    *("worktree", "add", "--detach", "--quiet", str(tree), commit),
                ],
                env={**bare_environment(), "GIT_LFS_SKIP_SMUDGE": "1"},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                reason = done.stderr.strip().removeprefix("fatal: ")
                raise InputError(f"git cannot lay out the files of {revision}: {reason}")
            yield tree
        finally:
            with _undisturbed():
                _forget(Path(repository.directory), folder)
                shutil.rmtree(folder, ignore_errors=True)


def _forget(repository: Path, folder: Path) -> None:
    """Take what git noted of working trees below the folder out of the repository, and nothing else.

    `git worktree prune` would take out other trees too, whose disk is not there right now.
    """
    notes = repository / "worktrees"
    for note in notes.iterdir() if notes.is_dir() else ():
        with suppress(OSError):
            if Path((note / "gitdir").read_text().strip()).is_relative_to(folder):
                shutil.rmtree(note, ignore_errors=True)
    with suppress(OSError):
        notes.rmdir()  # as git does when the last one goes


@contextmanager
def _left_by_signal() -> Iterator[None]:
    """Let the signals that would end the process at once end the block first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    before = {
        number: signal.signal(number, leave)
        for number in (getattr(signal, name) for name in _ENDING if hasattr(signal, name))
        if signal.getsignal(number) is signal.SIG_DFL
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hear no signal that ends the process while things are put back."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = (*_ENDING, "SIGINT")
    before = {
        number: signal.signal(number, signal.SIG_IGN)
        for number in (getattr(signal, name) for name in names if hasattr(signal, name))
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
