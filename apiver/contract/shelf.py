"""The files that a document is made of: each is read once, and all of them within limits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urljoin

from apiver.contract.document import Document
from apiver.contract.location import LARGEST, Location
from apiver.contract.resources import Resources
from apiver.errors import InputError

_MOST_FILES = 5_000
_PATIENCE = 300.0
"""Seconds that reading all files may take: on the network each of them may be slow."""

Parse = Callable[[bytes, str], Document]
"""From a text and its name to a document of which nothing but the syntax is checked."""


class File(NamedTuple):
    """A document that takes part, where it lies, and the names that its schemas give themselves."""

    document: Document
    location: Location
    resources: Resources

    @classmethod
    def of(cls, document: Document, location: Location) -> File:
        """The file of a document."""
        return cls(document, location, Resources(document.root if isinstance(document.root, dict) else {}))


class Shelf:
    """The files that have been read, the first one from the start; `parse` reads the others."""

    def __init__(self, first: File, parse: Parse) -> None:
        self._first = first
        self._parse = parse
        self._files: dict[str, File] = {}
        self._aliases: dict[str, File] = {}
        self._size = 0
        self._spent = 0.0
        self._put(first)

    def file(self, url: str, origin: File, pointer: str) -> File:
        """The file that a URL names in a reference at a place of the file `origin`.

        Raises InputError without a place where it cannot be had, with one where it cannot be understood.
        """
        if not url:
            return origin
        for absolute in (url, urljoin(origin.resources.around(pointer).uri, url)):
            if absolute in self._aliases:
                return self._aliases[absolute]
        with _without_place():
            location = origin.location.beside(url)
        if location.name not in self._files:
            file = File.of(self._parse(self._read(location), location.name), location)
            self._refuse_other_dialect(file)
            self._put(file)
        return self._files[location.name]

    def _read(self, location: Location) -> bytes:
        if len(self._files) >= _MOST_FILES:
            raise InputError(f"the document refers to more than {_MOST_FILES} files")
        if self._spent > _PATIENCE:
            raise InputError(f"reading what the document refers to takes more than {_PATIENCE:g} seconds")
        started = time.monotonic()
        with _without_place():
            text = location.read()
        self._spent += time.monotonic() - started
        self._size += len(text)
        if self._size > LARGEST:
            raise InputError(f"the files together have more than {LARGEST // 1_000_000} MB")
        return text

    def _put(self, file: File) -> None:
        """Keep a file under the names by which it may be referred to."""
        self._files[file.location.name] = file
        root = file.document.root
        for keyword in ("$self", "$id") if isinstance(root, dict) else ():
            if isinstance(root.get(keyword), str):
                self._aliases[root[keyword]] = file

    def _refuse_other_dialect(self, file: File) -> None:
        """A file that is a document of its own has the version of the one that refers to it."""
        ours, theirs = _dialect(self._first.document.root), _dialect(file.document.root)
        if theirs and theirs != ours:
            raise InputError(
                f"{file.location.name} is {theirs}, and it is referred to from {ours}",
                remedy="write both in the same version",
            )


@contextmanager
def _without_place() -> Iterator[None]:
    """Leave it to others to say where: what cannot be had is less to the point than who refers to it."""
    try:
        yield
    except InputError as error:
        raise InputError(error.what, remedy=error.remedy) from None


def _dialect(root: Any) -> str:
    if not isinstance(root, dict):
        return ""
    if "swagger" in root:
        return f"Swagger {root['swagger']}"
    said = root.get("openapi")
    return ("OpenAPI 3.0" if said.startswith("3.0") else "OpenAPI 3.1") if isinstance(said, str) else ""
