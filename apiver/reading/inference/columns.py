"""What the client sent, put into a typed column: the column says what it should be."""

from __future__ import annotations

import ast
import dataclasses

from apiver.reading.inference.annotations import dataclass_fields
from apiver.reading.inference.frame import Frame, Hint
from apiver.reading.inference.models import model_attribute
from apiver.reading.inference.shapes import Asked, Value, options


def note_column(cls: type, name: str, value: Value, frame: Frame, node: ast.AST) -> None:
    """Note that `value` becomes the attribute `name` of a `cls`, where the model or dataclass types it."""
    asked = [option for option in options(value) if isinstance(option, Asked) and option.cls is None]
    if not asked:
        return
    column = model_attribute(cls, name)
    if column is None and dataclasses.is_dataclass(cls):
        column = dataclass_fields(cls).get(name)
    if column is not None:
        for option in asked:
            frame.reader.journal.hints.append(Hint(option.subject, column, frame.place(node)))
