"""Facts of scalars: bounds, steps, lengths, patterns, formats that one branch does not imply of another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain

from apiver.compare.schemas.branches import (
    ASSERTED_FORMATS,
    Bound,
    Fact,
    Numbers,
    Strings,
    above,
    below,
    conforms,
    is_integral,
    is_multiple,
    satisfies,
)
from apiver.compare.schemas.gaps import UNSHOWN, Gap, Point, point
from apiver.compare.schemas.languages import UndecidedError, example_of
from apiver.compare.schemas.patterns import compiled, is_bounded, matches
from apiver.compare.schemas.samples import Sampler

_BEYOND_64_BITS = "only integers beyond 64 bits can show it"
_EVERYTHING = frozenset({"", ".*", "^.*$", "^", "$", ".*$", "^.*"})


def number_gaps(sampler: Sampler, inner: Numbers, outer: Numbers, here: Point) -> Iterator[Gap]:
    """The bounds, the integrality and the multiples of `outer` that `inner` does not imply."""
    whole = inner.integer is not None or any(is_integral(fact.value) for fact in inner.multiples)
    for kind, mine, theirs in (("min", inner.lower, outer.lower), ("max", inner.upper, outer.upper)):
        sign = -1 if kind == "min" else 1
        if theirs is None or (mine is not None and _implies(mine, theirs, sign, whole)):
            continue
        before = Point(mine.pointer, mine.value) if mine is not None else here
        keyword = theirs.pointer.rpartition("/")[2]
        name = "format" if keyword == "format" else f"exclusive-{kind}" if "exclusive" in keyword else kind
        there, aside = Point(theirs.pointer, theirs.value), ""
        if name == "format":
            wide = abs(theirs.value) > 2**32
            there = Point(theirs.pointer, "int64" if wide else "int32")
            before = (
                Point(mine.pointer, "int64")
                if mine is not None and mine.pointer.endswith("/format")
                else here
            )
            aside = _BEYOND_64_BITS if wide and mine is None else ""
        yield Gap(name, before, there, _beyond(inner, mine, theirs, sign), aside=aside)
    if outer.integer is not None and not whole:
        some = chain((0.5, 1.5), sampler.of_branch(inner), _halves(inner))
        broken = (value for value in some if not is_integral(value) and satisfies(inner, value))
        yield Gap("type", Point(here.pointer, "number"), Point(outer.integer.pointer, "integer"), broken)
    steps = [fact.value for fact in inner.multiples] + ([1] if inner.integer else [])
    for fact in outer.multiples:
        if not any(is_multiple(step, fact.value) for step in (*steps, *_common_step(steps))):
            before = point(inner.multiples[0] if inner.multiples else None, here)
            yield Gap("multiple-of", before, point(fact, here), _between_steps(sampler, inner, fact, steps))


def _common_step(steps: list[int | float]) -> Iterator[Fraction]:
    """The step of the numbers that are multiples of all the steps: their least common multiple."""
    try:
        exact = [abs(Fraction(str(step))) for step in steps]
    except ValueError:
        return
    if len(exact) > 1 and all(exact):
        # of fractions in lowest terms: that of the numerators over what the denominators share
        yield Fraction(
            math.lcm(*(each.numerator for each in exact)), math.gcd(*(each.denominator for each in exact))
        )


def _beyond(inner: Numbers, mine: Bound | None, theirs: Bound, sign: int) -> Iterator[int | float]:
    """Numbers of the inner branch just outside the outer bound."""
    near = [theirs.value + sign * distance for distance in (0, 1, 0.5, 10)]
    near += [math.floor(mine.value), math.ceil(mine.value)] if mine is not None else []
    for step in (abs(fact.value) for fact in inner.multiples):
        near += [math.floor(theirs.value / step + sign * extra) * step for extra in (0, 1, 2)]
    holds = below if sign > 0 else above
    for value in near:
        if satisfies(inner, value) and not holds(value, theirs):
            yield value


def _between_steps(
    sampler: Sampler, inner: Numbers, fact: Fact, steps: list[int | float]
) -> Iterator[int | float]:
    """Numbers of the inner branch that are no multiples of the fact's value."""
    some = chain(sampler.of_branch(inner), (step * count for step in steps or [1] for count in range(1, 4)))
    return (value for value in some if satisfies(inner, value) and not is_multiple(value, fact.value))


