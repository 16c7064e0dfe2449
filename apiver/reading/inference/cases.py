"""`match`: cases with constants, alternatives, names and sequences; anything else may match or not."""

from __future__ import annotations

import ast

from apiver.reading.inference.conditions import branch
from apiver.reading.inference.frame import Frame
from apiver.reading.inference.iteration import constants
from apiver.reading.inference.shapes import Value
from apiver.reading.inference.state import State, join


def match_statement(node: ast.Match, frame: Frame) -> None:
    """Each case starts from where the ones before it did not match; what is known whole goes one way."""
    subject = frame.reader.evaluate(node.subject, frame)
    ends: list[State | None] = []
    going: State | None = frame.state
    for case in node.cases:
        if going is None:
            break
        frame.state = going
        held, going = _pattern(case.pattern, node.subject, subject, frame)
        if held is not None and case.guard is not None:
            frame.state = held
            held, missed = frame.reader.branch(case.guard, frame)
            going = join((going, missed))
        ends.append(frame.run(case.body, held))
    frame.resume(join((*ends, going)))


def _pattern(
    pattern: ast.pattern, node: ast.expr, subject: Value, frame: Frame
) -> tuple[State | None, State | None]:
    if isinstance(pattern, ast.MatchValue | ast.MatchSingleton):
        value = pattern.value if isinstance(pattern, ast.MatchValue) else ast.Constant(pattern.value)
        test = ast.Compare(node, [ast.Eq()], [value])
        return branch(ast.fix_missing_locations(ast.copy_location(test, node)), frame)
    if isinstance(pattern, ast.MatchOr):
        matched: list[State | None] = []
        going: State | None = frame.state
        for part in pattern.patterns:
            if going is None:
                break
            frame.state = going
            held, going = _pattern(part, node, subject, frame)
            matched.append(held)
        return join(matched), going
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
        state = frame.state.fork()
        if pattern.name is not None:
            state.names[pattern.name] = subject
        return state, None
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
        held, missed = _pattern(pattern.pattern, node, subject, frame)
        if held is not None and pattern.name is not None:
            held.names[pattern.name] = subject
        return held, missed
    if isinstance(pattern, ast.MatchSequence):
        items = constants(subject, frame)
        if items is not None and not any(isinstance(part, ast.MatchStar) for part in pattern.patterns):
            return _sequence(pattern, node, items, frame)
    held = frame.state.fork()
    for inner in ast.walk(pattern):
        name = getattr(inner, "name", None) or getattr(inner, "rest", None)
        if isinstance(name, str):
            held.names[name] = frame.unknown("it is taken apart by a pattern", node)
    return held, frame.state.fork()


def _sequence(
    pattern: ast.MatchSequence, node: ast.expr, items: tuple[Value, ...], frame: Frame
) -> tuple[State | None, State | None]:
    """A sequence of known length, item by item."""
    if len(items) != len(pattern.patterns):
        return None, frame.state
    missed: list[State | None] = []
    going: State | None = frame.state
    for index, (part, item) in enumerate(zip(pattern.patterns, items, strict=True)):
        if going is None:
            break
        frame.state = going
        going, failed = _pattern(part, _item_node(node, index), item, frame)
        missed.append(failed)
    return going, join(missed)


def _item_node(node: ast.expr, index: int) -> ast.expr:
    if isinstance(node, ast.Tuple | ast.List):
        return node.elts[index]
    made = ast.Subscript(node, ast.Constant(index), ast.Load())
    return ast.fix_missing_locations(ast.copy_location(made, node))
