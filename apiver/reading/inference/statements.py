"""Statements: how each kind of them moves the state of a function on."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from apiver.reading.inference.annotations import lookup_for, node_annotated
from apiver.reading.inference.assignment import assign, bind
from apiver.reading.inference.conditions import branch as _branch
from apiver.reading.inference.containers import extend, remove
from apiver.reading.inference.exceptions import catches, caught, implicit, raise_value
from apiver.reading.inference.facts import ABSENT, Fact, Subject
from apiver.reading.inference.frame import Arguments, Dead, Exhausted, Frame, Loop, Note, Raised, Returned
from apiver.reading.inference.iteration import constants
from apiver.reading.inference.operators import operate
from apiver.reading.inference.shapes import (
    NONE,
    Asked,
    Closure,
    Listing,
    Object,
    Record,
    Ref,
    Tuple,
    Unknown,
    Value,
    general,
    options,
)
from apiver.reading.inference.state import State, join

Executor = Callable[[Any, Frame], None]


def execute(body: list[ast.stmt], frame: Frame) -> None:
    """Read `body` until control leaves it. A statement that cannot be read does not stop the rest."""
    for statement in body:
        if not frame.alive:
            return
        try:
            _EXECUTORS.get(type(statement), _ignored)(statement, frame)
        except Dead:
            frame.alive = False
        except (Exhausted, RecursionError):
            raise
        except Exception as problem:  # noqa: BLE001 - a defect of apiver must not take the other routes with it
            note = Note(f"apiver failed to read this: {problem!r}", frame.place(statement), defect=True)
            frame.reader.journal.notes.append(note)


def run(body: list[ast.stmt], state: State | None, frame: Frame) -> State | None:
    """The state behind `body` when it starts in `state`; None where control does not get there."""
    if state is None:
        return None
    frame.state, frame.alive = state, True
    frame.reader.execute(body, frame)
    return frame.state if frame.alive else None


def resume(state: State | None, frame: Frame) -> None:
    """Go on in `state`, or end here."""
    if state is None:
        frame.alive = False
    else:
        frame.state, frame.alive = state, True


def _ignored(node: ast.stmt, frame: Frame) -> None:
    """pass, import, global, class: nothing that a response could depend on."""


def _expression(node: ast.Expr, frame: Frame) -> None:
    if not isinstance(node.value, ast.Constant):
        frame.reader.evaluate(node.value, frame)


def _assign(node: ast.Assign, frame: Frame) -> None:
    value = frame.reader.evaluate(node.value, frame)
    for target in node.targets:
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
            remove(owner, frame.reader.evaluate(target.slice, frame), frame)


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
    resume(join((run(node.body, held, frame), run(node.orelse, failed, frame))), frame)


def _assert(node: ast.Assert, frame: Frame) -> None:
    held, _ = frame.reader.branch(node.test, frame)
    resume(held, frame)


def _for(node: ast.For | ast.AsyncFor, frame: Frame) -> None:
    source = frame.reader.evaluate(node.iter, frame)
    items = constants(source, frame)
    if items is not None and items:
        _unrolled(node, items, frame)
        return
    if items == ():
        frame.reader.execute(node.orelse, frame)
        return
    item = frame.reader.iterate(source, frame, node.iter)
    _forget_constants(node.body, frame)
    before = frame.state
    after = _rounds(lambda: assign(node.target, item, frame), node.body, frame)
    skipped = before.fork()
    # Nothing is said about the items of an empty array, so what each of them must have still holds.
    skipped.learn(*(Fact(subject, ABSENT) for subject in item_subjects(item, frame)))
    done, broken = after
    ended = run(node.orelse, join((skipped, done)), frame)
    resume(join((ended, *broken)), frame)


def _rounds(
    begin: Callable[[], None], body: list[ast.stmt], frame: Frame
) -> tuple[State | None, list[State]]:
    """Read the body of a loop once, and an outermost loop again with what its first round left behind."""
    broken: list[State] = []
    done: State | None = None
    start = frame.state
    for _ in range(1 if frame.loops else 2):
        frame.state, frame.alive = start.fork(), True
        loop = Loop()
        frame.loops.append(loop)
        try:
            begin()
            frame.reader.execute(body, frame)
            ended = frame.state if frame.alive else None
        except Dead:
            ended = None
        finally:
            frame.loops.pop()
        broken += loop.breaks
        done = join((done, ended, *loop.continues))
        if done is None:
            break
        start = join((start, done)) or start
    return done, broken


def item_subjects(item: Value, frame: Frame) -> list[Subject]:
    """The arrays of the request that an item comes from: `data["lines"]`, or a list of tuples made of it."""
    found: list[Subject] = []
    todo = [frame.state.frozen(item)]
    while todo:
        value = todo.pop()
        todo += options(value) if len(options(value)) > 1 else ()
        if isinstance(value, Tuple):
            todo += value.items
        elif isinstance(value, Record):
            todo += [entry.value for entry in value.fields.values()]
        elif isinstance(value, Asked) and None in value.subject.path:
            last = len(value.subject.path) - value.subject.path[::-1].index(None)
            found.append(Subject(value.subject.location, value.subject.path[:last]))
    return found


def _forget_constants(body: list[ast.stmt], frame: Frame) -> None:
    # A counter that the loop moves on is no constant inside of it.
    for statement in body:
        for node in ast.walk(statement):
            if (
                isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Store)
                and node.id in frame.state.names
            ):
                frame.state.names[node.id] = general(frame.state.names[node.id])


def _unrolled(node: ast.For | ast.AsyncFor, items: tuple[Value, ...], frame: Frame) -> None:
    broken: list[State] = []
    state: State | None = frame.state
    for item in items:
        loop = Loop()
        frame.loops.append(loop)
        try:
            assert state is not None
            frame.state, frame.alive = state, True
            assign(node.target, item, frame)
            state = run(node.body, frame.state, frame)
        finally:
            frame.loops.pop()
        broken += loop.breaks
        state = join((state, *loop.continues))
        if state is None:
            break
    ended = run(node.orelse, state, frame)
    resume(join((ended, *broken)), frame)


def _while(node: ast.While, frame: Frame) -> None:
    _forget_constants(node.body, frame)
    held, failed = frame.reader.branch(node.test, frame)
    if held is None:
        resume(run(node.orelse, failed, frame), frame)
        return
    frame.state = held
    done, broken = _rounds(lambda: None, node.body, frame)
    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
    ended = None if endless else run(node.orelse, join((failed, done)), frame)
    resume(join((ended, *broken)), frame)


def _break(node: ast.Break, frame: Frame) -> None:
    if frame.loops:
        frame.loops[-1].breaks.append(frame.state)
    frame.alive = False


def _continue(node: ast.Continue, frame: Frame) -> None:
    if frame.loops:
        frame.loops[-1].continues.append(frame.state)
    frame.alive = False


def _with(node: ast.With | ast.AsyncWith, frame: Frame) -> None:
    for item in node.items:
        value = frame.reader.evaluate(item.context_expr, frame)
        if item.optional_vars is not None:
            # `__enter__` hands out the object itself in sessions, files, locks and most other classes.
            assign(item.optional_vars, value, frame)
    frame.reader.execute(node.body, frame)


def _try(node: ast.Try, frame: Frame) -> None:
    outer = frame.raises
    frame.raises = []
    before = frame.state.fork()
    midway: list[State] = [before]
    frame.alive = True
    for statement in node.body:
        frame.reader.execute([statement], frame)
        if not frame.alive:
            break
        midway.append(frame.state.fork())
    ended = frame.state if frame.alive else None
    raised, frame.raises = frame.raises, outer
    # Anything in the body may raise what is not written there: a handler starts from every point of it.
    anywhere = join(midway)
    ends: list[State | None] = [run(node.orelse, ended, frame)]
    for handler in node.handlers:
        classes = caught(handler, frame)
        mine = [entry for entry in raised if catches(classes, entry)]
        raised = [entry for entry in raised if not any(entry is other for other in mine)]
        starts: list[tuple[Value, State | None]] = [(entry.value, entry.state) for entry in mine]
        if anywhere is not None and implicit(classes, bool(mine), frame.reader.shared.own):
            starts.append((Object(classes[0], {}), anywhere.fork()))
        for value, state in starts:
            ends.append(_handle(handler, value, state, frame))
    frame.raises.extend(raised)
    resume(join(ends), frame)
    if node.finalbody:
        alive = frame.alive
        if not alive:
            frame.state = before
            frame.alive = True
        frame.reader.execute(node.finalbody, frame)
        frame.alive = frame.alive and alive


def _handle(handler: ast.ExceptHandler, value: Value, state: State | None, frame: Frame) -> State | None:
    if state is None:
        return None
    state = state.fork()
    state.names["$caught"] = value
    if handler.name:
        state.names[handler.name] = value
    return run(handler.body, state, frame)


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


def _match(node: ast.Match, frame: Frame) -> None:
    subject = frame.reader.evaluate(node.subject, frame)
    ends: list[State | None] = []
    going: State | None = frame.state
    for case in node.cases:
        if going is None:
            break
        frame.state = going
        held, going = _pattern(case.pattern, node.subject, subject, frame)
        if held is not None and case.guard is not None:
            frame.state = held
            held, missed = frame.reader.branch(case.guard, frame)
            going = join((going, missed))
        ends.append(run(case.body, held, frame))
    resume(join((*ends, going)), frame)


def _pattern(
    pattern: ast.pattern, node: ast.expr, subject: Value, frame: Frame
) -> tuple[State | None, State | None]:
    if isinstance(pattern, ast.MatchValue | ast.MatchSingleton):
        value = pattern.value if isinstance(pattern, ast.MatchValue) else ast.Constant(pattern.value)
        test = ast.Compare(node, [ast.Eq()], [value])
        return _branch(ast.fix_missing_locations(ast.copy_location(test, node)), frame)
    if isinstance(pattern, ast.MatchOr):
        matched: list[State | None] = []
        going: State | None = frame.state
        for part in pattern.patterns:
            if going is None:
                break
            frame.state = going
            held, going = _pattern(part, node, subject, frame)
            matched.append(held)
        return join(matched), going
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
        state = frame.state.fork()
        if pattern.name is not None:
            state.names[pattern.name] = subject
        return state, None
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
        held, missed = _pattern(pattern.pattern, node, subject, frame)
        if held is not None and pattern.name is not None:
            held.names[pattern.name] = subject
        return held, missed
    held = frame.state.fork()
    for inner in ast.walk(pattern):
        name = getattr(inner, "name", None) or getattr(inner, "rest", None)
        if isinstance(name, str):
            held.names[name] = frame.unknown("it is taken apart by a pattern", node)
    return held, frame.state.fork()


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
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.Match: _match,
}
