"""OpenAPI 3.2 -> 3.1: what 3.1 can say as it says it, and the rest marked where it stood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiver.contract.pointer import of_reference, resolve
from apiver.contract.structure import rebuilt

UNKNOWN = "x-apiver-unknown"
_DIALECT = "https://spec.openapis.org/oas/3.2/"
_ENCODINGS = ("prefixEncoding", "itemEncoding")
# Words that change nothing about what is sent, kept as extensions (OpenAPI 3.2.0, the object of that name).
_WORDS = {
    "server": ("name",),
    "tag": ("summary", "parent", "kind"),
    "response": ("summary",),
    "mediaType": ("description",),
    "securityScheme": ("deprecated", "oauth2MetadataUrl"),
    "xml": ("nodeType",),
}
_QUERIES = "application/x-www-form-urlencoded"
_NAMED_ALONE = frozenset({"type", "title", "description", "properties", "required"})
_SINGLE = ("string", "integer", "number", "boolean")
_CHAIN = 100


def of_32(root: dict[str, Any]) -> dict[str, Any]:
    """A copy of an OpenAPI 3.2 document in the words of 3.1, still under its own number.

    Media types by reference are put in their place, and a query string that is an object of named parameters
    becomes these parameters. What 3.1 has no words for, such as the methods of `additionalOperations` or
    `itemSchema`, leaves an `x-apiver-unknown` with the reason; words that describe become extensions.
    """
    made: dict[str, Any] = rebuilt("document", root, _Descent(root).change)
    if isinstance(made.get("tags"), list):
        made["tags"] = [_told("tag", tag) if isinstance(tag, dict) else tag for tag in made["tags"]]
    return made


class _Descent:
    """The changes to the objects of one document, whose references may be followed."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._changes: dict[str, Callable[[dict[str, Any]], Any]] = {
            "document": _document,
            "components": self._components,
            "pathItem": self._path_item,
            "operation": self._operation,
            "parameter": self._parameter,
            "mediaType": self._media_type,
            "encoding": _encoding,
            "response": _response,
            "example": _example,
            "securityScheme": _security_scheme,
            "schema": _schema,
        }

    def change(self, kind: str, value: dict[str, Any]) -> Any:
        """What 3.1 says in the place of an object whose parts are in the words of 3.1 already."""
        value = _told(kind, value)
        change = self._changes.get(kind)
        return value if change is None else change(value)

    def _components(self, value: dict[str, Any]) -> dict[str, Any]:
        value.pop("mediaTypes", None)  # each stands where it was referred to
        parameters = value.get("parameters")
        if isinstance(parameters, dict):
            whole = [name for name, each in parameters.items() if self._is_query_string(each)]
            value["parameters"] = {name: each for name, each in parameters.items() if name not in whole}
        return value

    def _is_query_string(self, parameter: Any) -> bool:
        followed = self._follow(parameter)
        return isinstance(followed, dict) and followed.get("in") == "querystring"

    def _path_item(self, value: dict[str, Any]) -> dict[str, Any]:
        more = value.pop("additionalOperations", None)
        lost = ["QUERY"] if value.pop("query", None) is not None else []
        lost += list(more) if isinstance(more, dict) else []
        if lost:
            value[UNKNOWN] = f"OpenAPI 3.1 has no way to describe the method {', '.join(lost)}"
        return self._with_queries(value)

    def _operation(self, value: dict[str, Any]) -> dict[str, Any]:
        return self._with_queries(value)

    def _with_queries(self, holder: dict[str, Any]) -> dict[str, Any]:
        """An operation or path item whose `in: querystring` is one parameter for each name."""
        parameters = holder.get("parameters")
        if not isinstance(parameters, list):
            return holder
        kept: list[Any] = []
        for each in parameters:
            if not self._is_query_string(each):
                kept.append(each)
                continue
            named = self._named_queries(self._follow(each))
            if named is None:
                holder[UNKNOWN] = "OpenAPI 3.1 has no way to describe the query string as a whole"
            kept += named or []
        holder["parameters"] = kept
        if not kept:
            del holder["parameters"]
        return holder

    def _named_queries(self, parameter: dict[str, Any]) -> list[dict[str, Any]] | None:
        """The parameters that a form in the query string holds; None where it may hold others too."""
        content = parameter.get("content")
        media = self._follow(content.get(_QUERIES)) if isinstance(content, dict) else None
        if not isinstance(media, dict) or "encoding" in media:
            return None
        schema = self._follow(media.get("schema"))
        if not isinstance(schema, dict) or not isinstance(schema.get("properties"), dict):
            return None
        if not schema.keys() <= _NAMED_ALONE:
            return None
        required = schema.get("required", [])
        if required and parameter.get("required") is not True:
            return None  # nothing at all, or these: no parameter alone can say that
        return [
            {
                "name": name,
                "in": "query",
                **({"required": True} if name in required else {}),
                "schema": rebuilt("schema", each, self.change),
            }
            for name, each in schema["properties"].items()
        ]

    def _parameter(self, value: dict[str, Any]) -> dict[str, Any]:
        if value.get("in") == "cookie" and value.get("style") == "cookie":
            # The two differ in how several values are written.
            value["style"] = "form"
            schema = self._follow(value.get("schema"))
            if not isinstance(schema, dict) or schema.get("type") not in _SINGLE:
                value[UNKNOWN] = "OpenAPI 3.1 has no way to write style: cookie"
        if "allowReserved" in value and value.get("in") not in ("query", None):
            value["x-allowReserved"] = value.pop("allowReserved")
        return value

    def _media_type(self, value: dict[str, Any]) -> dict[str, Any]:
        if isinstance(value.get("$ref"), str):
            followed = self._follow(value)
            if not isinstance(followed, dict) or followed.get("$ref"):
                return {"schema": {UNKNOWN: f"{value['$ref']} leads nowhere"}}
            made: dict[str, Any] = rebuilt("mediaType", followed, self.change)
            return made
        if value.pop("itemSchema", None) is not None and "schema" not in value:
            value["schema"] = {
                UNKNOWN: "OpenAPI 3.1 has no way to describe the items of a stream (itemSchema)"
            }
        if _taken(value, _ENCODINGS):
            value[UNKNOWN] = "OpenAPI 3.1 has no way to describe parts of multipart by their position"
        return value

    def _follow(self, value: Any) -> Any:
        """What a reference within the document leads to; the value itself where it is none."""
        for _ in range(_CHAIN):
            reference = value.get("$ref") if isinstance(value, dict) else None
            pointer = of_reference(reference) if isinstance(reference, str) else None
            if pointer is None:
                break
            try:
                value = resolve(self._root, pointer)
            except LookupError:
                break
        return value


