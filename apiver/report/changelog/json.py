"""A changelog for programs, such as the one that writes a developer portal."""

from __future__ import annotations

from apiver.report.changelog.release import Release
from apiver.report.json import FORMAT, json_text


def json(release: Release) -> str:
    """The changelog as one JSON object, as `changelog.schema.json` beside this module describes it."""
    return json_text(
        {
            "apiver": FORMAT,
            "title": release.title,
            "old": release.old,
            "new": release.new,
            "date": release.date or None,
            "summary": release.summary,
            "sections": [
                {
                    "kind": section.kind,
                    "entries": [
                        {
                            "operations": [
                                {"method": each.method, "path": each.path} for each in group.operations
                            ],
                            "about": group.about,
                            "text": entry.text,
                            "move": entry.move or None,
                            "effect": entry.change.effect.value,
                            "rule": entry.change.rule,
                            "fingerprint": entry.change.fingerprint,
                        }
                        for group in section.groups
                        for entry in group.entries
                    ],
                }
                for section in release.sections
            ],
            "not_compared": release.unread,
        }
    )
