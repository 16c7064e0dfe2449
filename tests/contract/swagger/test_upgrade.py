"""Swagger 2.0 becomes the OpenAPI 3.0 that says the same, and its parts stay where they were written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from apiver.compare import diff
from apiver.contract.document import Document
from apiver.contract.reader import parse, read
from apiver.contract.validate import problems
from apiver.errors import InputError

PETS = Path(__file__).parents[3] / "fixtures" / "contracts" / "pets"
OK = {"200": {"description": "ok"}}


def swagger(**parts: Any) -> Document:
    root = {"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {}, **parts}
    return parse(json.dumps(root, indent=1).encode(), "old.json")


def operation(method: str = "post", root: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    """The operation of the view that one operation of Swagger becomes."""
    document = swagger(paths={"/a": {method: {"responses": OK, **parts}}}, **(root or {}))
    found: dict[str, Any] = document.root["paths"]["/a"][method]
    return found


def test_the_same_api_in_both_is_no_change() -> None:
    old, new = read(str(PETS / "swagger.yaml")), read(str(PETS / "openapi.yaml"))
    for one, other in ((old, new), (new, old)):
        comparison = diff(one, other)
        assert comparison.changes == ()
        assert comparison.not_compared == ()


def test_the_view_is_valid_openapi() -> None:
    assert problems(read(str(PETS / "swagger.yaml")).root) == ()


@pytest.mark.parametrize(
    ("parts", "urls"),
    [
        ({}, None),
        ({"basePath": "/v1"}, ["/v1"]),
        ({"basePath": "/"}, None),
        ({"host": "a.example"}, ["https://a.example"]),
        (
            {"host": "a.example", "basePath": "/v1", "schemes": ["https", "http"]},
            ["https://a.example/v1", "http://a.example/v1"],
        ),
    ],
)
def test_servers(parts: dict[str, Any], urls: list[str] | None) -> None:
    servers = swagger(**parts).root.get("servers")
    assert (servers and [each["url"] for each in servers]) == urls


def test_an_operation_may_have_schemes_of_its_own() -> None:
    made = operation(root={"host": "a.example", "basePath": "/v1", "schemes": ["http"]}, schemes=["wss"])
    assert made["servers"] == [{"url": "wss://a.example/v1"}]
    assert "schemes" not in made


ARRAY = {"name": "q", "type": "array", "items": {"type": "string", "collectionFormat": "csv"}}


@pytest.mark.parametrize(
    ("place", "collection", "expected"),
    [
        ("query", None, {"style": "form", "explode": False}),
        ("query", "csv", {"style": "form", "explode": False}),
        ("query", "ssv", {"style": "spaceDelimited", "explode": False}),
        ("query", "pipes", {"style": "pipeDelimited", "explode": False}),
        ("query", "multi", {"style": "form", "explode": True}),
        ("header", "csv", {}),
        ("path", None, {}),
    ],
)
def test_how_arrays_are_written(place: str, collection: str | None, expected: dict[str, Any]) -> None:
    said = {} if collection is None else {"collectionFormat": collection}
    (made,) = operation(parameters=[{**ARRAY, "in": place, **said}])["parameters"]
    assert made == {
        "name": "q",
        "in": place,
        "schema": {"type": "array", "items": {"type": "string"}},
        **expected,
    }


def test_what_openapi_cannot_write_is_not_compared() -> None:
    def document(kind: str) -> Document:
        parameter = {**ARRAY, "in": "query", "collectionFormat": "tsv", "items": {"type": kind}}
        return swagger(paths={"/a": {"get": {"parameters": [parameter], "responses": OK}}})

    comparison = diff(document("string"), document("integer"))
    assert comparison.changes == ()
    assert [each.side for each in comparison.not_compared] == ["old", "new"]
    assert "collectionFormat: tsv" in comparison.not_compared[0].reason
    assert str(comparison.not_compared[0].place).startswith("old.json:")


def test_bare_types_become_schemas() -> None:
    bare = {"type": "integer", "format": "int32", "minimum": 1, "exclusiveMinimum": True, "x-nullable": True}
    (made,) = operation(parameters=[{"name": "q", "in": "query", **bare, "allowEmptyValue": True}])[
        "parameters"
    ]
    assert made == {
        "name": "q",
        "in": "query",
        "allowEmptyValue": True,
        "schema": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "exclusiveMinimum": True,
            "nullable": True,
        },
    }


def test_a_body_is_json_where_nothing_is_said() -> None:
    made = operation(parameters=[{"name": "b", "in": "body", "required": True, "schema": {"type": "string"}}])
    assert made["requestBody"] == {
        "required": True,
        "content": {"application/json": {"schema": {"type": "string"}}},
    }
    assert made["parameters"] == []


def test_an_operation_has_its_own_media_types() -> None:
    made = operation(
        root={"consumes": ["application/json"], "produces": ["application/json"]},
        consumes=["text/plain"],
        produces=["text/csv", "text/plain"],
        parameters=[{"name": "b", "in": "body", "schema": {"type": "string"}}],
        responses={
            "200": {"description": "ok", "schema": {"type": "string"}, "examples": {"text/csv": "a,b"}}
        },
    )
    assert list(made["requestBody"]["content"]) == ["text/plain"]
    assert made["responses"]["200"]["content"] == {
        "text/csv": {"schema": {"type": "string"}, "example": "a,b"},
        "text/plain": {"schema": {"type": "string"}},
    }


def test_a_shared_response_is_written_out_for_other_media_types() -> None:
    shared = {"Gone": {"description": "gone", "schema": {"type": "string"}}}
    root = {"produces": ["application/json"], "responses": shared}
    reference = {"404": {"$ref": "#/responses/Gone"}}
    assert operation(root=root, responses=reference)["responses"]["404"] == {
        "$ref": "#/components/responses/Gone"
    }
    made = operation(root=root, responses=reference, produces=["text/plain"])["responses"]["404"]
    assert made == {"description": "gone", "content": {"text/plain": {"schema": {"type": "string"}}}}


def test_forms() -> None:
    fields = [
        {"name": "a", "in": "formData", "type": "string", "required": True, "description": "first"},
        {
            "name": "b",
            "in": "formData",
            "type": "array",
            "items": {"type": "integer"},
            "collectionFormat": "multi",
        },
    ]
    assert operation(parameters=fields)["requestBody"] == {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "a": {"type": "string", "description": "first"},
                        "b": {"type": "array", "items": {"type": "integer"}},
                    },
                    "required": ["a"],
                },
                "encoding": {"b": {"style": "form", "explode": True}},
            }
        },
    }
    with_file = operation(parameters=[{"name": "f", "in": "formData", "type": "file"}])["requestBody"]
    assert with_file == {
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"f": {"type": "string", "format": "binary"}}}
            }
        }
    }


def test_a_body_of_the_path_belongs_to_every_operation() -> None:
    item = {
        "parameters": [
            {"name": "b", "in": "body", "schema": {"type": "string"}},
            {"name": "q", "in": "query", "type": "string"},
        ],
        "put": {"responses": OK},
        "post": {"responses": OK, "parameters": [{"name": "b", "in": "body", "schema": {"type": "integer"}}]},
    }
    made = swagger(paths={"/a": item}).root["paths"]["/a"]
    assert [each["name"] for each in made["parameters"]] == ["q"]
    kinds = [
        made[method]["requestBody"]["content"]["application/json"]["schema"]["type"]
        for method in ("put", "post")
    ]
    assert kinds == ["string", "integer"]


def test_schemas() -> None:
    document = swagger(
        definitions={
            "Pet": {
                "type": "object",
                "discriminator": "kind",
                "properties": {
                    "kind": {"type": "string"},
                    "x-nullable": {"x-nullable": True, "type": "string"},
                },
                "allOf": [{"$ref": "#/definitions/Base%20One"}],
                "additionalProperties": {"$ref": "#/definitions/Pet"},
            },
            "Base One": {"enum": ["$ref"], "default": {"x-nullable": 1}},
        }
    )
    assert document.root["components"]["schemas"] == {
        "Pet": {
            "type": "object",
            "discriminator": {"propertyName": "kind"},
            "properties": {"kind": {"type": "string"}, "x-nullable": {"nullable": True, "type": "string"}},
            "allOf": [{"$ref": "#/components/schemas/Base%20One"}],
            "additionalProperties": {"$ref": "#/components/schemas/Pet"},
        },
        "Base One": {"enum": ["$ref"], "default": {"x-nullable": 1}},
    }


def test_references_into_the_paths_lead_where_their_targets_went() -> None:
    path = {
        "get": {
            "parameters": [{"name": "b", "in": "body", "schema": {"type": "object"}}],
            "responses": {"200": {"description": "ok", "schema": {"type": "string"}}},
        }
    }
    document = swagger(
        paths={"/a": path},
        definitions={
            "A": {"$ref": "#/paths/~1a/get/responses/200/schema"},
            "B": {"$ref": "#/paths/~1a/get/parameters/0/schema"},
        },
    )
    get = "#/paths/~1a/get"
    assert document.root["components"]["schemas"] == {
        "A": {"$ref": f"{get}/responses/200/content/application~1json/schema"},
        "B": {"$ref": f"{get}/requestBody/content/application~1json/schema"},
    }


def test_security() -> None:
    made = swagger(
        securityDefinitions={
            "basic": {"type": "basic"},
            "key": {"type": "apiKey", "in": "query", "name": "k"},
            "code": {
                "type": "oauth2",
                "flow": "accessCode",
                "authorizationUrl": "https://a",
                "tokenUrl": "https://t",
                "scopes": {"r": "read"},
            },
            "app": {"type": "oauth2", "flow": "application", "tokenUrl": "https://t"},
        },
        security=[{"basic": []}, {"key": []}],
    ).root
    assert made["security"] == [{"basic": []}, {"key": []}]
    assert made["components"]["securitySchemes"] == {
        "basic": {"type": "http", "scheme": "basic"},
        "key": {"type": "apiKey", "in": "query", "name": "k"},
        "code": {
            "type": "oauth2",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": "https://a",
                    "tokenUrl": "https://t",
                    "scopes": {"r": "read"},
                }
            },
        },
        "app": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://t", "scopes": {}}}},
    }


@pytest.mark.parametrize(
    ("view", "original"),
    [
        ("/paths/~1pets/get/parameters/2/schema/maximum", "/paths/~1pets/get/parameters/2/maximum"),
        ("/paths/~1pets/get/parameters/1/explode", "/paths/~1pets/get/parameters/1/collectionFormat"),
        ("/paths/~1pets/parameters/0", "/paths/~1pets/parameters/0"),
        ("/paths/~1pets/post/requestBody", "/parameters/Pet"),
        (
            "/paths/~1pets/post/requestBody/content/application~1json/schema/$ref",
            "/parameters/Pet/schema/$ref",
        ),
        ("/paths/~1pets/get/responses/200/content/application~1json", "/produces/0"),
        (
            "/paths/~1pets/get/responses/200/content/application~1json/schema/items",
            "/paths/~1pets/get/responses/200/schema/items",
        ),
        (
            "/paths/~1pets/get/responses/200/headers/X-Total/schema/type",
            "/paths/~1pets/get/responses/200/headers/X-Total/type",
        ),
        ("/components/schemas/Pet/properties/name/nullable", "/definitions/Pet/properties/name/x-nullable"),
        ("/components/schemas/Pet/discriminator/propertyName", "/definitions/Pet/discriminator"),
        (
            "/paths/~1pets~1{id}~1photo/put/requestBody/content/multipart~1form-data/schema/properties/file",
            "/paths/~1pets~1{id}~1photo/put/parameters/0",
        ),
        ("/components/securitySchemes/key", "/securityDefinitions/key"),
    ],
)
def test_pointers_lead_back(view: str, original: str) -> None:
    assert read(str(PETS / "swagger.yaml")).original(view) == original


def test_changes_name_the_places_of_the_swagger_text(tmp_path: Path) -> None:
    text = (PETS / "swagger.yaml").read_text()
    (tmp_path / "new.yaml").write_text(text.replace("maximum: 100", "maximum: 50"))
    new = read(str(tmp_path / "new.yaml"))
    (change,) = diff(read(str(PETS / "swagger.yaml")), new).changes
    assert change.rule == "request-parameter-max-decreased"
    assert change.new.pointer == "/paths/~1pets/get/parameters/2/maximum"
    assert str(change.new.place) == f"{tmp_path / 'new.yaml'}:16:51"
    assert text.splitlines()[15][50:].startswith("maximum")


@pytest.mark.parametrize(
    ("parts", "what", "line"),
    [
        ({"paths": []}, "'paths' must be an object", 7),
        ({"paths": {"/a": 1}}, "the path item '/a' must be an object", 8),
        ({"paths": {"/a": {"get": 1}}}, "the operation GET /a must be an object", 9),
        ({"paths": {"/a": {"get": {"parameters": 1}}}}, "'parameters' of /a must be a list", 10),
        ({"paths": {"/a": {"get": {"parameters": [1]}}}}, "must hold objects", 11),
        ({"paths": {"/a": {"get": {"responses": []}}}}, "'responses' of /a must be an object", 10),
        ({"definitions": 1}, "must be an object", 8),
        ({"responses": [1]}, "must be an object", 8),
        ({"definitions": {"A": {"$ref": "#/definitions/B"}}}, "#/definitions/B leads nowhere", 10),
    ],
)
def test_broken_parts_are_refused_with_their_place(parts: dict[str, Any], what: str, line: int) -> None:
    with pytest.raises(InputError, match=what) as caught:
        swagger(**parts)
    assert str(caught.value.where).startswith(f"old.json:{line}:")


ODD: list[Any] = [None, 1, "a", [], [1], {}, {"$ref": 1}, {"a": None}, True]


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize(
    "key", ["host", "basePath", "schemes", "consumes", "produces", "parameters", "definitions", "responses"]
)
def test_odd_parts_are_read_or_refused(key: str, odd: Any) -> None:
    for parts in (
        {key: odd},
        {"paths": {"/a": {"get": {key: odd, "responses": OK}}}},
        {
            "paths": {
                "/a": {
                    "parameters": [{"name": "a", "in": "formData", "type": "array", key: odd}],
                    "put": {"responses": OK},
                }
            }
        },
        {
            "securityDefinitions": {"a": {"type": "oauth2", "scopes": odd}},
            "definitions": {"A": {"properties": odd, "items": odd}},
        },
        {"paths": {"/a": {"get": {"responses": {"200": {"headers": odd, "schema": odd, "examples": odd}}}}}},
    ):
        try:
            document = swagger(**parts)
        except InputError:
            continue
        diff(document, document)


def test_references_into_a_shared_body_lead_to_it() -> None:
    body = {"name": "b", "in": "body", "schema": {"type": "object", "properties": {"a": {"type": "string"}}}}
    document = swagger(
        parameters={"B": body, "Other": body},
        definitions={"A": {"$ref": "#/parameters/B/schema/properties/a"}},
    )
    place = "/components/requestBodies/B/content/application~1json/schema/properties/a"
    assert document.root["components"]["schemas"]["A"] == {"$ref": f"#{place}"}
    assert document.original(place) == "/parameters/B/schema/properties/a"
    assert list(document.root["components"]["requestBodies"]) == ["B"]


@pytest.mark.parametrize("version", ["'2.0'", "2.0"])
def test_a_version_without_quotes_is_understood(version: str) -> None:
    assert parse(f"swagger: {version}\npaths: {{}}\n".encode(), "a.yaml").root["openapi"] == "3.0.4"
