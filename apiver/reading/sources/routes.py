"""The rules of an app, for sources that say what they know at each view rather than in a document."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import NamedTuple

from flask import Flask

from apiver.inventory.url_map import read_url_map
from apiver.reading.sources.objects import View


class Rule(NamedTuple):
    """One method of a rule: its OpenAPI template, its method in lower case as OpenAPI has it, and its view.

    `view` is what Flask registered, `handler` the user's own function or method behind it.
    """

    path: str
    method: str
    endpoint: str
    view: View
    handler: View


def rules(app: Flask) -> Iterator[Rule]:
    """Every rule and method of `app` that answers requests, by path and method."""
    for route in read_url_map(app).routes:
        yield Rule(route.path, route.method.lower(), route.endpoint, route.view, route.handler)


def around(rule: Rule) -> Iterator[View]:
    """The functions around the handler of a rule, the outermost first; of a class those of the one method."""
    method = getattr(inspect.getattr_static(rule.view, "view_class", None), rule.method, None)
    seen: set[int] = set()
    for start in (rule.view, method):
        function = start
        while callable(function) and id(function) not in seen:
            seen.add(id(function))
            yield function
            function = inspect.getattr_static(function, "__wrapped__", None)
