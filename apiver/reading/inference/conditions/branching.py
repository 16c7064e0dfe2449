"""Conditions: the two ways out of a test, with what each of them knows."""

from __future__ import annotations

import ast

from apiver.reading.inference.conditions.comparisons import comparison
from apiver.reading.inference.conditions.instances import instance_test
from apiver.reading.inference.conditions.narrowing import Ways, keep, sent
from apiver.reading.inference.conditions.truth import given_where, truth, truthy_part
from apiver.reading.inference.frame import Dead, Frame
from apiver.reading.inference.program.assignment import assign
from apiver.reading.inference.program.iteration import about_items, constants
from apiver.reading.inference.values.facts import FALSY, FILLED, Fact
from apiver.reading.inference.values.shapes import (
    Asked,
    LengthOf,
    Listing,
    Record,
    Typed,
    Value,
    options,
)
from apiver.reading.inference.values.state import State, join


def branch(node: ast.expr, frame: Frame) -> Ways:
    """The states in which `node` is true and in which it is false; None for a way that is never taken."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        held, failed = frame.reader.branch(node.operand, frame)
        return failed, held
    if isinstance(node, ast.BoolOp):
        return _chain(node.values, isinstance(node.op, ast.And), frame)
    if isinstance(node, ast.Compare):
        return comparison(node, frame)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) >= 1:
        live = frame.scope.live(node.func.id) if node.func.id not in frame.state.names else None
        if live is isinstance and len(node.args) == 2:
            value = frame.reader.evaluate(node.args[0], frame)
            return instance_test(node.args[0], value, frame.reader.evaluate(node.args[1], frame), frame)
        if live in (all, any) and isinstance(node.args[0], ast.GeneratorExp | ast.ListComp):
            found = _quantified(node.args[0], live is all, frame)
            if found is not None:
                return found
        if live in (all, any) and isinstance(node.args[0], ast.List | ast.Tuple) and node.args[0].elts:
            operands = node.args[0].elts
            if not any(isinstance(operand, ast.Starred) for operand in operands):
                return _chain(operands, live is all, frame)
        if live in (all, any):
            frame.reader.evaluate(node.args[0], frame)
            return frame.state, frame.state.fork()
    return decide(frame.reader.evaluate(node, frame), node, frame)


def _chain(operands: list[ast.expr], conjunction: bool, frame: Frame) -> Ways:
    """`and` goes on where an operand holds, `or` where it fails; the other ways out meet."""
    left: list[State | None] = []
    going: State | None = frame.state
    for operand in operands:
        assert going is not None
        frame.state = going
        try:
            held, failed = frame.reader.branch(operand, frame)
        except Dead:
            if not any(left):
                raise
            going = None
            break
        going = held if conjunction else failed
        left.append(failed if conjunction else held)
        if going is None:
            break
    out = join(left)
    return (going, out) if conjunction else (out, going)


def decide(value: Value, node: ast.expr, frame: Frame) -> Ways:
    """The two ways out of a condition that is just a value."""
    known = truth(value, frame.state)
    held = frame.state.fork() if known is not False else None
    failed = frame.state.fork() if known is not True else None
    for option in options(value):
        content = frame.state.cell(option)
        single = not hasattr(value, "options")
        if isinstance(content, Asked) and single:
            if held is not None:
                held.learn(*sent(content, bool, True), Fact(content.subject, FILLED))
            if failed is not None:
                failed.learn(*sent(content, bool, False), Fact(content.subject, FALSY))
        elif isinstance(content, LengthOf) and single:
            if held is not None:
                held.learn(*sent(content, bool, True), Fact(content.subject, FILLED))
            if failed is not None:
                failed.learn(*sent(content, bool, False))
        elif isinstance(content, Typed) and single:
            if held is not None:
                held.learn(*content.when_true)
            if failed is not None:
                failed.learn(*content.when_false)
        elif isinstance(content, Record | Listing) and failed is not None:
            failed.learn(*content.when_empty)
    for state, wanted in ((held, True), (failed, False)):
        if state is not None:
            state.learn(*given_where(value, state, wanted))
            _narrow(node, value, state, wanted)
    return held, failed


def _narrow(node: ast.expr, value: Value, state: State, wanted: bool) -> None:
    part = truthy_part(value, state, wanted)
    if part is not None and part != value:
        keep(node, part, state)


def _quantified(node: ast.GeneratorExp | ast.ListComp, every: bool, frame: Frame) -> Ways | None:
    """`all(... for key in CONSTANTS)` and `any(...)`, item by item like `and` and `or`."""
    if len(node.generators) != 1 or node.generators[0].ifs:
        return None
    generator = node.generators[0]
    source = frame.reader.evaluate(generator.iter, frame)
    items = constants(source, frame)
    if not items:
        return _of_each(node, every, source, frame) if items is None else None
    left: list[State | None] = []
    going: State | None = frame.state
    for item in items:
        assert going is not None
        frame.state = going
        assign(generator.target, item, frame)
        held, failed = frame.reader.branch(node.elt, frame)
        going = held if every else failed
        left.append(failed if every else held)
        if going is None:
            break
    out = join(left)
    return (going, out) if every else (out, going)


def _of_each(node: ast.GeneratorExp | ast.ListComp, every: bool, source: Value, frame: Frame) -> Ways:
    """`all(isinstance(tag, str) for tag in data["tags"])`: what holds of each item that the client sent."""
    before = frame.state
    frame.state = before.fork()
    item = frame.reader.iterate(source, frame, node)
    assign(node.generators[0].target, item, frame)
    held, failed = frame.reader.branch(node.elt, frame)
    one, other = before.fork(), before.fork()
    way = held if every else failed
    if way is not None:
        one.learn(*about_items(way.facts, item, before))
    frame.state = before
    return (one, other) if every else (other, one)
