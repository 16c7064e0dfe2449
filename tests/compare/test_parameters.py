"""Parameters of an operation: gone, new, required, written in another way."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from apiver.compare import diff
from apiver.compare.change import Exchange, OperationRef
from apiver.contract.document import Document
from tests.compare.operation_pairs import (
    JSON,
    OK,
    compare,
    contract,
    header,
    only,
    parameter,
    proof,
    query,
    query_of,
    told,
    typed,
)


def test_a_removed_parameter_is_risky_because_it_is_ignored() -> None:
    change = only(compare(query(schema=typed("integer")), {}))

    assert (change.effect.value, change.rule, change.subject) == (
        "risky",
        "request-parameter-removed",
        "?limit",
    )
    assert change.witness is None
    assert "ignored" in (change.reason or "")
    assert change.old.pointer == "/paths/~1books/get/parameters/0"


def variable(schema: dict[str, Any]) -> Document:
    said = {"name": "id", "in": "path", "required": True, "schema": schema}
    return contract({"/books/{id}": {"get": {"parameters": [said], **OK}}})


def test_a_number_in_a_path_begins_at_zero_whether_it_is_said_or_not() -> None:
    plain, from_zero = variable({"type": "integer"}), variable({"type": "integer", "minimum": 0})

    assert told(diff(plain, from_zero)) == told(diff(from_zero, plain)) == []
    assert told(diff(plain, variable({"type": "integer", "minimum": 3}))) == [
        ("breaking", "request-parameter-min-increased", "{id}")
    ]
    negative = variable({"type": "integer", "minimum": -5})
    assert told(diff(negative, plain)) == [("compatible", "request-parameter-min-unset", "{id}")]


def test_a_new_optional_parameter_is_compatible() -> None:
    found = compare({}, query(schema=typed("integer")))

    assert told(found) == [("compatible", "new-optional-request-parameter", "?limit")]


@pytest.mark.parametrize(
    ("where", "subject"),
    [("query", "?limit"), ("header", "header limit"), ("cookie", "cookie limit")],
)
def test_a_new_required_parameter_breaks_requests_without_it(where: str, subject: str) -> None:
    new = {"parameters": [parameter("limit", where, required=True, schema=typed("integer"))]}
    found = compare({}, new)

    assert told(found) == [("breaking", "new-required-request-parameter", subject)]
    witness = proof(found)
    assert witness.direction == "request"
    assert witness.accepted == witness.rejected == Exchange("GET", "/books")
    assert (witness.accepted_by, witness.rejected_by) == ("old", "new")
    assert "'limit'" in witness.reason


def test_an_optional_parameter_that_becomes_required_breaks_requests_without_it() -> None:
    found = compare(query(schema=typed("integer")), query(schema=typed("integer"), required=True))

    assert told(found) == [("breaking", "request-parameter-became-required", "?limit")]
    assert proof(found).rejected == Exchange("GET", "/books")


def test_a_required_parameter_that_becomes_optional_is_compatible() -> None:
    found = compare(query(schema=typed("integer"), required=True), query(schema=typed("integer")))

    assert told(found) == [("compatible", "request-parameter-became-optional", "?limit")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (typed("integer"), typed("string")),
        (typed("integer"), typed("number")),
        (typed("number"), typed("string")),
        (typed("boolean"), typed("string")),
        (typed("boolean"), {"type": "string", "enum": ["true", "false", "maybe"]}),
        ({"enum": ["1", "2"]}, typed("integer")),
        (typed("array", items=typed("integer")), typed("array", items=typed("string"))),
        ({"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["a", "b"]}),
        ({"type": ["integer", "null"]}, typed("integer")),
    ],
    ids=lambda schema: str(schema.get("enum", schema.get("type"))),
)
def test_what_reads_the_same_text_takes_the_same_parameter(old: Any, new: Any) -> None:
    found = compare(query(schema=old), query(schema=new))

    assert {effect for effect, _, _ in told(found)} <= {"compatible"}


def test_one_value_is_a_list_of_one() -> None:
    old, new = typed("integer"), typed("array", items=typed("integer"))

    assert {effect for effect, _, _ in told(compare(query(schema=old), query(schema=new)))} <= {"compatible"}


@pytest.mark.parametrize(
    ("old", "new", "sent"),
    [
        (typed("string"), typed("integer"), None),
        (typed("number"), typed("integer"), None),
        (typed("string"), typed("boolean"), None),
        (typed("integer"), typed("boolean"), None),
        ({"enum": ["asc", "desc"]}, {"enum": ["asc"]}, ["desc"]),
        ({"enum": [1, 2, 3]}, {"enum": [1, 3]}, ["2"]),
        (typed("integer"), typed("integer", maximum=100), None),
        (typed("string"), typed("string", maxLength=5), None),
    ],
)
def test_a_text_that_is_read_no_more_is_shown_in_the_url(old: Any, new: Any, sent: Any) -> None:
    witness = proof(compare(query(schema=old), query(schema=new)))

    assert urlsplit(witness.rejected.url).path == "/books"
    assert witness.accepted == witness.rejected
    texts = query_of(witness.rejected)["limit"]
    if sent is not None:
        assert texts == sent
    elif new["type"] == "integer" and "maximum" not in new:
        with pytest.raises(ValueError, match="invalid literal"):
            int(texts[0])
    elif new["type"] == "boolean":
        assert texts[0] not in ("true", "false")
    elif "maximum" in new:
        assert int(texts[0]) > 100
    else:
        assert len(texts[0]) > 5


def test_several_values_are_not_one_value() -> None:
    old = query(schema=typed("array", items=typed("integer")))
    witness = proof(compare(old, query(schema=typed("integer"))))

    assert len(query_of(witness.rejected)["limit"]) == 2


def test_values_one_by_one_are_no_list_with_commas() -> None:
    many = typed("array", items=typed("integer"))
    found = compare(query(schema=many), query(schema=many, explode=False))

    assert only(found).rule == "request-parameter-serialization-changed"
    assert len(query_of(proof(found).rejected)["limit"]) == 2


def test_a_list_with_commas_is_not_values_one_by_one() -> None:
    many = typed("array", items=typed("integer"))
    found = compare(query(schema=many, explode=False), query(schema=many))

    assert only(found).rule == "request-parameter-serialization-changed"
    (text,) = query_of(proof(found).rejected)["limit"]
    assert "," in text


def test_a_text_with_commas_may_be_one_text() -> None:
    many = typed("array", items=typed("string"))
    found = compare(query(schema=many, explode=False), query(schema=many))

    assert [(effect, rule) for effect, rule, _ in told(found)] == [
        ("risky", "request-parameter-serialization-changed")
    ]


def test_style_and_explode_written_out_say_what_their_defaults_say() -> None:
    many = typed("array", items=typed("integer"))

    assert told(compare(query(schema=many), query(schema=many, style="form", explode=True))) == []


def test_explode_means_nothing_for_a_single_value() -> None:
    old, new = query(schema=typed("integer"), explode=False), query(schema=typed("integer"))

    assert told(compare(old, new)) == []


def test_a_header_with_several_values_is_one_text_either_way() -> None:
    many = typed("array", items=typed("string"))
    old = {"parameters": [parameter("X-Tags", "header", schema=many, explode=False)]}
    new = {"parameters": [parameter("X-Tags", "header", schema=many, explode=True)]}

    assert told(compare(old, new)) == []


def test_the_names_of_path_parameters_do_not_matter() -> None:
    one = {"parameters": [parameter("id", "path", schema=typed("integer"))], "responses": OK}
    other = {"parameters": [parameter("book_id", "path", schema=typed("integer"))], "responses": OK}
    found = diff(contract({"/books/{id}": {"get": one}}), contract({"/books/{book_id}": {"get": other}}))

    assert told(found) == []


def test_path_parameters_are_compared_by_position() -> None:
    def shelves(first: str, second: str, kinds: tuple[str, str]) -> Document:
        named = [
            parameter(name, "path", schema=typed(kind))
            for name, kind in zip((first, second), kinds, strict=True)
        ]
        path = f"/shelves/{{{first}}}/books/{{{second}}}"
        return contract({path: {"get": {"parameters": named, "responses": OK}}})

    swapped = diff(shelves("a", "b", ("integer", "string")), shelves("b", "a", ("integer", "string")))
    assert told(swapped) == []


def test_a_path_parameter_that_is_renamed_and_takes_less() -> None:
    def book(name: str, kind: str) -> Document:
        named = [parameter(name, "path", schema=typed(kind))]
        return contract({f"/books/{{{name}}}": {"get": {"parameters": named, "responses": OK}}})

    found = diff(book("id", "string"), book("number", "integer"))
    assert told(found) == [("breaking", "request-parameter-type-changed", "{id}")]
    text = proof(found).rejected.url.removeprefix("/books/")
    assert text
    assert not text.lstrip("-").isdigit()


def test_a_path_parameter_that_takes_less_is_shown_in_the_url() -> None:
    old = {"parameters": [parameter("id", "path", schema=typed("string"))]}
    new = {"parameters": [parameter("id", "path", schema=typed("integer"))]}
    found = compare(old, new, path="/books/{id}")

    assert told(found) == [("breaking", "request-parameter-type-changed", "{id}")]
    segment = proof(found).rejected.url.removeprefix("/books/")
    assert segment
    assert not segment.isdigit()


def test_parameters_of_the_path_item_are_parameters_of_the_operation() -> None:
    shared = parameter("limit", schema=typed("integer"))
    old = contract({"/books": {"get": {"parameters": [shared], "responses": OK}}})
    new = contract({"/books": {"parameters": [shared], "get": {"responses": OK}}})

    assert told(diff(old, new)) == []
    assert told(diff(new, old)) == []


def test_the_operation_has_the_last_word_on_a_parameter() -> None:
    loose, strict = parameter("limit", schema=typed("string")), parameter("limit", schema=typed("integer"))
    old = contract({"/books": {"parameters": [strict], "get": {"parameters": [loose], "responses": OK}}})
    new = contract({"/books": {"parameters": [loose], "get": {"parameters": [strict], "responses": OK}}})

    assert told(diff(old, new)) == [("breaking", "request-parameter-type-changed", "?limit")]


def test_one_parameter_of_a_path_item_is_one_cause() -> None:
    def document(**parts: Any) -> Document:
        item = {"parameters": [parameter("limit", schema=typed("integer"), **parts)]}
        return contract({"/books": {**item, "get": {"responses": OK}, "delete": {"responses": OK}}})

    change = only(diff(document(), document(required=True)))

    assert change.rule == "request-parameter-became-required"
    assert set(change.operations) == {OperationRef("GET", "/books"), OperationRef("DELETE", "/books")}


def test_header_names_have_no_case() -> None:
    old = {"parameters": [parameter("X-Tenant", "header", required=True, schema=typed("string"))]}
    new = {"parameters": [parameter("x-tenant", "header", required=True, schema=typed("string"))]}

    assert told(compare(old, new)) == []


def test_query_names_have_case() -> None:
    old = {"parameters": [parameter("limit", schema=typed("integer"))]}
    new = {"parameters": [parameter("Limit", schema=typed("integer"))]}

    assert told(compare(old, new)) == [
        ("risky", "request-parameter-removed", "?limit"),
        ("compatible", "new-optional-request-parameter", "?Limit"),
    ]


@pytest.mark.parametrize("name", ["Accept", "content-type", "Authorization"])
def test_header_parameters_that_openapi_ignores_are_ignored(name: str) -> None:
    new = {"parameters": [parameter(name, "header", required=True, schema=typed("string"))]}

    assert told(compare({}, new)) == []


def test_a_parameter_by_reference_is_the_parameter() -> None:
    shared = parameter("limit", schema=typed("integer"))
    components = {"components": {"parameters": {"Limit": shared}}}
    found = compare(
        {"parameters": [shared]}, {"parameters": [{"$ref": "#/components/parameters/Limit"}]}, **components
    )

    assert told(found) == []


def test_a_parameter_that_moves_to_another_place_is_another_parameter() -> None:
    old = {"parameters": [parameter("token", "query", required=True, schema=typed("string"))]}
    new = {"parameters": [parameter("token", "header", required=True, schema=typed("string"))]}
    found = compare(old, new)

    assert told(found) == [
        ("breaking", "new-required-request-parameter", "header token"),
        ("risky", "request-parameter-removed", "?token"),
    ]
    sent = found.changes[0].witness
    assert sent is not None
    assert list(query_of(sent.rejected)) == ["token"]
    assert header(sent.rejected, "token") is None


def test_json_in_a_parameter_is_compared_with_its_types() -> None:
    def filtered(schema: Any) -> dict[str, Any]:
        return {"parameters": [{"name": "filter", "in": "query", "content": {JSON: {"schema": schema}}}]}

    found = compare(filtered(typed("object", properties={"a": typed("integer")})), filtered(typed("object")))
    assert {effect for effect, _, _ in told(found)} <= {"risky", "compatible"}


def test_a_default_that_changes_is_risky_and_one_that_is_new_is_not() -> None:
    def limited(**parts: Any) -> dict[str, Any]:
        return query(schema=typed("integer", **parts))

    changed = compare(limited(default=50), limited(default=20))
    assert told(changed) == [("risky", "request-parameter-default-value-changed", "?limit")]
    assert (changed.changes[0].old.value, changed.changes[0].new.value) == (50, 20)
    assert told(compare(limited(), limited(default=20))) == [
        ("compatible", "request-parameter-default-value-added", "?limit")
    ]
    assert told(compare(limited(default=20), limited())) == [
        ("risky", "request-parameter-default-value-removed", "?limit")
    ]


def test_deprecation_is_documentation() -> None:
    found = compare(query(schema=typed("integer")), query(schema=typed("integer"), deprecated=True))
    assert told(found) == [("docs", "request-parameter-deprecated", "?limit")]
    assert told(compare({}, {"deprecated": True})) == [("docs", "endpoint-deprecated", "operation")]
    assert told(compare({"deprecated": True}, {})) == [("docs", "endpoint-reactivated", "operation")]


def test_a_lenient_parameter_rejects_nothing() -> None:
    # Flask's request.args.get("q", type=int) reads what is no integer as if it had not been sent.
    lenient = query(**{"schema": typed("integer"), "x-apiver-lenient": True})

    change = only(compare(query(schema=typed("string")), lenient))

    assert (change.effect.value, change.rule) == ("risky", "request-parameter-type-changed")
    assert "nothing is rejected" in str(change.reason)
