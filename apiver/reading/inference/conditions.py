"""Conditions: the two ways out of a test, with what each of them knows."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

from apiver.reading.inference.assignment import assign, path_of
from apiver.reading.inference.columns import note_comparison
from apiver.reading.inference.facts import ABSENT, EMPTY, FILLED, GIVEN, PRESENT, Fact, Facts
from apiver.reading.inference.frame import Dead, Frame
from apiver.reading.inference.iteration import constants
from apiver.reading.inference.presence import all_sent, note_test
from apiver.reading.inference.shapes import (
    NONE,
    Asked,
    KeysOf,
    Known,
    LengthOf,
    Listing,
    Live,
    Object,
    Record,
    Tuple,
    Typed,
    Value,
    options,
    union,
)
from apiver.reading.inference.state import State, join
from apiver.reading.inference.truth import given_where, given_where_none, none_part, truth, truthy_part

Ways = tuple[State | None, State | None]

JSON_TYPES: dict[type, str] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    list: "array",
    dict: "object",
}
_MIRRORED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_NEGATED = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt}
_BOUNDS = {ast.Lt: "exclusiveMaximum", ast.LtE: "maximum", ast.Gt: "exclusiveMinimum", ast.GtE: "minimum"}


def branch(node: ast.expr, frame: Frame) -> Ways:
    """The states in which `node` is true and in which it is false; None for a way that is never taken."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        held, failed = frame.reader.branch(node.operand, frame)
        return failed, held
    if isinstance(node, ast.BoolOp):
        return _chain(node.values, isinstance(node.op, ast.And), frame)
    if isinstance(node, ast.Compare):
        return _comparison(node, frame)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) >= 1:
        live = frame.scope.live(node.func.id) if node.func.id not in frame.state.names else None
        if live is isinstance and len(node.args) == 2:
            return _instance_test(node, frame)
        if live in (all, any) and isinstance(node.args[0], ast.GeneratorExp | ast.ListComp):
            found = _quantified(node.args[0], live is all, frame)
            if found is not None:
                return found
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
                held.learn(*_present(content), Fact(content.subject, FILLED))
            if failed is not None:
                failed.learn(Fact(content.subject, EMPTY))
        elif isinstance(content, LengthOf) and single:
            if held is not None:
                held.learn(Fact(content.subject, FILLED))
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


def _present(asked: Asked) -> tuple[Fact, ...]:
    # Where there is a default, a value does not tell that the client sent one.
    return (Fact(asked.subject, PRESENT),) if asked.nullable else ()


def _narrow(node: ast.expr, value: Value, state: State, wanted: bool) -> None:
    part = truthy_part(value, state, wanted)
    if part is not None and part != value:
        _keep(node, part, state)


def _keep(node: ast.expr, part: Value, state: State) -> None:
    """Remember a narrower value for a name, an attribute or a constant key."""
    if isinstance(node, ast.NamedExpr):
        node = node.target
    if isinstance(node, ast.Name):
        if node.id in state.names:
            state.names[node.id] = part
        return
    path = path_of(node)
    if path is not None:
        state.names[path] = part


def _comparison(node: ast.Compare, frame: Frame) -> Ways:
    left_node, left = node.left, frame.reader.evaluate(node.left, frame)
    failures: list[State | None] = []
    held: State | None = frame.state
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        assert held is not None
        frame.state = held
        right = frame.reader.evaluate(right_node, frame)
        held, failed = _compare(op, (left_node, left), (right_node, right), frame)
        failures.append(failed)
        if held is None:
            break
        left_node, left = right_node, right
    return held, join(failures)


def _compare(
    op: ast.cmpop, left: tuple[ast.expr, Value], right: tuple[ast.expr, Value], frame: Frame
) -> Ways:
    if isinstance(op, ast.NotEq | ast.IsNot | ast.NotIn):
        positive = {ast.NotEq: ast.Eq, ast.IsNot: ast.Is, ast.NotIn: ast.In}[type(op)]()
        held, failed = _compare(positive, left, right, frame)
        return failed, held
    if isinstance(op, ast.Eq | ast.Is):
        for (node, value), (_, other) in ((left, right), (right, left)):
            if other == NONE:
                return _none_test(node, value, frame)
        return _equality(left, right, frame)
    if isinstance(op, ast.In):
        return _membership(left, right, frame)
    return _order(op, left[1], right[1], frame, left[0])


