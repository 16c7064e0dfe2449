"""Comprehensions: over constants item by item, over anything else once for every item."""

from __future__ import annotations

import ast
from dataclasses import replace

from apiver.reading.inference.frame import Frame
from apiver.reading.inference.program.assignment import assign
from apiver.reading.inference.program.containers import put
from apiver.reading.inference.program.iteration import about_items, constants
from apiver.reading.inference.values.facts import NOTHING, Facts
from apiver.reading.inference.values.facts import join as join_facts
from apiver.reading.inference.values.shapes import (
    Listing,
    Record,
    Value,
    union,
)
from apiver.reading.inference.values.state import State, join


def comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, frame: Frame) -> Value:
    outer = dict(frame.state.names)
    try:
        if len(node.generators) == 1:
            unrolled = _unrolled(node, frame)
            if unrolled is not None:
                return unrolled
        left_out: list[State | None] = []
        items: list[Value] = []
        for generator in node.generators:
            source = frame.reader.evaluate(generator.iter, frame)
            item = frame.reader.iterate(source, frame, generator.iter)
            assign(generator.target, item, frame)
            items.append(item)
            for condition in generator.ifs:
                held, failed = frame.reader.branch(condition, frame)
                if held is None:
                    return _empty(node, frame)
                left_out.append(failed)
                frame.state = held
        if isinstance(node, ast.DictComp):
            key = frame.reader.evaluate(node.key, frame)
            value = frame.reader.evaluate(node.value, frame)
            made = frame.allocate(Record())
            put(made, key, value, frame, node.key, certain=False)
        else:
            missed = join(left_out) if len(items) == 1 else None
            empty = frozenset(about_items(missed.facts, items[0], frame.state)) if missed else NOTHING
            made = frame.allocate(Listing(frame.reader.evaluate(node.elt, frame), None, empty))
        for failed in left_out:
            # A filter chooses items; what it says of them, and what is read of those that it chose, does not
            # hold of the others.
            if failed is not None:
                frame.state.facts = join_facts(frame.state.facts, failed.facts)
        return made
    finally:
        frame.state.names = outer


def _empty(node: ast.expr, frame: Frame) -> Value:
    return frame.allocate(Record() if isinstance(node, ast.DictComp) else Listing(None, ()))


def _unrolled(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, frame: Frame
) -> Value | None:
    """A comprehension over constants, item by item: what its emptiness says is the sum of its filters."""
    generator = node.generators[0]
    items = constants(frame.reader.evaluate(generator.iter, frame), frame)
    if items is None:
        return None
    made = frame.allocate(Record() if isinstance(node, ast.DictComp) else Listing(None, ()))
    kept: list[Value] = []
    always = True
    when_empty: Facts = frozenset()
    for item in items:
        assign(generator.target, item, frame)
        before = frame.state.facts
        held: State | None = frame.state
        missed: list[State | None] = []
        for condition in generator.ifs:
            held, missing = frame.reader.branch(condition, frame)
            missed.append(missing)
            if held is None:
                break
            frame.state = State(held.names, held.heap, before)
        failed = join(missed)
        if failed is not None:
            always = always and held is None  # an item that is always left out leaves the others certain
            when_empty |= failed.facts - before
        if held is None:
            continue
        if failed is not None:
            frame.state = State(held.names, held.heap, held.facts)
        if isinstance(node, ast.DictComp):
            key = frame.reader.evaluate(node.key, frame)
            value = frame.reader.evaluate(node.value, frame)
            put(made, key, value, frame, node.key, certain=failed is None)
        else:
            kept.append(frame.reader.evaluate(node.elt, frame))
        if failed is not None:
            # What is read of an item that the filter chose says nothing where it was left out.
            frame.state.facts = join_facts(frame.state.facts, failed.facts)
    if isinstance(node, ast.DictComp):
        record = frame.state.heap[made.address]
        assert isinstance(record, Record)
        frame.state.heap[made.address] = replace(record, when_empty=when_empty)
    else:
        exact = tuple(kept) if always or not kept else None
        frame.state.heap[made.address] = Listing(union(kept) if kept else None, exact, when_empty)
    return made
