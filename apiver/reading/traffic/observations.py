"""Recorded traffic, looked up by route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from flask import Flask

from apiver.inventory import Route
from apiver.recording.store import both

Seen = Mapping[str, Any]
"""An operation of a store; docs/record.md describes it."""


@dataclass(frozen=True, slots=True)
class Observations:
    """The operations of a store, by app, rule and method. `apps` are the store's `apps`."""

    apps: Mapping[str, Any]

    def of(self, route: Route, labels: tuple[str, ...], *, selected: bool = False) -> Seen | None:
        """What was seen of `route`; None where it was not seen.

        Where requests said which version they want (docs/record.md, `version`), those for one of `labels`
        count. `selected` says that the route answers by what they say: then no others count.
        """
        app = self._app(route.app) or {}
        rules = {rule.rule for rule in route.app.url_map.iter_rules(route.endpoint)}
        found = [
            one
            for one in app.get("operations", ())
            if one["method"] == route.method and one["rule"] in rules and route.rule.endswith(one["rule"])
            if one.get("version") in ((*labels,) if selected else (*labels, None))
        ]
        rule = max((one["rule"] for one in found), key=len, default="")
        return reduce(both, [one for one in found if one["rule"] == rule]) if found else None

    def _app(self, app: Flask) -> Mapping[str, Any] | None:
        """What was recorded of an app: by its import name, or else of the one app that all fits."""
        own = self.apps.get(app.import_name)
        if own is not None:
            return dict(own)
        rules = {rule.rule for rule in app.url_map.iter_rules()}
        fitting = [
            one
            for one in self.apps.values()
            if one.get("operations") and all(each["rule"] in rules for each in one["operations"])
        ]
        return fitting[0] if len(fitting) == 1 else None
