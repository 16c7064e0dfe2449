"""What the owner of a URL map should know about its versions: gaps, strays, and what seems to be missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from apiver.inventory.routes import Route
from apiver.inventory.versions import Version, Warning, natural_order

LISTED = 5
"""How many operations a warning names before it only counts."""

SMALL_APP = 2
SMALL_SHARE = 4
"""A version with fewer than one in four of its predecessor's routes is suspiciously small."""

_VERSION_VARIABLE = re.compile(r"(?:api_?)?v(?:er(?:sion)?)?", re.IGNORECASE)


def warnings_of(versions: tuple[Version, ...], unversioned: tuple[Route, ...]) -> tuple[Warning, ...]:
    """Every warning about the versions of an app, the app's own first."""
    routes = [route for version in versions for route in version.routes] + list(unversioned)
    found = [*_small_app(routes), *_no_version(versions), *_version_variables(routes)]
    for base in dict.fromkeys(version.base for version in versions):
        siblings = [version for version in versions if version.base == base]
        found += [*_gaps(siblings), *_small_versions(siblings), *_only_in_one(siblings)]
    found += _unversioned_share(routes, unversioned)
    return tuple(found)


def _small_app(routes: list[Route]) -> Iterator[Warning]:
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
    found = [route for route in routes if _has_version_variable(route)]
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield Warning(
            "version-in-variable",
            f"{found[0].method} {found[0].rule}{more}: the version is a variable of the path"
            ", versions are not told apart there yet",
            found[0].where,
        )


def _has_version_variable(route: Route) -> bool:
    return any(_VERSION_VARIABLE.fullmatch(parameter.name) for parameter in route.parameters)


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
    return not re.fullmatch(r"\d{4}-\d\d-\d\d", version.label)


def _major(version: Version) -> int:
    return natural_order(version.label)[0][0]


def _small_versions(siblings: list[Version]) -> Iterator[Warning]:
    for before, version in pairwise(siblings):
        if len(version.routes) * SMALL_SHARE < len(before.routes):
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
        for key in {_operation(route, version) for route in version.routes}:
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
