"""Ways through a graph of outcomes: what is reached, by which edges, and how a value is carried back up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from apiver.compare.change import ABSENT
from apiver.compare.proofs.findings import Where
from apiver.compare.schemas.gaps import Gap
from apiver.compare.schemas.outcomes import Edge, Outcome
from apiver.compare.schemas.samples import Sampler


class Trail(NamedTuple):
    """How an outcome was reached: the edge, and the trail before it."""

    before: Trail | None
    edge: Edge | None

    def edges(self) -> list[Edge]:
        """From the root down."""
        found: list[Edge] = []
        step: Trail | None = self
        while step is not None:
            if step.edge is not None:
                found.append(step.edge)
            step = step.before
        return found[::-1]


def reached(root: Outcome) -> Iterator[tuple[Outcome, Trail]]:
    """Every outcome below the root of which may be told, nearest first, with the shortest way to it."""
    queue, seen = [(root, Trail(None, None))], {id(root)}
    for outcome, trail in queue:
        yield outcome, trail
        for edge in outcome.edges:
            if edge.is_told and id(edge.target) not in seen:
                seen.add(id(edge.target))
                queue.append((edge.target, Trail(trail, edge)))


def telling(root: Outcome) -> list[tuple[Outcome, Trail]]:
    """Every outcome below a root that has gaps or notes, nearest first; many operations ask for the same."""
    if root.telling is None:
        root.telling = [found for found in reached(root) if found[0].gaps or found[0].notes]
    return root.telling


def gaps(root: Outcome) -> Iterator[tuple[Gap, Trail]]:
    """Every gap below a root that is worked out, with the way to it."""
    for outcome, trail in telling(root):
        for gap in outcome.gaps:
            yield gap, trail


def path(trail: Trail) -> Where:
    return tuple(edge.step.key for edge in trail.edges())


def contests(gap: Gap, trail: Trail) -> tuple[Gap, ...]:
    """The unions on the way whose other alternatives may take the value."""
    found = [edge.contest for edge in trail.edges() if edge.contest is not None]
    return tuple(found + ([gap.contest] if gap.contest is not None else []))


def lifted(sampler: Sampler, trail: Trail, value: Any, *, full: bool = False) -> Any:
    """A small value of the schema at the top that has the value in its place; ABSENT where none was found.

    With `full` the objects on the way of which a union has others have all their members: that may tell the
    alternatives apart.
    """
    for edge in reversed(trail.edges()):
        if value is not ABSENT:
            value = edge.around(sampler, value, full=full and edge.contest is not None)
    return value
