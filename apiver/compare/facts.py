"""One branch against another of the same type: which facts leave a gap, which parts come next."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any, NamedTuple

from apiver.compare.branches import (
    ASSERTED_FORMATS,
    Arrays,
    Bound,
    Branch,
    Fact,
    Numbers,
    Objects,
    Strings,
    above,
    among,
    below,
    conforms,
    integers_between,
    is_integral,
    is_multiple,
    matches,
    satisfies,
)
from apiver.compare.change import ABSENT
from apiver.compare.patterns import example
from apiver.compare.samples import Sampler
from apiver.compare.space import Conjunction, compiled

_FEW = 3
_EVERYTHING = frozenset({"", ".*", "^.*$", "^", "$", ".*$", "^.*"})
_UNEVALUATED = "unevaluatedProperties"


class Point(NamedTuple):
    """A place in one of the two documents and what stands there."""

    pointer: str
    value: Any


class Step(NamedTuple):
    """One step down into a value: the `member` of that name or the `item` at that index."""

    into: str
    key: Any


class Note(NamedTuple):
    """Something that changes behaviour, not acceptance: a default, a member that one side alone names."""

    kind: str
    name: str
    inner: Point
    outer: Point


@dataclass(slots=True, eq=False)
class Gap:
    """Why the inner schema may not be within the outer one, with values that may show it.

    `kind` names the fact, `name` the member where it is about one. `reason` is set where no candidate is
    known. `undeclared` gaps need a member that the sender's contract does not declare.
    A `fallback` stands for a whole union: it is reported if nothing below it was confirmed.
    """

    kind: str
    inner: Point
    outer: Point
    candidates: tuple[Any, ...]
    name: str | None = None
    reason: str | None = None
    undeclared: bool = False
    fallback: bool = False
    contest: Gap | None = None
    confirmed: bool = False

    @property
    def counts(self) -> bool:
        """Whether the gap stands against containment in the declared world."""
        return not self.undeclared


def gaps_between(sampler: Sampler, inner: Branch, outer: Branch, here: Point, there: Point) -> Iterator[Gap]:
    """The facts of `outer` that `inner` does not imply, each with candidates from its own boundary."""
    listed = _finite(inner)
    if listed is not None:
        yield from _listed_gaps(sampler, inner, outer, Fact(listed, here.pointer), here, there)
        return
    if outer.values is not None:
        values = tuple(
            islice((v for v in sampler.of_branch(inner) if not among(v, outer.values.value)), _FEW)
        )
        yield Gap("enum", here, Point(outer.values.pointer, outer.values.value), values)
        return
    yield from _fact_gaps(sampler, inner, outer, here, there)


def _fact_gaps(sampler: Sampler, inner: Branch, outer: Branch, here: Point, there: Point) -> Iterator[Gap]:
    if isinstance(inner, Numbers) and isinstance(outer, Numbers):
        yield from _number_gaps(sampler, inner, outer, here)
    elif isinstance(inner, Strings) and isinstance(outer, Strings):
        yield from _string_gaps(sampler, inner, outer, here)
    elif isinstance(inner, Arrays) and isinstance(outer, Arrays):
        yield from _array_gaps(sampler, inner, outer, here)
    elif isinstance(inner, Objects) and isinstance(outer, Objects):
        yield from _object_gaps(sampler, inner, outer, here, there)


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
        if span.stop - span.start <= 64:
            return [value for value in span if satisfies(branch, value)]
    return None


def _listed_gaps(
    sampler: Sampler, inner: Branch, outer: Branch, listed: Fact, here: Point, there: Point
) -> Iterator[Gap]:
    verdicts = [(value, sampler.belongs(outer, value)) for value in listed.value]
    lost = tuple(value for value, verdict in verdicts if verdict is False)
    pointer = inner.values.pointer if inner.values is not None else here.pointer
    before = Point(pointer, listed.value if inner.values is not None else ABSENT)
    if lost and outer.values is not None:
        yield Gap("enum", before, Point(outer.values.pointer, outer.values.value), lost)
    elif lost:
        named = [replace(gap, candidates=lost) for gap in _fact_gaps(sampler, inner, outer, before, there)]
        yield from named[:1] or [Gap("enum", before, there, lost)]
    elif any(verdict is None for _, verdict in verdicts) and not outer.doubts:
        yield Gap("enum", before, there, (), reason="whether each listed value is accepted was not decided")


def _number_gaps(sampler: Sampler, inner: Numbers, outer: Numbers, here: Point) -> Iterator[Gap]:
    whole = inner.integer is not None or any(is_integral(fact.value) for fact in inner.multiples)
    for kind, mine, theirs, holds, sign in (
        ("min", inner.lower, outer.lower, above, -1),
        ("max", inner.upper, outer.upper, below, 1),
    ):
        if theirs is None or (mine is not None and _implies(mine, theirs, sign, whole)):
            continue
        near = [theirs.value + sign * step for step in (0, 1, 0.5, 10)]
        near += [math.floor(mine.value), math.ceil(mine.value)] if mine is not None else []
        steps = [abs(fact.value) for fact in inner.multiples]
        near += [
            math.floor(theirs.value / step + sign * extra) * step for step in steps for extra in (0, 1, 2)
        ]
        if theirs.pointer.endswith("/format"):
            near = [value for value in near if isinstance(value, int)]
        values = _few(value for value in near if satisfies(inner, value) and not holds(value, theirs))
        before = Point(mine.pointer, mine.value) if mine is not None else here
        name = "format" if theirs.pointer.endswith("/format") else kind
        name = f"exclusive-{kind}" if "exclusive" in theirs.pointer.rpartition("/")[2] else name
        yield _gap(name, before, Point(theirs.pointer, theirs.value), values)
    if outer.integer is not None and not whole:
        values = _few(
            v for v in chain((0.5, 1.5), sampler.of_branch(inner), _halves(inner)) if not is_integral(v)
        )
        values = tuple(value for value in values if satisfies(inner, value))
        yield _gap("type", Point(here.pointer, "number"), Point(outer.integer.pointer, "integer"), values)
    mine_steps = [fact.value for fact in inner.multiples] + ([1] if inner.integer else [])
    for fact in outer.multiples:
        if not any(is_multiple(step, fact.value) for step in mine_steps):
            some = chain(
                sampler.of_branch(inner), (step * n for step in mine_steps or [1] for n in range(1, 4))
            )
            values = _few(v for v in some if satisfies(inner, v) and not is_multiple(v, fact.value))
            before = Point(inner.multiples[0].pointer, inner.multiples[0].value) if inner.multiples else here
            yield _gap("multiple-of", before, Point(fact.pointer, fact.value), values)


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


def _string_gaps(sampler: Sampler, inner: Strings, outer: Strings, here: Point) -> Iterator[Gap]:
    least, most = inner.min_length, inner.max_length
    if outer.min_length is not None and (least is None or least.value < outer.min_length.value):
        shorter = replace(inner, max_length=Fact(outer.min_length.value - 1, ""))
        before = Point(*reversed(least)) if least is not None else here
        yield _gap("min-length", before, _point(outer.min_length), _few(sampler.of_branch(shorter)))
    if outer.max_length is not None and (most is None or most.value > outer.max_length.value):
        longer = replace(inner, min_length=Fact(outer.max_length.value + 1, ""))
        yield _gap(
            "max-length", _point(most, here), _point(outer.max_length), _few(sampler.of_branch(longer))
        )
    known = {fact.value for fact in inner.patterns} | _EVERYTHING
    for fact in outer.patterns:
        if fact.value in known:
            continue
        values: tuple[Any, ...] = ()
        if compiled(fact.value) is not None:
            values = _few(text for text in sampler.of_branch(inner) if not matches(fact.value, text))
        before = _point(inner.patterns[0]) if inner.patterns else here
        yield _gap(
            "pattern", before, _point(fact), values, "whether one pattern implies the other was not decided"
        )
    formats = {fact.value for fact in inner.formats}
    for fact in outer.formats:
        if fact.value in formats:
            continue
        before = _point(inner.formats[0]) if inner.formats else here
        values = _few(text for text in sampler.of_branch(inner) if not conforms(text, fact.value))
        reason = f"format {fact.value!r} is a note that validators need not check"
        if fact.value in ASSERTED_FORMATS:
            reason = "whether one format implies the other was not decided"
        yield _gap("format", before, _point(fact), values, reason)


def _array_gaps(sampler: Sampler, inner: Arrays, outer: Arrays, here: Point) -> Iterator[Gap]:
    least, most = inner.min_items, inner.max_items
    if outer.min_items is not None and (least is None or least.value < outer.min_items.value):
        value = sampler.array(inner, {}, outer)
        yield _gap("min-items", _point(least, here), _point(outer.min_items), _present(value))
    if outer.max_items is not None and (most is None or most.value > outer.max_items.value):
        value = sampler.array(inner, {}, outer, count=outer.max_items.value + 1)
        yield _gap("max-items", _point(most, here), _point(outer.max_items), _present(value))
    if outer.unique and not inner.unique and (most is None or most.value > 1):
        item = sampler.sample(inner.item(0), inner.item(1))
        value = ABSENT if item is ABSENT else sampler.array(inner, {0: item, 1: item}, outer)
        yield _gap("unique-items", here, _point(outer.unique), _present(value))


def _object_gaps(
    sampler: Sampler, inner: Objects, outer: Objects, here: Point, there: Point
) -> Iterator[Gap]:
    for name, pointer in outer.required.items():
        if name in inner.required:
            continue
        value = sampler.object(inner, {}, outer)
        if value is not ABSENT and name in value:
            value = {key: part for key, part in value.items() if key != name}
        before = Point(inner.properties[name][0].pointer, ABSENT) if name in inner.properties else here
        yield _gap("required", before, Point(pointer, name), _present(value), name=name)
    closing = next(
        (doubt for doubt in outer.doubts if doubt.keyword == _UNEVALUATED and doubt.text == b"false"), None
    )
    for name, member in inner.properties.items():
        shut = outer.forbids(name)
        closes = closing if name not in outer.properties else None
        barrier = shut or closes
        if barrier is None or name in outer.foreign or inner.forbids(name):
            continue
        before, values = Point(member[0].pointer, ABSENT), _with(sampler, inner, outer, name)
        yield _gap("closed", before, Point(barrier.pointer, False), values, name=name)
    yield from _rest_gaps(sampler, inner, outer, here, there)
    yield from _count_gaps(sampler, inner, outer, here)
    for name, needs in outer.dependents:
        known = {need for key, fact in inner.dependents if key == name for need in fact.value}
        missing = [need for need in needs.value if need not in inner.required and need not in known]
        if missing and (name in inner.properties or inner.declares_more):
            values = _with(sampler, inner, outer, name)
            values = tuple(
                {k: v for k, v in value.items() if k != missing[0] or k in inner.required} for value in values
            )
            yield _gap("dependent-required", here, _point(needs), values, name=name)


def _rest_gaps(sampler: Sampler, inner: Objects, outer: Objects, here: Point, there: Point) -> Iterator[Gap]:
    """Members that neither side names: sent only where the sender's contract says so with a schema."""
    fresh = _fresh_name(inner, outer)
    shut = outer.forbids(fresh)
    if shut is not None and not inner.forbids(fresh):
        values = _with(sampler, inner, outer, fresh)
        yield _gap("additional", here, Point(shut.pointer, False), values, undeclared=not inner.declares_more)
    if inner.declares_more or inner.forbids(fresh):
        return
    for name in [fresh, *filter(None, (example(pattern) for pattern, _ in outer.patterns))]:
        schema = outer.member(name)
        if not schema or name in inner.properties or outer.forbids(name):
            continue
        probes: tuple[Any, ...] = ("string", 0.5, None, [], {})
        value = next((value for value in probes if sampler.admits(schema, value) is False), ABSENT)
        if value is not ABSENT:
            values = _present(sampler.object(inner, {name: value}, outer))
            yield _gap("additional", here, Point(schema[0].pointer, schema[0].raw), values, undeclared=True)


