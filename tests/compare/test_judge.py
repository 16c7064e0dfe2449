"""The judge against messages written by hand: it must accept what a server accepts, for its own reasons."""

from __future__ import annotations

from typing import Any

import pytest

from apiver.compare.change import ABSENT, Exchange
from apiver.compare.proofs.judge import Judge, UnjudgedError
from apiver.compare.proofs.reception import path_values, serving
from apiver.compare.sides.space import Node, Space
from apiver.compare.sides.surface import Operation, operations
from apiver.contract.document import Document

STRING = {"type": "string"}
INTEGER = {"type": "integer"}
JSON = "application/json"


def space_of(paths: dict[str, Any], openapi: str = "3.1.0", **parts: Any) -> Space:
    root = {"openapi": openapi, "info": {"title": "t", "version": "1"}, "paths": paths, **parts}
    return Space(Document(root, "contract"))


def served(operation: dict[str, Any], *, path: str = "/books", **parts: Any) -> tuple[Space, Operation]:
    space = space_of({path: {"post": {"responses": {}, **operation}}}, **parts)
    return space, operations(space)[0]


def asked(
    operation: dict[str, Any],
    url: str = "/books",
    headers: dict[str, str] | None = None,
    body: Any = ABSENT,
    **options: Any,
) -> list[tuple[str | int, ...]]:
    """Where the operation objects to the request."""
    space, served_operation = served(operation, **options)
    exchange = Exchange("POST", url, None, tuple((headers or {}).items()), body)
    return [each.where for each in Judge(space, "request").request(served_operation, exchange)]


def answered(
    responses: dict[str, Any], status: int, headers: dict[str, str] | None = None, body: Any = ABSENT
) -> list[tuple[str | int, ...]]:
    """Where the operation objects to the response."""
    space, operation = served({"responses": responses})
    exchange = Exchange("POST", "/books", status, tuple((headers or {}).items()), body)
    return [each.where for each in Judge(space, "response").response(operation, exchange)]


def query(schema: Any, **parts: Any) -> dict[str, Any]:
    return {"parameters": [{"name": "q", "in": "query", "schema": schema, **parts}]}


def json_body(schema: Any, **parts: Any) -> dict[str, Any]:
    return {"requestBody": {"content": {JSON: {"schema": schema}}, **parts}}


# Values --------------------------------------------------------------------------------------------------


def objections(
    schema: Any, value: Any, mode: Any = "request", openapi: str = "3.1.0", **schemas: Any
) -> list[Any]:
    space = space_of({}, openapi, components={"schemas": {"It": schema, **schemas}})
    node = space.node("/components/schemas/It")
    assert node is not None
    return [each.where for each in Judge(space, mode).value(node, value)]


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string", "nullable": True}, [None, "x"], [1]),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, [1.5], [1]),
        ({"type": "number", "maximum": 1, "exclusiveMaximum": False}, [1], [1.5]),
        ({"type": "string", "nullable": True, "enum": ["a"]}, ["a"], [None, "b"]),
        ({"$ref": "#/components/schemas/Other", "maxLength": 1}, ["long"], [1]),
    ],
)
def test_the_dialect_of_openapi_3_0(schema: Any, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert objections(schema, value, openapi="3.0.3", Other=STRING) == []
    for value in bad:
        assert objections(schema, value, openapi="3.0.3", Other=STRING) != []


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": ["string", "null"]}, [None, "x"], [1]),
        ({"type": "string", "nullable": True}, ["x"], [None]),
        ({"exclusiveMinimum": 1}, [1.5], [1]),
        ({"const": 1}, [1, 1.0], [True, "1"]),
        ({"multipleOf": 0.01}, [0.07, 4.35, 1, -0.29, "x", True], [0.075, 1e-3]),
        ({"multipleOf": 3}, [10**30 * 3, 6.0], [10**30 * 3 + 1, 7]),
        ({"pattern": r"^\d$"}, ["1"], ["1\n", "٣"]),
        (
            {"patternProperties": {r"^\d$": STRING}, "additionalProperties": False},
            [{"1": "x"}, {}],
            [{"1\n": "x"}, {"٣": "x"}, {"1": 1}],
        ),
        (
            {"properties": {"a": True}, "patternProperties": {"^x": True}, "additionalProperties": INTEGER},
            [{"a": "", "xy": "", "b": 1}],
            [{"b": ""}],
        ),
        ({"$ref": "#/components/schemas/Other", "maxLength": 1}, ["x"], ["long", 1]),
        ({"prefixItems": [INTEGER], "items": False}, [[1], []], [["x"], [1, 2]]),
        ({"type": "integer", "format": "int32"}, [2**31 - 1], [2**31]),
        ({"type": "string", "format": "date"}, ["2024-02-29"], ["2024-02-30"]),
        ({"type": "string", "format": "isbn"}, ["anything"], []),
        ({"x-apiver-unknown": "?", "type": "string"}, [1, "x", None], []),
        (True, [1, None], []),
        (False, [], [1, None]),
    ],
)
def test_the_dialect_of_openapi_3_1(schema: Any, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert objections(schema, value, Other=STRING) == []
    for value in bad:
        assert objections(schema, value, Other=STRING) != []


def test_an_objection_names_its_place() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "array", "items": INTEGER}}, "required": ["b"]}

    assert sorted(objections(schema, {"a": [1, "x"]})) == [(), ("a", 1)]


