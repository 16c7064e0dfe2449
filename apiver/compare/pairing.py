"""Which operation of the old contract is which operation of the new one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from apiver.compare.change import OperationRef
from apiver.compare.space import Node, Space

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

_VERSION = re.compile(r"v\d+([._-]\d+)*((alpha|beta|rc|a|b)\d*)?|\d{4}-\d{2}(-\d{2})?", re.IGNORECASE)
_NUMERIC = re.compile(r"\d+(\.\d+)*")
_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One method of one path: `path` as its contract spells it, `url` with the server's base path before it.

    `parameters` are those of the path item and of the operation, the latter winning, references followed
    (OpenAPI 3.1, 4.8.10).
    """

    space: Space
    method: str
    path: str
    url: str
    node: Node
    item: Node
    parameters: tuple[Node, ...]

    @property
    def ref(self) -> OperationRef:
        """How people name it."""
        return OperationRef(self.method, self.path)

    @property
    def variables(self) -> list[str]:
        """The names of the path's variables in order."""
        return _VARIABLE.findall(self.url)

    @property
    def template(self) -> str:
        """The effective URL with the names of its variables blanked."""
        return _VARIABLE.sub("{}", self.url)


class Pair(NamedTuple):
    """The same operation in both contracts. `moved` is true where its URL or method is another one now."""

    old: Operation
    new: Operation
    moved: bool = False


class Pairing(NamedTuple):
    """All operations of two contracts: paired, removed, added."""

    pairs: list[Pair]
    removed: list[Operation]
    added: list[Operation]


def operations(space: Space) -> list[Operation]:
    """Every operation of a document in its own order."""
    found = []
    paths = space.root.get("paths")
    root = Node(space, space.root, "")
    for path, entry in root.entries("paths") if isinstance(paths, dict) else ():
        item = space.follow(entry)
        if not isinstance(item.raw, dict):
            continue
        for method in METHODS:
            # Operations may stand beside the `$ref` of a path item (OpenAPI 3.1, 4.8.9).
            holder = entry if isinstance(entry.raw, dict) and method in entry.raw else item
            if isinstance(holder.raw.get(method), dict):
                node = holder.child(method)
                url = _base_path(space, item.raw, node.raw) + path
                parameters = tuple(_parameters(item, node))
                found.append(Operation(space, method.upper(), path, url, node, item, parameters))
    return found


def pair(old: list[Operation], new: list[Operation]) -> Pairing:
    """Pair by effective URL and method; then with the version segment taken out; then by resemblance."""
    pairs: list[Pair] = []
    for identity in (_identity, _unversioned_identity):
        pairs_now, old, new = _matched(old, new, identity)
        pairs += pairs_now
    moved = _moves(old, new)
    gone, come = {id(each.old) for each in moved}, {id(each.new) for each in moved}
    return Pairing(
        pairs + moved,
        [operation for operation in old if id(operation) not in gone],
        [operation for operation in new if id(operation) not in come],
    )


def is_version(segment: str) -> bool:
    """Whether a URL segment looks like a version label on its own (`v1`, `v2.1`, `2024-10-01`)."""
    return _VERSION.fullmatch(segment) is not None


def _identity(operation: Operation) -> tuple[str, str]:
    return operation.method, operation.template


def _unversioned_identity(operation: Operation) -> tuple[str, str]:
    return operation.method, "/".join(_without_version(operation.template.split("/")))


def _without_version(segments: list[str]) -> list[str]:
    """The segments without the first version; a bare number counts after `api` or at the start."""
    for at, segment in enumerate(segments):
        bare = _NUMERIC.fullmatch(segment) and (at == 1 or (at > 0 and segments[at - 1].lower() == "api"))
        if is_version(segment) or bare:
            return segments[:at] + segments[at + 1 :]
    return segments


def _matched(
    old: list[Operation], new: list[Operation], identity: Any
) -> tuple[list[Pair], list[Operation], list[Operation]]:
    """Pairs with the same identity, where it is unique on both sides; and what is left over."""
    ours, theirs = _unique(old, identity), _unique(new, identity)
    pairs = [Pair(ours[key], theirs[key]) for key in ours if key in theirs]
    taken = {id(each) for found in pairs for each in found[:2]}
    return pairs, [o for o in old if id(o) not in taken], [n for n in new if id(n) not in taken]


def _unique(those: list[Operation], identity: Any) -> dict[tuple[str, str], Operation]:
    found: dict[tuple[str, str], Operation] = {}
    twice = set()
    for operation in those:
        key = identity(operation)
        if key in found:
            twice.add(key)
        found.setdefault(key, operation)
    return {key: operation for key, operation in found.items() if key not in twice}


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


def _base_path(space: Space, item: dict[str, Any], operation: dict[str, Any]) -> str:
    """The path of the first server that applies (OpenAPI 3.1, 4.8.5), without a slash at the end."""
    for holder in (operation, item, space.root):
        servers = holder.get("servers")
        if isinstance(servers, list) and servers and isinstance(servers[0], dict):
            url = str(servers[0].get("url", ""))
            variables = servers[0].get("variables")
            for name, variable in variables.items() if isinstance(variables, dict) else ():
                if isinstance(variable, dict):
                    url = url.replace("{" + name + "}", str(variable.get("default", "")))
            try:
                return urlsplit(url).path.rstrip("/")
            except ValueError:
                return ""
    return ""


def _parameters(item: Node, node: Node) -> Iterator[Node]:
    merged: dict[tuple[str, str], Node] = {}
    for holder in (item, node):
        for entry in holder.items("parameters"):
            parameter = node.space.follow(entry)
            raw = parameter.raw
            if isinstance(raw, dict) and isinstance(raw.get("name"), str) and isinstance(raw.get("in"), str):
                name = raw["name"].lower() if raw["in"] == "header" else raw["name"]
                merged[raw["in"], name] = parameter
    yield from merged.values()


def server_urls(space: Space) -> list[tuple[str, str]]:
    """The hosts of the document's servers, each with the pointer of its entry; relative servers have none."""
    found = []
    root = Node(space, space.root, "")
    for server in root.items("servers"):
        url = server.raw.get("url") if isinstance(server.raw, dict) else None
        if isinstance(url, str) and "://" in url:
            found.append((url.split("://", 1)[1].split("/", 1)[0].lower(), server.pointer))
    return found
