"""Comparisons: what `==`, `in`, `<` and `is` say on their two ways out."""

from __future__ import annotations

import ast
import operator
from functools import partial
from typing import Any

from apiver.reading.inference.conditions.instances import type_test
from apiver.reading.inference.conditions.narrowing import Ways, keep, sent
from apiver.reading.inference.conditions.truth import given_where_none, none_part
from apiver.reading.inference.frame import Frame, Hint
from apiver.reading.inference.program.folding import compared, contains
from apiver.reading.inference.program.iteration import constants
from apiver.reading.inference.program.scope import GLOBALS
from apiver.reading.inference.requests.choices import note_choice, note_constants
from apiver.reading.inference.requests.columns import note_comparison
from apiver.reading.inference.requests.pins import pinned
from apiver.reading.inference.requests.presence import (
    all_sent,
    is_mapping,
    may_be_no_object,
    note_scheme,
    note_test,
    only_keys,
    part_of,
)
from apiver.reading.inference.values.facts import (
    ABSENT,
    EMPTY,
    FALSY,
    FILLED,
    GIVEN,
    OUTSIDE,
    PRESENT,
    SEARCHED,
    Fact,
    Facts,
    Subject,
)
from apiver.reading.inference.values.shapes import (
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
from apiver.reading.inference.values.state import State, join

_MIRRORED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}


_TESTS = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge}


_NEGATED = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt}


_BOUNDS = {ast.Lt: "exclusiveMaximum", ast.LtE: "maximum", ast.Gt: "exclusiveMinimum", ast.GtE: "minimum"}


def comparison(node: ast.Compare, frame: Frame) -> Ways:
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
        by_type = type_test(left[0], right[1], frame)
        if by_type is not None:
            return by_type
        for (node, value), (_, other) in ((left, right), (right, left)):
            if other == NONE:
                return _none_test(node, value, frame)
        whole = _same_keys(left[1], right[1], frame, left[0]) or _same_keys(right[1], left[1], frame, left[0])
        if whole:
            held = frame.state.fork()
            held.learn(*whole)
            return held, frame.state.fork()
        return _equality(left, right, frame)
    if isinstance(op, ast.In):
        by_type = type_test(left[0], right[1], frame)
        if by_type is not None:
            return by_type
        return _membership(left, right, frame)
    return _order(op, left[1], right[1], frame, left[0])


def _none_test(node: ast.expr, value: Value, frame: Frame) -> Ways:
    ways: list[State | None] = []
    for is_none in (True, False):
        part = none_part(value, is_none)
        state = frame.state.fork() if part is not None else None
        if state is not None and part is not None:
            if part != value:
                keep(node, part, state)
            state.learn(*given_where_none(value, is_none))
            if isinstance(value, Asked):
                if is_none:
                    state.learn(Fact(value.subject, EMPTY), Fact(value.subject, FALSY))
                else:
                    state.learn(*sent(value, lambda plain: plain is None, False), Fact(value.subject, GIVEN))
        ways.append(state)
    return ways[0], ways[1]


