from __future__ import annotations

from typing import Any

import pytest

from apiver.compare import diff
from apiver.contract.document import Document
from apiver.contract.fields import unknown_parts
from apiver.contract.reader import parse
from apiver.contract.validate import problems

FULL = b"""\
openapi: 3.2.0
$self: https://example.org/api.yaml
jsonSchemaDialect: https://spec.openapis.org/oas/3.2/dialect/2025-09-17
info: {title: t, version: "1"}
servers: [{url: /a, name: main, description: d, variables: {v: {default: a}}}]
tags: [{name: b}, {name: a, kind: nav, parent: b}]
paths:
  /a:
    summary: s
    x-any: 1
    query:
      parameters:
        - {name: q, in: querystring, content: {application/json: {schema: {requried: [a]}}}}
        - {name: c, in: cookie, style: cookie, schema: {}, example: 1, deprecated: true}
      responses:
        default: {summary: s, content: {application/jsonl: {$ref: '#/components/mediaTypes/Lines'}}}
      callbacks: {c: {'{$url}': {post: {responses: {'200': {links: {l: {operationId: a}}}}}}}}
    additionalOperations:
      COPY: {responses: {'204': {description: done}}, security: [], externalDocs: {url: u}}
webhooks: {w: {post: {responses: {default: {description: d}}}}}
components:
  mediaTypes:
    Lines: {itemSchema: {type: string}, itemEncoding: {contentType: text/plain, headers: {X: {schema: {}}}}}
  securitySchemes:
    s:
      type: oauth2
      oauth2MetadataUrl: u
      flows: {deviceAuthorization: {deviceAuthorizationUrl: u, tokenUrl: u, scopes: {}}}
  examples: {e: {dataValue: 1, serializedValue: "1"}}
"""


def document(**item: Any) -> Document:
    return Document({"openapi": "3.1.0", "paths": {"/a": item}}, "d")


def test_all_of_openapi_is_known() -> None:
    read = parse(FULL, "api.yaml")
    assert problems(read.root) == ()
    assert list(unknown_parts(read.root)) == []
    comparison = diff(read, read)
    assert (comparison.changes, comparison.not_compared) == ((), ())


@pytest.mark.parametrize(
    ("item", "pointer", "reason"),
    [
        ({"gett": {}}, "/paths/~1a/gett", "'gett' is no field of a path item in OpenAPI"),
        (
            {"get": {"parametres": []}},
            "/paths/~1a/get/parametres",
            "'parametres' is no field of an operation",
        ),
        (
            {"parameters": [{"name": "q", "in": "query", "requried": True}]},
            "/paths/~1a/parameters/0/requried",
            "'requried' is no field of a parameter",
        ),
        (
            {"get": {"responses": {"200": {"headers": {"X": {"requird": True}}}}}},
            "/paths/~1a/get/responses/200/headers/X/requird",
            "'requird' is no field of a header",
        ),
        (
            {"get": {"callbacks": {"c": {"{$url}": {"post": {"parametres": 1}}}}}},
            "/paths/~1a/get/callbacks/c/{$url}/post/parametres",
            "'parametres' is no field of an operation",
        ),
    ],
)
def test_what_is_not_known_is_said_with_its_place(item: dict[str, Any], pointer: str, reason: str) -> None:
    (found,) = unknown_parts(document(**item).root)
    assert found.pointer == pointer
    assert found.reason.startswith(reason)
    (told,) = diff(document(), document(**item)).not_compared
    assert (told.side, told.pointer) == ("new", pointer)
    assert diff(document(**item), document(**item)).not_compared == ()


def test_a_dialect_that_is_not_known_is_said() -> None:
    root = {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2019-09/schema",
        "paths": {},
    }
    (told,) = diff(Document(root, "d"), document()).not_compared
    assert told.pointer == "/jsonSchemaDialect"
    assert "are read as JSON Schema 2020-12" in told.reason


def test_names_and_data_are_no_fields() -> None:
    root = {
        "openapi": "3.1.0",
        "paths": {
            "/a": {"get": {"responses": {"200": {"content": {"a/b": {"examples": {"e": {"anything": 1}}}}}}}}
        },
        "components": {"parameters": {"anything": {"name": "a", "in": "query", "example": {"anything": 1}}}},
        "x-anything": {"paths": {"/a": {"gett": 1}}},
    }
    assert list(unknown_parts(root)) == []
