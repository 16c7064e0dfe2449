"""What nobody could read is compared with nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compare.operation_pairs import JSON, answer, body, compare, query, told, typed, with_header

UNKNOWN = {"x-apiver-unknown": "made by a library"}


def put(place: str, schema: Any) -> dict[str, Any]:
    if place == "parameter":
        return query(schema=schema)
    whole = typed("object", properties={"a": schema, "b": typed("string")}, required=["a"])
    return body(whole, required=True) if place == "request" else answer(whole)


@pytest.mark.parametrize("side", ["old", "new"])
@pytest.mark.parametrize("place", ["request", "response", "parameter"])
def test_what_nobody_could_read_is_listed_and_never_the_ground_of_a_change(side: str, place: str) -> None:
    known = typed("integer", minimum=3)
    old, new = (
        put(place, known if side == "new" else UNKNOWN),
        put(place, known if side == "old" else UNKNOWN),
    )
    found = compare(old, new, method="post")

    assert told(found) == []
    assert {part.reason for part in found.not_compared} == {"made by a library"}
    assert {part.side for part in found.not_compared} == {side}
    end = {"parameter": "parameters/0/schema"}.get(place, "schema/properties/a")
    assert all(part.pointer.endswith(end) for part in found.not_compared)


@pytest.mark.parametrize("place", ["request", "response", "parameter"])
def test_what_nobody_could_read_on_either_side_is_listed_too(place: str) -> None:
    found = compare(put(place, UNKNOWN), put(place, UNKNOWN), method="post")

    assert told(found) == []
    assert {part.reason for part in found.not_compared} == {"made by a library"}


PARTS = {
    "parameter": (
        {"parameters": [{"name": "limit", "in": "query", **UNKNOWN}]},
        query(schema=typed("integer")),
    ),
    "request body": ({"requestBody": UNKNOWN}, body(typed("integer"), required=True)),
    "media type": ({"requestBody": {"content": {JSON: UNKNOWN}}}, body(typed("integer"))),
    "response": ({"responses": {"200": {"description": "?", **UNKNOWN}}}, answer(typed("integer"))),
    "response header": (with_header(**UNKNOWN), with_header(required=True, schema=typed("integer"))),
}


@pytest.mark.parametrize("part", list(PARTS))
def test_a_whole_part_that_nobody_could_read_is_no_ground_either(part: str) -> None:
    unknown, known = PARTS[part]
    for old, new, side in ((unknown, known, "old"), (known, unknown, "new")):
        found = compare(old, new, method="post")
        assert told(found) == []
        assert [(each.side, each.reason) for each in found.not_compared] == [(side, "made by a library")]


def test_the_parts_beside_one_that_nobody_could_read_are_compared() -> None:
    def document(schema: Any) -> dict[str, Any]:
        return answer(typed("object", properties={"a": UNKNOWN, "b": schema}, required=["a", "b"]))

    found = compare(document(typed("string")), document(typed("integer")))
    assert told(found) == [("breaking", "response-property-type-changed", "body.b")]
