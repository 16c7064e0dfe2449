"""A changelog as one page of HTML, in the dress of the page of a comparison."""

from __future__ import annotations

from apiver.report.changelog.release import Release
from apiver.report.html.rendering import rendered
from apiver.report.text import counted


def html(release: Release) -> str:
    """The changelog as one file that loads nothing and has no script."""
    foot = f"{counted(release.unread, 'part')} of the contracts could not be compared in full. "
    return rendered("changelog.html", release=release, foot=foot if release.unread else "")
