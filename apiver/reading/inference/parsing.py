"""`parser.parse_args()` of Flask-RESTful, flask-restx and flask-restplus: what it reads of the request."""

from __future__ import annotations

import ast
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest

from apiver.reading.inference.asking import COLLECTIONS, is_object
from apiver.reading.inference.facts import PRESENT, Fact, Subject
from apiver.reading.inference.frame import NO_DEFAULT, Frame, Read
from apiver.reading.inference.presence import note_read, part_of
from apiver.reading.inference.scope import lift
from apiver.reading.inference.shapes import (
    NONE,
    Asked,
    Field,
    Label,
    Listing,
    Object,
    Record,
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


def parsed(parser: Any, frame: Frame, node: ast.AST) -> Value:
    """The arguments that a parser hands out; a request that it refuses ends in a 400."""
    fields: dict[str, Field] = {}
    for argument in parser.args:
        value = _argument(argument, frame, node)
        fields[str(argument.dest or argument.name)] = Field(value, bool(argument.store_missing))
    texts: Value = Record({}, rest=Typed(str))
    data = {"errors": Field(texts), "message": Field(Typed(str))}
    if type(parser).__module__.startswith("flask_restful"):
        data = {"message": Field(texts)}
    frame.may_raise(Object(BadRequest, {"data": Record(data, label=REFUSAL)}), frame.place(node))
    for argument in parser.args:
        if argument.required:
            frame.state.learn(Fact(_subject(argument, frame), PRESENT))
    return frame.allocate(Parsed(fields))


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
    cls = argument.type if argument.type in _PLAIN else None
    many = argument.action in ("append", "split")
    default = argument.default
    constant = default if isinstance(default, str | int | float | bool) else NO_DEFAULT
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


def _made(kind: Any) -> Value | None:
    """What one of the `inputs` makes of a text."""
    name = getattr(kind, "__name__", type(kind).__name__)
    types = {"boolean": bool, "natural": int, "positive": int, "int_range": int, "url": str, "regex": str}
    return Typed(types[name]) if name in types else None
