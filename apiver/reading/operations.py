"""One route -> one operation of the contract."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apiver.contract.document import Place
from apiver.inventory import Route
from apiver.reading.inference.frame import Journal, Shared
from apiver.reading.inference.requests.demands import Asking, Part
from apiver.reading.inference.requests.security import Security, security
from apiver.reading.inference.responses.answers import Outcome
from apiver.reading.inference.responses.schemas import UNKNOWN, Components, schema, source
from apiver.reading.inference.values.facts import Subject
from apiver.reading.inference.values.shapes import Header, Known, Typed, Unknown, Value, options, union
from apiver.reading.inference.views import Reading, read_view
from apiver.reading.naming import operation_id, phrase, tag, texts

Schema = dict[str, Any]

# What HTTP and OpenAPI give a meaning of their own (OpenAPI 3.1, Parameter Object; RFC 9110).
_NO_PARAMETERS = frozenset({"accept", "content-type", "authorization", "content-length", "host", "cookie"})
_NO_HEADERS = frozenset({"content-type"})
_REFUSED = "4XX"
_NOT_HERE = frozenset({400, 404, 405, 406, 410, 415})  # how a view says that a version does not have it
_UNCHANGED = 304  # as good an answer as the content itself
_BODILESS = frozenset({204, 205, 304})
# What they carry has no meaning (RFC 9110, section 9.3.1): a program that looks at it looks at nothing.
_BODILESS_METHODS = frozenset({"GET", "HEAD", "TRACE"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, and the security schemes that it names.

    `selects` says that its code looks at what selects the version, `refuses` that it does so to answer with
    nothing but errors: the version does not have this operation. `wholes` are the locations (`query`,
    `header`) of which it may read any part, for it uses them as a whole.
    """

    value: Schema
    schemes: Schema
    selects: bool = False
    refuses: bool = False
    wholes: frozenset[str] = frozenset()


def operation(route: Route, path: str, shared: Shared, components: Components) -> Operation:
    """Read the view of `route` and write down what it takes and what it answers."""
    reading = read_view(route, shared)
    successes = [outcome.facts for outcome in _accepting(reading.outcomes)]
    refused = [outcome.facts for outcome in reading.outcomes if outcome.status in (401, 403)]
    asking = Asking(reading.journal, successes, components.described, reading.hooked, refused)
    secured = security(route.app, reading.journal, asking, reading.outcomes)
    found: Schema = {"operationId": operation_id(route.method, path)}
    summary, description = texts(_docstring(route))
    name = tag(route.blueprint)
    parts: list[tuple[str, Any]] = [
        ("summary", summary),
        ("description", description),
        ("tags", [name] if name else None),
        ("parameters", _parameters(route, path, asking, secured)),
        ("requestBody", _body(asking, route.method)),
        ("security", secured.requirements),
        ("responses", _responses(reading, asking, components)),
    ]
    found |= {key: value for key, value in parts if value}
    found |= source(Place(route.file, route.line or 0) if route.file else None)
    defects = [note.message for note in reading.journal.notes if note.defect]
    if defects:
        found[UNKNOWN] = defects[0]
    selects = bool(reading.journal.selects) or bool(route.pinned)
    statuses = [outcome.status for outcome in reading.outcomes]
    refuses = selects and all(status is not None and 400 <= status < 500 for status in statuses)
    refuses = refuses and any(status in _NOT_HERE for status in statuses)
    return Operation(found, secured.schemes, selects, refuses, _wholes(reading.journal))


def _wholes(journal: Journal) -> frozenset[str]:
    """The locations that are named somewhere without a part of them being read on the same line."""
    read = {(part.subject.location, part.place) for part in journal.reads if part.subject.path}
    found = {location for location, place in journal.opened if (location, place) not in read}
    return frozenset(found | {"query"} if "values" in found else found)


def _docstring(route: Route) -> str | None:
    said = getattr(inspect.unwrap(route.handler), "__doc__", None)
    return said if isinstance(said, str) else None


