"""Where declarations and code disagree, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apiver.reading.drift import Drift


def drift_text(found: Mapping[str, Sequence[Drift]]) -> str:
    """The drift of each version, by operation, with the line of code that disagrees."""
    lines: list[str] = []
    for version, drift in found.items():
        lines += ["", f"{version}: {_counted(drift)}"]
        for operation, entries in groupby(drift, key=lambda one: one.operation):
            lines += ["", f"  {operation}"]
            for one in entries:
                lines.append(f"    {one.part}: {one.message}  [{one.kind}]")
                if one.kind == "operation-not-served":  # there is no code of it
                    lines.append(f"      declared at {one.place or one.source}")
                    continue
                lines.append(f"      declared by {one.source}, code at {one.place or 'no line of its own'}")
    return "\n".join(lines[1:]) + "\n"


def _counted(drift: Sequence[Drift]) -> str:
    if not drift:
        return "what is declared and what the code does agree, as far as both were read"
    return f"{len(drift)} place{'s' if len(drift) > 1 else ''} where the declaration and the code disagree"


def drift_json(found: Mapping[str, Sequence[Drift]]) -> dict[str, Any]:
    """The same as plain values: a list of disagreements for each version."""
    return {
        version: [
            {
                "kind": one.kind,
                "operation": one.operation,
                "part": one.part,
                "message": one.message,
                "source": one.source,
                "file": one.place.file if one.place else None,
                "line": one.place.line if one.place else None,
            }
            for one in drift
        ]
        for version, drift in found.items()
    }
