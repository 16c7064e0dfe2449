"""Where documents lie, and what a reference from one leads to."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import unquote

from apiver.errors import InputError

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:").match  # at least two letters: C: is a drive
LARGEST = 200_000_000
"""The most bytes that one document may have."""


class Location(Protocol):
    """Where one document lies. `name` is what people call it, and different for every document."""

    @property
    def name(self) -> str:
        """What people call it."""

    def read(self) -> bytes:
        """The text there. Raises InputError where it cannot be read."""

    def beside(self, reference: str) -> Location:
        """Where a relative or absolute reference without fragment leads from here.

        Raises InputError where references may not lead there.
        """


class Reach(NamedTuple):
    """How far documents and their references may reach.

    `network` lets URLs be read, `private` also those of private, loopback and link-local addresses. `root` is
    the directory that references to files stay in: None is the working directory, or that of the first
    document where it lies elsewhere.
    """

    network: bool = False
    private: bool = False
    root: str | None = None


class FileLocation(NamedTuple):
    """A file; `root` is the directory that references may not leave, with every link resolved."""

    name: str
    root: Path
    reach: Reach = Reach()

    @classmethod
    def of(cls, name: str, reach: Reach) -> FileLocation:
        """The location of the first document, with its root."""
        here = Path(_real(reach.root or "."))
        folder = Path(_real(name)).parent
        inside = reach.root is not None or folder.is_relative_to(here)
        return cls(name, here if inside else folder, reach)

    def read(self) -> bytes:
        """The text of the file, which must be a regular one."""
        path = Path(self.name)
        try:
            if path.exists() and not path.is_file() and not path.is_dir():
                return _from_pipe(path)
            if path.stat().st_size > LARGEST:
                raise InputError(f"the file has more than {LARGEST // 1_000_000} MB", where=self.name)
            return path.read_bytes()
        except FileNotFoundError:
            raise InputError("there is no such file", where=self.name) from None
        except IsADirectoryError:
            raise InputError("this is a directory, not a file", where=self.name) from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise InputError(f"the file cannot be read: {reason}", where=self.name) from None

    def beside(self, reference: str) -> Location:
        """The file at a path from this one, or what a URL names where the network is allowed."""
        if _SCHEME(reference):
            from apiver.contract.web import WebLocation

            return WebLocation.of(reference, self.reach)
        path = os.path.normpath(os.path.join(os.path.dirname(self.name), unquote(reference)))  # noqa: PTH118, PTH120
        if not Path(_real(path)).is_relative_to(self.root):
            raise InputError(
                f"{reference} leads out of {self.root}",
                remedy="allow it by naming a directory above both:  --ref-root DIR",
            )
        if not os.path.exists(path):  # noqa: PTH110 - unlike Path it bears any name
            raise InputError(f"there is no file {path}", remedy="correct the reference, or add the file")
        if not Path(path).is_file():
            raise InputError(f"{path} is no regular file")
        return FileLocation(path, self.root, self.reach)


def _real(path: str) -> str:
    """The path with every link resolved. Raises InputError where no file can have it."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"the file cannot be read: {reason}", where=repr(path)) from None


def _from_pipe(path: Path) -> bytes:
    """What a pipe or device that was named as a document gives, up to the limit."""
    with path.open("rb") as pipe:
        text = pipe.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise InputError(f"it gives more than {LARGEST // 1_000_000} MB", where=str(path))
    return text
