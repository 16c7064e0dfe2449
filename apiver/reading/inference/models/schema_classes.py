"""Schema classes of libraries: what marshmallow dumps, what pydantic models give.

Neither library is imported here: whoever has such a class has loaded it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from types import FunctionType
from typing import Any

from apiver.reading.inference.frame import Arguments, Dead, Frame, Serialized, argument
from apiver.reading.inference.models.members import MISSING, static
from apiver.reading.inference.program.iteration import item_of
from apiver.reading.inference.program.scope import is_library
from apiver.reading.inference.responses.replies import jsonify
from apiver.reading.inference.values.described import member_of, opened
from apiver.reading.inference.values.shapes import (
    NONE,
    Bound,
    Described,
    Field,
    JsonText,
    Known,
    Label,
    Listing,
    Live,
    Object,
    Record,
    Tuple,
    Typed,
    Unknown,
    Value,
    options,
    union,
)
from apiver.reading.schemas import marshmallow, pydantic

UNKNOWN = "x-apiver-unknown"

_GIVES_ITSELF = frozenset(
    [
        "model_validate",
        "model_validate_json",
        "model_construct",
        "model_copy",
        "parse_obj",
        "parse_raw",
        "from_orm",
        "construct",
        "copy",
    ]
)


def schema_instance(cls: Any, arguments: Arguments, frame: Frame, node: ast.AST) -> Value | None:
    """The marshmallow schema that a view makes (`BookSchema(many=True)`); None where `cls` is none.

    It is made here too, where its arguments are constants and its constructor is the library's.
    """
    if not marshmallow.is_schema(cls):
        return None
    init = static(cls, "__init__")
    if type(init) is not FunctionType or not is_library(init, frame.reader.shared.own):
        return None
    given = [plain(value, frame) for value in arguments.positional]
    named = {key: plain(value, frame) for key, value in arguments.keywords.items()}
    if arguments.open is not None or arguments.optional or MISSING in (*given, *named.values()):
        return frame.unknown(f"a {cls.__name__} is made with arguments that are not constants", node)
    try:
        return Live(cls(*given, **named))
    except Exception as problem:  # noqa: BLE001 - whatever the schema of the app raises
        return frame.unknown(f"{cls.__name__} cannot be made: {problem}", node)


def plain(value: Value, frame: Frame) -> Any:
    """The Python value of a constant, with lists and dicts of constants; MISSING where it is none."""
    content = frame.state.cell(value)
    if isinstance(content, Known):
        return content.value
    if isinstance(content, Live) and isinstance(content.object, type):
        return content.object
    if isinstance(content, Tuple) or (isinstance(content, Listing) and content.exact is not None):
        items = content.items if isinstance(content, Tuple) else content.exact or ()
        found = [plain(item, frame) for item in items]
        return MISSING if MISSING in found else tuple(found)
    if isinstance(content, Record) and content.rest is None and content.open is None:
        entries = {key: plain(entry.value, frame) for key, entry in content.fields.items()}
        return MISSING if MISSING in entries.values() else entries
    return MISSING


def schema_method(
    owner: Value, cls: Any, name: str, arguments: Arguments, frame: Frame, node: ast.AST
) -> Value | None:
    """A method of a marshmallow schema or a pydantic model; None where it is of neither."""
    if isinstance(owner, Live) and marshmallow.is_schema(owner.object):
        return _of_schema(owner.object, name, arguments, frame, node)
    if pydantic.is_model(cls):
        return _of_model(cls, name, arguments, frame)
    return None


def _of_schema(schema: Any, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value | None:
    if isinstance(schema, type) or name not in ("dump", "dumps", "jsonify"):
        return None
    given = arguments.get(1, "many")
    many = plain(given, frame) if given is not None else None
    if many not in (True, False, None):
        return frame.unknown("whether one or many are dumped is not known", node)
    many = bool(schema.many) if many is None else many
    found = _remembered(schema, argument(arguments, 0, "obj"), many, frame, node, ())
    if name == "dumps":
        return JsonText(found)
    return jsonify(Arguments((found,)), frame, node) if name == "jsonify" else found


def _remembered(
    schema: Any, value: Value, many: bool, frame: Frame, node: ast.AST, within: tuple[type, ...]
) -> Value:
    """What is dumped; remembered for instances of which the class alone is known."""
    instance = item_of(value, frame, node) if many else value
    kinds = tuple(option for option in options(instance) if isinstance(option, Typed) or option == NONE)
    if len(kinds) < len(options(instance)):
        return _dumped(schema, instance, many, frame, node, within)
    key = ("dump", marshmallow.identity(schema, "dump"), kinds, many, within)
    known = frame.reader.shared.serializers.get(key)
    if known is None:
        mark = frame.reader.journal.mark()
        made = _dumped(schema, instance, many, frame, node, within)
        known = Serialized(frame.state.frozen(made), frame.reader.journal.since(mark))
        frame.reader.shared.serializers[key] = known
    else:
        frame.reader.journal.extend(known.journal)
    return frame.allocate(known.value) if isinstance(known.value, Record | Listing) else known.value


def _dumped(
    schema: Any, instance: Value, many: bool, frame: Frame, node: ast.AST, within: tuple[type, ...]
) -> Value:
    hooks = [static(type(schema), hook) for hook in marshmallow.hooks(schema, "dump")]
    if any(type(hook) is not FunctionType for hook in hooks):
        return frame.unknown(f"{type(schema).__name__} changes what it dumps", node)
    named = marshmallow.Named()
    members = marshmallow.properties(schema, "dump", named)
    fields: dict[str, Field] = {}
    for member in members:
        described = member_of(Described(member.schema, named.schemas))
        made = _member(schema, member, described, instance, frame, node, (*within, type(schema)))
        sure = member.required or _has(instance, member.attribute, frame)
        fields[member.key] = Field(made or described, sure, frame.place(node))
    one: Value = frame.allocate(Record(fields, label=None if hooks else _label(schema, fields)))
    for hook in hooks:
        one = _hooked(hook, schema, one, frame, node)
    return frame.allocate(Listing(one)) if many else one


def _member(
    schema: Any,
    member: marshmallow.Property,
    described: Value,
    instance: Value,
    frame: Frame,
    node: ast.AST,
    within: tuple[type, ...],
) -> Value | None:
    """The value of a field, with what the instance or the app's code says beyond the field itself."""
    own = _computed(schema, member.field, instance, frame, node) if UNKNOWN in member.schema else None
    if own is not None or not _is_known(instance, frame) or "." in member.attribute:
        return own
    held = frame.reader.attribute(instance, member.attribute, frame, node)
    inside = [option for option in options(held) if option != NONE]
    key = _related_key(member.field, inside, frame, node)
    if key is not None:
        return union((key, NONE)) if NONE in options(held) else key
    nested = getattr(member.field, "schema", None)
    made = described
    deeper = marshmallow.is_schema(nested) and type(nested) not in within and inside
    if deeper and not any(isinstance(frame.state.cell(option), Unknown) for option in inside):
        made = _remembered(nested, union(inside), bool(member.field.many), frame, node, within)
    # Whatever a field allows to be loaded, None is dumped as null.
    return union((made, NONE)) if NONE in options(held) else made


