"""What `marshal` of Flask-RESTful, flask-restx and flask-restplus makes of a value: the fields it lists."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

from apiver.reading.inference.frame import Arguments, Dead, Frame
from apiver.reading.inference.models.members import static
from apiver.reading.inference.values.shapes import (
    NONE,
    Bound,
    Field,
    Label,
    Listing,
    Live,
    Object,
    Page,
    Record,
    Rows,
    Tuple,
    Typed,
    Unknown,
    Value,
    mapped,
    options,
    union,
)

_TYPES: Mapping[str, tuple[type, tuple[tuple[str, Any], ...]]] = {
    "String": (str, ()),
    "FormattedString": (str, ()),
    "Url": (str, ()),
    "ClassName": (str, ()),
    "Integer": (int, ()),
    "Float": (float, ()),
    "Boolean": (bool, ()),
    "Arbitrary": (str, ()),
    "Fixed": (str, ()),
    "Price": (str, ()),
    "DateTime": (str, ()),
    "Date": (str, (("format", "date"),)),
}
_NO_NAMES = frozenset({"", "fields", "field", "resource", "model", "marshal", "schema", "output", "response"})
_ALWAYS = frozenset({"FormattedString", "Url", "ClassName"})  # made even where there is no value
_PACKAGES = ("flask_restful", "flask_restplus", "flask_restx")
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that something is marshalled with, and the module that knows them by a name.

    They are a mapping of names to fields, a model, or one field.
    """

    fields: Any
    names: Mapping[str, Any] = field(default_factory=dict)

    def label(self) -> Label | None:
        """The name of what is marshalled: a model has one, `book_fields` are those of a `Book`."""
        own = getattr(self.fields, "name", None)
        if isinstance(own, str):
            return Label(own, f"model {own}")
        known = sorted(name for name, value in self.names.items() if value is self.fields)
        for name in known:
            words = [word for word in name.split("_") if word.lower() not in _NO_NAMES]
            if words:
                called = "".join(word[:1].upper() + word[1:] for word in words)
                return Label(called, f"fields {self.names.get('__name__')}.{name}")
        return None


def marshalled(
    data: Value, said: Fields, envelope: str | None, frame: Frame, node: ast.AST, *, sparse: bool = False
) -> Value:
    """What `marshal(data, fields, envelope)` returns; `sparse` is its `skip_none`."""
    fields = said.fields
    marshal = _Marshal(frame, node, sparse, said.label())
    if isinstance(fields, Mapping):
        made = mapped(data, lambda option: marshal.of_data(option, fields))
    else:
        made = mapped(data, lambda option: marshal.formatted(fields, option, 0))
    return frame.allocate(Record({envelope: Field(made)})) if envelope else made


