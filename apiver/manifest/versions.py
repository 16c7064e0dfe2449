"""The versions that the manifest names: `versions:`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from apiver.manifest.source import Part, kind

KEYS = (
    "status",
    "released",
    "deprecated",
    "sunset",
    "successor",
    "guide",
    "contract",
    "declared",
    "extends",
    "operations",
    "brownouts",
)
"""What may be said of a version. The rooms that need a key read it."""

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_READ_AS = {"float": "the number", "int": "the number", "timestamp": "the date", "bool": "the truth value"}


class DeclaredFile(NamedTuple):
    """The file in which a version's contract is declared.

    `name` is what the manifest calls it, `path` where it is, and `where` the place that says so.
    """

    name: str
    path: str
    where: str


@dataclass(frozen=True, slots=True)
class VersionSettings:
    """What the manifest says of one version.

    `label` is its name. `extends` is the label of the version that it is an overlay of: an operation that it
    does not have is that of the other. `where` is its place in the manifest. `declared` is the file that its
    owner keeps its contract in.
    """

    label: str
    extends: str | None = None
    where: str | None = None
    declared: DeclaredFile | None = None


def read_versions(part: Part) -> tuple[VersionSettings, ...]:
    """The versions written at `part`, in order; InputError with file:line:column for what cannot be meant."""
    if part.is_list:
        part.refuse(f"{part.path} must be a mapping, not a list", "write each as a key:  versions: {v1: {}}")
    entries = part.entries()
    found = tuple(_version(label, entry, part) for label, entry in entries.items())
    known = {version.label: version for version in found}
    for version in found:
        _refuse_circle(version, known, entries)
    return found


def _version(label: str, entry: Part, part: Part) -> VersionSettings:
    key = part.key(label)
    written = key.tag.rpartition(":")[2]
    if written != "str":
        read_as = f"{_READ_AS.get(written, written)} {part.source.loader.construct_object(key)}"
        part.source.refuse(
            key,
            f"the version {label} must be a string: YAML reads it as {read_as}",
            f'put it in quotes:  "{label}":',
        )
    if not _LABEL.fullmatch(label):
        part.source.refuse(
            key, f"{label!r} cannot be the name of a version", "letters, digits, dots, dashes and underscores"
        )
    extends = declared = None
    if not entry.is_null:
        if not entry.is_mapping:
            entry.refuse(f"{entry.path} must be a mapping, not {kind(entry)}", f"write  {label}: {{}}")
        said = entry.only(KEYS)
        if "extends" in said:
            extends = said["extends"].text()
        if "declared" in said:
            declared = _file(said["declared"])
    return VersionSettings(label, extends, part.source.place(key), declared)


def _file(part: Part) -> DeclaredFile:
    name = "" if part.is_null else part.text()
    if not name:
        part.refuse(f"{part.path} says nothing", "name the file of the contract:  declared: openapi/v1.yaml")
    path = Path(part.source.name).parent / name
    return DeclaredFile(name, str(path), part.source.place(part.node))


def _refuse_circle(
    version: VersionSettings, known: Mapping[str, VersionSettings], entries: Mapping[str, Part]
) -> None:
    chain = [version.label]
    while (below := known.get(chain[-1])) is not None and below.extends is not None:
        if below.extends in chain:
            entries[version.label].entries()["extends"].refuse(
                f"{version.label} extends itself: {' -> '.join([*chain, below.extends])}",
                "name an older version, or none",
            )
        chain.append(below.extends)
