"""Values of a schema: a small one, others, and one that is built around a given part."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from apiver.compare.change import ABSENT
from apiver.compare.schemas.branches import (
    Arrays,
    Branch,
    Numbers,
    Objects,
    Strings,
    among,
    join,
    satisfies,
)
from apiver.compare.schemas.candidates import guesses, is_readable, numbers, strings
from apiver.compare.schemas.examples import Examples
from apiver.compare.schemas.gaps import present
from apiver.compare.schemas.membership import DEEPEST, Membership, well_formed
from apiver.compare.schemas.normal import Normalizer
from apiver.compare.schemas.patterns import examples
from apiver.compare.sides.inner_text import is_json, text_holding
from apiver.compare.sides.space import Conjunction

_PREFERRED = ("string", "number", "object", "boolean", "array", "null")
_TELLING = 4  # values of a member that may tell alternatives apart
_VARIANTS = 100  # members of an object that are varied

HUGE = "only a value larger than any that apiver builds can show it"

LONGEST = 100_000
"""Characters of the longest text that is built."""

MOST_ITEMS = 1000
"""Elements of the longest array that is built."""

MOST_MEMBERS = 1000
"""Members that are made up for the largest object that is built."""


class UnshownError(Exception):
    """No value was found, for the reason given: there may well be one."""


class Sampler(Membership):
    """Finds values in the schemas of one mode. Every answer is a plain decoded JSON value."""

    def __init__(self, normalizer: Normalizer) -> None:
        super().__init__(normalizer)
        self.examples = Examples()
        self._wholes: dict[tuple[int, int], tuple[Any, Branch, Branch | None]] = {}
        self._small: dict[tuple[tuple[int, ...], tuple[int, ...]], Any] = {}

    def _is_huge(self, size: float, most: int) -> bool:
        """Whether a value of that size is not built."""
        if size <= most:
            return False
        self.shortfall = HUGE
        return True

    def sample(self, conjunction: Conjunction, wish: Conjunction = (), depth: int = 0) -> Any:
        """A small value that satisfies the schemas, and those of `wish` too where one can; else ABSENT.

        The same value is handed out again for the same schemas: nobody may change it.
        """
        if depth == 0:
            self.examples.learn(conjunction)
        key = tuple(id(node.raw) for node in conjunction), tuple(id(node.raw) for node in wish)
        known = self._small.get(key, ABSENT)
        if known is not ABSENT:
            return known
        value = next(self.samples(join(conjunction, wish), depth), ABSENT) if wish else ABSENT
        if value is ABSENT:
            value = next(self.samples(conjunction, depth), ABSENT)
        if value is not ABSENT:
            self._small[key] = value
        return value

    def samples(self, conjunction: Conjunction, depth: int = 0) -> Iterator[Any]:
        """Some values that satisfy the schemas, the most readable ones first."""
        self._left -= 1
        if depth > DEEPEST or self._is_tired():
            return
        branches = self.normalizer.branches(conjunction)
        given = list(self.examples.of(conjunction))
        for value in (*given, *guesses(conjunction, branches)):
            if is_readable(value) and self.admits(conjunction, value) is True:
                yield value
        for kind in _PREFERRED:
            for branch in branches.get(kind, ()):
                for value in self.of_branch(branch, depth):
                    if self.is_sound(branch, value):
                        yield value
        for value in given:  # whole objects are larger than need be, but what their author thought of
            if not is_readable(value) and self.admits(conjunction, value) is not False:
                yield value

    def is_sound(self, branch: Branch, value: Any) -> bool:
        """Whether a value that was built for the branch is in it, as far as building does not ensure it."""
        if branch.excluded or branch.values is not None or branch.type in ("number", "string"):
            return self.belongs(branch, value) is not False
        if isinstance(branch, Arrays) and branch.contains:
            return self.belongs(branch, value) is not False
        return satisfies(branch, value) and well_formed(branch, value)

    def of_branch(self, branch: Branch, depth: int = 0) -> Iterator[Any]:
        """Some values of one branch."""
        if branch.values is not None:
            yield from branch.values.value
        elif isinstance(branch, Numbers):
            yield from (value for value in numbers(branch) if satisfies(branch, value))
        elif isinstance(branch, Strings):
            if self._is_huge(branch.min_length.value if branch.min_length else 0, LONGEST):
                return
            for each in branch.contents:
                if each.schema and is_json(each.media):
                    some = (
                        text_holding(value, each.encoding) for value in self.samples(each.schema, depth + 1)
                    )
                    yield from (text for text in islice(some, 4) if satisfies(branch, text))
            yield from (value for value in strings(branch) if satisfies(branch, value))
        elif isinstance(branch, Arrays):
            value = self.array(branch, {}, depth=depth)
            if value is not ABSENT:
                yield value
        elif isinstance(branch, Objects):
            yield from self._objects(branch, depth)
        elif branch.type == "boolean":
            yield from (True, False)
        else:
            yield None

    def _objects(self, branch: Objects, depth: int) -> Iterator[Any]:
        """The smallest object of the branch, then others in which one member differs."""
        smallest = self.object(branch, {}, depth=depth)
        if smallest is ABSENT:
            return
        yield smallest
        if branch.excluded:
            yield from present(self.apart(branch, {}))
        for name in islice(branch.properties, _VARIANTS):
            if not branch.forbids(name):
                for part in islice(self.samples(branch.member(name), depth + 1), 3):
                    value = self.object(branch, {name: part}, depth=depth)
                    if value is not ABSENT:
                        yield value

    def object(
        self,
        branch: Objects,
        given: dict[str, Any],
        wish: Branch | None = None,
        count: int = 0,
        depth: int = 0,
        without: str | None = None,
    ) -> Any:
        """A small object of the branch that has the `given` members, and at least `count` members.

        The members that have to be added satisfy `wish` too where they can; the one `without` which it has to
        be is not among them. ABSENT where none was found.
        """
        if given or count or without is not None:
            return self._object(branch, given, wish, count, depth, without)
        key = id(branch), id(wish)
        known = self._wholes.get(key)
        if known is not None:
            return known[0]
        value = self._object(branch, given, wish, 0, depth)
        if value is not ABSENT or depth == 0:  # what is too deep here may do further up
            # Both are kept beside the answer: identities stay taken for as long as it is.
            self._wholes[key] = value, branch, wish
        return value

    def _object(
        self,
        branch: Objects,
        given: dict[str, Any],
        wish: Branch | None,
        count: int,
        depth: int,
        without: str | None = None,
    ) -> Any:
        other = wish if isinstance(wish, Objects) else Objects()
        wanted = dict.fromkeys((*branch.required, *given))
        names = [name for name in branch.properties if name in wanted] if wanted else []
        if len(names) < len(wanted):
            names = list(dict.fromkeys((*names, *wanted)))
        for name, needs in branch.dependents:
            if name in names:
                names += [need for need in needs.value if need not in names]
        least = max(count, branch.min_properties.value if branch.min_properties else 0)
        if self._is_huge(least, MOST_MEMBERS + len(branch.properties)):
            return ABSENT
        if least > len(names):
            listed = {*names, without}
            spare = [name for name in branch.properties if name not in listed and not branch.forbids(name)]
            spare += self._spare_names(branch, math.ceil(least) - len(names) - len(spare))
            names += spare[: math.ceil(least) - len(names)]
        result = {}
        self._left -= len(names)
        for name in names:
            value = given.get(name, ABSENT)
            if value is ABSENT:
                value = self.sample(branch.member(name), other.member(name), depth + 1)
            if value is ABSENT:
                return ABSENT
            result[name] = value
        return result

    def _spare_names(self, branch: Objects, count: int) -> Iterator[str]:
        """Some names of members that are not spelled out, readable ones first."""
        if count <= 0:
            return
        yield from (name for number in range(count) if not branch.forbids(name := f"key{number}"))
        for pattern, _ in branch.patterns:
            yield from examples(pattern)
        if branch.names:
            yield from (name for name in islice(self.samples(branch.names), 8) if isinstance(name, str))

    def apart(self, branch: Objects, given: dict[str, Any]) -> Any:
        """A small object with the `given` members that the schemas which the branch excludes do not take.

        For each of them one member gets a value that it rejects, where there is one. ABSENT where the branch
        has no such object at all; the caller's check decides.
        """
        chosen = dict(given)
        value = self.object(branch, chosen)
        for rejected in branch.excluded:
            if value is ABSENT or self.admits(rejected, value) is not True:
                continue
            name, part = self._telling(branch, rejected, chosen)
            if part is not ABSENT:
                chosen[name] = part
                value = self.object(branch, chosen)
        return value

    def _telling(self, branch: Objects, rejected: Conjunction, taken: dict[str, Any]) -> tuple[str, Any]:
        """A member that is not taken yet, with a value of the branch that the other schema rejects there."""
        rivals = self.normalizer.branches(rejected).get("object", ())
        for name in branch.properties:
            if name in taken or branch.forbids(name):
                continue
            theirs = [each.member(name) for each in rivals if isinstance(each, Objects)]
            if all(theirs):
                for part in islice(self.samples(branch.member(name), 1), _TELLING):
                    if all(self.admits(each, part) is False for each in theirs):
                        return name, part
        return "", ABSENT

    def full_object(self, branch: Objects, given: dict[str, Any]) -> Any:
        """The object of the branch that has every declared member, `given` ones as they are; or ABSENT."""
        named = {
            name: ABSENT if branch.forbids(name) else self.sample(branch.member(name))
            for name in branch.properties
        }
        return self.object(
            branch, {**{name: each for name, each in named.items() if each is not ABSENT}, **given}
        )

    def array(
        self,
        branch: Arrays,
        given: dict[int, Any],
        wish: Branch | None = None,
        count: int = 0,
        depth: int = 0,
    ) -> Any:
        """A short array of the branch with the `given` elements and at least `count` of them, or ABSENT."""
        other = wish if isinstance(wish, Arrays) else Arrays()
        least = max(
            count, branch.min_items.value if branch.min_items else 0, *(index + 1 for index in given), 0
        )
        if self._is_huge(least, MOST_ITEMS):
            return ABSENT
        self._left -= math.ceil(least)
        result: list[Any] = []
        if branch.contains:
            given = self._with_occurrences(branch, given, math.ceil(least), depth)
            least = max(least, *(index + 1 for index in given), 0)
        for index in range(math.ceil(least)):
            value = given.get(index, ABSENT)
            if value is ABSENT:
                value = self.sample(branch.item(index), other.item(index), depth + 1)
            if branch.unique and among(value, result):
                fresh = (
                    each for each in self.samples(branch.item(index), depth + 1) if not among(each, result)
                )
                value = next(fresh, ABSENT)
            if value is ABSENT:
                return ABSENT
            result.append(value)
        return result

    def _with_occurrences(
        self, branch: Arrays, given: dict[int, Any], count: int, depth: int
    ) -> dict[int, Any]:
        """The given elements and those that `contains` asks for, from the end of an array of that length."""
        made = dict(given)
        for each in branch.contains:
            there = sum(self.admits(each.schema, item, depth + 1) is True for item in made.values())
            missing = min(math.ceil(each.least.value) - there, 100)
            places = chain(
                (index for index in reversed(range(count)) if index not in made), range(count, count + 100)
            )
            for index in islice((index for index in places if index not in made), max(missing, 0)):
                some = self.samples(join(branch.item(index), each.schema), depth + 1)
                taken = list(made.values())
                made[index] = next((v for v in some if not branch.unique or not among(v, taken)), ABSENT)
            made = {index: value for index, value in made.items() if value is not ABSENT}
        return made
