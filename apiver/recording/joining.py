"""Shapes of several values -> the shape of them all, by genson.

Within a run samples are added up. Between runs the greater number counts: the same tests run twice are no
more evidence than once, so joining a store with itself changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from genson import SchemaBuilder
from genson.schema.strategies import Object, String, TypedSchemaStrategy

from apiver.recording.shapes import SAMPLES, Shape

Count = Callable[[int, int], int]


class _Text(String):  # type: ignore[misc]
    """A string, with its format where every one of them has the same."""

    KEYWORDS = ("type", "format")

    def __init__(self, node_class: type) -> None:
        super().__init__(node_class)
        self._formats: set[str | None] = set()

    def add_schema(self, schema: Shape) -> None:
        super().add_schema(schema)
        self._formats.add(schema.get("format"))

    def to_schema(self) -> Shape:
        schema: Shape = super().to_schema()
        form = next(iter(self._formats)) if len(self._formats) == 1 else None
        return {**schema, "format": form} if form else schema


class _Mapping(Object):  # type: ignore[misc]
    """An object: its named properties, what stands under other keys, and of how many it was made."""

    KEYWORDS = ("type", "properties", "required", "additionalProperties", SAMPLES)
    count: Count = staticmethod(lambda one, other: one + other)

    def __init__(self, node_class: type) -> None:
        super().__init__(node_class)
        self._rest = node_class()
        self._samples = 0

    def add_schema(self, schema: Shape) -> None:
        super().add_schema({"required": [], **schema})
        self._samples = type(self).count(self._samples, schema.get(SAMPLES, 1))
        if isinstance(schema.get("additionalProperties"), dict):
            self._rest.add_schema(schema["additionalProperties"])

    def to_schema(self) -> Shape:
        schema: Shape = super().to_schema()
        if not schema.get("required"):
            schema.pop("required", None)
        if "properties" in schema:
            schema["properties"] = dict(sorted(schema["properties"].items()))
        if len(self._rest):
            schema["additionalProperties"] = self._rest.to_schema()
        return {**schema, SAMPLES: self._samples}


class _GreaterMapping(_Mapping):
    count: Count = staticmethod(max)


class _Adding(SchemaBuilder):  # type: ignore[misc]
    EXTRA_STRATEGIES: tuple[type[TypedSchemaStrategy], ...] = (_Text, _Mapping)


class _Greater(SchemaBuilder):  # type: ignore[misc]
    EXTRA_STRATEGIES: tuple[type[TypedSchemaStrategy], ...] = (_Text, _GreaterMapping)


def added(shapes: Iterable[Shape]) -> Shape:
    """The shape of values of one run."""
    return _joined(_Adding, shapes)


def greater(shapes: Iterable[Shape]) -> Shape:
    """The shape of values of which several runs have told."""
    return _joined(_Greater, shapes)


def _joined(builder: type[SchemaBuilder], shapes: Iterable[Shape]) -> Shape:
    made = builder(schema_uri=None)
    for one in shapes:
        if one:
            made.add_schema(one)
    found: Shape = _ordered(made.to_schema())
    return found


def _ordered(value: Any) -> Any:
    """The same schema with its alternatives and types in an order that does not depend on who came first."""
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _ordered(value[key]) for key in sorted(value)}
    if isinstance(found.get("anyOf"), list):
        found["anyOf"].sort(key=lambda one: (str(one.get("type")), str(one)))
    return found
