"""The values that the reader computes with: what is known of a Python value without running the program.

A shape is immutable. What a program can change in place (a dict, a list, an object, a response) lives in a
cell of the heap, and a `Ref` is the value that leads to it; see `state.py`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from apiver.contract.document import Place
from apiver.reading.inference.values.facts import NOTHING, Facts, Subject, join

if TYPE_CHECKING:
    from apiver.reading.inference.program.scope import Scope

MOST_OPTIONS = 24


class Value:
    """Any of the shapes below."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Known(Value):
    """A constant: None, a bool, number, string, bytes or an enum member."""

    value: Any

    def __eq__(self, other: object) -> bool:
        # Python calls 1, 1.0 and True equal; JSON does not.
        return (
            isinstance(other, Known) and type(self.value) is type(other.value) and self.value == other.value
        )

    def __hash__(self) -> int:
        return hash((type(self.value).__name__, self.value))


NONE = Known(None)


@dataclass(frozen=True, slots=True)
class Typed(Value):
    """Some instance of `cls`. `facets` are JSON Schema keywords that hold for it, such as enum or format.

    `when_true` and `when_false` are what a truth value says about the request.
    """

    cls: type
    facets: tuple[tuple[str, Any], ...] = ()
    when_true: Facts = field(default=NOTHING, compare=False)
    when_false: Facts = field(default=NOTHING, compare=False)


@dataclass(frozen=True, slots=True)
class Asked(Value):
    """A part of the request, or a value made of one.

    `cls` is its Python type, None where the client chooses it (JSON). `nullable` says that it is None where
    the client did not send it, `instead` is any other constant that it is then. `exact` is false once it was
    changed on the way (`.lower()`), so that a list of allowed values no longer speaks about what was sent.
    """

    subject: Subject
    cls: type | None = None
    nullable: bool = False
    exact: bool = True
    instead: Known | None = None

    @property
    def stand_in(self) -> Known | None:
        """What it is where the client did not send it; None where that is not known or cannot be."""
        return NONE if self.nullable else self.instead


@dataclass(frozen=True, slots=True)
class LengthOf(Value):
    """`len()` of a part of the request; `exact` and `instead` as for the part (`Asked`)."""

    subject: Subject
    exact: bool = True
    instead: Known | None = None


@dataclass(frozen=True, slots=True)
class KeysOf(Value):
    """The keys of a JSON object or a form that the client sent."""

    subject: Subject


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record: its value, whether it is always there, and the line that says so."""

    value: Value
    required: bool = True
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Label:
    """The name under which a record goes into the components. Labels with one `key` are the same thing."""

    name: str
    key: str
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Record(Value):
    """A mapping; its keys are named as JSON spells them.

    `rest` is the value under keys that are not constants, `open` the reason why there may be further keys.
    `when_empty` is what its emptiness says about the request. `keys` is what any key looks like in Python,
    None where all are strings.
    """

    fields: Mapping[str, Field] = field(default_factory=dict)
    rest: Value | None = None
    open: Unknown | None = None
    label: Label | None = None
    when_empty: Facts = field(default=NOTHING, compare=False)
    keys: Value | None = None

    def __hash__(self) -> int:
        return hash((tuple(self.fields), self.rest is None, self.label))

    @property
    def key(self) -> Value:
        """What any of its keys looks like."""
        return Typed(str) if self.keys is None else self.keys


@dataclass(frozen=True, slots=True)
class Listing(Value):
    """A list, set or other sequence. `exact` are its items where their number is known.

    `items` is what any item looks like (None in an empty one). `filled` says that there is at least one,
    `when_empty` what its emptiness says about the request. `pairs_of` is the mapping that the client sent
    whose keys and values these are.
    """

    items: Value | None = None
    exact: tuple[Value, ...] | None = None
    when_empty: Facts = field(default=NOTHING, compare=False)
    filled: bool = field(default=False, compare=False)
    pairs_of: Value | None = field(default=None, compare=False)

    @property
    def nonempty(self) -> bool:
        """Whether there is certainly an item."""
        return self.filled or bool(self.exact)


class Column(NamedTuple):
    """A column of the rows of a query: its name, and the class that it is mapped in (None where in none).

    `grouped` is what an aggregate yields in a group, which always has a row; None where that is no matter.
    """

    name: str | None
    owner: type | None
    grouped: Value | None = None


@dataclass(frozen=True, slots=True)
class Tuple(Value):
    """A tuple of known length; a row of a query has named columns too."""

    items: tuple[Value, ...]
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression(Value):
    """An SQL expression: what it yields in a row, the column's name, and the class that it is mapped in.

    `aggregate` says that it is one of all the rows: without grouping there is exactly one result. `grouped`
    is what it yields in a group; None where that is the same.
    """

    item: Value
    name: str | None = None
    owner: type | None = None
    aggregate: bool = field(default=False, compare=False)
    grouped: Value | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Object(Value):
    """An instance of a class whose constructor was read: what its attributes hold.

    `unsure` are those that were not set on every path.
    """

    cls: type
    attributes: Mapping[str, Value]
    unsure: frozenset[str] = field(default=frozenset(), compare=False)

    def surely(self, name: str) -> Value | None:
        """What an attribute holds if it was set on every path."""
        return None if name in self.unsure else self.attributes.get(name)

    def __hash__(self) -> int:
        return hash((self.cls, tuple(self.attributes)))


@dataclass(frozen=True, slots=True)
class Header:
    """One header of a response."""

    value: Value
    required: bool = True
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Reply(Value):
    """A response. `body` is None where there is none; `json` says that the body is sent as JSON."""

    status: Value
    media: Value
    body: Value | None
    json: bool
    headers: Mapping[str, Header] = field(default_factory=dict)
    place: Place | None = field(default=None, compare=False)

    def __hash__(self) -> int:
        return hash((self.status, self.media, self.json))


@dataclass(frozen=True, slots=True)
class Ref(Value):
    """The address of a cell of the heap.

    `one` says that the cell stands for many values of which this is one (an item of a list), so that what is
    changed in it need not be changed in the others.
    """

    address: int
    one: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Recursive(Value):
    """A record that contains itself: the label of the one that is being read further out."""

    label: Label


@dataclass(frozen=True, slots=True)
class JsonText(Value):
    """A string that `json.dumps` made."""

    value: Value


@dataclass(frozen=True, slots=True)
class Stream(Value):
    """What is produced piece by piece: a generator, a body while it is sent. Each piece looks like `item`."""

    reason: str
    item: Value | None = None


@dataclass(frozen=True, slots=True)
class Rows(Value):
    """A query or its result; each row looks like `item`. `always` says that there is one for certain."""

    item: Value
    always: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Page(Value):
    """A page of a query, as Flask-SQLAlchemy hands it out."""

    item: Value


@dataclass(frozen=True, slots=True, eq=False)
class Live(Value):
    """An object of the loaded program: a function, class, module or instance."""

    object: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Live) and self.object is other.object

    def __hash__(self) -> int:
        return id(self.object)


@dataclass(frozen=True, slots=True)
class Bound(Value):
    """A function of the program with its `self` (or `cls`); `owner` is the class that defines it."""

    function: Value
    receiver: Value
    owner: type | None = None


@dataclass(frozen=True, slots=True)
class Method(Value):
    """A method of a value that the reader knows by itself: of a dict, a string, the request, a query ..."""

    receiver: Value
    name: str


@dataclass(frozen=True, slots=True)
class Partial(Value):
    """A function with the first of its arguments (`functools.partial`)."""

    function: Value
    positional: tuple[Value, ...]
    keywords: Mapping[str, Value]

    def __hash__(self) -> int:
        return hash((self.function, self.positional, tuple(self.keywords)))


@dataclass(frozen=True, slots=True)
class Super(Value):
    """`super()`: the receiver, and the class after which to look."""

    receiver: Value
    cls: type
    after: type


@dataclass(frozen=True, slots=True, eq=False)
class Closure(Value):
    """A function or lambda that the program defines while it runs."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    environment: Mapping[str, Value]
    defaults: tuple[Value, ...] = ()
    keyword_defaults: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Described(Value):
    """A value of which a finished JSON Schema says all: what a library's own schema class writes.

    `schema` is draft 2020-12. It refers to `definitions` by name, as `#/components/schemas/NAME`, and so do
    they. It is opened where the program looks into it or changes it (`described.py`).
    """

    schema: Mapping[str, Any]
    definitions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Described)
            and self.schema == other.schema
            and self.definitions == other.definitions
        )

    def __hash__(self) -> int:
        return hash(tuple(self.schema))


