"""How much of a contract is known: what is not, where and why, and the share that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apiver.contract.document import Document, Place

UNKNOWN = "x-apiver-unknown"
UNREAD = "x-apiver-unread"
INCOMPLETE = "x-apiver-incomplete"
_MARKS = (UNKNOWN, INCOMPLETE)
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Gap:
    """A part that could not be read: its JSON pointer, what it is in words, where in the code, and why."""

    pointer: str
    subject: str
    place: Place | None
    reason: str


@dataclass(frozen=True, slots=True)
class Account:
    """How much of a contract is known.

    `answered` counts the operations that have a success response whose body (if it has one) has a schema,
    `complete` the operations without any gap. `bodies` counts the request bodies, `known_bodies` those
    without a gap.
    """

    name: str
    operations: int
    answered: int
    complete: int
    bodies: int
    known_bodies: int
    gaps: tuple[Gap, ...]


def account(document: Document) -> Account:
    """Go through a contract that was read and count."""
    paths = document.root.get("paths", {})
    entries = [
        (path, method, item[method]) for path, item in paths.items() for method in METHODS if method in item
    ]
    bodies = [entry["requestBody"] for _, _, entry in entries if "requestBody" in entry]
    return Account(
        document.name,
        len(entries),
        sum(_is_answered(entry, document.root) for _, _, entry in entries),
        sum(not _holds_gap(entry, document.root, frozenset()) for _, _, entry in entries),
        len(bodies),
        sum(not _holds_gap(body, document.root, frozenset()) for body in bodies),
        tuple({(gap.subject, gap.place, gap.reason): gap for gap in gaps(document)}.values()),
    )


def _is_answered(operation: dict[str, Any], root: dict[str, Any]) -> bool:
    for status, response in operation.get("responses", {}).items():
        if not status.startswith(("2", "3")):
            continue
        schemas = [media.get("schema", {}) for media in response.get("content", {}).values()]
        if all(UNKNOWN not in schema for schema in schemas):
            return True
    return False


def _holds_gap(value: Any, root: dict[str, Any], seen: frozenset[str]) -> bool:
    if isinstance(value, list):
        return any(_holds_gap(item, root, seen) for item in value)
    if not isinstance(value, dict):
        return False
    if any(mark in value for mark in _MARKS):
        return True
    name = value.get("$ref", "")
    if isinstance(name, str) and name.startswith("#/components/schemas/") and name not in seen:
        target = root["components"]["schemas"].get(name.rpartition("/")[2], {})
        if _holds_gap(target, root, seen | {name}):
            return True
    return any(_holds_gap(item, root, seen) for item in value.values())


def gaps(document: Document) -> Iterator[Gap]:
    """Every part of the contract that could not be read, in the order of the document."""
    for sentence in document.root.get(UNREAD, ()):
        yield Gap("", "what is declared", None, sentence)
    yield from _gaps(document.root, (), document)


def _gaps(value: Any, path: tuple[str, ...], document: Document) -> Iterator[Gap]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _gaps(item, (*path, str(index)), document)
    elif isinstance(value, dict):
        for mark in _MARKS:
            if isinstance(value.get(mark), str):
                pointer = "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in path)
                yield Gap(pointer, _subject(path), document.place(pointer), value[mark])
        for key, item in value.items():
            yield from _gaps(item, (*path, key), document)


def _subject(path: tuple[str, ...]) -> str:
    """A pointer in words: `GET /books 200 items.price`, `Book.price`."""
    if path[:2] == ("components", "schemas"):
        return ".".join([path[2], *_keys(path[3:])])
    if path[:1] != ("paths",) or len(path) < 3:
        return "/".join(path)
    head, rest = f"{path[2].upper()} {path[1]}", path[3:]
    if rest[:1] == ("responses",):
        return " ".join(filter(None, [head, rest[1], ".".join(_keys(rest[2:]))]))
    if rest[:1] == ("requestBody",):
        return " ".join([head, ".".join(["body", *_keys(rest[1:])])])
    return " ".join(filter(None, [head, *rest[:2]]))


def _keys(path: tuple[str, ...]) -> list[str]:
    found = []
    for before, key in zip(("", *path), path, strict=False):
        if before == "properties":
            found.append(key)
        elif key == "items":
            found.append("[]")
    return found
