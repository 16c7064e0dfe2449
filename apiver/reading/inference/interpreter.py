"""The reader of one view: it ties the rules of reading together and bounds their work."""

from __future__ import annotations

import ast
from itertools import count
from typing import Any

from apiver.contract.document import Place
from apiver.inventory.routes import Route
from apiver.reading.inference.conditions import branching as conditions
from apiver.reading.inference.conditions.checks import note_check
from apiver.reading.inference.frame import Arguments, Dead, Exhausted, Frame, Journal, Note, Shared
from apiver.reading.inference.program import attributes, calls, expressions, statements
from apiver.reading.inference.program.iteration import constants, item_of
from apiver.reading.inference.values.facts import Facts
from apiver.reading.inference.values.shapes import Value, union
from apiver.reading.inference.values.state import State

MOST_STEPS = 60_000


class Interpreter:
    """Reads one view. It computes with shapes in place of values, and never runs the program's code."""

    def __init__(self, route: Route, shared: Shared) -> None:
        self.route = route
        self.shared = shared
        self.journal = Journal()
        self.running: list[tuple[object, ...]] = []
        self.places: dict[Value, Place] = {}
        self.handled: dict[tuple[object, ...], tuple[tuple[Any, Facts, bool], ...]] = {}
        self.touched = 0
        self._addresses = count(1)
        self._steps = 0

    def fresh(self) -> int:
        """A heap address that was not used yet."""
        return next(self._addresses)

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """The value of an expression; unknown where apiver itself fails at it."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Exhausted
        try:
            return expressions.evaluate(node, frame)
        except (Dead, Exhausted, RecursionError):
            raise
        except Exception as problem:  # noqa: BLE001 - a defect of apiver must not take the other routes with it
            reason = f"apiver failed to read this: {problem!r}"
            self.journal.notes.append(Note(reason, frame.place(node), defect=True))
            return frame.unknown(reason, node)

    def branch(self, node: ast.expr, frame: Frame) -> tuple[State | None, State | None]:
        """The states in which a condition holds and in which it does not."""
        mark = len(self.journal.reads)
        held, failed = conditions.branch(node, frame)
        if held is not None and failed is not None:
            note_check(node, frame, held, failed, self.journal.reads[mark:])
        return held, failed

    def decide(
        self, value: Value, node: ast.expr, frame: Frame, reads: int
    ) -> tuple[State | None, State | None]:
        """The same for a condition whose value is known; `reads` is where the journal stood before it."""
        held, failed = conditions.decide(value, node, frame)
        if held is not None and failed is not None:
            note_check(node, frame, held, failed, self.journal.reads[reads:])
        return held, failed

    def execute(self, body: list[ast.stmt], frame: Frame) -> None:
        """Read statements one after the other."""
        statements.execute(body, frame)

    def call(self, callee: Value, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
        """The value of a call."""
        return calls.call(callee, arguments, frame, node)

    def attribute(self, value: Value, name: str, frame: Frame, node: ast.AST) -> Value:
        """The value of `value.name`."""
        return attributes.attribute(value, name, frame, node)

    def iterate(self, value: Value, frame: Frame, node: ast.AST) -> Value:
        """What an iteration over `value` yields at any time."""
        known = constants(value, frame)
        return union(known) if known else item_of(value, frame, node)