def _count_gaps(sampler: Sampler, inner: Objects, outer: Objects, here: Point) -> Iterator[Gap]:
    least, most = inner.min_properties, inner.max_properties
    if outer.min_properties is not None:
        value = sampler.object(inner, {}, outer)
        known = max(least.value if least else 0, len(inner.required))
        if known < outer.min_properties.value:
            yield _gap("min-properties", _point(least, here), _point(outer.min_properties), _present(value))
    if outer.max_properties is not None and (most is None or most.value > outer.max_properties.value):
        count = math.floor(outer.max_properties.value) + 1
        declared = len([name for name in inner.properties if not inner.forbids(name)])
        more = inner.declares_more or (inner.patterns and not inner.rests)
        value = sampler.object(inner, {}, outer, count=count)
        if declared >= count or not any(rest.forbidden for rest in inner.rests):
            undeclared = declared < count and not more
            yield _gap(
                "max-properties",
                _point(most, here),
                _point(outer.max_properties),
                _present(value),
                undeclared=undeclared,
            )


def steps_between(
    inner: Branch, outer: Branch, here: Point, there: Point
) -> tuple[list[tuple[Step, Conjunction, Conjunction]], list[Note]]:
    """The parts of two branches that must be compared in turn, and members that one side alone names."""
    if inner.values is not None:
        return [], []  # every listed value was looked at whole
    if isinstance(inner, Arrays) and isinstance(outer, Arrays):
        return list(_item_steps(inner, outer)), []
    if isinstance(inner, Objects) and isinstance(outer, Objects):
        return list(_member_steps(inner, outer)), list(_member_notes(inner, outer, here, there))
    return [], []


