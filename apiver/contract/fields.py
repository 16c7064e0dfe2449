"""The fields that OpenAPI gives its objects, and those of a document that are none of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from apiver.contract.pointer import join
from apiver.contract.structure import KINDS, Part, parts

_SAID = "$ref summary description"
_PLAIN = {
    "document": "openapi info security tags externalDocs jsonSchemaDialect $self",
    "components": "",
    "pathItem": _SAID,
    "operation": "tags summary description externalDocs operationId responses deprecated security",
    "parameter": f"{_SAID} name in required deprecated allowEmptyValue style explode allowReserved example",
    "header": f"{_SAID} required deprecated style explode allowReserved allowEmptyValue example",
    "requestBody": f"{_SAID} required",
    "mediaType": f"{_SAID} example",
    "encoding": "contentType style explode allowReserved",
    "response": _SAID,
    "server": "url description name variables",
    "link": f"{_SAID} operationRef operationId parameters requestBody",
    "securityScheme": (
        f"{_SAID} type name in scheme bearerFormat flows openIdConnectUrl oauth2MetadataUrl deprecated"
    ),
}
FIELDS: dict[str, frozenset[str]] = {
    kind: frozenset((*plain.split(), *KINDS[kind])) for kind, plain in _PLAIN.items()
}
"""The fields of each kind of object, OpenAPI 3.2 and before; any object may have extensions (`x-...`) too."""

_ELSEWHERE = ("schema", "example")
_BELOW = {
    kind: {name: field for name, field in fields.items() if field.kind not in _ELSEWHERE}
    for kind, fields in KINDS.items()
}
_DIALECTS = ("https://spec.openapis.org/oas/3.", "https://json-schema.org/draft/2020-12/schema")
_NAMES = {
    "document": "a document",
    "operation": "an operation",
    "encoding": "an encoding",
    "components": "the components",
    "pathItem": "a path item",
    "requestBody": "a request body",
    "mediaType": "a media type",
    "securityScheme": "a security scheme",
}


class Unknown(NamedTuple):
    """A part that nobody can compare: where it is, what it says, and why."""

    pointer: str
    value: Any
    reason: str


def unknown_parts(root: dict[str, Any]) -> Iterator[Unknown]:
    """What stands in a document of OpenAPI 3 and has no meaning there that apiver knows.

    Fields that no version of OpenAPI has, misspelled ones as a rule, and a dialect of JSON Schema other than
    its own. The insides of schemas, where any word may be an annotation, are not looked at.
    """
    dialect = root.get("jsonSchemaDialect")
    if isinstance(dialect, str) and not dialect.startswith(_DIALECTS):
        yield Unknown("/jsonSchemaDialect", dialect, f"schemas of {dialect} are read as JSON Schema 2020-12")
    with suppress(RecursionError):
        if _is_known("document", root):  # as a rule, and that is said several times as fast
            return
    todo = [Part("document", root, "")]
    while todo:
        part = todo.pop()
        known = FIELDS.get(part.kind, part.value.keys())
        for key, value in part.value.items():
            if key not in known and not key.startswith("x-"):
                name = _NAMES.get(part.kind, f"a {part.kind}")
                yield Unknown(join(part.pointer, key), value, f"{key!r} is no field of {name} in OpenAPI")
        todo += reversed([each for each in parts(part) if each.kind not in _ELSEWHERE])


def _is_known(kind: str, value: dict[str, Any]) -> bool:
    """Whether an object and those below it have no fields but their own."""
    known, below = FIELDS.get(kind), _BELOW[kind]
    if "" in below:
        return all(_is_known(below[""].kind, each) for each in value.values() if isinstance(each, dict))
    for key, part in value.items():
        field = below.get(key)
        if field is None:
            if known is not None and key not in known and key[:2] != "x-":
                return False
        elif field.shape == "one":
            if isinstance(part, dict) and not _is_known(field.kind, part):
                return False
        elif isinstance(part, (dict, list)):
            for each in part.values() if isinstance(part, dict) else part:
                if isinstance(each, dict) and not _is_known(field.kind, each):
                    return False
    return True
