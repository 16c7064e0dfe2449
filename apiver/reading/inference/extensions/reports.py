"""What the error handlers of extensions answer, and their own ways to `abort`: their code is not read."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from apiver.contract.document import Place
from apiver.reading.inference.frame import Arguments, Dead, Frame, Raised, argument
from apiver.reading.inference.models.members import static
from apiver.reading.inference.program.exceptions import abort
from apiver.reading.inference.responses.replies import JSON
from apiver.reading.inference.values.shapes import (
    NONE,
    Field,
    Known,
    Object,
    Record,
    Reply,
    Tuple,
    Typed,
    Unknown,
    Value,
)

_MORE = Unknown("the program may give an error more to tell")
_OPEN = "$open"  # the attribute of an exception whose data are not known
Rule = Callable[[Arguments, Frame, ast.AST], Value]


def report(
    handler: Any, cls: type, code: Value, attributes: Mapping[str, Value], place: Place | None
) -> Reply | None:
    """The answer of an extension's handler to an exception of class `cls`; None where it is another handler.

    `code` is the status of an exception of Werkzeug, `attributes` what the program gave the exception.
    """
    function = getattr(handler, "__func__", handler)
    known = f"{getattr(function, '__module__', '')}.{getattr(function, '__name__', '')}"
    if known == "flask_smorest.error_handler.handle_http_exception":
        fields = {"code": Field(Typed(int)), "status": Field(Typed(str))}
        fields |= {name: Field(attributes[name]) for name in ("message", "errors") if name in attributes}
        more = attributes.get(_OPEN)
        return _json(code, Record(fields, open=more if isinstance(more, Unknown) else None), place)
    if known == "flask_rebar.rebar.handle_werkzeug_http_error":
        return _json(code, Record({"message": Field(Typed(str))}), place)
    if known == "flask_rebar.rebar.handle_http_error":
        status = static(cls, "http_status_code")
        more = Unknown("the program may give it additional data")
        body = Record({"message": Field(Typed(str))}, open=more)
        return _json(Known(status), body, place) if isinstance(status, int) else None
    if known in ("apiflask.app.handle_http_errors", "apiflask.app.handle_werkzeug_errors"):
        return _of_apiflask(handler, cls, code, attributes, place)
    return None


def _json(status: Value, body: Record, place: Place | None) -> Reply:
    return Reply(status, Known(JSON), body, True, place=place)


def _of_apiflask(
    handler: Any, cls: type, code: Value, attributes: Mapping[str, Value], place: Place | None
) -> Reply | None:
    cells = dict(zip(handler.__code__.co_freevars, handler.__closure__ or (), strict=True))
    app = cells["self"].cell_contents if "self" in cells else None
    if getattr(getattr(app, "error_callback", None), "__module__", "") != "apiflask.app":
        return None  # the program has an error processor of its own
    if handler.__name__ == "handle_werkzeug_errors":
        return _json(code, Record({"detail": Field(Record({})), "message": Field(Typed(str))}), place)
    given = attributes.get("args")
    if isinstance(given, Tuple) and given.items:
        status: Value | None = given.items[0]
    else:
        status = attributes.get("status_code") or _own_status(cls)
    if status is None:
        return None
    # What `abort` is given is known; an exception that is made may have been given more by name.
    made = "args" in attributes
    told = attributes.get("detail", Record({}, open=_MORE if made else None))
    more = _MORE if made or attributes.get("extra_data", NONE) != NONE else None
    return _json(status, Record({"detail": Field(told), "message": Field(Typed(str))}, open=more), place)


def _own_status(cls: type) -> Value | None:
    """The status that a class of the program gives to all of its exceptions."""
    for parent in cls.__mro__:
        if "status_code" in vars(parent):
            status = vars(parent)["status_code"]
            own = not parent.__module__.startswith("apiflask.")
            return Known(status) if own and isinstance(status, int) else None
    return None


def _abort_with_data(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """webargs' `abort(status, exc=None, **data)`, which flask-smorest hands on."""
    status, before = argument(arguments, 0, "http_status_code"), len(frame.raises)
    data = dict(arguments.keywords)
    if arguments.spread or arguments.open or arguments.optional:
        data = {_OPEN: Unknown("which data abort() is given is computed")}
    if "messages" in data:
        data.setdefault("errors", data["messages"])
    try:
        return abort(Arguments((status,)), frame, node)
    except Dead:
        for index in range(before, len(frame.raises)):
            raised = frame.raises[index]
            if isinstance(raised.value, Object):
                held = Object(raised.value.cls, {**data, **raised.value.attributes})
                frame.raises[index] = replace(raised, value=held)
        raise


def _abort_with_message(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """APIFlask's `abort(status, message, detail, headers, extra_data)`."""
    error = getattr(sys.modules.get("apiflask.exceptions"), "HTTPError", None)
    names = ("status_code", "message", "detail", "headers", "extra_data")
    given = {name: arguments.get(index, name) for index, name in enumerate(names)}
    attributes = {name: value for name, value in given.items() if value is not None}
    if isinstance(error, type):
        raised = Raised(Object(error, attributes), frame.state.fork(), frame.place(node))
        frame.raises.append(raised)
    raise Dead


def abort_rules() -> dict[int, Rule]:
    """The rules of the `abort` functions of extensions that the app has loaded, by identity."""
    rules = {"webargs.flaskparser": _abort_with_data, "apiflask.exceptions": _abort_with_message}
    found = ((getattr(sys.modules.get(module), "abort", None), rule) for module, rule in rules.items())
    return {id(function): rule for function, rule in found if function is not None}
