"""Strings and values of a document as they may be shown: nothing in them is obeyed, nothing is endless."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from apiver.compare.change import ABSENT

# Control characters (escape sequences begin with one), line and paragraph separators, the marks that turn
# the direction of writing (they make a text read differently from what it is), and halves of characters.
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONGEST_TEXT = 60


def shown(text: str) -> str:
    """The text in one line, with what a terminal would act on spelled out as an escape."""
    return _ODD.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    return _SHORT.get(sign) or (f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}")


def elided(text: str, room: int) -> str:
    """The text in at most `room` characters, the middle left out where it is longer."""
    if len(text) <= room:
        return text
    head = max(room - 5, 2) * 2 // 3
    return f"{text[:head]} ... {text[len(text) - max(room - 5 - head, 1) :]}"


def value(whole: Any, room: int, about: Sequence[str] = ()) -> str:
    """A value as JSON in at most `room` characters, or as much of it as shows what it is.

    Long texts lose their middle, objects and lists their later members; what is left out is counted
    (`... 4 more`). The part that the keys `about` lead to, from anywhere in the value, stays as long as
    possible. An absent value is an empty text.
    """
    if whole is ABSENT:
        return ""
    text = _written(whole, None, frozenset())
    if len(text) > room:
        kept = _way(whole, about)
        for most in (6, 4, 2, 1, 0):
            text = _written(whole, most, kept)
            if len(text) <= room:
                break
    return elided(text, room)


def indented(whole: Any, room: int) -> list[str]:
    """A value as indented JSON, line by line; about `room` characters of it, and how much was left out.

    An absent value has no lines.
    """
    if whole is ABSENT:
        return []
    try:
        text = json.dumps(whole, indent=2, ensure_ascii=False, default=str)
    except RecursionError:
        return ["(nested too deep to be shown)"]
    lines: list[str] = []
    left = room
    for line in text.split("\n"):
        if len(line) > left:
            rest = len(text) - room
            return [*lines, _json_escaped(line[:left]), f"... {rest:,} more characters"]
        lines.append(_json_escaped(line))
        left -= len(line) + 1
    return lines


_Kept = frozenset[tuple[int, str | int]]


def _way(whole: Any, about: Sequence[str]) -> _Kept:
    """The members and items on the way to the first part that `about` names, by container and key.

    Where there is none, because it is the missing part that matters, the way to what should hold it.
    """
    for keys in (about, about[-1:], about[:-1]):
        if keys:
            waiting: list[tuple[Any, tuple[tuple[int, str | int], ...], tuple[str, ...]]] = [(whole, (), ())]
            for part, way, names in waiting:
                if names[-len(keys) :] == tuple(keys):
                    return frozenset(way)
                if isinstance(part, dict):
                    waiting += [(part[key], (*way, (id(part), key)), (*names, key)) for key in part]
                elif isinstance(part, list):
                    waiting += [(item, (*way, (id(part), index)), names) for index, item in enumerate(part)]
    return frozenset()


def _written(part: Any, most: int | None, kept: _Kept) -> str:
    """`part` as JSON. `most` is how many members and items are written out, None for all of them."""
    if isinstance(part, dict):
        names = [
            name
            for index, name in enumerate(part)
            if most is None or index < most or (id(part), name) in kept
        ]
        members = [f"{_text(name, most)}: {_written(part[name], most, kept)}" for name in names]
        return "{" + ", ".join(_counted(members, len(part))) + "}"
    if isinstance(part, list):
        chosen = [
            item
            for index, item in enumerate(part)
            if most is None or index < most or (id(part), index) in kept
        ]
        return "[" + ", ".join(_counted([_written(item, most, kept) for item in chosen], len(part))) + "]"
    if isinstance(part, str):
        return _text(part, most)
    return json.dumps(part, default=str)


def _counted(written: list[str], whole: int) -> list[str]:
    left_out = whole - len(written)
    return [*written, f"... {left_out} more"] if left_out else written


def _text(text: str, most: int | None) -> str:
    if most is not None:
        text = elided(text, _LONGEST_TEXT)
    return _json_escaped(json.dumps(text, ensure_ascii=False))


def _json_escaped(written: str) -> str:
    """JSON with what a terminal would act on spelled out; it stays JSON of the same value."""
    return _ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
