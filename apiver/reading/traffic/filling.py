"""What was observed, laid over what was inferred: it fills what is unknown, and overrides nothing.

A sample shows that something happens, never that nothing else does. So an observed part is marked as
such, with `x-apiver-incomplete` for what may be missing from it, and a comparison finds nothing breaking
on it. Where a sample shows what the reading of the code rules out, one of the two is wrong: that is drift.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from apiver.contract.document import Place
from apiver.reading.account import INCOMPLETE, UNKNOWN
from apiver.reading.layering.drift import Drift
from apiver.reading.naming import phrase
from apiver.reading.traffic.observations import Seen
from apiver.reading.traffic.schemas import SOURCE, body, parameter, schema, seen
from apiver.recording.joining import greater
from apiver.recording.shapes import SAMPLES

Schema = dict[str, Any]

RECORDED = "recorded traffic"
"""What drift calls the source of what was observed."""

_COMPONENT = "#/components/schemas/"
_DEEPEST = 24
_BODILESS = frozenset({"204", "205", "304"})


class Words(NamedTuple):
    """How drift speaks of what a recording contradicts."""

    status: str
    kinds: str
    unset: str
    always: str


CODE = Words(
    "the code does not show how", "the code gives", "the code does not set it", "the code always sets it"
)
DECLARATION = Words(
    "the declaration does not have it",
    "declared is",
    "the declaration does not have it",
    "it is declared as required",
)


@dataclass(slots=True)
class Filling:
    """The filling of the operations of one contract.

    `schemas` are its components. Several operations tell of one component, so that components are filled
    at the end, by `components`. `words` are those for what drift is about.
    """

    schemas: dict[str, Schema]
    words: Words = CODE
    _pending: dict[str, list[tuple[Schema, int, str, bool]]] = field(default_factory=dict)
    _drift: list[Drift] = field(default_factory=list)

    def operation(
        self, name: str, inferred: Schema, observed: Seen, *, answers: bool = True
    ) -> tuple[Schema, list[Drift]]:
        """The inferred operation, filled, and where the two disagree. `name` is its method and path.

        Without `answers` its responses stay as they are, as where a declaration takes their place.
        """
        before = len(self._drift)
        made = dict(inferred)
        self._parameters(made, observed)
        self._request_body(name, made, observed)
        if answers:
            self._responses(name, made, observed)
        return made, self._drift[before:]

    def components(self) -> list[Drift]:
        """Fill the components that operations have told of; returns where they disagree."""
        before, done = len(self._drift), 0
        while self._pending and done < _DEEPEST:  # one component may tell of another
            pending, self._pending, done = self._pending, {}, done + 1
            for component in sorted(pending):
                told = pending[component]
                spot = _Spot(
                    told[0][2],
                    component,
                    max(requests for _, requests, _, _ in told),
                    all(request for *_, request in told),
                    self.schemas[component],
                )
                shape = greater(shape for shape, *_ in told)
                self.schemas[component] = self._filled(self.schemas[component], shape, spot, 0)
        return self._drift[before:]

    def _parameters(self, made: Schema, observed: Seen) -> None:
        parts = {
            (place, name.lower() if place == "header" else name): entry
            for place, section in (("query", "query"), ("header", "headers"))
            for name, entry in observed.get(section, {}).items()
        }
        found = []
        for one in made.get("parameters", ()):
            key = one["in"], one["name"].lower() if one["in"] == "header" else one["name"]
            entry = parts.get(key)
            if entry is not None and _is_blank(one.get("schema", {})):
                one = {**one, "schema": _told(one["schema"], parameter(entry), entry["requests"])}
            found.append(one)
        if found:
            made["parameters"] = found

    def _request_body(self, name: str, made: Schema, observed: Seen) -> None:
        own = made.get("requestBody")
        if own is None:
            return
        content = dict(own.get("content", {}))
        for media, entry in observed.get("bodies", {}).items():
            if "schema" not in entry:
                continue
            if media in content:
                spot = _Spot(name, "body", entry["requests"], True, own)
                filled = self._filled(content[media].get("schema", {}), entry["schema"], spot, 0)
                content[media] = {**content[media], "schema": filled}
            elif "*/*" in content:
                content[media] = _media(media, entry, request=True)
        if set(content) > {"*/*"} and "*/*" not in observed.get("bodies", {}):
            content.pop("*/*", None)
        made["requestBody"] = {**own, "content": content}

    def _responses(self, name: str, made: Schema, observed: Seen) -> None:
        found = dict(made.get("responses", {}))
        whole = UNKNOWN not in made and all(UNKNOWN not in response for response in found.values())
        for status, entry in sorted(observed.get("responses", {}).items()):
            if status in found:
                found[status] = self._response(name, status, found[status], entry)
            elif status[0] != "5":  # what went wrong in a recording is no promise
                covered = {"default", f"{status[0]}XX"} & set(found) or (
                    status == "401" and made.get("security")
                )
                found[status] = _response(status, entry)
                if whole and not covered:
                    self._differs(
                        _Spot(name, f"response {status}", entry["requests"], False, made),
                        "status-seen",
                        f"{status} was answered, {self.words.status}",
                    )
        made["responses"] = {
            key: found[key] for key in sorted(found, key=lambda key: (key == "default", key))
        }

    def _response(self, name: str, status: str, own: Schema, entry: Mapping[str, Any]) -> Schema:
        content, told = dict(own.get("content", {})), entry.get("content", {})
        if not told or status in _BODILESS:
            return own
        for media, each in told.items():
            spot = _Spot(name, f"{status} body", each["requests"], False, own)
            if media in content:
                if "schema" in each:
                    filled = self._filled(content[media].get("schema", {}), each["schema"], spot, 0)
                    content[media] = {**content[media], "schema": filled}
            elif "*" not in media:
                content[media] = _media(media, each)
                if own.get("content") and "*/*" not in own["content"]:
                    message = f"{media} was answered, {self.words.kinds} {', '.join(own['content'])}"
                    self._differs(spot, "media-type-seen", message)
        if "*/*" in content and len(content) > 1 and UNKNOWN in content["*/*"].get("schema", {}):
            reason = content.pop("*/*")["schema"][UNKNOWN]
            own = {**own, INCOMPLETE: f"its media types are those that were recorded: {reason}"}
        return {**own, "content": {media: content[media] for media in sorted(content)}}

    def _filled(self, own: Schema, shape: Schema, spot: _Spot, depth: int) -> Schema:
        """A schema with what a shape tells of the parts of it that are not known."""
        if depth > _DEEPEST or not shape:
            return own
        if "$ref" in own:
            name = own["$ref"].removeprefix(_COMPONENT)
            if name in self.schemas:
                entry = shape, spot.requests, spot.operation, spot.request
                self._pending.setdefault(name, []).append(entry)
            return own
        if _is_blank(own):
            made = schema(shape, spot.requests, request=spot.request)
            kinds = _types(own)
            if kinds and not kinds & _kinds(shape):
                return own
            return _told(own, {**made, **({"type": own["type"]} if kinds else {})}, spot.requests)
        if "anyOf" in own:
            return self._alternatives(own, shape, spot, depth)
        kinds = _types(own)
        strange = sorted(_kinds(shape) - kinds - ({"integer"} if "number" in kinds else set()))
        if kinds and strange:
            message = f"{' and '.join(strange)} was seen, {self.words.kinds} {' or '.join(sorted(kinds))}"
            self._differs(spot, "type-seen", message)
        if "object" in kinds:
            for one in _of_kind(shape, "object"):
                own = self._object(own, one, spot, depth)
        if "array" in kinds:
            for one in _of_kind(shape, "array"):
                if isinstance(own.get("items"), dict) and one.get("items"):
                    items = self._filled(own["items"], one["items"], spot.at("[]", own["items"]), depth + 1)
                    own = {**own, "items": items}
        return own

    def _alternatives(self, own: Schema, shape: Schema, spot: _Spot, depth: int) -> Schema:
        """Each kind of what was seen goes to the one alternative that can be meant by it, if there is one."""
        parts = list(own["anyOf"])
        for kind in ("object", "array"):
            takers = [index for index, part in enumerate(parts) if kind in self._kinds_of(part)]
            if len(takers) == 1:
                for one in _of_kind(shape, kind):
                    parts[takers[0]] = self._filled(parts[takers[0]], one, spot, depth + 1)
        blank = [index for index, part in enumerate(parts) if _is_blank(part) and not _types(part)]
        known = set().union(*(self._kinds_of(part) for part in parts))
        if len(blank) == 1:
            left = [part for part in shape.get("anyOf", [shape]) if not _types(part) <= known]
            if left:
                parts[blank[0]] = self._filled(parts[blank[0]], greater(left), spot, depth + 1)
        known = set().union(*(self._kinds_of(part) or {"anything"} for part in parts))
        strange = sorted(_kinds(shape) - known - ({"integer"} if "number" in known else set()))
        if strange and "anything" not in known:
            message = f"{' and '.join(strange)} was seen, {self.words.kinds} {' or '.join(sorted(known))}"
            self._differs(spot, "type-seen", message)
        return {**own, "anyOf": parts}

    def _kinds_of(self, part: Schema) -> set[str]:
        for _ in range(_DEEPEST):
            if "$ref" not in part:
                break
            part = self.schemas.get(part["$ref"].removeprefix(_COMPONENT), {})
        if "anyOf" in part:
            kinds = [self._kinds_of(one) for one in part["anyOf"]]
            return set().union(*kinds) if all(kinds) else set()
        return _types(part)

    def _object(self, own: Schema, shape: Schema, spot: _Spot, depth: int) -> Schema:
        told, known = shape.get("properties", {}), own.get("properties", {})
        properties = dict(known)
        for name, part in known.items():
            if name in told:
                properties[name] = self._filled(part, told[name], spot.at(f".{name}", part), depth + 1)
        others = {name: part for name, part in told.items() if name not in known}
        rest = own.get("additionalProperties")
        if isinstance(rest, dict):
            shapes = [
                *others.values(),
                *([shape["additionalProperties"]] if "additionalProperties" in shape else []),
            ]
            if shapes:
                own = {
                    **own,
                    "additionalProperties": self._filled(
                        rest, greater(shapes), spot.at("{}", rest), depth + 1
                    ),
                }
        elif UNKNOWN in own:
            return self._opened(own, shape, properties, spot)
        elif not spot.request and INCOMPLETE not in own:
            for name in others:
                message = f"{name} was seen, {self.words.unset}"
                self._differs(spot.at(f".{name}", own), "property-seen", message)
        if not spot.request and "additionalProperties" not in shape:
            for name in sorted(set(own.get("required", ())) - set(shape.get("required", ()))):
                if known.get(name, {}).get("writeOnly"):
                    continue  # it belongs to requests alone
                message = f"{name} was missing in a recorded answer, {self.words.always}"
                self._differs(spot.at(f".{name}", known.get(name, own)), "property-missing", message)
        return {**own, "properties": properties} if properties else own

    def _opened(self, own: Schema, shape: Schema, properties: Schema, spot: _Spot) -> Schema:
        """An object that may have further keys, with those that were seen."""
        made = schema(shape, spot.requests, request=spot.request)
        samples = shape.get(SAMPLES, 1)
        for name, part in made.get("properties", {}).items():
            if name not in properties:
                properties[name] = {**part, **seen(samples)}
        required = {*own.get("required", ()), *made.get("required", ())} & set(properties)
        found = {key: part for key, part in own.items() if key not in (UNKNOWN, "required", "properties")}
        if properties:
            found["properties"] = properties
        if required:
            found["required"] = [name for name in properties if name in required]
        if "additionalProperties" in made and "additionalProperties" not in own:
            found["additionalProperties"] = made["additionalProperties"]
        return _told(own, found, spot.requests)

    def _differs(self, spot: _Spot, kind: str, message: str) -> None:
        found = Drift(kind, spot.operation, spot.part, message, RECORDED, _place(spot.near))
        if found not in self._drift:
            self._drift.append(found)


def held_against(declared: Iterable[tuple[str, Schema, Seen]], schemas: Mapping[str, Schema]) -> list[Drift]:
    """Where operations as they are declared disagree with what was observed; nothing of them is changed.

    Each comes with its method and path; `schemas` are the components that they refer to.
    """
    filling, drift = Filling(dict(schemas), DECLARATION), []
    for name, operation, observed in declared:
        drift += filling.operation(name, operation, observed)[1]
    return drift + filling.components()


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a filling stands: the operation, the part of it in words, and how many requests tell of it."""

    operation: str
    part: str
    requests: int
    request: bool
    near: Schema

    def at(self, step: str, near: Schema) -> _Spot:
        near = near if SOURCE in near else self.near
        return _Spot(self.operation, f"{self.part}{step}", self.requests, self.request, near)


