"""What recorded requests add to an operation that was read from code, and where the two disagree."""

from __future__ import annotations

import pytest

from apiver.reading.traffic.filling import Filling, held_against

UNKNOWN = {"x-apiver-unknown": "eval() has no source"}
ALONE = "it is known from 3 recorded requests alone"


def operation(schema, **responses):
    return {
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {"schema": schema}}},
            **responses,
        }
    }


def seen(shape, requests=3, **responses):
    answer = {"requests": requests, "content": {"application/json": {"requests": requests, "schema": shape}}}
    return {"requests": requests, "responses": {"200": answer, **responses}}


def record(samples=3, required=None, **properties):
    kinds = {name: {"type": kind} for name, kind in properties.items()}
    names = sorted(kinds) if required is None else required
    return {"type": "object", "properties": kinds, "required": names, "x-apiver-samples": samples}


def filled(schema, shape, requests=3, schemas=None):
    """The schema of the answer, and the kinds of drift."""
    filling = Filling({} if schemas is None else schemas)
    made, drift = filling.operation("GET /a", operation(schema), seen(shape, requests))
    drift += filling.components()
    return made["responses"]["200"]["content"]["application/json"]["schema"], [
        (one.kind, one.part) for one in drift
    ]


def observed(requests=3):
    return {"x-apiver-source": {"by": "observed", "requests": requests}}


def test_what_is_unknown_is_taken_from_what_was_seen():
    made, drift = filled(UNKNOWN, record(id="integer", title="string"))
    assert made == {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "title": {"type": "string"}},
        "required": ["id", "title"],
        "x-apiver-incomplete": f"{ALONE} (eval() has no source)",
        **observed(),
    }
    assert drift == []


def test_nothing_is_required_before_there_are_several_samples():
    made, _ = filled(UNKNOWN, record(samples=2, id="integer"), 2)
    assert "required" not in made


@pytest.mark.parametrize(("requests", "form"), [(2, {}), (3, {"format": "date"})])
def test_a_format_holds_where_several_samples_had_it(requests, form):
    made, _ = filled(UNKNOWN, {"type": "string", "format": "date"}, requests)
    assert {key: part for key, part in made.items() if not key.startswith("x-")} == {"type": "string", **form}


def test_a_list_that_was_always_empty_and_a_value_that_was_always_null_stay_unknown():
    shape = record(tags="array", note="null")
    made, _ = filled(UNKNOWN, shape)
    assert made["properties"] == {
        "note": {"x-apiver-unknown": "only null was recorded"},
        "tags": {"type": "array", "items": {"x-apiver-unknown": "every recorded list was empty"}},
    }


def test_an_object_that_may_have_further_keys_gets_those_that_were_seen():
    own = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"], **UNKNOWN}
    made, drift = filled(own, record(required=["id"], id="integer", title="string"))
    assert made == {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "title": {"type": "string", **observed()}},
        "required": ["id"],
        "x-apiver-incomplete": f"{ALONE} (eval() has no source)",
        **observed(),
    }
    assert drift == []


def test_unknown_parts_are_filled_wherever_they_stand():
    own = {
        "type": "object",
        "properties": {
            "list": {"type": "array", "items": {**UNKNOWN}},
            "maybe": {"anyOf": [{"type": "object", "properties": {"a": {}}}, {"type": "null"}]},
            "map": {"type": "object", "additionalProperties": {**UNKNOWN}},
        },
    }
    shape = {
        **record(),
        "properties": {
            "list": {"type": "array", "items": {"type": "string"}},
            "maybe": {"anyOf": [{"type": "null"}, record(a="boolean")]},
            "map": {"type": "object", "additionalProperties": {"type": "integer"}, "x-apiver-samples": 3},
        },
    }
    made, drift = filled(own, shape)
    assert made["properties"]["list"]["items"]["type"] == "string"
    assert made["properties"]["maybe"]["anyOf"][0]["properties"]["a"]["type"] == "boolean"
    assert made["properties"]["map"]["additionalProperties"]["type"] == "integer"
    assert drift == []


def test_a_component_is_filled_by_all_operations_that_use_it():
    schemas = {"Book": {"type": "object", "properties": {"price": {**UNKNOWN}}}}
    filling = Filling(schemas)
    for number, kind in enumerate(("integer", "number")):
        reference = {"$ref": "#/components/schemas/Book"}
        made, _ = filling.operation(f"GET /{number}", operation(reference), seen(record(price=kind)))
        assert made["responses"]["200"]["content"]["application/json"]["schema"] == reference
    assert filling.components() == []
    assert schemas["Book"]["properties"]["price"]["type"] == "number"


