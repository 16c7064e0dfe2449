"""Parameters of Swagger 2.0: those that stay parameters, and those that become a request body."""

from __future__ import annotations

from typing import Any, NamedTuple

from apiver.contract.pointer import join
from apiver.contract.swagger.ledger import HOMES, Ledger
from apiver.contract.swagger.schemas import BARE, bare_schema, schema

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_JOINED = {
    "csv": ("form", False),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
    "multi": ("form", True),
}
_UNREAD = "x-apiver-unknown"


class Given(NamedTuple):
    """A parameter of an operation: itself, where it was written, and where it is used."""

    raw: dict[str, Any]
    pointer: str
    used: str

    @property
    def key(self) -> tuple[str, str]:
        """What makes it another parameter than the next one: its place and name."""
        return str(self.raw.get("in")), str(self.raw.get("name"))

    @property
    def in_body(self) -> bool:
        """Whether it is a request body in OpenAPI 3, or a part of one."""
        return self.raw.get("in") in ("body", "formData")


class Types(NamedTuple):
    """Media types that an operation reads or writes, and the pointer to where the document lists them."""

    names: tuple[str, ...]
    pointer: str


def given(ledger: Ledger, holder: dict[str, Any], pointer: str) -> list[Given]:
    """The parameters of an operation or a path item, references followed."""
    parameters = holder.get("parameters")
    found = []
    for at, each in enumerate(parameters if isinstance(parameters, list) else ()):
        used = f"{pointer}/parameters/{at}"
        raw, written = ledger.follow(each, used)
        if isinstance(raw, dict):
            found.append(Given(raw, written, used))
    return found


def kept(ledger: Ledger, holder: dict[str, Any], new: str, old: str) -> Any:
    """The `parameters` of an operation or path item without those that become its body."""
    parameters = holder["parameters"]
    if not isinstance(parameters, list):
        return parameters
    result: list[Any] = []
    for at, each in enumerate(parameters):
        used = f"{old}/parameters/{at}"
        raw, _ = ledger.follow(each, used)
        if isinstance(raw, dict) and raw.get("in") in ("body", "formData"):
            continue
        here = f"{new}/parameters/{len(result)}"
        ledger.move(here, used)
        result.append(parameter(ledger, each, here, used))
    return result


def parameter(ledger: Ledger, raw: Any, new: str, old: str) -> Any:
    """A Parameter Object of OpenAPI 3.0, or a reference to one."""
    if not isinstance(raw, dict):
        return raw
    if isinstance(raw.get("$ref"), str):
        section, _, name = raw["$ref"].removeprefix("#/").partition("/")
        if section == "parameters" and "/" not in name:
            return {"$ref": f"#/{HOMES[section]}/{name}"}
        raw, old = ledger.follow(raw, old)
        ledger.move(new, old)
        if not isinstance(raw, dict):
            return raw
    result = {key: part for key, part in raw.items() if key not in BARE and key != "collectionFormat"}
    if "schema" in raw:
        result["schema"] = schema(ledger, raw["schema"], f"{new}/schema", f"{old}/schema")
        return result
    result["schema"] = bare_schema(ledger, raw, f"{new}/schema", old)
    if raw.get("type") == "array":
        result |= _serialization(ledger, raw, new, old)
    return result


def _serialization(ledger: Ledger, raw: dict[str, Any], new: str, old: str) -> dict[str, Any]:
    """How an array is written: `collectionFormat` as `style` and `explode`."""
    said = raw.get("collectionFormat", "csv")
    for key in ("style", "explode"):
        ledger.move(f"{new}/{key}", f"{old}/collectionFormat")
    if said == "csv" and raw.get("in") not in ("query", "formData"):
        return {}  # `simple`, which is what is meant where nothing is said
    if said not in _JOINED:
        return {_UNREAD: f"OpenAPI 3 has no way to write collectionFormat: {said}"}
    style, explode = _JOINED[said]
    return {"style": style, "explode": explode}


def request_body(ledger: Ledger, parts: list[Given], consumes: Types, new: str) -> dict[str, Any] | None:
    """The Request Body Object that `body` and `formData` parameters make; None where there are none."""
    body = next((each for each in parts if each.raw.get("in") == "body"), None)
    if body is not None:
        return _body(ledger, body, consumes, new)
    fields = [each for each in parts if each.raw.get("in") == "formData"]
    return _form(ledger, fields, consumes, new) if fields else None


def _body(ledger: Ledger, body: Given, consumes: Types, new: str) -> dict[str, Any]:
    raw, old = body.raw, body.pointer
    ledger.move(new, old)
    names = consumes.names or ("application/json",)
    kept_keys = ("description", "required")
    result: dict[str, Any] = {key: raw[key] for key in kept_keys if key in raw}
    result["content"] = {
        name: {"schema": schema(ledger, raw["schema"], f"{place}/schema", f"{old}/schema")}
        if "schema" in raw
        else {}
        for name, place in media_objects(ledger, names, consumes, new)
    }
    for _, place in _places(names, new):
        ledger.move(f"{place}/schema", f"{old}/schema")
    return result


def _form(ledger: Ledger, fields: list[Given], consumes: Types, new: str) -> dict[str, Any]:
    ledger.move(new, fields[0].used)
    files = any(each.raw.get("type") == "file" for each in fields)
    forms = tuple(
        name for name in consumes.names if name.partition(";")[0].strip() in (URLENCODED, MULTIPART)
    )
    names = forms or ((MULTIPART,) if files else (URLENCODED,))
    content: dict[str, Any] = {}
    for name, place in media_objects(ledger, names, consumes, new):
        inner = f"{place}/schema"
        ledger.move(inner, fields[0].used)
        properties: dict[str, Any] = {}
        encoding: dict[str, Any] = {}
        for each in fields:
            key, there = str(each.raw.get("name")), each.pointer
            properties[key] = bare_schema(ledger, each.raw, join(inner, "properties", key), there)
            if "description" in each.raw:
                properties[key]["description"] = each.raw["description"]
            if each.raw.get("type") == "array":
                encoding[key] = _serialization(ledger, each.raw, join(place, "encoding", key), there)
                reason = encoding[key].pop(_UNREAD, None)
                if reason is not None:
                    properties[key][_UNREAD] = reason
        required = [each for each in fields if each.raw.get("required") is True]
        media: dict[str, Any] = {"schema": {"type": "object", "properties": properties}}
        for at, each in enumerate(required):
            media["schema"].setdefault("required", []).append(str(each.raw.get("name")))
            ledger.move(f"{inner}/required/{at}", f"{each.pointer}/required")
        if any(encoding.values()):
            media["encoding"] = {key: said for key, said in encoding.items() if said}
        content[name] = media
    result: dict[str, Any] = {"content": content}
    if any(each.raw.get("required") is True for each in fields):
        result["required"] = True
    return result


def _places(names: tuple[str, ...], new: str) -> list[tuple[str, str]]:
    return [(name, join(new, "content", name)) for name in names]


def media_objects(ledger: Ledger, names: tuple[str, ...], types: Types, new: str) -> list[tuple[str, str]]:
    """The media types with the pointers of their objects, which stand in the list of the document."""
    places = _places(names, new)
    if types.names:
        ledger.move(f"{new}/content", types.pointer)
        for name, place in places:
            if name in types.names:
                ledger.move(place, f"{types.pointer}/{types.names.index(name)}")
    return places
