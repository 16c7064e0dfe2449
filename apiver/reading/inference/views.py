"""One view as a whole: the hooks that run before it, the view with its decorators, and what they answer."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from types import FunctionType, MethodType
from typing import Any

import flask.ctx

from apiver.contract.document import Place
from apiver.inventory.routes import Route
from apiver.reading.inference.conditions.truth import given_where_none
from apiver.reading.inference.frame import Arguments, Dead, Exhausted, Frame, Journal, Note, Reader, Shared
from apiver.reading.inference.interpreter import Interpreter
from apiver.reading.inference.program.scope import (
    GLOBALS,
    VIEW_ARGUMENTS,
    Scope,
    is_library,
    lift,
    package_of,
)
from apiver.reading.inference.program.source import SourceFile
from apiver.reading.inference.requests.guards import forgery
from apiver.reading.inference.requests.variables import view_arguments
from apiver.reading.inference.responses.answers import Outcome, answered, blueprints, outcomes
from apiver.reading.inference.values.shapes import (
    NONE,
    Field,
    Known,
    Live,
    Object,
    Record,
    Reply,
    Unknown,
    Value,
    alternatives,
    chosen,
)
from apiver.reading.inference.values.state import State


@dataclass(slots=True)
class Reading:
    """What was read of one operation: its responses, and everything that its code asks of the request.

    The first `hooked` reads of the journal are those of the hooks before the view.
    """

    route: Route
    outcomes: list[Outcome] = field(default_factory=list)
    journal: Journal = field(default_factory=Journal)
    hooked: int = 0


def read_view(route: Route, shared: Shared) -> Reading:
    """Read the code that answers `route`. Whatever goes wrong is an unknown response with the reason."""
    reader = Interpreter(route, shared)
    reading = Reading(route, journal=reader.journal)
    place = Place(route.file or "", route.line or 0)
    try:
        _read(reader, reading, place)
    except Exhausted:
        _give_up(reading, "it takes too long to read", place)
    except RecursionError:
        _give_up(reading, "it is nested too deeply to read", place)
    except Exception as problem:  # noqa: BLE001 - a defect of apiver must not take the other routes with it
        reader.journal.notes.append(Note(f"apiver failed to read this: {problem!r}", place, defect=True))
        _give_up(reading, f"apiver failed to read this: {problem!r}", place)
    return reading


def _give_up(reading: Reading, reason: str, place: Place) -> None:
    _add_unknown(reading, Unknown(reason, place), place, library=False)


def _add_unknown(reading: Reading, unknown: Unknown, place: Place, *, library: bool) -> None:
    reply = Reply(unknown, unknown, None, False, place=place)
    outcome = Outcome(None, reply, frozenset(), place, unknown.reason, followed=False, library=library)
    reading.outcomes.append(outcome)


def _read(reader: Interpreter, reading: Reading, place: Place) -> None:
    route = reader.route
    node = ast.Pass(lineno=route.line or 0, col_offset=0)
    file = SourceFile(route.file or "", None)
    heap: dict[int, Value] = {GLOBALS.address: Object(flask.ctx._AppCtxGlobals, {})}
    frame = Frame(reader, Scope(file, {}, sources=reader.shared.sources), State({}, heap), route.endpoint)
    given = {**view_arguments(frame, node), **_defaults(route)}
    heap[VIEW_ARGUMENTS.address] = Record({name: Field(value) for name, value in given.items()})
    reading.outcomes += _preprocessed(frame, node)
    reading.outcomes += _hooks(frame, node, place) if frame.alive else []
    reading.hooked = len(reader.journal.reads)
    if not frame.alive:
        return
    left = frame.state.heap[VIEW_ARGUMENTS.address]
    if isinstance(left, Record):
        given = {name: entry.value for name, entry in left.fields.items()}
    reading.outcomes += _followed(Live(_entrance(reader)), Arguments(keywords=given), frame, node, place)
    for unknown in dict.fromkeys(reader.journal.unread):
        _add_unknown(reading, unknown, place, library=True)


def _entrance(reader: Interpreter) -> Any:
    """Where the reading begins: the outermost decorator, or the handler that it hides."""
    view, handler = reader.route.view, reader.route.handler
    if type(view) is not FunctionType or not is_library(view, reader.shared.own):
        return view
    if hasattr(view, "__wrapped__") or hasattr(view, "view_class") or handler is view:
        return view
    reason = f"the decorator {view.__globals__.get('__name__')} of a library may answer by itself"
    reader.journal.unread.append(Unknown(reason, Place(reader.route.file or "", reader.route.line or 0)))
    return handler


def _preprocessed(frame: Frame, node: ast.AST) -> list[Outcome]:
    """Have the `url_value_preprocessor` functions change the arguments of the view, as Flask does."""
    app, found = frame.reader.shared.app, list[Outcome]()
    for name in (None, *reversed(blueprints(frame))):
        for function in app.url_value_preprocessors.get(name, ()):
            if type(function) is not FunctionType or is_library(function, frame.reader.shared.own):
                continue
            frame.raises = []
            given = Arguments((Known(frame.reader.route.endpoint), VIEW_ARGUMENTS))
            try:
                frame.reader.call(Live(function), given, frame, node)
            except Dead:
                frame.alive = False
            found += [outcome for entry in frame.raises for outcome in answered(entry, frame, node)]
            if not frame.alive:
                return found
    frame.raises = []
    return found


def _hooks(frame: Frame, node: ast.AST, place: Place) -> list[Outcome]:
    """`before_request` functions of the app and of the blueprints; a response ends the request there."""
    found: list[Outcome] = []
    app = frame.reader.shared.app
    for name in (None, *reversed(blueprints(frame))):
        for hook in app.before_request_funcs.get(name, ()):
            if forgery.hook(hook, frame, node):
                for entry in list(frame.raises):
                    found += answered(entry, frame, node)
                frame.raises = []
                continue
            unread = _unread_hook(hook, frame.reader, place)
            if unread is not None:
                frame.reader.journal.unread.append(unread)
                continue
            found += _hook(hook, frame, node, place)
            if not frame.alive:
                return found
    return found


# Packages whose hooks look at a request and never answer it.
_SILENT = frozenset({"flask_principal"})


def _unread_hook(hook: Any, reader: Reader, place: Place) -> Unknown | None:
    """Why a hook is not followed: it belongs to a library that wraps nothing of the program."""
    function: Any = hook.__func__ if type(hook) is MethodType else hook
    home = getattr(hook, "__module__", None)
    if type(function) is FunctionType:
        if not is_library(function, reader.shared.own) or hasattr(function, "__wrapped__"):
            return None
        home = function.__globals__.get("__name__")
    if package_of(home) in _SILENT:
        return None
    return Unknown(f"a before_request function of {home or 'a library'} may answer by itself", place)


def _hook(hook: Any, frame: Frame, node: ast.AST, place: Place) -> list[Outcome]:
    frame.raises = []
    try:
        value: Value = frame.reader.call(Live(hook), Arguments(), frame, node)
    except Dead:
        frame.alive = False
        value = NONE
    going_on = frame.state
    alive = frame.alive
    found: list[Outcome] = []
    raised = list(frame.raises)
    answers = [(option, given) for option, given in alternatives(value) if not _passes(option)]
    if answers:
        found += outcomes(chosen(answers), going_on.fork(), place, frame, node)
        if len(answers) == 1:
            found = [_with(outcome, answers[0][1]) for outcome in found]
    for entry in raised:
        found += answered(entry, frame, node)
    alive = alive and any(_passes(option) for option, _ in alternatives(value))
    frame.state, frame.alive, frame.raises = going_on, alive, []
    if alive:
        frame.state.learn(*given_where_none(value, True))
    return found


def _with(outcome: Outcome, given: frozenset[Any]) -> Outcome:
    return Outcome(outcome.status, outcome.reply, outcome.facts | given, outcome.place, outcome.reason)


def _passes(option: Value) -> bool:
    # What a hook returns that could not be read is taken as "go on": most hooks return nothing.
    return option == NONE or isinstance(option, Unknown)


def _followed(view: Value, arguments: Arguments, frame: Frame, node: ast.AST, place: Place) -> list[Outcome]:
    frame.raises = []
    found: list[Outcome] = []
    try:
        value = frame.reader.call(view, arguments, frame, node)
    except Dead:
        value = None
    state, raised = frame.state, list(frame.raises)
    if value is not None:
        found += outcomes(value, state, place, frame, node)
    for entry in raised:
        found += answered(entry, frame, node)
    return found


def _defaults(route: Route) -> dict[str, Value]:
    return {name: lift(value) for name, value in route.defaults}