@pytest.mark.parametrize(
    ("flag", "mode", "other"), [("readOnly", "request", "response"), ("writeOnly", "response", "request")]
)
def test_members_of_the_other_direction_are_free(flag: str, mode: str, other: str) -> None:
    schema = {"type": "object", "properties": {"id": {**INTEGER, flag: True}}, "required": ["id"]}

    assert objections(schema, {}, mode) == []
    assert objections(schema, {"id": "x"}, mode) == []
    assert objections(schema, {}, other) == [()]
    assert objections(schema, {"id": "x"}, other) == [("id",)]


def test_a_recursive_schema() -> None:
    tree = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/It"}}},
    }

    assert objections(tree, {"children": [{"children": []}]}) == []
    assert objections(tree, {"children": [{"children": [3]}]}) == [("children", 0, "children", 0)]


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": "("},
        {"$ref": "#/components/schemas/Nowhere"},
        {"type": "strng"},
        {"pattern": "^(a+)+$", "minLength": 50},
    ],
)
def test_what_cannot_be_judged_is_not_judged(schema: Any) -> None:
    with pytest.raises(UnjudgedError):
        objections(schema, "a" * 60 + "!")


# Requests ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (INTEGER, ["q=1", "q=-7", "q=%31"], ["q=x", "q=1.5", "q=", "q=1&q=2"]),
        ({"type": "number"}, ["q=1.5", "q=1e3"], ["q=one"]),
        ({"type": "boolean"}, ["q=true", "q=false"], ["q=1", "q=True", "q=yes"]),
        (STRING, ["q=", "q=1", "q=true", "q=a%20b", "q=a+b"], ["q=1&q=2"]),
        ({"enum": ["a", 1]}, ["q=a", "q=1"], ["q=b"]),
        ({"type": "string", "maxLength": 2}, ["q=12"], ["q=123"]),
        ({"type": "array", "items": INTEGER}, ["q=1", "q=1&q=2"], ["q=x", "q=1&q=x", "q=1,2"]),
        ({"type": "array", "items": STRING, "minItems": 2}, ["q=1&q=2"], ["q=1"]),
    ],
)
def test_parameters_are_texts(schema: Any, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert asked(query(schema), f"/books?{text}") == []
    for text in bad:
        places = asked(query(schema), f"/books?{text}")
        assert places
        assert {place[:2] for place in places} == {("query", "q")}


def test_each_text_of_an_array_is_read_by_itself() -> None:
    mixed = {"type": "array", "items": {"anyOf": [{"enum": ["a"]}, INTEGER]}}

    assert asked(query(mixed), "/books?q=a&q=1") == []
    assert asked(query(mixed), "/books?q=a&q=b") != []


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ({"explode": False}, "q=1,2"),
        ({"style": "form", "explode": True}, "q=1&q=2"),
        ({"style": "pipeDelimited", "explode": False}, "q=1|2"),
        ({"style": "spaceDelimited", "explode": False}, "q=1%202"),
    ],
)
def test_arrays_are_written_in_their_style(style: dict[str, Any], text: str) -> None:
    operation = query({"type": "array", "items": INTEGER}, **style)

    assert asked(operation, f"/books?{text}") == []
    assert asked(operation, f"/books?{text}x") != []
    assert asked(operation, "/books?q=1;2") != []


