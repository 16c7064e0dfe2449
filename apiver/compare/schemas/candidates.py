"""Scalars that may be in a branch: from its bounds, lengths, patterns, formats, or the member's name."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from apiver.compare.schemas.branches import Normal, Numbers, Strings
from apiver.compare.schemas.patterns import examples
from apiver.compare.schemas.plausible import of_format, of_name
from apiver.compare.sides.space import Conjunction, Node

_WORDS = ("string", "a", "", "1", "A", "abc-123", "x y", "0", "-", "é")
_OTHERS = 30  # numbers and texts beyond the first ones, for arrays of different elements
_LONG = 80  # characters beyond which an example is not worth reading


def is_readable(value: Any) -> bool:
    """Whether the value is a scalar that says something."""
    if isinstance(value, str):
        return 0 < len(value) <= _LONG
    return isinstance(value, bool | int | float)


def guesses(conjunction: Conjunction, branches: Normal) -> Iterator[str]:
    """A text that the name of the member or parameter suggests, where a text without a format is wanted."""
    strings = [each for each in branches.get("string", ()) if isinstance(each, Strings)]
    if strings and not any(each.formats or each.values for each in strings):
        for node in conjunction:
            guess = of_name(_name(node))
            if guess is not None:
                yield guess


def _name(node: Node) -> str:
    """What the member, the parameter or the header is called that the schema stands at."""
    around, _, last = node.pointer.rpartition("/")
    if around.endswith("/properties"):
        return last
    if last != "schema":
        return ""
    before, _, name = around.rpartition("/")
    if before.endswith("/headers"):
        return name
    holder = node.space.node(around) if before.endswith("/parameters") else None
    return str(holder.raw.get("name", "")) if holder is not None and isinstance(holder.raw, dict) else ""


def numbers(branch: Numbers) -> Iterator[int | float]:
    """Candidates from the bounds and the multiples, simple ones first."""
    step = max((abs(fact.value) for fact in branch.multiples), default=1)
    yield from (1, 0, -1, 0.5, step)
    for bound in (branch.lower, branch.upper):
        if bound is not None:
            with suppress(OverflowError):
                nearest = math.floor(bound.value / step) * step
                yield from (nearest - step, nearest, nearest + step)
            with suppress(OverflowError):
                yield from (bound.value, bound.value + 1, bound.value - 1)
                yield from (bound.value + 0.5, bound.value - 0.5)
    yield from range(2, _OTHERS)


def strings(branch: Strings) -> Iterator[str]:
    """Candidates from the format, the patterns and the lengths, words first."""
    least = branch.min_length.value if branch.min_length else 0
    most = branch.max_length.value if branch.max_length else None
    for fact in branch.formats:
        yield from of_format(fact.value, math.ceil(least))
    for fact in branch.patterns:
        for text in examples(fact.value):
            yield text.ljust(math.ceil(least), "a")
        yield from examples(fact.value, math.ceil(least))
    if least > len("string"):
        yield ("string " * math.ceil(least))[: math.ceil(least)]
    yield from _WORDS
    if most is not None and most < len("string"):
        yield "string"[: math.floor(most)]
    if least:
        yield "a" * math.ceil(least)
    yield from (f"string{number}" for number in range(2, _OTHERS))
