"""What selects the version of an API beside its URL: a header, the media type in Accept, a parameter.

A contract marks such a parameter with `x-apiver-selector`, whose value is the label of the version. Where
two versions are compared it plays the part that the version's segment plays in a path: it tells them apart,
and is no change. Within one version it is a parameter like any other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import quote

from apiver.compare.sides.space import Node
from apiver.compare.sides.surface import Operation

SELECTOR = "x-apiver-selector"


class Selected(NamedTuple):
    """What a request carries to get one version: where, under which name, and what."""

    place: str
    name: str
    value: str

    @property
    def header(self) -> tuple[tuple[str, str], ...]:
        """As a header of the request; nothing where it is none."""
        return ((self.name, self.value),) if self.place == "header" else ()

    def of(self, url: str) -> str:
        """The URL with what it must carry."""
        if self.place != "query":
            return url
        sign = "&" if "?" in url else "?"
        return f"{url}{sign}{quote(self.name, safe='')}={quote(self.value, safe='')}"


def apart(old: Operation, new: Operation) -> tuple[Operation, Operation]:
    """Both operations of a pair without what selects their versions, where these are two."""
    mine, its = _selector(old), _selector(new)
    if (mine is None and its is None) or _label(mine) == _label(its):
        return old, new
    return _without(old, mine), _without(new, its)


def selected(operation: Operation) -> Selected | None:
    """What a request of an operation carries to get its version; None where that is not set apart."""
    raw = None if operation.selector is None else operation.selector.raw
    values = _mapping(_mapping(raw).get("schema")).get("enum")
    if raw is None or not isinstance(values, list) or len(values) != 1:
        return None
    return Selected(raw["in"], raw["name"], str(values[0]))


def media_types(old: Operation, new: Operation) -> tuple[str, str] | None:
    """The media types by which Accept selects the two versions of a pair, None where it does not."""
    mine, its = selected(old), selected(new)
    if mine is None or its is None or {mine.name.lower(), its.name.lower()} != {"accept"}:
        return None
    return mine.value, its.value


def _selector(operation: Operation) -> Node | None:
    return next((each for each in operation.parameters if isinstance(each.raw.get(SELECTOR), str)), None)


def _label(parameter: Node | None) -> str | None:
    return None if parameter is None else parameter.raw[SELECTOR]


def _without(operation: Operation, parameter: Node | None) -> Operation:
    if parameter is None:
        return operation
    kept = tuple(each for each in operation.parameters if each is not parameter)
    return replace(operation, parameters=kept, selector=parameter)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
