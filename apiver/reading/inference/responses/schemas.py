"""Shapes -> JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it)."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from apiver.contract.document import Place
from apiver.reading.inference.requests.demands import Asking
from apiver.reading.inference.values.described import PREFIX, references, renamed
from apiver.reading.inference.values.kinds import kinds_of
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Described,
    Expression,
    Field,
    JsonText,
    KeysOf,
    Known,
    Label,
    LengthOf,
    Listing,
    Live,
    Object,
    Page,
    Record,
    Recursive,
    Rows,
    Stream,
    Tuple,
    Typed,
    Union,
    Unknown,
    Value,
    general,
    union,
)
from apiver.reading.inference.values.state import State
from apiver.reading.inference.values.structures import as_array, as_record

Schema = dict[str, Any]

SOURCE = "x-apiver-source"
UNKNOWN = "x-apiver-unknown"

_EMPTY = "the list is empty wherever the reading sees it"
_SCALARS: Mapping[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}
# What Flask's JSON provider writes as a string: dates as HTTP dates, decimals and UUIDs by `str()`.
_AS_TEXT = (datetime.datetime, datetime.date, decimal.Decimal, uuid.UUID)
_TOKEN = re.compile(r"[A-Za-z0-9_.:+-]{1,40}")


def source(place: Place | None) -> Schema:
    """`x-apiver-source` for a part that was read at `place`."""
    return (
        {SOURCE: {"by": "inferred", "file": place.file, "line": place.line}} if place and place.line else {}
    )


@dataclass(slots=True)
class Components:
    """The schemas that have a name, in the order in which they were first met."""

    app: Flask
    schemas: dict[str, Schema] = field(default_factory=dict)
    _known: dict[tuple[str, Record], str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _bare: dict[str, tuple[Schema, Schema]] = field(default_factory=dict)

    def reference(self, record: Record, label: Label, asking: Asking | None) -> Schema:
        """A `$ref` to the schema of `record`; one that differs from what has the name gets a number."""
        name = self._known.get((label.name, record))
        if name is None:
            name = self._placed(record, label, asking)
            self._known[label.name, record] = name
        self._names[label.key] = name
        return {"$ref": f"{PREFIX}{name}"}

    def _placed(self, record: Record, label: Label, asking: Asking | None) -> str:
        names = [label.name]
        while names[-1] in self.schemas:
            names.append(f"{label.name}{len(names) + 1}")
        name = names[-1]
        self._names[label.key] = name
        self.schemas[name] = {}  # keeps the name while what is inside is written
        made = {**_object(record, self, asking), **source(label.place)}
        said = _bare(made)
        for other in names[:-1]:
            if self._said(other) == said:
                del self.schemas[name]
                return other
        self.schemas[name] = made
        return name

    def _said(self, name: str) -> Schema:
        """What the finished schema of that name says, without the lines that it was read from."""
        made = self.schemas[name]
        known = self._bare.get(name)
        if known is None or known[0] is not made:
            known = self._bare[name] = made, _bare(made)
        return known[1]

    def described(self, value: Described) -> Schema:
        """The schema of `value`, whose definitions become components. A name that is taken gets a number."""
        found: Schema = renamed(value.schema, self._defined(value))
        return found

    def _defined(self, value: Described) -> dict[str, str]:
        """The component that each definition that `value` reaches has become."""
        reached: dict[str, str] = {}
        todo = list(references(value.schema))
        while todo:
            name = todo.pop(0)
            if name not in reached and name in value.definitions:
                reached[name] = name
                todo += references(value.definitions[name])
        while clashing := [
            name
            for name, given in reached.items()
            if given in self.schemas
            and _bare(self.schemas[given]) != renamed(value.definitions[name], reached)
        ]:
            for name in clashing:
                number = 2 if reached[name] == name else int(reached[name].removeprefix(name)) + 1
                reached[name] = f"{name}{number}"
        for name, given in reached.items():
            self.schemas.setdefault(given, renamed(value.definitions[name], reached))
        return reached

    def again(self, label: Label) -> Schema:
        """A `$ref` to a record inside of itself."""
        name = self._names.get(label.key)
        if name is None or name not in self.schemas:
            return {UNKNOWN: f"a {label.name} contains itself"}
        return {"$ref": f"{PREFIX}{name}"}


def _bare(value: Any) -> Any:
    """A schema without the lines that it was read from."""
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items() if key != SOURCE}
    return [_bare(item) for item in value] if isinstance(value, list) else value


def schema(value: Value, components: Components, asking: Asking | None = None) -> Schema:
    """The schema of `value` as Flask would write it as JSON. `asking` types what the client had sent."""
    if isinstance(value, Union):
        return _union(value, components, asking)
    if isinstance(value, Unknown):
        return {UNKNOWN: value.reason, **source(value.place)}
    if isinstance(value, Known):
        return _constant(value.value)
    if isinstance(value, Typed):
        return _typed(value, components, asking)
    if isinstance(value, Record):
        if value.label is not None:
            return components.reference(replace(value, label=None), value.label, asking)
        return _object(value, components, asking)
    if isinstance(value, Described):
        return components.described(value)
    if isinstance(value, Recursive):
        return components.again(value.label)
    if isinstance(value, Listing | Tuple):
        return _array(value, components, asking)
    if isinstance(value, Asked):
        return _echo(value, asking)
    if isinstance(value, LengthOf):
        return {"type": "integer"}
    if isinstance(value, KeysOf):
        return {"type": "array", "items": {"type": "string"}}
    if isinstance(value, JsonText):
        return {"type": "string"}
    if isinstance(value, Stream):
        return {UNKNOWN: value.reason}
    if isinstance(value, Object):
        written = _written(value)
        if written is not None:
            return schema(written, components, asking)
        return {UNKNOWN: f"a {value.cls.__name__} cannot be sent as JSON"}
    if isinstance(value, Expression):
        return {UNKNOWN: "an SQL expression"}
    if isinstance(value, Rows | Page):
        return {UNKNOWN: "a database query cannot be sent as JSON"}
    if isinstance(value, Live) and dataclasses.is_dataclass(type(value.object)):
        return schema(Typed(type(value.object)), components, asking)
    if isinstance(value, Live) and type(value.object).__module__.startswith("sqlalchemy"):
        return {UNKNOWN: "nothing says what the mapped attribute holds"}
    if isinstance(value, Live):
        return {UNKNOWN: f"an object of the program ({type(value.object).__name__}) cannot be sent as JSON"}
    return {UNKNOWN: "a function or method cannot be sent as JSON"}


def _constant(value: Any) -> Schema:
    # The text of a message or a fixed number is no promise: its type is.
    if value is None:
        return {"type": "null"}
    if isinstance(value, enum.Enum):
        if isinstance(value, str | int):
            return {"type": _SCALARS[str if isinstance(value, str) else int]}
        return {UNKNOWN: f"an enum member of {type(value).__name__} cannot be sent as JSON"}
    kind = _SCALARS.get(type(value))
    return {"type": kind} if kind else {UNKNOWN: f"a {type(value).__name__} cannot be sent as JSON"}


def _typed(value: Typed, components: Components, asking: Asking | None) -> Schema:
    cls = value.cls
    if issubclass(cls, enum.Enum):
        members = [member.value for member in cls]
        if issubclass(cls, str | int) and members:
            return {"type": _SCALARS[str if issubclass(cls, str) else int], "enum": members}
        return {UNKNOWN: f"a member of the enum {cls.__name__} cannot be sent as JSON"}
    for parent, name in _SCALARS.items():
        if issubclass(cls, parent):
            return {"type": name, **{key: list(v) if key == "enum" else v for key, v in value.facets}}
    if issubclass(cls, _AS_TEXT):
        if type(components.app.json) is not DefaultJSONProvider:
            return {UNKNOWN: f"the app has its own way to write a {cls.__name__} as JSON"}
        return {"type": "string", **({"format": "uuid"} if cls is uuid.UUID else {})}
    written = _written(value)
    if written is not None:
        return schema(written, components, asking)
    if cls in (dict, list, tuple, set):
        return {
            "type": "object" if cls is dict else "array",
            UNKNOWN: f"nothing is known of the {cls.__name__}",
        }
    return {UNKNOWN: f"a {cls.__name__} cannot be sent as JSON"}


def _written(value: Typed | Object) -> Value | None:
    """What JSON makes of an instance: an array of a named tuple, an object of a dataclass."""
    nowhere = State({}, {})
    return as_array(value, nowhere) or (
        as_record(value, nowhere) if dataclasses.is_dataclass(value.cls) else None
    )


def _echo(value: Asked, asking: Asking | None) -> Schema:
    if value.cls is not None and value.cls in _SCALARS:
        kind: Schema = {"type": _SCALARS[value.cls]}
    else:
        kind = dict(asking.type_of(value.subject)) if asking is not None else {}
    if not kind:
        return {UNKNOWN: f"it is what the client sent as {value.subject}"}
    if asking is not None and kind.get("type") == "array":
        kind["items"] = asking.item_of(value.subject) or {
            UNKNOWN: f"it is what the client sent as {value.subject.at(None)}"
        }
    if value.instead is not None:
        kind = _or_default(kind, value.instead.value)
    return _nullable(kind) if value.nullable else kind


def _or_default(kind: Schema, default: Any) -> Schema:
    """The schema of what was sent, or of the constant that stands for it: `request.args.get("count", 0)`."""
    kinds = kinds_of(kind.get("type"))
    if default == ():  # an empty list or an empty object
        known = not {"array", "object"}.isdisjoint(kinds)
        return kind if known else {UNKNOWN: "it is an empty list or object where the client sent nothing"}
    other = _constant(default).get("type")
    if other is None or other in kinds or (other == "integer" and "number" in kinds):
        return kind
    return {**kind, "type": [*kinds, other]}


def _object(record: Record, components: Components, asking: Asking | None) -> Schema:
    found: Schema = {"type": "object"}
    if record.fields:
        found["properties"] = {
            key: {**schema(entry.value, components, asking), **source(entry.place)}
            for key, entry in record.fields.items()
        }
        required = [key for key, entry in record.fields.items() if entry.required]
        if required:
            found["required"] = required
    if record.rest is not None:
        found["additionalProperties"] = schema(record.rest, components, asking)
    if record.open is not None:
        found[UNKNOWN] = f"it may have further keys: {record.open.reason}"
        if not record.fields:
            found |= source(record.open.place)
    return found


def _array(value: Listing | Tuple, components: Components, asking: Asking | None) -> Schema:
    if isinstance(value, Tuple):
        items: Value | None = union(value.items) if value.items else None
    else:
        items = value.items
    # The words that a list happens to hold are no closed list of what it may hold.
    if items is None:
        return {"type": "array", "items": {UNKNOWN: _EMPTY}}
    return {"type": "array", "items": schema(general(items), components, asking)}


def _union(value: Union, components: Components, asking: Asking | None) -> Schema:
    unknown = next((option for option in value.options if isinstance(option, Unknown)), None)
    if unknown is not None:
        return schema(unknown, components, asking)
    parts = [*_texts(value.options), *_numbers(value.options)]
    rest = [o for o in value.options if o != NONE and not _is_text(o) and not _is_number(o)]
    for option in _merged(rest):
        part = schema(option, components, asking)
        if part not in parts:
            parts.append(part)
    if UNKNOWN in (key for part in parts for key in part if "type" not in part):
        return next(part for part in parts if UNKNOWN in part)
    if not parts:
        return {"type": "null"}
    if len(parts) == 1:
        return _nullable(parts[0]) if NONE in value.options else parts[0]
    if NONE in value.options:
        parts.append({"type": "null"})
    if all(set(part) == {"type"} and isinstance(part["type"], str) for part in parts):
        return {"type": [part["type"] for part in parts]}
    return {"anyOf": parts}


def _nullable(part: Schema) -> Schema:
    if "$ref" in part or "anyOf" in part or "type" not in part:
        branches = part["anyOf"] if set(part) == {"anyOf"} else [part]
        return {"anyOf": [*branches, {"type": "null"}]}
    kinds = part["type"] if isinstance(part["type"], list) else [part["type"]]
    if "null" in kinds:
        return part
    widened = {**part, "type": [*kinds, "null"]}
    if "enum" in part:
        widened["enum"] = [*part["enum"], None]
    return widened


def _is_text(option: Value) -> bool:
    if isinstance(option, Known):
        return type(option.value) is str
    return isinstance(option, Typed) and option.cls is str


def _is_number(option: Value) -> bool:
    if isinstance(option, Known):
        return type(option.value) in (int, float)
    return (isinstance(option, Typed) and option.cls in (int, float)) or isinstance(option, LengthOf)


def _texts(found: tuple[Value, ...]) -> list[Schema]:
    """The strings of a union as one schema: a closed list where every one of them is a word or an enum."""
    texts = [option for option in found if _is_text(option)]
    if not texts:
        return []
    if len(texts) == 1 and isinstance(texts[0], Typed):
        return [{"type": "string", **{k: list(v) if k == "enum" else v for k, v in texts[0].facets}}]
    words: list[str] = []
    for option in texts:
        if isinstance(option, Known):
            words.append(option.value)
        elif isinstance(option, Typed):
            closed = dict(option.facets).get("enum")
            if closed is None:
                return [{"type": "string"}]
            words += closed
    if len(words) > 1 and all(_TOKEN.fullmatch(word) for word in words):
        return [{"type": "string", "enum": list(dict.fromkeys(words))}]
    return [{"type": "string"}]


def _numbers(found: tuple[Value, ...]) -> list[Schema]:
    numbers = [option for option in found if _is_number(option)]
    if not numbers:
        return []
    closed = [dict(option.facets) for option in numbers if isinstance(option, Typed)]
    if len(numbers) == 1 and closed and closed[0]:
        return [_typed_number(numbers[0])]
    kinds = {type(o.value) if isinstance(o, Known) else getattr(o, "cls", int) for o in numbers}
    return [{"type": "number" if float in kinds else "integer"}]


def _typed_number(option: Value) -> Schema:
    assert isinstance(option, Typed)
    facets = {key: list(value) if key == "enum" else value for key, value in option.facets}
    return {"type": _SCALARS[option.cls], **facets}


def _merged(found: list[Value]) -> list[Value]:
    """Lists become one list, and records of which one has all the keys of the other one record."""
    merged: list[Value] = []
    for option in found:
        for index, held in enumerate(merged):
            both = _merge(held, option)
            if both is not None:
                merged[index] = both
                break
        else:
            merged.append(option)
    return merged


def _merge(one: Value, other: Value) -> Value | None:
    if isinstance(one, Listing) and isinstance(other, Listing):
        items = [part.items for part in (one, other) if part.items is not None]
        return Listing(union(items) if items else None)
    if not isinstance(one, Record) or not isinstance(other, Record) or one.label or other.label:
        return None
    if not (set(one.fields) <= set(other.fields) or set(other.fields) <= set(one.fields)):
        return None
    fields: dict[str, Field] = {}
    for key in dict.fromkeys((*one.fields, *other.fields)):
        held = [record.fields[key] for record in (one, other) if key in record.fields]
        fields[key] = Field(
            _alike([entry.value for entry in held]),
            len(held) == 2 and all(entry.required for entry in held),
            held[0].place,
        )
    rests = [record.rest for record in (one, other) if record.rest is not None]
    return Record(fields, union(rests) if rests else None, one.open or other.open)


def _alike(values: list[Value]) -> Value:
    # Two messages of two branches are no closed list of words.
    plain = [
        Typed(str) if isinstance(v, Known) and type(v.value) is str and len(values) > 1 else v for v in values
    ]
    return union(plain if values[0] != values[-1] else values)
