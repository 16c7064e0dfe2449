"""Assignments: to names, tuples, keys and attributes."""

from __future__ import annotations

import ast
from dataclasses import replace

from apiver.reading.inference.frame import Frame
from apiver.reading.inference.program.containers import extend, put
from apiver.reading.inference.program.iteration import constants, item_of
from apiver.reading.inference.requests.columns import note_column
from apiver.reading.inference.requests.presence import part_of
from apiver.reading.inference.responses.replies import HEADER_OF, set_attribute, set_header
from apiver.reading.inference.values.facts import FILLED_IN, SET, Fact, Facts
from apiver.reading.inference.values.shapes import (
    Asked,
    Known,
    Listing,
    Method,
    Object,
    Ref,
    Reply,
    Typed,
    Value,
    alternatives,
    chosen,
    options,
    union,
)


def path_of(node: ast.expr) -> str | None:
    """How an attribute or a constant key of a name is spelled (`book.price`), or None for anything else.

    It is the key under which a narrower value of it is kept until something is assigned to it.
    """
    inner: ast.expr = node
    spelled = ""
    while True:
        if isinstance(inner, ast.Attribute):
            spelled = f".{inner.attr}{spelled}"
        elif isinstance(inner, ast.Subscript) and isinstance(inner.slice, ast.Constant):
            spelled = f"[{inner.slice.value!r}]{spelled}"
        else:
            return f"{inner.id}{spelled}" if isinstance(inner, ast.Name) and spelled else None
        inner = inner.value


def bind(name: str, value: Value, frame: Frame) -> None:
    """`name = value`; what was known of its attributes is forgotten."""
    for key in [key for key in frame.state.names if key.startswith((f"{name}.", f"{name}["))]:
        del frame.state.names[key]
    frame.state.names[name] = value


def assign(target: ast.expr, value: Value, frame: Frame) -> None:
    """`target = value`."""
    if isinstance(target, ast.Name):
        bind(target.id, value, frame)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack(target.elts, value, frame, target)
    elif isinstance(target, ast.Starred):
        assign(target.value, value, frame)
    elif isinstance(target, ast.Subscript):
        owner = frame.reader.evaluate(target.value, frame)
        _set_item(owner, target, value, frame)
        _forget(target, frame)
    elif isinstance(target, ast.Attribute):
        owner = frame.reader.evaluate(target.value, frame)
        set_member(owner, target.attr, value, frame, target)
        _forget(target, frame)


def _forget(target: ast.expr, frame: Frame) -> None:
    path = path_of(target)
    for key in [key for key in frame.state.names if path and key.startswith(path)]:
        del frame.state.names[key]


def _unpack(targets: list[ast.expr], value: Value, frame: Frame, node: ast.AST) -> None:
    # Each alternative is unpacked, then position by position they are one of several.
    columns: list[list[tuple[Value, Facts]]] = [[] for _ in targets]
    for option, given in alternatives(value):
        items = constants(option, frame)
        stars = [index for index, part in enumerate(targets) if isinstance(part, ast.Starred)]
        if items is not None and not stars and len(items) == len(targets):
            for column, item in zip(columns, items, strict=True):
                column.append((item, given))
        elif items is not None and stars and len(items) >= len(targets) - 1:
            star, after = stars[0], len(targets) - stars[0] - 1
            middle = items[star : len(items) - after]
            parts = (
                *items[:star],
                Listing(union(middle) if middle else None, middle),
                *items[len(items) - after :],
            )
            for column, item in zip(columns, parts, strict=True):
                column.append((item, given))
        elif items is None:
            item = item_of(option, frame, node)
            for column, part in zip(columns, targets, strict=True):
                column.append((Listing(item) if isinstance(part, ast.Starred) else item, given))
    for target, column in zip(targets, columns, strict=True):
        assign(target, chosen(column) if column else frame.unknown("it cannot be unpacked", node), frame)


def _set_item(owner: Value, target: ast.Subscript, value: Value, frame: Frame) -> None:
    if isinstance(target.slice, ast.Slice):
        extend(owner, value, frame, target)
        return
    key = frame.reader.evaluate(target.slice, frame)
    for option in options(owner):
        if isinstance(option, Method) and option.name == "headers":
            set_header(option.receiver, key, value, frame, target)
        else:
            _fill_in(option, key, frame)
            put(option, key, value, frame, target)


def _fill_in(owner: Value, key: Value, frame: Frame) -> None:
    """`data["limit"] = 10`: what is read there later is no longer what the client sent."""
    if isinstance(owner, Asked) and isinstance(key, Known) and isinstance(key.value, str):
        child = part_of(owner.subject, key.value)
        frame.state.learn(Fact(child, SET), Fact(child, FILLED_IN))


def set_member(owner: Value, name: str, value: Value, frame: Frame, node: ast.AST) -> None:
    """`owner.name = value`."""
    for option in options(owner):
        if isinstance(option, Ref):
            cell = frame.state.heap[option.address]
            if isinstance(cell, Object):
                note_column(cell.cls, name, value, frame, node)
                held = {**cell.attributes, name: value}
                frame.state.heap[option.address] = replace(cell, attributes=held, unsure=cell.unsure - {name})
            elif isinstance(cell, Reply):
                set_attribute(option, name, value, frame, node)
        elif isinstance(option, Method) and option.name in HEADER_OF:
            set_header(option.receiver, Known(HEADER_OF[option.name]), Typed(str), frame, node)
        elif isinstance(option, Typed):
            note_column(option.cls, name, value, frame, node)
