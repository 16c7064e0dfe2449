"""Pydantic models -> JSON Schema with references to components of stable names."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeGuard, get_origin

Schema = dict[str, Any]

UNKNOWN = "x-apiver-unknown"
INCOMPLETE = "x-apiver-incomplete"
CHECKED = "a validator of the model checks it too"
PREFIX = "#/components/schemas/"
_TEMPLATE = PREFIX + "{model}"
_SAMPLES = frozenset({"default", "examples", "example", "const", "enum"})
_LIBRARIES = frozenset({"builtins", "pydantic", "pydantic_core"})
_MAPS = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})


class Written(NamedTuple):
    """A schema (draft 2020-12), and the definitions that it refers to as `#/components/schemas/NAME`.

    A part that pydantic cannot describe is `x-apiver-unknown` with the reason; one that code of the program
    checks or changes when it is taken (`@field_validator`) is `x-apiver-incomplete`.
    """

    schema: Schema
    definitions: dict[str, Schema]


def is_model(kind: Any) -> TypeGuard[type]:
    """Whether `kind` is a class of pydantic models, of version 1 or 2. Pydantic is not imported for that."""
    return _is_v2(kind) or _is_v1(kind)


def written(
    kind: Any,
    *,
    sent: bool = False,
    filled: bool = True,
    by_alias: bool = True,
    exclude_none: bool = False,
    python: bool = False,
) -> Written | None:
    """The schema of the values of `kind`: a model, or any type made of models such as `list[Book]`.

    It says what the model takes (`Book(**data)`, `model_validate`), or with `sent` what `model_dump_json()`
    and `model_dump(mode="json")` give: there every field is present, those with defaults too. Not `filled`,
    it is what an app may send that only declares the model: what has a default may be missing.
    `exclude_none` leaves out fields whose value is None, as the argument of that name does. `python` is what
    Flask writes of a plain `model_dump()`: dates as HTTP dates. None where pydantic is not in use, or `kind`
    is no type.
    """
    if _is_v1(kind):
        from apiver.reading.schemas.pydantic_v1 import written_v1

        made = written_v1(kind, sent=sent, filled=sent and filled, by_alias=by_alias)
    elif _base() is None or isinstance(kind, str) or kind is None:
        return None
    else:
        made = _written_v2(kind, sent, by_alias, _generator(filled, python))
    names = _stable_names(made.definitions)
    schema = _settled(made.schema, names)
    definitions = {names[name]: _settled(each, names) for name, each in made.definitions.items()}
    for name, each in definitions.items():
        if each.get("title") == name:
            del each["title"]
    if sent:
        for each in _objects([schema, *definitions.values()]):
            if each.get("additionalProperties") is False:
                del each["additionalProperties"]  # it refuses more; nobody promises never to send more
            if exclude_none:
                _without_none(each)
    return Written(schema, definitions)


def _base() -> Any:
    return getattr(sys.modules.get("pydantic.main"), "BaseModel", None)


def _is_v2(kind: Any) -> bool:
    base = _base()
    return (
        _is_class(kind)
        and isinstance(base, type)
        and issubclass(kind, base)
        and hasattr(base, "model_fields")
    )


def _is_class(kind: Any) -> bool:
    return isinstance(kind, type) and get_origin(kind) is None  # in Python 3.10 `list[Book]` is a type too


def _is_v1(kind: Any) -> bool:
    if not _is_class(kind):
        return False
    bases = (
        getattr(sys.modules.get(name), "BaseModel", None) for name in ("pydantic.v1.main", "pydantic.main")
    )
    return any(
        isinstance(base, type) and not hasattr(base, "model_fields") and issubclass(kind, base)
        for base in bases
    )


def _written_v2(kind: Any, sent: bool, by_alias: bool, writer: Any) -> Written:
    mode = "serialization" if sent else "validation"
    try:
        core = vars(kind).get("__pydantic_core_schema__") if _is_v2(kind) else None
        if not isinstance(core, dict):
            # A model that waits for its annotations is described without being completed.
            core = sys.modules["pydantic"].TypeAdapter(kind).core_schema
        generator = writer(by_alias=by_alias, ref_template=_TEMPLATE)
        schemas, definitions = generator.generate_definitions([(0, mode, core)])
    except Exception as problem:  # noqa: BLE001 - it runs code of the models
        first = str(problem).strip().partition("\n")[0]
        name = getattr(kind, "__name__", str(kind))
        return Written({UNKNOWN: f"pydantic cannot describe {name}: {first or type(problem).__name__}"}, {})
    return Written(schemas[0, mode], definitions)


@functools.cache
def _generator(filled: bool, python: bool) -> Any:
    """Pydantic's writer of schemas without its titles, told whether what is sent has all its fields."""
    module = sys.modules["pydantic.json_schema"]

    class Generator(module.GenerateJsonSchema):  # type: ignore[name-defined,misc] # found at run time
        ignored_warning_kinds = frozenset({"skipped-choice", "non-serializable-default"})

        def field_title_should_be_set(self, schema: Any) -> bool:
            return False

        def field_is_required(self, field: Any, total: bool) -> bool:
            if filled and self.mode == "serialization" and field["type"] != "typed-dict-field":
                return (
                    not field.get("serialization_exclude") and field.get("serialization_exclude_if") is None
                )
            return bool(super().field_is_required(field, total))

        def function_before_schema(self, schema: Any) -> Schema:
            return self._checked(super().function_before_schema(schema), schema)

        def function_after_schema(self, schema: Any) -> Schema:
            return self._checked(super().function_after_schema(schema), schema)

        def function_wrap_schema(self, schema: Any) -> Schema:
            return self._checked(super().function_wrap_schema(schema), schema)

        def function_plain_schema(self, schema: Any) -> Schema:
            return self._checked(super().function_plain_schema(schema), schema)

        def _checked(self, made: Schema, schema: Any) -> Schema:
            if self.mode != "validation" or not is_own(schema["function"]["function"]):
                return made
            return {**made, INCOMPLETE: CHECKED}

    class PythonGenerator(Generator):
        def date_schema(self, schema: Any) -> Schema:
            return {"type": "string"}

        def datetime_schema(self, schema: Any) -> Schema:
            return {"type": "string"}

        def time_schema(self, schema: Any) -> Schema:
            return {UNKNOWN: "a time cannot be sent as JSON"}

        def timedelta_schema(self, schema: Any) -> Schema:
            return {UNKNOWN: "a timedelta cannot be sent as JSON"}

        def set_schema(self, schema: Any) -> Schema:
            return {UNKNOWN: "a set cannot be sent as JSON"}

        def bytes_schema(self, schema: Any) -> Schema:
            return {UNKNOWN: "bytes cannot be sent as JSON"}

    return PythonGenerator if python else Generator


