"""A changelog as Markdown, for a release page or a file that grows."""

from __future__ import annotations

from collections.abc import Iterator

from apiver.report.changelog.release import Group, Release
from apiver.report.markdown import code, escaped
from apiver.report.text import counted

_FEW = 3


def markdown(release: Release) -> str:
    """The changelog as GitHub-flavoured Markdown in which nothing of a contract acts."""
    date = f" ({release.date})" if release.date else ""
    title = f"{escaped(release.title)} {escaped(release.old)} → {escaped(release.new)}".strip()
    lines = [f"## {title}{date}", "", f"**{escaped(release.summary)}**"]
    for section in release.sections:
        lines += ["", f"### {section.title}", ""]
        for group in section.groups:
            lines += _group(group)
    if release.unread:
        lines += ["", f"{counted(release.unread, 'part')} of the contracts could not be compared in full."]
    return "\n".join(lines) + "\n"


def _group(group: Group) -> Iterator[str]:
    about = f": {escaped(group.about)}" if group.about else ""
    yield f"- {_reached(group)}{about}"
    for entry in group.told:
        yield f"  - {escaped(entry.text)}" + (f" → **{escaped(entry.move)}**" if entry.move else "")


def _reached(group: Group) -> str:
    if not group.operations:
        return "the whole API"
    rest = len(group.operations) - _FEW
    few = ", ".join(code(str(operation)) for operation in group.operations[:_FEW])
    return f"{few} and {rest} more" if rest > 0 else few
