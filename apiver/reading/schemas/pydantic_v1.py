"""Models of pydantic 1, which also stand in `pydantic.v1` of pydantic 2."""

from __future__ import annotations

import copy
import sys
from typing import Any

from apiver.reading.schemas.pydantic import CHECKED, INCOMPLETE, UNKNOWN, Schema, Written, is_own

_TEMPLATE = "#/components/schemas/{model}"


def written_v1(model: Any, *, sent: bool, filled: bool, by_alias: bool) -> Written:
    """The schema of a model: what it takes, or `sent` what `.dict()` and `.json()` give.

    Pydantic 1 leaves out that an optional field may be null, and writes draft 7; both are put right.
    `filled` has every field among those that are required.
    """
    package = "pydantic.v1" if sys.modules.get("pydantic.v1.main") is not None else "pydantic"
    if not issubclass(model, sys.modules[f"{package}.main"].BaseModel):
        package = "pydantic"
    writer = sys.modules[f"{package}.schema"]
    try:
        flat = writer.get_flat_models_from_model(model)
        names = writer.get_model_name_map(flat)
        made, definitions, _ = writer.model_process_schema(
            model, by_alias=by_alias, model_name_map=names, ref_template=_TEMPLATE
        )
        # `model_process_schema` hands out parts of what the model keeps.
        found = copy.deepcopy({**definitions, names[model]: made})
    except Exception as problem:  # noqa: BLE001 - it runs code of the models
        said = str(problem).strip().partition("\n")[0] or type(problem).__name__
        return Written({UNKNOWN: f"pydantic cannot describe {model.__name__}: {said}"}, {})
    for each in sorted(flat, key=lambda each: names[each]):
        if hasattr(each, "__fields__") and names[each] in found:
            _completed(found[names[each]], each, filled=filled, by_alias=by_alias)
            if not sent:
                _mark_checks(found[names[each]], each, by_alias=by_alias)
    schemas = {name: _untitled(_raised(each)) for name, each in sorted(found.items())}
    return Written({"$ref": _TEMPLATE.format(model=names[model])}, schemas)


def _completed(schema: Schema, model: Any, *, filled: bool, by_alias: bool) -> None:
    """Say of the fields of a model what pydantic knows and does not write."""
    members = schema.get("properties", {})
    for field in model.__fields__.values():
        name = field.alias if by_alias else field.name
        if name not in members:
            continue
        if field.allow_none:
            members[name] = _or_null(members[name])
        if filled and name not in schema.setdefault("required", []):
            schema["required"].append(name)


def _mark_checks(schema: Schema, model: Any, *, by_alias: bool) -> None:
    """Say where validators of the program look at what is taken: pydantic's schema passes them over."""
    members = schema.get("properties", {})
    for field in model.__fields__.values():
        name = field.alias if by_alias else field.name
        if name in members and any(is_own(each.func) for each in (field.class_validators or {}).values()):
            members[name] = {**members[name], INCOMPLETE: CHECKED}
    after = [function for _, function in model.__post_root_validators__]
    if any(is_own(function) for function in (*model.__pre_root_validators__, *after)):
        schema[INCOMPLETE] = CHECKED


def _or_null(member: Schema) -> Schema:
    if isinstance(member.get("type"), str) and "enum" not in member:
        return {**member, "type": [member["type"], "null"]}
    told: Schema = {key: member[key] for key in ("title", "description", "default") if key in member}
    rest: Schema = {key: part for key, part in member.items() if key not in told}
    if list(rest) == ["allOf"] and len(rest["allOf"]) == 1:
        rest = rest["allOf"][0]
    if not rest:
        return member  # any value
    branches = rest["anyOf"] if list(rest) == ["anyOf"] else [rest]
    return {**told, "anyOf": [*branches, {"type": "null"}]}


def _raised(value: Any) -> Any:
    """A schema of draft 7 as one of 2020-12: a list of `items` is `prefixItems`."""
    if isinstance(value, list | tuple):  # a default may be a tuple
        return [_raised(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {key: _raised(part) for key, part in value.items()}
    if made.get("type") == "array" and isinstance(made.get("items"), list):
        made["prefixItems"] = made.pop("items")
        more = made.pop("additionalItems", None)
        if more is not None:
            made["items"] = more
    return made


def _untitled(schema: Schema) -> Schema:
    """Without the titles that pydantic makes of the names of fields."""
    for name, member in schema.get("properties", {}).items():
        if isinstance(member, dict) and member.get("title") == name.title().replace("_", " "):
            del member["title"]
    return schema
