"""Expressions -> shapes: one small function for each kind of node."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from apiver.reading.inference.conditions.truth import truthy_part
from apiver.reading.inference.frame import Arguments, Dead, Frame
from apiver.reading.inference.program.assignment import assign, path_of
from apiver.reading.inference.program.comprehensions import comprehension
from apiver.reading.inference.program.containers import put, spread, subscript
from apiver.reading.inference.program.folding import item
from apiver.reading.inference.program.iteration import constants, item_of
from apiver.reading.inference.program.operators import operate
from apiver.reading.inference.requests.asking import constant_default
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Closure,
    KeysOf,
    Known,
    Listing,
    Live,
    Record,
    Ref,
    Super,
    Tuple,
    Typed,
    Union,
    Unknown,
    Value,
    options,
    union,
)
from apiver.reading.inference.values.state import State, join

Evaluator = Callable[[Any, Frame], Value]


def evaluate(node: ast.expr, frame: Frame) -> Value:
    """The value of `node`."""
    evaluator = _EVALUATORS.get(type(node))
    if evaluator is None:
        return frame.unknown(f"{type(node).__name__} is not read yet", node)
    return evaluator(node, frame)


def _constant(node: ast.Constant, frame: Frame) -> Value:
    if isinstance(node.value, bool | int | float | str | bytes) or node.value is None:
        return Known(node.value)
    return frame.unknown(f"the constant {node.value!r} has no JSON form", node)


def _name(node: ast.Name, frame: Frame) -> Value:
    if node.id in frame.state.names:
        return frame.state.names[node.id]
    return frame.scope.lookup(node.id, frame.place(node))


def _attribute(node: ast.Attribute, frame: Frame) -> Value:
    narrowed = _narrowed(node, frame)
    if narrowed is not None:
        return narrowed
    return frame.reader.attribute(frame.reader.evaluate(node.value, frame), node.attr, frame, node)


def _subscript(node: ast.Subscript, frame: Frame) -> Value:
    narrowed = _narrowed(node, frame)
    owner = frame.reader.evaluate(node.value, frame)
    if isinstance(node.slice, ast.Slice):
        bounds = [
            NONE if part is None else frame.reader.evaluate(part, frame)
            for part in (node.slice.lower, node.slice.upper, node.slice.step)
        ]
        known = [bound.value for bound in bounds if isinstance(bound, Known)]
        computed = item(owner, slice(*known), frame, node) if len(known) == len(bounds) else None
        return _slice(owner, frame, node) if computed is None else computed
    index = frame.reader.evaluate(node.slice, frame)
    found = subscript(owner, index, frame, node)
    return found if narrowed is None else narrowed


def _narrowed(node: ast.expr, frame: Frame) -> Value | None:
    path = path_of(node)
    return frame.state.names.get(path) if path is not None else None


def _slice(owner: Value, frame: Frame, node: ast.Subscript) -> Value:
    content = frame.state.cell(owner)
    if isinstance(content, Union):
        return union(_slice(option, frame, node) for option in content.options if option != NONE)
    if isinstance(content, Listing):
        return frame.allocate(Listing(content.items))
    if isinstance(content, Tuple):
        return Listing(union(content.items)) if content.items else Tuple(())
    if isinstance(content, Typed) and content.cls in (str, bytes):
        return Typed(content.cls)
    if isinstance(content, Known) and isinstance(content.value, str | bytes):
        return Typed(type(content.value))
    if isinstance(content, Asked):
        # A part of an empty string is empty; what a part of another default is would be to compute.
        instead = content.instead if content.instead is not None and not content.instead.value else None
        return replace(content, exact=False, instead=instead) if content.cls in (None, str) else content
    if isinstance(content, Unknown):
        return content
    return Listing(item_of(content, frame, node.value))


def _joined_string(node: ast.JoinedStr, frame: Frame) -> Value:
    text = ""
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            value = frame.reader.evaluate(part.value, frame)
            if part.format_spec is None and part.conversion == -1 and isinstance(value, Known):
                text += str(value.value)
                continue
            text = "\0"
        elif isinstance(part, ast.Constant):
            text += str(part.value)
    return Typed(str) if "\0" in text else Known(text)


def _list(node: ast.List | ast.Set, frame: Frame) -> Value:
    items: list[Value] = []
    exact = True
    for element in node.elts:
        if isinstance(element, ast.Starred):
            spread = frame.reader.evaluate(element.value, frame)
            known = constants(spread, frame)
            exact = exact and known is not None
            items += known if known is not None else (item_of(spread, frame, element.value),)
        else:
            items.append(frame.reader.evaluate(element, frame))
    return frame.allocate(Listing(union(items) if items else None, tuple(items) if exact else None))


def _tuple(node: ast.Tuple, frame: Frame) -> Value:
    items: list[Value] = []
    for element in node.elts:
        if isinstance(element, ast.Starred):
            spread = frame.reader.evaluate(element.value, frame)
            known = constants(spread, frame)
            if known is None:
                return Listing(union([*items, item_of(spread, frame, element.value)]))
            items += known
        else:
            items.append(frame.reader.evaluate(element, frame))
    return Tuple(tuple(items))


def _dict(node: ast.Dict, frame: Frame) -> Value:
    # The parts first: one of them may end the path, and then there is no dict that lacks the others.
    parts = [
        (
            element if key is None else key,
            key is None or frame.reader.evaluate(key, frame),
            frame.reader.evaluate(element, frame),
        )
        for key, element in zip(node.keys, node.values, strict=True)
    ]
    made = frame.allocate(Record())
    for part, key, value in parts:
        if isinstance(key, Value):
            put(made, key, value, frame, part)
        else:
            spread(made, value, frame, part)
    return made


def _binary(node: ast.BinOp, frame: Frame) -> Value:
    left = frame.reader.evaluate(node.left, frame)
    right = frame.reader.evaluate(node.right, frame)
    if isinstance(node.op, ast.BitOr) and isinstance(frame.state.cell(left), Record):
        made = frame.allocate(Record())
        spread(made, left, frame, node.left)
        spread(made, right, frame, node.right)
        return made
    return operate(node.op, left, right, frame, node)


def _unary(node: ast.UnaryOp, frame: Frame) -> Value:
    if isinstance(node.op, ast.Not):
        return _test(node, frame)
    value = frame.reader.evaluate(node.operand, frame)
    if isinstance(value, Known) and type(value.value) in (int, float):
        return Known(-value.value if isinstance(node.op, ast.USub) else value.value)
    return value if isinstance(value, Typed | Unknown) else operate(ast.Add(), Known(0), value, frame, node)


def _test(node: ast.expr, frame: Frame) -> Value:
    """A condition as a value: it remembers what it says about the request."""
    before = frame.state
    held, failed = frame.reader.branch(node, frame)
    after = join((held, failed))
    if after is None:
        raise Dead
    frame.state = State(before.names, after.heap, after.facts)
    if failed is None:
        return Known(True)
    if held is None:
        return Known(False)
    return Typed(bool, when_true=held.facts - after.facts, when_false=failed.facts - after.facts)


def _boolean(node: ast.BoolOp, frame: Frame) -> Value:
    """`a or b` and `a and b`: an operand that cannot be the result adds nothing."""
    results: list[Value] = []
    states: list[State | None] = []
    last = len(node.values) - 1
    for position, operand in enumerate(node.values):
        try:
            if position == last:
                results.append(frame.reader.evaluate(operand, frame))
                states.append(frame.state)
                break
            value, held, failed = _tested(operand, frame)
        except Dead:
            break
        leaves, goes_on = (held, failed) if isinstance(node.op, ast.Or) else (failed, held)
        if leaves is not None:
            part = truthy_part(value, leaves, isinstance(node.op, ast.Or))
            if part is not None:
                results.append(part)
                states.append(leaves)
        if goes_on is None:
            break
        frame.state = goes_on
    joined = join(states)
    if joined is None:
        raise Dead
    frame.state = joined
    return _asked_or_default(results, frame) if isinstance(node.op, ast.Or) else union(results)


def _tested(node: ast.expr, frame: Frame) -> tuple[Value, State | None, State | None]:
    """The value of an operand, and the two ways out of it as a condition."""
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
    if isinstance(node, ast.Compare | ast.UnaryOp | ast.BoolOp) or named in ("isinstance", "all", "any"):
        # A test says more than its value; it is read once as the one and once as the other.
        before = frame.state.fork()
        value = frame.reader.evaluate(node, frame)
        made = frame.state.heap
        frame.state = before
        held, failed = frame.reader.branch(node, frame)
        for state in (held, failed):
            if state is not None:
                state.heap = {**made, **state.heap}
        return value, held, failed
    reads = len(frame.reader.journal.reads)
    value = frame.reader.evaluate(node, frame)
    return value, *frame.reader.decide(value, node, frame, reads)


def _asked_or_default(results: list[Value], frame: Frame) -> Value:
    # `request.get_json() or {}` is still the body, `args.get("q") or ""` still the parameter.
    asked = [value for value in results if isinstance(value, Asked)]
    others = [value for value in results if not isinstance(value, Asked)]
    if len(asked) == 1 and all(_plain_default(value) for value in others):
        instead = constant_default(others[0], frame) if len(others) == 1 and others != [NONE] else None
        return replace(asked[0], nullable=NONE in others, instead=instead)
    return union(results)


def _plain_default(value: Value) -> bool:
    return isinstance(value, Known | Ref | Record | Listing | KeysOf)


def _conditional(node: ast.IfExp, frame: Frame) -> Value:
    held, failed = frame.reader.branch(node.test, frame)
    results: list[Value] = []
    states: list[State | None] = []
    for state, part in ((held, node.body), (failed, node.orelse)):
        if state is None:
            continue
        frame.state = state
        try:
            results.append(frame.reader.evaluate(part, frame))
        except Dead:
            continue
        states.append(frame.state)
    joined = join(states)
    if joined is None:
        raise Dead
    frame.state = joined
    return union(results)


def _call(node: ast.Call, frame: Frame) -> Value:
    if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
        return _super(node, frame)
    if (
        isinstance(node.func, ast.Name)
        and node.func.id in ("all", "any")
        and node.func.id not in frame.state.names
    ):
        return _test(node, frame)
    callee = frame.reader.evaluate(node.func, frame)
    positional: list[Value] = []
    unknown: Unknown | None = None
    for element in node.args:
        if isinstance(element, ast.Starred):
            value = frame.reader.evaluate(element.value, frame)
            known = constants(value, frame)
            if known is None:
                unknown = frame.unknown(f"the arguments *{ast.unparse(element.value)} are not known", node)
                break
            positional += known
        else:
            positional.append(frame.reader.evaluate(element, frame))
    keywords: dict[str, Value] = {}
    optional: set[str] = set()
    sent: list[Value] = []
    for keyword in node.keywords:
        value = frame.reader.evaluate(keyword.value, frame)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
            continue
        content = frame.state.cell(value)
        if isinstance(content, Record) and content.rest is None and content.open is None:
            keywords |= {key: entry.value for key, entry in content.fields.items()}
            optional |= {key for key, entry in content.fields.items() if not entry.required}
        else:
            unknown = frame.unknown(f"the arguments **{ast.unparse(keyword.value)} are not known", node)
            sent += [option for option in options(value) if isinstance(option, Asked)]
    given = Arguments(tuple(positional), keywords, unknown, frozenset(optional), tuple(sent))
    return frame.reader.call(callee, given, frame, node)


def _super(node: ast.Call, frame: Frame) -> Value:
    receiver = frame.state.names.get("self") or frame.state.names.get("cls")
    if frame.owner is None or receiver is None:
        return frame.unknown("super() outside of a method that is known", node)
    for option in options(receiver):
        content = frame.state.cell(option)
        cls = getattr(content, "cls", None)
        if isinstance(cls, type):
            return Super(receiver, cls, frame.owner)
        if isinstance(content, Live):
            return Super(
                receiver,
                content.object if isinstance(content.object, type) else type(content.object),
                frame.owner,
            )
    return frame.unknown("super() of an object that is not known", node)


def _lambda(node: ast.Lambda, frame: Frame) -> Value:
    defaults = tuple(frame.reader.evaluate(default, frame) for default in node.args.defaults)
    return Closure(node, frame.scope, dict(frame.state.names), defaults)


def _walrus(node: ast.NamedExpr, frame: Frame) -> Value:
    value = frame.reader.evaluate(node.value, frame)
    assign(node.target, value, frame)
    return value


def _await(node: ast.Await, frame: Frame) -> Value:
    return frame.reader.evaluate(node.value, frame)


def _yield(node: ast.Yield | ast.YieldFrom, frame: Frame) -> Value:
    value = NONE if node.value is None else frame.reader.evaluate(node.value, frame)
    if isinstance(node, ast.YieldFrom):
        frame.yields.append(frame.reader.iterate(value, frame, node))
        return frame.unknown("it is what another generator returns", node)
    frame.yields.append(value)
    return frame.unknown("it is what is sent into a generator", node)


def _starred(node: ast.Starred, frame: Frame) -> Value:
    return frame.reader.evaluate(node.value, frame)


_EVALUATORS: dict[type[ast.AST], Evaluator] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.JoinedStr: _joined_string,
    ast.List: _list,
    ast.Set: _list,
    ast.Tuple: _tuple,
    ast.Dict: _dict,
    ast.ListComp: comprehension,
    ast.SetComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.DictComp: comprehension,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _test,
    ast.BoolOp: _boolean,
    ast.IfExp: _conditional,
    ast.Call: _call,
    ast.Lambda: _lambda,
    ast.NamedExpr: _walrus,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.Starred: _starred,
}