def _parameters(route: Route, path: str, asking: Asking, secured: Security) -> list[Schema]:
    found: list[Schema] = []
    names = re.findall(r"\{([^}]*)\}", path)
    # A rule may be mounted below a prefix that has variables of its own: those belong to the server.
    for name, parameter in _path_parameters(names, route):
        entry = {"name": name, "in": "path", "required": True, "schema": dict(parameter.schema)}
        found.append({**entry, **source(Place(route.file, route.line or 0) if route.file else None)})
    hidden = secured.subjects
    for location in ("query", "header", "cookie"):
        parts = [part for part in asking.parts(location) if not _is_hidden(location, part, hidden)]
        found += [_parameter(location, part) for part in sorted(parts, key=lambda part: part.name.lower())]
    return found


def _path_parameters(names: list[str], route: Route) -> list[tuple[str, Any]]:
    known = {parameter.name: parameter for parameter in route.parameters}
    known |= {f"{parameter.name}_{parameter.converter}": parameter for parameter in route.parameters}
    return [(name, known[name]) for name in names if name in known]


def _is_hidden(location: str, part: Part, hidden: frozenset[Subject]) -> bool:
    if location == "header" and part.name.lower() in _NO_PARAMETERS:
        return True
    name = part.name.lower() if location == "header" else part.name
    return Subject(location, (name,)) in hidden


def _parameter(location: str, part: Part) -> Schema:
    found: Schema = {"name": part.name, "in": location}
    if part.required:
        found["required"] = True
    found["schema"] = part.schema
    if part.lenient:
        found["x-apiver-lenient"] = True
    return {**found, **source(part.place)}


def _body(asking: Asking, method: str) -> Schema | None:
    content: Schema = {}
    required = False
    places: list[Place] = []
    if asking.asks_for("json"):
        root = Subject("json")
        content["application/json"] = {"schema": asking.schema(root)}
        required = asking.is_required(root) or bool(content["application/json"]["schema"].get("required"))
        places += [read.place for read in asking.reads(root)]
    files, fields = asking.parts("file"), asking.parts("form")
    if files or fields or asking.asks_for("form") or asking.asks_for("file"):
        form = _form([*fields, *files])
        for media in _FORMS[1:] if files else _FORMS:
            content[media] = {"schema": form}
        required = required or bool(form.get("required"))
        places += [part.place for part in (*fields, *files) if part.place is not None]
    if not content and asking.asks_for("raw") and method not in _BODILESS_METHODS:
        content["*/*"] = {"schema": {UNKNOWN: "the body is read as it comes"}}
        places += [read.place for read in asking.reads(Subject("raw"))]
    if not content:
        return None
    body: Schema = {"content": content}
    if required:
        body["required"] = True
    return {**body, **source(places[0] if places else None)}


def _form(parts: list[Part]) -> Schema:
    if not parts:
        return {"type": "object", UNKNOWN: "the form is not read key by key"}
    found: Schema = {"type": "object"}
    found["properties"] = {
        part.name: {
            **part.schema,
            **({"x-apiver-lenient": True} if part.lenient else {}),
            **source(part.place),
        }
        for part in parts
    }
    required = [part.name for part in parts if part.required]
    if required:
        found["required"] = required
    return found


def _responses(reading: Reading, asking: Asking, components: Components) -> Schema:
    by_status: dict[str, list[Outcome]] = {}
    for outcome in reading.outcomes:
        by_status.setdefault(_key(outcome), []).append(outcome)
    if not by_status:
        return {"default": {"description": "unknown", UNKNOWN: "no way through the view ends in a response"}}
    ordered = sorted(by_status, key=lambda status: (status == "default", status))
    return {status: _response(status, by_status[status], asking, components) for status in ordered}


