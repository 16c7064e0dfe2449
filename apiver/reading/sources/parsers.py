"""Request parsers of Flask-RESTful and flask-restx: what their arguments take, as parameters and a body."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

Schema = dict[str, Any]

JSON = "application/json"
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"

_TYPES: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Decimal: {"type": "number"},
    dict: {"type": "object"},
    list: {"type": "array", "items": {}},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string"},
    date: {"type": "string"},
}
# The functions of the modules `inputs`; those of Flask-RESTful say nothing of themselves.
_INPUTS: dict[str, Schema] = {
    "boolean": {"type": "boolean"},
    "natural": {"type": "integer", "minimum": 0},
    "positive": {"type": "integer", "minimum": 1},
    "url": {"type": "string", "format": "uri"},
    "date": {"type": "string", "format": "date"},
    "date_from_iso8601": {"type": "string", "format": "date"},
    "datetime_from_iso8601": {"type": "string", "format": "date-time"},
    "datetime_from_rfc822": {"type": "string"},
    "iso8601interval": {"type": "string"},
}
_PLACES = {"args": "query", "values": "query", "headers": "header", "cookies": "cookie"}
_BODILESS = frozenset({"get", "head", "delete", "options"})


def request_of(parser: Any, method: str) -> Schema:
    """`parameters` and `requestBody` (OpenAPI 3.1) that a parser reads in a view of that HTTP method.

    Where an argument is looked for in several places, it is one of the body if the method has one.
    """
    parameters: list[Schema] = []
    fields: dict[str, dict[str, Any]] = {"json": {}, "form": {}, "files": {}}
    for argument in parser.args:
        places = places_of(argument)
        body = next((place for place in ("files", "form", "json") if place in places), None)
        if body is not None and (len(places) == 1 or method not in _BODILESS):
            fields["json" if "json" in places else body][argument.name] = argument
            continue
        place = next((_PLACES[one] for one in places if one in _PLACES), None)
        if place is not None:
            parameters.append(_parameter(argument, place))
    found: Schema = {}
    if parameters:
        found["parameters"] = parameters
    body_said = _body(fields)
    if body_said:
        found["requestBody"] = body_said
    return found


def places_of(argument: Any) -> tuple[str, ...]:
    """The attributes of the request where an argument is looked for: `args`, `form`, `json` ..."""
    said = argument.location
    return (said,) if isinstance(said, str) else tuple(str(one).replace("get_json", "json") for one in said)


def schema_of(argument: Any, *, json: bool) -> Schema:
    """The JSON Schema of what an argument takes; `json` says whether it is looked for in a JSON body."""
    one = type_of(argument.type)
    choices = argument.choices
    if isinstance(choices, Iterable) and not isinstance(choices, str) and choices:
        listed = sorted(choices, key=str) if isinstance(choices, (set, frozenset)) else list(choices)
        if all(isinstance(choice, (str, int, float)) for choice in listed):
            one["enum"] = listed
    elif json and argument.nullable and isinstance(one.get("type"), str):
        one["type"] = [one["type"], "null"]
    many = argument.action in ("append", "split")
    found: Schema = {"type": "array", "items": one} if many else one
    default = argument.default
    if isinstance(default, (str, int, float, bool)):
        found["default"] = default
    return found


def type_of(kind: Any) -> Schema:
    """What the `type` of an argument takes: a Python type, one of `inputs`, or something with a schema."""
    said = getattr(kind, "__schema__", None)
    if isinstance(said, dict):
        return _upright(said)
    try:
        known = _TYPES.get(kind)
    except TypeError:  # it is unhashable
        known = None
    if known is not None:
        return dict(known)
    module = getattr(kind, "__module__", "") or ""
    if module.endswith(".reqparse"):
        return {"type": "string"}  # the text that the two take where no type is given
    if module.endswith(".inputs") and getattr(kind, "__name__", "") in _INPUTS:
        return dict(_INPUTS[kind.__name__])
    owner = type(kind)
    if owner.__module__.endswith(".inputs") and owner.__name__ == "int_range":
        return {"type": "integer", "minimum": kind.low, "maximum": kind.high}
    if owner.__module__.endswith(".inputs") and owner.__name__ == "regex":
        return {"type": "string", "pattern": kind.pattern}
    return {"x-apiver-unknown": f"an argument of the type {getattr(kind, '__name__', owner.__name__)}"}


def _upright(said: Schema) -> Schema:
    # flask-restx writes schemas as Swagger 2.0 has them, where an exclusive bound is a flag.
    found = dict(said)
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if found.get(flag) is True and bound in found:
            found[flag] = found.pop(bound)
        elif found.get(flag) is False:
            del found[flag]
    return found


def _parameter(argument: Any, place: str) -> Schema:
    found: Schema = {"name": argument.name, "in": place}
    if isinstance(argument.help, str):
        found["description"] = argument.help
    if argument.required:
        found["required"] = True
    found["schema"] = schema_of(argument, json=False)
    if argument.action == "split":
        found |= {"style": "form", "explode": False} if place == "query" else {}
    return found


def _body(fields: dict[str, dict[str, Any]]) -> Schema:
    content: Schema = {}
    if fields["json"]:
        content[JSON] = {"schema": object_of(fields["json"].values(), json=True)}
    if fields["form"] or fields["files"]:
        form = object_of([*fields["form"].values(), *fields["files"].values()], json=False)
        for name in fields["files"]:
            form["properties"][name] = {"type": "string", "format": "binary"}
        for media in (MULTIPART,) if fields["files"] else (URLENCODED, MULTIPART):
            content[media] = {"schema": form}
    if not content:
        return {}
    required = any(media["schema"].get("required") for media in content.values())
    return {"required": True, "content": content} if required else {"content": content}


def object_of(arguments: Iterable[Any], *, json: bool) -> Schema:
    """The object whose members are these arguments."""
    found: Schema = {"type": "object", "properties": {}}
    for argument in arguments:
        said = schema_of(argument, json=json)
        if isinstance(argument.help, str):
            said["description"] = argument.help
        found["properties"][argument.name] = said
    required = [argument.name for argument in arguments if argument.required]
    if required:
        found["required"] = required
    return found
