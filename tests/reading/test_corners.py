"""Corners of the language and of Flask."""

from __future__ import annotations

APP = "corners"
UNKNOWN = "x-apiver-unknown"

TEXT, WHOLE, REAL, FLAG = ({"type": name} for name in ("string", "integer", "number", "boolean"))


def array(items):
    return {"type": "array", "items": items}


def test_calls_bind_their_arguments(read):
    found = read.properties("GET /calls")
    assert found["plain"]["properties"]["b"] == WHOLE
    assert found["plain"]["properties"]["key"] == {"type": "null"}
    assert found["full"]["properties"]["b"] == TEXT
    assert found["full"]["properties"]["rest"] == array(WHOLE)
    assert found["full"]["properties"]["more"]["properties"] == {"extra": FLAG}
    assert found["bound"]["properties"]["b"] == REAL
    assert found["bound"]["properties"]["key"] == TEXT
    assert found["spread"]["properties"]["key"] == FLAG
    assert found["called"]["properties"] == {"text": TEXT, "loud": FLAG}
    rest = {name: found[name] for name in ("made", "loud", "size", "item", "cost")}
    assert rest == {"made": TEXT, "loud": FLAG, "size": WHOLE, "item": REAL, "cost": REAL}


def test_enums(read):
    assert read.properties("GET /enums") == {
        "title": TEXT,
        "first": WHOLE,
        "by_name": TEXT,
        "by_value": WHOLE,
        "values": array(WHOLE),
        "named": {"type": "object", "properties": {"RED": WHOLE, "BLUE": WHOLE}, "required": ["RED", "BLUE"]},
        "same": FLAG,
    }


def test_arithmetic_of_dates(read):
    day = {"type": "string", "format": "date"}
    assert read.properties("GET /dates") == {
        "days": WHOLE,
        "seconds": REAL,
        "half": REAL,
        "next": day,
        "month": day,
        "money": REAL,
        "parsed": WHOLE,
    }


def test_containers(read):
    found = read.properties("GET /containers")
    assert found["last"] == WHOLE
    assert found["both"] == array(REAL)
    assert list(found["table"]["properties"]) == ["b"]
    assert list(found["copied"]["properties"]) == ["b", "new"]
    assert found["popped"] == WHOLE
    assert found["gone"] == TEXT
    assert (found["first"], found["others"], found["end"]) == (WHOLE, array(TEXT), REAL)
    assert found["names"] == array(TEXT)
    assert found["counts"] == {"type": "object", "additionalProperties": WHOLE}
    assert found["groups"] == {"type": "object", "additionalProperties": array(REAL)}
    assert found["repeated"] == array(WHOLE)
    assert found["tuple_sum"] == array({"type": ["string", "integer"]})


def test_functions_of_python(read):
    found = read.properties("GET /functions")
    word = {"type": "string", "enum": ["a", "b"]}
    assert found["zipped"]["items"]["properties"] == {"word": word, "number": WHOLE}
    assert found["known"] == array(array({"type": ["string", "integer"]}))
    assert found["mapped"] == array(TEXT)
    assert found["lambdas"] == array(REAL)
    assert found["filtered"] == array(TEXT)
    assert found["found"]["type"] == ["string", "null"]
    assert (found["smallest"], found["longest"], found["attribute"]) == (WHOLE, TEXT, TEXT)
    assert (found["joined"], found["any_of"], found["has"]) == (TEXT, FLAG, FLAG)
    assert found["reversed"] == array(TEXT)
    assert found["dict_of"]["properties"] == {"a": WHOLE, "b": WHOLE}
    assert found["keys"]["properties"] == {"a": WHOLE, "b": TEXT}
    assert found["fromkeys"]["properties"] == {"a": WHOLE, "b": WHOLE}
    assert (found["matched"], found["formatted"], found["absolute"]) == (FLAG, TEXT, WHOLE)
    assert (found["power"], found["complement"], found["copied"]) == (WHOLE, FLAG, array(TEXT))
    assert found["counted"] == WHOLE