CLOSED = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "note": {"type": ["string", "null"]}},
    "required": ["id", "note"],
    "x-apiver-source": {"by": "inferred", "file": "shop.py", "line": 7},
}


@pytest.mark.parametrize(
    ("shape", "drift"),
    [
        (record(id="integer", note="string"), []),
        (record(id="integer", note="null"), []),
        (record(id="string", note="string"), [("type-seen", "200 body.id")]),
        (record(id="number", note="string"), [("type-seen", "200 body.id")]),
        (record(id="integer"), [("property-missing", "200 body.note")]),
        (record(id="integer", note="string", more="string"), [("property-seen", "200 body.more")]),
        ({"type": "array", "items": {"type": "string"}}, [("type-seen", "200 body")]),
    ],
)
def test_what_is_known_stays_and_what_disagrees_with_it_is_drift(shape, drift):
    made, found = filled(CLOSED, shape)
    assert made == CLOSED
    assert found == drift


def test_a_sample_without_null_proves_nothing():
    own = {"type": ["string", "null"]}
    assert filled(own, {"type": "string"}) == (own, [])


def test_a_status_that_the_code_lacks_is_added_and_told():
    answer = {"requests": 1, "content": {"text/html": {"requests": 1}}}
    filling = Filling({})
    made, drift = filling.operation(
        "GET /a", operation(CLOSED), {"requests": 4, "responses": {"404": answer}}
    )
    assert made["responses"]["404"]["content"] == {
        "text/html": {
            "schema": {
                "type": "string",
                "x-apiver-incomplete": "it is known from one recorded request alone",
                **observed(1),
            },
            **observed(1),
        }
    }
    assert [(one.kind, one.part, one.message) for one in drift] == [
        ("status-seen", "response 404", "404 was answered, the code does not show how")
    ]


def test_a_status_where_the_code_computes_one_is_added_without_a_word():
    own = {"responses": {"default": {"description": "Any other status", **UNKNOWN}}}
    made, drift = Filling({}).operation("GET /a", own, seen(record(id="integer")))
    assert list(made["responses"]) == ["200", "default"]
    assert drift == []


def test_what_went_wrong_is_no_part_of_a_contract():
    answer = {"requests": 1, "content": {"text/html": {"requests": 1}}}
    made, drift = Filling({}).operation(
        "GET /a", operation(CLOSED), {"requests": 1, "responses": {"500": answer}}
    )
    assert list(made["responses"]) == ["200"]
    assert drift == []


def test_of_a_request_nothing_is_required():
    own = {"requestBody": {"content": {"application/json": {"schema": {**UNKNOWN}}}}, "responses": {}}
    body = {"application/json": {"requests": 3, "schema": record(title="string")}}
    made, _ = Filling({}).operation("POST /a", own, {"requests": 3, "bodies": body})
    assert made["requestBody"]["content"]["application/json"]["schema"] == {
        "type": "object",
        "properties": {"title": {"type": "string"}},
        "x-apiver-incomplete": f"{ALONE} (eval() has no source)",
        **observed(),
    }


def test_a_body_that_is_read_as_it_comes_has_the_media_types_that_were_sent():
    own = {"requestBody": {"content": {"*/*": {"schema": {**UNKNOWN}}}}, "responses": {}}
    body = {"application/json": {"requests": 3, "schema": record(title="string")}}
    made, _ = Filling({}).operation("POST /a", own, {"requests": 3, "bodies": body})
    assert list(made["requestBody"]["content"]) == ["application/json"]


def test_a_declaration_is_held_against_a_recording_and_stays_as_it_is():
    declared = operation({"$ref": "#/components/schemas/Jar"})
    declared["security"] = [{"token": []}]
    secret = {"type": "string", "writeOnly": True}
    jar = {**CLOSED, "properties": {**CLOSED["properties"], "pin": secret}, "required": ["id", "note", "pin"]}
    schemas = {"Jar": jar}
    answers = {
        "401": {"requests": 1},  # credentials are declared: that they are asked for is no news
        "409": {"requests": 1},
    }
    drift = held_against([("GET /a", declared, seen(record(id="string", lid="string"), **answers))], schemas)
    assert [(one.kind, one.part, one.message) for one in drift] == [
        ("status-seen", "response 409", "409 was answered, the declaration does not have it"),
        ("type-seen", "Jar.id", "string was seen, declared is integer"),
        ("property-seen", "Jar.lid", "lid was seen, the declaration does not have it"),
        (
            "property-missing",
            "Jar.note",
            "note was missing in a recorded answer, it is declared as required",
        ),
    ]
    assert schemas == {"Jar": jar}
    assert list(declared["responses"]) == ["200"]
