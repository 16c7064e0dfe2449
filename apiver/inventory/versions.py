"""Routes grouped by the API version that they serve."""

from __future__ import annotations

from dataclasses import dataclass

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
    """Something about the URL map that its owner should know: `kind` is a stable slug."""

    kind: str
    message: str
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every route of an app: by version, without one, and what was left out, with the reasons."""

    app: str
    versions: tuple[Version, ...]
    unversioned: tuple[Route, ...]
    skipped: tuple[tuple[str, str], ...]
    warnings: tuple[Warning, ...]
