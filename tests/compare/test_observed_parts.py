"""What recorded traffic shows is a sample: one that shows less must not look like a break."""

from __future__ import annotations

import pytest

from apiver.compare import diff
from apiver.contract.document import Document

OBSERVED = {"x-apiver-source": {"by": "observed", "requests": 3}}
INFERRED = {"x-apiver-source": {"by": "inferred", "file": "shop.py", "line": 3}}


def document(schema, status="200", **response):
    content = {"application/json": {"schema": schema}}
    operation = {"responses": {status: {"description": "OK", "content": content, **response}}}
    return Document(
        {"openapi": "3.1.0", "info": {"title": "S", "version": "1"}, "paths": {"/a": {"get": operation}}}, "v"
    )


def effects(old, new):
    return [(one.rule, one.effect.value, one.reason) for one in diff(old, new).changes]


SAMPLE = "it is known from recorded traffic, which may not have shown all that is there"
WIDE = {
    "type": "object",
    "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
    "required": ["a", "b"],
}
NARROW = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({**WIDE, **OBSERVED}, {**NARROW, **OBSERVED}),
        ({**WIDE, **INFERRED}, {**NARROW, **OBSERVED}),
        ({**WIDE, **OBSERVED}, {**NARROW, **INFERRED}),
        (
            {"type": "array", "items": {**WIDE, **OBSERVED}, **INFERRED},
            {"type": "array", "items": NARROW, **INFERRED},
        ),
        (
            {"anyOf": [{**WIDE, **OBSERVED}, {"type": "null"}], **INFERRED},
            {"anyOf": [{**NARROW, **OBSERVED}, {"type": "null"}], **INFERRED},
        ),
        (
            {"anyOf": [{"type": "null"}], **INFERRED},
            {"anyOf": [{**NARROW, **OBSERVED}, {"type": "null"}], **INFERRED},
        ),
    ],
    ids=["observed", "new is a sample", "old is a sample", "items", "alternative", "alternative added"],
)  # fmt: skip
def test_a_sample_that_shows_less_is_a_risk(old, new):
    found = effects(document(old), document(new))
    assert found
    assert {(effect, reason) for _, effect, reason in found} == {("risky", SAMPLE)}


def test_what_lies_within_an_observed_object_may_have_been_overwritten_by_what_was_not_seen():
    def held(kind):
        return document(
            {
                "type": "object",
                "properties": {"id": {"type": kind, **INFERRED}},
                "required": ["id"],
                **OBSERVED,
            }
        )

    assert effects(held("integer"), held("string")) == [("response-property-type-changed", "risky", SAMPLE)]


def test_a_status_that_was_only_seen_is_a_risk():
    found = effects(document(NARROW), document(NARROW, status="202", **OBSERVED))
    assert found and {effect for _, effect, _ in found} == {"risky"}


def test_beside_what_was_observed_a_break_is_a_break():
    def held(kind, seen):
        parts = {"a": {"type": kind, **INFERRED}, "b": {"type": seen, **OBSERVED}}
        return document({"type": "object", "properties": parts, "required": ["a", "b"], **INFERRED})

    found = effects(held("integer", "integer"), held("string", "string"))
    assert [(effect, reason) for _, effect, reason in found] == [("breaking", None), ("risky", SAMPLE)]