def _implies(mine: Bound, theirs: Bound, sign: int, whole: bool) -> bool:
    """Whether the bound is at least as strong; for integers an exclusive bound is the next whole number."""
    if whole:
        near, far = (_whole(bound, sign) for bound in (mine, theirs))
        return (near - far) * sign <= 0
    if mine.value == theirs.value:
        return mine.exclusive or not theirs.exclusive
    return (mine.value - theirs.value) * sign < 0


def _whole(bound: Bound, sign: int) -> int:
    if bound.exclusive and is_integral(bound.value):
        return int(bound.value) - sign
    return math.floor(bound.value) if sign > 0 else math.ceil(bound.value)


def _halves(branch: Numbers) -> Iterator[float]:
    for bound in (branch.lower, branch.upper):
        if bound is not None:
            yield from (bound.value + 0.5, bound.value - 0.5)


def string_gaps(sampler: Sampler, inner: Strings, outer: Strings, here: Point) -> Iterator[Gap]:
    """The lengths, the patterns and the formats of `outer` that `inner` does not imply."""
    least, most = inner.min_length, inner.max_length
    if outer.min_length is not None and (least is None or least.value < outer.min_length.value):
        shorter = replace(inner, max_length=Fact(outer.min_length.value - 1, ""))
        yield from _length_gap(
            sampler, "min-length", point(least, here), point(outer.min_length, here), shorter
        )
    if outer.max_length is not None and (most is None or most.value > outer.max_length.value):
        longer = replace(inner, min_length=Fact(outer.max_length.value + 1, ""))
        yield from _length_gap(
            sampler, "max-length", point(most, here), point(outer.max_length, here), longer
        )
    known = {fact.value for fact in inner.patterns} | _EVERYTHING
    for fact in outer.patterns:
        if fact.value not in known:
            yield from _pattern_gap(sampler, inner, fact, here)
    formats = {fact.value for fact in inner.formats}
    for fact in outer.formats:
        if fact.value not in formats:
            before = point(inner.formats[0] if inner.formats else None, here)
            reason = f"format {fact.value!r} is a note that validators need not check"
            if fact.value in ASSERTED_FORMATS:
                reason = "whether one format implies the other was not decided"
            yield Gap("format", before, point(fact, here), _unformed(sampler, inner, fact.value), reason)


def _length_gap(sampler: Sampler, kind: str, before: Point, there: Point, beyond: Strings) -> Iterator[Gap]:
    """A gap of lengths, unless the patterns of the inner branch have no text of those `beyond` the bound."""
    reason, some = UNSHOWN, sampler.of_branch(beyond)
    if beyond.patterns:
        try:
            text = example_of(beyond)
        except UndecidedError as error:
            reason = str(error)
        else:
            if text is None:
                return
            some = chain(some, (text,) if satisfies(beyond, text) else ())
    yield Gap(kind, before, there, some, reason)


def _pattern_gap(sampler: Sampler, inner: Strings, fact: Fact, here: Point) -> Iterator[Gap]:
    """A gap of patterns, unless every text of the inner branch is one in which the pattern is found."""
    reason = "whether one pattern implies the other was not decided"
    some = _unmatched(sampler, inner, fact.value)
    try:
        text = example_of(inner, without=fact.value)
    except UndecidedError as error:
        reason = f"{reason}: {error}"
    else:
        if text is None:
            return
        some = chain(some, (text,) if satisfies(inner, text) else ())
    yield Gap(
        "pattern", point(inner.patterns[0] if inner.patterns else None, here), point(fact, here), some, reason
    )


def _unmatched(sampler: Sampler, inner: Strings, pattern: str) -> Iterator[str]:
    if compiled(pattern) is not None:
        texts = (text for text in sampler.of_branch(inner) if is_bounded(pattern, text))
        yield from (text for text in texts if not matches(pattern, text))


def _unformed(sampler: Sampler, inner: Strings, name: str) -> Iterator[str]:
    return (text for text in sampler.of_branch(inner) if not conforms(text, name))