def _none_test(node: ast.expr, value: Value, frame: Frame) -> Ways:
    ways: list[State | None] = []
    for is_none in (True, False):
        part = none_part(value, is_none)
        state = frame.state.fork() if part is not None else None
        if state is not None and part is not None:
            if part != value:
                _keep(node, part, state)
            state.learn(*given_where_none(value, is_none))
            if isinstance(value, Asked):
                if is_none:
                    state.learn(Fact(value.subject, EMPTY))
                else:
                    state.learn(*_present(value), Fact(value.subject, GIVEN))
        ways.append(state)
    return ways[0], ways[1]


def _equality(left: tuple[ast.expr, Value], right: tuple[ast.expr, Value], frame: Frame) -> Ways:
    note_comparison(left[1], right[1], frame, left[0])
    note_comparison(right[1], left[1], frame, right[0])
    for (node, value), (_, other) in ((left, right), (right, left)):
        if not isinstance(other, Known):
            continue
        plain = _plain(other.value)
        if isinstance(value, Asked):
            held = frame.state.fork()
            if value.exact:
                held.learn(
                    Fact(value.subject, "enum", (plain,)), Fact(value.subject, GIVEN), *_present(value)
                )
            elif plain not in ("", None):
                held.learn(*_present(value))
            failed = frame.state.fork()
            if plain == "":
                failed.learn(*_present(value), Fact(value.subject, FILLED))
            return held, failed
        if isinstance(value, LengthOf) and type(plain) is int:
            held, failed = frame.state.fork(), frame.state.fork()
            held.learn(Fact(value.subject, "minSize", plain), Fact(value.subject, "maxSize", plain))
            if plain == 0:
                failed.learn(Fact(value.subject, FILLED))
            return held, failed
        if all(isinstance(option, Known) for option in options(value)):
            return _constant_equality(node, value, other, frame)
    if isinstance(left[1], Live) and isinstance(right[1], Live):
        same = left[1].object is right[1].object
        return (frame.state, None) if same else (frame.state.fork(), frame.state.fork())
    return frame.state.fork(), frame.state.fork()


def _constant_equality(node: ast.expr, value: Value, other: Known, frame: Frame) -> Ways:
    same = [option for option in options(value) if isinstance(option, Known) and _equal(option, other)]
    rest = [option for option in options(value) if option not in same]
    held = frame.state.fork() if same else None
    failed = frame.state.fork() if rest else None
    if held is not None and rest:
        _keep(node, union(same), held)
    if failed is not None and same:
        _keep(node, union(rest), failed)
    return held, failed


def _equal(one: Known, other: Known) -> bool:
    return bool(_plain(one.value) == _plain(other.value)) or one == other


def _plain(value: Any) -> Any:
    # An enum that is a string or a number too compares as one.
    return value.value if isinstance(value, str | int) and hasattr(value, "value") else value


def _membership(left: tuple[ast.expr, Value], right: tuple[ast.expr, Value], frame: Frame) -> Ways:
    value, container = left[1], frame.state.cell(right[1])
    if isinstance(container, Asked | KeysOf):
        found = _key_test(value, container, right[0], frame)
        if found is not None:
            return found
    held, failed = frame.state.fork(), frame.state.fork()
    items = constants(right[1], frame)
    if isinstance(container, Record) and items is None and not container.rest and not container.open:
        items = tuple(Known(key) for key in container.fields)
    if items is None or not all(isinstance(item, Known) for item in items):
        return held, failed
    values = [_plain(item.value) for item in items if isinstance(item, Known)]
    if isinstance(value, Asked):
        if value.exact and None not in values:
            held.learn(Fact(value.subject, "enum", tuple(dict.fromkeys(values))), *_present(value))
            held.learn(Fact(value.subject, GIVEN))
        return held, failed
    known = [option for option in options(value) if isinstance(option, Known)]
    if len(known) == len(options(value)):
        inside = [option for option in known if _plain(option.value) in values]
        outside = [option for option in known if option not in inside]
        if inside:
            _keep(left[0], union(inside), held)
        if outside:
            _keep(left[0], union(outside), failed)
        return held if inside else None, failed if outside else None
    return held, failed


def _key_test(value: Value, container: Asked | KeysOf, node: ast.expr, frame: Frame) -> Ways | None:
    if isinstance(container, Asked) and container.cls is str:
        return None
    if isinstance(value, Known) and isinstance(value.value, str):
        child = note_test(container.subject, value.value, frame, node)
        held, failed = frame.state.fork(), frame.state.fork()
        held.learn(Fact(child, PRESENT))
        failed.learn(Fact(child, ABSENT))
        return held, failed
    return frame.state.fork(), frame.state.fork()