def is_own(function: Any) -> bool:
    """Whether a validator is the program's, not one by which pydantic makes its own types."""
    while isinstance(function, functools.partial):
        function = function.func
    module = getattr(function, "__module__", None) or ""
    return module.partition(".")[0] not in _LIBRARIES


def _stable_names(definitions: dict[str, Schema]) -> dict[str, str]:
    """A component name for each definition, without the modules that pydantic puts before equal names."""
    names: dict[str, str] = {}
    for name in definitions:
        plain = re.sub(r"[^A-Za-z0-9_.-]", "_", _without_module(name))
        given, number = plain, 2
        while given in names.values():
            given, number = f"{plain}{number}", number + 1
        names[name] = given
    return names


def _without_module(name: str) -> str:
    parts = name.split("__")
    for length in range(len(parts) - 1, 0, -1):
        if ".".join(parts[:length]) in sys.modules:
            return "__".join(parts[length:])
    return name


def _settled(value: Any, names: dict[str, str], key: str = "") -> Any:
    """A schema with references under stable names, null in its shortest spelling, sets in a fixed order."""
    if isinstance(value, list):
        return [_settled(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    if key in _MAPS:
        return {name: _settled(each, names) for name, each in value.items()}
    made = {each: part if each in _SAMPLES else _settled(part, names, each) for each, part in value.items()}
    if isinstance(made.get("$ref"), str):
        name = made["$ref"].removeprefix(PREFIX)
        made["$ref"] = PREFIX + names.get(name, name)
    mapping = (
        made.get("discriminator", {}).get("mapping") if isinstance(made.get("discriminator"), dict) else None
    )
    if isinstance(mapping, dict):
        for tag, target in mapping.items():
            name = str(target).removeprefix(PREFIX)
            mapping[tag] = PREFIX + names.get(name, name)
    if made.get("uniqueItems") is True and isinstance(made.get("default"), list):
        made["default"] = sorted(made["default"], key=repr)
    made = _short(made)
    if "default" in made and not _takes(made, made["default"]):
        del made["default"]  # `page: int = None` is how many say that it may be left out
    return dict(sorted(made.items(), key=lambda entry: _RANK.get(entry[0], _RANK[""])))


# In the order in which people read a schema; pydantic sorts its words by the alphabet.
_RANK = {
    word: rank
    for rank, word in enumerate(
        (
            "$ref",
            "title",
            "description",
            "type",
            "format",
            "enum",
            "const",
            "properties",
            "",
            "required",
            "default",
        )
    )
}
_KINDS: dict[str, Any] = {
    "null": type(None),
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "string": str,
    "array": list,
    "object": dict,
}


def _takes(schema: Schema, value: Any) -> bool:
    """Whether a schema takes a value by its type; pydantic does not hold defaults against it."""
    branches = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    if branches:
        return any(isinstance(branch, dict) and _takes(branch, value) for branch in branches)
    kinds = schema.get("type")
    if kinds is None:
        return value is not None or {"$ref", "allOf", "enum", "const"}.isdisjoint(schema)
    return any(
        isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))
        for kind in (kinds if isinstance(kinds, list) else [kinds])
        if kind in _KINDS
    )


