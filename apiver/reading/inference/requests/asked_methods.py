"""Methods of what the client sent: the request itself, its parts, their texts and their keys."""

from __future__ import annotations

import ast
import contextlib
import datetime
import re
from typing import Any

from werkzeug.datastructures import FileStorage

from apiver.reading.inference.conditions.checks import not_read
from apiver.reading.inference.conditions.narrowing import sent
from apiver.reading.inference.frame import Arguments, Frame, Read, argument
from apiver.reading.inference.program.iteration import constants
from apiver.reading.inference.program.library import METHOD_TYPES
from apiver.reading.inference.requests.asking import ask, whole_body
from apiver.reading.inference.requests.choices import note_choice
from apiver.reading.inference.requests.columns import note_conversion
from apiver.reading.inference.requests.presence import AUTHORIZATION, all_sent, note_scheme, only_keys
from apiver.reading.inference.values.facts import (
    FILLED,
    GIVEN,
    NOTHING,
    PRESENT,
    UNREAD,
    Fact,
    Facts,
    Subject,
)
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    KeysOf,
    Known,
    Listing,
    Method,
    Tuple,
    Typed,
    Value,
    chosen,
)

_KEPT = frozenset(["strip", "lstrip", "rstrip"])
_CHANGED = frozenset(
    ["lower", "upper", "title", "capitalize", "casefold", "replace", "removeprefix", "removesuffix"]
)
_SPECIAL = re.compile(r"[.*+?^${}()|\[\]\\/]")
_JSON_STRING = frozenset(METHOD_TYPES[str]) | {"split", "rsplit", "splitlines", "partition", "rpartition"}