def _is_blank(own: Schema) -> bool:
    """Whether nothing but a kind is known of what a schema describes."""
    if not own:
        return True
    return UNKNOWN in own and not {"properties", "items", "anyOf", "$ref", "additionalProperties"} & set(own)


def _told(own: Schema, made: Schema, requests: int) -> Schema:
    """What was observed in the place of what is unknown, with the reason why it was unknown."""
    reason = own.get(UNKNOWN)
    found = {key: part for key, part in made.items() if key != SOURCE}
    if UNKNOWN not in made:
        why = f" ({reason})" if reason else ""
        found[INCOMPLETE] = f"it is known from {_many(requests)} alone{why}"
    place = {key: part for key, part in own.get(SOURCE, {}).items() if key in ("file", "line")}
    return {**found, SOURCE: {"by": "observed", "requests": requests, **place}}


def _many(requests: int) -> str:
    return "one recorded request" if requests == 1 else f"{requests} recorded requests"


def _media(media: str, entry: Mapping[str, Any], *, request: bool = False) -> Schema:
    found = body(media, entry, request=request)
    if found and UNKNOWN not in found:
        found = _told({}, found, entry["requests"])
    return {"schema": found, **seen(entry["requests"])}


def _response(status: str, entry: Mapping[str, Any]) -> Schema:
    found: Schema = {"description": phrase(status)}
    headers = {
        name: {"schema": parameter(each), **seen(each["requests"])}
        for name, each in entry.get("headers", {}).items()
    }
    content = {media: _media(media, each) for media, each in entry.get("content", {}).items()}
    if headers:
        found["headers"] = headers
    if content and status not in _BODILESS:
        found["content"] = content
    return {**found, **seen(entry["requests"])}


def _types(value: Schema) -> set[str]:
    kinds = value.get("type", [])
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _kinds(shape: Schema) -> set[str]:
    return set().union(_types(shape), *(_types(part) for part in shape.get("anyOf", ())))


def _of_kind(shape: Schema, kind: str) -> Iterator[Schema]:
    for part in shape.get("anyOf", [shape]):
        if kind in _types(part):
            yield part


def _place(near: Schema) -> Place | None:
    source = near.get(SOURCE)
    if not isinstance(source, dict) or not isinstance(source.get("file"), str):
        return None
    return Place(source["file"], source.get("line", 1))