@dataclass(frozen=True, slots=True)
class _Marshal:
    frame: Frame
    node: ast.AST
    sparse: bool
    label: Label | None

    def of_data(self, data: Value, fields: Mapping[str, Any]) -> Value:
        content = self.frame.state.cell(data)
        if isinstance(content, Live) and not isinstance(content.object, list | tuple):
            # One object stands for all that are like it.
            data = content = Typed(type(content.object))
        items = _items(content)
        if items is not None:
            return Listing(mapped(items, lambda item: self.record(fields, self._one(item), 0)))
        one = self.record(fields, data, 0)
        if not isinstance(content, Record | Object | Typed) and content != NONE:
            # A list is marshalled item by item: which of the two it is was not seen.
            return union((one, Listing(one)))
        return one

    def _one(self, item: Value) -> Value:
        content = self.frame.state.cell(item)
        return Typed(type(content.object)) if isinstance(content, Live) else item

    def record(self, fields: Mapping[str, Any], data: Value, depth: int) -> Value:
        if depth > _DEEPEST:
            return self.frame.unknown("the fields are nested too deeply", self.node)
        found: dict[str, Field] = {}
        rest: Value | None = None
        for name, declared in _inherited(fields).items():
            one = _made(declared)
            if type(one).__name__ == "Wildcard":
                rest = self.formatted(one.container, self._unread(), depth + 1)
                continue
            value = self.output(one, str(name), data, depth + 1)
            required = True
            if self.sparse:
                kept = [option for option in options(value) if option != NONE]
                required, value = len(kept) == len(options(value)), union(kept) if kept else value
            found[str(name)] = Field(value, required)
        return Record(found, rest, label=self.label if depth == 0 else Fields(fields).label())

    def output(self, one: Any, name: str, data: Value, depth: int) -> Value:
        """`field.output(name, data)`: the attribute, formatted, else the default."""
        if isinstance(one, Mapping):
            return self.record(one, data, depth)
        names = _names(one)
        if _ALWAYS & names:
            return Typed(str)
        held = self._held(one, name, data)
        default = getattr(one, "default", None)
        if "Nested" in names and default is None and not getattr(one, "allow_null", False):
            # None is marshalled too: an object of its own defaults.
            held = mapped(held, lambda option: self._unread() if option == NONE else option)
        made = [self.formatted(one, option, depth) for option in options(held) if option != NONE]
        if default is None and any(_may_be_null(option) for option in options(held)):
            made = [*(made or [self.formatted(one, self._unread(), depth)]), NONE]
        return union(made or [self.formatted(one, self._unread(), depth)])

    def formatted(self, one: Any, data: Value, depth: int) -> Value:
        """`field.format(value)` of a value that is not None."""
        one = _made(one)
        if isinstance(one, Mapping):
            return self.record(one, data, depth)
        own = _own_format(one)
        if own is not None:
            return self._called(own, one, data)
        names = _names(one)
        if "Nested" in names:
            return self._nested(one, data, depth)
        if "List" in names:
            items = _items(self.frame.state.cell(data)) or self._unread()
            inner = mapped(items, lambda item: self.formatted(one.container, item, depth + 1))
            return Listing(inner)
        known = next((name for name in _order(one) if name in _TYPES), None)
        if known is None:
            reason = f"a field of the type {type(one).__name__} takes any value"
            return self.frame.unknown(reason, self.node) if isinstance(data, Unknown) else data
        cls, facets = _TYPES[known]
        listed = getattr(one, "enum", None)
        if cls is str and isinstance(listed, list | tuple) and listed:
            facets = (*facets, ("enum", tuple(listed)))
        return Typed(cls, facets)

    def _nested(self, one: Any, data: Value, depth: int) -> Value:
        inner = getattr(one, "model", None) or getattr(one, "nested", None)
        if not isinstance(inner, Mapping):
            return self.frame.unknown("nothing says what is nested here", self.node)
        items = _items(self.frame.state.cell(data))
        if items is not None:
            return Listing(mapped(items, lambda item: self.record(inner, item, depth + 1)))
        record = self.record(inner, data, depth + 1)
        return Listing(record) if getattr(one, "as_list", False) else record

    def _held(self, one: Any, name: str, data: Value) -> Value:
        """The value that a field takes out of the data, as far as it can be seen."""
        wanted = getattr(one, "attribute", None) or name
        content = self.frame.state.cell(data)
        if isinstance(content, Unknown) or content == NONE:
            return self._unread() if isinstance(content, Unknown) else NONE
        if callable(wanted) or not isinstance(wanted, str):
            return self._unread()
        for part in wanted.split("."):
            data = mapped(data, lambda option, part=part: self._part(option, part))  # type: ignore[misc]
        return data

    def _part(self, data: Value, name: str) -> Value:
        content = self.frame.state.cell(data)
        if isinstance(content, Record):
            entry = content.fields.get(name)
            if entry is None:
                return NONE if content.rest is None and content.open is None else self._unread()
            return entry.value if entry.required else union((entry.value, NONE))
        if isinstance(content, Typed | Object):
            try:
                return self.frame.reader.attribute(data, name, self.frame, self.node)
            except Dead:
                return self._unread()
        return self._unread()

    def _called(self, own: FunctionType, one: Any, data: Value) -> Value:
        try:
            return self.frame.reader.call(
                Bound(Live(own), Live(one), type(one)), Arguments((data,)), self.frame, self.node
            )
        except Dead:
            return self.frame.unknown(f"the field {type(one).__name__} may write nothing", self.node)

    def _unread(self) -> Unknown:
        return self.frame.unknown("what is marshalled could not be read", self.node)


def _items(content: Value) -> Value | None:
    """What the items of a list look like; None where it is no list."""
    if isinstance(content, Listing):
        return content.items or Unknown("the list is empty")
    if isinstance(content, Rows | Page):
        return content.item
    if isinstance(content, Tuple):
        return union(content.items) if content.items else Unknown("the tuple is empty")
    if isinstance(content, Typed) and issubclass(content.cls, list | tuple):
        return Unknown("nothing says what the list holds")
    return None


def _may_be_null(value: Value) -> bool:
    return value == NONE or isinstance(value, Unknown)


def _inherited(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a model with those of the models that it inherits from."""
    found: dict[str, Any] = {}
    for parent in getattr(fields, "__parents__", ()):
        found |= _inherited(parent) if isinstance(parent, Mapping) else {}
    return {**found, **fields}


def _made(one: Any) -> Any:
    # `fields.String` stands for `fields.String()`: these classes only keep what they are given.
    return one() if isinstance(one, type) and one.__module__.partition(".")[0] in _PACKAGES else one


def _order(one: Any) -> list[str]:
    kind = one if isinstance(one, type) else type(one)
    return [parent.__name__ for parent in kind.__mro__]


def _names(one: Any) -> frozenset[str]:
    return frozenset(_order(one))


def _own_format(one: Any) -> FunctionType | None:
    """The `format` that the program defines for its own kind of field, if it does."""
    kind = one if isinstance(one, type) else type(one)
    for parent in kind.__mro__:
        if parent.__module__.partition(".")[0] in _PACKAGES:
            return None
        if "format" in vars(parent):
            found = static(parent, "format")
            return found if type(found) is FunctionType else None
    return None
