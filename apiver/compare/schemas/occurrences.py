"""`contains`: how many elements of an array satisfy a schema, on one side and on the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from apiver.compare.change import ABSENT
from apiver.compare.schemas.branches import Arrays, Fact, Occurrence, join
from apiver.compare.schemas.gaps import Gap, Point, point, present
from apiver.compare.schemas.samples import Sampler
from apiver.compare.sides.space import Conjunction

Strays = Callable[[Conjunction, Conjunction], "Iterator[Any] | None"]
"""Values of the first schemas that may be outside the second ones; None where provably there are none."""

_MANY = 64  # elements that are counted one by one


def occurrence_gaps(
    strays: Strays, sampler: Sampler, inner: Arrays, outer: Arrays, here: Point
) -> Iterator[Gap]:
    """The occurrences that `outer` demands or limits and `inner` does not imply (2020-12, 6.4.4, 6.4.5)."""
    for wanted in outer.contains:
        alike = [each for each in inner.contains if strays(each.schema, wanted.schema) is None]
        if wanted.least.value > 0 and not _enough(strays, inner, alike, wanted):
            fewer = next((each.least for each in alike), None)
            kind = "contains" if fewer is None else "min-contains"
            there = (
                Point(wanted.pointer, wanted.schema[0].raw) if fewer is None else point(wanted.least, here)
            )
            values = _rejected(sampler, outer, _with_too_few(strays, sampler, inner, wanted))
            before = here if fewer is None else point(fewer, here)
            if fewer is None and inner.contains:
                before = Point(inner.contains[0].pointer, inner.contains[0].schema[0].raw)
            yield Gap(kind, before, there, values)
        if wanted.most is not None and not _few(strays, sampler, inner, wanted, wanted.most):
            more = next((each.most for each in inner.contains if each.most is not None), None)
            values = _rejected(sampler, outer, _with_too_many(sampler, inner, wanted, wanted.most))
            yield Gap("max-contains", point(more, here), point(wanted.most, here), values)


def _enough(strays: Strays, inner: Arrays, alike: list[Occurrence], wanted: Occurrence) -> bool:
    """Whether every array of the inner branch has as many such elements as are wanted."""
    least = wanted.least.value
    if any(each.least.value >= least for each in alike):
        return True
    sure = math.ceil(inner.min_items.value) if inner.min_items is not None else 0
    width = len(inner.prefix)
    count = sum(strays(inner.item(index), wanted.schema) is None for index in range(min(sure, width, _MANY)))
    if sure > width and count < least and strays(inner.items, wanted.schema) is None:
        count += sure - width
    return bool(count >= least)


def _few(strays: Strays, sampler: Sampler, inner: Arrays, wanted: Occurrence, most: Fact) -> bool:
    """Whether no array of the inner branch has more such elements than are allowed."""
    if inner.max_items is not None and inner.max_items.value <= most.value:
        return True
    limits = [each for each in inner.contains if each.most is not None and each.most.value <= most.value]
    if any(strays(wanted.schema, each.schema) is None for each in limits):
        return True
    width = len(inner.prefix)
    possible = sum(not sampler.normalizer.vacancy.vacant(join(item, wanted.schema)) for item in inner.prefix)
    endless = inner.max_items is None or inner.max_items.value > width
    if endless and not sampler.normalizer.vacancy.vacant(join(inner.items, wanted.schema)):
        return False
    return bool(possible <= most.value)


def _with_too_few(strays: Strays, sampler: Sampler, inner: Arrays, wanted: Occurrence) -> Iterator[Any]:
    """Arrays of the inner branch in which the wanted elements may be missing: short ones, and with strays."""
    for count in (0, 1, 2):
        yield from present(sampler.array(inner, {}, count=count))
    width = len(inner.prefix)
    for each in inner.contains:
        for value in strays(each.schema, wanted.schema) or ():
            given = {width + index: value for index in range(math.ceil(each.least.value))}
            yield from present(sampler.array(inner, given))
    for value in strays(inner.items, wanted.schema) or ():
        yield from present(sampler.array(inner, {width: value}))


def _with_too_many(sampler: Sampler, inner: Arrays, wanted: Occurrence, most: Fact) -> Iterator[Any]:
    """Arrays of the inner branch with one such element more than is allowed."""
    count = math.floor(most.value) + 1
    if count > _MANY:
        return
    for start in dict.fromkeys((len(inner.prefix), 0)):
        given: dict[int, Any] = {}
        for index in range(start, start + count):
            some = sampler.samples(join(inner.item(index), wanted.schema))
            taken = list(given.values())
            value = next((each for each in some if not inner.unique or each not in taken), ABSENT)
            if value is ABSENT:
                break
            given[index] = value
        if len(given) == count:
            yield from present(sampler.array(inner, given))


def _rejected(sampler: Sampler, outer: Arrays, values: Iterator[Any]) -> Iterator[Any]:
    return (value for value in values if sampler.belongs(outer, value) is False)
