"""A short string that a regular expression matches: best effort, always checked by the caller."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from apiver.compare.space import compiled

if sys.version_info >= (3, 11):
    from re import _constants as codes  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
else:
    import sre_constants as codes
    import sre_parse as parser

_ALPHABET = "a1A0bB-_ .x9zZ@/:,;!#é"
_CATEGORIES: dict[Any, str] = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_NOT_WORD: "-",
    codes.CATEGORY_NOT_SPACE: "a",
}


def example(pattern: str, length: int = 0) -> str | None:
    """A string in which the pattern is found, at least `length` characters long where repeats allow it.

    None where the pattern is not one that Python reads or no attempt matches.
    """
    return next(examples(pattern, length), None)


def examples(pattern: str, length: int = 0) -> Iterator[str]:
    """A few different strings in which the pattern is found, short ones first."""
    regex = compiled(pattern)
    if regex is None:
        return
    seen = set()
    for stretch, last in ((0, False), (length, False), (0, True), (length or 1, True), (length + 3, False)):
        try:
            text = _Writer(stretch, last).sequence(parser.parse(pattern))
        except (RecursionError, ValueError, OverflowError):
            return
        if text not in seen and regex.search(text) and len(text) >= length:
            seen.add(text)
            yield text


class _Writer:
    """Writes one string: repeats `stretch` characters long, the first or the `last` of each choice."""

    def __init__(self, stretch: int, last: bool) -> None:
        self.stretch = stretch
        self.last = last

    def sequence(self, parts: Any) -> str:
        return "".join(self.part(code, argument) for code, argument in parts)

    def part(self, code: Any, argument: Any) -> str:
        if code is codes.LITERAL:
            return chr(argument)
        if code is codes.NOT_LITERAL:
            return next(char for char in _ALPHABET if ord(char) != argument)
        if code is codes.ANY:
            return "z" if self.last else "a"
        if code is codes.IN:
            return self.one_of(argument)
        if code is codes.BRANCH:
            return self.sequence(argument[1][-1 if self.last else 0])
        if code is codes.SUBPATTERN:
            return self.sequence(argument[-1])
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT) or str(code) == "POSSESSIVE_REPEAT":
            least, most, inner = argument
            once = self.sequence(inner)
            count = max(least, -(-self.stretch // max(len(once), 1)))
            return once * int(min(count, most, 1000))
        return ""  # anchors and look-arounds add no character; the caller's check decides

    def one_of(self, choices: Any) -> str:
        if choices and choices[0][0] is codes.NEGATE:
            return next((char for char in _ALPHABET if not _in_class(char, choices[1:])), "")
        code, argument = choices[-1 if self.last else 0]
        if code is codes.RANGE:
            return chr(argument[1 if self.last else 0])
        if code is codes.CATEGORY:
            return _CATEGORIES.get(argument, "a")
        return chr(argument)


def _in_class(char: str, choices: Any) -> bool:
    for code, argument in choices:
        if code is codes.LITERAL and ord(char) == argument:
            return True
        if code is codes.RANGE and argument[0] <= ord(char) <= argument[1]:
            return True
        if code is codes.CATEGORY:
            kind = str(argument).removeprefix("CATEGORY_")
            facts = {"DIGIT": char.isdigit(), "SPACE": char.isspace(), "WORD": char.isalnum() or char == "_"}
            fact = facts.get(kind.removeprefix("NOT_"), False)
            if fact != kind.startswith("NOT_"):
                return True
    return False
