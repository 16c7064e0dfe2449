"""What a changelog says: the changes from one version to the next, sorted by what they are to a client."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from apiver.compare.change import Change, Comparison, Effect, OperationRef, SideSummary
from apiver.report.changelog.moves import move
from apiver.report.shown import shown
from apiver.report.text import counted

Kind = Literal["new", "changed", "deprecated", "gone", "documentation"]
KINDS: dict[Kind, str] = {
    "new": "New",
    "changed": "Changed",
    "deprecated": "Deprecated",
    "gone": "Gone",
    "documentation": "Documentation",
}

# What only those who publish the contract have to know: names of their own, numbers, dates that do not fit.
_INTERNAL = re.compile(
    "^(api-operation-id|api-tag|api-schema|api-version|api-major|unused)-|-(parse|missing|invalid|too-small)$"
)
_PARTS = "(parameter|property|header|status|media-type|body|webhook|callback|server)"
_SECTIONS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("documentation", re.compile("^documentation-changed$")),
    ("gone", re.compile(f"^api-removed-|{_PARTS}-removed")),
    ("deprecated", re.compile("deprecated|sunset")),
    ("changed", re.compile("^new-required|-added-required$")),
    ("new", re.compile(f"^endpoint-added$|^new-|{_PARTS}-added")),
)
_WHOLE = re.compile("^(endpoint-added$|api-removed-)")


class Entry(NamedTuple):
    """One change: what happened, and what a client does about it. `whole` says that it came or went as a
    whole, which the section's title says already."""

    change: Change
    text: str
    move: str
    whole: bool


class Group(NamedTuple):
    """The entries of the same operations; none are those of the whole API."""

    operations: Sequence[OperationRef]
    about: str
    entries: Sequence[Entry]

    @property
    def told(self) -> list[Entry]:
        """The entries that say more than the title of the section."""
        return [entry for entry in self.entries if entry.move or not entry.whole]


class Section(NamedTuple):
    """What is new, say, by operation."""

    kind: Kind
    title: str
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True)
class Release:
    """A whole changelog. `date` is empty unless it was given; `todo` counts the changes that need a client's
    attention, and `unread` the parts of which nothing is said."""

    title: str
    old: str
    new: str
    date: str
    sections: Sequence[Section] = field(default=())
    todo: int = 0
    unread: int = 0

    @property
    def summary(self) -> str:
        """The changelog in a sentence: whether a client may move without a change."""
        if not self.sections:
            return f"Nothing that clients notice changed from {self.old} to {self.new}."
        if not self.todo:
            return f"Clients of {self.old} need no change to use {self.new}."
        verb = "needs" if self.todo == 1 else "need"
        return (
            f"{counted(self.todo, 'change')} {verb} attention before a client of {self.old} uses {self.new}."
        )


def release(
    comparison: Comparison, *, date: str = "", about: Mapping[OperationRef, str] | None = None
) -> Release:
    """The changelog of a comparison. `about` says what the operations of the new contract are for."""
    old, new = _names(comparison.old, comparison.new)
    told = [change for change in comparison.changes if not _INTERNAL.search(change.rule)]
    sections = []
    for kind, title in KINDS.items():
        entries = [change for change in told if _kind(change) == kind]
        if entries:
            sections.append(Section(kind, title, list(_groups(entries, about or {}))))
    return Release(
        title=shown(comparison.new.title or comparison.old.title),
        old=old,
        new=new,
        date=date,
        sections=sections,
        todo=sum(change.effect in (Effect.BREAKING, Effect.RISKY) for change in told),
        unread=len(comparison.not_compared),
    )


def _names(old: SideSummary, new: SideSummary) -> tuple[str, str]:
    """What the two versions call themselves, where that tells them apart; else what they were called here."""
    if old.version and new.version and old.version != new.version:
        return shown(old.version), shown(new.version)
    return shown(old.name), shown(new.name)


def _kind(change: Change) -> Kind:
    return next((kind for kind, pattern in _SECTIONS if pattern.search(change.rule)), "changed")


def _groups(changes: list[Change], about: Mapping[OperationRef, str]) -> Iterator[Group]:
    groups: dict[tuple[OperationRef, ...], list[Change]] = {}
    for change in sorted(changes, key=_by_operation):
        groups.setdefault(change.operations, []).append(change)
    for operations, group in groups.items():
        said = about.get(operations[0], "") if len(operations) == 1 else ""
        yield Group(operations, shown(said), [_entry(change) for change in group])


def _by_operation(change: Change) -> tuple[object, ...]:
    """Whole operations first, then by path, what needs attention before the rest."""
    where = [(each.path, each.method) for each in change.operations]
    return _WHOLE.search(change.rule) is None, where, list(Effect).index(change.effect)


def _entry(change: Change) -> Entry:
    return Entry(change, shown(change.title), move(change), _WHOLE.search(change.rule) is not None)
