"""A marshmallow field -> the schema of one value, as it is loaded or as it is dumped."""

from __future__ import annotations

import copy
import enum
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from apiver.reading.schemas.marshmallow.naming import UNKNOWN, Direction, Named, Schema
from apiver.reading.schemas.marshmallow.validators import constrained


class NestedWriter(Protocol):
    """Writes a nested marshmallow schema; handed in, for schemas hold fields and fields hold schemas."""

    def __call__(
        self, schema: Any, direction: Direction, named: Named, *, many: bool | None, unknown: str | None
    ) -> Schema:
        """What `apiver.reading.schemas.marshmallow.json_schema` gives."""
        ...


_Rule = Callable[[Any, Direction, Named, NestedWriter], Schema]

# The libraries whose ways to convert a value are known here; all other code is the app's.
_LIBRARIES = frozenset(
    {"marshmallow", "marshmallow_sqlalchemy", "webargs", "apiflask", "flask_smorest", "flask_marshmallow"}
)
_METHODS = {"load": ("_deserialize", "deserialize"), "dump": ("_serialize", "serialize")}
EVERY_TYPE = ("array", "boolean", "number", "object", "string")  # but null
_WORDS = ("title", "description", "deprecated")


def field_schema(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    """The schema of the value of one field, with `null` where the field allows it.

    What a validator of marshmallow demands counts for `load` only: `dump` checks nothing.
    """
    rule = _rule(field, direction)
    if rule is None:
        return {UNKNOWN: f"{type(field).__name__} converts it by code of the app"}
    found = rule(field, direction, named, nested)
    if direction == "load":
        found = constrained(found, field)
    filled_with_none = direction == "dump" and getattr(field, "dump_default", ...) is None
    if getattr(field, "allow_none", False) or filled_with_none:
        found = nullable(found)
    return {**found, **_words(field), **(_default(field) if direction == "load" else {})}


def nullable(found: Schema) -> Schema:
    """`found` or null. What says nothing of the type takes null already."""
    if "$ref" in found or "anyOf" in found or "not" in found or "allOf" in found:
        return {"anyOf": [found, {"type": "null"}]}
    if "type" not in found:
        if "enum" in found and None not in found["enum"]:
            return {**found, "enum": [*found["enum"], None]}
        return found
    kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
    widened = {**found, "type": [*kinds, *([] if "null" in kinds else ["null"])]}
    if "enum" in found and None not in found["enum"]:
        widened["enum"] = [*found["enum"], None]
    return widened


def _rule(field: Any, direction: Direction) -> _Rule | None:
    for method in _METHODS[direction]:
        owner = next((cls for cls in type(field).__mro__ if method in vars(cls)), None)
        if owner is None or _package(owner) not in _LIBRARIES:
            return None
    for cls in type(field).__mro__:
        rule = _RULES.get(f"{_package(cls)}.{cls.__name__}")
        if rule is not None:
            return rule
    return None


def _package(cls: type) -> str:
    return cls.__module__.partition(".")[0]


def _words(field: Any) -> Schema:
    said = getattr(field, "metadata", None)
    if not isinstance(said, Mapping):
        return {}
    return {word: said[word] for word in _WORDS if isinstance(said.get(word), str | bool)}


def _default(field: Any) -> Schema:
    value = getattr(field, "load_default", ...)
    if isinstance(value, enum.Enum) and hasattr(field, "by_value"):
        value = value.value if field.by_value else value.name
    try:
        # A default that is no JSON (`missing`, a function, a date) says what Python gets, not what is sent.
        return {"default": json.loads(json.dumps(value, allow_nan=False))}
    except (TypeError, ValueError):
        return {}


def _fixed(load: Schema, dump: Schema | None = None) -> _Rule:
    def rule(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
        return dict(load if direction == "load" or dump is None else dump)

    return rule


def _number(kind: str) -> _Rule:
    def rule(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
        if direction == "dump" and getattr(field, "as_string", False):
            return {"type": "string"}
        return {"type": kind}

    return rule


def _decimal(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    # A Decimal is dumped as it is: Flask writes it as text, other JSON writers as a number.
    if direction == "dump":
        return {"type": "string"} if getattr(field, "as_string", False) else {"type": ["string", "number"]}
    return {"type": "number"}


def _datetime(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    form = getattr(field, "format", None) or "iso"
    if form in ("timestamp", "timestamp_ms"):
        return {"type": "number", **({"minimum": 0} if direction == "load" else {})}
    # RFC 3339 wants an offset. A dumped datetime has one only where the object has; a naive field takes none.
    naive = any(cls.__name__ == "NaiveDateTime" for cls in type(field).__mro__)
    if form in ("iso", "iso8601") and direction == "load" and not naive:
        return {"type": "string", "format": "date-time"}
    return {"type": "string"}


def _date(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    form = getattr(field, "format", None) or "iso"
    return {"type": "string", **({"format": "date"} if form in ("iso", "iso8601", "%Y-%m-%d") else {})}


def _timedelta(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    return {"type": "integer" if getattr(field, "serialization_type", float) is int else "number"}


def _url(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    if direction == "dump":
        return {"type": "string"}
    return {"type": "string", "format": "uri-reference" if getattr(field, "relative", False) else "uri"}


def _enum(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    if field.by_value is False:
        return {"type": "string", "enum": list(field.enum.__members__)}
    inner = field_schema(field.field, direction, named, nested)
    values = [member.value for member in field.enum]
    if "Raw" not in (cls.__name__ for cls in type(field.field).__mro__) and inner.get("type") == "string":
        values = [str(value) for value in values]
    if not all(value is None or isinstance(value, str | int | float) for value in values):
        return {UNKNOWN: f"a value of {field.enum.__name__} is no JSON"}
    kinds = {_TYPES.get(type(value)) for value in values}
    kind = kinds.pop() if len(kinds) == 1 else None
    return {**({"type": kind} if kind else {}), "enum": values}


_TYPES: Mapping[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def inner_schema(field: Any) -> Any:
    """The schema of a Nested field. It is made on a copy, for the field would keep it."""
    return copy.copy(field).schema


def _nested(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    try:
        schema = inner_schema(field)
    except Exception as problem:  # noqa: BLE001 - the app's own naming of a schema is broken
        return {UNKNOWN: f"the nested schema cannot be made: {problem}"}
    return nested(schema, direction, named, many=bool(schema.many or field.many), unknown=field.unknown)


def _pluck(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    try:
        plucked = inner_schema(field).fields[field.field_name]
    except Exception as problem:  # noqa: BLE001
        return {UNKNOWN: f"the nested schema cannot be made: {problem}"}
    found = field_schema(plucked, direction, named, nested)
    return {"type": "array", "items": found} if field.many else found


def _list(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    return {"type": "array", "items": field_schema(field.inner, direction, named, nested)}


def _tuple(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    found = [field_schema(each, direction, named, nested) for each in field.tuple_fields]
    size = len(found)
    return {"type": "array", **({"prefixItems": found} if found else {}), "minItems": size, "maxItems": size}


def _dict(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    found: Schema = {"type": "object", "additionalProperties": True}
    if field.value_field is not None:
        found["additionalProperties"] = field_schema(field.value_field, direction, named, nested)
    elif direction == "dump":
        found["additionalProperties"] = {UNKNOWN: "the field does not say what its values are"}
    if field.key_field is not None and direction == "load":
        keys = field_schema(field.key_field, direction, named, nested)
        if keys.get("type") == "string" and len(keys) > 1:
            found["propertyNames"] = keys
    return found


def _anything(field: Any) -> Schema:
    return {} if getattr(field, "allow_none", False) else {"type": list(EVERY_TYPE)}


def _raw(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    if direction == "load":
        return _anything(field)
    return {UNKNOWN: f"a {type(field).__name__} field does not say what it holds"}


def _called(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    """Method and Function: the app's code makes the value, or takes it apart."""
    name = getattr(field, f"{'de' if direction == 'load' else ''}serialize_method_name", None)
    function = getattr(field, f"{'de' if direction == 'load' else ''}serialize_func", None)
    called = name or getattr(function, "__name__", None)
    if called is None:
        return _anything(field) if direction == "load" else {UNKNOWN: "nothing says how it is written"}
    return {UNKNOWN: f"{called} of the app converts it"}


def _constant(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    if direction == "load":
        return _anything(field)  # whatever is sent is taken for the constant
    kind = _TYPES.get(type(field.constant))
    return {"const": field.constant} if kind else {UNKNOWN: "the constant is no JSON"}


def _delimited(field: Any, direction: Direction, named: Named, nested: NestedWriter) -> Schema:
    return {"type": "string"}


_TEXT: Schema = {"type": "string"}
_FILE: Schema = {"type": "string", "format": "binary"}
_IP: Schema = {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}

_RULES: Mapping[str, _Rule] = {
    "marshmallow.String": _fixed(_TEXT),
    "marshmallow.UUID": _fixed({"type": "string", "format": "uuid"}),
    "marshmallow.Integer": _number("integer"),
    "marshmallow.Float": _number("number"),
    "marshmallow.Number": _number("number"),
    "marshmallow.Decimal": _decimal,
    "marshmallow.Boolean": _fixed({"type": "boolean"}),
    "marshmallow.DateTime": _datetime,
    "marshmallow.Date": _date,
    "marshmallow.Time": _fixed(_TEXT),  # JSON Schema's `time` wants an offset
    "marshmallow.TimeDelta": _timedelta,
    "marshmallow.Dict": _dict,
    "marshmallow.Mapping": _dict,
    "marshmallow.Url": _url,
    "marshmallow.Email": _fixed({"type": "string", "format": "email"}, _TEXT),
    "marshmallow.IP": _fixed(_IP),
    "marshmallow.IPv4": _fixed({"type": "string", "format": "ipv4"}),
    "marshmallow.IPv6": _fixed({"type": "string", "format": "ipv6"}),
    "marshmallow.IPInterface": _fixed(_TEXT),
    "marshmallow.Enum": _enum,
    "marshmallow.Nested": _nested,
    "marshmallow.Pluck": _pluck,
    "marshmallow.List": _list,
    "marshmallow.Tuple": _tuple,
    "marshmallow.Raw": _raw,
    "marshmallow.Method": _called,
    "marshmallow.Function": _called,
    "marshmallow.Constant": _constant,
    "marshmallow.Inferred": _raw,
    "marshmallow.Field": _raw,
    "webargs.DelimitedFieldMixin": _delimited,
    "apiflask.File": _fixed(_FILE),
    "flask_smorest.Upload": _fixed(_FILE),
    "flask_marshmallow.File": _fixed(_FILE),
    "flask_marshmallow.URLFor": _fixed({}, {"type": ["string", "null"]}),
}