def _order(op: ast.cmpop, left: Value, right: Value, frame: Frame, node: ast.AST) -> Ways:
    held, failed = frame.state.fork(), frame.state.fork()
    if isinstance(right, Known) and isinstance(left, Known):
        decided = _ordered(op, left.value, right.value)
        if decided is not None:
            return (held, None) if decided else (None, failed)
    subset = _subset(op, left, right, frame, node)
    if subset is not None:
        held.learn(*subset)
        return held, failed
    kind = type(op)
    if isinstance(left, Known) and isinstance(right, Asked | LengthOf):
        left, right, kind = right, left, _MIRRORED[kind]
    if isinstance(left, Asked | LengthOf) and isinstance(right, Known) and type(right.value) in (int, float):
        held.learn(*_bound(left, kind, right.value))
        failed.learn(*_bound(left, _NEGATED[kind], right.value))
    return held, failed


def _ordered(op: ast.cmpop, left: Any, right: Any) -> bool | None:
    if type(left) not in (int, float, str) or type(right) not in (int, float, str):
        return None
    if isinstance(left, str) is not isinstance(right, str):
        return None
    results = {ast.Lt: left < right, ast.LtE: left <= right, ast.Gt: left > right, ast.GtE: left >= right}
    return results.get(type(op))


def _bound(value: Asked | LengthOf, kind: type[ast.cmpop], limit: float) -> list[Fact]:
    if isinstance(value, Asked):
        return [Fact(value.subject, _BOUNDS[kind], limit), Fact(value.subject, GIVEN)] if value.exact else []
    size = {ast.Lt: ("maxSize", limit - 1), ast.LtE: ("maxSize", limit)}
    size |= {ast.Gt: ("minSize", limit + 1), ast.GtE: ("minSize", limit)}
    name, bound = size[kind]
    return [Fact(value.subject, name, int(bound))]


def _subset(op: ast.cmpop, left: Value, right: Value, frame: Frame, node: ast.AST) -> Facts | None:
    """`REQUIRED <= data.keys()`."""
    if isinstance(op, ast.GtE):
        left, right = right, left
    elif not isinstance(op, ast.LtE):
        return None
    content = frame.state.cell(left)
    if not isinstance(right, KeysOf) or not isinstance(content, Listing | Tuple):
        return None
    return all_sent(right.subject, constants(left, frame) or (), frame, node)


def _instance_test(node: ast.Call, frame: Frame) -> Ways:
    value = frame.reader.evaluate(node.args[0], frame)
    classes = _classes(frame.reader.evaluate(node.args[1], frame))
    held, failed = frame.state.fork(), frame.state.fork()
    if not classes:
        return held, failed
    if isinstance(value, Asked):
        names = tuple(dict.fromkeys(JSON_TYPES[cls] for cls in classes if cls in JSON_TYPES))
        if names and len(names) == len(classes) and value.subject.location == "json":
            held.learn(Fact(value.subject, "type", names), *_present(value), Fact(value.subject, GIVEN))
            if len(classes) == 1:
                _keep(node.args[0], replace(value, cls=classes[0], nullable=False), held)
        return held, failed
    inside, outside = _sorted_by_class(value, classes, frame.state)
    if inside is not None and outside is not None:
        if inside:
            _keep(node.args[0], union(inside), held)
        if outside:
            _keep(node.args[0], union(outside), failed)
        return held if inside else None, failed if outside else None
    return held, failed


def _classes(value: Value) -> tuple[type, ...]:
    items = value.items if isinstance(value, Tuple) else options(value)
    return tuple(item.object for item in items if isinstance(item, Live) and isinstance(item.object, type))


def _sorted_by_class(
    value: Value, classes: tuple[type, ...], state: State
) -> tuple[list[Value] | None, list[Value] | None]:
    inside: list[Value] = []
    outside: list[Value] = []
    for option in options(value):
        cls = _class_of(state.cell(option))
        if cls is None:
            return None, None
        if issubclass(cls, classes):
            inside.append(option)
        elif any(issubclass(wanted, cls) for wanted in classes):
            return None, None
        else:
            outside.append(option)
    return inside, outside


def _class_of(value: Value) -> type | None:
    if isinstance(value, Typed | Object):
        return value.cls
    if isinstance(value, Known):
        return type(value.value)
    if isinstance(value, Record):
        return dict
    if isinstance(value, Tuple):
        return tuple
    if isinstance(value, Live) and not isinstance(value.object, type):
        return type(value.object)
    return list if isinstance(value, Listing) else None


def _quantified(node: ast.GeneratorExp | ast.ListComp, every: bool, frame: Frame) -> Ways | None:
    """`all(... for key in CONSTANTS)` and `any(...)`, item by item like `and` and `or`."""
    if len(node.generators) != 1 or node.generators[0].ifs:
        return None
    generator = node.generators[0]
    items = constants(frame.reader.evaluate(generator.iter, frame), frame)
    if not items:
        return None
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
