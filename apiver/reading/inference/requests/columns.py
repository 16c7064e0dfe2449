"""What the client sent, put into a typed column: the column says what it should be."""

from __future__ import annotations

import ast
import dataclasses
import datetime
import decimal
import uuid
from typing import Any

from apiver.reading.inference.conditions.checks import not_read
from apiver.reading.inference.frame import Frame, Hint
from apiver.reading.inference.models.members import is_model, model_attribute
from apiver.reading.inference.program.annotations import dataclass_fields
from apiver.reading.inference.values.facts import FILLED_IN, GIVEN, PRESENT, Fact
from apiver.reading.inference.values.shapes import Asked, Live, Typed, Value, options

# What a text becomes in the hands of a constructor, as JSON Schema calls it.
_NUMBERS = {int: "integer", float: "number", decimal.Decimal: "number"}
_FORMATS = {datetime.date: "date", uuid.UUID: "uuid"}


def note_column(cls: type, name: str, value: Value, frame: Frame, node: ast.AST) -> None:
    """Note that `value` becomes the attribute `name` of a `cls`, where the model or dataclass types it."""
    asked = [option for option in options(value) if isinstance(option, Asked)]
    if not asked:
        return
    column = model_attribute(cls, name) if is_model(cls) else None
    if column is None and dataclasses.is_dataclass(cls):
        column = dataclass_fields(cls).get(name)
    if column is not None:
        for option in asked:
            frame.reader.journal.hints.append(Hint(option.subject, column, frame.place(node)))


def note_conversion(value: Value, kind: type, frame: Frame, node: ast.AST) -> None:
    """Note that `value` is made a `kind` (`int(value)`), which null and other types do not survive."""
    if not isinstance(value, Asked):
        return
    if value.nullable:
        frame.state.learn(Fact(value.subject, PRESENT))
    filled_in = Fact(value.subject, FILLED_IN) in frame.state.facts
    if value.cls is None and not value.exact and not filled_in:
        # A piece of it, `int(data["year"][:4])`: a text, of which more is asked than can be said.
        frame.state.learn(Fact(value.subject, "type", ("string",)), Fact(value.subject, GIVEN))
        not_read(value, frame, node)
    elif value.cls is None:
        # The type that is meant: `int("5")` would pass too, but no client is told to send that.
        hint = Hint(value.subject, Typed(kind), frame.place(node), certain=True)
        frame.reader.journal.hints.append(hint)
        frame.state.learn(Fact(value.subject, GIVEN))
    elif value.cls is str and kind in _NUMBERS:
        frame.state.learn(Fact(value.subject, "type", (_NUMBERS[kind],)))
    elif value.cls is str and value.exact and kind in _FORMATS:
        frame.state.learn(Fact(value.subject, "format", _FORMATS[kind]))


def note_comparison(column: Value, value: Value, frame: Frame, node: ast.AST) -> None:
    """Note that `value` is compared with a column in a query: `Book.isbn == isbn`."""
    held: Any = column.object if isinstance(column, Live) else None
    if type(held).__name__ == "InstrumentedAttribute" and isinstance(held.class_, type):
        note_column(held.class_, held.key, value, frame, node)
