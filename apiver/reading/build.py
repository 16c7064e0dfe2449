"""The routes of one version -> an OpenAPI 3.1 document."""

from __future__ import annotations

import inspect
from typing import Any

from apiver.contract.document import Document
from apiver.inventory import Inventory, Route, Version
from apiver.inventory.routes import method_order
from apiver.reading.inference.calls import known_calls
from apiver.reading.inference.frame import Shared
from apiver.reading.inference.schemas import Components
from apiver.reading.inference.scope import is_installed, package_of
from apiver.reading.inference.source import Sources
from apiver.reading.naming import unique
from apiver.reading.operations import operation

OPENAPI = "3.1.0"


def contract(inventory: Inventory, version: Version | str) -> Document:
    """The contract of one version of an app, read out of its code: always OpenAPI 3.1.0.

    Nothing of the app is run or changed. Each part carries `x-apiver-source`, the line of code that says
    it; what could not be read is `x-apiver-unknown` with the reason. Raises UsageError where `version` is
    the name of none.
    """
    chosen = inventory.version(version) if isinstance(version, str) else version
    root: dict[str, Any] = {
        "openapi": OPENAPI,
        "info": {"title": inventory.title or "API", "version": chosen.label},
    }
    if chosen.prefix:
        root["servers"] = [{"url": chosen.prefix}]
    root["paths"] = {}
    shared: dict[int, tuple[Shared, Components]] = {}
    own = _packages(inventory)
    schemes: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    taken: set[str] = set()
    for path, route in _ordered(chosen):
        state = shared.get(id(route.app))
        if state is None:
            state = Shared(route.app, own, Sources(), *known_calls()), Components(route.app, schemas)
            shared[id(route.app)] = state
        made = operation(route, path, state[0], state[1])
        made.value["operationId"] = unique(made.value["operationId"], taken.__contains__)
        taken.add(made.value["operationId"])
        schemes |= made.schemes
        root["paths"].setdefault(path, {})[route.method.lower()] = made.value
    components: dict[str, Any] = {}
    if schemas:
        components["schemas"] = {name: schemas[name] for name in sorted(schemas)}
    if schemes:
        components["securitySchemes"] = {name: schemes[name] for name in sorted(schemes)}
    if components:
        root["components"] = components
    return Document(root, chosen.name)


def _packages(inventory: Inventory) -> frozenset[str]:
    """The packages that are the program's own: those of the app and of its views."""
    routes = [*inventory.unversioned, *(route for version in inventory.versions for route in version.routes)]
    found = {package_of(route.app.import_name) for route in routes}
    for route in routes:
        code = getattr(inspect.unwrap(route.handler), "__code__", None)
        if code is not None and not is_installed(code.co_filename):
            found.add(package_of(getattr(route.handler, "__module__", None)))
    return frozenset(found - {""})


def _ordered(version: Version) -> list[tuple[str, Route]]:
    """The routes with their paths below the prefix, sorted by path and then method.

    Two rules with one template and method (`<int:id>`, `<slug:id>`) are two operations: the variable of the
    second one gets its converter into its name.
    """
    found: dict[tuple[str, str], Route] = {}
    for route in sorted(version.routes, key=lambda route: (route.path, method_order(route.method))):
        path = route.path[len(version.prefix) :] or "/"
        for parameter in route.parameters:
            if (path, route.method) in found:
                path = path.replace(f"{{{parameter.name}}}", f"{{{parameter.name}_{parameter.converter}}}")
        found.setdefault((path, route.method), route)
    ordered = sorted(found.items(), key=lambda entry: (entry[0][0], method_order(entry[0][1])))
    return [(path, route) for (path, _), route in ordered]
