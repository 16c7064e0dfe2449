"""Where declarations and code disagree, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apiver.reading.layering.drift import Drift

_SHOWN = 4  # operations of one cause


def drift_text(found: Mapping[str, Sequence[Drift]]) -> str:
    """The drift of each version by its cause: what the two say, the line of code, the operations reached."""
    from apiver.reading.traffic.filling import RECORDED

    lines: list[str] = []
    for version, drift in found.items():
        causes: dict[Any, list[str]] = {}
        for one in drift:
            cause = one.part, one.message, one.kind, one.source, one.place
            causes.setdefault(cause, []).append(one.operation)
        lines += ["", f"{version}: {_counted(len(causes), len({one.operation for one in drift}))}"]
        for (part, message, kind, source, place), operations in causes.items():
            lines += ["", f"  {part}: {message}  [{kind}]"]
            said = "seen in" if source == RECORDED else "declared by"
            lines.append(f"    {place or 'no line of its own'}  {said} {source}")
            lines += [f"      {operation}" for operation in operations[:_SHOWN]]
            if len(operations) > _SHOWN:
                lines.append(f"      and {len(operations) - _SHOWN} more")
    return "\n".join(lines[1:]) + "\n"


def _counted(causes: int, operations: int) -> str:
    if not causes:
        return "what is declared and what the code does agree, as far as both were read"
    disagreements = "1 disagreement" if causes == 1 else f"{causes} disagreements"
    reached = "1 operation" if operations == 1 else f"{operations} operations"
    return f"{disagreements} of declaration and code, in {reached}"


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
