"""The routes of one version -> an OpenAPI 3.1 document."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask

from apiver.contract.document import Document
from apiver.inventory import Inventory, Route, Version
from apiver.reading.account import UNREAD
from apiver.reading.inference.frame import Shared
from apiver.reading.inference.program.calls import known_calls
from apiver.reading.inference.program.scope import is_installed, package_of
from apiver.reading.inference.program.source import Sources
from apiver.reading.inference.requests.pins import Pins, pins_of
from apiver.reading.inference.responses.schemas import Components
from apiver.reading.layering.adoption import Adoption
from apiver.reading.layering.declarations import Declarations, declarations
from apiver.reading.layering.declared import SCHEMAS
from apiver.reading.layering.declared_file import declared_file
from apiver.reading.layering.drift import Drift, drifts, unserved
from apiver.reading.layering.layers import Layer
from apiver.reading.layering.merge import merged, without_credentials
from apiver.reading.naming import unique
from apiver.reading.operations import Operation, operation
from apiver.reading.parts import parts, placed
from apiver.reading.selecting import selecting
from apiver.reading.traffic.filling import Filling, held_against
from apiver.reading.traffic.observations import Observations, Seen

OPENAPI = "3.1.0"
_CHOOSING = frozenset({"flask_accept"})
"""Extensions that choose among functions of the program: their code is read as if it were the program's."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A version as it was read: its contract, and where what the app declares and its code disagree."""

    document: Document
    drift: tuple[Drift, ...]


def contract(
    inventory: Inventory,
    version: Version | str,
    layers: Sequence[Layer] = (),
    traffic: Observations | None = None,
) -> Document:
    """The contract of one version of an app, read out of what it declares and of its code: OpenAPI 3.1.0.

    No view of the app is run, and nothing in it is changed. Each part carries `x-apiver-source`, the
    extension that declares it or the line of code that says it; what could not be read is `x-apiver-unknown`
    with the reason. `layers` go before what the app's extensions declare. `traffic` fills what neither says.
    Raises UsageError where `version` is the name of none.
    """
    return read(inventory, version, layers, traffic).document


def read(
    inventory: Inventory,
    version: Version | str,
    layers: Sequence[Layer] = (),
    traffic: Observations | None = None,
) -> Reading:
    """The contract of one version, as `contract` makes it, and its drift."""
    chosen = inventory.version(version) if isinstance(version, str) else version
    adoption = Adoption()
    filling = Filling(adoption.schemas)
    file = declared_file(chosen)
    files = [file, *(declared_file(version) for version in chosen.inherits)]
    layers = (*(one.layer for one in files if one is not None), *layers)
    apps = _Apps(packages(inventory), adoption, layers, pins_of(chosen.selection))
    paths: dict[str, Any] = {}
    drift: list[Drift] = []
    judged: list[tuple[str, dict[str, Any], Seen]] = []
    schemes: dict[str, Any] = {}
    taken: set[str] = set()
    broken: list[str] = []
    for part in parts(chosen):
        path, route = part.path, part.route
        app = apps.of(route)
        if route.endpoint in app.declarations.documentation:
            continue
        declared = list(app.declarations.of(route, adoption))
        found = operation(route, part.own, app.shared, app.components)
        if found.refuses:
            continue
        inferred = _with_own_schemes(found, schemes, adoption)
        selected = found.selects or (chosen.selection is not None and chosen.selection.everywhere)
        labels = tuple(dict.fromkeys((chosen.label, part.version.label)))
        inferred = without_credentials(inferred, declared, adoption.schemes)
        observed = traffic.of(route, labels, selected=selected) if traffic is not None else None
        filled = inferred
        answers = not any(one.operation.get("responses") for one in declared if not one.layer.partial)
        name = f"{route.method} {path}"
        if observed is not None:
            filled, told = filling.operation(name, inferred, observed, answers=answers)
            drift += told
        made = placed(merged(filled, part.own, declared), part, chosen)
        if selected:
            made = selecting(made, chosen.selection, chosen.label)
        made["operationId"] = unique(made["operationId"], taken.__contains__)
        taken.add(made["operationId"])
        paths.setdefault(path, {})[route.method.lower()] = made
        if observed is not None and not answers:
            judged.append((name, made, observed))
        wholes = [one for one in declared if not one.layer.partial]
        for whole in wholes[:1]:
            drift += drifts(name, inferred, whole, adoption.schemas, found.wholes)
        broken += () if wholes else app.declarations.broken(route)
    drift += filling.components()
    drift += held_against(judged, adoption.schemas)
    drift += unserved(file.unserved if file else ())
    root: dict[str, Any] = {
        "openapi": OPENAPI,
        "info": {"title": inventory.title or "API", "version": chosen.label},
        **(file.about if file else {}),
    }
    if chosen.prefix:
        root["servers"] = [{"url": chosen.prefix}]
    root["paths"] = paths
    components = _components(paths, adoption.schemas, {**schemes, **adoption.schemes})
    if components:
        root["components"] = components
    failures = [sentence for app in apps.known.values() for sentence in app.declarations.failures]
    if failures or broken:
        root[UNREAD] = list(dict.fromkeys((*failures, *broken)))
    return Reading(Document(root, chosen.name), tuple(drift))