def _told(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    """The object with the words that 3.1 does not have as extensions."""
    names = _WORDS.get(kind, ())
    if "$ref" in value or not any(name in value for name in names):
        return value
    return {f"x-{key}" if key in names else key: part for key, part in value.items()}


def _document(value: dict[str, Any]) -> dict[str, Any]:
    value.pop("$self", None)  # the name of the document, which says nothing of the API
    if str(value.get("jsonSchemaDialect", "")).startswith(_DIALECT):
        del value["jsonSchemaDialect"]
    return value


def _encoding(value: dict[str, Any]) -> dict[str, Any]:
    if _taken(value, (*_ENCODINGS, "encoding")):
        value[UNKNOWN] = "OpenAPI 3.1 has no way to describe the encoding of a part within a part"
    return value


def _response(value: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in value:
        value.setdefault("description", str(value.get("x-summary", "")))
    return value


def _example(value: dict[str, Any]) -> dict[str, Any]:
    if "dataValue" in value:
        value["value"] = value.pop("dataValue")
    if "serializedValue" in value:
        value["x-serializedValue"] = value.pop("serializedValue")
    return value


def _security_scheme(value: dict[str, Any]) -> dict[str, Any]:
    flows = value.get("flows")
    if isinstance(flows, dict) and "deviceAuthorization" in flows:
        flows["x-deviceAuthorization"] = flows.pop("deviceAuthorization")
        value[UNKNOWN] = "OpenAPI 3.1 has no way to describe the flow deviceAuthorization"
    return value


def _schema(value: dict[str, Any]) -> dict[str, Any]:
    discriminator = value.get("discriminator")
    if isinstance(discriminator, dict) and "defaultMapping" in discriminator:
        # In 3.1 the tag must be there, so a schema where it may be absent has none.
        value["x-discriminator"] = value.pop("discriminator")
    if isinstance(value.get("xml"), dict):
        value["xml"] = _told("xml", value["xml"])
    return value


def _taken(value: dict[str, Any], keys: tuple[str, ...]) -> bool:
    """Take the keys out of an object; whether there were any."""
    found = [key for key in keys if key in value]
    for key in found:
        del value[key]
    return bool(found)
