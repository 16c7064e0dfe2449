"""A changelog for a terminal."""

from __future__ import annotations

from apiver.report.changelog.release import Group, Release
from apiver.report.page import Page
from apiver.report.text import counted, reached

_STYLES = {"new": "bold green", "changed": "bold yellow", "deprecated": "bold magenta", "gone": "bold red"}


def text(release: Release, *, width: int | None = None, color: bool = False) -> str:
    """The changelog as text of that many columns, None wraps nothing."""
    page = Page(width, color)
    date = f"  ({release.date})" if release.date else ""
    page.line((f"{release.title}  {release.old} -> {release.new}".strip() + date, "bold"))
    page.line((release.summary, ""))
    for section in release.sections:
        page.line()
        page.line((section.title.upper(), _STYLES.get(section.kind, "bold")))
        for group in section.groups:
            _group(page, group)
    if release.unread:
        page.line()
        page.hanging(f"{counted(release.unread, 'part')} of the contracts could not be compared in full.", 0)
    return page.written()


def _group(page: Page, group: Group) -> None:
    page.line()
    name = reached(tuple(group.operations), 3)
    page.line((name, "bold"), (f"  {group.about}" if group.about else "", ""))
    for entry in group.told:
        page.hanging(entry.text, 2)
        page.labelled("->", entry.move, 3)
