"""The versions of an app, and everything else that its inventory holds."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace

from apiver.errors import UsageError
from apiver.inventory.routes import Route
from apiver.inventory.selection import Selection
from apiver.manifest import DeclaredFile


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one API.

    `label` is the version as the URL or the manifest spells it (`v1`, `1`, `v2.1`), `base` the path before it
    (`/api`), `prefix` both together (`/api/v1`), `how` the way in which it was recognised (`url segment
    /api/v1`, `header API-Version: v1`). `name` is what a command line calls it: the label, or the prefix
    where two APIs share the label. `selection` is what a request sends beside its path, where that names the
    version. `inherits` are the versions that this one is an overlay of, each with the routes that it takes
    from there. `declared` is the file in which the manifest says that its contract is declared.
    """

    name: str
    label: str
    base: str
    prefix: str
    how: str
    routes: tuple[Route, ...]
    selection: Selection | None = None
    inherits: tuple[Version, ...] = ()
    declared: DeclaredFile | None = None


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
        alike = alike or [one for one in self.versions if _number(one.label) == _number(name)]
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


def _number(label: str) -> str:
    """The label without its `v`: who asks for v2 of an app that has 1 and 2 means 2."""
    label = label.lower()
    return label[1:] if label[:1] == "v" and label[1:2].isdigit() else label
