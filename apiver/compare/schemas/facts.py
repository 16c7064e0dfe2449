"""One branch against another of the same type: which facts of the outer one the inner one does not imply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from apiver.compare.schemas.branches import (
    Arrays,
    Branch,
    Numbers,
    Objects,
    Strings,
    among,
    integers_between,
    satisfies,
)
from apiver.compare.schemas.gaps import Gap, Point
from apiver.compare.schemas.samples import Sampler
from apiver.compare.schemas.scalars import number_gaps, string_gaps
from apiver.compare.schemas.structures import array_gaps, object_gaps

_ENUMERABLE = 64


def gaps_between(sampler: Sampler, inner: Branch, outer: Branch, here: Point, there: Point) -> Iterator[Gap]:
    """The facts of `outer` that `inner` does not imply, each with candidates from its own boundary."""
    listed = _finite(inner)
    if listed is not None:
        yield from _listed_gaps(sampler, inner, outer, listed, here, there)
    elif outer.values is not None:
        unlisted = outer.values.value
        values = (value for value in sampler.of_branch(inner) if not among(value, unlisted))
        yield _of_values(here, Point(outer.values.pointer, outer.values.value), values)
    else:
        yield from _fact_gaps(sampler, inner, outer, here)


def _fact_gaps(sampler: Sampler, inner: Branch, outer: Branch, here: Point) -> Iterator[Gap]:
    if isinstance(inner, Numbers) and isinstance(outer, Numbers):
        yield from number_gaps(sampler, inner, outer, here)
    elif isinstance(inner, Strings) and isinstance(outer, Strings):
        yield from string_gaps(sampler, inner, outer, here)
    elif isinstance(inner, Arrays) and isinstance(outer, Arrays):
        yield from array_gaps(sampler, inner, outer, here)
    elif isinstance(inner, Objects) and isinstance(outer, Objects):
        yield from object_gaps(sampler, inner, outer, here)


def _finite(branch: Branch) -> list[Any] | None:
    """All values of the branch where they are few."""
    if branch.values is not None:
        return list(branch.values.value)
    if branch.type == "boolean":
        return [True, False]
    if branch.type == "null":
        return [None]
    if isinstance(branch, Numbers) and branch.integer and branch.lower and branch.upper:
        span = integers_between(branch)
        if span.stop - span.start <= _ENUMERABLE:
            return [value for value in span if satisfies(branch, value)]
    return None


def _listed_gaps(
    sampler: Sampler, inner: Branch, outer: Branch, listed: list[Any], here: Point, there: Point
) -> Iterator[Gap]:
    verdicts = [(value, sampler.belongs(outer, value)) for value in listed]
    lost = [value for value, verdict in verdicts if verdict is False]
    before = here if inner.values is None else Point(inner.values.pointer, inner.values.value)
    if lost and outer.values is not None:
        yield _of_values(before, Point(outer.values.pointer, outer.values.value), lost)
    elif lost:
        facts = (
            _fact_gaps(sampler, inner, outer, before) if isinstance(outer, Numbers | Strings) else iter(())
        )
        yield next(facts, Gap("enum", before, there)).narrowed_to(lost)
    elif any(verdict is None for _, verdict in verdicts) and not outer.doubts:
        yield Gap("enum", before, there, (), "whether each listed value is accepted was not decided")


def _of_values(before: Point, there: Point, values: Iterable[Any]) -> Gap:
    """A gap of listed values; those of a tag stand in the discriminator of the union around."""
    return Gap("enum", _as_written(before), _as_written(there), values)


def _as_written(point: Point) -> Point:
    union, within, _ = point.pointer.partition("/discriminator/")
    return Point(f"{union}/discriminator", point.value) if within else point
