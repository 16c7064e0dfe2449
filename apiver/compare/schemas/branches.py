"""The normal form of a schema: for each JSON type, a union of branches; each branch a conjunction of facts.

A fact remembers the pointer of the keyword that said it, so that a finding can name its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from apiver.compare.schemas.patterns import compiled, matches
from apiver.compare.sides.space import Conjunction

TYPES = ("null", "boolean", "number", "string", "array", "object")

SCALARS = ("null", "boolean", "number", "string")

Number = int | float


class Fact(NamedTuple):
    """A keyword's value and the pointer of the keyword."""

    value: Any
    pointer: str


class Bound(NamedTuple):
    """A bound of a number, `exclusive` or not."""

    value: Number
    exclusive: bool
    pointer: str


class Rest(NamedTuple):
    """What one schema object says of the members that it does not name (`additionalProperties`)."""

    names: frozenset[str]
    patterns: tuple[str, ...]
    schema: Conjunction
    forbidden: bool
    pointer: str

    def covers(self, name: str) -> bool:
        """Whether a member of that name falls under it."""
        return name not in self.names and not any(matches(pattern, name) for pattern in self.patterns)


class Occurrence(NamedTuple):
    """How many elements of an array satisfy a schema (`contains`): at least `least`, and at most `most`."""

    schema: Conjunction
    least: Fact
    most: Fact | None
    pointer: str


class Content(NamedTuple):
    """What a text holds: its media type, its encoding, and the schema of what is in it."""

    media: str | None
    encoding: str | None
    schema: Conjunction
    pointer: str


