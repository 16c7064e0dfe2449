"""`isinstance(value, cls)` and `type(value) is cls`: what a class says of a value on the two ways out."""

from __future__ import annotations

import ast
import numbers
from collections.abc import Mapping
from dataclasses import replace

import flask

from apiver.reading.inference.conditions.narrowing import Ways, keep, sent
from apiver.reading.inference.frame import Frame, Hint
from apiver.reading.inference.values.described import opened
from apiver.reading.inference.values.facts import GIVEN, Fact
from apiver.reading.inference.values.shapes import (
    Asked,
    Described,
    Known,
    Listing,
    Live,
    Object,
    Record,
    Reply,
    Tuple,
    Typed,
    Unknown,
    Value,
    options,
    union,
)
from apiver.reading.inference.values.state import State

JSON_TYPES: Mapping[type, str] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    list: "array",
    dict: "object",
    type(None): "null",
    numbers.Number: "number",
    numbers.Real: "number",
    numbers.Integral: "integer",
}


def instance_test(node: ast.expr, value: Value, wanted: Value, frame: Frame) -> Ways:
    """Whether `value`, which `node` spells, is an instance of the class or one of the classes `wanted`."""
    classes = _classes(wanted)
    held, failed = frame.state.fork(), frame.state.fork()
    if not classes:
        return held, failed
    if isinstance(value, Asked):
        _asked(node, value, classes, held, failed, frame)
        return held, failed
    inside, outside = _sorted_by_class(value, classes, frame.state)
    if inside is not None and outside is not None:
        if inside:
            keep(node, union(inside), held)
        if outside:
            keep(node, union(outside), failed)
        return held if inside else None, failed if outside else None
    return held, failed


def _asked(
    node: ast.expr, value: Asked, classes: tuple[type, ...], held: State, failed: State, frame: Frame
) -> None:
    names = tuple(dict.fromkeys(JSON_TYPES[cls] for cls in classes if cls in JSON_TYPES))
    if not all(cls in JSON_TYPES for cls in classes) or value.subject.location != "json":
        return
    held.learn(Fact(value.subject, "type", names))
    if value.subject.path and "object" in names:
        reason = Unknown("it is an object on some paths only")
        frame.reader.journal.hints.append(Hint(value.subject, reason, frame.place(node)))
    if "null" not in names:
        held.learn(Fact(value.subject, GIVEN))
    if value.instead != Known(()):  # stands for a list or a dict
        held.learn(*sent(value, lambda plain: isinstance(plain, classes), True))
        failed.learn(*sent(value, lambda plain: isinstance(plain, classes), False))
    if len(classes) == 1 and "null" not in names:
        keep(node, replace(value, cls=classes[0], nullable=False), held)


def type_test(node: ast.expr, wanted: Value, frame: Frame) -> Ways | None:
    """`type(value) is cls` where the client sent `value`; None where `node` is no such call."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or len(node.args) != 1:
        return None
    if node.func.id in frame.state.names or frame.scope.live(node.func.id) is not type:
        return None
    value = frame.reader.evaluate(node.args[0], frame)
    return instance_test(node.args[0], value, wanted, frame) if isinstance(value, Asked) else None


def _classes(value: Value) -> tuple[type, ...]:
    items = value.items if isinstance(value, Tuple) else options(value)
    return tuple(item.object for item in items if isinstance(item, Live) and isinstance(item.object, type))


def _sorted_by_class(
    value: Value, classes: tuple[type, ...], state: State
) -> tuple[list[Value] | None, list[Value] | None]:
    inside: list[Value] = []
    outside: list[Value] = []
    for option in options(value):
        cls = class_of(state.cell(option))
        if cls is None:
            return None, None
        if issubclass(cls, classes):
            inside.append(option)
        elif any(issubclass(wanted, cls) for wanted in classes):
            return None, None
        else:
            outside.append(option)
    return inside, outside


def class_of(value: Value) -> type | None:
    """The class of the instances that `value` stands for, or None."""
    if isinstance(value, Described):
        value = opened(value)
    if isinstance(value, Described):
        return {"object": dict, "array": list}.get(str(value.schema.get("type")))
    if isinstance(value, Reply):
        return flask.Response
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
