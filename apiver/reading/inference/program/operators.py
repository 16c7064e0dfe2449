"""Arithmetic: the types that operators make of their operands."""

from __future__ import annotations

import ast
import datetime
import decimal
import operator

from apiver.reading.inference.frame import Arguments, Frame
from apiver.reading.inference.models.sql import expression
from apiver.reading.inference.program.folding import called
from apiver.reading.inference.program.iteration import constants
from apiver.reading.inference.requests.presence import all_sent, only_keys
from apiver.reading.inference.values.shapes import (
    Asked,
    Expression,
    JsonText,
    KeysOf,
    Known,
    LengthOf,
    Listing,
    Live,
    Tuple,
    Typed,
    Union,
    Unknown,
    Value,
    options,
    union,
)

_NUMBERS = (bool, int, float, decimal.Decimal)


def type_of(value: Value) -> type | None:
    """The Python type of a scalar shape, or None."""
    if isinstance(value, Typed):
        return value.cls
    if isinstance(value, Known):
        return type(value.value)
    if isinstance(value, Asked):
        return value.cls
    if isinstance(value, LengthOf):
        return int
    return str if isinstance(value, JsonText) else None


def operate(op: ast.operator, left: Value, right: Value, frame: Frame, node: ast.AST) -> Value:
    """The value of `left op right`."""
    if isinstance(left, Expression) or isinstance(right, Expression) or _is_column(left) or _is_column(right):
        return _sql(op, left, right, frame, node)
    if isinstance(left, Union) or isinstance(right, Union):
        results = [
            operate(op, one, other, frame, node) for one in _operands(left) for other in _operands(right)
        ]
        return union(results)
    missing = _missing_keys(op, left, right, frame, node)
    if missing is not None:
        return missing
    one, other = frame.state.cell(left), frame.state.cell(right)
    if isinstance(op, ast.Add) and isinstance(one, Tuple) and isinstance(other, Tuple):
        return Tuple((*one.items, *other.items))
    if isinstance(one, Listing | Tuple) and isinstance(op, ast.Add) and isinstance(other, Listing | Tuple):
        return frame.allocate(_concatenated(one, other))
    if isinstance(one, Listing) and isinstance(op, ast.Mult | ast.Sub | ast.BitOr | ast.BitAnd):
        items = [part.items for part in (one, other) if isinstance(part, Listing) and part.items is not None]
        return frame.allocate(Listing(union(items) if items else None))
    if isinstance(one, JsonText) and isinstance(other, Known) and other.value in ("\n", b"\n"):
        return one
    texts = [part.value for part in (one, other) if isinstance(part, Known) and isinstance(part.value, str)]
    if isinstance(op, ast.Add) and len(texts) == 2:
        return Known("".join(texts))
    if isinstance(op, ast.Mod) and isinstance(one, Known) and type(one.value) is str:
        written = called(operator.mod, (one, other), Arguments(), frame, node)
        if written is not None:
            return written
    kind = _kind(op, type_of(one), type_of(other))
    if isinstance(op, ast.Pow) and kind is int:
        # A negative exponent makes a fraction of two whole numbers.
        whole = isinstance(other, Known) and other.value >= 0
        return Typed(int if whole else float)
    if kind is not None:
        return Typed(kind)
    for value in (one, other):
        if isinstance(value, Unknown):
            return value
    if isinstance(one, Asked) or isinstance(other, Asked):
        return frame.unknown("it is computed from what the client sent", node)
    return frame.unknown(f"the types of {ast.unparse(node)} are not known", node)


def _is_column(value: Value) -> bool:
    return isinstance(value, Live) and type(value.object).__name__ in ("InstrumentedAttribute", "Column")


def _sql(op: ast.operator, left: Value, right: Value, frame: Frame, node: ast.AST) -> Value:
    """Arithmetic in the database: null where an operand is null."""
    one, other = expression(left), expression(right)
    if one is None or other is None:
        return Expression(frame.unknown("an SQL expression", node))
    missing = any(Known(None) in options(side.item) for side in (one, other))
    made = operate(op, one.item, other.item, frame, node)
    return Expression(union((made, Known(None))) if missing else made)


def _operands(value: Value) -> tuple[Value, ...]:
    # None takes part in no arithmetic: where it comes up, the program does not get further.
    kept = tuple(option for option in options(value) if option != Known(None))
    return kept or options(value)


def _missing_keys(op: ast.operator, left: Value, right: Value, frame: Frame, node: ast.AST) -> Value | None:
    """`REQUIRED - data.keys()`: that it is empty says that each key was sent."""
    if isinstance(op, ast.Sub) and isinstance(left, KeysOf):
        only = only_keys(left.subject, constants(right, frame))
        return frame.allocate(Listing(Asked(left.subject.at(None), str), None, only))
    if not isinstance(op, ast.Sub) or not isinstance(right, KeysOf | Asked):
        return None
    content = frame.state.cell(left)
    if not isinstance(content, Listing) or content.exact is None:
        return None
    return frame.allocate(Listing(Typed(str), None, all_sent(right.subject, content.exact, frame, node)))


def _concatenated(one: Listing | Tuple, other: Listing | Tuple) -> Listing:
    parts = [part.items if isinstance(part, Tuple) else part.exact for part in (one, other)]
    first, second = parts
    if first is not None and second is not None:
        exact = (*first, *second)
        return Listing(union(exact) if exact else None, exact)
    items: list[Value] = []
    for part in (one, other):
        if isinstance(part, Tuple):
            items += part.items
        elif part.items is not None:
            items.append(part.items)
    return Listing(union(items) if items else None)


def _kind(op: ast.operator, left: type | None, right: type | None) -> type | None:
    if isinstance(op, ast.Mod) and left is str:
        return str
    if isinstance(op, ast.Add) and left is right and left in (str, bytes):
        return left
    if isinstance(op, ast.Mult) and {left, right} in ({str, int}, {str, bool}):
        return str
    if left in _NUMBERS and right in _NUMBERS:
        return _number(op, left, right)
    return _moment(op, left, right)


def _number(op: ast.operator, left: type, right: type) -> type:
    if decimal.Decimal in (left, right):
        return decimal.Decimal
    if isinstance(op, ast.Div) or float in (left, right):
        return float
    if isinstance(op, ast.BitAnd | ast.BitOr | ast.BitXor) and left is right is bool:
        return bool
    return int


def _moment(op: ast.operator, left: type | None, right: type | None) -> type | None:
    moments = (datetime.datetime, datetime.date)
    if isinstance(op, ast.Sub) and left in moments and left is right:
        return datetime.timedelta
    if left in moments and right is datetime.timedelta:
        return left
    if left is datetime.timedelta:
        if right in moments and isinstance(op, ast.Add):
            return right
        if right is datetime.timedelta:
            return float if isinstance(op, ast.Div) else datetime.timedelta
        if right in (int, float):
            return datetime.timedelta
    return None