def _item_steps(inner: Arrays, outer: Arrays) -> Iterator[tuple[Step, Conjunction, Conjunction]]:
    width = max(len(inner.prefix), len(outer.prefix))
    most = math.inf if inner.max_items is None else inner.max_items.value
    limit = most if outer.max_items is None else min(most, outer.max_items.value)
    for index in range(width + 1):
        if index < limit and outer.item(index):
            yield Step("item", index), inner.item(index), outer.item(index)


def _member_steps(inner: Objects, outer: Objects) -> Iterator[tuple[Step, Conjunction, Conjunction]]:
    names = list(inner.properties)
    if inner.declares_more:
        names += [name for name in outer.properties if name not in inner.properties]
        names.append(_fresh_name(inner, outer))
    patterns = [pattern for pattern, _ in (*inner.patterns, *(outer.patterns if inner.declares_more else ()))]
    names += [name for name in map(example, patterns) if name is not None]
    for name in dict.fromkeys(names):
        if name in outer.foreign or inner.forbids(name) or outer.forbids(name):
            continue
        if schema := outer.member(name):
            yield Step("member", name), inner.member(name), schema


def _member_notes(inner: Objects, outer: Objects, here: Point, there: Point) -> Iterator[Note]:
    for name, member in inner.properties.items():
        if name not in outer.properties and name not in outer.foreign and not inner.forbids(name):
            kind = "required-only-inner" if name in inner.required else "only-inner"
            yield Note(kind, name, Point(member[0].pointer, ABSENT), there)
    for name, member in outer.properties.items():
        if name not in inner.properties and name not in inner.foreign and name not in outer.required:
            yield Note("only-outer", name, here, Point(member[0].pointer, ABSENT))