def _related_key(field: Any, found: list[Value], frame: Frame, node: ast.AST) -> Value | None:
    """What a `Related` field of marshmallow-sqlalchemy writes: the primary key of the other row."""
    inner = getattr(field, "inner", field)
    if type(inner).__name__ != "Related" or not found:
        return None
    keys: list[Value] = []
    for option in found:
        content = frame.state.cell(option)
        row = content.items if isinstance(content, Listing) and inner is not field else content
        cls = row.cls if isinstance(row, Typed) else None
        mapper = cls.__dict__.get("__mapper__") if cls is not None else None
        names = [column.key for column in getattr(mapper, "primary_key", ())]
        if cls is None or len(names) != 1 or inner.columns:
            return None
        key = frame.reader.attribute(Typed(cls), names[0], frame, node)
        keys.append(Listing(key) if row is not content else key)
    return union(keys)


def _is_known(instance: Value, frame: Frame) -> bool:
    return all(isinstance(frame.state.cell(option), Typed | Object) for option in options(instance))


def _label(schema: Any, fields: dict[str, Field]) -> Label:
    name = marshmallow.class_name(type(schema)) or type(schema).__name__
    some = ",".join(fields)
    return Label(name, f"{type(schema).__module__}.{type(schema).__qualname__}:{some}")


def _has(instance: Value, attribute: str, frame: Frame) -> bool:
    """Whether what is dumped has the attribute or key for certain: `dump` leaves out what is missing."""
    name = attribute.partition(".")[0]
    found = options(instance)
    for option in found:
        content = frame.state.cell(option)
        if isinstance(content, Record):
            if name not in content.fields or not content.fields[name].required:
                return False
        elif isinstance(content, Typed | Object):
            held = isinstance(content, Object) and name in content.attributes
            if not held and static(content.cls, name) is MISSING and name not in _annotated(content.cls):
                return False
        else:
            return False
    return "." not in attribute


def _annotated(cls: type) -> set[str]:
    return {name for parent in cls.__mro__ for name in vars(parent).get("__annotations__", ())}


