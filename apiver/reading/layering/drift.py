"""Where what an app declares and what its code does disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apiver.contract.document import Place
from apiver.reading.layering.declared import SCHEMAS, UNKNOWN
from apiver.reading.layering.declared_file import Unserved
from apiver.reading.layering.merge import Declared, declares_request, key_of, leaves_success_open

Schema = dict[str, Any]

_SOURCE = "x-apiver-source"
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Drift:
    """One disagreement.

    `kind` is a stable slug, `operation` the method and path below the version's prefix, `part` what of it is
    meant (`response 404`, `200 body.title`), `message` what the two say of it, `source` who declares it, and
    `place` the line of code, None where the code has no line of its own for it.
    """

    kind: str
    operation: str
    part: str
    message: str
    source: str
    place: Place | None


def drifts(
    name: str,
    inferred: Schema,
    declared: Declared,
    schemas: Mapping[str, Schema],
    wholes: frozenset[str] = frozenset(),
) -> Iterator[Drift]:
    """Where an operation as it was inferred disagrees with the whole document of one layer.

    `name` is its method and path; `schemas` are the components that both refer to; of the locations `wholes`
    the code may read any parameter. Only what was
    read for certain is held against a declaration; what an extension does by itself (fill in, filter, check)
    is taken to be done as it is declared.
    """
    comparison = _Comparison(name, inferred, declared, schemas, wholes)
    yield from comparison.statuses()
    yield from comparison.bodies()
    yield from comparison.requests()
    yield from comparison.credentials()


def unserved(operations: Iterable[Unserved]) -> Iterator[Drift]:
    """The operations that a file declares and the app has no route for."""
    for one in operations:
        name, message = f"{one.method} {one.path}", "it is declared, the app has no such route"
        yield Drift("operation-not-served", name, "operation", message, one.source, one.place)


@dataclass(frozen=True, slots=True)
class _Comparison:
    name: str
    inferred: Schema
    declared: Declared
    schemas: Mapping[str, Schema]
    wholes: frozenset[str]

    def statuses(self) -> Iterator[Drift]:
        said, done = self.declared.operation.get("responses", {}), self.inferred.get("responses", {})
        if not said:
            return
        enforced = self.declared.layer.enforced
        for status, response in done.items():
            if status[0] in "123" and leaves_success_open(said):
                continue
            # An extension that writes the response sets its status too, where the view names none.
            if not status.isdigit() or _covered(status, said) or (enforced and status == "200"):
                continue
            if _place(response) is not None and _place(response) == _place(
                self.inferred.get("requestBody", {})
            ):
                continue  # what Flask answers to a body that it cannot parse; nobody declares that
            if status == "401" and self.declared.operation.get("security"):
                continue  # that there are credentials to give says what happens without them
            message = f"the code answers {status}, the declaration does not have it"
            yield self._drift("status-not-declared", f"response {status}", message, response)
        if enforced or not _is_whole(done) or UNKNOWN in self.inferred:
            return
        for status in said:
            if status.isdigit() and status[0] in "23" and status not in done:
                message = f"{status} is declared, the code never answers it"
                yield self._drift("status-never-answered", f"response {status}", message, self.inferred)

    def bodies(self) -> Iterator[Drift]:
        said, done = self.declared.operation.get("responses", {}), self.inferred.get("responses", {})
        for status, response in done.items():
            declared, content = said.get(status, {}).get("content", {}), response.get("content", {})
            for media, entry in content.items():
                if media in declared:
                    schema = declared[media].get("schema")
                    yield from self._values(schema, entry.get("schema"), f"{status} body", response, 0)
                elif (
                    declared and media != "*/*" and not self.declared.layer.enforced and "*/*" not in declared
                ):
                    message = f"the code answers {media}, declared is {', '.join(declared)}"
                    yield self._drift("media-type-not-declared", f"response {status}", message, response)

    def _values(self, said: Any, done: Any, part: str, near: Schema, depth: int) -> Iterator[Drift]:
        said, done = self._resolved(said), self._resolved(done)
        if not said or not done or UNKNOWN in said or UNKNOWN in done or depth > _DEEPEST:
            return
        near = done if _SOURCE in done else near
        ours, theirs = _types(done), _types(said)
        if ours and theirs and not ours & theirs:
            if self.declared.layer.enforced and ours != {"null"}:
                return  # a field writes what it is given in its own type
            message = f"the code gives {_listed(ours)}, declared is {_listed(theirs)}"
            yield self._drift("type-differs", part, message, near)
            return
        if "items" in said and "items" in done:
            yield from self._values(said["items"], done["items"], f"{part}[]", near, depth + 1)
        if "properties" in said and "properties" in done:
            yield from self._members(said, done, part, near, depth)

    def _members(self, said: Schema, done: Schema, part: str, near: Schema, depth: int) -> Iterator[Drift]:
        set_here, enforced = done["properties"], self.declared.layer.enforced
        for name, schema in said["properties"].items():
            if name not in set_here:
                # A filter fills in defaults, and reads attributes that no dictionary shows.
                if "additionalProperties" not in done and not enforced and not schema.get("writeOnly"):
                    message = f"{name} is declared, the code never sets it"
                    yield self._drift("property-never-set", f"{part}.{name}", message, near)
                continue
            if name in said.get("required", ()) and name not in done.get("required", ()) and not enforced:
                message = f"{name} is declared as required, the code does not always set it"
                yield self._drift("property-not-always-set", f"{part}.{name}", message, near)
            yield from self._values(schema, set_here[name], f"{part}.{name}", near, depth + 1)
        if enforced or said.get("additionalProperties") or "patternProperties" in said:
            return
        for name, schema in set_here.items():
            if name not in said["properties"]:
                message = f"the code sets {name}, the declaration does not have it"
                yield self._drift("property-not-declared", f"{part}.{name}", message, {**near, **schema})

    def requests(self) -> Iterator[Drift]:
        operation = self.declared.operation
        if not declares_request(operation):
            return
        said = {key_of(one): one for one in operation.get("parameters", ()) if one.get("in") != "path"}
        done = {key_of(one): one for one in self.inferred.get("parameters", ()) if one["in"] != "path"}
        for key, one in done.items():
            if key not in said:
                message = f"the code reads {one['name']}, the declaration does not have it"
                yield self._drift("parameter-not-declared", f"{one['in']} {one['name']}", message, one)
        body, own = operation.get("requestBody"), self.inferred.get("requestBody")
        if own and not body:
            message = "the code reads a body, the declaration has none"
            yield self._drift("body-not-declared", "body", message, own)
        if self.declared.layer.enforced or self.declared.layer.handed:
            return
        everything_read = not _holds_unknown(self.inferred)
        for key, one in said.items():
            if key not in done and everything_read and one["in"] not in self.wholes:
                message = f"{one['name']} is declared, the code never reads it"
                yield self._drift(
                    "parameter-never-read", f"{one['in']} {one['name']}", message, self.inferred
                )
        for media, entry in (own or {}).get("content", {}).items():
            declared = (body or {}).get("content", {}).get(media, {}).get("schema")
            yield from self._demands(declared, entry.get("schema"), own or {})

    def _demands(self, said: Any, done: Any, near: Schema) -> Iterator[Drift]:
        said, done = self._resolved(said), self._resolved(done)
        if "properties" not in said or "properties" not in done:
            return
        for name, schema in done["properties"].items():
            part, place = f"body.{name}", {**near, **schema}
            if name not in said["properties"] and not said.get("additionalProperties"):
                message = f"the code reads {name}, the declaration does not have it"
                yield self._drift("property-not-declared", part, message, place)
            elif name in done.get("required", ()) and name not in said.get("required", ()):
                message = f"the code requires {name}, the declaration does not"
                yield self._drift("property-required", part, message, place)

    def credentials(self) -> Iterator[Drift]:
        if self.declared.operation.get("security") == [] and self.inferred.get("security"):
            message = "the code asks for credentials, the declaration says that none are needed"
            yield self._drift("security-not-declared", "security", message, self.inferred)

    def _resolved(self, schema: Any) -> Schema:
        for _ in range(_DEEPEST):
            if not isinstance(schema, dict) or not isinstance(schema.get("$ref"), str):
                break
            schema = self.schemas.get(schema["$ref"].removeprefix(SCHEMAS))
        return schema if isinstance(schema, dict) else {}

    def _drift(self, kind: str, part: str, message: str, near: Schema) -> Drift:
        place = _place(near) or _place(self.inferred)
        return Drift(kind, self.name, part, message, self.declared.layer.source, place)


def _covered(status: str, said: Schema) -> bool:
    return status in said or f"{status[0]}XX" in said or "default" in said


def _is_whole(responses: Schema) -> bool:
    """Whether every way through the view was read to its end."""
    return "default" not in responses and all(UNKNOWN not in response for response in responses.values())


def _types(schema: Schema) -> frozenset[str]:
    kinds = schema.get("type", ())
    found = frozenset((kinds,) if isinstance(kinds, str) else kinds)
    return found | {"integer"} if "number" in found else found


def _listed(types: frozenset[str]) -> str:
    return " or ".join(sorted(types - {"integer"} if "number" in types else types))


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, list):
        return any(_holds_unknown(member) for member in value)
    if not isinstance(value, dict):
        return False
    return UNKNOWN in value or any(_holds_unknown(member) for member in value.values())


def _place(part: Schema) -> Place | None:
    source = part.get(_SOURCE)
    if not isinstance(source, dict) or not isinstance(source.get("file"), str):
        return None
    return Place(source["file"], source.get("line", 1))
