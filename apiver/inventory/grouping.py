"""Routes grouped by the API version that they serve.

The URL decides, and what the manifest says of it; names of blueprints and modules say one thing and serve
another too often.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from apiver.errors import InputError
from apiver.inventory.labels import natural_order, version_prefix
from apiver.inventory.routes import Route, reading_order
from apiver.inventory.selection import selection_of
from apiver.inventory.variables import served, version_variable
from apiver.inventory.versions import Version
from apiver.manifest import Selector, VersionSettings
from apiver.manifest.selector import spelled


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of the versions of an app: how a request selects one, and which there are.

    The manifest says it; `read` is the place in the code where it was read instead, None for the manifest.
    """

    selector: Selector | None = None
    versions: tuple[VersionSettings, ...] = ()
    read: str | None = None

    @property
    def labels(self) -> list[str]:
        """The labels of the versions in the order in which they are named."""
        return [version.label for version in self.versions]


def group(routes: Iterable[Route], told: Told | None = None) -> tuple[tuple[Version, ...], tuple[Route, ...]]:
    """The versions that routes serve, in natural order within each base path, and the routes of none.

    Where no route names a version at all the app is its own first version: `v1` with an empty prefix.
    Raises InputError where a version extends one that the app does not have.
    """
    told = told or Told()
    routes = list(routes)
    found: dict[tuple[str, str, str], list[Route]] = {}
    unversioned = []
    taken = {_operation(route) for route in routes}
    for route in routes:
        placed = list(_placed(route, told))
        for key, one in placed:
            # Werkzeug tries a rule that spells the version out before one that has a variable there.
            if one is route or _operation(one) not in taken:
                found.setdefault(key, []).append(one)
        if not placed:
            unversioned.append(route)
    versions = [_by_url(*key, sorted(mine, key=reading_order)) for key, mine in found.items()]
    by_path = told.selector is not None and told.selector.path is not None and _uses(told, versions)
    if told.selector is not None and told.selector.ways and told.versions and not by_path and unversioned:
        versions += _selected(told, told.selector, unversioned)
        unversioned = []
    files = {version.label: version.declared for version in told.versions}
    if not versions:
        implicit = Version("v1", "v1", "", "", "implicit: no URL names a version", tuple(unversioned))
        return ((replace(implicit, declared=files.get("v1")),) if unversioned else ()), ()
    ordered = sorted(versions, key=lambda one: (one.base, natural_order(one.label), one.label, one.prefix))
    named = [
        replace(version, name=_name(version, ordered), declared=files.get(version.label))
        for version in ordered
    ]
    return tuple(_overlay(version, named, told) for version in named), tuple(unversioned)


def _operation(route: Route) -> tuple[str, str]:
    return route.method, re.sub(r"\{\w+\}", "{}", route.path)


def _placed(route: Route, told: Told) -> Iterator[tuple[tuple[str, str, str], Route]]:
    """The versions that a route serves by its URL, as base path, label and prefix, and the route in each."""
    literal = _literal(route.path, told)
    if literal is not None:
        yield literal, route
        return
    variable = version_variable(route, told.selector)
    if variable is not None:
        for one in served(route, variable, told.selector, told.labels):
            yield (one.base, one.label, f"{one.base}/{one.segment}"), one.route


def _literal(path: str, told: Told) -> tuple[str, str, str] | None:
    if told.selector is not None and told.selector.path is not None:
        for label in told.labels:
            prefix = spelled(told.selector.path, label)
            if path == prefix or path.startswith(f"{prefix}/"):
                return prefix.rpartition("/")[0], label, prefix
    found = version_prefix(path)
    return None if found is None else (*found, f"{found[0]}/{found[1]}")


def _uses(told: Told, versions: list[Version]) -> bool:
    """Whether the app has versions where the manifest's path says: the other ways lead to the same ones."""
    assert told.selector is not None and told.selector.path is not None
    base = told.selector.path.rpartition("/")[0]
    return any(version.base == base for version in versions)


def _by_url(base: str, label: str, prefix: str, routes: list[Route]) -> Version:
    variables = {f"{base}/{_variable_segment(route, base)}" for route in routes if route.pinned}
    spelled_out = any(not route.pinned for route in routes)
    how = f"url segment {prefix}" if spelled_out or not variables else f"path variable {min(variables)}"
    return Version(label, label, base, prefix, how, tuple(routes))


def _variable_segment(route: Route, base: str) -> str:
    return route.rule[len(base) :].split("/")[1]


def _selected(told: Told, selector: Selector, routes: list[Route]) -> Iterator[Version]:
    for label in told.labels:
        selection = selection_of(selector, label, everywhere=told.read is None)
        how = f"{selection}{f'  read at {told.read}' if told.read else ''}"
        yield Version(label, label, "", "", how, tuple(routes), selection)


def _name(version: Version, versions: list[Version]) -> str:
    """The label; where several versions share it, the prefix, or the way in which a request selects it."""
    alike = [one for one in versions if one.label == version.label]
    if version.selection is not None:
        return version.label if len(alike) == 1 else f"{version.selection.sent[0].location}-{version.label}"
    by_url = [one for one in alike if one.selection is None]
    return version.label if len(by_url) == 1 else version.prefix


def _overlay(version: Version, versions: list[Version], told: Told) -> Version:
    """The version with what it inherits, where the manifest says `extends`."""
    below = {one.label: one for one in versions if _siblings(one, version)}
    settings = {one.label: one for one in told.versions}
    taken = {_relative(route, version) for route in version.routes}
    inherits: list[Version] = []
    current = settings.get(version.label)
    while current is not None and current.extends is not None:
        parent = below.get(current.extends)
        if parent is None:
            if not any(one.label == current.extends for one in versions):
                raise InputError(
                    f"{current.label} extends {current.extends}, a version that the app does not have",
                    where=current.where,
                    remedy=f"found {', '.join(one.name for one in versions)}; see  apiver inspect",
                )
            break
        routes = tuple(route for route in parent.routes if _relative(route, parent) not in taken)
        taken |= {_relative(route, parent) for route in routes}
        if routes:
            inherits.append(replace(parent, routes=routes))
        current = settings.get(current.extends)
    return replace(version, inherits=tuple(inherits))


def _siblings(one: Version, other: Version) -> bool:
    return one.base == other.base and (one.selection is None) is (other.selection is None)


def _relative(route: Route, version: Version) -> tuple[str, str]:
    return route.method, re.sub(r"\{\w+\}", "{}", route.path[len(version.prefix) :] or "/")
