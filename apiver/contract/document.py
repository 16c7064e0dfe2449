"""One OpenAPI document: its value, its name, and where each part of it stands in the source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from apiver.contract.pointer import split, step

SOURCE = "x-apiver-source"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file. `line` and `column` count from 1; column 0 means the whole line."""

    file: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """An OpenAPI document.

    `root` is the parsed value: dict, list, str, int, float, bool, None; every key is a string.
    `name` is what the user calls it: a version label or a file name.
    `locate` finds the place of a JSON pointer in the source text, or None where there is no text.
    `original` turns a pointer of `root` into the one that it has in the file where `locate` finds it: they
    differ where `root` is a view of what was written, made of several files or of Swagger 2.0.
    """

    root: dict[str, Any]
    name: str
    locate: Callable[[str], Place | None] = field(default=lambda pointer: None, repr=False)
    original: Callable[[str], str] = field(default=lambda pointer: pointer, repr=False)

    def place(self, pointer: str) -> Place | None:
        """Where the part at `pointer` (RFC 6901, without the leading '#') was said.

        In a contract that was read out of an app this is the line of code that the nearest enclosing
        `x-apiver-source` names; in a file it is the position of the part: of its key in an object, of
        the value itself in a list. What is not there has the place of the nearest part around it.
        """
        return self.locate(pointer) or _source(self.root, pointer)

    def apart_from(self, other: Document) -> Document:
        """The document as one of which no part is a part of the other one too.

        Only documents that were built in memory can share any: what is read from a text has a `locate`.
        """
        return replace(self, root=_copied(self.root)) if self.locate is other.locate else self


def _copied(root: dict[str, Any]) -> dict[str, Any]:
    """A copy of a value of any depth; what is one object within it stays one object."""
    made: dict[int, Any] = {id(root): {}}
    todo: list[Any] = [root]
    while todo:
        value = todo.pop()
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(part, dict | list) and id(part) not in made:
                made[id(part)] = {} if isinstance(part, dict) else [None] * len(part)
                todo.append(part)
            made[id(value)][key] = made[id(part)] if isinstance(part, dict | list) else part
    copy: dict[str, Any] = made[id(root)]
    return copy


def _source(root: dict[str, Any], pointer: str) -> Place | None:
    """The place that the innermost `x-apiver-source` on the way to `pointer` names."""
    value: Any = root
    place = _named(value)
    for token in split(pointer):
        try:
            value = step(value, token)
        except LookupError:
            break
        place = _named(value) or place
    return place


def _named(value: Any) -> Place | None:
    source = value.get(SOURCE) if isinstance(value, dict) else None
    if not isinstance(source, dict) or not isinstance(source.get("file"), str):
        return None
    line = source.get("line")
    return Place(source["file"], line if isinstance(line, int) else 1)
