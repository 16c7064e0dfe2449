"""Responses that the program builds and changes: `jsonify`, `make_response`, `Response`, their headers."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from http import HTTPStatus

from apiver.contract.document import Place
from apiver.reading.inference.frame import Arguments, Frame, argument
from apiver.reading.inference.program.scope import lift
from apiver.reading.inference.values.described import opened
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Described,
    Field,
    Header,
    JsonText,
    Known,
    Listing,
    Live,
    Record,
    Ref,
    Reply,
    Stream,
    Tuple,
    Typed,
    Union,
    Unknown,
    Value,
    mapped,
    options,
    union,
)

NO_RESPONSE = "the view may return None, which Flask refuses"
JSON = "application/json"
HTML = "text/html"


def jsonify(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`flask.jsonify`: one argument is the body, several are an array, keywords an object."""
    body: Value
    if arguments.open is not None:
        body = arguments.open
    elif arguments.keywords:
        fields = {
            key: Field(value, key not in arguments.optional, frame.place(node))
            for key, value in arguments.keywords.items()
        }
        body = frame.allocate(Record(_placed(fields, frame, node)))
    elif not arguments.positional:
        body = NONE
    elif len(arguments.positional) == 1:
        body = arguments.positional[0]
    else:
        body = Listing(union(arguments.positional), arguments.positional)
    return frame.allocate(Reply(Known(200), Known(JSON), body, True, place=frame.place(node)))


def _placed(fields: dict[str, Field], frame: Frame, node: ast.AST) -> dict[str, Field]:
    lines = {keyword.arg: keyword.value for keyword in getattr(node, "keywords", ()) if keyword.arg}
    return {
        key: replace(entry, place=frame.place(lines[key])) if key in lines else entry
        for key, entry in fields.items()
    }


def response(arguments: Arguments, frame: Frame, node: ast.AST, default_media: str = HTML) -> Value:
    """`flask.Response(body, status, headers, mimetype, content_type)`."""
    body = argument(arguments, 0, "response")
    given = arguments.get(3, "mimetype")
    media = given if given not in (None, NONE) else argument(arguments, 4, "content_type", NONE)
    reply = Reply(
        status_of(argument(arguments, 1, "status", Known(200)), frame, node),
        Known(default_media) if media == NONE else _media(media),
        None if body == NONE else body,
        False,
        place=frame.place(node),
    )
    made = frame.allocate(_json_text(reply, frame))
    headers = arguments.get(2, "headers")
    if headers is not None:
        add_headers(made, headers, frame, node)
    return made


def _json_text(reply: Reply, frame: Frame) -> Reply:
    body = reply.body
    if isinstance(body, Known) and isinstance(body.value, str | bytes):
        body = _parsed(body.value) or body
    if isinstance(body, JsonText) and isinstance(reply.media, Known) and "json" in str(reply.media.value):
        return replace(reply, body=body.value, json=True)
    return reply


def _parsed(text: str | bytes) -> Value | None:
    """A JSON text that is written out in the program."""
    try:
        return JsonText(lift(json.loads(text)))
    except ValueError:
        return None


def _media(value: Value) -> Value:
    if isinstance(value, Known) and isinstance(value.value, str):
        return Known(value.value.partition(";")[0].strip())
    return value


def status_of(value: Value, frame: Frame, node: ast.AST) -> Value:
    """A status given as an int, an `HTTPStatus`, or a string such as "404 NOT FOUND"."""
    results: list[Value] = []
    for option in options(value):
        if isinstance(option, Known) and isinstance(option.value, HTTPStatus | int):
            results.append(Known(int(option.value)))
        elif isinstance(option, Known) and isinstance(option.value, str) and option.value[:3].isdigit():
            results.append(Known(int(option.value[:3])))
        elif option == NONE:
            results.append(Known(200))
        else:
            results.append(frame.unknown("the status is computed", node))
    return union(results)


