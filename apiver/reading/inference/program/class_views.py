"""Class-based views: `View.as_view()` makes a function of Flask's own, and what it calls is a method."""

from __future__ import annotations

import ast
import types
from dataclasses import replace

import flask.views

from apiver.reading.inference.frame import Arguments, Frame
from apiver.reading.inference.models.members import static
from apiver.reading.inference.program.scope import is_library, lift
from apiver.reading.inference.values.shapes import (
    NONE,
    Bound,
    Live,
    Object,
    Value,
)


def class_based_view(
    function: types.FunctionType, arguments: Arguments, frame: Frame, node: ast.AST
) -> Value:
    """`View.as_view()` makes a function of Flask's own; what it calls is the method of the class."""
    names = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=False))
    if function.__name__ == "dispatch_request":
        receiver = arguments.positional[0] if arguments.positional else frame.state.names.get("self", NONE)
        return _dispatch(receiver, replace(arguments, positional=arguments.positional[1:]), frame, node)
    # Decorators of the class wrap this function, so the class is known to the outermost one alone.
    outermost = names["view"].cell_contents if "view" in names else function
    cls = getattr(outermost, "view_class", None) or getattr(frame.reader.route.view, "view_class", None)
    if not isinstance(cls, type):
        return frame.unknown("a class-based view whose class is not known", node)
    init = static(cls, "__init__")
    made: Value = frame.allocate(Object(cls, {}))
    if "self" in names:  # `init_every_request = False`: one instance answers every request
        made = lift(names["self"].cell_contents)
    elif type(init) is types.FunctionType and not is_library(init, frame.reader.shared.own):
        cells = {name: cell.cell_contents for name, cell in names.items() if name.startswith("class_")}
        given = tuple(lift(value) for value in cells.get("class_args", ()))
        keywords = {key: lift(value) for key, value in cells.get("class_kwargs", {}).items()}
        frame.reader.call(Bound(Live(init), made, cls), Arguments(given, keywords), frame, node)
    dispatch = static(cls, "dispatch_request")
    if type(dispatch) is types.FunctionType and dispatch.__code__.co_filename != flask.views.__file__:
        owner = next(parent for parent in cls.__mro__ if "dispatch_request" in vars(parent))
        return frame.reader.call(Bound(Live(dispatch), made, owner), arguments, frame, node)
    return _dispatch(made, arguments, frame, node)


def _dispatch(receiver: Value, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    method = frame.reader.route.method.lower()
    return frame.reader.call(frame.reader.attribute(receiver, method, frame, node), arguments, frame, node)
