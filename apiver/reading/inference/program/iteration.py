"""What an iteration yields, and whether its items can be gone through one by one."""

from __future__ import annotations

import ast
import enum
from collections.abc import Sequence
from dataclasses import replace

from apiver.reading.inference.frame import Frame
from apiver.reading.inference.program.folding import items_of
from apiver.reading.inference.values.described import opened
from apiver.reading.inference.values.facts import Fact, Facts, Subject
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Described,
    KeysOf,
    Known,
    Listing,
    Live,
    Method,
    Page,
    Record,
    Ref,
    Rows,
    Stream,
    Tuple,
    Typed,
    Union,
    Unknown,
    Value,
    mapped,
    options,
    union,
)
from apiver.reading.inference.values.state import State

MOST_UNROLLED = 40


def constants(value: Value, frame: Frame) -> tuple[Value, ...] | None:
    """The items of `value` where their number and order are known, else None."""
    content = frame.state.cell(value)
    if isinstance(content, Tuple):
        found: tuple[Value, ...] = content.items
    elif isinstance(content, Listing) and content.exact is not None:
        found = content.exact
    elif isinstance(content, Record) and content.rest is None and content.open is None and not content.keys:
        if not all(entry.required for entry in content.fields.values()):
            return None
        found = tuple(Known(key) for key in content.fields)
    elif isinstance(content, Live) and isinstance(content.object, enum.EnumMeta):
        members: list[enum.Enum] = list(content.object.__members__.values())
        found = tuple(Known(member) for member in members)
    elif isinstance(content, Live) and (listed := items_of(content.object)) is not None:
        found = listed
    else:
        return None
    return found if len(found) <= MOST_UNROLLED else None


def item_of(value: Value, frame: Frame, node: ast.AST) -> Value:
    """What any item of `value` looks like."""
    content = frame.state.cell(value)
    if isinstance(content, Described):
        content = opened(content)
    if isinstance(content, Union):
        kept = [option for option in content.options if option != NONE]
        return union(item_of(option, frame, node) for option in kept)
    if isinstance(content, Listing):
        if content.items is not None:
            return content.items
        return frame.unknown("it is taken from a list that is always empty here", node)
    if isinstance(content, Tuple):
        return (
            union(content.items) if content.items else frame.unknown("it is taken from an empty tuple", node)
        )
    if isinstance(content, Record):
        return content.key
    if isinstance(content, Asked):
        if content.subject.location == "json" and content.cls in (None, list):
            return Asked(content.subject.at(None))
        if content.cls is list and content.subject.path:
            return Asked(content.subject.at(None), str)
        return Typed(str)
    if isinstance(content, KeysOf):
        return Asked(content.subject.at(None), str)
    if isinstance(content, Rows | Page):
        return content.item
    if isinstance(content, Stream) and content.item is not None:
        return content.item
    if isinstance(content, Typed):
        if content.cls is str:
            return Typed(str)
        if content.cls is bytes or content.cls is range:
            return Typed(int)
        if hasattr(content.cls, "_fields"):
            return frame.unknown(f"it is an item of a {content.cls.__name__}", node)
    if isinstance(content, Known) and isinstance(content.value, str):
        return Typed(str)
    if isinstance(content, Live) and isinstance(content.object, enum.EnumMeta):
        return Typed(content.object)
    if isinstance(content, Unknown):
        return content
    if isinstance(content, Method):
        return frame.unknown(f"it is taken from the method {content.name}", node)
    return frame.unknown(f"nothing is known of the items of {ast.unparse(node)}", node)


def one_of(value: Value) -> Value:
    """A single item of many that look like `value`: a change of it is none of the others."""
    return mapped(value, lambda option: replace(option, one=True) if isinstance(option, Ref) else option)


def pairs(left: Sequence[Value], right: Sequence[Value]) -> tuple[Value, ...]:
    """The items of `zip(left, right)`."""
    return tuple(Tuple((one, other)) for one, other in zip(left, right, strict=False))


def item_subjects(item: Value, state: State) -> list[Subject]:
    """The arrays of the request that an item comes from: `data["lines"]`, or a list of tuples made of it."""
    found: list[Subject] = []
    todo = [state.frozen(item)]
    while todo:
        value = todo.pop()
        todo += options(value) if len(options(value)) > 1 else ()
        if isinstance(value, Tuple):
            todo += value.items
        elif isinstance(value, Record):
            todo += [entry.value for entry in value.fields.values()]
        elif isinstance(value, Asked) and None in value.subject.path:
            last = len(value.subject.path) - value.subject.path[::-1].index(None)
            found.append(Subject(value.subject.location, value.subject.path[:last]))
    return found


def about_items(facts: Facts, item: Value, state: State) -> tuple[Fact, ...]:
    """Those of `facts` that speak of the items that `item` is one of, and so hold of an empty array too."""
    found = item_subjects(item, state)
    return tuple(
        fact
        for fact in facts
        if any(fact.subject == subject or fact.subject.below(subject) for subject in found)
    )
