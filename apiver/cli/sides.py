"""The two sides of a comparison as the command line names them: a version of the app, a file, or `-`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from apiver.cli import inventory_of
from apiver.errors import ApiverError, UsageError

if TYPE_CHECKING:
    from apiver.contract.document import Document
    from apiver.inventory import Inventory

STDIN = "-"
_SUFFIXES = (".json", ".yaml", ".yml")


class Sides:
    """Finds the contracts that arguments name. The app is loaded once, and only where a version is named."""

    def __init__(self, ctx: click.Context) -> None:
        self._ctx = ctx
        self._inventory: Inventory | None = None

    def both(self, old: str, new: str) -> tuple[Document, Document]:
        """The contracts of both arguments.

        Raises UsageError where the app has no such version, AppLoadError where it does not load, InputError
        where a file cannot be read.
        """
        if old == new == STDIN:
            raise UsageError(
                "standard input can be read only once",
                where="OLD and NEW are both -",
                remedy="name a file for one",
            )
        # Files first: what is wrong with them is said before the app takes its time to load.
        found = {name: self._file(name) for name in (old, new) if is_file(name)}
        first, second = (found.get(name) or self._version_or_file(name) for name in (old, new))
        return first, second

    def _version_or_file(self, name: str) -> Document:
        """The version of that name; a file of the same name counts only where there is no such version."""
        exists = Path(name).is_file()
        try:
            document = self._version(name)
        except ApiverError:
            if not exists:
                raise
            return self._file(name)
        if exists:
            click.echo(f"{name} is taken as the version of the app; for the file say ./{name}", err=True)
        return document

    def _version(self, name: str) -> Document:
        from apiver.reading import contract

        if self._inventory is None:
            self._inventory = inventory_of(self._ctx)
        return contract(self._inventory, self._inventory.version(name))

    def _file(self, name: str) -> Document:
        from apiver.contract.reader import read

        return read(name)


def is_file(name: str) -> bool:
    """Whether an argument names a file by its looks: `-`, `specs/v1`, `v1.yaml`.

    A path from the root that is no file, such as `/api/v1`, is the prefix of a version.
    """
    if name == STDIN or name.lower().endswith(_SUFFIXES):
        return True
    separated = "/" in name or "\\" in name
    return separated and (not name.startswith("/") or Path(name).exists())
