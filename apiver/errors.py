"""What can go wrong for a user, and the exit code that each kind of trouble ends with.

Every error says *what* happened, *where*, and what to try next (*remedy*). The command line prints
the three; it never prints a traceback for one of these.
"""

from __future__ import annotations

OK = 0
FINDING = 1
DEFECT = 70


class ApiverError(Exception):
    """Something that the user can act on.

    `what` is one sentence without a full stop, `where` a place such as `app.py:12` or
    `specs/v1.yaml:3:7`, `remedy` what to try next (one line or several).
    """

    exit_code = DEFECT

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        return "\n  ".join(line for line in (self.what, self.where, self.remedy) if line)


class UsageError(ApiverError):
    """The command was called in a way that cannot work: unknown version, contradicting options."""

    exit_code = 2


class AppLoadError(ApiverError):
    """The Flask app could not be imported or built."""

    exit_code = 3


class InputError(ApiverError):
    """A file that was named could not be read or understood: contract, manifest, output path."""

    exit_code = 4
