"""The schemas that get a name of their own, and the names: those of their classes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Literal

Schema = dict[str, Any]
Direction = Literal["load", "dump"]

UNKNOWN = "x-apiver-unknown"
INCOMPLETE = "x-apiver-incomplete"

_PREFIX = "#/components/schemas/"
_MODIFIERS = ("only", "exclude", "load_only", "dump_only", "partial", "unknown")


@dataclass(slots=True)
class Named:
    """JSON Schemas by name, for `components/schemas`; `schemas` may be shared with other writers."""

    schemas: dict[str, Schema] = field(default_factory=dict)
    _names: dict[Hashable, str] = field(default_factory=dict)
    _open: list[Hashable] = field(default_factory=list)

    def reference(self, schema: Any, direction: Direction, write: Callable[[], Schema]) -> Schema:
        """A `$ref` to what `write` says of a schema; the thing itself where its class has no name."""
        key = identity(schema, direction)
        if key in self._names:
            return {"$ref": _PREFIX + self._names[key]}
        name = class_name(type(schema))
        if name is None:
            if key in self._open:
                return {UNKNOWN: "a schema without a name contains itself"}
            self._open.append(key)
            try:
                return write()
            finally:
                self._open.pop()
        return {"$ref": _PREFIX + self._placed(key, name if direction == "dump" else f"{name}Input", write)}

    def _placed(self, key: Hashable, wanted: str, write: Callable[[], Schema]) -> str:
        name, number, before = wanted, 1, []
        while name in self.schemas:
            before.append(name)
            number += 1
            name = f"{wanted}{number}"
        self._names[key] = name
        self.schemas[name] = {}  # keeps the name while what is inside is written
        try:
            made = write()
        except BaseException:
            del self.schemas[name], self._names[key]
            raise
        for other in before:
            if self.schemas[other] == made:
                del self.schemas[name]
                self._names[key] = name = other
                return name
        self.schemas[name] = made
        return name


def class_name(cls: type) -> str | None:
    """`BookSchema` -> `Book`; None for a class that was made of a dict and so has no name of its own."""
    name = cls.__name__
    if name == "GeneratedSchema":
        return None
    short = name[: -len("Schema")] if name.endswith("Schema") else name
    return short or name


def identity(schema: Any, direction: Direction) -> Hashable:
    """What tells a schema from another: its class and what its constructor changed of it."""
    found: list[Any] = [type(schema), direction]
    for modifier in _MODIFIERS:
        value: Any = getattr(schema, modifier, None)
        with contextlib.suppress(TypeError):
            value = frozenset(value) if not isinstance(value, str) else value
        found.append(value)
    return tuple(found)
