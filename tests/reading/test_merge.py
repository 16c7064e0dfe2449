"""What is declared over what is inferred: which word counts for which part of an operation."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, abort, jsonify, request

from apiver.contract.validate import problems
from apiver.inventory import inspect
from apiver.reading.build import Reading, read
from apiver.reading.layering.layers import Layer

app = Flask(__name__)


@app.get("/api/v1/books/<int:book_id>")
def show_book(book_id: int) -> Any:
    """Show a book."""
    if book_id > 1000:
        abort(404)
    return {"id": book_id, "title": "Emma"}


@app.post("/api/v1/books")
def add_book() -> Any:
    page = request.args.get("dry_run")
    data = request.get_json()
    return jsonify(title=data["title"], dry=page), 201


@app.get("/api/v1/openapi.json")
def openapi() -> Any:
    return {}


BOOK = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "title": {"type": "string", "maxLength": 80}},
}


def document(paths: dict[str, Any], **components: Any) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": paths,
        "components": components,
    }


def reading(root: dict[str, Any], **said: Any) -> Reading:
    found = read(inspect(app), "v1", [Layer("declared", "shop.yaml", root, **said)])
    assert problems(found.document.root) == ()
    return found


def operation(found: Reading, name: str) -> Any:
    method, path = name.split()
    return found.document.root["paths"][path][method.lower()]


def json_of(response: Any) -> Any:
    return response["content"]["application/json"]["schema"]


def answers(schema: Any, status: int | str = 200) -> dict[str, Any]:
    return {"responses": {status: {"description": "", "content": {"application/json": {"schema": schema}}}}}


def test_a_declared_response_is_taken_as_it_is_and_the_rest_of_the_contract_is_inferred() -> None:
    path = {"/api/v1/books/{id}": {"get": answers({"$ref": "#/components/schemas/Book"})}}
    found = reading(document(path, schemas={"Book": BOOK}))
    shown = operation(found, "GET /books/{book_id}")
    assert json_of(shown["responses"]["200"]) == {"$ref": "#/components/schemas/Book"}
    assert found.document.root["components"]["schemas"] == {"Book": BOOK}
    assert list(shown["responses"]) == ["200"]
    assert shown["x-apiver-source"]["by"] == "declared"
    assert shown["x-apiver-source"]["source"] == "shop.yaml"
    assert shown["summary"] == "Show a book"
    assert operation(found, "POST /books")["x-apiver-source"]["by"] == "inferred"


def test_a_status_that_only_the_code_has_is_drift() -> None:
    path = {"/api/v1/books/{id}": {"get": answers({"$ref": "#/components/schemas/Book"})}}
    (only,) = reading(document(path, schemas={"Book": BOOK})).drift
    assert (only.kind, only.operation, only.part) == (
        "status-not-declared",
        "GET /books/{book_id}",
        "response 404",
    )
    assert only.place is not None and only.place.line == 22


def test_a_declared_request_is_whole_and_what_else_the_code_reads_is_drift() -> None:
    schema = {"type": "object", "properties": {"title": {"type": "string"}}}
    body = {"requestBody": {"content": {"application/json": {"schema": schema}}}, **answers({}, 201)}
    found = reading(document({"/api/v1/books": {"post": body}}))
    assert "parameters" not in operation(found, "POST /books")
    assert operation(found, "POST /books")["requestBody"]["content"]["application/json"]["schema"] == schema
    assert {(one.kind, one.part) for one in found.drift} == {
        ("parameter-not-declared", "query dry_run"),
        ("property-required", "body.title"),
    }


def test_a_document_that_declares_parameters_alone_leaves_the_body_to_the_code() -> None:
    said = {"parameters": [{"name": "dry_run", "in": "query", "schema": {"type": "boolean"}}]}
    found = reading(document({"/api/v1/books": {"post": {**said, **answers({}, 201)}}}))
    made = operation(found, "POST /books")
    assert [one["schema"] for one in made["parameters"]] == [{"type": "boolean"}]
    assert made["requestBody"]["content"]["application/json"]["schema"]["required"] == ["title"]


def test_a_document_that_declares_no_request_leaves_it_to_the_code() -> None:
    found = reading(document({"/api/v1/books": {"post": answers({"type": "object"}, 201)}}))
    made = operation(found, "POST /books")
    assert [one["name"] for one in made["parameters"]] == ["dry_run"]
    assert made["requestBody"]["content"]["application/json"]["schema"]["required"] == ["title"]


def test_a_declared_response_without_content_has_the_inferred_one() -> None:
    path = {"/api/v1/books/{id}": {"get": {"responses": {"200": {"description": "The book"}}}}}
    response = operation(reading(document(path)), "GET /books/{book_id}")["responses"]["200"]
    assert response["description"] == "The book"
    assert set(json_of(response)["properties"]) == {"id", "title"}


def test_declared_errors_alone_leave_the_success_to_the_code() -> None:
    path = {"/api/v1/books/{id}": {"get": answers({"type": "object"}, 404)}}
    made = operation(reading(document(path)), "GET /books/{book_id}")
    assert list(made["responses"]) == ["200", "404"]
    assert set(json_of(made["responses"]["200"])["properties"]) == {"id", "title"}


def test_a_partial_layer_replaces_what_it_holds_and_nothing_else() -> None:
    partial = {
        "/api/v1/books": {
            "post": {"parameters": [{"name": "dry_run", "in": "query", "schema": {"type": "boolean"}}]}
        }
    }
    made = operation(reading(document(partial), partial=True), "POST /books")
    assert [(one["name"], one["schema"]) for one in made["parameters"]] == [("dry_run", {"type": "boolean"})]
    assert made["requestBody"]["content"]["application/json"]["schema"]["required"] == ["title"]
    assert list(made["responses"]) == ["201", "400", "415"]


def test_a_refusal_of_a_partial_layer_stands_beside_those_of_the_code() -> None:
    refused = {"type": "object", "properties": {"errors": {"type": "array"}}}
    path = {"/api/v1/books": {"post": answers(refused, 400)}}
    content = operation(reading(document(path), partial=True), "POST /books")["responses"]["400"]["content"]
    assert content["application/json"]["schema"] == refused
    assert content["text/html"]["schema"] == {"type": "string"}  # what Flask answers to a broken body
    whole = operation(reading(document(path)), "POST /books")["responses"]["400"]["content"]
    assert list(whole) == ["application/json"]


def test_the_converter_of_a_rule_decides_what_a_segment_is_and_words_are_kept() -> None:
    said = [
        {
            "name": "id",
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
            "description": "The number of the book",
        }
    ]
    path = {"/api/v1/books/{id}": {"get": {"parameters": said, **answers({})}}}
    (parameter,) = operation(reading(document(path)), "GET /books/{book_id}")["parameters"]
    assert parameter["name"] == "book_id"
    assert parameter["schema"]["type"] == "integer"
    assert parameter["description"] == "The number of the book"


def test_older_dialects_become_31_and_base_paths_count() -> None:
    swagger = {
        "swagger": "2.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {
            "/books/{book_id}": {
                "get": {
                    "responses": {
                        200: {"description": "ok", "schema": {"$ref": "#/definitions/Book"}, "headers": None}
                    },
                    "produces": ["application/json"],
                    "operationId": "show_book",
                }
            }
        },
        "definitions": {"Book": {**BOOK, "example": None}},
    }
    made = operation(reading(swagger, base="/api/v1"), "GET /books/{book_id}")
    assert json_of(made["responses"]["200"]) == {"$ref": "#/components/schemas/Book"}
    assert made["operationId"] == "get_books_by_id"


def test_an_operation_id_that_a_person_wrote_is_kept() -> None:
    path = {"/api/v1/books": {"post": {"operationId": "orderBook", **answers({}, 201)}}}
    assert operation(reading(document(path)), "POST /books")["operationId"] == "orderBook"


def test_schemas_are_called_the_same_whatever_kept_them_apart() -> None:
    schemas = {
        "Book.3a64a9f": BOOK,
        "shop__v1__Author": {"type": "object"},
        "Page[Book]": {"type": "array", "items": {"$ref": "#/components/schemas/Book.3a64a9f"}},
    }
    path = {
        "/api/v1/books/{id}": {"get": answers({"$ref": "#/components/schemas/Page[Book]"})},
        "/api/v1/books": {"post": answers({"$ref": "#/components/schemas/shop__v1__Author"}, 201)},
    }
    found = reading(document(path, schemas=schemas)).document.root["components"]["schemas"]
    assert list(found) == ["Author", "Book", "Page_Book_"]
    assert found["Page_Book_"]["items"] == {"$ref": "#/components/schemas/Book"}


def test_the_number_of_a_schema_goes_where_the_first_of_its_name_is_not_in_use() -> None:
    schemas = {"Book": {"type": "string"}, "Book1": BOOK}
    path = {"/api/v1/books/{id}": {"get": answers({"$ref": "#/components/schemas/Book1"})}}
    assert reading(document(path, schemas=schemas)).document.root["components"]["schemas"] == {"Book": BOOK}


def test_a_broken_operation_is_told_and_inferred() -> None:
    path = {
        "/api/v1/books/{id}": {"get": {"responses": {"200": {"description": "", "content": "json"}}}},
        "/api/v1/books": {"post": answers({}, 201)},
    }
    found = reading(document(path))
    assert operation(found, "GET /books/{book_id}")["x-apiver-source"]["by"] == "inferred"
    assert operation(found, "POST /books")["x-apiver-source"]["by"] == "declared"
    (failure,) = found.document.root["x-apiver-unread"]
    assert failure.startswith("shop.yaml: GET /api/v1/books/{id} is not valid:")


def test_what_is_no_document_is_told_and_everything_is_inferred() -> None:
    found = reading({"paths": 3})
    assert found.document.root["x-apiver-unread"] == [
        "what shop.yaml declares could not be read: it is no OpenAPI document"
    ]
    assert len(found.document.root["paths"]) == 3


def test_pages_of_an_extension_are_no_part_of_the_contract() -> None:
    root = document({"/api/v1/books": {"post": answers({}, 201)}})
    layer = Layer("declared", "shop.yaml", root, documentation=frozenset({"openapi"}))
    assert "/openapi.json" not in read(inspect(app), "v1", [layer]).document.root["paths"]


def test_declared_security_comes_with_its_schemes() -> None:
    schemes = {"token": {"type": "http", "scheme": "bearer"}, "unused": {"type": "http", "scheme": "basic"}}
    path = {"/api/v1/books": {"post": {"security": [{"token": []}], **answers({}, 201)}}}
    found = reading(document(path, securitySchemes=schemes))
    assert operation(found, "POST /books")["security"] == [{"token": []}]
    assert found.document.root["components"]["securitySchemes"] == {"token": schemes["token"]}


def test_broken_security_schemes_are_told_and_take_nothing_else_down() -> None:
    declared = answers({"type": "integer"})
    paths = {
        "/api/v1/books": {"post": {**declared, "security": [{"oauth": ["write"]}]}},
        "/api/v1/books/{id}": {"get": {**declared, "security": [{"key": []}]}},
    }
    flow = {"authorizationUrl": "https://a.example/a", "tokenUrl": "https://a.example/t", "scopes": {}}
    schemes = {
        "oauth": {"type": "oauth2", "flows": {"implicit": flow, "password": {}}},
        "key": {"type": "apiKey", "name": "X-Key"},
    }
    found = reading(document(paths, securitySchemes=schemes))
    assert operation(found, "POST /books")["security"] == [{"oauth": ["write"]}]
    shown = operation(found, "GET /books/{book_id}")
    assert "security" not in shown
    assert shown["x-apiver-unknown"] == "the security scheme key is not declared as OpenAPI has them"
    assert json_of(shown["responses"]["200"]) == {"type": "integer"}
    root = found.document.root
    assert root["components"]["securitySchemes"] == {
        "oauth": {
            "type": "oauth2",
            "flows": {},
            "x-apiver-unknown": "its flows are not declared as OpenAPI has them",
        }
    }
    told = [sentence.partition(" is not valid")[0] for sentence in root["x-apiver-unread"]]
    assert sorted(told) == ["shop.yaml: the security scheme key", "shop.yaml: the security scheme oauth"]


def test_faults_that_the_validator_finds_one_by_one_are_all_left_out() -> None:
    page = {"name": "page", "in": "query", "schema": {"type": "integer", "default": None}}
    paths = {
        "/api/v1/books": {"post": {"parameters": [page], **answers({"type": "integer", "default": None})}},
        "/api/v1/books/{id}": {"get": answers({"type": "integer"})},
    }
    found = reading(document(paths))
    assert operation(found, "POST /books")["x-apiver-source"]["by"] == "inferred"
    assert json_of(operation(found, "GET /books/{book_id}")["responses"]["200"]) == {"type": "integer"}


def test_reading_twice_gives_the_same() -> None:
    path = {"/api/v1/books/{id}": {"get": answers({"$ref": "#/components/schemas/Book"})}}
    root = document(path, schemas={"Book": BOOK})
    assert reading(root).document.root == reading(root).document.root


DRIFTING = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "isbn": {"type": "string"}},
}


def test_a_refusal_beside_the_one_of_a_broken_body_is_drift() -> None:
    shop = Flask(__name__)

    @shop.post("/api/v1/orders")
    def order() -> Any:
        data = request.get_json()
        if data["from"] == "mars":
            abort(400)
        return {"from": data["from"]}, 201

    root = document({"/api/v1/orders": {"post": answers({}, 201)}})
    found = read(inspect(shop), "v1", [Layer("declared", "shop.yaml", root)]).drift
    assert [(one.kind, one.part) for one in found] == [("status-not-declared", "response 400")]


def test_properties_are_compared_one_by_one() -> None:
    path = {"/api/v1/books/{id}": {"get": answers(DRIFTING)}}
    found = [one for one in reading(document(path)).drift if one.part.startswith("200")]
    assert [(one.kind, one.part, one.message) for one in found] == [
        ("type-differs", "200 body.id", "the code gives integer, declared is string"),
        ("property-never-set", "200 body.isbn", "isbn is declared, the code never sets it"),
        ("property-not-declared", "200 body.title", "the code sets title, the declaration does not have it"),
    ]


def test_an_extension_that_writes_the_response_filters_and_converts_what_the_view_gives() -> None:
    path = {"/api/v1/books/{id}": {"get": answers(DRIFTING)}}
    assert [one for one in reading(document(path), enforced=True).drift if one.part.startswith("200")] == []


def test_an_extension_writes_null_where_the_view_gives_none() -> None:
    shop = Flask(__name__)

    @shop.get("/api/v1/gift")
    def gift() -> Any:
        return {"id": None}

    layer = Layer("declared", "shop.yaml", document({"/api/v1/gift": {"get": answers(BOOK)}}), enforced=True)
    (only,) = read(inspect(shop), "v1", [layer]).drift
    assert only.message == "the code gives null, declared is integer"


QUERY = {"parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}], **answers({})}


def _nothing() -> Any:
    return {}


def _another() -> Any:
    return {"page": request.args.get("page")}


def _each() -> Any:
    return {"names": [name for name, value in request.args.items() if value]}


def _copied() -> Any:
    args = request.args.to_dict()
    return {"count": len(args)}


@pytest.mark.parametrize(
    ("view", "told"),
    [(_nothing, ["query q"]), (_another, ["query page", "query q"]), (_each, []), (_copied, [])],
)
def test_a_parameter_is_never_read_only_where_the_query_is_not_used_as_a_whole(view: Any, told: Any) -> None:
    shop = Flask(__name__)
    shop.get("/api/v1/search")(view)
    layer = Layer("declared", "shop.yaml", document({"/api/v1/search": {"get": QUERY}}))
    assert [one.part for one in read(inspect(shop), "v1", [layer]).drift] == told
