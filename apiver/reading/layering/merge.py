"""What is declared of an operation, laid over what was inferred of it, part by part."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from apiver.reading.layering.declared import UNKNOWN
from apiver.reading.layering.layers import INJECTED, Layer

Schema = dict[str, Any]

SOURCE = "x-apiver-source"
# In the order in which people read an operation; whatever else is declared comes before the last one.
_ORDER = ("operationId", "summary", "description", "tags", "deprecated", "parameters", "requestBody")
_ORDER_AFTER = ("security", "responses")
_TEXTS = ("summary", "description", "tags", "deprecated", "externalDocs", "callbacks")
# What OpenAPI gives a place of their own, so that parameters of these names say nothing.
_NO_PARAMETERS = frozenset({"accept", "content-type", "authorization"})
_WHERE_IT_GOES_WELL = re.compile(r"[123]..|[123]XX|default")
_WHERE_IT_GOES_WRONG = re.compile(r"[45]..")
_BODILESS = frozenset({"204", "205", "304"})
_UNREAD_BODY = frozenset({"*/*"})
_WIDEST = {"type": "string"}


class Declared(NamedTuple):
    """An operation as one layer declares it, with the path template that the layer gives it."""

    layer: Layer
    template: str
    operation: Schema


def merged(inferred: Schema, path: str, declared: Sequence[Declared]) -> Schema:
    """The operation at `path`: what its layers declare, by precedence, and what was inferred of the rest.

    A whole document is taken at its word: its parameters and body if it has any of these, its responses
    if it has any. A default response that an extension gives every operation makes room for the errors that
    the code has. A body that the code reads stays where the document has parameters alone: many write
    down no more than those. A response that it declares without a content has the one that was inferred
    for that status. What a partial layer holds replaces the same part. Every part says where it comes from
    (`x-apiver-source`).
    """
    whole = next((one for one in declared if not one.layer.partial), None)
    value = dict(inferred)
    if whole is not None:
        value = _taken(value, path, whole)
    asked = whole is not None and declares_request(whole.operation)
    answered = whole is not None and bool(whole.operation.get("responses"))
    for partial in reversed([one for one in declared if one.layer.partial]):
        value = _overlaid(value, path, partial, asked=asked, answered=answered)
    keys = [
        *_ORDER,
        *(key for key in value if key not in (*_ORDER, *_ORDER_AFTER, SOURCE)),
        *_ORDER_AFTER,
        SOURCE,
    ]
    return {key: value[key] for key in keys if key in value}


def without_credentials(
    inferred: Schema, declared: Sequence[Declared], schemes: Mapping[str, Schema]
) -> Schema:
    """`inferred` without the parameters by which a declared security scheme asks who somebody is."""
    named = {
        name for one in declared for requirement in one.operation.get("security", ()) for name in requirement
    }
    keys = {key_of(scheme) for name in named if (scheme := schemes.get(name, {})).get("type") == "apiKey"}
    kept = [one for one in inferred.get("parameters", ()) if key_of(one) not in keys]
    if len(kept) == len(inferred.get("parameters", ())):
        return inferred
    made = {key: part for key, part in inferred.items() if key != "parameters"}
    return {**made, "parameters": kept} if kept else made


def declares_request(operation: Schema) -> bool:
    """Whether an operation says what its request holds, apart from the path."""
    return "requestBody" in operation or any(
        one.get("in") != "path" for one in operation.get("parameters", ())
    )


def leaves_success_open(responses: Schema) -> bool:
    """Whether declared responses say how things go wrong, and not what happens where they do not."""
    return not any(
        _WHERE_IT_GOES_WELL.fullmatch(status) and INJECTED not in response
        for status, response in responses.items()
    )


def _taken(inferred: Schema, path: str, whole: Declared) -> Schema:
    operation = whole.operation
    value = {key: part for key, part in inferred.items() if key != UNKNOWN}
    value |= {key: operation[key] for key in _TEXTS if operation.get(key)}
    value |= {key: part for key, part in operation.items() if key.startswith("x-")}
    if operation.get("operationId"):
        value["operationId"] = operation["operationId"]
    parameters = _path_parameters(inferred, path, whole)
    if declares_request(operation):
        parameters += _others(operation, whole)
        if "requestBody" in operation:
            value["requestBody"] = _marked(operation["requestBody"], whole)
        elif set(inferred.get("requestBody", {}).get("content", ())) <= _UNREAD_BODY:
            value.pop("requestBody", None)
    else:
        parameters += [one for one in inferred.get("parameters", ()) if one["in"] != "path"]
    _put(value, "parameters", parameters)
    if "security" in operation:
        value["security"] = operation["security"]
    if operation.get("responses"):
        value["responses"] = _responses(inferred.get("responses", {}), whole)
    value[SOURCE] = {**value.get(SOURCE, {}), **_mark(whole)}
    return value


def _overlaid(value: Schema, path: str, partial: Declared, *, asked: bool, answered: bool) -> Schema:
    operation = partial.operation
    value = dict(value)
    for key in _TEXTS:
        if operation.get(key):
            value.setdefault(key, operation[key])
    parameters = _path_parameters(value, path, partial)
    others = [one for one in value.get("parameters", ()) if one["in"] != "path"]
    if not asked:
        own = _others(operation, partial)
        held = {key_of(one) for one in own}
        others = [one for one in others if key_of(one) not in held] + own
        if "requestBody" in operation:
            value["requestBody"] = _marked(operation["requestBody"], partial)
    _put(value, "parameters", parameters + others)
    if "security" in operation and "security" not in value:
        value["security"] = operation["security"]
    if operation.get("responses") and not answered:
        own_responses = _responses(value.get("responses", {}), partial)
        known = {**value.get("responses", {}), **own_responses}
        value["responses"] = {status: known[status] for status in sorted(known, key=_status_order)}
    return value


def _status_order(status: str) -> tuple[bool, str]:
    return status == "default", status


def _put(value: Schema, key: str, part: Any) -> None:
    value.pop(key, None)
    if part:
        value[key] = part


def key_of(parameter: Schema) -> tuple[str, str]:
    """The name and the location of a parameter, which tell it from others; names of headers have no case."""
    name = str(parameter["name"])
    return (name.lower() if parameter["in"] == "header" else name), parameter["in"]


def _mark(declared: Declared) -> Schema:
    return {"by": declared.layer.by, "source": declared.layer.source}


def _marked(part: Schema, declared: Declared) -> Schema:
    return {**part, SOURCE: _mark(declared)}


def _others(operation: Schema, declared: Declared) -> list[Schema]:
    """The parameters of an operation beside those of its path, each once."""
    found: dict[tuple[str, str], Schema] = {}
    for one in operation.get("parameters", ()):
        reserved = one.get("in") == "header" and str(one.get("name")).lower() in _NO_PARAMETERS
        if one.get("in") != "path" and not reserved:
            found[key_of(one)] = _marked(one, declared)
    return list(found.values())


def _path_parameters(inferred: Schema, path: str, declared: Declared) -> list[Schema]:
    """The variables of the rule as its converters have them, with what is declared of them in addition."""
    by_name = {
        one["name"]: one for one in declared.operation.get("parameters", ()) if one.get("in") == "path"
    }
    order = dict(
        zip(re.findall(r"\{([^{}]*)\}", path), re.findall(r"\{([^{}]*)\}", declared.template), strict=False)
    )
    found = []
    for own in inferred.get("parameters", ()):
        if own["in"] != "path":
            continue
        other = by_name.get(order.get(own["name"], own["name"])) or by_name.get(own["name"])
        if other is None:
            found.append(own)
            continue
        said = {
            key: part
            for key, part in other.items()
            if key not in ("name", "in", "required", "schema", "content")
        }
        found.append({**own, **said, "schema": _narrowed(own["schema"], other.get("schema", {}))})
    return found


def _narrowed(converter: Schema, said: Schema) -> Schema:
    """Both say what a segment of the path may be; where they disagree the converter decides."""
    if "$ref" in said or converter == _WIDEST:
        return said or converter
    if said.get("type") not in (None, converter.get("type")):
        return converter
    made = {**said, **converter}
    for bound, stricter in (("minimum", max), ("maximum", min)):
        both = [schema[bound] for schema in (said, converter) if isinstance(schema.get(bound), (int, float))]
        if both:
            made[bound] = stricter(both)
    return made


def _responses(inferred: Schema, declared: Declared) -> Schema:
    found: Schema = {}
    if any(INJECTED in response for response in declared.operation["responses"].values()):
        found |= {key: part for key, part in inferred.items() if _WHERE_IT_GOES_WRONG.fullmatch(key)}
    for status, response in declared.operation["responses"].items():
        if INJECTED not in response:
            found[status] = _response(status, response, inferred.get(status, {}), declared)
    if not declared.layer.partial and leaves_success_open(found):
        found |= {key: part for key, part in inferred.items() if _WHERE_IT_GOES_WELL.fullmatch(key)}
    return {status: found[status] for status in sorted(found, key=_status_order)}


def _response(status: str, response: Schema, inferred: Schema, declared: Declared) -> Schema:
    made = _marked(response, declared)
    if status in _BODILESS or "content" not in inferred:
        return made
    content = response.get("content")
    if content and declared.layer.partial and status[0] == "4":
        # A decorator refuses in its own way, and the code behind it in another.
        made["content"] = {
            media: _either(media, content, inferred["content"])
            for media in sorted({*content, *inferred["content"]})
        }
    elif not content:
        made["content"] = inferred["content"]
    else:
        made["content"] = {
            media: entry if "schema" in entry else {**inferred["content"].get(media, {}), **entry}
            for media, entry in content.items()
        }
    if "headers" in inferred and "headers" not in made and not content:
        made["headers"] = inferred["headers"]
    return made


def _either(media: str, said: Schema, done: Schema) -> Schema:
    """A media type that is answered as one of two say, or as both do."""
    if media not in said or media not in done or "schema" not in done[media]:
        return dict(said.get(media) or done[media])
    schema, other = said[media].get("schema"), done[media]["schema"]
    if schema is None or UNKNOWN in other:
        return dict(done[media])
    return dict(said[media]) if schema == other else {**said[media], "schema": {"anyOf": [schema, other]}}
