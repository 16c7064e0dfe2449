"""Which operation of the old contract is which operation of the new one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from apiver.compare.sides.selection import apart
from apiver.compare.sides.surface import Operation, blanked

_VERSION = re.compile(r"v\d+([._-]\d+)*((alpha|beta|rc|a|b)\d*)?|\d{4}-\d{2}(-\d{2})?", re.IGNORECASE)
_NUMERIC = re.compile(r"\d+(\.\d+)*")


class Pair(NamedTuple):
    """The same operation in both contracts. `moved` is true where its URL or method is another one now.

    A `turned` pair is of requests that the API sends: there `old` is the operation of the new contract, and
    `new` that of the old one. So the sender of the request always follows `old`, and its receiver `new`.
    """

    old: Operation
    new: Operation
    moved: bool = False
    turned: bool = False

    @property
    def sides(self) -> tuple[Operation, Operation]:
        """The operations of the old and of the new contract, whoever sends the request."""
        return (self.new, self.old) if self.turned else (self.old, self.new)


class Pairing(NamedTuple):
    """All operations of two contracts: paired, removed, added."""

    pairs: list[Pair]
    removed: list[Operation]
    added: list[Operation]


def pair(old: list[Operation], new: list[Operation]) -> Pairing:
    """Pair by effective URL and method; then with the version segment taken out; then by resemblance.

    Where an API answers at several base paths, one that both contracts share is enough.
    """
    pairs: list[Pair] = []
    for keys in (_spelled, _templates, _all_templates, _named, _unversioned, _all_unversioned):
        pairs_now, old, new = _matched(old, new, keys)
        pairs += pairs_now
    moved = _moves(old, new)
    gone, come = {id(each.old) for each in moved}, {id(each.new) for each in moved}
    return Pairing(
        [_versions_apart(each) for each in pairs + moved],
        [operation for operation in old if id(operation) not in gone],
        [operation for operation in new if id(operation) not in come],
    )


def _versions_apart(pair: Pair) -> Pair:
    """The pair without what selects the version on either side."""
    old, new = apart(pair.old, pair.new)
    return pair._replace(old=old, new=new)


def is_version(segment: str) -> bool:
    """Whether a URL segment looks like a version label on its own (`v1`, `v2.1`, `2024-10-01`)."""
    return _VERSION.fullmatch(segment) is not None


_Keys = Callable[[Operation], Iterable[tuple[str, str]]]


def _spelled(operation: Operation) -> Iterator[tuple[str, str]]:
    yield operation.method, operation.url


def _templates(operation: Operation) -> Iterator[tuple[str, str]]:
    yield operation.method, operation.template


def _all_templates(operation: Operation) -> Iterator[tuple[str, str]]:
    for url in operation.urls:
        yield operation.method, blanked(url)


def _named(operation: Operation) -> Iterator[tuple[str, str]]:
    # `/users/{id}` and `/users/{name}` are two operations, where the types of the variables tell them apart.
    yield operation.method, unversioned(operation.url)


def _unversioned(operation: Operation) -> Iterator[tuple[str, str]]:
    yield operation.method, unversioned(operation.template)


def _all_unversioned(operation: Operation) -> Iterator[tuple[str, str]]:
    for url in operation.urls:
        yield operation.method, unversioned(blanked(url))


def unversioned(url: str) -> str:
    """A URL without the first of its segments that is a version."""
    return "/".join(_without_version(url.split("/")))


def _without_version(segments: list[str]) -> list[str]:
    """The segments without the first version; a bare number counts after `api` or at the start."""
    for at, segment in enumerate(segments):
        bare = _NUMERIC.fullmatch(segment) and (at == 1 or (at > 0 and segments[at - 1].lower() == "api"))
        if is_version(segment) or bare:
            return segments[:at] + segments[at + 1 :]
    return segments


def _matched(
    old: list[Operation], new: list[Operation], keys: _Keys
) -> tuple[list[Pair], list[Operation], list[Operation]]:
    """Pairs that share a key, where it is unique on both sides; and what is left over."""
    ours, theirs = _unique(old, keys), _unique(new, keys)
    pairs: list[Pair] = []
    taken: set[int] = set()
    for operation in old:
        for key in keys(operation):
            other = theirs.get(key)
            if ours.get(key) is operation and other is not None and id(other) not in taken:
                pairs.append(Pair(operation, other))
                taken |= {id(operation), id(other)}
                break
    return pairs, [o for o in old if id(o) not in taken], [n for n in new if id(n) not in taken]


def _unique(those: list[Operation], keys: _Keys) -> dict[tuple[str, str], Operation | None]:
    """The operations by key; None where several have the same."""
    found: dict[tuple[str, str], Operation | None] = {}
    for operation in those:
        for key in keys(operation):
            found[key] = operation if found.get(key, operation) is operation else None
    return found


class _Look(NamedTuple):
    """What an operation looks like, for telling whether another one is its new place."""

    operation: Operation
    segments: tuple[str, ...]
    words: frozenset[str]
    said: tuple[Any, Any]
    statuses: tuple[str, ...]

    @classmethod
    def at(cls, operation: Operation) -> _Look:
        segments = _without_version(operation.template.strip("/").split("/"))
        words = frozenset(_words(segments))
        raw = operation.node.raw
        return cls(
            operation,
            tuple(segment.lower() for segment in segments),
            words,
            (raw.get("operationId"), raw.get("summary")),
            tuple(sorted(raw.get("responses") or {})),
        )


def _moves(old: list[Operation], new: list[Operation]) -> list[Pair]:
    """Removed operations that an added one resembles so much that it must be its new place."""
    ours = [_Look.at(each) for each in old if each.path != "/"]
    theirs = [_Look.at(each) for each in new]
    scored = [
        (-score, at, to)
        for at, one in enumerate(ours)
        for to, other in enumerate(theirs)
        if one.operation.method == other.operation.method and (score := _resemblance(one, other)) >= 1.0
    ]
    taken_old, taken_new, found = set(), set(), []
    for _, at, to in sorted(scored):
        if at not in taken_old and to not in taken_new:
            taken_old.add(at)
            taken_new.add(to)
            found.append(Pair(ours[at].operation, theirs[to].operation, moved=True))
    return found


def _resemblance(one: _Look, other: _Look) -> float:
    """How alike two operations are: the words of the path, and what each says it does. 1.0 is convincing."""
    if one.segments == other.segments:
        return 2.0
    score = len(one.words & other.words) / max(len(one.words | other.words), 1) / 2
    for mine, its in zip(one.said, other.said, strict=True):
        if mine and mine == its:
            score += 0.4
    score += 0.1 if one.statuses == other.statuses else -0.1
    if score < 0.5:
        return score  # the order of the segments is worth 0.5 at the most: it cannot convince any more
    return score + SequenceMatcher(None, one.segments, other.segments).ratio() / 2


def _words(segments: list[str]) -> Iterator[str]:
    for segment in segments:
        if segment != "{}":
            yield from (
                word.removesuffix("s") for word in re.split(r"[-_.]|(?<=[a-z])(?=[A-Z])", segment.lower())
            )