def test_control_flow(read):
    found = read.schema("GET /flow")
    assert found["properties"] == {
        "steps": WHOLE,
        "all": FLAG,
        "number": WHOLE,
        "value": {"type": ["string", "null"]},
    }
    assert found["required"] == ["steps", "value"]


def test_isinstance_chooses_the_shape(read):
    assert read.statuses("GET /narrow") == ["200", "204"]
    shapes = read.schema("GET /narrow")["anyOf"]
    assert [list(shape["properties"]) for shape in shapes] == [["kind"], ["items"], ["text"]]


def test_patterns(read):
    names = {name for shape in read.schema("GET /patterns")["anyOf"] for name in shape["properties"]}
    assert names == {"kind", "first", "none", "text", "other"}


def test_configuration_and_the_request_itself(read):
    found = read.properties("GET /config")
    assert UNKNOWN in found.pop("user")
    assert found == {
        "size": WHOLE,
        "get": WHOLE,
        "other": TEXT,
        "debug": FLAG,
        "endpoint": TEXT,
        "path": TEXT,
        "json": FLAG,
    }


def test_async_views(read):
    assert read.properties("GET /async") == {"id": WHOLE}


def test_bodies_that_are_copied_or_read_raw(read):
    assert read.statuses("POST /echo") == ["200", "400", "415"]
    assert read.body("POST /raw")["properties"] == {"name": TEXT}
    assert read.properties("POST /raw") == {"name": TEXT, "size": WHOLE}


def test_responses_changed_in_place(read):
    assert read.statuses("GET /response") == ["206"]
    response = read.response("GET /response", 206)
    assert list(response["content"]) == ["text/markdown"]
    assert list(response["headers"]) == ["Set-Cookie", "X-A"]
    assert read.properties("GET /response/copy") == {"id": WHOLE}


def test_a_lookup_in_constants_closes_the_list(read):
    found = read.parameters("GET /sort/{id}")
    assert found["query", "by"] == {
        "required": True,
        "schema": {"type": "string", "enum": ["name", "age"]},
    }
    assert found["query", "colour"]["schema"] == {
        "type": "string",
        "enum": ["RED", "BLUE"],
        "default": "RED",
    }


def test_comprehensions_over_the_request(read):
    assert set(read.parameters("GET /comprehension")) == {("query", "size"), ("query", "weight")}
    found = read.properties("GET /comprehension")
    assert found["filters"] == {"type": "object", "properties": {"size": TEXT, "weight": TEXT}}
    assert found["nested"] == array(array({"type": ["string", "integer"]}))
    assert list(found["sums"]["properties"]) == ["a", "b"]


def test_imports_inside_of_functions(read):
    found = read.properties("GET /imports")
    assert "was not loaded" in found.pop("missing")[UNKNOWN]
    assert found == {
        "text": TEXT,
        "path": TEXT,
        "inner": WHOLE,
        "name": TEXT,
        "same": WHOLE,
        "sizes": array(TEXT),
    }


def test_a_power_is_whole_where_its_exponent_is_known_not_to_be_negative(read):
    found = read.properties("GET /powers/{n}")
    assert {key: schema for key, schema in found.items() if key != "rows"} == {
        "half": REAL,
        "eight": WHOLE,
        "square": WHOLE,
        "any": REAL,
    }


def test_what_a_loop_does_to_every_item_is_done_to_all_of_them(read):
    row = {"type": "object", "properties": {"id": TEXT, "n": WHOLE}, "required": ["id", "n"]}
    assert read.properties("GET /powers/{n}")["rows"] == array(row)


def test_a_body_that_is_read_and_dropped_is_not_asked_for(read):
    assert "requestBody" not in read.operation("POST /drained")


def test_a_bound_method_of_a_module_and_a_dict_of_pairs(read):
    assert read.properties("GET /labels/{n}") == {
        "label": {
            "type": "object",
            "properties": {"shelf": TEXT, "number": WHOLE},
            "required": ["shelf", "number"],
        },
        "pairs": {"type": "object", "additionalProperties": REAL},
    }
