"""Statements: how each kind of them moves the state of a function on."""

from __future__ import annotations

import ast
import contextlib
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any

from apiver.reading.inference.frame import Arguments, Dead, Exhausted, Frame, Note, Raised, Returned
from apiver.reading.inference.models.members import static
from apiver.reading.inference.program.annotations import lookup_for, node_annotated
from apiver.reading.inference.program.assignment import assign, bind
from apiver.reading.inference.program.cases import match_statement
from apiver.reading.inference.program.containers import extend, remove
from apiver.reading.inference.program.exceptions import catches, caught, implicit, raise_value
from apiver.reading.inference.program.loops import begin_anew, break_out, for_loop, while_loop
from apiver.reading.inference.program.operators import operate
from apiver.reading.inference.program.scope import is_library
from apiver.reading.inference.responses.replies import remove_header
from apiver.reading.inference.values.facts import Subject
from apiver.reading.inference.values.partition import belong_together, may_part, statuses_differ
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Closure,
    Known,
    Listing,
    Live,
    Method,
    Object,
    Record,
    Ref,
    Stream,
    Unknown,
    Value,
    alternatives,
    general,
    options,
)
from apiver.reading.inference.values.state import State, join

Executor = Callable[[Any, Frame], None]


def execute(body: list[ast.stmt], frame: Frame) -> None:
    """Read `body` until control leaves it. A statement that cannot be read does not stop the rest."""
    for position, statement in enumerate(body):
        if not frame.alive:
            break
        if frame.apart:
            _each(body[position:], frame)
            return
        _statement(statement, frame)
    frame.resume(_met(frame))


def _statement(statement: ast.stmt, frame: Frame) -> None:
    try:
        _EXECUTORS.get(type(statement), _ignored)(statement, frame)
    except Dead:
        frame.alive, frame.apart = False, []
    except (Exhausted, RecursionError):
        raise
    except Exception as problem:  # noqa: BLE001 - a defect of apiver must not take the other routes with it
        note = Note(f"apiver failed to read this: {problem!r}", frame.place(statement), defect=True)
        frame.reader.journal.notes.append(note)


def _each(body: list[ast.stmt], frame: Frame) -> None:
    """Read the rest of a block once for each of the states that are kept apart."""
    ways, frame.apart = frame.apart, []
    outer, frame.paths = frame.paths, frame.paths * len(ways)
    ends = [frame.run(body, state) for state in ways]
    frame.paths = outer
    frame.resume(join(ends))


def _met(frame: Frame) -> State | None:
    """The one state at the end of a block."""
    ways, frame.apart = frame.apart, []
    if not frame.alive:
        return None
    return join(ways) if ways else frame.state


def _ignored(node: ast.stmt, frame: Frame) -> None:
    """pass, global, nonlocal: nothing that a response could depend on."""


def _import(node: ast.Import | ast.ImportFrom, frame: Frame) -> None:
    """An import inside of a function: what it binds, where the app has loaded the module."""
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            name, bound = _absolute(node, frame), alias.asname or alias.name
        else:
            name, bound = alias.name, alias.asname or alias.name.partition(".")[0]
            name = alias.name if alias.asname else bound
        module = sys.modules.get(name)
        value: Value
        if module is None:
            value = frame.unknown(f"the module {name} was not loaded with the app", node)
        elif isinstance(node, ast.ImportFrom) and f"{name}.{alias.name}" in sys.modules:
            value = Live(sys.modules[f"{name}.{alias.name}"])
        elif isinstance(node, ast.ImportFrom):
            value = frame.reader.attribute(Live(module), alias.name, frame, node)
        else:
            value = Live(module)
        bind(bound, value, frame)


def _absolute(node: ast.ImportFrom, frame: Frame) -> str:
    package = str(frame.scope.names.get("__package__") or "")
    parents = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*parents, *([node.module] if node.module else [])]) if node.level else node.module or ""


def _class(node: ast.ClassDef, frame: Frame) -> None:
    bind(node.name, frame.unknown(f"the class {node.name} is made at run time", node), frame)


_RAW = Subject("raw")


def _expression(node: ast.Expr, frame: Frame) -> None:
    if isinstance(node.value, ast.Constant):
        return
    value = frame.reader.evaluate(node.value, frame)
    if isinstance(value, Asked) and value.subject == _RAW:
        # `request.get_data()` alone empties the connection; nothing is asked of what it holds.
        reads = frame.reader.journal.reads
        if reads and reads[-1].subject == _RAW:
            reads.pop()


