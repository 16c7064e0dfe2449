"""Bodies that are put together step by step are read whole, and as the app answers them."""

from __future__ import annotations

import pytest

APP = "steps"

TEXT, WHOLE, REAL, FLAG = ({"type": name} for name in ("string", "integer", "number", "boolean"))
NOTHING = {"type": ["integer", "null"]}


def array(items):
    return {"type": "array", "items": items}


def record(required=None, **properties):
    names = list(properties) if required is None else required
    return {"type": "object", "properties": properties, **({"required": names} if names else {})}


def test_the_app_answers_what_is_said(read, disagreements):
    names = [f"GET {path}" for path in read.root["paths"]]
    assert {name: found for name in names if (found := disagreements(name))} == {}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("update", record(id=WHOLE, name=TEXT, size=WHOLE, weight=REAL)),
        ("union", record(id=WHOLE, name=TEXT, size=WHOLE)),
        ("spread", record(page=WHOLE, size=REAL, more=array(TEXT))),
        ("constant", record(page=WHOLE, size=WHOLE)),
        ("conditional", record(["id", "kind"], id=WHOLE, note=TEXT, kind=TEXT)),
        ("conditional-spread", record(["id"], id=WHOLE, note=TEXT)),
        ("removed", record(id=WHOLE)),
        ("filtered", record(id=WHOLE, name=TEXT)),
        ("chosen-keys", record(id=WHOLE, name=TEXT)),
        ("finally", record(n=WHOLE, done=FLAG)),
        ("from-keys", record(a=WHOLE, b=WHOLE)),
        ("partial", record(value=WHOLE)),
        ("loads", record(id=WHOLE, tags=array(TEXT))),
    ],
)
def test_dicts(read, path, expected):
    assert read.schema(f"GET /{path}") == expected


def test_an_item_that_is_changed_is_one_of_many(read):
    assert read.properties("GET /nested-set") == {
        "meta": record(count=WHOLE, page=record(n=WHOLE)),
        "rows": array(record(["n"], n=WHOLE, first=FLAG)),
    }


def test_lists(read):
    assert read.schema("GET /appended") == array(
        record(["position", "n"], position=WHOLE, n=WHOLE, large=FLAG)
    )
    assert read.schema("GET /extended") == array(record(n=WHOLE))
    assert read.properties("GET /map")["named"] == array(record(n=WHOLE))
    assert read.properties("GET /map")["strings"] == array(TEXT)
    assert read.properties("GET /while") == {"rows": array(REAL), "n": WHOLE}


def test_zip(read):
    found = read.properties("GET /zip")
    assert found["pairs"] == {"type": "object", "additionalProperties": WHOLE}
    assert found["fixed"] == {"type": "object", "additionalProperties": WHOLE}  # the shorter one counts


def test_generators_and_context_managers(read):
    assert read.properties("GET /generator") == {"rows": array(record(n=WHOLE)), "again": array(WHOLE)}
    assert read.properties("GET /with") == {"timed": record(seconds=REAL), "opened": record(user=TEXT)}
    assert read.statuses("GET /with") == ["200"]


def test_collections_and_itertools(read):
    assert read.properties("GET /collections") == {
        "counted": {"type": "object", "additionalProperties": WHOLE},
        "common": array(record(word=TEXT, n=WHOLE)),
        "grouped": {"type": "object", "additionalProperties": array(record(name=TEXT))},
        "ordered": record(a=WHOLE, b=TEXT, c=REAL),
        "queue": array(WHOLE),
        "chained": array(REAL),
        "sliced": array(WHOLE),
        "chain_map": record(b=TEXT, a=WHOLE),
    }
    assert read.schema("GET /groups") == {"type": "object", "additionalProperties": array(WHOLE)}


def test_named_tuples_and_namespaces(read):
    assert read.properties("GET /named") == {
        "point": record(x=WHOLE, y=WHOLE),
        "pair": array(WHOLE),
        "x": WHOLE,
        "xs": array(WHOLE),
    }
    assert read.properties("GET /namespace") == {"n": WHOLE, "name": TEXT, "more": FLAG}


def test_numbers(read):
    found = read.properties("GET /any-of-ints")
    assert found["total"] == WHOLE
    assert found["divmod"] == array(WHOLE)
    assert found["first"] == found["next"] == NOTHING
    assert {key for key, schema in found.items() if schema == REAL} == {"mean", "round_two"}


def test_a_function_that_dispatches_on_the_class_of_its_argument(read):
    assert read.properties("GET /dispatch") == {
        "int": record(number=WHOLE),
        "list": record(items=array(REAL)),
        "other": record(text=TEXT),
    }
    assert read.statuses("GET /dispatch") == ["200"]


def test_match(read):
    assert read.statuses("GET /match/{kind}") == ["200", "404"]
    assert read.schema("GET /match/{kind}") == {
        "anyOf": [record(kind=TEXT, letter=FLAG), record(kind=TEXT, number=WHOLE)]
    }
    assert read.schema("GET /match-shape") == record(["first"], first=NOTHING, rest=array(WHOLE))


def test_or_keeps_both_sides(read):
    assert read.properties("GET /ternaries") == {
        "state": {"type": "string", "enum": ["open", "done"]},
        "maybe": NOTHING,
        "either": {"type": ["string", "integer"]},
        "list_or": array(WHOLE),
    }