def test_a_required_parameter_must_be_there() -> None:
    for where in ("query", "header", "cookie"):
        needed = {"parameters": [{"name": "X-Q", "in": where, "required": True, "schema": STRING}]}
        (place,) = asked(needed)
        assert place == (where, "x-q" if where == "header" else "X-Q")
        assert asked({"parameters": [{"name": "X-Q", "in": where, "schema": STRING}]}) == []


def test_where_parameters_are_sent() -> None:
    def named(where: str) -> dict[str, Any]:
        return {"parameters": [{"name": "Tok", "in": where, "required": True, "schema": INTEGER}]}

    assert asked(named("header"), headers={"tOK": "5"}) == []
    assert asked(named("header"), headers={"Tok": "x"}) == [("header", "tok")]
    assert asked(named("cookie"), headers={"Cookie": "a=b; Tok=5"}) == []
    assert asked(named("cookie"), headers={"Cookie": "tok=5"}) == [("cookie", "Tok")]
    assert asked(named("query"), "/books?Tok=5") == []
    assert asked(named("query"), "/books?tok=5") == [("query", "Tok")]


def test_path_parameters_are_found_by_position() -> None:
    operation = {"parameters": [{"name": "id", "in": "path", "required": True, "schema": INTEGER}]}

    assert asked(operation, "/v1/books/7/pages", path="/v1/books/{id}/pages") == []
    assert asked(operation, "/v1/books/x%2Fy/pages", path="/v1/books/{id}/pages") == [("path", "id")]


def test_json_within_a_parameter() -> None:
    schema = {"type": "object", "required": ["a"]}
    operation = {"parameters": [{"name": "q", "in": "query", "content": {JSON: {"schema": schema}}}]}

    assert asked(operation, "/books?q=%7B%22a%22%3A1%7D") == []
    assert asked(operation, "/books?q=%7B%7D") == [("query", "q")]
    assert asked(operation, "/books?q=a") == [("query", "q")]


def test_bodies() -> None:
    schema = {"type": "object", "properties": {"a": INTEGER}, "required": ["a"]}
    needed, free = json_body(schema, required=True), json_body(schema)

    assert asked(needed) == [("body",)]
    assert asked(free) == []
    assert asked(needed, headers={"Content-Type": JSON}, body={"a": 1}) == []
    assert asked(needed, headers={"content-type": "application/json; charset=utf-8"}, body={"a": 1}) == []
    assert asked(needed, headers={"Content-Type": JSON}, body={"a": "x"}) == [("body", "a")]
    assert asked(needed, headers={"Content-Type": JSON}, body=None) == [("body",)]
    assert asked(needed, headers={"Content-Type": "text/plain"}, body={"a": 1}) == [("content-type",)]
    assert asked({}, headers={"Content-Type": JSON}, body={"a": 1}) == []


def test_a_media_type_goes_before_its_range() -> None:
    content = {
        "*/*": {"schema": False},
        "application/*": {"schema": STRING},
        JSON: {"schema": INTEGER},
    }
    operation = {"requestBody": {"content": content}}

    assert asked(operation, headers={"Content-Type": JSON}, body=1) == []
    assert asked(operation, headers={"Content-Type": JSON}, body="x") == [("body",)]
    assert asked(operation, headers={"Content-Type": "application/xml"}, body="x") == []
    assert asked(operation, headers={"Content-Type": "text/plain"}, body="x") == [("body",)]


