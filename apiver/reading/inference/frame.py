"""What the rules of reading share: the function that is being read, and the reader that they call back."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import TYPE_CHECKING, Any, Protocol

from apiver.contract.document import Place
from apiver.reading.inference.program.scope import Scope
from apiver.reading.inference.program.source import Sources
from apiver.reading.inference.values.facts import Facts, Subject
from apiver.reading.inference.values.shapes import NONE, Ref, Unknown, Value
from apiver.reading.inference.values.state import State

if TYPE_CHECKING:
    from flask import Flask

    from apiver.inventory.routes import Route

NO_DEFAULT = object()


class Dead(Exception):  # noqa: N818 - not an error: control does not get past this expression
    """Ends the reading of the current path: the program raised, aborted or never returns here."""


class Exhausted(Exception):  # noqa: N818 - the bound on the work for one view is reached
    """Ends the reading of a view that would take too long."""


@dataclass(frozen=True, slots=True)
class Read:
    """One place where the program reads a part of the request.

    `lenient` says that a text which cannot be converted counts as not sent: `args.get("page", type=int)`.
    `searched` says that `"x" in part` reads a key only if the part is an object: it may be a text or a list.
    """

    subject: Subject
    place: Place
    cls: type | None = None
    default: Any = NO_DEFAULT
    many: bool = False
    spelling: str = ""
    lenient: bool = False
    searched: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """What the use of a part of the request says about its type: it becomes the value of a typed column.

    `certain` says that another type (or null) ends in an error there and then, as in `int(value)`.
    """

    subject: Subject
    value: Value
    place: Place
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Credential:
    """A security scheme of OpenAPI: the name that it gets, and its fields."""

    name: str
    scheme: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Guard:
    """A check of who is asking: any of `ways` will do, each of which takes all of its credentials.

    A part of the request stands for whatever credential it is read as. `optional` guards let anybody pass.
    """

    ways: tuple[tuple[Credential | Subject, ...], ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A part of the request that is compared with constants; `default` stands where it was not sent.

    `expression` is the regular expression that it is held against instead.
    """

    subject: Subject
    constants: tuple[str, ...]
    default: Any
    place: Place
    expression: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the reading of a view. `defect` marks a failure of apiver itself."""

    message: str
    place: Place | None
    defect: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """A value that a function returns, with the state at that point."""

    value: Value
    state: State
    place: Place


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that leaves a function, with the state at that point."""

    value: Value
    state: State
    place: Place


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call. `open` is set where there are further ones that are not known.

    `optional` are the keywords that are given on some paths only: `**errors`, which was filled by conditions.
    `spread` are the parts of the request that are handed on key by key: `**request.get_json()`.
    """

    positional: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)
    open: Unknown | None = None
    optional: frozenset[str] = frozenset()
    spread: tuple[Value, ...] = ()

    def get(self, index: int, name: str) -> Value | None:
        """The argument at a position or by keyword."""
        return self.positional[index] if index < len(self.positional) else self.keywords.get(name)


@dataclass(slots=True)
class Loop:
    """The states in which a loop is left early or begun anew."""

    breaks: list[State] = field(default_factory=list)
    continues: list[State] = field(default_factory=list)


@dataclass(slots=True)
class Frame:
    """One function while it is read.

    `apart` are the states, if any, in which the rest of a block is read one by one, because a body and its
    status would no longer be known to belong together; `paths` is how many of them there are already.
    """

    reader: Reader
    scope: Scope
    state: State
    name: str = ""
    depth: int = 0
    owner: type | None = None
    caller: tuple[Frame, ast.AST] | None = None
    alive: bool = True
    returns: list[Returned] = field(default_factory=list)
    raises: list[Raised] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    apart: list[State] = field(default_factory=list)
    paths: int = 1

    def place(self, node: ast.AST) -> Place:
        """Where `node` stands."""
        return Place(self.scope.file.name, getattr(node, "lineno", 0))

    def allocate(self, cell: Value) -> Ref:
        """A new cell of the heap."""
        address = self.reader.fresh()
        self.state.heap[address] = cell
        return Ref(address)

    def unknown(self, reason: str, node: ast.AST) -> Unknown:
        """An unknown value at `node`."""
        return Unknown(reason, self.place(node))

    def run(self, body: list[ast.stmt], state: State | None) -> State | None:
        """The state behind `body` when it starts in `state`; None where control does not get there."""
        if state is None:
            return None
        self.state, self.alive = state, True
        self.reader.execute(body, self)
        return self.state if self.alive else None

    def resume(self, state: State | None) -> None:
        """Go on in `state`, or end here."""
        if state is None:
            self.alive = False
        else:
            self.state, self.alive = state, True

    def may_raise(self, exception: Value, place: Place) -> None:
        """Note that this point may raise, and go on."""
        self.raises.append(Raised(exception, self.state.fork(), place))


@dataclass(slots=True)
class Journal:
    """What the reading of one view has found beside its value.

    `schemes` are the HTTP authentication schemes (bearer, basic) that the text of the program names, `unread`
    the functions of libraries that stand between the request and the view and may answer by themselves,
    `guards` the checks of who is asking that were read off the objects of an extension.
    `selects` are the places that look at what selects the version, `choices` the comparisons with constants,
    `opened` the places that name a whole collection of the request (`request.args`) with its location.
    """

    reads: list[Read] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    schemes: list[tuple[str, Place]] = field(default_factory=list)
    unread: list[Unknown] = field(default_factory=list)
    selects: list[Place] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    opened: list[tuple[str, Place]] = field(default_factory=list)

    def mark(self) -> tuple[int, ...]:
        """Where the journal stands now."""
        return tuple(len(part) for part in self._parts())

    def since(self, mark: tuple[int, ...]) -> Journal:
        """What was written since `mark`."""
        return Journal(*(part[size:] for part, size in zip(self._parts(), mark, strict=True)))

    def cut(self, mark: tuple[int, ...]) -> None:
        """Forget what was written since `mark`."""
        for part, size in zip(self._parts(), mark, strict=True):
            del part[size:]

    def _parts(self) -> tuple[list[Any], ...]:
        return (
            self.reads,
            self.hints,
            self.notes,
            self.schemes,
            self.unread,
            self.selects,
            self.guards,
            self.choices,
            self.opened,
        )

    def extend(self, other: Journal) -> None:
        """Write down again what `other` holds."""
        for part, more in zip(self._parts(), other._parts(), strict=True):
            part += more


@dataclass(slots=True)
class Serialized:
    """A serializer that was read once: its result and what it read of the request."""

    value: Value
    journal: Journal


@dataclass(slots=True)
class Shared:
    """What all views of one app share while they are read.

    `own` are the packages of the program. `rules` says what known functions mean, `returns` what others
    return, `pure` which only compute, all by the identity of the function. `pins` are the parts of a request
    that select the version which is read, by location and name (see `pins.py`), `watched` the variables of
    rules of which it is to be found out what they are compared with. `computed` are results that depend on
    the arguments alone, `touching` says which functions name a part of the request (see `computing.py`).
    """

    app: Flask
    own: frozenset[str]
    sources: Sources
    rules: Mapping[int, Callable[[Arguments, Frame, ast.AST], Value]]
    returns: Mapping[int, type]
    pure: Mapping[int, Callable[..., Any]] = field(default_factory=dict)
    pins: Mapping[tuple[str, str], str] = field(default_factory=dict)
    watched: frozenset[str] = frozenset()
    serializers: dict[tuple[object, ...], Serialized] = field(default_factory=dict)
    computed: dict[tuple[object, ...], Value] = field(default_factory=dict)
    touching: dict[FunctionType, bool] = field(default_factory=dict)


class Reader(Protocol):
    """The reader of one view, as its rules see it.

    `places` are the lines of the view's own returns, `handled` how exceptions were answered so far,
    `touched` counts the calls of functions that name a part of the request.
    """

    route: Route
    shared: Shared
    journal: Journal
    running: list[tuple[object, ...]]
    places: dict[Value, Place]
    handled: dict[tuple[object, ...], tuple[tuple[Any, Facts, bool], ...]]
    touched: int

    def fresh(self) -> int:
        """A heap address that was not used yet."""

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """The value of an expression; raises Dead where it does not return."""

    def branch(self, node: ast.expr, frame: Frame) -> tuple[State | None, State | None]:
        """The states in which a condition holds and in which it does not."""

    def decide(
        self, value: Value, node: ast.expr, frame: Frame, reads: int
    ) -> tuple[State | None, State | None]:
        """The same for a condition whose value is known; `reads` is where the journal stood before it."""

    def execute(self, body: list[ast.stmt], frame: Frame) -> None:
        """Read statements one after the other."""

    def call(self, callee: Value, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
        """The value of a call."""

    def attribute(self, value: Value, name: str, frame: Frame, node: ast.AST) -> Value:
        """The value of `value.name`."""

    def iterate(self, value: Value, frame: Frame, node: ast.AST) -> Value:
        """What an iteration over `value` yields; see `iteration.py`."""


def argument(arguments: Arguments, index: int, name: str, default: Value = NONE) -> Value:
    """The argument at a position or by keyword, or `default`."""
    found = arguments.get(index, name)
    return default if found is None else found