def _equality(left: tuple[ast.expr, Value], right: tuple[ast.expr, Value], frame: Frame) -> Ways:
    note_comparison(left[1], right[1], frame, left[0])
    note_comparison(right[1], left[1], frame, right[0])
    for (_, value), (other_node, other) in ((left, right), (right, left)):
        note_scheme(value, (_beginning(other_node, other),), frame, other_node)
    for (node, value), (_, other) in ((left, right), (right, left)):
        if not isinstance(other, Known):
            continue
        plain = _plain(other.value)
        note_choice(value, (plain,), frame, node)
        if isinstance(value, Asked):
            held, failed = frame.state.fork(), frame.state.fork()
            held.learn(*sent(value, partial(_same, plain), True))
            failed.learn(*sent(value, partial(_same, plain), False))
            if value.exact:
                held.learn(Fact(value.subject, "enum", (plain,)), Fact(value.subject, GIVEN))
                failed.learn(Fact(value.subject, OUTSIDE))
            if plain == "":
                held.learn(Fact(value.subject, FALSY))
                if not value.nullable:
                    failed.learn(Fact(value.subject, FILLED))
            return held, failed
        if isinstance(value, LengthOf) and type(plain) is int:
            held, failed = frame.state.fork(), frame.state.fork()
            held.learn(*sent(value, partial(_same, plain), True))
            failed.learn(*sent(value, partial(_same, plain), False))
            held.learn(*_bound(value, ast.GtE, plain), *_bound(value, ast.LtE, plain))
            if plain == 0:
                failed.learn(Fact(value.subject, FILLED))
            return held, failed
        if isinstance(value, Typed) and value.when_false and plain == 0:
            held, failed = frame.state.fork(), frame.state.fork()
            held.learn(*value.when_false)
            return held, failed
        if all(isinstance(option, Known) for option in options(value)):
            return _constant_equality(node, value, other, frame)
    whole = compared(operator.eq, left[1], right[1], frame.state)
    if whole is not None:
        return (frame.state, None) if whole else (None, frame.state)
    if isinstance(left[1], Live) and isinstance(right[1], Live):
        same = left[1].object is right[1].object
        return (frame.state, None) if same else (frame.state.fork(), frame.state.fork())
    return frame.state.fork(), frame.state.fork()


def _beginning(node: ast.expr, value: Value) -> Value:
    """A constant, or the constant with which an f-string begins."""
    if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
        return Known(node.values[0].value)
    return value


def _constant_equality(node: ast.expr, value: Value, other: Known, frame: Frame) -> Ways:
    same = [option for option in options(value) if isinstance(option, Known) and _equal(option, other)]
    rest = [option for option in options(value) if option not in same]
    held = frame.state.fork() if same else None
    failed = frame.state.fork() if rest else None
    if held is not None and rest:
        keep(node, union(same), held)
    if failed is not None and same:
        keep(node, union(rest), failed)
    return held, failed


def _equal(one: Known, other: Known) -> bool:
    return bool(_plain(one.value) == _plain(other.value)) or one == other


def _same(plain: Any, found: Any) -> bool:
    return bool(_plain(found) == plain)


def _plain(value: Any) -> Any:
    # An enum that is a string or a number too compares as one.
    return value.value if isinstance(value, str | int) and hasattr(value, "value") else value


def _among(plain: Value, right: ast.expr, frame: Frame) -> Ways | None:
    """`None in (title, isbn)`: one of the parts is that constant; None where it is another test."""
    if not isinstance(plain, Known) or not isinstance(right, ast.Tuple | ast.List) or not right.elts:
        return None
    found = [(element, frame.reader.evaluate(element, frame)) for element in right.elts]
    if not any(isinstance(value, Asked) for _, value in found):
        return None
    held: list[State | None] = []
    going: State | None = frame.state
    for element, value in found:
        if going is None:
            break
        frame.state = going
        one, going = (
            _none_test(element, value, frame)
            if plain == NONE
            else _equality((element, value), (element, plain), frame)
        )
        held.append(one)
    return join(held), going


def _in_range(value: Value, node: ast.expr, frame: Frame) -> Ways | None:
    """`copies in range(1, 11)`; None where it is another test."""
    if not isinstance(value, Asked) or not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return None
    given = [frame.reader.evaluate(argument, frame) for argument in node.args]
    whole = [one.value for one in given if isinstance(one, Known) and type(one.value) is int]
    known = node.func.id not in frame.state.names and frame.scope.live(node.func.id) is range
    if not known or len(whole) != len(given) or len(whole) not in (1, 2):
        return None
    allowed = range(*whole)
    held, failed = frame.state.fork(), frame.state.fork()
    if value.exact and value.cls in (None, int):
        held.learn(Fact(value.subject, "type", ("integer",)), Fact(value.subject, GIVEN))
        held.learn(Fact(value.subject, "minimum", allowed.start))
        held.learn(Fact(value.subject, "maximum", allowed.stop - 1))
    held.learn(*sent(value, lambda found: found in allowed, True))
    failed.learn(*sent(value, lambda found: found in allowed, False))
    return held, failed


