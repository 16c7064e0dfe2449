"""What the client sent, handed on key by key: `create(**request.get_json())`."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from apiver.reading.inference.conditions.checks import not_read
from apiver.reading.inference.frame import Arguments, Frame
from apiver.reading.inference.models.members import static
from apiver.reading.inference.requests.asking import ask, is_object, read_key
from apiver.reading.inference.requests.columns import note_column
from apiver.reading.inference.requests.presence import only_keys
from apiver.reading.inference.values.shapes import Asked, Known, Value


def handed_on(
    arguments: Arguments, taken: Mapping[str, Value | None], frame: Frame, node: ast.AST, *, closed: bool
) -> dict[str, Value]:
    """The keywords that a part of the request becomes where it is the one that is spread.

    `taken` are the parameters that are free, with their defaults: who has none is required. Where the
    callee is `closed` it fails at any other key.
    """
    sent = [one for one in arguments.spread if isinstance(one, Asked)]
    if len(sent) != 1 or len(arguments.spread) != 1 or sent[0].cls not in (None, dict):
        return {}
    whole = sent[0]
    is_object(whole, frame)
    found: dict[str, Value] = {}
    names = [name for name in taken if name not in arguments.keywords]
    for name in names:
        default = taken[name]
        if default is None:
            found[name] = read_key(whole.subject, name, frame, node, required=True)
        else:
            value = ask(whole, "get", Arguments((Known(name), default)), frame, node)
            found[name] = default if value is None else value
    if closed:
        frame.state.learn(*only_keys(whole.subject, map(Known, names)))
    return found


def into_columns(cls: type, arguments: Arguments, frame: Frame, node: ast.AST) -> None:
    """`Book(**data)` of a model: each column is read. Which of them are needed the database decides."""
    table = static(cls, "__table__")
    sent = [one for one in arguments.spread if isinstance(one, Asked)]
    if len(sent) != 1 or not hasattr(table, "columns"):
        return
    is_object(sent[0], frame)
    for name in table.columns.keys():  # noqa: SIM118 - a collection of columns, which iterates over these
        if name not in arguments.keywords:
            value = ask(sent[0], "get", Arguments((Known(name),)), frame, node)
            if value is not None:
                note_column(cls, name, value, frame, node)
    not_read(sent[0], frame, node)
