"""`itertools`, `functools.reduce`, `operator` and their neighbours: what goes through items one by one."""

from __future__ import annotations

import ast
import functools
import heapq
import itertools
import operator
import random
from collections.abc import Callable
from typing import Any

from apiver.reading.inference.frame import Arguments, Frame, argument
from apiver.reading.inference.program.iteration import constants, item_of, one_of
from apiver.reading.inference.program.operators import operate
from apiver.reading.inference.values.shapes import (
    NONE,
    Closure,
    Known,
    Listing,
    Ref,
    Tuple,
    Typed,
    Value,
    general,
    options,
    union,
)

Rule = Callable[[Arguments, Frame, ast.AST], Value]


def _items(position: int) -> Rule:
    """The same items, or some of them: `islice(rows, 3)`, `takewhile(test, rows)`."""

    def some(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
        if len(arguments.positional) <= position:
            return frame.unknown("the items are not given", node)
        return frame.allocate(Listing(frame.reader.iterate(arguments.positional[position], frame, node)))

    return some


def _chain(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return _chained(arguments.positional, frame, node)


def chain_of(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`chain.from_iterable(lists)`."""
    source = argument(arguments, 0, "iterable")
    known = constants(source, frame)
    return _chained(known or (item_of(source, frame, node),), frame, node, exact=known is not None)


def _chained(sources: tuple[Value, ...], frame: Frame, node: ast.AST, exact: bool = True) -> Value:
    known = [constants(source, frame) for source in sources] if exact else [None]
    if sources and all(items is not None for items in known):
        found = tuple(item for items in known for item in items or ())
        return frame.allocate(Listing(union(found) if found else None, found))
    return frame.allocate(Listing(union(item_of(source, frame, node) for source in sources)))


def _repeat(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return Listing(argument(arguments, 0, "object"))


def _count(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return Listing(Typed(int))


def _tuples(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`product`, `zip_longest`: tuples with one item of each source."""
    items = [item_of(source, frame, node) for source in arguments.positional]
    if "repeat" in arguments.keywords:
        return Listing(Listing(union(items)))
    return Listing(Tuple(tuple(items)))


def _longest(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    missing = arguments.keywords.get("fillvalue", NONE)
    items = [union((item_of(source, frame, node), missing)) for source in arguments.positional]
    return Listing(Tuple(tuple(items)))


def _groups(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`permutations`, `combinations`, `batched`: several items of one source at a time."""
    return Listing(Listing(item_of(argument(arguments, 0, "iterable"), frame, node)))


def _pairwise(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    item = item_of(argument(arguments, 0, "iterable"), frame, node)
    return Listing(Tuple((item, item)))


def _grouped(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    item = item_of(argument(arguments, 0, "iterable"), frame, node)
    key = argument(arguments, 1, "key")
    group = item if key == NONE else frame.reader.call(key, Arguments((item,)), frame, node)
    return Listing(Tuple((general(group), Listing(item))))


def _starred(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    item = item_of(argument(arguments, 1, "iterable"), frame, node)
    given = constants(item, frame)
    if given is None:
        return frame.unknown("the arguments of starmap() are not known", node)
    return Listing(frame.reader.call(argument(arguments, 0, "function"), Arguments(given), frame, node))


def _reduced(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`functools.reduce`: what is gathered after no, one and two items."""
    item = frame.reader.iterate(argument(arguments, 1, "iterable"), frame, node)
    found = general(arguments.positional[2]) if len(arguments.positional) > 2 else general(item)
    for _ in range(2):
        again = Arguments((found, item))
        found = union((found, frame.reader.call(argument(arguments, 0, "function"), again, frame, node)))
    return found


def _one(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return one_of(frame.reader.iterate(argument(arguments, 0, "seq"), frame, node))


def _shuffled(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    for option in options(argument(arguments, 0, "x")):
        content = frame.state.cell(option)
        if isinstance(option, Ref) and isinstance(content, Listing) and content.items is not None:
            frame.state.heap[option.address] = Listing(content.items, filled=content.nonempty)
    return NONE


def _both(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`divmod`."""
    one, other = argument(arguments, 0, "x"), argument(arguments, 1, "y")
    return Tuple(tuple(operate(op, one, other, frame, node) for op in (ast.FloorDiv(), ast.Mod())))


def getter(kind: type, names: tuple[Any, ...], frame: Frame, node: ast.AST) -> Value:
    """What `itemgetter`, `attrgetter` or `methodcaller` make: the function that they stand for."""
    value: ast.expr = ast.Name("value", ast.Load())
    if kind is operator.itemgetter:
        parts: list[ast.expr] = [ast.Subscript(value, ast.Constant(name), ast.Load()) for name in names]
    elif kind is operator.attrgetter:
        parts = [ast.parse(f"value.{name}", mode="eval").body for name in names]
    else:
        called = ast.Attribute(value, str(names[0]), ast.Load())
        parts = [ast.Call(called, [ast.Constant(name) for name in names[1:]], [])]
    body = parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load())
    made = ast.Lambda(ast.arguments([], [ast.arg("value")], None, [], [], None, []), body)
    for part in ast.walk(made):
        ast.copy_location(part, node)
    return Closure(made, frame.scope, {})


def _getter(kind: type) -> Rule:
    def make(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
        names = [item.value for item in arguments.positional if isinstance(item, Known)]
        if not names or len(names) < len(arguments.positional) or arguments.keywords:
            return frame.unknown(f"{kind.__name__} of a name that is not a constant", node)
        return getter(kind, tuple(names), frame, node)

    return make


def iterator_rules() -> dict[int, Rule]:
    """The rules by the identity of the function or type that they are about."""
    rules: list[tuple[Any, Rule]] = [
        (itertools.chain, _chain),
        (itertools.repeat, _repeat),
        (itertools.count, _count),
        (itertools.product, _tuples),
        (itertools.zip_longest, _longest),
        (itertools.permutations, _groups),
        (itertools.combinations, _groups),
        (getattr(itertools, "batched", None), _groups),
        (itertools.pairwise, _pairwise),
        (itertools.groupby, _grouped),
        (itertools.starmap, _starred),
        (functools.reduce, _reduced),
        (random.choice, _one),
        (random.shuffle, _shuffled),
        (divmod, _both),
    ]
    first = (itertools.islice, itertools.cycle, itertools.accumulate, random.sample, random.choices)
    second = (
        itertools.takewhile,
        itertools.dropwhile,
        itertools.filterfalse,
        heapq.nlargest,
        heapq.nsmallest,
    )
    rules += [(live, _items(0)) for live in first] + [(live, _items(1)) for live in second]
    kinds = (operator.itemgetter, operator.attrgetter, operator.methodcaller)
    rules += [(kind, _getter(kind)) for kind in kinds]
    return {id(live): rule for live, rule in rules if live is not None}
