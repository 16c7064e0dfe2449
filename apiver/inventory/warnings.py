"""What the owner of a URL map should know about its versions: gaps, strays, and what seems to be missing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from apiver.inventory.advice import advice
from apiver.inventory.grouping import Told
from apiver.inventory.labels import natural_order
from apiver.inventory.routes import Route
from apiver.inventory.variables import version_variable
from apiver.inventory.versions import Version, Warning
from apiver.manifest import Selector

LISTED = 5
"""How many operations a warning names before it only counts."""

SMALL_APP = 2
SMALL_SHARE = 4
"""A version with fewer than one in four of its predecessor's routes is suspiciously small."""


def warnings_of(
    versions: tuple[Version, ...], unversioned: tuple[Route, ...], told: Told | None = None
) -> tuple[Warning, ...]:
    """Every warning about the versions of an app, the app's own first. `told` is what is said of them."""
    told = told or Told()
    routes = [route for version in versions for route in version.routes] + list(unversioned)
    found = [
        *_small_app({(route.app, route.rule, route.method) for route in routes}),
        *_no_version(versions),
        *_version_variables(routes),
        *_told(versions, told),
    ]
    for base in dict.fromkeys(version.base for version in versions):
        siblings = [version for version in versions if version.base == base]
        found += [*_gaps(siblings), *_small_versions(siblings), *_only_in_one(siblings)]
    found += _unversioned_share(routes, unversioned)
    return tuple(found)


def _small_app(routes: Collection[object]) -> Iterator[Warning]:
    if len(routes) <= SMALL_APP:
        count = {0: "no route", 1: "1 route only"}.get(len(routes), f"{len(routes)} routes only")
        yield Warning(
            "small-app",
            f"the app has {count}: does its factory register everything without arguments or settings?",
        )


def _no_version(versions: tuple[Version, ...]) -> Iterator[Warning]:
    if len(versions) == 1 and not versions[0].prefix:
        yield Warning("no-version", "no URL names a version: the whole app counts as v1")


def _version_variables(routes: list[Route]) -> Iterator[Warning]:
    found = [route for route in routes if version_variable(route) is not None]
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        at = next(index for index, part in enumerate(found[0].path.split("/")) if "{" in part)
        selector = Selector("/".join([*found[0].path.split("/")[:at], "{version}"]))
        yield Warning(
            "version-in-variable",
            f"{found[0].method} {found[0].rule}{more}: the version is a variable of the path, "
            f"and nothing says which there are; say so in apiver.yaml:\n{advice(selector, ['v1', 'v2'])}",
            found[0].where,
        )


def _told(versions: tuple[Version, ...], told: Told) -> Iterator[Warning]:
    """What the manifest says and the app does not bear out, and the other way round."""
    selector = told.selector
    if told.read is not None and selector is not None:
        way = selector.ways[0] if selector.ways else f"the variable in {selector.path}"
        yield Warning(
            "selector-read",
            f"the code chooses its version by {way}: {', '.join(told.labels)}; say so in apiver.yaml:\n"
            f"{advice(selector, told.labels)}",
            told.read,
        )
    elif selector is not None and selector.ways and not told.versions:
        yield Warning(
            "selector-without-versions",
            f"the manifest selects by {selector.ways[0]} and names no version: add them, for example\n"
            f"{advice(None, ['v1', 'v2'])}",
            selector.where,
        )
    else:
        for one in told.versions:
            if not any(version.label == one.label for version in versions):
                message = f"the manifest names {one.label}, no route serves it"
                yield Warning("version-without-routes", message, one.where)


def _gaps(siblings: list[Version]) -> Iterator[Warning]:
    """Major numbers that nobody serves between two that are served."""
    majors = sorted({_major(version) for version in siblings if _is_counted(version)})
    for lower, upper in pairwise(majors):
        if upper - lower > 1:
            first, last = lower + 1, upper - 1
            missing = f"v{first} is" if first == last else f"v{first} to v{last} are"
            base = siblings[0].base or "/"
            yield Warning("version-gap", f"{missing} missing between v{lower} and v{upper} at {base}")


def _is_counted(version: Version) -> bool:
    return not re.fullmatch(r"\d{4}-\d\d-\d\d", version.label) and bool(natural_order(version.label)[0])


def _major(version: Version) -> int:
    return natural_order(version.label)[0][0]


def _small_versions(siblings: list[Version]) -> Iterator[Warning]:
    for before, version in pairwise(siblings):
        if len(version.routes) * SMALL_SHARE < len(before.routes) and not version.inherits:
            yield Warning(
                "small-version",
                f"{version.name} has {_count(len(version.routes))}, {before.name} has {len(before.routes)}: "
                f"is all of {version.name} registered, or does it only add to {before.name}?",
                version=version.name,
            )


def _only_in_one(siblings: list[Version]) -> Iterator[Warning]:
    """Operations that one version alone has, one warning for each version."""
    if len(siblings) < 2:
        return
    holders: dict[tuple[str, str], int] = {}
    for version in siblings:
        whole = (version, *version.inherits)
        for key in {_operation(route, part) for part in whole for route in part.routes}:
            holders[key] = holders.get(key, 0) + 1
    for version in siblings:
        alone = [route for route in version.routes if holders[_operation(route, version)] == 1]
        if alone:
            names = ", ".join(f"{route.method} {relative_path(route, version)}" for route in alone[:LISTED])
            more = f" and {len(alone) - LISTED} more" if len(alone) > LISTED else ""
            yield Warning(
                "only-in-version",
                f"{_count(len(alone), 'operation')} in {version.name} alone: {names}{more}",
                version=version.name,
            )


def _operation(route: Route, version: Version) -> tuple[str, str]:
    return route.method, re.sub(r"\{\w+\}", "{}", relative_path(route, version))


def relative_path(route: Route, version: Version) -> str:
    """The path of a route below the prefix of its version; `/` for the prefix itself."""
    return route.path[len(version.prefix) :] or "/"


def _unversioned_share(routes: list[Route], unversioned: Iterable[Route]) -> Iterator[Warning]:
    count = len(list(unversioned))
    if count * 3 > len(routes):
        yield Warning("unversioned-share", f"{count} of {len(routes)} routes belong to no version")


def _count(number: int, noun: str = "route") -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
