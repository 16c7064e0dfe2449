"""Regular languages: whether every text of some patterns is found by another one, and a text that is not.

Patterns of the regular fragment become automata, and those are walked side by side. Look-arounds,
back-references, word boundaries and flags are outside the fragment: the answer is that it is not known.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from apiver.compare.schemas.branches import Strings
from apiver.compare.schemas.patterns import codes, translated, tree

_STATES = 3_000  # of one automaton: a counted repeat is written out
_WORK = 60_000  # sets of states that are looked at in one walk, each as often as it is large
_LAST = 0x10FFFF
_SURROGATES = (0xD800, 0xDFFF)
_NICE = "a1Ab2Bc-_ .xX0@/:,;"

Ranges = tuple[tuple[int, int], ...]
States = frozenset[int]

_DIGITS: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACES: Ranges = ((9, 13), (32, 32))
_LINE_END: Ranges = ((10, 10),)  # the one that Python's dot does not take: both must agree about a text
_ANY_TIME, _AT_START, _AT_END = 0, 1, 2


class UndecidedError(Exception):
    """The question is outside the regular fragment, or answering it would take too long."""


class Walk(NamedTuple):
    """A kind of text: for each pattern whether it is found in it, and the shortest one."""

    found: tuple[bool, ...]
    text: str


def example_of(branch: Strings, without: str | None = None) -> str | None:
    """The shortest text that has the lengths and patterns of a branch and not the pattern `without`.

    None where there is none. Formats are not looked at. Raises `UndecidedError`.
    """
    return lost_text(tuple(fact.value for fact in branch.patterns), without, *bounds_of(branch))


def bounds_of(branch: Strings) -> tuple[int, int | None]:
    """The least and the greatest length of the texts of a branch; None where there is no greatest."""
    least = math.ceil(branch.min_length.value) if branch.min_length else 0
    return least, math.floor(branch.max_length.value) if branch.max_length else None


def lost_text(
    patterns: tuple[str, ...], rejecting: str | None, least: int = 0, most: int | None = None
) -> str | None:
    """The shortest text in which all of `patterns` are found and `rejecting` is not; None if there is none.

    `least` and `most` bound its length in characters. Raises `UndecidedError`.
    """
    wanted = tuple([True] * len(patterns) + [False] * (rejecting is not None))
    asked = patterns if rejecting is None else (*patterns, rejecting)
    return next((walk.text for walk in _walked(asked, least, most, wanted)), None)


@lru_cache(maxsize=1024)
def kinds_of_text(
    patterns: tuple[str, ...], taken: frozenset[str] = frozenset(), least: int = 0, most: int | None = None
) -> tuple[Walk, ...]:
    """Each combination of patterns that are found and not found for which there is a text, with the shortest.

    `least` and `most` bound its length; texts that are `taken` do not count. Raises `UndecidedError`.
    """
    first: dict[tuple[bool, ...], Walk] = {}
    seen = set()
    for walk in _walk(patterns, least, most, None):
        seen.add(walk.found)
        if walk.text not in taken:
            first.setdefault(walk.found, walk)
    if seen - first.keys():
        # A kind of which only taken texts came up: tell these from the others by a pattern of their own.
        spelled = f"^(?:{'|'.join(map(re.escape, sorted(taken)))})$"
        for walk in _walk((*patterns, spelled), least, most, None):
            *found, known = walk.found
            if not known:
                first.setdefault(tuple(found), Walk(tuple(found), walk.text))
    return tuple(first.values())


@lru_cache(maxsize=4096)
def _walked(
    patterns: tuple[str, ...], least: int, most: int | None, wanted: tuple[bool, ...]
) -> tuple[Walk, ...]:
    return tuple(_first(_walk(patterns, least, most, wanted)))


def _first(walks: Iterator[Walk]) -> Iterator[Walk]:
    for walk in walks:
        yield walk
        return


def _walk(
    patterns: tuple[str, ...], least: int, most: int | None, wanted: tuple[bool, ...] | None
) -> Iterator[Walk]:
    """The texts that lead to new states of all automata at once, shortest first; only `wanted` ones if given.

    Without `wanted` every state is passed twice, so that a text that is taken is not the only one.
    """
    machines = [_automaton(pattern) for pattern in patterns]
    letters = _letters(each for machine in machines for each in machine.classes)
    cap = least if most is None else most + 1
    start = tuple(machine.start for machine in machines)
    queue = deque([(start, 0, "")])
    seen: dict[tuple[tuple[States, ...], int], int] = {}  # not the start: `^` holds there alone
    visits = 1 if wanted is not None else 3
    work = 0
    while queue:
        states, length, text = queue.popleft()
        found = tuple(
            machine.accepts(state, first=not text) for machine, state in zip(machines, states, strict=True)
        )
        fits = length >= least and (most is None or length <= most)
        if fits and (wanted is None or found == wanted):
            yield Walk(found, text)
        if most is not None and length >= most:
            continue
        for letter, members in letters:
            following = tuple(
                machine.after(state, letter, members, first=not text)
                for machine, state in zip(machines, states, strict=True)
            )
            if wanted is not None and _hopeless(machines, following, wanted):
                continue
            work += 1 + sum(map(len, following))
            if work > _WORK:
                raise UndecidedError("the patterns are too involved to be decided")
            key = following, min(length + 1, cap)
            passed = seen.get(key, 0)
            if passed < visits:
                seen[key] = passed + 1
                queue.append((following, key[1] if wanted is not None else length + 1, text + letter))


def _hopeless(machines: list[_Automaton], states: tuple[States, ...], wanted: tuple[bool, ...]) -> bool:
    """Whether no text that goes on from here is wanted: a pattern was found for good, or never will be."""
    for machine, state, want in zip(machines, states, wanted, strict=True):
        if (not state) if want else (machine.final in state):
            return True
    return False


class _Automaton:
    """A nondeterministic automaton that searches: once it was in `final` it stays there."""

    def __init__(self) -> None:
        self.moves: list[list[tuple[Ranges, int]]] = []
        self.jumps: list[list[tuple[int, int]]] = []
        self.final = self.state()
        self.classes: set[Ranges] = set()
        self.start: States = frozenset()
        self._steps: dict[tuple[States, str, bool], States] = {}

    def state(self) -> int:
        if len(self.moves) > _STATES:
            raise UndecidedError("a pattern is too long to be decided")
        self.moves.append([])
        self.jumps.append([])
        return len(self.moves) - 1

    def move(self, source: int, ranges: Ranges, target: int) -> None:
        self.classes.add(ranges)
        self.moves[source].append((ranges, target))

    def jump(self, source: int, target: int, when: int = _ANY_TIME) -> None:
        self.jumps[source].append((when, target))

    def closure(self, states: Iterable[int], *, first: bool, last: bool) -> set[int]:
        """The states that are reached without reading on, at the first or the last position of the text."""
        todo, seen = list(states), set(states)
        while todo:
            for when, target in self.jumps[todo.pop()]:
                if target not in seen and (
                    when == _ANY_TIME or (first and when == _AT_START) or (last and when == _AT_END)
                ):
                    seen.add(target)
                    todo.append(target)
        return seen

    def accepts(self, states: States, *, first: bool) -> bool:
        return self.final in states or self.final in self.closure(states, first=first, last=True)

    def after(self, states: States, letter: str, members: frozenset[Ranges], *, first: bool) -> States:
        """The states after a letter, which is in the classes that are its `members`."""
        key = states, letter, first
        known = self._steps.get(key)
        if known is None:
            here = self.closure(states, first=first, last=False)
            if self.final in here:
                known = frozenset((self.final,))
            else:
                reached = {
                    target for state in here for ranges, target in self.moves[state] if ranges in members
                }
                closed = self.closure(reached, first=False, last=False)
                known = frozenset((self.final,)) if self.final in closed else frozenset(reached)
            self._steps[key] = known
        return known


@lru_cache(maxsize=1024)
def _automaton(pattern: str) -> _Automaton:
    """The automaton that searches for a pattern, as JSON Schema wants it: anywhere in the text."""
    machine = _Automaton()
    begin = machine.state()
    machine.move(begin, _ANYTHING, begin)
    try:
        parsed = tree(translated(pattern))
    except (re.error, RecursionError, OverflowError, ValueError) as error:
        raise UndecidedError("a pattern cannot be read") from error
    if parsed.state.flags & ~(re.UNICODE | re.ASCII):
        raise UndecidedError("a pattern has flags")
    try:
        end = _built(machine, parsed, begin)
    except RecursionError as error:
        raise UndecidedError("a pattern is nested too deeply") from error
    machine.jump(end, machine.final)
    machine.start = frozenset((begin,))
    return machine


def _built(machine: _Automaton, parts: Any, source: int) -> int:
    """Write the parts into the automaton from `source` on; the state at their end."""
    for code, argument in parts:
        source = _part(machine, code, argument, source)
    return source


def _part(machine: _Automaton, code: Any, argument: Any, source: int) -> int:
    ranges = _ranges(code, argument)
    if ranges is not None:
        target = machine.state()
        machine.move(source, ranges, target)
        return target
    if code is codes.SUBPATTERN:
        if argument[1] or argument[2]:
            raise UndecidedError("a pattern has flags")
        return _built(machine, argument[-1], source)
    if code is codes.BRANCH:
        target = machine.state()
        for each in argument[1]:
            first = machine.state()
            machine.jump(source, first)
            machine.jump(_built(machine, each, first), target)
        return target
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        return _repeated(machine, argument, source)
    when = {codes.AT_BEGINNING: _AT_START, codes.AT_END: _AT_END, codes.AT_END_STRING: _AT_END}
    if code is codes.AT and argument in when:
        target = machine.state()
        machine.jump(source, target, when[argument])
        return target
    raise UndecidedError("a pattern is not regular")


def _repeated(machine: _Automaton, argument: Any, source: int) -> int:
    least, most, inner = argument
    for _ in range(least):
        source = _built(machine, inner, source)
    if most is codes.MAXREPEAT:
        around = machine.state()
        machine.jump(source, around)
        machine.jump(_built(machine, inner, around), around)
        return around
    end = machine.state()
    machine.jump(source, end)
    for _ in range(most - least):
        source = _built(machine, inner, source)
        machine.jump(source, end)
    return end


def _ranges(code: Any, argument: Any) -> Ranges | None:
    """The characters that one part takes, or None where it is not a single character."""
    if code is codes.LITERAL:
        return ((argument, argument),)
    if code is codes.NOT_LITERAL:
        return _negated(((argument, argument),))
    if code is codes.ANY:
        return _negated(_LINE_END)
    if code is not codes.IN:
        return None
    negate = argument[0][0] is codes.NEGATE
    taken: list[tuple[int, int]] = []
    for kind, value in argument[1:] if negate else argument:
        if kind is codes.LITERAL:
            taken.append((value, value))
        elif kind is codes.RANGE:
            taken.append(value)
        elif kind is codes.CATEGORY:
            taken.extend(_category(value))
        else:
            raise UndecidedError("a pattern has a class that is not known")
    return _negated(tuple(taken)) if negate else _merged(taken)


def _category(name: Any) -> Ranges:
    kind = str(name).removeprefix("CATEGORY_")
    ranges = {"DIGIT": _DIGITS, "WORD": _WORD, "SPACE": _SPACES}.get(kind.removeprefix("NOT_"))
    if ranges is None:
        raise UndecidedError("a pattern has a class that is not known")
    return _negated(ranges) if kind.startswith("NOT_") else ranges


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def _negated(ranges: Ranges) -> Ranges:
    found, at = [], 0
    for low, high in _merged(ranges):
        if at < low:
            found.append((at, low - 1))
        at = high + 1
    return (*found, (at, _LAST)) if at <= _LAST else tuple(found)


_ANYTHING: Ranges = ((0, _LAST),)


def _letters(classes: Iterable[Ranges]) -> list[tuple[str, frozenset[Ranges]]]:
    """One letter for each set of classes that some character is in, and those classes."""
    distinct = list(dict.fromkeys(classes))
    cuts = {0, _SURROGATES[0], _SURROGATES[1] + 1}
    cuts.update(low for each in distinct for low, _ in each)
    cuts.update(high + 1 for each in distinct for _, high in each if high < _LAST)
    edges = sorted(cuts)
    lows = [[low for low, _ in each] for each in distinct]

    def members(point: int) -> frozenset[Ranges]:
        return frozenset(
            each
            for each, starts in zip(distinct, lows, strict=True)
            if (at := bisect_right(starts, point)) and point <= each[at - 1][1]
        )

    found: dict[frozenset[Ranges], str] = {}
    for point in (*map(ord, _NICE), *(edge for edge in edges if edge >= 33), *edges):
        if not _SURROGATES[0] <= point <= _SURROGATES[1]:
            found.setdefault(members(point), chr(point))
    return [(letter, classes) for classes, letter in found.items()]