class Doubt(NamedTuple):
    """A keyword that containment does not reason about; equal text on both sides cancels out."""

    keyword: str
    text: bytes
    pointer: str


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """Facts that hold together for values of one JSON type. `values` is the finite list of what is allowed.

    A value of the branch is a value of none of the `excluded` schemas (`not`, and the siblings of an
    alternative of `oneOf` that it may overlap with). `origin` is the pointer of the alternative of a
    union that the branch comes from.
    """

    type: str
    values: Fact | None = None
    excluded: tuple[Conjunction, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Numbers(Branch):
    """Numbers: bounds, integrality, multiples."""

    type: str = "number"
    lower: Bound | None = None
    upper: Bound | None = None
    integer: Fact | None = None
    multiples: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Strings(Branch):
    """Strings: length in characters, patterns, formats."""

    type: str = "string"
    min_length: Fact | None = None
    max_length: Fact | None = None
    patterns: tuple[Fact, ...] = ()
    formats: tuple[Fact, ...] = ()
    contents: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Arrays(Branch):
    """Arrays: count, uniqueness, the schema of each position and of the rest."""

    type: str = "array"
    min_items: Fact | None = None
    max_items: Fact | None = None
    unique: Fact | None = None
    prefix: tuple[Conjunction, ...] = ()
    items: Conjunction = ()
    contains: tuple[Occurrence, ...] = ()

    def item(self, index: int) -> Conjunction:
        """The schema of the element at that position."""
        return self.prefix[index] if index < len(self.prefix) else self.items


@dataclass(frozen=True, slots=True, eq=False)
class Objects(Branch):
    """Objects: members, which of them are required, and what holds for the others.

    `foreign` are the members that the other direction alone carries (readOnly in a request). `absent` are
    those that may not be there, with the pointer of what says so; `names` holds for all member names.
    """

    type: str = "object"
    properties: dict[str, Conjunction] = field(default_factory=dict)
    required: dict[str, str] = field(default_factory=dict)
    rests: tuple[Rest, ...] = ()
    patterns: tuple[tuple[str, Conjunction], ...] = ()
    min_properties: Fact | None = None
    max_properties: Fact | None = None
    dependents: tuple[tuple[str, Fact], ...] = ()
    foreign: frozenset[str] = frozenset()
    absent: dict[str, str] = field(default_factory=dict)
    names: Conjunction = ()

    def forbids(self, name: str) -> Rest | None:
        """What forbids a member of that name, if anything does: mostly an `additionalProperties: false`."""
        if name in self.absent:
            return Rest(frozenset(), (), (), True, self.absent[name])
        return next((rest for rest in self.rests if rest.forbidden and rest.covers(name)), None)

    def member(self, name: str) -> Conjunction:
        """Everything that is said of the member of that name, besides being forbidden."""
        said = self.properties.get(name, ())
        for pattern, schema in self.patterns:
            if matches(pattern, name):
                said += schema
        for rest in self.rests:
            if not rest.forbidden and rest.covers(name):
                said += rest.schema
        return said

    @property
    def declares_more(self) -> bool:
        """Whether members that are not named may be sent: somebody said so with a schema."""
        return bool(self.rests or self.names) and not any(rest.forbidden for rest in self.rests)


Normal = dict[str, tuple[Branch, ...]]
"""The branches by JSON type; a type without branches is not allowed."""


def type_of(value: Any) -> str:
    """The JSON type of a decoded value; integers and decimals are both `number`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def equal(one: Any, other: Any) -> bool:
    """Equality of JSON values: 1 equals 1.0, but true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(equal(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(value, other[key]) for key, value in one.items())
    return bool(one == other)


class Listed(list[Any]):
    """The values of an `enum` or `const`, of which there may be many: asking for a scalar takes no walk."""

    __slots__ = ("_composites", "_scalars")

    def __init__(self, values: Iterable[Any]) -> None:
        super().__init__(values)
        self._scalars = {(type_of(value), value) for value in self if not isinstance(value, list | dict)}
        self._composites = [value for value in self if isinstance(value, list | dict)]

    def has(self, value: Any) -> bool:
        """Whether the JSON value is one of them."""
        if isinstance(value, list | dict):
            return any(equal(value, each) for each in self._composites)
        return (type_of(value), value) in self._scalars


def among(value: Any, values: Iterable[Any]) -> bool:
    """Whether the JSON value is one of the values."""
    if isinstance(values, Listed):
        return values.has(value)
    return any(equal(value, each) for each in values)


def is_multiple(value: Number, of: Number) -> bool:
    """Exact divisibility, by the decimal digits that were written."""
    try:
        return of != 0 and Fraction(str(value)) % Fraction(str(of)) == 0
    except (ValueError, OverflowError):
        return False


def is_integral(value: Number) -> bool:
    """Whether the number has no fractional part: 1.0 is an integer in JSON Schema."""
    return isinstance(value, int) or value.is_integer()


def above(value: Number, bound: Bound | None) -> bool:
    """Whether the value satisfies the lower bound."""
    return bound is None or value > bound.value or (value == bound.value and not bound.exclusive)


def below(value: Number, bound: Bound | None) -> bool:
    """Whether the value satisfies the upper bound."""
    return bound is None or value < bound.value or (value == bound.value and not bound.exclusive)


def meet(one: Branch, other: Branch) -> Branch | None:
    """The branch whose values are in both, or None where the facts contradict one another."""
    if isinstance(one, Numbers) and isinstance(other, Numbers):
        met: Branch = replace(
            one,
            lower=_tighter(one.lower, other.lower, -1),
            upper=_tighter(one.upper, other.upper, 1),
            integer=one.integer or other.integer,
            multiples=_distinct(one.multiples, other.multiples),
        )
    elif isinstance(one, Strings) and isinstance(other, Strings):
        met = replace(
            one,
            min_length=larger(one.min_length, other.min_length),
            max_length=smaller(one.max_length, other.max_length),
            patterns=_distinct(one.patterns, other.patterns),
            formats=_distinct(one.formats, other.formats),
            contents=one.contents + other.contents,
        )
    elif isinstance(one, Arrays) and isinstance(other, Arrays):
        width = max(len(one.prefix), len(other.prefix))
        met = replace(
            one,
            min_items=larger(one.min_items, other.min_items),
            max_items=smaller(one.max_items, other.max_items),
            unique=one.unique or other.unique,
            prefix=tuple(join(one.item(index), other.item(index)) for index in range(width)),
            items=join(one.items, other.items),
            contains=one.contains + other.contains,
        )
    elif isinstance(one, Objects) and isinstance(other, Objects):
        foreign = one.foreign | other.foreign
        names = [*one.properties, *(name for name in other.properties if name not in one.properties)]
        required = {**other.required, **one.required}
        if foreign:  # what one part leaves to the other direction, no other part asks for
            names = [name for name in names if name not in foreign]
            required = {name: pointer for name, pointer in required.items() if name not in foreign}
        met = replace(
            one,
            properties={n: join(one.properties.get(n, ()), other.properties.get(n, ())) for n in names},
            required=required,
            rests=one.rests + other.rests,
            patterns=one.patterns + other.patterns,
            min_properties=larger(one.min_properties, other.min_properties),
            max_properties=smaller(one.max_properties, other.max_properties),
            dependents=one.dependents + other.dependents,
            foreign=foreign,
            absent={**other.absent, **one.absent},
            names=join(one.names, other.names),
        )
    else:
        met = one
    values = _common(one.values, other.values)
    if values is not None and not values.value:
        return None
    met = replace(
        met,
        values=values,
        excluded=one.excluded + other.excluded,
        doubts=_distinct(one.doubts, other.doubts),
        origin=one.origin or other.origin,
    )
    return None if contradicts(met) else met


def join(one: Conjunction, other: Conjunction) -> Conjunction:
    """Both conjunctions at once, each schema named once."""
    if not one or not other:
        return one or other
    seen = {id(node.raw) for node in one}
    return one + tuple(node for node in other if id(node.raw) not in seen)


def contradicts(branch: Branch) -> bool:
    """Whether the bounds alone leave no value."""
    if isinstance(branch, Numbers):
        if branch.lower is None or branch.upper is None:
            return False
        if not above(branch.upper.value, branch.lower) or not below(branch.lower.value, branch.upper):
            return True
        return branch.integer is not None and next(iter(integers_between(branch)), None) is None
    if isinstance(branch, Strings):
        return _crossed(branch.min_length, branch.max_length)
    if isinstance(branch, Arrays):
        return _crossed(branch.min_items, branch.max_items) or any(
            _crossed(each.least, each.most) or _crossed(each.least, branch.max_items)
            for each in branch.contains
        )
    if isinstance(branch, Objects):
        if _crossed(branch.min_properties, branch.max_properties):
            return True
        if branch.max_properties is not None and len(branch.required) > branch.max_properties.value:
            return True
        return any(branch.forbids(name) for name in branch.required)
    return False


def integers_between(branch: Numbers) -> range:
    """The integers within both bounds; both must be there."""
    assert branch.lower is not None and branch.upper is not None
    first, last = Fraction(str(branch.lower.value)), Fraction(str(branch.upper.value))
    start = -((-first.numerator) // first.denominator)
    stop = last.numerator // last.denominator
    start += 1 if branch.lower.exclusive and start == first else 0
    stop -= 1 if branch.upper.exclusive and stop == last else 0
    return range(start, stop + 1)


def satisfies(branch: Branch, value: Any) -> bool:
    """Whether a value of the branch's type satisfies the facts that need no other schema."""
    if isinstance(branch, Numbers):
        return (
            above(value, branch.lower)
            and below(value, branch.upper)
            and (branch.integer is None or is_integral(value))
            and all(is_multiple(value, fact.value) for fact in branch.multiples)
        )
    if isinstance(branch, Strings):
        return (
            (branch.min_length is None or len(value) >= branch.min_length.value)
            and (branch.max_length is None or len(value) <= branch.max_length.value)
            and all(compiled(fact.value) is None or matches(fact.value, value) for fact in branch.patterns)
            and all(conforms(value, fact.value) for fact in branch.formats)
        )
    if isinstance(branch, Arrays):
        return (branch.min_items is None or len(value) >= branch.min_items.value) and (
            branch.max_items is None or len(value) <= branch.max_items.value
        )
    if isinstance(branch, Objects):
        return (
            all(name in value for name in branch.required)
            and (branch.min_properties is None or len(value) >= branch.min_properties.value)
            and (branch.max_properties is None or len(value) <= branch.max_properties.value)
        )
    return True


def surviving(branch: Branch) -> list[Any]:
    """The listed values of a branch that its other facts let be; it must have a list."""
    assert branch.values is not None
    return [value for value in branch.values.value if satisfies(branch, value)]


ASSERTED_FORMATS = frozenset({"date", "date-time", "uuid", "ipv4", "ipv6", "email"})
"""Formats that a value can be held to; every other format is a note, not an assertion."""


@lru_cache(maxsize=4096)
def conforms(text: str, format_name: str) -> bool:
    """Whether the string has the format; true for a format that is not asserted."""
    if format_name not in ASSERTED_FORMATS:
        return True
    from jsonschema import FormatChecker

    return bool(FormatChecker().conforms(text, format_name))


def _tighter(one: Bound | None, other: Bound | None, sign: int) -> Bound | None:
    """The stronger of two bounds; `sign` is -1 for lower bounds and 1 for upper ones."""
    if one is None or other is None:
        return one or other
    if one.value == other.value:
        return one if one.exclusive else other
    return one if (one.value < other.value) == (sign > 0) else other


def larger(one: Fact | None, other: Fact | None) -> Fact | None:
    """The stronger of two lower bounds."""
    if one is None or other is None:
        return one or other
    return one if one.value >= other.value else other


def smaller(one: Fact | None, other: Fact | None) -> Fact | None:
    """The stronger of two upper bounds."""
    if one is None or other is None:
        return one or other
    return one if one.value <= other.value else other


def _crossed(low: Fact | None, high: Fact | None) -> bool:
    return low is not None and high is not None and bool(low.value > high.value)


def _distinct(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    if not one or not other:
        return one or other
    seen = [fact[:-1] for fact in one]
    return one + tuple(fact for fact in other if fact[:-1] not in seen)


def _common(one: Fact | None, other: Fact | None) -> Fact | None:
    if one is None or other is None:
        return one or other
    return Fact(Listed(value for value in one.value if among(value, other.value)), one.pointer)
