"""Keys that the program looks for in what the client sent, and the lines that name them."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from werkzeug.datastructures import FileStorage

from apiver.contract.document import Place
from apiver.reading.inference.frame import Frame, Read
from apiver.reading.inference.values.facts import PRESENT, SEARCHED, Fact, Facts, Subject
from apiver.reading.inference.values.shapes import Asked, Known, Value

AUTHORIZATION = Subject("header", ("authorization",))
_SCHEMES = ("bearer", "basic", "token", "digest")


def note_scheme(value: Value, words: Iterable[Value], frame: Frame, node: ast.AST) -> None:
    """Note that the header `Authorization`, or a piece of it, is held against the name of a scheme."""
    if not isinstance(value, Asked) or value.subject != AUTHORIZATION:
        return
    for word in words:
        text = word.value if isinstance(word, Known) and isinstance(word.value, str) else ""
        first = text.strip().lower().partition(" ")[0].removesuffix("\\s")
        if first in _SCHEMES:
            frame.reader.journal.schemes.append((first, frame.place(node)))


def note_test(subject: Subject, key: str, frame: Frame, node: ast.AST) -> Subject:
    """`key in collection` reads that key too."""
    child = part_of(subject, key)
    searched = may_be_no_object(subject, frame)
    place = place_of_key(key, frame, node)
    note_read(Read(child, place, value_class(child), spelling=key, searched=searched), frame)
    return child


def may_be_no_object(subject: Subject, frame: Frame) -> bool:
    """Whether `"x" in part` may look into a text or a list: JSON below the body that is not known better."""
    known = Fact(subject, "type", ("object",)) in frame.state.facts
    return subject.location == "json" and bool(subject.path) and not known


def part_of(subject: Subject, key: str) -> Subject:
    """The part of the request that `key` leads to from `subject`."""
    # Header names have no case (RFC 9110, section 5.1).
    return subject.at(key.lower() if subject.location == "header" else key)


def value_class(subject: Subject) -> type | None:
    """The Python type of a part of the request before anybody converted it."""
    if subject.location in ("json", "session"):
        return None
    return FileStorage if subject.location == "file" else str


def place_of_key(key: str, frame: Frame, node: ast.AST) -> Place:
    """The line that names `key`: where a helper is handed the name, that is the call of the helper."""
    at: ast.AST = node
    inside = frame
    for _ in range(4):
        if any(isinstance(part, ast.Constant) and part.value == key for part in ast.walk(at)):
            return inside.place(at)
        if inside.caller is None:
            break
        inside, at = inside.caller
    return frame.place(node)


def takes_form(method: str) -> bool:
    """Whether `request.values` looks into the form too (`Request.values` of Werkzeug)."""
    return method in ("POST", "PUT", "PATCH")


def note_read(read: Read, frame: Frame) -> None:
    """Write down that the program reads a part of the request."""
    if read.subject.location != "values":
        frame.reader.journal.reads.append(read)
        return
    # `request.values` looks into the query first and then into the form.
    for location in ("query", "form"):
        subject = Subject(location, read.subject.path)
        frame.reader.journal.reads.append(
            Read(subject, read.place, read.cls, read.default, read.many, read.spelling)
        )


def all_sent(subject: Subject, keys: Iterable[Value], frame: Frame, node: ast.AST) -> Facts:
    """That each of some constant keys was sent; looking for them reads them."""
    names = [key.value for key in keys if isinstance(key, Known) and isinstance(key.value, str)]
    found = frozenset(Fact(note_test(subject, name, frame, node), PRESENT) for name in names)
    if found and may_be_no_object(subject, frame):
        return found | {Fact(subject, SEARCHED, (str(frame.place(node)), True))}
    return found


def only_keys(subject: Subject, keys: Iterable[Value] | None) -> Facts:
    """That no keys but some constant ones were sent: each of those that were is one of a closed list."""
    names = [key.value for key in keys or () if isinstance(key, Known) and isinstance(key.value, str)]
    return frozenset({Fact(subject.at(None), "enum", tuple(names))} if names else ())


def is_mapping(item: Subject, known: Facts) -> bool:
    """Whether the items of a part of the request are its keys: it is known to be an object or a form."""
    if item.location != "json":
        return len(item.path) == 1
    return Fact(Subject("json", item.path[:-1]), "type", ("object",)) in known
