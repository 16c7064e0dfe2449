"""Exceptions: what is raised, and who catches it."""

from __future__ import annotations

import ast

from werkzeug.exceptions import HTTPException

from apiver.reading.inference.frame import Arguments, Dead, Frame, Raised, argument
from apiver.reading.inference.program.scope import package_of
from apiver.reading.inference.responses.replies import status_of
from apiver.reading.inference.values.shapes import (
    Known,
    Live,
    Object,
    Reply,
    Tuple,
    Typed,
    Value,
    options,
)
from apiver.reading.inference.values.state import State

REFUSAL = "$refusal"
"""The attribute of an exception that says that a guard raised it."""


def raise_value(value: Value, frame: Frame, node: ast.AST) -> None:
    """`raise value`: an instance, or a class that is called first. Never returns."""
    for option in options(value):
        raised = option
        if isinstance(option, Live) and isinstance(option.object, type):
            raised = frame.reader.call(option, Arguments(), frame, node)
        frame.raises.append(Raised(raised, frame.state.fork(), frame.place(node)))
    raise Dead


def abort(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`flask.abort(status or response, description, response)`. Never returns."""
    for option in options(argument(arguments, 0, "code")):
        cell = frame.state.cell(option)
        if isinstance(cell, Reply):
            raised: Value = Object(HTTPException, {"response": option})
        else:
            status = status_of(option, frame, node)
            mapping = frame.reader.shared.app.aborter.mapping
            cls = mapping.get(status.value) if isinstance(status, Known) else None
            attributes: dict[str, Value] = {} if cls is not None else {"code": status}
            description = arguments.get(1, "description")
            if description is not None:
                attributes["description"] = description
            given = arguments.get(2, "response")
            if given is not None:
                attributes["response"] = given
            raised = Object(cls or HTTPException, attributes)
        frame.raises.append(Raised(raised, frame.state.fork(), frame.place(node)))
    raise Dead


def exception_class(value: Value, state: State) -> type[BaseException]:
    """The class of an exception; Exception where it is not known."""
    content = state.cell(value)
    cls = content.cls if isinstance(content, Object | Typed) else type(getattr(content, "object", None))
    return cls if isinstance(cls, type) and issubclass(cls, BaseException) else Exception


def caught(handler: ast.ExceptHandler, frame: Frame) -> tuple[type[BaseException], ...]:
    """The classes that an except clause names; BaseException for a bare one."""
    if handler.type is None:
        return (BaseException,)
    value = frame.reader.evaluate(handler.type, frame)
    items = value.items if isinstance(value, Tuple) else options(value)
    found = tuple(item.object for item in items if isinstance(item, Live) and isinstance(item.object, type))
    return tuple(cls for cls in found if issubclass(cls, BaseException)) or (Exception,)


def catches(classes: tuple[type[BaseException], ...], raised: Raised) -> bool:
    """Whether an except clause for `classes` takes this exception."""
    return issubclass(exception_class(raised.value, raised.state), classes)


def implicit(classes: tuple[type[BaseException], ...], seen: bool, own: frozenset[str]) -> bool:
    """Whether the clause may also catch what no `raise` in the program says.

    Classes of Werkzeug and of the program (its packages: `own`) are raised by a `raise` or an `abort` that is
    read; builtin and library exceptions (ValueError, IntegrityError) come out of calls that are not.
    """
    if not seen:
        return True
    return any(
        not issubclass(cls, HTTPException) and package_of(cls.__module__) not in own for cls in classes
    )
