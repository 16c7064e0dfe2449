"""A document of 3.2 in the words of 3.1: nothing is lost without a word."""

from __future__ import annotations

import copy
from typing import Any

from apiver.contract.raising import to_31
from apiver.contract.validate import problems


def lowered(operation: dict[str, Any], **more: Any) -> dict[str, Any]:
    root = {
        "openapi": "3.2.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/x": {"get": operation}},
        **more,
    }
    kept = copy.deepcopy(root)
    assert problems(root) == ()
    found = to_31(root)
    assert root == kept
    assert problems(found) == ()
    assert found["openapi"] == "3.1.0"
    return found


def get(root: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = root["paths"]["/x"]["get"]
    return found


OK: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}


def test_what_both_have_stays() -> None:
    schema = {"type": ["string", "null"], "examples": ["a"]}
    operation = {
        "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}}
    }
    assert get(lowered(operation)) == operation


def test_words_that_describe_become_extensions() -> None:
    found = lowered(
        {
            "responses": {"200": {"summary": "A book"}, "404": {}},
            "requestBody": {
                "content": {"text/plain": {"description": "the text", "schema": {"type": "string"}}}
            },
        },
        servers=[{"url": "/api", "name": "live"}],
        tags=[{"name": "books", "summary": "Books", "kind": "nav", "parent": "all"}, {"name": "all"}],
        **{"$self": "https://a.example/openapi"},
        components={
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-Key", "deprecated": True}
            },
        },
    )
    assert get(found)["responses"] == {
        "200": {"x-summary": "A book", "description": "A book"},
        "404": {"description": ""},
    }
    assert get(found)["requestBody"]["content"]["text/plain"]["x-description"] == "the text"
    assert found["servers"] == [{"url": "/api", "x-name": "live"}]
    assert found["tags"][0] == {"name": "books", "x-summary": "Books", "x-kind": "nav", "x-parent": "all"}
    assert found["components"]["securitySchemes"]["key"]["x-deprecated"] is True
    assert "$self" not in found


def test_methods_that_3_1_does_not_have_are_told() -> None:
    root = {
        "openapi": "3.2.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/x": {"get": OK, "query": OK, "additionalOperations": {"COPY": OK}}},
    }
    found = to_31(root)
    assert problems(found) == ()
    assert found["paths"]["/x"] == {
        "get": OK,
        "x-apiver-unknown": "OpenAPI 3.1 has no way to describe the method QUERY, COPY",
    }


def test_media_types_by_reference_are_put_in_place() -> None:
    found = lowered(
        {
            "responses": {
                "200": {
                    "description": "OK",
                    "content": {"application/json": {"$ref": "#/components/mediaTypes/Book"}},
                }
            }
        },
        components={"mediaTypes": {"Book": {"schema": {"type": "object"}, "description": "a book"}}},
    )
    content = get(found)["responses"]["200"]["content"]
    assert content == {"application/json": {"schema": {"type": "object"}, "x-description": "a book"}}
    assert "mediaTypes" not in found["components"]


def test_streams_and_parts_by_position_are_told() -> None:
    found = lowered(
        {
            "requestBody": {
                "content": {"multipart/mixed": {"schema": {"type": "array"}, "itemEncoding": {}}}
            },
            "responses": {
                "200": {
                    "description": "OK",
                    "content": {"application/jsonl": {"itemSchema": {"type": "object"}}},
                }
            },
        }
    )
    assert get(found)["responses"]["200"]["content"]["application/jsonl"] == {
        "schema": {
            "x-apiver-unknown": "OpenAPI 3.1 has no way to describe the items of a stream (itemSchema)"
        }
    }
    assert get(found)["requestBody"]["content"]["multipart/mixed"] == {
        "schema": {"type": "array"},
        "x-apiver-unknown": "OpenAPI 3.1 has no way to describe parts of multipart by their position",
    }


def whole(schema: dict[str, Any], required: bool = False) -> dict[str, Any]:
    content = {"application/x-www-form-urlencoded": {"schema": schema}}
    return {"name": "q", "in": "querystring", "required": required, "content": content}


def test_a_query_string_of_named_parameters() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
        "required": ["a"],
    }
    page = {"name": "page", "in": "header", "schema": {"type": "integer"}}
    found = lowered(
        {"parameters": [page, {"$ref": "#/components/parameters/Q"}], **OK},
        components={
            "parameters": {"Q": whole({"$ref": "#/components/schemas/Query"}, True)},
            "schemas": {"Query": schema},
        },
    )
    assert get(found)["parameters"] == [
        page,
        {"name": "a", "in": "query", "required": True, "schema": {"type": "integer"}},
        {"name": "b", "in": "query", "schema": {"type": "string"}},
    ]
    assert found["components"]["parameters"] == {}


def test_a_query_string_that_is_no_list_of_parameters_is_told() -> None:
    told = "OpenAPI 3.1 has no way to describe the query string as a whole"
    for parameter in (
        whole({"type": "object", "additionalProperties": {"type": "string"}}),
        whole({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}),
    ):
        operation = get(lowered({"parameters": [parameter], **OK}))
        assert operation == {**OK, "x-apiver-unknown": told}


def test_cookies() -> None:
    cookie = {"name": "c", "in": "cookie", "style": "cookie"}
    found = lowered(
        {
            "parameters": [
                {**cookie, "schema": {"type": "string"}},
                {**cookie, "name": "d", "schema": {"type": "array"}},
            ],
            **OK,
        }
    )
    assert get(found)["parameters"] == [
        {**cookie, "style": "form", "schema": {"type": "string"}},
        {
            **cookie,
            "name": "d",
            "style": "form",
            "schema": {"type": "array"},
            "x-apiver-unknown": "OpenAPI 3.1 has no way to write style: cookie",
        },
    ]


def test_examples_discriminators_and_flows() -> None:
    flow = {"deviceAuthorizationUrl": "https://a.example/d", "tokenUrl": "https://a.example/t", "scopes": {}}
    found = lowered(
        {
            "responses": {
                "200": {
                    "description": "OK",
                    "content": {
                        "application/json": {
                            "schema": {
                                "oneOf": [{"$ref": "#/components/schemas/Cat"}],
                                "discriminator": {"propertyName": "kind", "defaultMapping": "Cat"},
                            },
                            "examples": {
                                "one": {"dataValue": {"kind": "Cat"}, "serializedValue": '{"kind":"Cat"}'}
                            },
                        }
                    },
                }
            }
        },
        components={
            "schemas": {"Cat": {"type": "object"}},
            "securitySchemes": {"device": {"type": "oauth2", "flows": {"deviceAuthorization": flow}}},
        },
    )
    assert get(found)["responses"]["200"]["content"]["application/json"] == {
        "schema": {
            "oneOf": [{"$ref": "#/components/schemas/Cat"}],
            "x-discriminator": {"propertyName": "kind", "defaultMapping": "Cat"},
        },
        "examples": {"one": {"value": {"kind": "Cat"}, "x-serializedValue": '{"kind":"Cat"}'}},
    }
    assert found["components"]["securitySchemes"]["device"] == {
        "type": "oauth2",
        "flows": {"x-deviceAuthorization": flow},
        "x-apiver-unknown": "OpenAPI 3.1 has no way to describe the flow deviceAuthorization",
    }