def _short(schema: Schema) -> Schema:
    """`anyOf` of one type and null as a list of types, which says the same."""
    branches = schema.get("anyOf")
    if (
        not isinstance(branches, list)
        or len(branches) != 2
        or {"type": "null"} not in branches
        or "type" in schema
    ):
        return schema
    only = next((each for each in branches if each != {"type": "null"}), None)
    if only is None or not isinstance(only.get("type"), str) or not {"const", UNKNOWN}.isdisjoint(only):
        return schema
    rest = {key: part for key, part in schema.items() if key != "anyOf"}
    if not rest.keys().isdisjoint(only.keys() - {"title", "description"}):  # each would have to hold
        return schema
    made = {**only, "type": [only["type"], "null"], **rest}
    if "enum" in only:
        made["enum"] = [*only["enum"], None]
    return made


def _objects(schemas: list[Any]) -> Iterator[Schema]:
    """Every schema of an object, in others or alone."""
    todo = list(schemas)
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            if value.get("type") == "object" and isinstance(value.get("properties", {}), dict):
                yield value
            todo += value.values()
        elif isinstance(value, list):
            todo += value


def _without_none(schema: Schema) -> None:
    """Make members of an object that may be null such as may be absent, and are never null."""
    for name, member in list(schema.get("properties", {}).items()):
        kept = not_null(member)
        if kept is not None and kept != member:
            schema["properties"][name] = kept
            schema["required"] = [each for each in schema.get("required", []) if each != name]
        elif kept is None:
            del schema["properties"][name]
            schema["required"] = [each for each in schema.get("required", []) if each != name]
    if not schema.get("required", True):
        del schema["required"]


def not_null(member: Any) -> Any:
    """A schema without null among its values; None where nothing is left."""
    if not isinstance(member, dict):
        return member
    kept = {key: part for key, part in member.items() if key != "default" or part is not None}
    if member.get("type") == "null":
        return None
    if isinstance(member.get("type"), list) and "null" in member["type"]:
        kinds = [kind for kind in member["type"] if kind != "null"]
        kept["type"] = kinds[0] if len(kinds) == 1 else kinds
        if "enum" in member:
            kept["enum"] = [each for each in member["enum"] if each is not None]
        return kept
    branches = member.get("anyOf")
    if isinstance(branches, list) and {"type": "null"} in branches:
        others = [each for each in branches if each != {"type": "null"}]
        rest = {key: part for key, part in kept.items() if key != "anyOf"}
        return {**others[0], **rest} if len(others) == 1 else {**rest, "anyOf": others}
    return member
