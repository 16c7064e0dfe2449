"""Methods of values that the reader knows: strings, numbers, dates, dicts, lists, queries, responses."""

from __future__ import annotations

import ast
import datetime
import itertools
import json
from typing import Any

import flask
from flask.json.provider import JSONProvider
from werkzeug.exceptions import HTTPException

from apiver.reading.inference.frame import Arguments, Frame, argument
from apiver.reading.inference.models.members import static
from apiver.reading.inference.models.queries import (
    extension_method,
    is_extension,
    is_session,
    rows_method,
    session_method,
)
from apiver.reading.inference.models.schema_classes import schema_method
from apiver.reading.inference.models.sql import expression, expression_method, row_record, sql_function
from apiver.reading.inference.program import folding
from apiver.reading.inference.program.annotations import annotated, lookup_in
from apiver.reading.inference.program.container_methods import described_method, listing_method, record_method
from apiver.reading.inference.program.containers import put
from apiver.reading.inference.program.iteration import constants
from apiver.reading.inference.program.iterator_calls import chain_of
from apiver.reading.inference.program.library import CLASS_METHODS, METHOD_TYPES
from apiver.reading.inference.program.scope import GLOBALS, lift
from apiver.reading.inference.program.structure_calls import changed
from apiver.reading.inference.requests.asked_methods import (
    keys_method,
    matched,
    note_moment,
    request_method,
    request_part_method,
)
from apiver.reading.inference.requests.choices import note_constants
from apiver.reading.inference.requests.columns import note_conversion
from apiver.reading.inference.requests.form_classes import form_method
from apiver.reading.inference.requests.guards import httpauth
from apiver.reading.inference.requests.loading import loaded
from apiver.reading.inference.requests.secrets import setting
from apiver.reading.inference.requests.validators import is_validator, validator_method
from apiver.reading.inference.responses.flask_calls import dumps, send_static
from apiver.reading.inference.responses.replies import (
    HEADER_OF,
    HTML,
    add_headers,
    change_reply,
    jsonify,
    make_response,
    remove_header,
    set_header,
    status_of,
)
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Described,
    Expression,
    Field,
    JsonText,
    KeysOf,
    Known,
    Listing,
    Live,
    Method,
    Object,
    Page,
    Record,
    Ref,
    Reply,
    Rows,
    Tuple,
    Typed,
    Unknown,
    Value,
    options,
    union,
)
from apiver.reading.inference.values.structures import fields_of, is_named_tuple

_FOLDED = frozenset(
    [
        "lower",
        "upper",
        "strip",
        "lstrip",
        "rstrip",
        "split",
        "replace",
        "startswith",
        "endswith",
        "title",
        "removeprefix",
        "join",
    ]
)


