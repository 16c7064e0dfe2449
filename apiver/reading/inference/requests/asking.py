"""Where a program asks for a part of the request: `args.get`, `json["k"]`, `headers`, `files` ..."""

from __future__ import annotations

import ast
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, BadRequestKeyError, UnsupportedMediaType
from werkzeug.routing import Rule

from apiver.reading.inference.conditions.truth import truth
from apiver.reading.inference.frame import NO_DEFAULT, Arguments, Frame, Read, argument
from apiver.reading.inference.program.operators import type_of
from apiver.reading.inference.program.scope import CHECKED, VIEW_ARGUMENTS
from apiver.reading.inference.requests.pins import is_at_root, pinned, pinned_attribute
from apiver.reading.inference.requests.presence import (
    note_read,
    part_of,
    place_of_key,
    takes_form,
    value_class,
)
from apiver.reading.inference.values.facts import FILLED_IN, PRESENT, SET, Fact, Subject
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    KeysOf,
    Known,
    Listing,
    Live,
    Method,
    Object,
    Record,
    Ref,
    Tuple,
    Typed,
    Value,
    options,
    union,
)

COLLECTIONS = {
    "args": "query",
    "form": "form",
    "values": "values",
    "files": "file",
    "headers": "header",
    "cookies": "cookie",
}
# `Content-Type`, `Accept` and `Authorization` are no parameters (OpenAPI 3.1, Parameter Object).
_TEXTS = (
    "path full_path url base_url host_url url_root root_url host scheme query_string root_path script_root "
    "remote_addr"
)
_ATTRIBUTES: dict[str, Value] = {
    **{name: Typed(str) for name in _TEXTS.split()},
    "mimetype": Typed(str),
    "content_type": union((Typed(str), NONE)),
    "referrer": union((Typed(str), NONE)),
    "content_length": union((Typed(int), NONE)),
    "is_json": Typed(bool),
    "is_secure": Typed(bool),
}


def request_attribute(name: str, frame: Frame, node: ast.AST) -> Value | None:
    """The value of `request.name`; None where nothing is known of it."""
    route = frame.reader.route
    if name in COLLECTIONS:
        frame.reader.journal.opened.append((COLLECTIONS[name], frame.place(node)))
    if name == "values" and not takes_form(route.method):
        return Asked(Subject("query"))
    if name in COLLECTIONS:
        return Asked(Subject(COLLECTIONS[name]))
    if name == "json":
        return whole_body(Arguments(), frame, node)
    if name == "authorization":
        subject = Subject("header", ("authorization",))
        frame.reader.journal.reads.append(Read(subject, frame.place(node)))
        return Asked(subject, None, nullable=True)
    if name in ("data", "stream", "input_stream"):
        frame.reader.journal.reads.append(Read(Subject("raw"), frame.place(node)))
        return Asked(Subject("raw"), bytes)
    pinned = {"method": route.method, "endpoint": route.endpoint, "blueprint": _blueprint(frame)}
    if name in pinned:
        return Known(pinned[name])
    if name == "url_rule" and is_at_root(frame):
        return Object(Rule, {"rule": Known(route.rule), "endpoint": Known(route.endpoint)})
    if name == "view_args":
        return VIEW_ARGUMENTS if VIEW_ARGUMENTS.address in frame.state.heap else Typed(dict)
    checked = frame.state.heap.get(CHECKED.address)
    if isinstance(checked, Object) and name in checked.attributes:
        return checked.attributes[name]
    return pinned_attribute(name, frame, node) or _ATTRIBUTES.get(name)


def _blueprint(frame: Frame) -> str | None:
    # Werkzeug's endpoint says it: everything before the last dot.
    return frame.reader.route.endpoint.rpartition(".")[0] or None