def test_the_members_of_a_form_are_texts() -> None:
    schema = {"type": "object", "properties": {"n": INTEGER, "s": STRING}, "required": ["n"]}
    operation = {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert asked(operation, headers=headers, body={"n": "1", "s": "x"}) == []
    assert asked(operation, headers=headers, body={"n": "one"}) == [("body", "n")]


def test_a_form_may_mix_what_reads_as_numbers_and_what_does_not() -> None:
    schema = {"type": "object", "properties": {"n": INTEGER, "s": STRING}}
    operation = {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert asked(operation, headers=headers, body={"n": "1", "s": "2"}) == []


# Security ------------------------------------------------------------------------------------------------

SCHEMES = {
    "securitySchemes": {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "query": {"type": "apiKey", "in": "query", "name": "key"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
        "basic": {"type": "http", "scheme": "Basic"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
}


@pytest.mark.parametrize(
    ("needed", "url", "headers", "accepted"),
    [
        ([{"key": []}], "/books", {"x-key": "1"}, True),
        ([{"key": []}], "/books", {"X-Other": "1"}, False),
        ([{"query": []}], "/books?key=1", {}, True),
        ([{"query": []}], "/books", {"key": "1"}, False),
        ([{"cookie": []}], "/books", {"Cookie": "sid=1"}, True),
        ([{"basic": []}], "/books", {"Authorization": "Basic abc"}, True),
        ([{"basic": []}], "/books", {"Authorization": "Bearer abc"}, False),
        ([{"key": [], "bearer": []}], "/books", {"X-Key": "1"}, False),
        ([{"key": [], "bearer": []}], "/books", {"X-Key": "1", "Authorization": "bearer t"}, True),
        ([{"key": []}, {"bearer": []}], "/books", {"Authorization": "bearer t"}, True),
        ([{}, {"key": []}], "/books", {}, True),
        ([], "/books", {}, True),
    ],
)
def test_credentials(needed: list[Any], url: str, headers: dict[str, str], accepted: bool) -> None:
    found = asked({"security": needed}, url, headers, components=SCHEMES)

    assert found == ([] if accepted else [("security",)])


# Responses -----------------------------------------------------------------------------------------------


def response(schema: Any = None, **parts: Any) -> dict[str, Any]:
    content = {} if schema is None else {"content": {JSON: {"schema": schema}}}
    return {"description": "an answer", **content, **parts}


def test_statuses() -> None:
    declared = {"200": response(), "4XX": response(), "default": response(STRING)}

    assert answered(declared, 200) == []
    assert answered(declared, 404) == []
    assert answered(declared, 500) == [("body",)]
    assert answered({"200": response()}, 201) == [("status",)]
    assert answered({}, 200) == [("status",)]


def test_a_status_goes_before_its_range() -> None:
    declared = {"default": response(False), "2XX": response(STRING), "200": response(INTEGER)}

    assert answered(declared, 200, {"Content-Type": JSON}, 1) == []
    assert answered(declared, 200, {"Content-Type": JSON}, "x") == [("body",)]
    assert answered(declared, 201, {"Content-Type": JSON}, "x") == []
    assert answered(declared, 301, {"Content-Type": JSON}, "x") == [("body",)]


def test_bodies_and_headers_of_responses() -> None:
    headers = {"X-Total": {"required": True, "schema": INTEGER}, "X-More": {"schema": INTEGER}}
    declared = {"200": response(STRING, headers=headers)}

    assert answered(declared, 200, {"x-total": "3", "Content-Type": JSON}, "x") == []
    assert answered(declared, 200, {"Content-Type": JSON}, "x") == [("header", "x-total")]
    assert answered(declared, 200, {"X-Total": "3", "X-More": "many", "Content-Type": JSON}, "x") == [
        ("header", "x-more")
    ]
    assert answered(declared, 200, {"X-Total": "3", "Content-Type": "text/plain"}, "x") == [("content-type",)]
    assert answered(declared, 200, {"X-Total": "3"}) == [("body",)]


# Which operation serves ----------------------------------------------------------------------------------


def test_path_values() -> None:
    space = space_of({"/a/{x}/b.{y}": {"get": {}}})
    (operation,) = operations(space)

    assert path_values(operation, "/a/1/b.2") == ("1", "2")
    assert path_values(operation, "/a/1/bx2") is None
    assert path_values(operation, "/a//b.2") is None
    assert path_values(operation, "/a/1/2/b.2") is None


def test_concrete_paths_serve_before_templates() -> None:
    space = space_of({"/books/{id}": {"get": {}, "put": {}}, "/books/new": {"get": {}}})
    found = operations(space)

    def path_of(method: str, url: str) -> str | None:
        operation = serving(found, Exchange(method, url))
        return None if operation is None else operation.path

    assert path_of("GET", "/books/new?x=1") == "/books/new"
    assert path_of("GET", "/books/7") == "/books/{id}"
    assert path_of("PUT", "/books/new") == "/books/{id}"
    assert path_of("DELETE", "/books/new") is None
    assert path_of("GET", "/books/new/") is None


def test_the_judge_does_not_change_the_document() -> None:
    schema = {"type": "object", "properties": {"id": {**INTEGER, "readOnly": True}}, "required": ["id"]}
    space = space_of({}, components={"schemas": {"It": schema}})
    node = Node(space, schema, "/components/schemas/It")
    Judge(space, "request").value(node, {})

    assert schema == {
        "type": "object",
        "properties": {"id": {"type": "integer", "readOnly": True}},
        "required": ["id"],
    }
