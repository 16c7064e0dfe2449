"""Routes grouped by the API version that they serve.

The URL alone decides; names of blueprints and modules say one thing and serve another too often.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from apiver.errors import UsageError
from apiver.inventory.routes import Route


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one API.

    `label` is the version as the URL spells it (`v1`, `1`, `v2.1`), `base` the path before it (`/api`),
    `prefix` both together (`/api/v1`), `how` the way in which it was recognised (`url segment /api/v1`).
    `name` is what a command line calls it: the label, or the prefix where two APIs share the label.
    """

    name: str
    label: str
    base: str
    prefix: str
    how: str
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class Warning:
    """Something about the URL map that its owner should know.

    `kind` is a stable slug, `where` the place it stands at, `version` the name of the version that it
    is about, None where it is about the app.
    """

    kind: str
    message: str
    where: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every route of an app: by version, without one, and what was left out, with the reasons.

    `app` is the app as the user calls it, `title` the name of its API.
    """

    app: str
    versions: tuple[Version, ...]
    unversioned: tuple[Route, ...]
    skipped: tuple[tuple[str, str], ...]
    warnings: tuple[Warning, ...]
    title: str = ""

    def version(self, name: str) -> Version:
        """The version with that name, label or prefix. Raises UsageError where there is none or several."""
        for version in self.versions:
            if name in (version.name, version.prefix):
                return version
        alike = [one for one in self.versions if one.label.lower() == name.lower()]
        if len(alike) == 1:
            return alike[0]
        if alike:
            raise UsageError(
                f"the app has several versions {name}",
                where=f"in {self.app}",
                remedy=f"say which:  {' or '.join(one.prefix for one in alike)}",
            )
        raise UsageError(
            f"the app has no version {name}", where=f"{self._found()} in {self.app}", remedy=self._hint(name)
        )

    def only(self, version: Version) -> Inventory:
        """The inventory narrowed to one version and what was said about it."""
        return replace(
            self,
            versions=(version,),
            unversioned=(),
            skipped=(),
            warnings=tuple(one for one in self.warnings if one.version == version.name),
        )

    def _found(self) -> str:
        if not self.versions:
            return "found none"
        first, *others = self.versions
        counts = [f"{one.name} ({len(one.routes)})" for one in others]
        return f"found {', '.join([f'{first.name} ({len(first.routes)} operations)', *counts])}"

    def _hint(self, name: str) -> str:
        close = difflib.get_close_matches(name, [one.name for one in self.versions], n=1, cutoff=0.8)
        meant = f"did you mean {close[0]}?  " if close else ""
        return f"{meant}see  apiver inspect"


# v1, v1.1, v1_3, v2beta1; a calendar date; and a bare number, which only counts below an API's root.
_MARKED = re.compile(r"v\d+(?:[._]\d+)*(?:[-._]?(?:alpha|beta|rc|a|b)\d*)?", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_BARE = re.compile(r"\d+(?:\.\d+)*")
_API_LIKE = re.compile(r"(?:.*[-_.])?(?:apis?|rest|rpc|services?|ws)(?:[-_.].*)?", re.IGNORECASE)


def version_prefix(path: str) -> tuple[str, str] | None:
    """The base path and the version label of a path template, or None where no segment is a version.

    `/api/v1/books` gives `("/api", "v1")`. The first segment that is a version decides.
    """
    segments = path.split("/")[1:]
    for position, segment in enumerate(segments):
        if _MARKED.fullmatch(segment) or _DATE.fullmatch(segment) or _is_bare(segments, position):
            return "".join(f"/{one}" for one in segments[:position]), segment
    return None


def _is_bare(segments: list[str], position: int) -> bool:
    if not _BARE.fullmatch(segments[position]):
        return False
    return position == 0 or bool(_API_LIKE.fullmatch(segments[position - 1]))


_STAGES = {"alpha": 0, "a": 0, "beta": 1, "b": 1, "rc": 2}
_RELEASED = 3


def natural_order(label: str) -> tuple[tuple[int, ...], int, int]:
    """A key that sorts labels as people count: v1 < v1.1 < v2beta1 < v2 < v10 < 2024-10-01."""
    numbers = re.match(r"v?(\d+(?:[._-]\d+)*)", label, re.IGNORECASE)
    stage = re.search(r"(alpha|beta|rc|a|b)(\d*)$", label, re.IGNORECASE)
    return (
        tuple(int(part) for part in re.split(r"[._-]", numbers[1])) if numbers else (),
        _STAGES[stage[1].lower()] if stage else _RELEASED,
        int(stage[2] or 0) if stage else 0,
    )


def group(routes: Iterable[Route]) -> tuple[tuple[Version, ...], tuple[Route, ...]]:
    """The versions that routes serve, in natural order within each base path, and the routes of none.

    Where no route names a version at all the app is its own first version: `v1` with an empty prefix.
    """
    versioned: dict[tuple[str, str], list[Route]] = {}
    unversioned = []
    for route in routes:
        found = version_prefix(route.path)
        if found is None:
            unversioned.append(route)
        else:
            versioned.setdefault(found, []).append(route)
    if not versioned:
        implicit = Version("v1", "v1", "", "", "implicit: no URL names a version", tuple(unversioned))
        return ((implicit,) if unversioned else ()), ()
    labels = [label for _, label in versioned]
    ordered = sorted(versioned, key=lambda found: (found[0], natural_order(found[1]), found[1]))
    return tuple(_version(base, label, versioned[base, label], labels) for base, label in ordered), tuple(
        unversioned
    )


def _version(base: str, label: str, routes: list[Route], labels: list[str]) -> Version:
    prefix = f"{base}/{label}"
    name = label if labels.count(label) == 1 else prefix
    return Version(name, label, base, prefix, f"url segment {prefix}", tuple(routes))