def whole_body(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`request.get_json(force, silent)` and `request.json`."""
    subject, place = Subject("json"), frame.place(node)
    frame.reader.journal.reads.append(Read(subject, place))
    force = argument(arguments, 0, "force", Known(False)) == Known(True)
    silent = argument(arguments, 1, "silent", Known(False)) == Known(True)
    if silent:
        return Asked(subject, nullable=True)
    frame.may_raise(Object(BadRequest, {}), place)
    if not force:
        frame.may_raise(Object(UnsupportedMediaType, {}), place)
    frame.state.learn(Fact(subject, PRESENT))
    return Asked(subject)


def read_key(subject: Subject, key: str, frame: Frame, node: ast.AST, *, required: bool) -> Value:
    """`collection[key]`: the path goes on only where the key was sent."""
    child = part_of(subject, key)
    known = pinned(child, frame, node)
    if known is not None:
        return known
    if Fact(child, SET) in frame.state.facts:
        return frame.unknown(f"the program puts {key} there by itself", node)
    cls = value_class(child)
    note_read(Read(child, place_of_key(key, frame, node), cls, spelling=key), frame)
    if subject.path:
        is_object(Asked(subject), frame)
    if Fact(child, FILLED_IN) in frame.state.facts:
        return _perhaps_own(child, cls, frame, node)
    if required and child.location not in ("json", "session"):
        frame.may_raise(Object(BadRequestKeyError, {}), frame.place(node))
    if required:
        frame.state.learn(Fact(child, PRESENT))
    return Asked(child, cls)


def _perhaps_own(child: Subject, cls: type | None, frame: Frame, node: ast.AST) -> Value:
    """A part in whose place the program may have put a value: it need not have been sent."""
    if child.location == "session":
        return frame.unknown("the program may have put it into the session by itself", node)
    return Asked(child, cls, exact=False)


def ask(asked: Asked, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value | None:
    """A call of a method of a mapping that the client sent; None where it is no such method."""
    if name in ("get", "pop", "setdefault"):
        return union(
            _get(asked, key, name, arguments, frame, node) for key in options(argument(arguments, 0, "key"))
        )
    if name == "getlist":
        return _get_list(asked, arguments, frame, node)
    if name == "keys":
        is_object(asked, frame)
        return KeysOf(asked.subject)
    if name in ("to_dict", "copy"):
        return asked
    if name in ("items", "values"):
        is_object(asked, frame)
        held: Value = Typed(str)
        key = Asked(asked.subject.at(None), str)
        if asked.subject.location == "json":
            held = frame.unknown("it is read from the request under a key that is not a constant", node)
        return Listing(Tuple((key, held)), pairs_of=asked) if name == "items" else Listing(held)
    return None


def is_object(asked: Asked, frame: Frame) -> None:
    """Learn that JSON which the client sent is an object: another value ends in an error."""
    if asked.subject.location == "json":
        frame.state.learn(Fact(asked.subject, "type", ("object",)))


def _get(asked: Asked, key: Value, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    if not (isinstance(key, Known) and isinstance(key.value, str)):
        is_object(asked, frame)
        return frame.unknown(
            f"the {asked.subject.location} is read under a name that is not a constant", node
        )
    child = part_of(asked.subject, key.value)
    if Fact(child, SET) in frame.state.facts:
        return frame.unknown(f"the program puts {key.value} there by itself", node)
    if asked.subject.path:
        is_object(asked, frame)
    default = arguments.get(1, "default")
    converter = arguments.get(2, "type") if asked.subject.location != "json" else None
    known = pinned(child, frame, node)
    if known is not None:
        return known if converter is None else frame.reader.call(converter, Arguments((known,)), frame, node)
    cls = value_class(child)
    if converter is not None:
        cls = converted_class(converter, Asked(child, str), frame, node) or cls
    if name == "pop" and default is None:
        return read_key(asked.subject, key.value, frame, node, required=True)
    place = place_of_key(key.value, frame, node)
    plain = _constant(default, frame)
    lenient = converter is not None
    if name == "setdefault":
        frame.state.learn(Fact(child, FILLED_IN))
    note_read(Read(child, place, cls, plain, spelling=key.value, lenient=lenient), frame)
    if child.location == "session" and Fact(child, FILLED_IN) in frame.state.facts:
        return _perhaps_own(child, cls, frame, node)
    if default is None or default == NONE:
        return Asked(child, cls, nullable=True)
    if isinstance(default, Known | Ref | Record | Listing | Tuple):
        return Asked(child, cls, instead=constant_default(default, frame))
    return union((Asked(child, cls), default))


def constant_default(default: Value, frame: Frame) -> Known | None:
    """A default as a constant, if it is one: `()` for an empty list or dict."""
    content = frame.state.cell(default)
    if isinstance(content, Known):
        return content
    empty = isinstance(content, Record | Listing | Tuple) and truth(content, frame.state) is False
    return Known(()) if empty else None


def _constant(default: Value | None, frame: Frame) -> Any:
    if default is None or default == NONE:
        return NO_DEFAULT
    content = frame.state.cell(default)
    if isinstance(content, Known):
        return getattr(content.value, "value", content.value)
    return NO_DEFAULT


def converted_class(converter: Value, value: Value, frame: Frame, node: ast.AST) -> type | None:
    """The type that a converter (`type=int`, a function of the program) makes of a string."""
    if isinstance(converter, Live) and isinstance(converter.object, type):
        return converter.object
    made = frame.reader.call(converter, Arguments((value,)), frame, node)
    kinds = {type_of(frame.state.cell(option)) for option in options(made) if option != NONE}
    return kinds.pop() if len(kinds) == 1 else None


def _get_list(asked: Asked, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    key = argument(arguments, 0, "key")
    if not (isinstance(key, Known) and isinstance(key.value, str)):
        return frame.unknown(
            f"the {asked.subject.location} is read under a name that is not a constant", node
        )
    child = part_of(asked.subject, key.value)
    known = pinned(child, frame, node)
    if known is not None:
        return Listing(known, (known,))
    converter = arguments.get(1, "type")
    cls = value_class(child)
    if converter is not None:
        cls = converted_class(converter, Asked(child, str), frame, node) or cls
    place, lenient = place_of_key(key.value, frame, node), converter is not None
    note_read(Read(child, place, cls, many=True, spelling=key.value, lenient=lenient), frame)
    if cls is str:
        return Asked(child, list, instead=Known(()))  # an empty list where nothing was sent
    return Listing(Typed(cls or str))


def asked_attribute(asked: Asked, name: str, frame: Frame, node: ast.AST) -> Value:
    """An attribute of a part of the request."""
    if asked.cls is FileStorage:
        if name == "filename":
            return Asked(asked.subject, str, exact=False)
        if name == "name":
            return Typed(str)
        if name in ("mimetype", "content_type"):
            return Typed(str)
        if name == "content_length":
            return Typed(int)
    whole = asked.subject == Subject("header", ("authorization",)) and asked.cls is None
    if whole and name in ("username", "password", "token", "type"):
        if name != "type":
            scheme = "bearer" if name == "token" else "basic"
            frame.reader.journal.schemes.append((scheme, frame.place(node)))
        return Asked(asked.subject, str, nullable=True, exact=False)
    return Method(asked, name)