def _computed(schema: Any, field: Any, instance: Value, frame: Frame, node: ast.AST) -> Value | None:
    """What a method or function of the app makes of the instance: `fields.Method`, `fields.Function`."""
    method = getattr(field, "serialize_method_name", None)
    if isinstance(method, str):
        function = static(type(schema), method)
        callee: Value | None = Bound(Live(function), Live(schema), type(schema))
    else:
        function = getattr(field, "serialize_func", None)
        callee = Live(function)
    if type(function) is not FunctionType or is_library(function, frame.reader.shared.own) or callee is None:
        return None
    try:
        return frame.reader.call(callee, Arguments((instance,)), frame, node)
    except Dead:
        return None


def _hooked(hook: FunctionType, schema: Any, value: Value, frame: Frame, node: ast.AST) -> Value:
    owner = next((cls for cls in type(schema).__mro__ if hook.__name__ in vars(cls)), type(schema))
    keywords: dict[str, Value] = {"many": Known(False)}
    return frame.reader.call(
        Bound(Live(hook), Live(schema), owner), Arguments((value,), keywords), frame, node
    )


def _of_model(cls: type, name: str, arguments: Arguments, frame: Frame) -> Value | None:
    if name in _GIVES_ITSELF:
        return Typed(cls)
    text = name in ("model_dump_json", "json")
    if not text and name not in ("model_dump", "dict"):
        return None
    mode = argument(arguments, 99, "mode", Known("json" if text else "python"))
    said = {key: plain(value, frame) for key, value in arguments.keywords.items()}
    config = getattr(cls, "model_config", {})
    by_alias = said.get("by_alias")
    by_alias = bool(config.get("serialize_by_alias")) if by_alias is None else by_alias
    if MISSING in (by_alias, said.get("exclude_none"), said.get("include"), said.get("exclude")):
        return Unknown(f"what {cls.__name__}.{name}() leaves out is computed")
    written = pydantic.written(
        cls,
        sent=True,
        by_alias=bool(by_alias),
        exclude_none=bool(said.get("exclude_none")),
        python=mode == Known("python"),
    )
    if written is None:
        return None
    found: Value = _chosen(cls, Described(written.schema, written.definitions), said, bool(by_alias))
    made = frame.allocate(found)
    return JsonText(made) if text else made


def _chosen(cls: type, value: Described, said: dict[str, Any], by_alias: bool) -> Value:
    """What `include`, `exclude`, `exclude_unset` and `exclude_defaults` leave of a dumped model."""
    some = said.get("include") is not None or said.get("exclude") is not None
    unset = any(said.get(key) not in (None, False) for key in ("exclude_unset", "exclude_defaults"))
    record = opened(value) if some or unset else value
    if not isinstance(record, Record):
        return record
    fields = dict(record.fields)
    declared = getattr(cls, "model_fields", None) or getattr(cls, "__fields__", {})
    for name, info in declared.items():
        key = (getattr(info, "serialization_alias", None) or info.alias or name) if by_alias else name
        if key not in fields:
            continue
        if unset and not _is_required(info):
            fields[key] = replace(fields[key], required=False)
    keys = {
        ((getattr(info, "serialization_alias", None) or info.alias or name) if by_alias else name): name
        for name, info in declared.items()
    }
    kept = {key: entry for key, entry in fields.items() if _kept(keys.get(key, key), said)}
    for key, entry in kept.items():
        if _partly(keys.get(key, key), said):
            reason = Unknown(f"only some parts of {key} are dumped")
            kept[key] = replace(entry, value=reason)
    return replace(record, fields=kept)


def _is_required(info: Any) -> bool:
    required = getattr(info, "is_required", None)
    return bool(required()) if callable(required) else bool(getattr(info, "required", False))


def _kept(name: str, said: dict[str, Any]) -> bool:
    include, exclude = said.get("include"), said.get("exclude")
    if include is not None and name not in include:
        return False
    if exclude is None or name not in exclude:
        return True
    return isinstance(exclude, dict) and exclude[name] not in (True, ...)


def _partly(name: str, said: dict[str, Any]) -> bool:
    return any(
        isinstance(said.get(way), dict) and not isinstance(said[way].get(name, True), bool)
        for way in ("include", "exclude")
    )


def parametrised(cls: type, index: Value, frame: Frame) -> Value | None:
    """`Page[Book]` for a generic pydantic model; None where `cls` is none or a parameter is not known."""
    if not pydantic.is_model(cls):
        return None
    items = index.items if isinstance(index, Tuple) else (index,)
    found = tuple(item.object for item in items if isinstance(item, Live))
    if len(found) < len(items):
        return None
    generic: Callable[[Any], Any] = cls.__class_getitem__  # type: ignore[attr-defined]
    try:
        made = generic(found if len(found) > 1 else found[0])
    except Exception:  # noqa: BLE001 - the app would fail at it too
        return None
    return Live(made) if isinstance(made, type) else None
