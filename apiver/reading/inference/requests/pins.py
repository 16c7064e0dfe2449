"""The parts of a request whose value is known while one version is read: those that select it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from apiver.inventory.selection import Selection
from apiver.reading.inference.frame import Frame
from apiver.reading.inference.values.facts import Subject
from apiver.reading.inference.values.shapes import Field, Known, Live, Record, Value

Pins = Mapping[tuple[str, str], str]
"""What is sent, by location (`header`, `query`) and name; the names of headers in lower case."""

_ACCEPT = ("header", "accept")


def is_at_root(frame: Frame) -> bool:
    """Whether the app sees the whole path: it is not mounted below a prefix."""
    route = frame.reader.route
    return any(rule.rule == route.rule for rule in route.app.url_map.iter_rules(route.endpoint))


def pins_of(selection: Selection | None) -> Pins:
    """The parts of a request that select a version."""
    found = {}
    for sent in selection.sent if selection is not None else ():
        location = "header" if sent.location == "accept" else sent.location
        found[location, sent.name.lower() if location == "header" else sent.name] = sent.value
    return found


def pinned(subject: Subject, frame: Frame, node: ast.AST) -> Known | None:
    """The value of a part of the request if it is one that selects the version that is read."""
    if len(subject.path) != 1 or subject.path[0] is None:
        return None
    location = "query" if subject.location == "values" else subject.location
    return _sent((location, subject.path[0]), frame, node)


def _sent(key: tuple[str, str], frame: Frame, node: ast.AST) -> Known | None:
    text = frame.reader.shared.pins.get(key)
    if text is None:
        return None
    frame.reader.journal.selects.append(frame.place(node))
    return Known(text)


def pinned_attribute(name: str, frame: Frame, node: ast.AST) -> Value | None:
    """What `request.accept_mimetypes`, `environ` and `path` hold, where they may say the version."""
    route = frame.reader.route
    if name == "path" and not route.parameters and is_at_root(frame):
        return Known(route.path)
    if name == "accept_mimetypes":
        sent = _sent(_ACCEPT, frame, node)
        return None if sent is None else Live(parse_accept_header(sent.value, MIMEAccept))
    if name == "environ":
        headers = {
            f"HTTP_{header.upper().replace('-', '_')}": Field(Known(text))
            for (location, header), text in frame.reader.shared.pins.items()
            if location == "header"
        }
        if headers:
            frame.reader.journal.selects.append(frame.place(node))
            return Record(headers, open=frame.unknown("the environment of a request is not read", node))
    return None
