"""Where the parts of a JSON text stand.

The way down to a part is walked from container to container; what lies beside the way is skipped at the
speed of C. Every text here is a valid one, with one character for each byte (see `SourceText`).

Two ways lead through an object. The exact one skips each value with the standard library's scanner. In a
text that is indented as programs do it, the members are found by their lines, which is many times faster:
no JSON string holds a raw line break, so a line that begins with a quoted word and a colon *is* a member,
and its indentation says of which object. That way is left as soon as anything is not as expected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

import orjson

from apiver.contract.document import Place
from apiver.contract.pointer import split, step
from apiver.contract.source_text import SourceText

# Skipping an object keeps nothing of it but its length.
_skip = json.JSONDecoder(object_pairs_hook=len).scan_once  # type: ignore[attr-defined]
_space = re.compile(r"[ \t\n\r]*").match
_margin = re.compile(r"\r?\n[ \t]*").match
_LOST = (LookupError, ValueError, StopIteration)

# From the first character of a member or item to that of the next one, or to the closing bracket.
Span = tuple[int, int]


class JsonPlaces:
    """Finds the place of a JSON pointer in a text whose parsed value is `root`."""

    def __init__(self, raw: bytes, root: Any, name: str) -> None:
        self._source = SourceText(raw, name)
        self._root = root
        self._by_lines = True
        self._members: dict[int, dict[str, Span]] = {}
        self._items: dict[int, list[Span]] = {}

    def locate(self, pointer: str) -> Place:
        """The place of a member's key or of an item; of the nearest part around it where there is none."""
        tokens = split(pointer)
        try:
            offset = self._offset(tokens)
        except _LOST:
            # The indentation was misleading somewhere above.
            self._by_lines = False
            self._members.clear()
            self._items.clear()
            offset = self._offset(tokens)
        return self._source.place(offset)

    def _offset(self, tokens: list[str]) -> int:
        text = self._source.text
        value = self._root
        at = found = _after_space(text, 0)
        end = len(text)
        for token in tokens:
            container = value
            try:
                value = step(container, token)
            except LookupError:
                break
            try:
                members = {} if isinstance(container, list) else self._members_of(at, end, container)
                items = self._items_of(at) if isinstance(container, list) else []
            except RecursionError:
                break  # the scanner cannot skip what is nested so deeply: the part around it will do
            if isinstance(container, list):
                found, end = items[int(token)]
                at = found
            else:
                if token not in members and not self._by_lines:
                    break  # another document's part was put there
                found, end = members[token]
                at = _value_of(text, found)
        return found

    def _items_of(self, at: int) -> list[Span]:
        if at not in self._items:
            self._items[at] = list_items(self._source.text, at)
        return self._items[at]

    def _members_of(self, at: int, end: int, value: dict[str, Any]) -> dict[str, Span]:
        if at not in self._members:
            text = self._source.text
            found = members_by_lines(text, at, end, value) if self._by_lines else None
            if found is None:
                found = {key: (start, end) for key, start, end in object_members(text, at)}
            self._members[at] = found
        return self._members[at]


def object_members(text: str, at: int) -> list[tuple[str, int, int]]:
    """The members of the object at `at`, in order: key, offset of the key, offset of what comes after."""
    found = []
    at = _after_space(text, at, "{")
    while text[at] != "}":
        start = at
        _, end = scanstring(text, start + 1, True)
        at = _after_value(text, _after_space(text, _after_space(text, end), ":"))
        found.append((_decoded(text[start:end]), start, at))
    return found


def list_items(text: str, at: int) -> list[Span]:
    """The items of the list at `at`, in order."""
    found = []
    at = _after_space(text, at, "[")
    while text[at] != "]":
        start = at
        at = _after_value(text, start)
        found.append((start, at))
    return found


def members_by_lines(text: str, at: int, limit: int, value: dict[str, Any]) -> dict[str, Span] | None:
    """The members of the object at `at`, which ends before `limit`, found by their indentation.

    `value` is the object itself: its keys are looked for in their order. None where the text is not as
    programs write it: each key in a line of its own, each bracket closed below the line that opened it.
    """
    first = _margin(text, at + 1)
    if first is None:
        return None
    margin = first[0]
    line = text[text.rfind("\n", 0, at) + 1 : at]
    outer = margin[: margin.index("\n") + 1] + line[: len(line) - len(line.lstrip(" \t"))]
    end = text.rfind(f"{outer}}}", at, limit)
    if end < 0 or len(margin) <= len(outer):
        return None
    starts: list[int] = []
    at += 1
    for key in value:
        spelled = orjson.dumps(key).decode("latin-1")
        found = text.find(f"{margin}{spelled}:", at, end)
        if found < 0 or not (_closes(text, at, found, margin, ",") if starts else found == at):
            return None
        at = found + len(margin)
        starts.append(at)
    if not _closes(text, at, end, margin, ""):
        return None
    return dict(zip(value, zip(starts, [*starts[1:], end], strict=True), strict=True))


def _closes(text: str, start: int, end: int, margin: str, comma: str) -> bool:
    """Whether the member at `start` ends at `end`: in its own line, or with a bracket below its key."""
    if text.find("\n", start, end) < 0:
        return text.endswith(comma, start, end)
    return text.endswith((f"{margin}}}{comma}", f"{margin}]{comma}"), start, end)


def repeated_key(text: str) -> tuple[str, int] | None:
    """The first key that stands twice in one object, and where it stands the second time."""
    for at in _values(text, _after_space(text, 0)):
        if text[at] == "{":
            seen = set()
            for key, offset, _ in object_members(text, at):
                if key in seen:
                    return key, offset
                seen.add(key)
    return None


def _values(text: str, at: int) -> Iterator[int]:
    """The offset of every value, a container before its parts."""
    waiting = [at]
    while waiting:
        at = waiting.pop()
        yield at
        if text[at] == "{":
            parts = [_value_of(text, offset) for _, offset, _ in object_members(text, at)]
        elif text[at] == "[":
            parts = [offset for offset, _ in list_items(text, at)]
        else:
            continue
        waiting += reversed(parts)


def _after_space(text: str, at: int, sign: str = "") -> int:
    """The offset of what comes after `sign`, which stands at `at`, and the space behind it."""
    if not text.startswith(sign, at):
        raise ValueError(sign)
    match = _space(text, at + len(sign))
    assert match is not None
    return match.end()


def _after_value(text: str, at: int) -> int:
    """The offset of what comes after the value at `at`: the next key or item, or the closing bracket."""
    at = _after_space(text, _skip(text, at)[1])
    return _after_space(text, at, ",") if text[at] == "," else at


def _value_of(text: str, at: int) -> int:
    """The offset of the value of the member whose key is at `at`."""
    _, end = scanstring(text, at + 1, True)
    return _after_space(text, _after_space(text, end), ":")


def _decoded(quoted: str) -> str:
    if quoted.isascii() and "\\" not in quoted:
        return quoted[1:-1]
    key: str = orjson.loads(quoted.encode("latin-1"))
    return key