def _assign(node: ast.Assign, frame: Frame) -> None:
    value = frame.reader.evaluate(node.value, frame)
    if belong_together(value, frame):
        before = frame.state
        for option, given in alternatives(value):
            frame.state = before.fork()
            frame.state.learn(*given)
            _assign_all(node.targets, option, frame)
            frame.apart.append(frame.state)
        return
    _assign_all(node.targets, value, frame)


def _assign_all(targets: list[ast.expr], value: Value, frame: Frame) -> None:
    for target in targets:
        assign(target, value, frame)


def _annotated_assign(node: ast.AnnAssign, frame: Frame) -> None:
    if node.value is None:
        return
    value = frame.reader.evaluate(node.value, frame)
    if isinstance(value, Unknown):
        stated = node_annotated(node.annotation, lookup_for(frame.scope.names, frame.scope.cells))
        value = value if isinstance(stated, Unknown) else stated
    assign(node.target, value, frame)


def _augmented_assign(node: ast.AugAssign, frame: Frame) -> None:
    target = node.target
    held = frame.reader.evaluate(ast.copy_location(_loaded(target), target), frame)
    more = frame.reader.evaluate(node.value, frame)
    cell = frame.state.cell(held)
    if isinstance(held, Ref) and isinstance(cell, Listing) and isinstance(node.op, ast.Add):
        extend(held, more, frame, node.value)
    elif isinstance(held, Ref) and isinstance(cell, Record) and isinstance(node.op, ast.BitOr):
        frame.reader.call(
            frame.reader.attribute(held, "update", frame, node), Arguments((more,)), frame, node
        )
    else:
        assign(target, operate(node.op, general(held), more, frame, node), frame)


def _loaded(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Attribute):
        return ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
    assert isinstance(target, ast.Subscript)
    return ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)


def _delete(node: ast.Delete, frame: Frame) -> None:
    for target in node.targets:
        if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
            owner = frame.reader.evaluate(target.value, frame)
            key = frame.reader.evaluate(target.slice, frame)
            if isinstance(owner, Method) and owner.name == "headers":
                remove_header(owner.receiver, key, frame)
            else:
                remove(owner, key, frame)


def _return(node: ast.Return, frame: Frame) -> None:
    value = NONE if node.value is None else frame.reader.evaluate(node.value, frame)
    frame.returns.append(Returned(value, frame.state, frame.place(node)))
    frame.alive = False


def _raise(node: ast.Raise, frame: Frame) -> None:
    if node.exc is None:
        again = frame.state.names.get("$caught", Object(Exception, {}))
        for option in options(again):
            frame.raises.append(Raised(option, frame.state.fork(), frame.place(node)))
        raise Dead
    raise_value(frame.reader.evaluate(node.exc, frame), frame, node)


def _if(node: ast.If, frame: Frame) -> None:
    held, failed = frame.reader.branch(node.test, frame)
    one, other = frame.run(node.body, held), frame.run(node.orelse, failed)
    if one is not None and other is not None and statuses_differ(one, other) and may_part(2, frame):
        frame.state, frame.alive, frame.apart = one, True, [one, other]
        return
    frame.resume(join((one, other)))


def _assert(node: ast.Assert, frame: Frame) -> None:
    held, _ = frame.reader.branch(node.test, frame)
    frame.resume(held)


def _with(node: ast.With | ast.AsyncWith, frame: Frame) -> None:
    suppressing = False
    for item in node.items:
        value = frame.reader.evaluate(item.context_expr, frame)
        suppressing = suppressing or getattr(value, "cls", None) is contextlib.suppress
        if item.optional_vars is not None:
            assign(item.optional_vars, _entered(value, frame, item.context_expr), frame)
    if not suppressing:
        frame.reader.execute(node.body, frame)
        return
    midway, ended = _step_by_step(node.body, frame)
    frame.resume(join((*midway, *ended)))


def _entered(value: Value, frame: Frame, node: ast.expr) -> Value:
    """What `as` binds: what the generator of a context manager yields, or `__enter__` returns."""
    content = frame.state.cell(value)
    if isinstance(content, Stream):
        return content.item or NONE
    cls = getattr(content, "cls", None)
    enter = static(cls, "__enter__") if isinstance(cls, type) else None
    if isinstance(enter, FunctionType) and not is_library(enter, frame.reader.shared.own):
        return frame.reader.call(
            frame.reader.attribute(value, "__enter__", frame, node), Arguments(), frame, node
        )
    # It is the object itself in sessions, files, locks and most other classes.
    return value