@dataclass(frozen=True, slots=True)
class Unknown(Value):
    """What could not be read, why, and where."""

    reason: str
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Union(Value):
    """One of several shapes. Made by `union()` and `chosen()` only.

    `given` is what holds of the request where it is the option at the same position: a function that returns
    an error on one path and None on the other says by its result which of the two was taken.
    """

    options: tuple[Value, ...]
    given: tuple[Facts, ...] = field(default=(), compare=False)


def options(value: Value) -> tuple[Value, ...]:
    """The alternatives of `value`; itself where there is one."""
    return value.options if isinstance(value, Union) else (value,)


def alternatives(value: Value) -> tuple[tuple[Value, Facts], ...]:
    """The alternatives of `value`, each with what holds of the request where it is that one."""
    if not isinstance(value, Union):
        return ((value, NOTHING),)
    given = value.given or (NOTHING,) * len(value.options)
    return tuple(zip(value.options, given, strict=True))


def union(values: Iterable[Value]) -> Value:
    """The shape of something that is one of `values`; duplicates fall away, the order is kept."""
    return chosen((value, NOTHING) for value in values)


def chosen(choices: Iterable[tuple[Value, Facts]]) -> Value:
    """The shape of something that is one of several, each with what holds of the request in that case."""
    found: dict[Value, Facts] = {}
    for value, given in choices:
        for option, more in alternatives(value):
            facts = given | more
            found[option] = join(found[option], facts) if option in found else facts
    if len(found) > MOST_OPTIONS:
        found = {general(option): NOTHING for option in found}
    if len(found) > MOST_OPTIONS:
        return Unknown("it has too many different shapes")
    if not found:
        return Unknown("nothing is known of it")
    if len(found) == 1:
        return next(iter(found))
    return Union(tuple(found), tuple(found.values()) if any(found.values()) else ())


def mapped(value: Value, change: Callable[[Value], Value]) -> Value:
    """`value` with every alternative replaced; what holds with each of them is kept."""
    if not isinstance(value, Union):
        return change(value)
    return chosen((change(option), given) for option, given in alternatives(value))


def general(value: Value) -> Value:
    """`value` with its constants forgotten: what stays is the type."""
    if isinstance(value, Known) and value.value is not None:
        return Typed(type(value.value))
    return mapped(value, general) if isinstance(value, Union) else value