def _fresh_name(inner: Objects, outer: Objects) -> str:
    """A member name that neither side says anything of."""
    taken = {*inner.properties, *outer.properties, *inner.required, *outer.required}
    patterns = [pattern for pattern, _ in (*inner.patterns, *outer.patterns)]
    names = (f"{stem}{number or ''}" for number in range(100) for stem in ("extra", "key", "x"))
    return next((n for n in names if n not in taken and not any(matches(p, n) for p in patterns)), "extra")


def _with(sampler: Sampler, inner: Objects, outer: Objects, name: str) -> tuple[Any, ...]:
    """Objects of the inner branch that have the member."""
    value = sampler.sample(inner.member(name), outer.member(name))
    return () if value is ABSENT else _present(sampler.object(inner, {name: value}, outer))


def _gap(
    kind: str,
    inner: Point,
    outer: Point,
    candidates: Iterable[Any],
    reason: str = "no value was found that shows it",
    *,
    name: str | None = None,
    undeclared: bool = False,
) -> Gap:
    found = tuple(candidates)
    return Gap(kind, inner, outer, found, name, None if found else reason, undeclared)


def _point(fact: Fact | None, otherwise: Point = Point("", ABSENT)) -> Point:  # noqa: B008 - a constant
    return otherwise if fact is None else Point(fact.pointer, fact.value)


def _present(value: Any) -> tuple[Any, ...]:
    return () if value is ABSENT else (value,)


def _few(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(islice(values, _FEW))
