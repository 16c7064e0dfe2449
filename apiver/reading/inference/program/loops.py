"""Loops: constants are gone through one by one, anything else once and once again."""

from __future__ import annotations

import ast
from collections.abc import Callable

from apiver.reading.inference.frame import Dead, Frame, Loop
from apiver.reading.inference.program.assignment import assign
from apiver.reading.inference.program.iteration import constants, item_subjects
from apiver.reading.inference.values.facts import ABSENT, Fact
from apiver.reading.inference.values.shapes import (
    Record,
    Ref,
    Value,
    general,
    options,
)
from apiver.reading.inference.values.state import State, join


def for_loop(node: ast.For | ast.AsyncFor, frame: Frame) -> None:
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
    own = _own_cell(item, frame)
    fresh = None if own is None else before.heap[own.address]

    def begin() -> None:
        if own is not None and fresh is not None:
            frame.state.heap[own.address] = fresh  # the item of this round was not changed by an earlier one
        assign(node.target, item, frame)

    after = _rounds(begin, node.body, frame)
    skipped = before.fork()
    skipped.learn(*getattr(before.cell(source), "when_empty", ()))
    if own is not None and after[0] is not None and not after[1]:
        # There is no item that the loop has not changed.
        skipped.heap[own.address] = after[0].heap[own.address]
    # Nothing is said about the items of an empty array, so what each of them must have still holds.
    skipped.learn(*(Fact(subject, ABSENT) for subject in item_subjects(item, frame.state)))
    done, broken = after
    ended = frame.run(node.orelse, join((skipped, done)))
    frame.resume(join((ended, *broken)))


def _own_cell(item: Value, frame: Frame) -> Ref | None:
    """The cell of the items of a list, if nothing but the list leads to it."""
    if not isinstance(item, Ref) or not isinstance(frame.state.cell(item), Record):
        return None
    named = any(item in options(value) for value in frame.state.names.values())
    return None if named else item


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
            state = frame.run(node.body, frame.state)
        finally:
            frame.loops.pop()
        broken += loop.breaks
        state = join((state, *loop.continues))
        if state is None:
            break
    ended = frame.run(node.orelse, state)
    frame.resume(join((ended, *broken)))


def while_loop(node: ast.While, frame: Frame) -> None:
    _forget_constants(node.body, frame)
    held, failed = frame.reader.branch(node.test, frame)
    if held is None:
        frame.resume(frame.run(node.orelse, failed))
        return
    frame.state = held
    done, broken = _rounds(lambda: None, node.body, frame)
    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
    ended = None if endless else frame.run(node.orelse, join((failed, done)))
    frame.resume(join((ended, *broken)))


def break_out(node: ast.Break, frame: Frame) -> None:
    if frame.loops:
        frame.loops[-1].breaks.append(frame.state)
    frame.alive = False


def begin_anew(node: ast.Continue, frame: Frame) -> None:
    if frame.loops:
        frame.loops[-1].continues.append(frame.state)
    frame.alive = False