@dataclass(frozen=True, slots=True)
class _App:
    """What is worked out once for each app that serves routes of the version."""

    shared: Shared
    components: Components
    declarations: Declarations


class _Apps:
    def __init__(
        self, packages: frozenset[str], adoption: Adoption, layers: Sequence[Layer], pins: Pins
    ) -> None:
        self.known: dict[Flask, _App] = {}
        self._packages, self._adoption, self._layers, self._pins = packages, adoption, layers, pins

    def of(self, route: Route) -> _App:
        if route.app not in self.known:
            self.known[route.app] = _App(
                Shared(route.app, self._packages, Sources(), *known_calls(), self._pins),
                Components(route.app, self._adoption.schemas),
                declarations(route, self._layers),
            )
        return self.known[route.app]


def _with_own_schemes(made: Operation, schemes: dict[str, Any], adoption: Adoption) -> dict[str, Any]:
    """The operation, its security schemes put among `schemes` under names that nothing declared has."""
    names = {}
    for name, scheme in made.schemes.items():
        number, found = 1, name
        while adoption.schemes.get(found, scheme) != scheme or schemes.get(found, scheme) != scheme:
            number += 1
            found = f"{name}{number}"
        names[name] = found
        schemes[found] = scheme
    if "security" not in made.value:
        return made.value
    requirements = [
        {names.get(name, name): scopes for name, scopes in requirement.items()}
        for requirement in made.value["security"]
    ]
    return {**made.value, "security": requirements}


def _components(paths: dict[str, Any], schemas: dict[str, Any], schemes: dict[str, Any]) -> dict[str, Any]:
    """The components that the operations refer to, sorted by name.

    A number that kept a schema apart from one that is not in use goes or sinks: `Book2` becomes `Book`.
    """
    used = _used(paths, schemas)
    names: dict[str, str] = {}
    for name in sorted(used, key=lambda name: (len(name), name)):
        base = name.rstrip("0123456789")
        counted = [base, *(f"{base}{number}" for number in range(2, len(schemas)))]
        lower = counted[: counted.index(name)] if name != base and base in schemas and name in counted else []
        names[name] = next(
            (one for one in lower if one in schemas and one not in used and one not in names.values()), name
        )
    if any(name != new for name, new in names.items()):
        _rename(paths, names)
        _rename(schemas, names)
    asked = {
        name
        for item in paths.values()
        for entry in item.values()
        for requirement in entry.get("security", ())
        for name in requirement
    }
    found = {
        "schemas": {names[name]: schemas[name] for name in sorted(used, key=names.__getitem__)},
        "securitySchemes": {name: schemes[name] for name in sorted(schemes) if name in asked},
    }
    return {section: members for section, members in found.items() if members}


def _used(paths: dict[str, Any], schemas: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    todo: list[Any] = [paths]
    while todo:
        for holder, key in _references(todo.pop()):
            name = holder[key].removeprefix(SCHEMAS)
            if name in schemas and name not in found:
                found.add(name)
                todo.append(schemas[name])
    return found


def _references(value: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Every place that refers to a schema: the object and the key under which the reference stands."""
    if isinstance(value, list):
        for member in value:
            yield from _references(member)
    elif isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value, "$ref"
        mapping = value.get("mapping")
        if isinstance(mapping, dict) and "propertyName" in value:
            yield from ((mapping, key) for key, target in mapping.items() if isinstance(target, str))
        for member in value.values():
            yield from _references(member)


def _rename(value: Any, names: dict[str, str]) -> None:
    for holder, key in _references(value):
        name = holder[key].removeprefix(SCHEMAS)
        holder[key] = SCHEMAS + names.get(name, name) if holder[key] != name else name


def packages(inventory: Inventory) -> frozenset[str]:
    """The packages whose code is read: the program's own (the app's, its views'), and those that choose."""
    routes = [*inventory.unversioned, *(route for version in inventory.versions for route in version.routes)]
    found = {package_of(route.app.import_name) for route in routes}
    for route in routes:
        code = getattr(inspect.unwrap(route.handler), "__code__", None)
        if code is not None and not is_installed(code.co_filename):
            found.add(package_of(getattr(route.handler, "__module__", None)))
    return frozenset((found - {""}) | (_CHOOSING & sys.modules.keys()))
