"""The names of members: which kinds of names an object may have, and whether `propertyNames` lets them be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from apiver.compare.change import ABSENT
from apiver.compare.schemas.branches import Objects, Strings, join
from apiver.compare.schemas.gaps import UNDECLARED, Gap, Point, present
from apiver.compare.schemas.languages import UndecidedError, bounds_of, kinds_of_text
from apiver.compare.schemas.occurrences import Strays
from apiver.compare.schemas.patterns import example, matches
from apiver.compare.schemas.samples import Sampler
from apiver.compare.sides.space import Conjunction, Node, Space

_ANY_NAME = {"type": "string"}
_SHOWN = 6


class Kind(NamedTuple):
    """Names that neither side spells out and of which both sides say the same, by one of them.

    `declared` tells whether the sender's contract says that such members are sent.
    """

    name: str
    declared: bool


def kinds_of_names(sampler: Sampler, inner: Objects, outer: Objects) -> tuple[list[Kind], str]:
    """The kinds of names that are not spelled out, and why these may not be all ("" where they are)."""
    if not (inner.patterns or outer.patterns or inner.names):
        return [Kind(_fresh(inner, outer), inner.declares_more)], ""
    patterns = tuple(dict.fromkeys(pattern for pattern, _ in (*inner.patterns, *outer.patterns)))
    taken = frozenset((*inner.properties, *outer.properties, *inner.required, *inner.absent, *outer.absent))
    names, reason = _names(sampler, inner, outer, patterns, taken)
    found = dict.fromkeys(name for name in names if name not in taken)
    return [Kind(name, _declares(inner, name)) for name in found], reason


def _names(
    sampler: Sampler, inner: Objects, outer: Objects, patterns: tuple[str, ...], taken: frozenset[str]
) -> tuple[list[str], str]:
    """One name for each way in which patterns tell names apart, of those that `propertyNames` allows."""
    branches = sampler.normalizer.branches(inner.names).get("string", ()) if inner.names else (Strings(),)
    if all(branch.values is not None for branch in branches):
        listed = [value for branch in branches if branch.values for value in branch.values.value]
        return [value for value in listed if sampler.admits(inner.names, value) is not False], ""
    some = islice(sampler.samples(inner.names), _SHOWN) if inner.names else ()
    allowed = [name for name in some if isinstance(name, str)]
    if not patterns:
        return allowed, ""
    plain = branches[0] if len(branches) == 1 and isinstance(branches[0], Strings) else Strings()
    exact = len(branches) == 1 and not (plain.excluded or plain.doubts or plain.formats or plain.values)
    needed = tuple(fact.value for fact in plain.patterns)
    try:
        walks = kinds_of_text((*patterns, *needed), taken, *bounds_of(plain))
    except UndecidedError as error:
        walks, exact = (), False
        reason = f"which names its members may have was not decided: {error}"
        known = {pattern for pattern, _ in inner.patterns}
        if len(patterns) == 1 and known.issuperset(patterns) and not inner.names:
            reason = ""  # the same pattern on both sides: a name that it takes, and one that it does not
        names = [*filter(None, map(example, patterns)), _fresh(inner, outer), *allowed]
    else:
        reason = "" if exact else "which names its members may have was not decided"
        names = [walk.text for walk in walks if all(walk.found[len(patterns) :])] + allowed
    return [name for name in names if not inner.names or sampler.admits(inner.names, name)], reason


def _declares(inner: Objects, name: str) -> bool:
    return inner.declares_more or any(matches(pattern, name) for pattern, _ in inner.patterns)


def _fresh(inner: Objects, outer: Objects) -> str:
    """A member name that neither side says anything of."""
    taken = {*inner.properties, *outer.properties, *inner.required, *outer.required}
    taken.update(inner.absent, outer.absent)
    patterns = [pattern for pattern, _ in (*inner.patterns, *outer.patterns)]
    names = (f"{stem}{number or ''}" for number in range(100) for stem in ("extra", "key", "x"))
    return next((n for n in names if n not in taken and not any(matches(p, n) for p in patterns)), "extra")


def name_gaps(strays: Strays, sampler: Sampler, inner: Objects, outer: Objects, here: Point) -> Iterator[Gap]:
    """Names that the inner branch allows and the outer one does not (2020-12, 10.3.2.4)."""
    there = Point(outer.names[0].pointer, outer.names[0].raw)
    before = Point(inner.names[0].pointer, inner.names[0].raw) if inner.names else here
    for name, member in inner.properties.items():
        if name in outer.foreign or inner.forbids(name) or sampler.admits(outer.names, name) is not False:
            continue
        if not inner.names or sampler.admits(inner.names, name) is not False:
            values = _having(sampler, inner, name)
            yield Gap("property-names", Point(member[0].pointer, ABSENT), there, values, name=name)
    for allowed in _allowed(inner, outer.names[0].space):
        # a name is a text on the wire too, where a schema without a type takes it for a list of one as well
        some = strays(allowed, join(outer.names, (Node(outer.names[0].space, _ANY_NAME, ""),)))
        if some is not None:
            aside = "" if inner.declares_more or inner.patterns else UNDECLARED
            values = (value for name in some for value in _having(sampler, inner, name))
            yield Gap("property-names", before, there, values, aside=aside)
            return


def _allowed(inner: Objects, space: Space) -> Iterator[Conjunction]:
    """The schemas of the names that are not spelled out: one where all are allowed, else one a pattern."""
    closed = [rest for rest in inner.rests if rest.forbidden]
    if not closed:
        yield join(inner.names, (Node(space, _ANY_NAME, ""),))
    for pattern, _ in inner.patterns if closed else ():
        if all(pattern in rest.patterns for rest in closed):
            yield join(inner.names, (Node(space, _named(pattern), ""),))


@lru_cache(maxsize=4096)
def _named(pattern: str) -> dict[str, Any]:
    """The schema of the names in which a pattern is found: the same object for the same pattern."""
    return {"type": "string", "pattern": pattern}


def _having(sampler: Sampler, inner: Objects, name: Any) -> Iterator[Any]:
    """The smallest object of the inner branch that has a member of that name."""
    if isinstance(name, str) and not inner.forbids(name):
        part = sampler.sample(inner.member(name))
        if part is not ABSENT:
            yield from present(sampler.object(inner, {name: part}))
