"""The constants that parts of a request are compared with: one of these parts may name a version."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from apiver.reading.inference.frame import Choice, Frame
from apiver.reading.inference.values.facts import Subject
from apiver.reading.inference.values.shapes import Asked, Known, Live, Method, Value

_LOCATIONS = ("header", "query", "values", "path")
_ACCEPT = Subject("header", ("accept",))


def note_choice(
    value: Value, constants: Iterable[Any], frame: Frame, node: ast.AST, *, expression: str | None = None
) -> None:
    """Write down that `value`, if a client sent it, is compared with constants or looked up among them."""
    default = None
    if isinstance(value, Asked):
        subject = value.subject
        default = value.instead.value if value.instead is not None else None
    elif isinstance(value, Method) and value.name == "accept_mimetypes" and isinstance(value.receiver, Live):
        subject = _ACCEPT
    else:
        return
    if subject.location in _LOCATIONS and len(subject.path) == 1:
        found = tuple(str(constant) for constant in constants if type(constant) in (str, int, float))
        frame.reader.journal.choices.append(Choice(subject, found, default, frame.place(node), expression))


def note_constants(value: Value, constants: Iterable[Value], frame: Frame, node: ast.AST) -> None:
    """The same for constants that are values of the reader."""
    note_choice(value, [one.value for one in constants if isinstance(one, Known)], frame, node)
