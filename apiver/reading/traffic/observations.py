"""Recorded traffic, looked up by route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask

from apiver.inventory import Route

Seen = Mapping[str, Any]
"""An operation of a store; docs/record.md describes it."""


@dataclass(frozen=True, slots=True)
class Observations:
    """The operations of a store, by app, rule and method. `apps` are the store's `apps`."""

    apps: Mapping[str, Any]

    def of(self, route: Route, label: str = "") -> Seen | None:
        """What was seen of `route` where the version `label` or none was asked for, if it was seen at all."""
        app = self._app(route.app)
        rules = {rule.rule for rule in route.app.url_map.iter_rules(route.endpoint)}
        found: Seen | None = None
        for one in (app or {}).get("operations", ()):
            if (
                one["method"] != route.method
                or one["rule"] not in rules
                or not route.rule.endswith(one["rule"])
            ):
                continue
            if label and one.get("version", label) != label:
                continue
            if found is None or len(one["rule"]) > len(found["rule"]):
                found = one
        return found

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
