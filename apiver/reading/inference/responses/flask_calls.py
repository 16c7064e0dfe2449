"""What Flask's own functions mean. They are told by identity, so an alias is the same function."""

from __future__ import annotations

import ast
import json
import mimetypes
import sys
from collections.abc import Callable

import flask
import werkzeug.exceptions
import werkzeug.security
import werkzeug.utils
from flask.json.provider import _default
from werkzeug.exceptions import NotFound

from apiver.reading.inference.frame import Arguments, Frame, argument
from apiver.reading.inference.program.exceptions import abort
from apiver.reading.inference.requests.columns import note_conversion
from apiver.reading.inference.responses.encoding import encoded, provider_default
from apiver.reading.inference.responses.replies import jsonify, make_response, status_of
from apiver.reading.inference.values.facts import PRESENT, Fact, Subject
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Header,
    JsonText,
    Known,
    Live,
    Object,
    Reply,
    Stream,
    Typed,
    Value,
)

Rule = Callable[[Arguments, Frame, ast.AST], Value]


def _redirect(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    place = frame.place(node)
    status = status_of(argument(arguments, 1, "code", Known(302)), frame, node)
    location = Header(Typed(str), True, place)
    return frame.allocate(Reply(status, Known("text/html"), Typed(str), False, {"Location": location}, place))


def _send_file(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return _file(argument(arguments, 1, "mimetype"), arguments, 0, frame, node)


def _send_from_directory(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    frame.may_raise(Object(NotFound, {}), frame.place(node))
    return _file(argument(arguments, 9, "mimetype"), arguments, 1, frame, node)


def send_static(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`app.send_static_file(filename)`."""
    frame.may_raise(Object(NotFound, {}), frame.place(node))
    return _file(NONE, arguments, 0, frame, node)


def _file(mimetype: Value, arguments: Arguments, position: int, frame: Frame, node: ast.AST) -> Value:
    place = frame.place(node)
    media = mimetype
    if mimetype == NONE:
        name = argument(arguments, 99, "download_name")
        if name == NONE:
            name = argument(arguments, position, "path_or_file")
        media = _media_of_name(name, frame, node)
    headers = {}
    if argument(arguments, 99, "as_attachment", Known(False)) != Known(False):
        headers["Content-Disposition"] = Header(Typed(str), True, place)
    return frame.allocate(Reply(Known(200), media, Typed(bytes), False, headers, place))


def _media_of_name(name: Value, frame: Frame, node: ast.AST) -> Value:
    if isinstance(name, Known) and isinstance(name.value, str):
        # Without the files of the machine: the answer must be the same everywhere.
        guessed = mimetypes.MimeTypes().guess_type(name.value)[0]
        return Known(guessed or "application/octet-stream")
    return frame.unknown("the media type follows from the name of the file", node)


def _stream(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return Stream("the body is produced while it is sent")


def _template(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return Typed(str)


def dumps(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`json.dumps(value, default=..., cls=...)`."""
    value = argument(arguments, 0, "obj")
    default, cls = arguments.keywords.get("default", NONE), arguments.keywords.get("cls", NONE)
    if isinstance(cls, Live) and isinstance(cls.object, type):
        default = frame.reader.attribute(Object(cls.object, {}), "default", frame, node)
    if default == NONE:
        return JsonText(value)
    return JsonText(encoded(frame.state.frozen(value), default, frame, node))


def _loads(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    value = argument(arguments, 0, "s")
    if isinstance(value, Asked) and value.subject.location == "raw":
        frame.state.learn(Fact(Subject("json"), PRESENT))
        return Asked(Subject("json"))
    if isinstance(value, JsonText):
        return value.value
    return frame.unknown("it is parsed from JSON text", node)


def _nothing(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return NONE


def _after_this_request(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return argument(arguments, 0, "f")


def flask_rules() -> dict[int, Rule]:
    """The rules by the identity of the function that they are about."""
    return {
        id(flask.jsonify): jsonify,
        id(flask.abort): abort,
        id(flask.make_response): make_response,
        id(flask.redirect): _redirect,
        id(flask.send_file): _send_file,
        id(flask.send_from_directory): _send_from_directory,
        id(flask.stream_with_context): _stream,
        id(flask.stream_template): _stream,
        id(flask.render_template): _template,
        id(flask.render_template_string): _template,
        id(flask.flash): _nothing,
        id(flask.after_this_request): _after_this_request,
        id(flask.json.dumps): dumps,
        id(flask.json.loads): _loads,
        id(json.dumps): dumps,
        id(_default): provider_default,
        id(json.loads): _loads,
        **_werkzeug_rules(),
        **_other_dumps(),
    }


def _password_hash(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    note_conversion(argument(arguments, 0, "password"), str, frame, node)
    return Typed(str)


def _other_dumps() -> dict[int, Rule]:
    """`dumps` of the libraries that the app has loaded in place of `json`."""
    found = [
        getattr(sys.modules.get(name), "dumps", None)
        for name in ("orjson", "ujson", "simplejson", "rapidjson")
    ]
    return {id(live): dumps for live in found if live is not None}


def _werkzeug_rules() -> dict[int, Rule]:
    return {
        id(werkzeug.security.generate_password_hash): _password_hash,
        id(werkzeug.exceptions.abort): abort,
        id(werkzeug.utils.redirect): _redirect,
    }
