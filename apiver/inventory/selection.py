"""What a request sends beside its path to get a version: a header, a media type, a query parameter."""

from __future__ import annotations

from dataclasses import dataclass

from apiver.manifest import Selector


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that a request sends to name its version.

    `location` is `accept`, `header` or `query`, `name` the header or parameter, `value` what it holds.
    """

    location: str
    name: str
    value: str

    def __str__(self) -> str:
        return (
            f"query {self.name}={self.value}" if self.location == "query" else f"{self._label}: {self.value}"
        )

    @property
    def _label(self) -> str:
        return self.name if self.location == "accept" else f"header {self.name}"


@dataclass(frozen=True, slots=True)
class Selection:
    """What selects one version.

    `sent` are the ways in the order in which the app looks for them; a contract tells of the first. `default`
    says that this version answers where nothing is sent. `everywhere` is false where the code was asked in
    place of the manifest: then only the views that look at it are selected by it.
    """

    sent: tuple[Sent, ...]
    default: bool = False
    everywhere: bool = True

    def __str__(self) -> str:
        return f"{self.sent[0]}{', or nothing' if self.default else ''}"


def selection_of(selector: Selector, label: str, *, everywhere: bool = True) -> Selection:
    """What selects the version `label` under a selector that has ways beside the path."""
    sent = tuple(Sent(way.location, way.name, way.spelled(label)) for way in selector.ways)
    return Selection(sent, label == selector.default, everywhere)
