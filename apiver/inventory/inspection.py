"""The inventory of an app: the whole story from a loaded app to its versions."""

from __future__ import annotations

from flask import Flask

from apiver.inventory.grouping import Told, group
from apiver.inventory.loader import LoadedApp
from apiver.inventory.routes import reading_order
from apiver.inventory.url_map import UrlMap, read_url_map
from apiver.inventory.versions import Inventory
from apiver.inventory.warnings import warnings_of

_ANY_APP = frozenset({"__main__", "api", "app", "application", "main", "run", "server", "src", "wsgi"})
"""Names of modules that say nothing about the app in them."""


def inspect(loaded: LoadedApp | Flask, told: Told | None = None) -> Inventory:
    """Every route of a loaded app and of the apps mounted in it, by version.

    Runs nothing of the app's and changes nothing in it; file names are relative to the working directory.
    `told` is what is known of its versions, what the manifest says where nothing is given. Raises InputError
    where the manifest says what cannot be.
    """
    if isinstance(loaded, Flask):
        loaded = LoadedApp(loaded, loaded.name)
    told = told or Told(loaded.settings.selector, loaded.settings.versions)
    maps = _url_maps(loaded)
    routes = sorted((route for one in maps for route in one.routes), key=reading_order)
    versions, unversioned = group(routes, told)
    return Inventory(
        app=loaded.name,
        versions=versions,
        unversioned=unversioned,
        skipped=tuple(entry for one in maps for entry in one.skipped),
        warnings=tuple(entry for one in maps for entry in one.warnings)
        + warnings_of(versions, unversioned, told),
        title=loaded.title or _title(loaded),
    )


def _url_maps(loaded: LoadedApp) -> list[UrlMap]:
    apps = [(loaded.prefix, loaded.app), *loaded.mounts]
    return [
        read_url_map(app, prefix, tuple(other for other, _ in apps if other.startswith(f"{prefix}/")))
        for prefix, app in apps
    ]


def _title(loaded: LoadedApp) -> str:
    """A name for the API where nobody gave one: `book_shop.web` gives "Book shop"."""
    for name in (loaded.app.name, loaded.import_path):
        top = name.partition(".")[0]
        if top and top not in _ANY_APP:
            return top.strip("_").replace("_", " ").capitalize()
    return "API"
