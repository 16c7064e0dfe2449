"""A change in a few plain lines, for formats that hold one text for each finding."""

from __future__ import annotations

from collections.abc import Iterator

from apiver.compare.change import Change, Effect, Part
from apiver.report.advice import instead
from apiver.report.proof import proof
from apiver.report.shown import shown
from apiver.report.sides import Labels, standing

_ROOM = 300


def account(change: Change, names: Labels) -> Iterator[str]:
    """What there is to say of a change below its title: both sides, the proof, why, and what to do instead.

    Nothing in the lines is a control character, whatever the contracts hold.
    """
    for name, part in zip(names, (change.old, change.new), strict=True):
        stands = _stands(change, part)
        if stands:
            yield f"{name}: {stands}"
    if change.inferred:
        yield "rests on what was read from the code"
    for number, step in enumerate(proof(change, names, _ROOM)):
        yield f"{'' if number else 'proof: '}{step.message}"
        yield f"  {step.verdict}"
    if change.reason:
        yield f"why: {shown(change.reason)}"
    if change.effect is Effect.BREAKING and instead(change):
        yield f"instead: {instead(change)}"
    for number, said in enumerate(change.steps, 1):
        yield f"step {number}: {shown(said)}"


def _stands(change: Change, part: Part) -> str:
    place = shown(str(part.place)) if part.place else ""
    return "  ".join(said for said in (place, standing(change, part, _ROOM)) if said)
