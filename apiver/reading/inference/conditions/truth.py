"""Which shapes are true in a condition, and what is left of a value once that is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from apiver.reading.inference.values.facts import NOTHING, Facts, join
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Bound,
    Closure,
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
    alternatives,
    chosen,
    options,
)
from apiver.reading.inference.values.state import State


def truth(value: Value, state: State) -> bool | None:
    """Whether `value` is true in a condition; None where that depends."""
    found = {_truth(option, state) for option in options(value)}
    return found.pop() if len(found) == 1 else None


def _truth(value: Value, state: State) -> bool | None:
    content = state.cell(value)
    if isinstance(content, Known):
        return bool(content.value)
    if isinstance(content, Tuple):
        return bool(content.items)
    if isinstance(content, Listing):
        return True if content.nonempty else False if content.exact == () else None
    if isinstance(content, Record):
        if any(entry.required for entry in content.fields.values()):
            return True
        return None if content.fields or content.rest or content.open else False
    if isinstance(content, Reply | Closure | Bound):
        return True
    if isinstance(content, Object | Typed):
        plain = not any(hasattr(content.cls, name) for name in ("__bool__", "__len__"))
        return True if plain and content.cls is not object else None
    if isinstance(content, Live):
        kind = type(content.object)
        return True if not any(hasattr(kind, name) for name in ("__bool__", "__len__")) else None
    return None


def truthy_part(value: Value, state: State, wanted: bool) -> Value | None:
    """What is left of `value` where it is true (or false, as `wanted`); None where nothing is."""
    kept = [(part, given) for option, given in alternatives(value) if (part := _part(option, state, wanted))]
    return chosen(kept) if kept else None


def _part(option: Value, state: State, wanted: bool) -> Value | None:
    found = _truth(option, state)
    if found is not None and found is not wanted:
        return None
    if isinstance(option, Asked):
        left = option.instead if option.instead is not None and bool(option.instead.value) is wanted else None
        return replace(option, nullable=option.nullable and not wanted, instead=left)
    if not wanted and isinstance(option, Typed) and option.cls is bool:
        return Known(False)
    return option


def none_part(value: Value, is_none: bool) -> Value | None:
    """What is left of `value` where it is None (or is not, as `is_none`); None where nothing is."""
    kept: list[tuple[Value, Facts]] = []
    for option, given in alternatives(value):
        if isinstance(option, Asked):
            if not is_none:
                kept.append((replace(option, nullable=False), given))
            elif option.nullable or option.cls is None:
                kept.append((NONE, given))
        elif _may_be_none(option) if is_none else option != NONE:
            kept.append((NONE if is_none else option, given))
    return chosen(kept) if kept else None


def given_where(value: Value, state: State, wanted: bool) -> Facts:
    """What holds of the request where `value` is true (or false, as `wanted`)."""
    return _met(given for option, given in alternatives(value) if _part(option, state, wanted) is not None)


def given_where_none(value: Value, is_none: bool) -> Facts:
    """What holds of the request where `value` is None (or is not, as `is_none`)."""
    return _met(given for option, given in alternatives(value) if none_part(option, is_none) is not None)


def _met(found: Iterable[Facts]) -> Facts:
    return reduce(join, found) if (found := list(found)) else NOTHING


def _may_be_none(option: Value) -> bool:
    return option == NONE or isinstance(option, Unknown)
