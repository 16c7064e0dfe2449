"""Recorded traffic, looked up by route."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from flask import Flask

from apiver.inventory import Route
from apiver.recording.store import both

Seen = Mapping[str, Any]
"""An operation of a store; docs/record.md describes it."""


class Observations:
    """The operations of a store, by app, method and rule."""

    def __init__(self, apps: Mapping[str, Any]) -> None:
        """`apps` are the store's `apps`."""
        self._apps: dict[str, dict[tuple[str, str], list[Seen]]] = {}
        for name, app in apps.items():
            found = self._apps.setdefault(name, {})
            for one in app.get("operations", ()):
                found.setdefault((one["method"], one["rule"]), []).append(one)
        self._names: dict[Flask, str | None] = {}

    def of(self, route: Route, labels: tuple[str, ...], *, selected: bool = False) -> Seen | None:
        """What was seen of `route`; None where it was not seen.

        Where requests said which version they want (docs/record.md, `version`), those for one of `labels`
        count. `selected` says that the route answers by what they say: then no others count.
        """
        if route.app not in self._names:
            self._names[route.app] = self._name(route.app)
        operations = self._apps.get(self._names[route.app] or "", {})
        own = route.rule.removeprefix(route.mount)  # an app does not know below which prefix it is mounted
        wanted = (*labels,) if selected else (*labels, None)
        found = [one for one in operations.get((route.method, own), ()) if one.get("version") in wanted]
        return reduce(both, found) if found else None

    def _name(self, app: Flask) -> str | None:
        """What an app is called in the store: its import name, else the name of the one app that all fits."""
        if app.import_name in self._apps:
            return app.import_name
        rules = {rule.rule for rule in app.url_map.iter_rules()}
        fitting = [
            name for name, found in self._apps.items() if found and all(rule in rules for _, rule in found)
        ]
        return fitting[0] if len(fitting) == 1 else None
