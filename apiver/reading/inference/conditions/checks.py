"""Checks that were seen but not understood: what they speak of is constrained in a way nobody can tell."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from apiver.contract.document import Place
from apiver.reading.inference.frame import Frame, Read
from apiver.reading.inference.values.facts import OUTSIDE, PRESENT, UNREAD, Fact, Facts, Subject
from apiver.reading.inference.values.shapes import Asked, LengthOf, Listing, Record, Tuple, Value, options
from apiver.reading.inference.values.state import State

_DEPTH = 3


def note_check(node: ast.expr, frame: Frame, held: State, failed: State, reads: Iterable[Read]) -> None:
    """Remember on both ways out of a test that it was taken, if it taught nothing about what it speaks of.

    Where every success has taken the same way, the other way is a refusal: the part has a rule that could
    not be read. Where both ways lead to success the two facts cancel out.
    """
    if isinstance(node, ast.BoolOp) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        return  # its operands are looked at one by one
    mentioned = dict.fromkeys(_mentioned(node, frame))
    differing = held.facts ^ failed.facts
    changed = {subject for subject, exact in mentioned if not exact}
    changed.update(subject for subject, _ in mentioned if not _taught(subject, differing))
    changed.update(read.subject for read in reads if not _taught(read.subject, differing))
    place = frame.place(node)
    # `data["copies"] in ...` speaks of the copies, not of all the data.
    for subject in sorted(
        {one for one in changed if not any(other.below(one) for other in changed)}, key=str
    ):
        held.learn(Fact(subject, UNREAD, (_spelled(place), True)))
        failed.learn(Fact(subject, UNREAD, (_spelled(place), False)))


def _taught(subject: Subject, differing: Facts) -> bool:
    """Whether the two ways out of a test differ in what they know of a part, beyond that it was sent."""
    return any(
        fact.subject.below(subject) or (fact.subject == subject and fact.kind not in (PRESENT, OUTSIDE))
        for fact in differing
    )


def not_read(asked: Asked, frame: Frame, node: ast.AST) -> None:
    """Remember that what the client sent has to pass a rule here of which nothing can be said."""
    frame.state.learn(Fact(asked.subject, UNREAD, (_spelled(frame.place(node)), True)))


def _spelled(place: Place | None) -> str:
    return str(place) if place is not None else "the code"


def _mentioned(node: ast.expr, frame: Frame) -> Iterator[tuple[Subject, bool]]:
    """The parts of the request whose names stand in a test, and whether they are as they were sent."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in frame.state.names:
            yield from _subjects(frame.state.names[part.id], frame.state, _DEPTH)


def _subjects(value: Value, state: State, depth: int) -> Iterator[tuple[Subject, bool]]:
    for option in options(value):
        content = state.cell(option)
        if isinstance(content, Asked | LengthOf):
            yield content.subject, content.exact
        elif depth and isinstance(content, Record):
            for entry in content.fields.values():
                yield from _subjects(entry.value, state, depth - 1)
        elif depth and isinstance(content, Tuple):
            for item in content.items:
                yield from _subjects(item, state, depth - 1)
        elif depth and isinstance(content, Listing) and content.items is not None:
            yield from _subjects(content.items, state, depth - 1)
