"""The two sides of a comparison as the command line names them: a version of the app, or a contract."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from apiver.cli import inventory_of, options_of
from apiver.cli.reach import reach_of
from apiver.cli.traffic import traffic_of
from apiver.contract.address import STDIN, Kind, kind_of
from apiver.errors import ApiverError, UsageError

if TYPE_CHECKING:
    from apiver.contract.document import Document
    from apiver.inventory import Inventory


class Sides:
    """Finds the contracts that arguments name. The app is loaded once, and only where a version is named."""

    def __init__(self, ctx: click.Context) -> None:
        self._ctx = ctx
        self._inventory: Inventory | None = None

    def both(self, old: str, new: str) -> tuple[Document, Document]:
        """The contracts of both arguments.

        Raises UsageError where the app has no such version, AppLoadError where it does not load, InputError
        where a document cannot be read.
        """
        if old == new == STDIN:
            raise UsageError(
                "standard input can be read only once",
                where="OLD and NEW are both -",
                remedy="name a file for one",
            )
        kinds = {name: kind_of(name) for name in (old, new)}
        apps = (Kind.VERSION, Kind.VERSION_AT)
        # Documents first: what is wrong with them is said before the app takes its time to load.
        found = {name: self._document(name) for name in kinds if kinds[name] not in apps}
        for name in kinds:
            if kinds[name] is Kind.VERSION_AT:
                found[name] = self._at_revision(name)
        first, second = (found.get(name) or self._version_or_file(name) for name in (old, new))
        return first, second

    def _version_or_file(self, name: str) -> Document:
        """The version of that name; a file of the same name counts only where there is no such version."""
        exists = Path(name).exists()
        try:
            document = self._version(name)
        except ApiverError:
            if not exists:
                if name.startswith("/"):
                    click.echo(f"there is no file {name}: it is taken as the prefix of a version", err=True)
                raise
            return self._document(name)
        if exists and Path(name).is_file():
            click.echo(f"{name} is taken as the version of the app; for the file say ./{name}", err=True)
        return document

    def _version(self, name: str) -> Document:
        from apiver.reading import contract
        from apiver.reading.account import UNREAD

        if self._inventory is None:
            self._inventory = inventory_of(self._ctx)
        document = contract(self._inventory, self._inventory.version(name), traffic=traffic_of(self._ctx))
        for sentence in document.root.get(UNREAD, ()):
            click.echo(f"warning: {sentence}", err=True)
        return document

    def _at_revision(self, name: str) -> Document:
        from apiver.cli.revision import contract_at

        options = options_of(self._ctx)
        # Below `flask` the app may be named to that command.
        named = getattr(self._ctx.find_root().obj, "app_import_path", None)
        if options.app is None and named is not None:
            options = replace(options, app=named)
        version, _, revision = name.partition("@")
        return contract_at(version, revision, options)

    def _document(self, name: str) -> Document:
        from apiver.contract.reader import read

        return read(name, reach_of(self._ctx))
