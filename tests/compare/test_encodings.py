"""Forms, multipart bodies and sequences: how the parts of a body are written."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from apiver.compare import diff
from apiver.compare.change import Comparison, Exchange
from apiver.compare.proofs.judge import Judge
from apiver.compare.sides.space import Space
from apiver.compare.sides.surface import operations
from apiver.contract.document import Document
from tests.compare.operation_pairs import OK, compare, contract, header, only, proof, told, typed

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
TAGS = typed("object", properties={"tags": typed("array", items=typed("string"))})
UPLOAD = typed("object", properties={"name": typed("string"), "file": typed("string")}, required=["file"])


def sent(media: str, schema: Any, **parts: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media: {"schema": schema, **parts}}}}


def posted(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    return compare(old, new, method="post")


@pytest.mark.parametrize(
    ("old", "new"),
    [({}, {"explode": False}), ({"explode": False}, {}), ({}, {"style": "pipeDelimited", "explode": False})],
)
def test_a_list_in_a_form_in_another_style(old: dict[str, Any], new: dict[str, Any]) -> None:
    numbers = typed("object", properties={"tags": typed("array", items=typed("integer"))})
    one, other = (sent(FORM, numbers, encoding={"tags": style}) for style in (old, new))
    found = posted(one, other)

    assert told(found) == [("breaking", "request-body-encoding-changed", "body.tags")]
    body = proof(found).accepted.body
    assert isinstance(body, str)
    assert header(proof(found).accepted, "Content-Type") == FORM
    texts = [text for name, text in parse_qsl(body) if name == "tags"]
    assert len(texts) == (1 if old else 2)


def test_texts_joined_by_commas_may_be_one_text() -> None:
    found = posted(sent(FORM, TAGS, encoding={"tags": {"explode": False}}), sent(FORM, TAGS))

    assert told(found) == [("risky", "request-body-encoding-changed", "body.tags")]


def test_an_encoding_that_says_what_holds_anyway_is_no_change() -> None:
    said = sent(FORM, TAGS, encoding={"tags": {"style": "form", "explode": True}})

    assert told(posted(sent(FORM, TAGS), said)) == []
    single = typed("object", properties={"name": typed("string")})
    assert told(posted(sent(FORM, single), sent(FORM, single, encoding={"name": {"explode": False}}))) == []


def test_a_part_in_a_media_type_that_is_not_taken_any_more() -> None:
    many, few = ({"file": {"contentType": each}} for each in ("image/png, image/jpeg", "image/png"))
    found = posted(sent(MULTIPART, UPLOAD, encoding=many), sent(MULTIPART, UPLOAD, encoding=few))

    assert told(found) == [("breaking", "request-body-encoding-changed", "body.file")]
    assert only(found).title == "body.file is image/jpeg no more, only image/png"
    witness = proof(found)
    assert header(witness.accepted, "Content-Type") == "multipart/form-data; boundary=part"
    assert witness.accepted.body == (
        '--part\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: image/jpeg\r\n\r\n'
        "string\r\n--part--\r\n"
    )
    assert witness.reason == "the part 'file' is image/jpeg, not image/png"
    assert told(posted(sent(MULTIPART, UPLOAD, encoding=few), sent(MULTIPART, UPLOAD, encoding=many))) == []


def test_a_range_of_media_types_takes_those_within_it() -> None:
    wide, narrow = ({"file": {"contentType": each}} for each in ("image/*", "image/png"))

    assert (
        told(posted(sent(MULTIPART, UPLOAD, encoding=narrow), sent(MULTIPART, UPLOAD, encoding=wide))) == []
    )
    found = posted(sent(MULTIPART, UPLOAD, encoding=wide), sent(MULTIPART, UPLOAD, encoding=narrow))
    assert told(found) == [("breaking", "request-body-encoding-changed", "body.file")]


def test_a_header_that_a_part_must_have() -> None:
    def with_header(**parts: Any) -> dict[str, Any]:
        return sent(
            MULTIPART, UPLOAD, encoding={"file": {"headers": {"X-Sum": {"schema": typed("string"), **parts}}}}
        )

    found = posted(with_header(), with_header(required=True))
    assert told(found) == [("breaking", "request-body-encoding-changed", "body.file")]
    assert proof(found).reason == "the part 'file' has no header X-Sum"
    assert told(posted(with_header(required=True), with_header())) == []


def test_a_part_of_an_answer_in_a_media_type_that_the_client_does_not_know() -> None:
    def answered(kinds: str) -> dict[str, Any]:
        content = {MULTIPART: {"schema": UPLOAD, "encoding": {"file": {"contentType": kinds}}}}
        return {"responses": {"200": {"description": "fine", "content": content}}}

    found = compare(answered("image/png"), answered("image/png, image/webp"))
    assert told(found) == [("breaking", "response-body-encoding-changed", "body.file")]
    assert proof(found).accepted_by == "new"
    assert told(compare(answered("image/png, image/webp"), answered("image/png"))) == []


def test_the_schema_of_a_multipart_body_is_compared() -> None:
    loose, strict = UPLOAD, {**UPLOAD, "required": ["file", "name"]}
    for media in (MULTIPART, "multipart/mixed"):
        found = posted(sent(media, loose), sent(media, strict))
        assert told(found) == [("breaking", "request-property-became-required", "body.name")]


def judged(media: str, schema: Any, body: Any, **parts: Any) -> list[str]:
    space = Space(contract({"/books": {"post": {"responses": OK, **sent(media, schema, **parts)}}}))
    (operation,) = operations(space)
    exchange = Exchange("POST", "/books", None, (("Content-Type", media),), body)
    return [each.message for each in Judge(space, "request").request(operation, exchange)]


@pytest.mark.parametrize(
    ("encoding", "body", "accepted"),
    [
        ({}, "n=1&n=2", True),
        ({}, "n=1,2", False),
        ({"n": {"explode": False}}, "n=1,2", True),
        ({"n": {"explode": False}}, "n=1&n=2", False),
        ({"n": {"style": "spaceDelimited", "explode": False}}, "n=1%202", True),
        ({"n": {"contentType": "application/json"}}, "n=%5B1,2%5D", True),
    ],
)
def test_the_judge_reads_forms_by_their_encoding(encoding: Any, body: str, accepted: bool) -> None:
    schema = typed("object", properties={"n": typed("array", items=typed("integer"), minItems=2)})

    assert (judged(FORM, schema, body, encoding=encoding) == []) is accepted


def test_the_judge_reads_deep_objects_in_forms() -> None:
    schema = typed("object", properties={"at": typed("object", properties={"x": typed("integer")})})
    deep = {"at": {"style": "deepObject"}}

    assert judged(FORM, schema, "at%5Bx%5D=1", encoding=deep) == []
    assert judged(FORM, schema, "at%5Bx%5D=b", encoding=deep) != []


# Sequences: OpenAPI 3.2 ----------------------------------------------------------------------------------


def streams(schema: Any, media: str = "application/jsonl", key: str = "itemSchema") -> Document:
    content = {media: {key: schema}}
    operation = {"responses": {"200": {"description": "fine", "content": content}}}
    return Document({**contract({"/log": {"get": operation}}).root, "openapi": "3.2.0"}, "contract")


@pytest.mark.parametrize("media", ["application/jsonl", "application/json-seq", "text/event-stream"])
def test_each_item_of_a_sequence_is_held_to_its_schema(media: str) -> None:
    entry = typed("object", properties={"data": typed("string")}, required=["data"])
    loose = {**entry, "required": []}
    found = diff(streams(entry, media), streams(loose, media))

    assert told(found) == [("breaking", "response-property-became-optional", "body[].data")]
    assert proof(found).accepted.body == [{}]
    assert [
        e for e, _, _ in told(diff(streams({**entry, "required": []}, media), streams(entry, media)))
    ] == ["compatible"]
    assert told(diff(streams(entry, media), streams(entry, media))) == []


def test_items_of_a_sequence_that_is_described_as_a_whole() -> None:
    whole = streams(typed("array", items=typed("integer")), key="schema")

    assert told(diff(whole, streams(typed("integer")))) == []
    assert told(diff(whole, streams(typed("string")))) == [
        ("breaking", "response-property-type-changed", "body[]")
    ]


def test_items_that_clients_send() -> None:
    def batch(schema: Any) -> Document:
        body = {"required": True, "content": {"application/jsonl": {"itemSchema": schema}}}
        root = contract({"/log": {"post": {"requestBody": body, "responses": OK}}}).root
        return Document({**root, "openapi": "3.2.0"}, "contract")

    found = diff(batch(typed("string")), batch(typed("string", maxLength=3)))
    assert told(found) == [("breaking", "request-property-max-length-set", "body[]")]
    assert len(proof(found).accepted.body[0]) > 3


def test_encodings_by_position_are_named_as_not_compared() -> None:
    def mixed(kind: str) -> dict[str, Any]:
        return sent("multipart/mixed", {}, prefixEncoding=[{"contentType": kind}])

    found = posted(mixed("image/png"), mixed("text/plain"))
    assert told(found) == []
    assert [each.reason for each in found.not_compared] == [
        "how parts are written by their position is not compared"
    ]


def test_encodings_within_encodings_are_named_as_not_compared() -> None:
    def mixed(kind: str) -> dict[str, Any]:
        inner = {"contentType": "multipart/mixed", "encoding": {"x": {"contentType": kind}}}
        return sent(MULTIPART, UPLOAD, encoding={"file": inner})

    found = posted(mixed("image/png"), mixed("text/plain"))
    assert told(found) == []
    assert [each.reason for each in found.not_compared] == [
        "how the parts of a part are written is not compared"
    ]


def test_a_media_type_by_reference() -> None:
    def document(content: Any, schema: Any) -> Document:
        body = {"required": True, "content": {"application/json": content}}
        root = contract(
            {"/books": {"post": {"requestBody": body, "responses": OK}}},
            components={"mediaTypes": {"Book": {"schema": schema}}},
        ).root
        return Document({**root, "openapi": "3.2.0"}, "contract")

    named = {"$ref": "#/components/mediaTypes/Book"}
    text, number = typed("string"), typed("integer")
    assert [e for e, _, _ in told(diff(document({"schema": text}, text), document(named, text)))] == []
    found = diff(document(named, text), document(named, number))
    assert told(found)[0] == ("breaking", "request-body-type-changed", "body")


@pytest.mark.parametrize(
    ("schema", "kind", "changes"),
    [
        ({}, "application/octet-stream", []),
        (typed("string", format="binary"), "application/octet-stream", []),
        (typed("string", contentMediaType="image/png"), "image/png", []),
        (typed("string"), "text/plain", []),
        (typed("object"), "application/json", []),
        (typed("string"), "text/html", [("risky", "request-body-encoding-changed", "body.file")]),
        ({}, "image/png", [("risky", "request-body-encoding-changed", "body.file")]),
    ],
)
def test_the_media_type_of_a_part_of_which_none_was_named(schema: Any, kind: str, changes: Any) -> None:
    whole = typed("object", properties={"file": schema}, required=["file"])
    found = posted(sent(MULTIPART, whole), sent(MULTIPART, whole, encoding={"file": {"contentType": kind}}))

    assert told(found) == changes