def make_response(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`flask.make_response`, and what Flask does with what a view returns."""
    if not arguments.positional:
        return frame.allocate(Reply(Known(200), Known(HTML), None, False, place=frame.place(node)))
    value = arguments.positional[0] if len(arguments.positional) == 1 else Tuple(arguments.positional)
    return reply_of(value, frame, node)


def reply_of(value: Value, frame: Frame, node: ast.AST, place: Place | None = None) -> Value:
    """The response that Flask makes of `value` (`Flask.make_response`), as a cell or an unknown."""
    said = frame.reader.places.get(value)
    place = said or place or frame.place(node)
    content = frame.state.cell(value)
    if isinstance(content, Union):
        return mapped(content, lambda option: reply_of(option, frame, node, place))
    if isinstance(content, Reply):
        made = value if isinstance(value, Ref) else frame.allocate(content)
        if said is not None:
            frame.state.heap[made.address] = replace(content, place=said)
        return made
    if isinstance(content, Tuple):
        return _of_tuple(content, frame, node, place, said)
    if isinstance(content, Unknown):
        return content
    if isinstance(content, Live):
        return frame.unknown("it is answered by an object of the program", node)
    if content == NONE:
        return frame.unknown(NO_RESPONSE, node)
    if _is_json(content):
        return frame.allocate(Reply(Known(200), Known(JSON), value, True, place=place))
    if isinstance(content, Stream | JsonText) or getattr(content, "cls", str) in (str, bytes):
        return frame.allocate(Reply(Known(200), Known(HTML), value, False, place=place))
    return frame.unknown("the view returns a value of which Flask makes no response", node)


def _is_json(content: Value) -> bool:
    if isinstance(content, Asked):
        return content.subject.location == "json" and content.cls in (None, dict, list)
    if isinstance(content, Described):
        return not isinstance(opened(content), Typed)
    return isinstance(content, Record | Listing) or getattr(content, "cls", None) in (dict, list)


def _of_tuple(value: Tuple, frame: Frame, node: ast.AST, place: Place, said: Place | None) -> Value:
    items = value.items
    status: Value | None = None
    headers: Value | None = None
    if len(items) == 3:
        status, headers = items[1], items[2]
    elif len(items) == 2:
        second = frame.state.cell(items[1])
        if isinstance(second, Record | Listing | Tuple):
            headers = items[1]
        else:
            status = items[1]
    else:
        return frame.unknown("the view returns a tuple that Flask refuses", node)

    def answered(option: Value) -> Value:
        if isinstance(option, Unknown):
            # The body could not be read; the status still can.
            option = frame.allocate(Reply(Known(200), option, option, False, place=place))
        cell = frame.state.cell(option)
        if not isinstance(cell, Reply):
            return option
        cell = replace(cell, place=said or cell.place)
        if status is not None and status != NONE:
            cell = replace(cell, status=status_of(status, frame, node))
        copy = frame.allocate(cell)
        if headers is not None:
            add_headers(copy, headers, frame, node)
        return copy

    return mapped(reply_of(items[0], frame, node, place), answered)


def add_headers(reply: Ref, headers: Value, frame: Frame, node: ast.AST) -> None:
    """Put a dict or a list of pairs into the headers of a response."""
    content = frame.state.cell(headers)
    if isinstance(content, Record):
        for key, entry in content.fields.items():
            set_header(reply, Known(key), entry.value, frame, node, entry.place, entry.required)
    items = content.items if isinstance(content, Tuple) else getattr(content, "exact", None)
    for item in items or ():
        pair = frame.state.cell(item)
        if isinstance(pair, Tuple) and len(pair.items) == 2:
            set_header(reply, pair.items[0], pair.items[1], frame, node)


def set_header(
    owner: Value,
    name: Value,
    value: Value,
    frame: Frame,
    node: ast.AST,
    place: Place | None = None,
    required: bool = True,
) -> None:
    """`response.headers[name] = value`. `Content-Type` sets the media type."""
    if not (isinstance(name, Known) and isinstance(name.value, str)):
        return
    for option in options(owner):
        cell = frame.state.cell(option)
        if not (isinstance(option, Ref) and isinstance(cell, Reply)):
            continue
        if name.value.lower() == "content-type":
            frame.state.heap[option.address] = _json_text(replace(cell, media=_media(value)), frame)
            continue
        held = dict(cell.headers)
        spelled = next((key for key in held if key.lower() == name.value.lower()), name.value)
        held[spelled] = Header(value, required, place or frame.place(node))
        frame.state.heap[option.address] = replace(cell, headers=held)


# The attributes of a response that are headers (Werkzeug's `Response`).
HEADER_OF = {
    "location": "Location",
    "last_modified": "Last-Modified",
    "expires": "Expires",
    "age": "Age",
    "retry_after": "Retry-After",
    "vary": "Vary",
    "allow": "Allow",
    "cache_control": "Cache-Control",
    "accept_ranges": "Accept-Ranges",
    "content_language": "Content-Language",
    "content_location": "Content-Location",
    "content_encoding": "Content-Encoding",
    "content_security_policy": "Content-Security-Policy",
    "www_authenticate": "WWW-Authenticate",
    "access_control_allow_origin": "Access-Control-Allow-Origin",
    "access_control_allow_headers": "Access-Control-Allow-Headers",
    "access_control_allow_methods": "Access-Control-Allow-Methods",
    "access_control_allow_credentials": "Access-Control-Allow-Credentials",
    "access_control_expose_headers": "Access-Control-Expose-Headers",
    "access_control_max_age": "Access-Control-Max-Age",
}


def remove_header(owner: Value, name: Value, frame: Frame) -> None:
    """`response.headers.pop(name)`, `del response.headers[name]`; all of them where the name is None."""
    sure = len(options(owner)) == 1
    for option in options(owner):
        cell = frame.state.cell(option)
        if not (isinstance(option, Ref) and isinstance(cell, Reply)):
            continue
        word = name.value.lower() if isinstance(name, Known) and isinstance(name.value, str) else None
        gone = [key for key in cell.headers if name == NONE or word in (None, key.lower())]
        kept = {
            key: replace(held, required=False) if key in gone else held
            for key, held in cell.headers.items()
            if not (sure and key in gone and (word or name == NONE))
        }
        frame.state.heap[option.address] = replace(cell, headers=kept)


def set_attribute(owner: Ref, name: str, value: Value, frame: Frame, node: ast.AST) -> None:
    """`response.status_code = 201`, `response.mimetype = ...`, `response.data = ...`."""
    cell = frame.state.heap[owner.address]
    assert isinstance(cell, Reply)
    if name in ("status_code", "status"):
        cell = replace(cell, status=status_of(value, frame, node))
    elif name in ("mimetype", "content_type"):
        cell = replace(cell, media=_media(value))
    elif name in ("data", "response"):
        cell = replace(cell, body=value, json=False)
    elif name in HEADER_OF:
        held = value if name in ("age", "retry_after") else Typed(str)
        set_header(owner, Known(HEADER_OF[name]), held, frame, node)
        return
    frame.state.heap[owner.address] = _json_text(cell, frame)


def reply_attribute(owner: Ref, name: str, frame: Frame) -> Value | None:
    """An attribute of a response that the program reads back."""
    cell = frame.state.heap[owner.address]
    assert isinstance(cell, Reply)
    if name == "status_code":
        return cell.status
    if name in ("mimetype", "content_type"):
        return cell.media
    if name in ("json", "get_json") and cell.json and cell.body is not None:
        return cell.body
    if name == "data":
        return JsonText(cell.body) if cell.json and cell.body is not None else Typed(bytes)
    return None


def change_reply(owner: Ref, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value | None:
    """A method of a response that changes it; None where it is no such method."""
    if name == "set_cookie":
        set_header(owner, Known("Set-Cookie"), Typed(str), frame, node)
        return NONE
    if name == "delete_cookie":
        set_header(owner, Known("Set-Cookie"), Typed(str), frame, node)
        return NONE
    if name == "set_etag" or name == "add_etag":
        set_header(owner, Known("ETag"), Typed(str), frame, node)
        return NONE
    if name == "set_data":
        set_attribute(owner, "data", argument(arguments, 0, "value"), frame, node)
        return NONE
    if name == "get_data":
        return reply_attribute(owner, "data", frame)
    if name == "get_json":
        return reply_attribute(owner, "json", frame)
    return owner if name == "make_conditional" else None
