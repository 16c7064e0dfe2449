"""`parser.parse_args()` of Flask-RESTful, flask-restx and flask-restplus: what it reads of the request."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest

from apiver.reading.inference.frame import NO_DEFAULT, Arguments, Frame, Read
from apiver.reading.inference.program.scope import lift
from apiver.reading.inference.requests.asking import COLLECTIONS, is_object
from apiver.reading.inference.requests.presence import note_read, part_of
from apiver.reading.inference.values.facts import PRESENT, Fact, Subject
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Field,
    Known,
    Label,
    Listing,
    Live,
    Object,
    Record,
    Tuple,
    Typed,
    Value,
    union,
)

REFUSAL = Label("ValidationError", "validation error")

_PLAIN = (str, int, float, bool, FileStorage)
_BODILESS = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})


class Parsed(Record):
    """What a parser hands out: a dict whose keys are attributes as well."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a parser that the program makes while it runs, as the libraries have them."""

    name: str
    default: Any = None
    dest: str | None = None
    required: bool = False
    ignore: bool = False
    type: Any = str
    location: Any = ("json", "values")
    choices: Any = ()
    action: str = "store"
    help: str | None = None
    operators: Any = ("=",)
    case_sensitive: bool = True
    store_missing: bool = True
    trim: bool = False
    nullable: bool = True


def described(arguments: Arguments, frame: Frame) -> Live | None:
    """The argument that `add_argument(...)` adds; None where a part of it is not constant."""
    given: dict[str, Any] = {}
    names = [one.name for one in fields(Argument)]
    for name, value in (*zip(names, arguments.positional, strict=False), *arguments.keywords.items()):
        known, held = _constant(value, frame)
        if not known or name not in names:
            return None
        given[name] = held
    return Live(Argument(**given)) if isinstance(given.get("name"), str) else None


def _constant(value: Value, frame: Frame) -> tuple[bool, Any]:
    content = frame.state.cell(value)
    if isinstance(content, Known):
        return True, content.value
    if isinstance(content, Live):
        return True, content.object
    items = content.items if isinstance(content, Tuple) else getattr(content, "exact", None)
    if isinstance(content, Tuple | Listing) and items is not None:
        members = [_constant(item, frame) for item in items]
        return all(known for known, _ in members), tuple(member for _, member in members)
    return False, None


def parsed(arguments: Sequence[Any], module: str, frame: Frame, node: ast.AST) -> Value:
    """What a parser with these arguments hands out; a request that it refuses ends in a 400.

    `module` is where its class is at home.
    """
    found: dict[str, Field] = {}
    for argument in arguments:
        value = _argument(argument, frame, node)
        found[str(argument.dest or argument.name)] = Field(value, bool(argument.store_missing))
    texts: Value = Record({}, rest=Typed(str))
    data = {"errors": Field(texts), "message": Field(Typed(str))}
    if module.startswith("flask_restful"):
        data = {"message": Field(texts)}
    frame.may_raise(Object(BadRequest, {"data": Record(data, label=REFUSAL)}), frame.place(node))
    for argument in arguments:
        if argument.required:
            frame.state.learn(Fact(_subject(argument, frame), PRESENT))
    return frame.allocate(Parsed(found))


def _subject(argument: Any, frame: Frame) -> Subject:
    said = argument.location
    places = (said,) if isinstance(said, str) else tuple(said)
    known = [COLLECTIONS.get(place, "json") for place in places]
    # Of several places a body is meant, where the method has one.
    if len(known) > 1 and frame.reader.route.method in _BODILESS:
        known = ["query" if place in ("values", "query", "json") else place for place in known]
    first = "json" if "json" in known else known[0] if known else "query"
    return part_of(Subject("query" if first == "values" else first), argument.name)


def _argument(argument: Any, frame: Frame, node: ast.AST) -> Value:
    subject = _subject(argument, frame)
    if subject.location == "json":
        root = Subject("json")
        frame.reader.journal.reads.append(Read(root, frame.place(node)))
        is_object(Asked(root), frame)
    cls = _class(argument.type)
    many = argument.action in ("append", "split")
    default = argument.default
    constant = default if isinstance(default, str | int | float | bool) else NO_DEFAULT
    _learn_values(argument, subject, many, frame)
    read = Read(subject, frame.place(node), cls or str, constant, many=many, spelling=argument.name)
    note_read(read, frame)
    one: Value = Asked(subject, cls)
    if cls is None:
        made = _made(argument.type)
        one = (
            frame.unknown(f"the type of the argument {argument.name} makes it", node)
            if made is None
            else made
        )
    value = Listing(one) if many else one
    if argument.required or constant is not NO_DEFAULT:
        return value
    return union((value, NONE if default is None else lift(default) if not callable(default) else NONE))


def _learn_values(argument: Any, subject: Subject, many: bool, frame: Frame) -> None:
    """What the parser demands of a value that was sent."""
    one = subject.at(None) if many else subject
    choices = argument.choices
    if isinstance(choices, list | tuple) and choices:
        frame.state.learn(Fact(one, "enum", tuple(choices)))
    low, high = getattr(argument.type, "low", None), getattr(argument.type, "high", None)
    if type(argument.type).__name__ == "int_range" and isinstance(low, int) and isinstance(high, int):
        frame.state.learn(Fact(one, "minimum", low), Fact(one, "maximum", high))


def _class(kind: Any) -> type | None:
    """The type that an argument has in the view, where it is one of Python's own."""
    if getattr(kind, "__module__", "").endswith(".reqparse"):
        return str  # what is taken where no type is given
    return next((plain for plain in _PLAIN if kind is plain), None)


def _made(kind: Any) -> Value | None:
    """What one of the `inputs` makes of a text."""
    name = getattr(kind, "__name__", type(kind).__name__)
    types = {"boolean": bool, "natural": int, "positive": int, "int_range": int, "url": str, "regex": str}
    return Typed(types[name]) if name in types else None
