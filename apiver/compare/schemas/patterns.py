"""Regular expressions: compiled, matched without running away, and a short string that one matches."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

if sys.version_info >= (3, 11):
    from re import _constants  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
else:
    import sre_constants as _constants
    import sre_parse as parser

codes: Any = _constants
"""The names of the parts of a syntax tree."""

_SHORT = 20
"""Characters up to which even a pattern that backtracks without bounds is matched in no time."""

_OTHERS = re.compile(r"[$]|\[\^?\]|\(\?<|\\[ku]")
_SPELLED = re.compile(
    r"\$|\[\^?\]|\(\?<(?![=!])|\\k<\w+>|\\u\{[0-9A-Fa-f]{1,6}\}|\\.|\[(?:[^\]\\]|\\.)*\]", re.DOTALL
)
_ALPHABET = "a1A0bB-_ .x9zZ@/:,;!#é"
_CATEGORIES: dict[Any, str] = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_NOT_WORD: "-",
    codes.CATEGORY_NOT_SPACE: "a",
}


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """A JSON Schema pattern (ECMA-262) for Python, or None where Python has nothing of the kind."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(translated(pattern), re.ASCII)
    except (re.error, OverflowError, RecursionError, ValueError):
        return None


def translated(pattern: str) -> str:
    """The pattern in Python's spelling, where ECMA-262 has another: `$` is the very end of the text."""
    return _SPELLED.sub(_spelled, pattern) if _OTHERS.search(pattern) else pattern


def _spelled(found: re.Match[str]) -> str:
    text = found[0]
    if text == "$":
        return r"\Z"
    if text in ("[]", "[^]"):
        return "(?!)" if text == "[]" else r"[\s\S]"
    if text.startswith("(?<"):
        return "(?P<"
    if text.startswith(r"\k"):
        return f"(?P={text[3:-1]})"
    if text.startswith(r"\u{"):
        return f"\\U{text[3:-1]:0>8}"
    return text


def tree(pattern: str) -> Any:
    """The syntax tree of a pattern in Python's spelling; raises what Python's parser raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return parser.parse(pattern, re.ASCII)


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text (JSON Schema patterns are not anchored).

    A text on which the search might not end counts as a match: ask `is_bounded` first where that matters.
    """
    regex = compiled(pattern)
    return regex is not None and (not is_bounded(pattern, text) or regex.search(text) is not None)


def is_bounded(pattern: str, text: str) -> bool:
    """Whether searching the text takes a bounded time: repeats within repeats may backtrack for ever."""
    return len(text) <= _SHORT or not _nests_repeats(pattern)


@lru_cache(maxsize=4096)
def _nests_repeats(pattern: str) -> bool:
    try:
        return _repeats_within(tree(translated(pattern)), within=False)
    except (re.error, RecursionError, ValueError, OverflowError):
        return False


def _repeats_within(parts: Any, *, within: bool) -> bool:
    """Whether an unbounded repeat, or a choice, stands within an unbounded repeat."""
    for code, argument in parts:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            unbounded = argument[1] is codes.MAXREPEAT
            if (within and unbounded) or _repeats_within(argument[2], within=within or unbounded):
                return True
        elif code is codes.BRANCH:
            if within or any(_repeats_within(each, within=within) for each in argument[1]):
                return True
        elif code is codes.SUBPATTERN and _repeats_within(argument[-1], within=within):
            return True
    return False


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
            text = _Writer(stretch, last).sequence(tree(translated(pattern)))
        except (RecursionError, ValueError, OverflowError):
            return
        if text not in seen and len(text) >= length and matches(pattern, text):
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
