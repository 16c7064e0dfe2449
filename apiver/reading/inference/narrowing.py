"""What is remembered of a value on the two ways out of a test."""

from __future__ import annotations

import ast

from apiver.reading.inference.assignment import path_of
from apiver.reading.inference.facts import PRESENT, Fact
from apiver.reading.inference.shapes import (
    Asked,
    Value,
)
from apiver.reading.inference.state import State

Ways = tuple[State | None, State | None]


def present(asked: Asked) -> tuple[Fact, ...]:
    # Where there is a default, a value does not tell that the client sent one.
    return (Fact(asked.subject, PRESENT),) if asked.nullable else ()


def keep(node: ast.expr, part: Value, state: State) -> None:
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
