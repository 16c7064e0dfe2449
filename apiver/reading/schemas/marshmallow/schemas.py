"""A marshmallow schema -> the schema of the object that it loads or dumps."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from apiver.reading.schemas.marshmallow.fields import field_schema
from apiver.reading.schemas.marshmallow.naming import INCOMPLETE, UNKNOWN, Direction, Named, Schema

# Whose overriding of `load` and `dump` leaves the shape as the fields say it.
_LIBRARIES = frozenset({"marshmallow", "marshmallow_sqlalchemy", "flask_marshmallow", "apiflask", "webargs"})
_CONVERTERS = {
    "load": ("load", "_do_load", "_deserialize", "_invoke_load_processors"),
    "dump": ("dump", "_serialize", "_invoke_dump_processors"),
}
_CHANGING = {"load": "pre_load", "dump": "post_dump"}


class Property(NamedTuple):
    """A key of the JSON object: its name there, the attribute of the Python object, and the live field.

    `required` says that `load` refuses an object without it, or that `dump` writes it for every object. A
    dumped key of which that depends on the object (it is left out where the attribute is not there) is not.
    """

    key: str
    attribute: str
    schema: Schema
    required: bool
    field: Any


def is_schema(value: Any) -> bool:
    """Whether `value` is a marshmallow schema: a class or an instance of one."""
    base = getattr(sys.modules.get("marshmallow"), "Schema", None)
    if base is None or not hasattr(base, "from_dict"):  # marshmallow 2 says little of itself
        return False
    return isinstance(value, base) or (isinstance(value, type) and issubclass(value, base))


def json_schema(
    schema: Any,
    direction: Direction,
    named: Named,
    *,
    many: bool | None = None,
    unknown: str | None = None,
    partial: bool | Collection[str] | None = None,
) -> Schema:
    """The JSON Schema of what `schema` (class or instance) accepts in `load` or writes in `dump`.

    `many`, `unknown` ("raise", "exclude", "include") and `partial` are what the call of `load` or `dump`
    says, None what the schema says. Classes with a name go to `named` and are referred to. What is
    converted or checked by code of the app is marked, never guessed. Raises whatever the schema's
    constructor raises.
    """
    instance = schema() if isinstance(schema, type) else schema
    partial = instance.partial if partial is None else partial
    changed = unknown not in (None, instance.unknown) or partial != instance.partial

    def write() -> Schema:
        return _object(instance, direction, named, unknown or instance.unknown, partial)

    found = write() if changed and direction == "load" else named.reference(instance, direction, write)
    return {"type": "array", "items": found} if (instance.many if many is None else many) else found


def properties(
    schema: Any, direction: Direction, named: Named, *, partial: bool | Collection[str] | None = None
) -> list[Property]:
    """The keys of the object that `schema` (class or instance) loads or dumps, in the order of its fields."""
    instance = schema() if isinstance(schema, type) else schema
    partial = instance.partial if partial is None else partial
    checked = {name for method, names in _validated(instance) for name in names}
    found = []
    for name, field in _ordered(instance, direction):
        made = field_schema(field, direction, named, json_schema)
        if direction == "load" and name in checked:
            made = {**made, INCOMPLETE: "a method of the schema checks it too"}
        key = name if field.data_key is None else field.data_key
        required = _is_required(field, name, direction, partial)
        found.append(Property(key, field.attribute or name, made, required, field))
    return found


def is_flat(schema: Any) -> bool:
    """Whether the errors of each field are texts: of a field with parts they are errors by part."""
    instance = schema() if isinstance(schema, type) else schema
    parts = ("nested", "inner", "tuple_fields", "value_field")
    return not any(hasattr(field, part) for field in instance.load_fields.values() for part in parts)


def hooks(schema: Any, direction: Direction) -> list[str]:
    """The methods that may change what is sent: `pre_load` before a load, `post_dump` after a dump."""
    return [name for name, *_ in _hooks(schema, _CHANGING[direction])]


def after_load(schema: Any) -> list[str]:
    """The methods that make something else of what was loaded: `post_load`."""
    return [name for name, *_ in _hooks(schema, "post_load")]


def _object(
    schema: Any, direction: Direction, named: Named, unknown: str, partial: bool | Collection[str] | None
) -> Schema:
    own = _own_code(type(schema), direction)
    if own is not None:
        return {UNKNOWN: f"{type(schema).__name__}.{own} is code of the app"}
    changing = hooks(schema, direction)
    if changing:
        kind = _CHANGING[direction]
        return {UNKNOWN: f"{type(schema).__name__}.{changing[0]} ({kind}) may change what is sent"}
    members = properties(schema, direction, named, partial=partial)
    found: Schema = {"type": "object"}
    if members:
        found["properties"] = {member.key: member.schema for member in members}
    required = [member.key for member in members if member.required]
    if required:
        found["required"] = required
    if direction == "load":
        if unknown != "exclude":
            found["additionalProperties"] = unknown == "include"
        checks = [name for name, *_ in _hooks(schema, "validates_schema")]
        if checks:
            found[INCOMPLETE] = f"{type(schema).__name__}.{checks[0]} checks it as a whole"
    return found


def _is_required(field: Any, name: str, direction: Direction, partial: bool | Collection[str] | None) -> bool:
    if direction == "load":
        named = partial is True or (not isinstance(partial, bool) and name in (partial or ()))
        return bool(field.required) and not named
    # `dump` leaves out what the object lacks; these it has without looking.
    missing = sys.modules["marshmallow"].missing
    default = getattr(field, "dump_default", missing)
    return default is not missing or not getattr(field, "_CHECK_ATTRIBUTE", True)


def _ordered(schema: Any, direction: Direction) -> Iterator[tuple[str, Any]]:
    """The fields in the order of their declaration: `only` may be a set, which has none."""
    fields = schema.load_fields if direction == "load" else schema.dump_fields
    declared = {name: index for index, name in enumerate(schema.declared_fields)}
    for name in sorted(fields, key=lambda name: (declared.get(name, len(declared)), name)):
        yield name, fields[name]


def _hooks(schema: Any, tag: str) -> list[tuple[str, Any]]:
    """The (method, arguments) of a tag, whichever way this marshmallow keeps them."""
    found: list[tuple[str, Any]] = []
    for key, methods in getattr(schema, "_hooks", {}).items():
        if (key[0] if isinstance(key, tuple) else key) != tag:
            continue
        for method in methods:
            name, rest = (method[0], method[-1]) if isinstance(method, tuple) else (method, {})
            found.append((name, rest))
    return found


def _validated(schema: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The methods with `@validates`, and the fields that they check."""
    for method, arguments in _hooks(schema, "validates"):
        said = arguments.get("field_names") or (arguments.get("field_name"),)
        yield method, tuple(name for name in said if name)


def _own_code(cls: type, direction: Direction) -> str | None:
    for name in _CONVERTERS[direction]:
        owner = next((parent for parent in cls.__mro__ if name in vars(parent)), None)
        if owner is not None and owner.__module__.partition(".")[0] not in _LIBRARIES:
            return name
    return None