def _accepting(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes that tell what a request must be like: successes, else redirects, else whatever there is.

    A hook that sends people to a login page says nothing of what the view demands.
    """
    followed = [outcome for outcome in outcomes if outcome.followed and not outcome.refusal]
    for limit in (300, 400):
        found = [
            one for one in followed if one.status is None or one.status < limit or one.status == _UNCHANGED
        ]
        if found:
            return found
    return followed


def _key(outcome: Outcome) -> str:
    """The status as the key of a response. What a library does around a view is to let through or refuse."""
    if outcome.status is not None:
        return str(outcome.status)
    return _REFUSED if outcome.library else "default"


def _response(status: str, outcomes: list[Outcome], asking: Asking, components: Components) -> Schema:
    found: Schema = {"description": phrase(status)}
    headers = _headers(outcomes, asking, components)
    if headers:
        found["headers"] = headers
    content = {} if status.isdigit() and int(status) in _BODILESS else _content(outcomes, asking, components)
    if content:
        found["content"] = content
    reason = next((outcome.reason for outcome in outcomes if outcome.reason), None)
    if not status.isdigit():
        found[UNKNOWN] = reason or "the status is computed"
    return {**found, **source(_telling(outcomes, asking))}


def _telling(outcomes: list[Outcome], asking: Asking) -> Place | None:
    """The line that says most of a response: a refusal of the program's rather than of `get_json()`."""
    parsed = {read.place for read in asking.reads(Subject("json"))}
    return next((outcome.place for outcome in outcomes if outcome.place not in parsed), outcomes[0].place)


def _headers(outcomes: list[Outcome], asking: Asking, components: Components) -> Schema:
    found: dict[str, list[Header]] = {}
    for outcome in outcomes:
        for name, header in outcome.reply.headers.items():
            spelled = next((held for held in found if held.lower() == name.lower()), name)
            found.setdefault(spelled, []).append(header)
    headers: Schema = {}
    for name in sorted(found, key=str.lower):
        if name.lower() in _NO_HEADERS:
            continue
        held = found[name]
        entry: Schema = {"schema": _header_schema([header.value for header in held])}
        if len(held) == len(outcomes) and all(header.required for header in held):
            entry["required"] = True
        headers[name] = {**entry, **source(held[0].place)}
    return headers


def _header_schema(values: list[Value]) -> Schema:
    # On the wire a header is text; a number stays one in its digits.
    flat = [option for value in values for option in options(value)]
    kinds = {
        option.cls if isinstance(option, Typed) else type(getattr(option, "value", "")) for option in flat
    }
    return {"type": "integer"} if kinds == {int} else {"type": "string"}


def _content(outcomes: list[Outcome], asking: Asking, components: Components) -> Schema:
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.reply.body is None:
            continue
        for option in options(outcome.reply.media):
            known = isinstance(option, Known) and isinstance(option.value, str) and option.value
            found.setdefault(str(option.value) if isinstance(option, Known) and known else "*/*", []).append(
                outcome
            )
    content: Schema = {}
    for media in sorted(found):
        bodies = [outcome.reply.body for outcome in found[media] if outcome.reply.body is not None]
        if all(outcome.reply.json for outcome in found[media]):
            content[media] = {"schema": schema(union(bodies), components, asking)}
        else:
            content[media] = {"schema": _text(bodies, media, found[media][0])}
    return content


def _text(bodies: list[Value], media: str, outcome: Outcome) -> Schema:
    if media == "*/*":
        first = next((b for b in bodies if isinstance(b, Unknown)), None)
        reason = first.reason if first is not None else outcome.reason or "the media type is not known"
        return {UNKNOWN: reason, **source(first.place if first is not None else outcome.place)}
    kinds = {_text_type(body) for body in bodies}
    if kinds == {"binary"}:
        return {"type": "string", "format": "binary"}
    if media == "application/json" or media.endswith("+json"):
        return {UNKNOWN: "the JSON text is made by hand", **source(outcome.place)}
    return {"type": "string"}


def _is_bytes(value: Value) -> bool:
    if isinstance(value, Known):
        return isinstance(value.value, bytes)
    return isinstance(value, Typed) and value.cls is bytes


def _text_type(body: Value) -> str:
    flat = options(body)
    if all(_is_bytes(option) for option in flat):
        return "binary"
    return "text"