def _membership(left: tuple[ast.expr, Value], right: tuple[ast.expr, Value], frame: Frame) -> Ways:
    special = _among(left[1], right[0], frame) or _in_range(left[1], right[0], frame)
    if special is not None:
        return special
    value, container = left[1], frame.state.cell(right[1])
    note_scheme(container, (value,), frame, left[0])
    if isinstance(container, Asked | KeysOf):
        found = _key_test(value, container, right[0], frame)
        if found is not None:
            return found
    if isinstance(container, Object) and right[1] == GLOBALS and isinstance(value, Known):
        return (frame.state, None) if container.surely(value.value) else (frame.state.fork(), frame.state)
    note_constants(right[1], (value,), frame, left[0])
    inside_text = contains(right[1], value, frame.state)
    if inside_text is not None:
        return (frame.state, None) if inside_text else (None, frame.state)
    held, failed = frame.state.fork(), frame.state.fork()
    items = constants(right[1], frame)
    if isinstance(container, Record) and items is None and not container.rest and not container.open:
        items = tuple(Known(key) for key in container.fields)
    if items is None or not all(isinstance(item, Known) for item in items):
        return held, failed
    values = [_plain(item.value) for item in items if isinstance(item, Known)]
    note_choice(value, values, frame, left[0])
    if isinstance(value, Asked):
        held.learn(*sent(value, lambda found: _plain(found) in values, True))
        failed.learn(*sent(value, lambda found: _plain(found) in values, False))
        if value.subject.path[-1:] == (None,) and is_mapping(value.subject, frame.state.facts):
            # A key that the client sent is looked for among constants: these are the keys that are read.
            for name in values:
                if isinstance(name, str):
                    note_test(Subject(value.subject.location, value.subject.path[:-1]), name, frame, right[0])
        words = tuple(dict.fromkeys(found for found in values if found is not None))
        if value.exact and words:
            held.learn(Fact(value.subject, "enum", words))
            failed.learn(Fact(value.subject, OUTSIDE))
            if None not in values:
                held.learn(Fact(value.subject, GIVEN))
        return held, failed
    known = [option for option in options(value) if isinstance(option, Known)]
    if len(known) == len(options(value)):
        inside = [option for option in known if _plain(option.value) in values]
        outside = [option for option in known if option not in inside]
        if inside:
            keep(left[0], union(inside), held)
        if outside:
            keep(left[0], union(outside), failed)
        return held if inside else None, failed if outside else None
    return held, failed


def _key_test(value: Value, container: Asked | KeysOf, node: ast.expr, frame: Frame) -> Ways | None:
    if isinstance(container, Asked) and container.cls is str:
        return None
    if isinstance(value, Known) and isinstance(value.value, str):
        if pinned(part_of(container.subject, value.value), frame, node) is not None:
            return frame.state, None
        if Fact(container.subject, "type", ("string",)) in frame.state.facts:
            return None
        child = note_test(container.subject, value.value, frame, node)
        held, failed = frame.state.fork(), frame.state.fork()
        held.learn(Fact(child, PRESENT))
        failed.learn(Fact(child, ABSENT))
        if may_be_no_object(container.subject, frame):
            place = frame.place(node)
            if isinstance(container, Asked) and _is_text(container, value.value):
                frame.reader.journal.hints.append(Hint(container.subject, Typed(str), place))
            held.learn(Fact(container.subject, SEARCHED, (str(place), True)))
            failed.learn(Fact(container.subject, SEARCHED, (str(place), False)))
        return held, failed
    return frame.state.fork(), frame.state.fork()


