"""What is remembered of a value on the two ways out of a test."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from apiver.reading.inference.program.assignment import path_of
from apiver.reading.inference.values.facts import PRESENT, Fact
from apiver.reading.inference.values.shapes import (
    Asked,
    LengthOf,
    Value,
)
from apiver.reading.inference.values.state import State

Ways = tuple[State | None, State | None]


def sent(asked: Asked | LengthOf, test: Callable[[Any], bool], outcome: bool) -> tuple[Fact, ...]:
    """That the client sent `asked`, where a test of it comes out as `outcome`.

    What stands in its place otherwise (None, a default) is put to the same test: if that comes out the other
    way, or not at all, `outcome` shows that the part was sent.
    """
    stand_in = asked.stand_in if isinstance(asked, Asked) else asked.instead
    if stand_in is None:
        return ()
    try:
        passes = bool(test(stand_in.value))
    except TypeError:
        passes = not outcome
    return () if passes is outcome else (Fact(asked.subject, PRESENT),)


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
