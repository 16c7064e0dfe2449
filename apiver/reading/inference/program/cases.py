"""`match`: cases with constants, alternatives, names and sequences; anything else may match or not."""

from __future__ import annotations

import ast

from apiver.reading.inference.conditions.branching import branch
from apiver.reading.inference.conditions.instances import instance_test
from apiver.reading.inference.frame import Dead, Frame
from apiver.reading.inference.program.iteration import constants, item_of
from apiver.reading.inference.values.shapes import Asked, Listing, Live, Record, Typed, Value, options, union
from apiver.reading.inference.values.state import State, join

Parts = list[tuple[ast.pattern, Value]]


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
    missed = frame.state.fork()
    parts: Parts | None = None
    if isinstance(pattern, ast.MatchSequence):
        parts = _items(pattern, subject, frame, node)
    elif isinstance(pattern, ast.MatchMapping):
        parts = _entries(pattern, frame.state.cell(subject))
    elif isinstance(pattern, ast.MatchClass):
        wanted = frame.reader.evaluate(pattern.cls, frame)
        held, failed = instance_test(node, subject, wanted, frame)
        if held is None or not (pattern.patterns or pattern.kwd_patterns):
            return held, failed
        frame.state, missed = held, failed or missed
        parts = _attributes(pattern, subject, wanted, frame, node)
    if parts is None:
        return _taken_apart(pattern, node, frame), missed
    state = frame.state.fork()
    for part, taken in parts:
        frame.state = state
        inner, _ = _pattern(part, node, taken, frame) if _is_plain(part) else (None, None)
        state = inner or _taken_apart(part, node, frame)
    return state, missed


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


def _is_plain(pattern: ast.pattern) -> bool:
    # A constant inside of a pattern would be compared with what `node` spells, which is the whole subject.
    return not any(isinstance(part, ast.MatchValue | ast.MatchSingleton) for part in ast.walk(pattern))


def _items(pattern: ast.MatchSequence, subject: Value, frame: Frame, node: ast.expr) -> Parts | None:
    """`case [first, *rest]`: item by item where they are known, else what any item looks like."""
    if any(isinstance(option, Asked) for option in options(subject)):
        return None
    known = constants(subject, frame)
    stars = [index for index, part in enumerate(pattern.patterns) if isinstance(part, ast.MatchStar)]
    exact = known if known is not None and not stars and len(known) == len(pattern.patterns) else None
    item = None if exact is not None else item_of(subject, frame, node)
    found: Parts = []
    for index, part in enumerate(pattern.patterns):
        value = exact[index] if exact is not None else item
        assert value is not None
        if isinstance(part, ast.MatchStar):
            found.append((ast.MatchAs(name=part.name), Listing(value)))
        else:
            found.append((part, value))
    return found


def _entries(pattern: ast.MatchMapping, subject: Value) -> Parts | None:
    """`case {"kind": kind}`."""
    if pattern.rest is not None or not isinstance(subject, Record):
        return None
    found: Parts = []
    for key, part in zip(pattern.keys, pattern.patterns, strict=True):
        name = key.value if isinstance(key, ast.Constant) else None
        entry = subject.fields.get(name) if isinstance(name, str) else None
        if entry is None:
            return None
        found.append((part, entry.value))
    return found


def _attributes(
    pattern: ast.MatchClass, subject: Value, wanted: Value, frame: Frame, node: ast.expr
) -> Parts | None:
    """`case Book(title=title)`: the attributes of an instance, by position those of `__match_args__`."""
    cls = wanted.object if isinstance(wanted, Live) else None
    names = getattr(cls, "__match_args__", ())
    if len(pattern.patterns) > len(names) or not isinstance(cls, type):
        return None
    named = [
        *zip(names, pattern.patterns, strict=False),
        *zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True),
    ]
    inside = [option for option in options(subject) if _may_be(frame.state.cell(option), cls)]
    owner = union(inside) if inside else Typed(cls)
    try:
        return [(part, frame.reader.attribute(owner, name, frame, node)) for name, part in named]
    except Dead:
        return None


def _may_be(content: Value, cls: type) -> bool:
    held = getattr(content, "cls", None)
    return isinstance(held, type) and issubclass(held, cls)


def _taken_apart(pattern: ast.pattern, node: ast.expr, frame: Frame) -> State:
    held = frame.state.fork()
    for inner in ast.walk(pattern):
        name = getattr(inner, "name", None) or getattr(inner, "rest", None)
        if isinstance(name, str):
            held.names[name] = frame.unknown("it is taken apart by a pattern", node)
    return held