def _is_text(part: Asked, needle: str) -> bool:
    """Whether it is a text in which a constant is looked for: no key and no word is spelled `@` or `://`."""
    if isinstance(part.instead, Known) and isinstance(part.instead.value, str):
        return True
    return needle not in ("", "*", "_") and not any(letter.isalnum() for letter in needle)


def _order(op: ast.cmpop, left: Value, right: Value, frame: Frame, node: ast.AST) -> Ways:
    held, failed = frame.state.fork(), frame.state.fork()
    if isinstance(right, Known) and isinstance(left, Known):
        decided = _ordered(type(op), left.value, right.value)
        if decided is not None:
            return (held, None) if decided else (None, failed)
    for one, other in ((left, right), (right, left)):
        note_constants(one, (other,), frame, node)
    whole = compared(_TESTS[type(op)], left, right, frame.state)
    if whole is not None:
        return (held, None) if whole else (None, failed)
    subset = _subset(op, left, right, frame, node)
    if subset is not None:
        held.learn(*subset)
        return held, failed
    kind = type(op)
    if isinstance(left, Known) and isinstance(right, Asked | LengthOf):
        left, right, kind = right, left, _MIRRORED[kind]
    if isinstance(left, Asked | LengthOf) and isinstance(right, Known) and type(right.value) in (int, float):
        limit = right.value
        held.learn(*_bound(left, kind, limit))
        failed.learn(*_bound(left, _NEGATED[kind], limit))
        held.learn(*sent(left, lambda found: bool(_ordered(kind, found, limit)), True))
        failed.learn(*sent(left, lambda found: bool(_ordered(kind, found, limit)), False))
    elif isinstance(left, Typed) and left.when_false and isinstance(right, Known):
        if (kind, right.value) in ((ast.Gt, 0), (ast.GtE, 1)):
            failed.learn(*left.when_false)
        elif (kind, right.value) in ((ast.Lt, 1), (ast.LtE, 0)):
            held.learn(*left.when_false)
    return held, failed


def _ordered(op: type[ast.cmpop], left: Any, right: Any) -> bool | None:
    if type(left) not in (int, float, str) or type(right) not in (int, float, str):
        return None
    if isinstance(left, str) is not isinstance(right, str):
        return None
    results = {ast.Lt: left < right, ast.LtE: left <= right, ast.Gt: left > right, ast.GtE: left >= right}
    return results.get(op)


def _bound(value: Asked | LengthOf, kind: type[ast.cmpop], limit: float) -> list[Fact]:
    if isinstance(value, Asked):
        return [Fact(value.subject, _BOUNDS[kind], limit), Fact(value.subject, GIVEN)] if value.exact else []
    if not value.exact and kind in (ast.Lt, ast.LtE):
        return []  # what was sent may have been longer, before `.strip()`
    size = {ast.Lt: ("maxSize", limit - 1), ast.LtE: ("maxSize", limit)}
    size |= {ast.Gt: ("minSize", limit + 1), ast.GtE: ("minSize", limit)}
    name, bound = size[kind]
    return [Fact(value.subject, name, int(bound))]


def _same_keys(keys: Value, wanted: Value, frame: Frame, node: ast.AST) -> Facts:
    """`set(data) == {"title", "isbn"}`."""
    names = constants(wanted, frame)
    if not isinstance(keys, KeysOf) or not names:
        return frozenset()
    return only_keys(keys.subject, names) | all_sent(keys.subject, names, frame, node)


def _subset(op: ast.cmpop, left: Value, right: Value, frame: Frame, node: ast.AST) -> Facts | None:
    """`REQUIRED <= data.keys()`."""
    if isinstance(op, ast.GtE):
        left, right = right, left
    elif not isinstance(op, ast.LtE):
        return None
    content = frame.state.cell(left)
    if isinstance(left, KeysOf):
        return only_keys(left.subject, constants(right, frame))
    if not isinstance(right, KeysOf) or not isinstance(content, Listing | Tuple):
        return None
    return all_sent(right.subject, constants(left, frame) or (), frame, node)
