"""The operations of a version in the order of its contract: its own, and those that it inherits."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from apiver.inventory import Route, Version
from apiver.inventory.routes import method_order

INHERITED = "x-apiver-inherited"
"""Marks an operation that an overlay takes from the version it extends; its value is the name of that one."""

_VARIABLE = re.compile(r"\{([^{}]*)\}")


class Part(NamedTuple):
    """One operation of a version: its path in the contract, its route, and the version that serves it.

    `own` is the path as the rule spells its variables, where another operation has named them before.
    """

    path: str
    route: Route
    version: Version
    own: str


def parts(version: Version) -> list[Part]:
    """The operations of a version by path and method.

    Two rules with one template and method (`<int:id>`, `<slug:id>`) are two operations: the variable of the
    second one gets its converter into its name. Two templates that differ in the names of their variables
    alone are one path (OpenAPI 3.1, 4.8.8), which has the names of the version's own.
    """
    found: dict[tuple[str, str], Part] = {}
    spelled: dict[str, str] = {}
    for part in (version, *version.inherits):
        for route in sorted(part.routes, key=lambda route: (route.path, method_order(route.method))):
            own = route.path[len(part.prefix) :] or "/"
            for parameter in route.parameters:
                if (own, route.method) in found:
                    own = own.replace(f"{{{parameter.name}}}", f"{{{parameter.name}_{parameter.converter}}}")
            path = own if part is version else spelled.get(_VARIABLE.sub("{}", own), own)
            spelled.setdefault(_VARIABLE.sub("{}", own), own)
            found.setdefault((path, route.method), Part(path, route, part, own))
    return sorted(found.values(), key=lambda part: (part.path, method_order(part.route.method)))


def placed(operation: dict[str, Any], part: Part, version: Version) -> dict[str, Any]:
    """The operation as it stands in the contract of `version`: an inherited one is served where it was."""
    names = dict(zip(_VARIABLE.findall(part.own), _VARIABLE.findall(part.path), strict=True))
    if any(name != new for name, new in names.items()):
        renamed = [
            {**one, "name": names.get(one["name"], one["name"])} if one.get("in") == "path" else one
            for one in operation.get("parameters", ())
        ]
        operation = {**operation, "parameters": renamed}
    if part.version is version:
        return operation
    return {**operation, "servers": [{"url": part.version.prefix or "/"}], INHERITED: part.version.name}
