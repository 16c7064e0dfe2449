"""webargs: what the decorators `use_args` and `use_kwargs` read of a request, view by view."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.naming import phrase
from apiver.reading.schemas.marshmallow import EVERY_TYPE, Named, is_schema, json_schema, parameters
from apiver.reading.sources.objects import View, free_variables, loaded
from apiver.reading.sources.routes import Rule, rules
from apiver.reading.sources.smorest import told

Schema = dict[str, Any]

UNKNOWN = "x-apiver-unknown"

_PARAMETERS = {
    "query": "query",
    "querystring": "query",
    "headers": "header",
    "cookies": "cookie",
    "view_args": "path",
    "path": "path",
}
_JSON = ("application/json",)
_MULTIPART = ("multipart/form-data",)
_FORM = ("application/x-www-form-urlencoded", *_MULTIPART)
_BODIES = {"json": _JSON, "form": _FORM, "files": _MULTIPART, "json_or_form": (*_JSON, *_FORM)}
_BODIES["form_and_files"] = _MULTIPART  # as APIFlask's parser calls it
_FILES = frozenset({"files", "form_and_files"})
# Whose parsers read a request as webargs' own does.
_PARSERS = frozenset({"webargs", "apiflask", "apifairy", "flask_smorest"})


class Reading(NamedTuple):
    """One decorator: the parser, the schema (None where it is made for each request), and where it reads."""

    parser: Any
    schema: Any
    location: str
    unknown: str | None
    status: int
    checked: bool


def layers(app: Flask) -> Iterator[Layer]:
    """A partial document: parameters and bodies of the decorated views, and the status of a refusal."""
    parser = loaded("webargs.core.Parser")
    if parser is None:
        return
    named = Named()
    paths: dict[str, Any] = {}
    failures: list[str] = []
    known = told(app)  # flask-smorest is built on webargs, and says all that it reads
    for rule in rules(app):
        found = [] if (rule.path, rule.method) in known else list(readings(rule, parser))
        if not found:
            continue
        try:
            paths.setdefault(rule.path, {})[rule.method] = _operation(found, named)
        except Exception as problem:  # noqa: BLE001 - making a schema runs code of the app
            failures.append(f"{rule.method.upper()} {rule.path} could not be read: {problem}")
    if paths:
        root = {"openapi": "3.1.0", "paths": paths, "components": {"schemas": named.schemas}}
        yield Layer("declared", "webargs", root, partial=True, handed=True, failures=tuple(failures))


def readings(rule: Rule, parser: type) -> Iterator[Reading]:
    """The decorators around a view, outermost first. `parser` is the class `webargs.core.Parser`."""
    for function in _wrappers(rule):
        held = free_variables(function)
        own = held.get("self")
        if isinstance(own, parser) and "argmap" in held and isinstance(held.get("location"), str):
            yield _reading(own, held)


def _wrappers(rule: Rule) -> Iterator[View]:
    """The view and the method of its class that serves the rule, each with what it wraps."""
    owner = getattr(rule.view, "view_class", None)
    seen: set[int] = set()
    for start in (rule.view, getattr(owner, rule.method, None)):
        function = start
        while function is not None and id(function) not in seen:
            seen.add(id(function))
            yield function
            function = getattr(function, "__wrapped__", None)


def _reading(parser: Any, held: dict[str, Any]) -> Reading:
    location, unknown = held["location"], held.get("unknown")
    if unknown == "_default":
        unknown = parser.unknown
    if unknown == "_default":
        unknown = parser.DEFAULT_UNKNOWN_BY_LOCATION.get(location)
    schema = held["argmap"] if is_schema(held["argmap"]) else None
    status = held.get("error_status_code") or parser.DEFAULT_VALIDATION_STATUS
    return Reading(parser, schema, location, unknown, int(status), bool(held.get("validate")))


def _operation(found: list[Reading], named: Named) -> Schema:
    operation: Schema = {}
    bodies: dict[str, list[Schema]] = {}
    responses: Schema = {}
    for reading in found:
        for status, response in _refusal(reading):
            responses.setdefault(status, response)
        place = _PARAMETERS.get(reading.location)
        if place is not None:
            if _is_read(reading):
                operation.setdefault("parameters", []).extend(parameters(reading.schema, place, named))  # type: ignore[arg-type]
            continue
        for media in _BODIES.get(reading.location, ()):
            bodies.setdefault(media, []).append(_body(reading, named))
    if any(reading.location in _FILES for reading in found):
        bodies.pop(_FORM[0], None)  # it holds no files
    if bodies:
        content = {media: {"schema": _joined(media, said, named)} for media, said in bodies.items()}
        operation["requestBody"] = {"content": content}
        wanted = [_resolved(schema, named) for schemas in bodies.values() for schema in schemas]
        # A body that is not there is read as an object without keys.
        if any(schema.get("required") for schema in wanted):
            operation["requestBody"]["required"] = True
    operation["responses"] = responses
    return operation


def _is_read(reading: Reading) -> bool:
    """Whether the schema says what is read, and no code of the app gets at the request before."""
    return reading.schema is not None and _own_code(reading) is None


def _own_code(reading: Reading) -> str | None:
    """The method of the parser that the app wrote itself, among those that load this location."""
    cls = type(reading.parser)
    loader = cls.__location_map__.get(reading.location)
    if callable(loader):  # a loader that was registered with the parser
        return None if _is_told(loader) else f"the loader of {reading.location}"
    for name in ("pre_load", loader):
        owner = next((parent for parent in cls.__mro__ if name in vars(parent)), None)
        if owner is None or not _is_told(owner):
            return f"{cls.__name__}.{name}"
    return None


def _is_told(part: Any) -> bool:
    """Whether a class or function is one of those whose ways are known here."""
    return str(getattr(part, "__module__", "")).partition(".")[0] in _PARSERS


def _body(reading: Reading, named: Named) -> Schema:
    if reading.schema is None:
        return {UNKNOWN: "the schema is made anew for each request"}
    own = _own_code(reading)
    if own is not None:
        return {UNKNOWN: f"{own} of the app reads the body"}
    schema = json_schema(reading.schema, "load", named, unknown=reading.unknown)
    if reading.location not in ("json", "json_or_form"):
        schema = _of_form(_resolved(schema, named), reading.location == "files")
    if reading.checked:
        return {**schema, "x-apiver-incomplete": "a function of the app checks it as a whole"}
    return schema


def _of_form(schema: Schema, files: bool) -> Schema:
    """The fields of a form are texts or files; a field that takes anything takes what there is."""
    if "properties" not in schema:
        return schema
    found = {}
    for name, part in schema["properties"].items():
        anything = set(part.get("type", ())) >= set(EVERY_TYPE)
        rest = {key: value for key, value in part.items() if key != "type"} if anything else part
        found[name] = {"type": "string", "format": "binary", **rest} if anything and files else rest
    return {**schema, "properties": found}


def _joined(media: str, schemas: list[Schema], named: Named) -> Schema:
    """One JSON body has to fit every schema; of a form each decorator reads its own part."""
    parts = [_resolved(schema, named) for schema in schemas]
    if len(schemas) == 1:
        return schemas[0]
    if media in _JSON or not all("properties" in part for part in parts):
        return {"allOf": schemas}
    found: Schema = {"type": "object", "properties": {}}
    for part in parts:
        found["properties"] |= part["properties"]
    required = [name for part in parts for name in part.get("required", ())]
    if required:
        found["required"] = required
    if any(part.get("additionalProperties") is False for part in parts):
        found["additionalProperties"] = False
    return found


def _resolved(schema: Schema, named: Named) -> Schema:
    return named.schemas.get(str(schema.get("$ref", "")).rpartition("/")[2], schema)


def _refusal(reading: Reading) -> Iterator[tuple[str, Schema]]:
    """The status of an answer to what does not fit. What it holds is up to the error handlers of the app."""
    cls = type(reading.parser)
    owner = next((parent for parent in cls.__mro__ if "handle_error" in vars(parent)), cls)
    if reading.parser.error_callback is not None or not _is_told(owner):
        reason = "the app's own error handler of the parser answers"
        yield "4XX", {"description": "Any other refusal", UNKNOWN: reason}
    else:
        yield str(reading.status), {"description": phrase(str(reading.status))}
