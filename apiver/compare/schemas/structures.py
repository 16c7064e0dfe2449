"""Facts of arrays and objects: what one branch does not imply of another, and the parts to compare next."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from apiver.compare.change import ABSENT
from apiver.compare.schemas.branches import Arrays, Branch, Objects
from apiver.compare.schemas.gaps import UNDECLARED, Gap, Note, Point, point, present
from apiver.compare.schemas.member_names import kinds_of_names
from apiver.compare.schemas.samples import Sampler
from apiver.compare.sides.space import Conjunction


def array_gaps(sampler: Sampler, inner: Arrays, outer: Arrays, here: Point) -> Iterator[Gap]:
    """The counts and the uniqueness of `outer` that `inner` does not imply."""
    least, most = inner.min_items, inner.max_items
    if outer.min_items is not None and (least is None or least.value < outer.min_items.value):
        values = _arrays(sampler, inner, outer, 0)
        yield Gap("min-items", point(least, here), point(outer.min_items, here), values)
    if outer.max_items is not None and (most is None or most.value > outer.max_items.value):
        values = _arrays(sampler, inner, outer, math.floor(outer.max_items.value) + 1)
        yield Gap("max-items", point(most, here), point(outer.max_items, here), values)
    if outer.unique and not inner.unique and (most is None or most.value > 1):
        yield Gap("unique-items", here, point(outer.unique, here), _twins(sampler, inner, outer))


def _arrays(sampler: Sampler, inner: Arrays, outer: Arrays, count: int) -> Iterator[Any]:
    yield from present(sampler.array(inner, {}, outer, count=count))


def _twins(sampler: Sampler, inner: Arrays, outer: Arrays) -> Iterator[Any]:
    item = sampler.sample(inner.item(0), inner.item(1))
    if item is not ABSENT:
        yield from present(sampler.array(inner, {0: item, 1: item}, outer))


def object_gaps(sampler: Sampler, inner: Objects, outer: Objects, here: Point) -> Iterator[Gap]:
    """The members that `outer` requires or forbids, and its counts, that `inner` does not imply."""
    certain = _certain(inner)
    for name, pointer in outer.required.items():
        if name not in certain:
            before = Point(inner.properties[name][0].pointer, ABSENT) if name in inner.properties else here
            yield Gap(
                "required", before, Point(pointer, name), _lacking(sampler, inner, outer, name), name=name
            )
    for name, where in _sent(inner):
        barrier = outer.forbids(name)
        if barrier is None or name in outer.foreign or inner.forbids(name):
            continue
        if not (_is_full(inner, name) or sampler.normalizer.vacancy.vacant(inner.member(name))):
            values = _having(sampler, inner, outer, name)
            yield Gap("closed", Point(where, ABSENT), Point(barrier.pointer, False), values, name=name)
    for name, pointer in outer.absent.items():
        spelled = name in inner.properties or name in inner.required or name in outer.foreign
        if not spelled and not inner.forbids(name):
            said = inner.declares_more or inner.member(name)
            values = _having(sampler, inner, outer, name)
            aside = "" if said else UNDECLARED
            yield Gap("closed", here, Point(pointer, False), values, name=name, aside=aside)
    yield from _rest_gaps(sampler, inner, outer, here)
    yield from _count_gaps(sampler, inner, outer, here)
    for name, needs in outer.dependents:
        known = {need for key, fact in inner.dependents if key == name for need in fact.value}
        missing = [need for need in needs.value if need not in certain and need not in known]
        sent = inner.declares_more or name in inner.required or bool(inner.member(name))
        if missing and sent and not inner.forbids(name):
            values = _having(sampler, inner, outer, name, lacking=missing[0])
            yield Gap("dependent-required", here, point(needs, here), values, name=name)


def _sent(inner: Objects) -> Iterator[tuple[str, str]]:
    """The members that are spelled out, described or only required, each with its place."""
    for name, member in inner.properties.items():
        yield name, member[0].pointer
    for name, pointer in inner.required.items():
        if name not in inner.properties:
            yield name, pointer


def _certain(inner: Objects) -> set[str]:
    """The members that are there: the required ones, and those that they need."""
    there = set(inner.required)
    for _ in inner.dependents:
        there.update(need for name, fact in inner.dependents if name in there for need in fact.value)
    return there


def _is_full(inner: Objects, name: str) -> bool:
    """Whether the members that must be there leave no room for another one."""
    most = inner.max_properties
    return most is not None and name not in inner.required and most.value <= len(inner.required)


def _lacking(sampler: Sampler, inner: Objects, outer: Objects, name: str) -> Iterator[Any]:
    """Objects of the inner branch without the member."""
    value = sampler.object(inner, {}, outer)
    if value is not ABSENT and name in value:
        value = sampler.object(inner, {}, outer, without=name)
    if value is not ABSENT:
        yield {key: part for key, part in value.items() if key != name}


def _having(sampler: Sampler, inner: Objects, outer: Objects, name: str, lacking: str = "") -> Iterator[Any]:
    """Objects of the inner branch that have the one member, and lack the other where it is not required."""
    part = sampler.sample(inner.member(name), outer.member(name))
    value = ABSENT if part is ABSENT else sampler.object(inner, {name: part}, outer)
    if value is not ABSENT:
        yield {key: each for key, each in value.items() if key != lacking or key in inner.required}


def _rest_gaps(sampler: Sampler, inner: Objects, outer: Objects, here: Point) -> Iterator[Gap]:
    """Members that neither side names: sent only where the sender's contract says so with a schema."""
    kinds, doubt = kinds_of_names(sampler, inner, outer)
    for name, declared in kinds:
        if (
            inner.forbids(name)
            or _is_full(inner, name)
            or sampler.normalizer.vacancy.vacant(inner.member(name))
        ):
            continue
        if (shut := outer.forbids(name)) is not None:
            values = _having(sampler, inner, outer, name)
            yield Gap(
                "additional", here, Point(shut.pointer, False), values, aside="" if declared else UNDECLARED
            )
        elif not declared and (schema := outer.member(name)):
            values = _wrong(sampler, inner, outer, name)
            there = Point(schema[0].pointer, schema[0].raw)
            yield Gap("additional", here, there, values, aside=UNDECLARED)
    if doubt:
        yield Gap("additional", here, here, (), doubt)