def request_part_method(asked: Asked, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """A method of a part of the request, or of a text that was made of one."""
    subject = asked.subject
    if subject == AUTHORIZATION:
        note_scheme(asked, arguments.positional, frame, node)
    if asked.cls is FileStorage:
        return Typed(bytes) if name == "read" else NONE if name == "save" else frame.unknown("a file", node)
    if asked.cls is bytes:
        return Asked(subject, str) if name == "decode" else Typed(bytes)
    if asked.cls is list and name in ("append", "sort", "reverse", "extend"):
        return NONE
    if asked.cls not in (None, list, dict) or (
        subject.path and name in _JSON_STRING and asked.cls is not dict
    ):
        return _of_asked_text(asked, name, arguments, frame, node)
    found = ask(asked, name, arguments, frame, node)
    if found is None:
        return frame.unknown(f"{name}() of what the client sent is not read yet", node)
    return found


def _of_asked_text(asked: Asked, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    if asked.cls is None:
        # Nothing but a string has this method: a value of another type ends in an error.
        frame.state.learn(Fact(asked.subject, "type", ("string",)), Fact(asked.subject, GIVEN))
    if asked.nullable:
        frame.state.learn(Fact(asked.subject, PRESENT))  # None has no such method
    if name in _CHANGED or (name in _KEPT and not arguments.positional):
        return Asked(asked.subject, str, exact=False, instead=_changed(asked, name, arguments))
    if name in ("startswith", "endswith"):
        prefix = argument(arguments, 0, "prefix")
        filled = frozenset({Fact(asked.subject, "filled")}) if prefix != Known("") else frozenset()
        begins = {"startswith": str.startswith, "endswith": str.endswith}[name]
        word = prefix.value if isinstance(prefix, Known) and isinstance(prefix.value, str) else None
        gone: Facts = NOTHING
        if word is not None:
            filled |= frozenset(sent(asked, lambda text: begins(text, word), True))
            gone = frozenset(sent(asked, lambda text: begins(text, word), False))
        if word is not None and asked.exact:
            plain = _SPECIAL.sub(r"\\\g<0>", word)
            filled |= {Fact(asked.subject, "pattern", f"^{plain}" if name == "startswith" else f"{plain}$")}
        else:
            filled |= {Fact(asked.subject, UNREAD, (str(frame.place(node)), True))}
            gone |= {Fact(asked.subject, UNREAD, (str(frame.place(node)), False))}
        return Typed(bool, when_true=filled, when_false=gone)
    if name in ("isdigit", "isdecimal") and asked.exact:
        digits = frozenset({Fact(asked.subject, "pattern", r"^\d+$"), Fact(asked.subject, FILLED)})
        return Typed(bool, when_true=digits.union(sent(asked, lambda text: getattr(text, name)(), True)))
    if asked.subject == AUTHORIZATION and name in ("split", "partition", "rsplit", "rpartition"):
        piece = Asked(asked.subject, str, exact=False)
        parted = name.endswith("partition")
        return Tuple((piece, Typed(str), piece)) if parted else frame.allocate(Listing(piece))
    kind = asked.cls if asked.cls is not None and asked.cls in METHOD_TYPES else str
    return frame.reader.call(Method(Typed(kind), name), arguments, frame, node)


def _changed(asked: Asked, name: str, arguments: Arguments) -> Known | None:
    """What stands in the place of a part that was not sent, after a method of strings."""
    text = asked.instead.value if asked.instead is not None else None
    given = [item.value for item in arguments.positional if isinstance(item, Known)]
    if type(text) is not str or len(given) < len(arguments.positional) or arguments.keywords:
        return None
    with contextlib.suppress(TypeError):
        return Known(getattr(text, name)(*given))
    return None


def keys_method(keys: KeysOf, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """A method of the keys that the client sent."""
    other = argument(arguments, 0, "other")
    if name == "issuperset":
        wanted = constants(other, frame) or ()
        return Typed(bool, when_true=all_sent(keys.subject, wanted, frame, node))
    if name == "issubset":
        return Typed(
            bool, when_true=only_keys(keys.subject, constants(argument(arguments, 0, "other"), frame))
        )
    if name == "difference":
        only = only_keys(keys.subject, constants(other, frame))
        return frame.allocate(Listing(Asked(keys.subject.at(None), str), None, only))
    if name == "isdisjoint":
        return Typed(bool)
    return frame.unknown("the keys that the client sent", node)


def matched(pattern: Any, name: str, value: Value, frame: Frame, node: ast.AST, *, flags: int = 0) -> Value:
    """`re.match(pattern, value)`: where it is true, the value matches. Only plain dialects are said."""
    facts: Facts = NOTHING
    if isinstance(pattern, str):
        note_choice(value, (), frame, node, expression=pattern)
    plain = isinstance(pattern, str) and not any(part in pattern for part in ("(?", r"\A", r"\Z"))
    plain = plain and not flags & ~(re.UNICODE | re.ASCII)
    if isinstance(value, Asked) and value.exact and plain:
        anchored = {"match": f"^(?:{pattern})", "fullmatch": f"^(?:{pattern})$"}.get(name, pattern)
        if pattern.startswith("^") and name == "match":
            anchored = pattern
        facts = frozenset({Fact(value.subject, "pattern", anchored)})
    if isinstance(value, Asked) and value.cls is None and value.subject.path:
        # Another type ends in a TypeError.
        frame.state.learn(Fact(value.subject, "type", ("string",)), Fact(value.subject, GIVEN))
    if isinstance(value, Asked) and value.nullable:
        frame.state.learn(Fact(value.subject, PRESENT))
    note_scheme(value, (Known(pattern.lstrip("^")),) if isinstance(pattern, str) else (), frame, node)
    if isinstance(value, Asked) and isinstance(pattern, str):
        facts |= frozenset(
            sent(value, lambda text: getattr(re, name)(pattern, text, flags) is not None, True)
        )
    return chosen(((Typed(re.Match), facts), (NONE, NOTHING)))


def request_method(name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """A method of `flask.request`."""
    if name == "get_json":
        return whole_body(arguments, frame, node)
    if name == "get_data":
        frame.reader.journal.reads.append(Read(Subject("raw"), frame.place(node)))
        return Asked(Subject("raw"), bytes)
    return frame.unknown(f"request.{name} is not read yet", node)


def note_moment(arguments: Arguments, frame: Frame, node: ast.AST) -> None:
    """`datetime.strptime(value, "%Y-%m-%d")`: a date; the text of another pattern is not said."""
    value, pattern = argument(arguments, 0, "value"), argument(arguments, 1, "format")
    kind = datetime.date if pattern == Known("%Y-%m-%d") else datetime.datetime
    note_conversion(value, kind, frame, node)
    if isinstance(value, Asked) and kind is datetime.datetime:
        not_read(value, frame, node)