def _step_by_step(body: list[ast.stmt], frame: Frame) -> tuple[list[State], list[State]]:
    """Read a body that may raise anywhere: the states between its statements, and those behind it."""
    midway, ways = [frame.state.fork()], [frame.state]
    outer = frame.paths
    for statement in body:
        behind: list[State] = []
        frame.paths = outer * len(ways)
        for state in ways:
            frame.state, frame.alive = state, True
            _statement(statement, frame)
            behind += (frame.apart or [frame.state]) if frame.alive else []
            frame.apart = []
        ways = behind
        midway += [state.fork() for state in ways]
        if not ways:
            break
    frame.paths = outer
    return midway, ways


def _try(node: ast.Try, frame: Frame) -> None:
    outer = frame.raises
    frame.raises = []
    before = frame.state.fork()
    midway, ended = _step_by_step(node.body, frame)
    raised, frame.raises = frame.raises, outer
    # Anything in the body may raise what is not written there: a handler starts from every point of it.
    anywhere = join(midway)
    ends: list[State | None] = [frame.run(node.orelse, state) for state in ended]
    for handler in node.handlers:
        classes = caught(handler, frame)
        mine = [entry for entry in raised if catches(classes, entry)]
        raised = [entry for entry in raised if not any(entry is other for other in mine)]
        starts: list[tuple[Value, State | None]] = [(entry.value, entry.state) for entry in mine]
        unsaid = anywhere is not None and not _converts(node.body, classes, ended)
        if anywhere is not None and unsaid and implicit(classes, bool(mine), frame.reader.shared.own):
            starts.append((Object(classes[0], {}), anywhere.fork()))
        for value, state in starts:
            ends.append(_handle(handler, value, state, frame))
    frame.raises.extend(raised)
    frame.resume(join(ends))
    ways = [state for state in ends if state is not None]
    if len(ended) > 1 and not node.finalbody and may_part(len(ways), frame):
        frame.apart = ways
        return
    if node.finalbody:
        alive = frame.alive
        if not alive:
            frame.state = before
            frame.alive = True
        frame.reader.execute(node.finalbody, frame)
        frame.alive = frame.alive and alive


def _converts(body: list[ast.stmt], classes: tuple[type, ...], ended: list[State]) -> bool:
    """Whether all that `body` does is a conversion of a constant, which is seen not to fail."""
    only = body[0] if len(body) == 1 else None
    if not (isinstance(only, ast.Assign) and isinstance(only.value, ast.Call)):
        return False
    name, made = only.targets[0], only.value.func
    return (
        isinstance(made, ast.Name)
        and made.id in ("int", "float", "str")
        and isinstance(name, ast.Name)
        and set(classes) <= {ValueError, TypeError, OverflowError}
        and all(isinstance(state.names.get(name.id), Known) for state in ended)
    )


def _handle(handler: ast.ExceptHandler, value: Value, state: State | None, frame: Frame) -> State | None:
    if state is None:
        return None
    state = state.fork()
    state.names["$caught"] = value
    if handler.name:
        state.names[handler.name] = value
    return frame.run(handler.body, state)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
    defaults = tuple(frame.reader.evaluate(default, frame) for default in node.args.defaults)
    keywords = {
        argument.arg: frame.reader.evaluate(default, frame)
        for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if default is not None
    }
    made: Value = Closure(node, frame.scope, frame.state.names, defaults, keywords)
    for decorator in reversed(node.decorator_list):
        made = frame.reader.call(frame.reader.evaluate(decorator, frame), Arguments((made,)), frame, node)
    bind(node.name, made, frame)


_EXECUTORS: dict[type[ast.AST], Executor] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated_assign,
    ast.AugAssign: _augmented_assign,
    ast.Delete: _delete,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.If: _if,
    ast.Assert: _assert,
    ast.For: for_loop,
    ast.AsyncFor: for_loop,
    ast.While: while_loop,
    ast.Break: break_out,
    ast.Continue: begin_anew,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.Match: match_statement,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.ClassDef: _class,
}
if sys.version_info >= (3, 11):
    _EXECUTORS[ast.TryStar] = _try