def _wrong(sampler: Sampler, inner: Objects, outer: Objects, name: str) -> Iterator[Any]:
    """Objects of the inner branch whose member of that name does not suit the outer branch."""
    probes: Iterable[Any] = ("string", 0.5, None, [], {})
    for value in probes:
        if sampler.admits(outer.member(name), value) is False:
            yield from present(sampler.object(inner, {name: value}, outer))


def _count_gaps(sampler: Sampler, inner: Objects, outer: Objects, here: Point) -> Iterator[Gap]:
    least, most = inner.min_properties, inner.max_properties
    if outer.min_properties is not None:
        known = max(least.value if least else 0, len(inner.required))
        if known < outer.min_properties.value:
            counts = 0, math.ceil(outer.min_properties.value) - 1  # an empty object has no text on the wire
            values: Iterator[Any] = chain(*(_counted(sampler, inner, outer, count) for count in counts))
            yield Gap("min-properties", point(least, here), point(outer.min_properties, here), values)
    if outer.max_properties is not None and (most is None or most.value > outer.max_properties.value):
        count = math.floor(outer.max_properties.value) + 1
        declared = sum(not inner.forbids(name) for name, _ in _sent(inner))
        open_ended = not any(rest.forbidden for rest in inner.rests)
        if declared >= count or open_ended:
            more = inner.declares_more or bool(inner.patterns)
            values = _counted(sampler, inner, outer, count)
            beyond = declared < count and not more and most is None  # a limit beyond them tells of others
            aside = UNDECLARED if beyond else ""
            there = point(outer.max_properties, here)
            yield Gap("max-properties", point(most, here), there, values, aside=aside)


def _counted(sampler: Sampler, inner: Objects, outer: Objects, count: int) -> Iterator[Any]:
    yield from present(sampler.object(inner, {}, outer, count=count))


Way = tuple[str, Any, Conjunction, Conjunction]
"""The way to a part: into a `member` or an `item`, its name or index, and its schemas on both sides."""


def steps_between(
    sampler: Sampler, inner: Branch, outer: Branch, here: Point, there: Point
) -> tuple[Iterable[Way], list[Note]]:
    """The ways to the parts of two branches that must be compared in turn, and members of one side alone."""
    if inner.values is not None or outer.values is not None:
        return [], []  # listed values are looked at whole
    if isinstance(inner, Arrays) and isinstance(outer, Arrays):
        return _item_steps(inner, outer), []
    if isinstance(inner, Objects) and isinstance(outer, Objects):
        return _member_steps(sampler, inner, outer), list(_member_notes(inner, outer, here, there))
    return [], []


def _item_steps(inner: Arrays, outer: Arrays) -> Iterator[Way]:
    width = max(len(inner.prefix), len(outer.prefix))
    most = math.inf if inner.max_items is None else inner.max_items.value
    limit = most if outer.max_items is None else min(most, outer.max_items.value)
    for index in range(width + 1):
        if index < limit and outer.item(index):
            yield "item", index, inner.item(index), outer.item(index)


def _member_steps(sampler: Sampler, inner: Objects, outer: Objects) -> Iterator[Way]:
    names = list(inner.properties)
    names += [name for name in inner.required if name not in inner.properties]  # sent, whatever they hold
    if inner.declares_more:
        names += outer.properties
    elif inner.patterns:
        names += [name for name in outer.properties if inner.member(name)]
    kinds, _ = kinds_of_names(sampler, inner, outer)
    names += [kind.name for kind in kinds if kind.declared]
    for name in dict.fromkeys(names):
        if name in inner.foreign or name in outer.foreign:
            continue
        if inner.forbids(name) or outer.forbids(name):
            continue
        if (schema := outer.member(name)) and not (inner.names and not sampler.admits(inner.names, name)):
            yield "member", name, inner.member(name), schema


def _member_notes(inner: Objects, outer: Objects, here: Point, there: Point) -> Iterator[Note]:
    for name, member in inner.properties.items():
        known = name in outer.properties or bool(outer.member(name))
        if not known and not inner.forbids(name) and _possible(member):
            kind = "required-only-inner" if name in inner.required else "only-inner"
            yield Note(kind, name, Point(member[0].pointer, ABSENT), there)
    for name, member in outer.properties.items():
        known = name in inner.properties or (inner.declares_more and name not in inner.foreign)
        if not known and name not in outer.required and not outer.forbids(name) and _possible(member):
            yield Note("only-outer", name, here, Point(member[0].pointer, ABSENT))


def _possible(member: Conjunction) -> bool:
    """Whether a member may be there at all: the schema false is how a contract says that it may not."""
    return not any(node.raw is False for node in member)
