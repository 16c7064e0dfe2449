"""References by anchor, by identifier and by dynamic anchor, resolved within the document."""

from __future__ import annotations

from typing import Any

from apiver.compare import diff
from tests.compare.test_containment import (
    INTEGER,
    MAYBE,
    NO,
    STRING,
    YES,
    answer,
    array,
    contract,
    record,
    ref,
)


def asked(old: Any, new: Any, before: Any, after: Any) -> str:
    return answer(diff(contract(old, components=before), contract(new, components=after)))


def test_an_anchor() -> None:
    there = {"T": {"$anchor": "thing", **record(v=INTEGER)}}
    other = {"T": {"$anchor": "thing", **record(v=STRING)}}

    assert asked({"$ref": "#thing"}, {"$ref": "#thing"}, there, there) == YES
    assert asked({"$ref": "#thing"}, {"$ref": "#thing"}, there, other) == NO
    assert asked({"$ref": "#thing"}, record(v=INTEGER), there, {}) == YES


def test_an_identifier() -> None:
    there = {"T": {"$id": "https://example.com/thing", **record(v=INTEGER)}}
    other = {"T": {"$id": "https://example.com/thing", **record(v=STRING)}}
    by_id = {"$ref": "https://example.com/thing"}

    assert asked(by_id, ref("T"), there, there) == YES
    assert asked(by_id, by_id, there, other) == NO


def test_a_pointer_starts_at_the_resource_that_it_is_in() -> None:
    def thing(kind: Any) -> dict[str, Any]:
        return {"T": {"$id": "https://example.com/thing", "$ref": "#/$defs/inner", "$defs": {"inner": kind}}}

    assert asked(ref("T"), INTEGER, thing(INTEGER), {}) == YES
    assert asked(ref("T"), ref("T"), thing(INTEGER), thing(STRING)) == NO


def test_definitions_beside_a_schema() -> None:
    local = {**record(v={"$ref": "#/components/schemas/T/$defs/v"}), "$defs": {"v": INTEGER}}

    assert asked(ref("T"), record(v=INTEGER), {"T": local}, {}) == YES
    assert asked(ref("T"), record(v=STRING), {"T": local}, {}) == NO


def test_a_dynamic_reference_with_one_anchor() -> None:
    def tree(kind: Any) -> dict[str, Any]:
        return {"T": {"$dynamicAnchor": "T", **record(v=kind, children=array({"$dynamicRef": "#T"}))}}

    assert asked({"$dynamicRef": "#T"}, {"$dynamicRef": "#T"}, tree(INTEGER), tree(INTEGER)) == YES
    assert asked({"$dynamicRef": "#T"}, {"$dynamicRef": "#T"}, tree(INTEGER), tree(STRING)) == NO
    assert asked({"$dynamicRef": "#T"}, ref("T"), tree(INTEGER), tree(INTEGER)) == YES


def test_a_dynamic_reference_with_several_anchors_is_not_decided() -> None:
    def trees(kind: Any) -> dict[str, Any]:
        plain = {"$dynamicAnchor": "T", **record(children=array({"$dynamicRef": "#T"}))}
        return {"T": plain, "S": {"$dynamicAnchor": "T", "$ref": "#/components/schemas/T", **record(v=kind)}}

    assert asked(ref("S"), ref("S"), trees(INTEGER), trees(INTEGER)) == YES
    assert asked(ref("T"), ref("T"), trees(INTEGER), trees(STRING)) == MAYBE


def test_a_dynamic_reference_to_an_anchor_is_a_plain_one() -> None:
    there = {"T": {"$anchor": "T", **INTEGER}}

    assert asked({"$dynamicRef": "#T"}, INTEGER, there, {}) == YES


def test_a_reference_with_siblings() -> None:
    there = {"T": record(v=INTEGER)}

    assert asked(ref("T", required=["v"]), record("v", v=INTEGER), there, {}) == YES
    assert asked(ref("T"), ref("T", required=["v"]), there, there) == NO


def test_a_reference_that_leads_nowhere_is_not_decided() -> None:
    assert asked({"$ref": "#nowhere"}, INTEGER, {}, {}) == MAYBE
    assert asked({"$ref": "#nowhere"}, {"$ref": "#nowhere"}, {}, {}) == YES