def call_method(method: Method, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """The value of `receiver.name(...)`."""
    receiver, name = method.receiver, method.name
    if isinstance(receiver, Method):
        return _of_part(receiver, name, arguments, frame, node)
    content = frame.state.cell(receiver)
    if isinstance(content, Object):
        checked = form_method(content, name, frame, node)
        if checked is not None:
            return checked
    if is_validator(_class_of(content)):
        return validator_method(receiver, name, arguments, frame, node)
    if isinstance(content, Live):
        made = loaded(content.object, name, arguments, frame, node)
        if made is not None:
            return made
    if isinstance(content, Known | Live):
        computed = folding.method(receiver, name, arguments, frame, node)
        if computed is not None:
            return computed
    if isinstance(content, Asked):
        return request_part_method(content, name, arguments, frame, node)
    if isinstance(content, Described):
        return described_method(receiver, content, name, arguments, frame, node)
    if isinstance(content, Record):
        return record_method(receiver, content, name, arguments, frame, node)
    if isinstance(content, Listing):
        return listing_method(receiver, content, name, arguments, frame, node)
    if isinstance(content, Tuple) and content.columns and name in ("_asdict", "_tuple", "tuple"):
        if name != "_asdict":
            return content
        return frame.allocate(row_record(content))
    if isinstance(content, Tuple):
        return (
            Typed(int) if name in ("index", "count") else frame.unknown(f"tuple.{name} is not read yet", node)
        )
    if isinstance(content, Reply):
        found = change_reply(receiver, name, arguments, frame, node) if isinstance(receiver, Ref) else None
        return (
            found if found is not None else frame.unknown(f"the response method {name} is not read yet", node)
        )
    if isinstance(content, Expression):
        return expression_method(content, name, arguments)
    if isinstance(content, Rows):
        return rows_method(content, name, arguments, frame, node)
    if isinstance(content, Page):
        return Listing(union((Typed(int), NONE))) if name == "iter_pages" else content
    if isinstance(content, Known):
        return _of_constant(content, name, arguments, frame, node)
    if isinstance(content, KeysOf):
        return keys_method(content, name, arguments, frame, node)
    if isinstance(content, JsonText):
        return content if name in ("encode", "strip") else _of_type(Typed(str), name, arguments, frame, node)
    if isinstance(content, Live):
        return _of_live(content.object, name, arguments, frame, node)
    if receiver == GLOBALS and isinstance(content, Object) and name in ("get", "pop", "setdefault"):
        return _of_globals(content, arguments, frame, node)
    if isinstance(content, Object | Typed):
        return _of_type(content, name, arguments, frame, node)
    return frame.unknown(f"the method {name} is not read yet", node)


def _class_of(content: Value) -> type | None:
    if isinstance(content, Live) and not isinstance(content.object, type):
        return type(content.object)
    return content.cls if isinstance(content, Object) else None


def _of_globals(content: Object, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`g.get("version", 1)`."""
    name = argument(arguments, 0, "name")
    if not (isinstance(name, Known) and isinstance(name.value, str)):
        return frame.unknown("g is read under a name that is not a constant", node)
    held = content.attributes.get(name.value)
    if held is None:
        return frame.unknown(f"g.{name.value} is set where the reading does not get to", node)
    sure = content.surely(name.value) is not None
    return held if sure else union((held, argument(arguments, 1, "default")))


def _of_part(part: Method, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`response.headers.add(...)`, `app.logger.info(...)`: a method of an attribute."""
    if part.name == "headers":
        if name in ("pop", "remove", "clear"):
            remove_header(part.receiver, argument(arguments, 0, "key"), frame)
            return Typed(str) if name == "pop" else NONE
        if name in ("add", "set", "setdefault", "add_header", "__setitem__"):
            set_header(
                part.receiver, argument(arguments, 0, "key"), argument(arguments, 1, "value"), frame, node
            )
            return NONE
        if name in ("update", "extend"):
            for option in options(part.receiver):
                if isinstance(option, Ref):
                    add_headers(option, argument(arguments, 0, "headers"), frame, node)
            return NONE
        if name == "get":
            return union((Typed(str), NONE))
    if part.name in HEADER_OF and isinstance(frame.state.cell(part.receiver), Reply):
        set_header(part.receiver, Known(HEADER_OF[part.name]), Typed(str), frame, node)
        return NONE
    if name == "best_match":
        note_constants(part, constants(argument(arguments, 0, "matches"), frame) or (), frame, node)
    return frame.unknown(f"{part.name}.{name}() is not read yet", node)


def _of_constant(value: Known, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    plain = value.value
    given = arguments.positional
    plainly = all(isinstance(item, Known) and type(item.value) in (str, int) for item in given)
    if type(plain) is str and name in _FOLDED and plainly and not arguments.keywords:
        result = getattr(plain, name)(*(item.value for item in given if isinstance(item, Known)))
        return lift(result) if len(str(result)) < 500 else Typed(type(result))
    return _of_type(Typed(type(plain)), name, arguments, frame, node)


# What `strftime` writes as RFC 3339 has it. `%z` gives no colon in the offset, so that it is none.
_MOMENTS = {
    "%Y-%m-%d": "date",
    "%Y-%m-%dT%H:%M:%SZ": "date-time",
    "%Y-%m-%dT%H:%M:%S.%fZ": "date-time",
    "%Y-%m-%dT%H:%M:%S+00:00": "date-time",
}


def _of_type(value: Typed | Object, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    if name == "strftime" and issubclass(value.cls, datetime.date):
        pattern = argument(arguments, 0, "format")
        written = _MOMENTS.get(pattern.value) if isinstance(pattern, Known) else None
        return Typed(str, (("format", written),) if written else ())
    for parent in value.cls.__mro__:
        table = METHOD_TYPES.get(parent)
        if table is not None and name in table:
            return Typed(table[name] or parent)
    if issubclass(value.cls, str | bytes):
        return _of_string(value.cls, name, frame, node)
    if value.cls is datetime.date and name in ("isoformat", "__str__"):
        # RFC 3339 full-date. A datetime may come without an offset, so that it is no RFC 3339 date-time.
        return Typed(str, (("format", "date"),))
    if is_session(value.cls):
        return session_method(name, arguments, frame, node)
    if is_named_tuple(value.cls) and name == "_asdict":
        found = fields_of(value, frame.state) or {}
        return frame.allocate(Record({key: Field(held) for key, held in found.items()}))
    if is_named_tuple(value.cls) and name == "_replace":
        return changed(value, arguments.keywords, frame, node)
    if issubclass(value.cls, json.JSONEncoder) and name == "encode":
        return JsonText(argument(arguments, 0, "o"))
    if issubclass(value.cls, HTTPException) and name == "get_response":
        code = status_of(frame.reader.attribute(value, "code", frame, node), frame, node)
        return frame.allocate(Reply(code, Known(HTML), Typed(str), False, place=frame.place(node)))
    if issubclass(value.cls, HTTPException) and name in ("get_body", "get_description"):
        return Typed(str)
    if issubclass(value.cls, HTTPException):
        return frame.unknown(f"HTTPException.{name} is not read yet", node)
    if name in ("__str__", "__repr__", "__format__"):
        return Typed(str)
    dumped = schema_method(value, value.cls, name, arguments, frame, node)
    if dumped is not None:
        return dumped
    stated = _stated(value.cls, name, frame)
    return stated or frame.unknown(f"{value.cls.__name__}.{name}() is not read yet", node)


def _stated(cls: type, name: str, frame: Frame) -> Value | None:
    function = static(cls, name)
    stated = getattr(function, "__annotations__", {}).get("return") if callable(function) else None
    return annotated(stated, lookup_in(cls)) if stated is not None else None


def _of_string(cls: type, name: str, frame: Frame, node: ast.AST) -> Value:
    if name in ("split", "rsplit", "splitlines"):
        return frame.allocate(Listing(Typed(cls)))
    if name in ("partition", "rpartition"):
        return Tuple((Typed(cls), Typed(cls), Typed(cls)))
    return frame.unknown(f"str.{name} is not read yet", node)


def _of_live(owner: Any, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    if owner is flask.request:
        return request_method(name, arguments, frame, node)
    if isinstance(owner, type):
        return _of_class(owner, name, arguments, frame, node)
    if is_extension(owner):
        found = extension_method(name, arguments, frame, node)
        if found is not None:
            return found
    if is_session(type(owner)):
        return session_method(name, arguments, frame, node)
    if type(owner).__module__ == httpauth.MODULE and name == "current_user":
        return httpauth.current_user(frame, node)
    if (
        isinstance(type(owner), type)
        and issubclass(type(owner), JSONProvider)
        and name in ("dumps", "response")
    ):
        return jsonify(arguments, frame, node) if name == "response" else dumps(arguments, frame, node)
    if isinstance(owner, json.JSONEncoder) and name == "encode":
        return JsonText(argument(arguments, 0, "o"))
    if type(owner).__name__ == "_FunctionGenerator":
        return sql_function(name, arguments)
    if type(owner).__module__.startswith("sqlalchemy"):
        found = expression(Live(owner))
        if found is not None:
            return expression_method(found, name, arguments)
        return Unknown("an SQL expression", frame.place(node))
    if type(owner) is dict and name in ("items", "keys", "values") and owner:
        return folding.listed(owner, name)
    if isinstance(type(owner), type) and issubclass(type(owner), dict) and name == "get":
        key, default = argument(arguments, 0, "key"), argument(arguments, 1, "default")
        found = folding.entry(owner, key, frame.state)
        if found is None and type(owner) is dict:
            return union((*map(lift, owner.values()), default))
        if found in (None, folding.MISSING):
            # It may be set where the app is served.
            unset = frame.unknown("it was not set when the app was loaded", node)
            return default if len(arguments.positional) > 1 or arguments.keywords else unset
        return setting(owner, key, found)
    if issubclass(type(owner), flask.Flask):
        if name == "make_response":
            return make_response(arguments, frame, node)
        if name == "send_static_file":
            return send_static(arguments, frame, node)
    if type(owner).__module__.startswith("logging"):
        return NONE
    if name in ("match", "fullmatch", "search") and type(owner).__name__ == "Pattern":
        return matched(owner.pattern, name, argument(arguments, 0, "string"), frame, node, flags=owner.flags)
    written = schema_method(Live(owner), type(owner), name, arguments, frame, node)
    if written is not None:
        return written
    stated = _stated(type(owner), name, frame)
    return stated or frame.unknown(f"{type(owner).__name__}.{name}() is not read yet", node)


def _of_class(owner: type, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    if (owner, name) in CLASS_METHODS:
        if name == "fromisoformat":
            note_conversion(argument(arguments, 0, "value"), owner, frame, node)
        if name == "strptime":
            note_moment(arguments, frame, node)
        return Typed(CLASS_METHODS[owner, name])
    for parent in owner.__mro__:
        if name in METHOD_TYPES.get(parent, {}) and arguments.positional:
            rest = Arguments(arguments.positional[1:], arguments.keywords)
            method = frame.reader.attribute(arguments.positional[0], name, frame, node)
            return frame.reader.call(method, rest, frame, node)
    if owner is itertools.chain and name == "from_iterable":
        return chain_of(arguments, frame, node)
    if owner is dict and name == "fromkeys":
        keys = constants(argument(arguments, 0, "keys"), frame)
        made = frame.allocate(Record())
        for key in keys or (Typed(str),):
            put(made, key, argument(arguments, 1, "value"), frame, node)
        return made
    written = schema_method(Live(owner), owner, name, arguments, frame, node)
    if written is not None:
        return written
    stated = _stated(owner, name, frame)
    return stated or frame.unknown(f"{owner.__name__}.{name}() is not read yet", node)
