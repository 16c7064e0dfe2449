"""A schema that forbids unknown keys forbids them to requests alone."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from apiver.reading.sources.openness import open_answers

CLOSED = {"type": "object", "additionalProperties": False}
OPEN = {"type": "object"}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def content(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def opened(
    schemas: dict[str, Any], asked: Any = None, answered: Any = None
) -> tuple[dict[str, Any], Any, Any]:
    """The schemas of a document afterwards, and those of its one body and its one answer."""
    operation: dict[str, Any] = {"responses": {"200": content(answered)} if answered else {}}
    if asked:
        operation["requestBody"] = content(asked)
    root = {"paths": {"/things": {"post": operation}}, "components": {"schemas": copy.deepcopy(schemas)}}
    open_answers(root)
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answer = (
        operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema")
    )
    return root["components"]["schemas"], body, answer


def test_a_schema_of_requests_stays_closed():
    assert opened({"Thing": CLOSED}, asked=ref("Thing")) == ({"Thing": CLOSED}, ref("Thing"), None)


def test_a_schema_of_answers_is_opened():
    assert opened({"Thing": CLOSED}, answered=ref("Thing")) == ({"Thing": OPEN}, None, ref("Thing"))


def test_one_that_serves_both_ways_becomes_two():
    found = opened({"Thing": CLOSED}, asked=ref("Thing"), answered={"type": "array", "items": ref("Thing")})
    assert found == (
        {"Thing": OPEN, "ThingInput": CLOSED},
        ref("ThingInput"),
        {"type": "array", "items": ref("Thing")},
    )


def test_an_open_one_stays_one_though_it_serves_both_ways():
    assert opened({"Thing": OPEN}, ref("Thing"), ref("Thing")) == (
        {"Thing": OPEN},
        ref("Thing"),
        ref("Thing"),
    )


def test_what_holds_a_closed_one_becomes_two_with_it():
    schemas = {"Outer": {**OPEN, "properties": {"inner": ref("Inner")}}, "Inner": CLOSED}
    found, body, answer = opened(schemas, ref("Outer"), ref("Outer"))
    assert (body, answer) == (ref("OuterInput"), ref("Outer"))
    assert found["OuterInput"] == {**OPEN, "properties": {"inner": ref("InnerInput")}}
    assert found["Outer"] == {**OPEN, "properties": {"inner": ref("Inner")}}
    assert (found["Inner"], found["InnerInput"]) == (OPEN, CLOSED)


def test_one_that_holds_itself_ends():
    node = {**CLOSED, "properties": {"next": ref("Node")}}
    found, body, _ = opened({"Node": node}, ref("Node"), ref("Node"))
    assert body == ref("NodeInput")
    assert found["NodeInput"] == {**CLOSED, "properties": {"next": ref("NodeInput")}}
    assert found["Node"] == {**OPEN, "properties": {"next": ref("Node")}}


def test_one_of_requests_alone_refers_to_the_closed_twin():
    schemas = {"Ask": {**CLOSED, "properties": {"thing": ref("Thing")}}, "Thing": CLOSED}
    found, body, _ = opened(schemas, ref("Ask"), ref("Thing"))
    assert body == ref("Ask")
    assert found["Ask"] == {**CLOSED, "properties": {"thing": ref("ThingInput")}}


@pytest.mark.parametrize(
    ("names", "twin"),
    [
        (["Thing", "Thing1"], "ThingInput1"),
        (["Thing1"], "Thing1Input"),
        (["Thing1", "Thing1Input"], "Thing1Input1"),
    ],
)
def test_the_name_of_a_twin(names, twin):
    schemas = dict.fromkeys(names, CLOSED)
    _, body, _ = opened(schemas, ref(names[-1] if twin == "ThingInput1" else "Thing1"), ref("Thing1"))
    assert body == ref(twin)


def test_swagger_and_its_shared_parts():
    thing = {"$ref": "#/definitions/Thing"}
    root = {
        "swagger": "2.0",
        "definitions": {"Thing": dict(CLOSED)},
        "parameters": {"body": {"name": "body", "in": "body", "schema": dict(thing)}},
        "responses": {"Thing": {"schema": dict(thing)}},
        "paths": {"/things": {"post": {"parameters": [{"$ref": "#/parameters/body"}], "responses": {}}}},
    }
    open_answers(root)
    assert root["definitions"] == {"Thing": OPEN, "ThingInput": CLOSED}
    assert root["parameters"]["body"]["schema"] == {"$ref": "#/definitions/ThingInput"}
    assert root["responses"]["Thing"]["schema"] == thing


def test_schemas_that_stand_in_an_answer_are_opened_too():
    inline = {
        **CLOSED,
        "properties": {"inner": CLOSED, "map": {"type": "object", "additionalProperties": {}}},
    }
    _, _, answer = opened({}, answered=copy.deepcopy(inline))
    assert answer == {
        **OPEN,
        "properties": {"inner": OPEN, "map": {"type": "object", "additionalProperties": {}}},
    }
