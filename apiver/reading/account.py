"""How much of a contract is known: what is not, where and why, and the share that is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from apiver.contract.document import Document, Place

UNKNOWN = "x-apiver-unknown"
UNREAD = "x-apiver-unread"
INCOMPLETE = "x-apiver-incomplete"
_MARKS = (UNKNOWN, INCOMPLETE)
_PLACED = re.compile(r"(?P<file>[^:]+\.py):(?P<line>\d+): (?P<reason>.+)", re.DOTALL)
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Gap:
    """A part that could not be read: its JSON pointer, what it is in words, where in the code, and why.

    `operations` are those that it belongs to, in the order of the document: `GET /books`.
    """

    pointer: str
    subject: str
    place: Place | None
    reason: str
    operations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """How much of a contract is known.

    `answered` counts the operations that have a success response whose body (if it has one) has a schema,
    `complete` the operations without any gap. `bodies` counts the operations whose code reads a body,
    `described_bodies` those of them where the body has a schema, `known_bodies` those where nothing of it is
    unknown. `sources` says how many operations each source speaks of: `declared`, `observed`, `inferred`.
    """

    name: str
    operations: int
    answered: int
    complete: int
    bodies: int
    described_bodies: int
    known_bodies: int
    sources: dict[str, int]
    gaps: tuple[Gap, ...]


def account(document: Document) -> Account:
    """Go through a contract that was read and count."""
    parts = _parts(document)
    entries = {
        f"{method.upper()} {path}": (f"/paths/{_token(path)}/{method}", item[method])
        for path, item in document.root.get("paths", {}).items()
        for method in METHODS
        if method in item
    }
    reached = {name: _reached(pointer, parts) for name, (pointer, _) in entries.items()}
    users: dict[str, list[str]] = {}
    for name, pointers in reached.items():
        for pointer in pointers:
            users.setdefault(pointer, []).append(name)
    found: dict[tuple[Any, ...], Gap] = {}
    for sentence in document.root.get(UNREAD, ()):
        place, reason = _placed(sentence)
        found["", place, reason] = Gap("", "what is declared", place, reason)
    for pointer, part in parts.items():
        for gap in part.gaps:
            key = gap.subject, gap.place, gap.reason
            mine = tuple(users.get(pointer, ()))
            held = found.get(key)
            found[key] = (
                replace(gap, operations=mine)
                if held is None
                else replace(held, operations=tuple(dict.fromkeys((*held.operations, *mine))))
            )
    operations = [entry for _, entry in entries.values()]
    bodies = {
        f"{pointer}/requestBody": entry["requestBody"]
        for pointer, entry in entries.values()
        if "requestBody" in entry
    }
    return Account(
        name=document.name,
        operations=len(entries),
        answered=sum(map(_is_answered, operations)),
        complete=sum(not any(parts[pointer].gaps for pointer in pointers) for pointers in reached.values()),
        bodies=len(bodies),
        described_bodies=sum(
            _is_described(entry["requestBody"]) for entry in operations if "requestBody" in entry
        ),
        known_bodies=sum(not any(parts[p].gaps for p in _reached(body, parts)) for body in bodies),
        sources=dict(sorted(Counter(_source(entry) for entry in operations).items())),
        gaps=tuple(found.values()),
    )


def _is_answered(operation: dict[str, Any]) -> bool:
    for status, response in operation.get("responses", {}).items():
        if status.startswith(("2", "3")) and _is_described(response):
            return True
    return False


def _is_described(holder: dict[str, Any]) -> bool:
    """Whether a body or response has a schema for each media type; one without content has nothing to say."""
    return all(UNKNOWN not in media.get("schema", {}) for media in holder.get("content", {}).values())


def _source(operation: dict[str, Any]) -> str:
    by = operation.get("x-apiver-source", {}).get("by", "inferred")
    return by if isinstance(by, str) else "inferred"


@dataclass(slots=True)
class _Part:
    """An operation, its body, or a component: the gaps that stand in it, and the components it refers to."""

    gaps: list[Gap] = field(default_factory=list)
    references: dict[str, None] = field(default_factory=dict)


def _parts(document: Document) -> dict[str, _Part]:
    """The parts of a document by their pointers; what stands in none of them belongs to the part ``."""
    found: dict[str, _Part] = {"": _Part()}
    todo: list[tuple[Any, tuple[str, ...], _Part]] = [(document.root, (), found[""])]
    while todo:
        value, path, part = todo.pop()
        if isinstance(value, list):
            todo += reversed([(item, (*path, str(index)), part) for index, item in enumerate(value)])
        elif isinstance(value, dict):
            if _is_part(path):
                pointer = "".join(f"/{_token(token)}" for token in path)
                if path[-1] == "requestBody":
                    part.references[pointer] = None
                part = found[pointer] = _Part()
            for mark in _MARKS:
                if isinstance(value.get(mark), str):
                    pointer = "".join(f"/{_token(token)}" for token in path)
                    part.gaps.append(
                        Gap(pointer, _subject(path, document.root), document.place(pointer), value[mark])
                    )
            if isinstance(value.get("$ref"), str):
                part.references[value["$ref"].removeprefix("#")] = None
            todo += reversed([(item, (*path, key), part) for key, item in value.items()])
    return found


def _is_part(path: tuple[str, ...]) -> bool:
    if path[:1] == ("paths",):
        return len(path) == 3 or (len(path) == 4 and path[3] == "requestBody")
    return len(path) == 3 and path[0] == "components"


def _reached(pointer: str, parts: dict[str, _Part]) -> list[str]:
    """The parts that belong to one, through references: itself first."""
    found: dict[str, None] = {}
    todo = [pointer]
    while todo:
        one = todo.pop()
        if one in parts and one not in found:
            found[one] = None
            todo += parts[one].references
    return list(found)


def _token(token: str) -> str:
    return token.replace("~", "~0").replace("/", "~1")


def _subject(path: tuple[str, ...], root: dict[str, Any]) -> str:
    """A pointer in words: `GET /books 200 items.price`, `GET /books query limit`, `Book.price`."""
    if path[:2] == ("components", "schemas"):
        return ".".join([path[2], *_keys(path[3:])])
    if path[:1] != ("paths",) or len(path) < 3:
        return "/".join(path)
    head, rest = f"{path[2].upper()} {path[1]}", path[3:]
    if rest[:1] == ("responses",):
        return " ".join(filter(None, [head, rest[1], ".".join(_keys(rest[2:]))]))
    if rest[:1] == ("requestBody",):
        return " ".join([head, ".".join(["body", *_keys(rest[1:])])])
    if rest[:1] == ("parameters",) and len(rest) > 1:
        parameter = root["paths"][path[1]][path[2]]["parameters"][int(rest[1])]
        return f"{head} {parameter.get('in', '')} {parameter.get('name', '')}"
    return " ".join(filter(None, [head, *rest[:2]]))


def _keys(path: tuple[str, ...]) -> list[str]:
    found = []
    for before, key in zip(("", *path), path, strict=False):
        if before == "properties":
            found.append(key)
        elif key == "items":
            found.append("[]")
    return found


def _placed(sentence: str) -> tuple[Place | None, str]:
    """The place with which a sentence begins, if it does, and the rest."""
    found = _PLACED.fullmatch(sentence)
    return (Place(found["file"], int(found["line"])), found["reason"]) if found else (None, sentence)
