"""Everything of an operation that is not its schemas: each kind of change once in both directions."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from apiver.compare import diff
from apiver.compare.change import ABSENT, Change, Comparison, Exchange, OperationRef, Witness
from apiver.contract.document import Document

JSON = "application/json"
OK = {"200": {"description": "fine"}}


def contract(paths: dict[str, Any], **parts: Any) -> Document:
    root = {"openapi": "3.1.0", "info": {"title": "Bookshop", "version": "1"}, "paths": paths, **parts}
    return Document(root, "contract.json")


def compare(
    old: dict[str, Any], new: dict[str, Any], *, path: str = "/books", method: str = "get", **parts: Any
) -> Comparison:
    """Compare two operations at the same place; `parts` are those of both documents."""
    one, other = (
        contract({path: {method: {"responses": OK, **operation}}}, **parts) for operation in (old, new)
    )
    return diff(one, other)


def told(comparison: Comparison) -> list[tuple[str, str, str]]:
    return [(change.effect.value, change.rule, change.subject) for change in comparison.changes]


def only(comparison: Comparison) -> Change:
    assert len(comparison.changes) == 1, told(comparison)
    return comparison.changes[0]


def proof(comparison: Comparison) -> Witness:
    """The witness of the only change, which is breaking."""
    change = only(comparison)
    assert change.effect.value == "breaking", told(comparison)
    assert change.witness is not None
    return change.witness


def query_of(exchange: Exchange) -> dict[str, list[str]]:
    return parse_qs(urlsplit(exchange.url).query, keep_blank_values=True, strict_parsing=True)


def header(exchange: Exchange, name: str) -> str | None:
    return next((text for key, text in exchange.headers if key.lower() == name.lower()), None)


def parameter(name: str, where: str = "query", **parts: Any) -> dict[str, Any]:
    return {"name": name, "in": where, **({"required": True} if where == "path" else {}), **parts}


def query(**parts: Any) -> dict[str, Any]:
    return {"parameters": [parameter("limit", **parts)]}


def typed(kind: str, **parts: Any) -> dict[str, Any]:
    return {"type": kind, **parts}


def body(schema: Any, *, media: str = JSON, **parts: Any) -> dict[str, Any]:
    return {"requestBody": {"content": {media: {"schema": schema}}, **parts}}


def answer(schema: Any, *, media: str = JSON, status: str = "200") -> dict[str, Any]:
    return {"responses": {status: {"description": "fine", "content": {media: {"schema": schema}}}}}


# Parameters ----------------------------------------------------------------------------------------------


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


# Request bodies ------------------------------------------------------------------------------------------


def test_a_new_required_body_breaks_requests_without_one() -> None:
    found = compare({}, body(typed("object"), required=True), method="post")

    assert told(found) == [("breaking", "request-body-added-required", "body")]
    witness = proof(found)
    assert witness.rejected == witness.accepted == Exchange("POST", "/books")
    assert witness.rejected.body is ABSENT


def test_a_new_optional_body_is_compatible() -> None:
    found = compare({}, body(typed("object")), method="post")

    assert told(found) == [("compatible", "request-body-added-optional", "body")]


def test_a_body_that_is_read_no_more_is_risky() -> None:
    found = compare(body(typed("object"), required=True), {}, method="post")

    assert told(found) == [("risky", "request-body-removed", "body")]


def test_a_body_that_becomes_required_breaks_requests_without_one() -> None:
    found = compare(body(typed("object")), body(typed("object"), required=True), method="post")

    assert told(found) == [("breaking", "request-body-became-required", "body")]
    assert proof(found).rejected.body is ABSENT


def test_a_body_that_becomes_optional_is_compatible() -> None:
    found = compare(body(typed("object"), required=True), body(typed("object")), method="post")

    assert told(found) == [("compatible", "request-body-became-optional", "body")]


def test_a_body_by_reference_is_the_body() -> None:
    shared = body(typed("object"), required=True)["requestBody"]
    found = compare(
        {"requestBody": shared},
        {"requestBody": {"$ref": "#/components/requestBodies/Book"}},
        method="post",
        components={"requestBodies": {"Book": shared}},
    )

    assert told(found) == []


def test_a_media_type_that_is_accepted_no_more_is_shown_with_its_body() -> None:
    schema = typed("object", properties={"title": typed("string")}, required=["title"])
    old = {"requestBody": {"content": {JSON: {"schema": schema}, "application/xml": {"schema": schema}}}}
    found = compare(old, body(schema), method="post")

    change = only(found)
    assert (change.effect.value, change.rule) == ("breaking", "request-body-media-type-removed")
    sent = proof(found).rejected
    assert header(sent, "content-type") == "application/xml"
    assert set(sent.body) == {"title"}
    assert told(compare(body(schema), old, method="post")) == [
        ("compatible", "request-body-media-type-added", "Content-Type")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (JSON, "application/*"),
        (JSON, "*/*"),
        ("text/csv", "text/*"),
        (JSON, "Application/JSON"),
        (JSON, "application/json; charset=utf-8"),
        ("application/json; charset=utf-8", JSON),
    ],
)
def test_a_range_accepts_the_media_types_within_it(old: str, new: str) -> None:
    found = compare(body(typed("string"), media=old), body(typed("string"), media=new), method="post")

    assert {effect for effect, _, _ in told(found)} <= {"compatible"}


@pytest.mark.parametrize(("old", "new"), [("application/*", JSON), ("*/*", JSON), ("text/*", "text/csv")])
def test_a_range_that_is_narrowed_breaks(old: str, new: str) -> None:
    found = compare(body(typed("string"), media=old), body(typed("string"), media=new), method="post")

    change = only(found)
    assert (change.effect.value, change.rule) == ("breaking", "request-body-media-type-removed")
    sent = header(proof(found).rejected, "content-type")
    assert sent is not None
    assert sent != new
    assert "*" not in sent


# Statuses, response bodies and headers -------------------------------------------------------------------


def statuses(*codes: str, schema: Any = None) -> dict[str, Any]:
    content = {"content": {JSON: {"schema": schema}}} if schema is not None else {}
    return {"responses": {code: {"description": "an answer", **content} for code in codes}}


def test_another_success_status_breaks_clients_that_know_the_old_one() -> None:
    found = compare(statuses("200"), statuses("202"))

    assert told(found) == [("breaking", "response-success-status-removed", "status 200")]
    witness = proof(found)
    assert witness.direction == "response"
    assert witness.accepted == witness.rejected == Exchange("GET", "/books", 202)
    assert (witness.accepted_by, witness.rejected_by) == ("new", "old")
    assert "202" in witness.reason


def test_a_further_success_status_breaks() -> None:
    found = compare(statuses("200"), statuses("200", "202"))

    assert told(found) == [("breaking", "response-success-status-added", "status 202")]
    assert proof(found).accepted.status == 202


def test_one_success_status_less_is_compatible() -> None:
    found = compare(statuses("200", "202"), statuses("200"))

    assert told(found) == [("compatible", "response-success-status-removed", "status 202")]


def test_errors_come_and_go_without_harm() -> None:
    assert told(compare(statuses("200"), statuses("200", "404"))) == [
        ("compatible", "response-non-success-status-added", "status 404")
    ]
    assert told(compare(statuses("200", "404"), statuses("200"))) == [
        ("compatible", "response-non-success-status-removed", "status 404")
    ]


def test_a_new_redirect_is_risky() -> None:
    found = compare(statuses("200"), statuses("200", "302"))

    assert told(found) == [("risky", "response-redirect-status-added", "status 302")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("2XX",), ("200",)),
        (("2XX",), ("200", "204")),
        (("default",), ("200",)),
        (("default",), ("200", "500")),
    ],
)
def test_a_range_covers_the_statuses_within_it(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    found = compare(statuses(*old, schema=typed("string")), statuses(*new, schema=typed("string")))

    assert {effect for effect, _, _ in told(found)} <= {"compatible"}


def test_a_status_within_a_range_is_held_to_what_the_range_says() -> None:
    found = compare(statuses("2XX", schema=typed("string")), statuses("200", schema=typed("integer")))

    assert told(found)[0] == ("breaking", "response-body-type-changed", "body")
    witness = found.changes[0].witness
    assert witness is not None
    assert witness.accepted.status == 200
    assert isinstance(witness.accepted.body, int)


def test_a_body_that_was_string_and_is_integer() -> None:
    witness = proof(compare(answer(typed("string")), answer(typed("integer"))))

    assert witness.direction == "response"
    assert witness.accepted.status == 200
    assert isinstance(witness.accepted.body, int)
    assert header(witness.accepted, "content-type") == JSON


def test_the_bodies_of_errors_are_compared_too() -> None:
    old = answer(typed("object", properties={"code": typed("string")}, required=["code"]), status="404")
    new = answer(typed("object", properties={"code": typed("string")}), status="404")
    found = compare(old, new)

    change = only(found)
    assert (change.effect.value, change.rule) == ("breaking", "response-property-became-optional")
    assert proof(found).accepted.status == 404
    assert proof(found).accepted.body == {}


def test_a_response_that_loses_its_body_breaks() -> None:
    found = compare(answer(typed("string")), {})

    assert told(found) == [("breaking", "response-body-removed", "status 200")]
    assert proof(found).accepted == Exchange("GET", "/books", 200)
    assert told(compare({}, answer(typed("string")))) == [("compatible", "response-body-added", "status 200")]


def test_another_media_type_of_the_answer_breaks() -> None:
    found = compare(answer(typed("string")), answer(typed("string"), media="text/csv"))

    change = only(found)
    assert (change.effect.value, change.rule) == ("breaking", "response-media-type-removed")
    assert header(proof(found).accepted, "content-type") == "text/csv"


def test_a_further_media_type_of_the_answer_is_compatible_and_one_less_is_risky() -> None:
    one = answer(typed("string"))
    content = {JSON: {"schema": typed("string")}, "text/csv": {"schema": typed("string")}}
    two = {"responses": {"200": {"description": "fine", "content": content}}}

    assert told(compare(one, two)) == [("compatible", "response-media-type-added", "Content-Type")]
    assert told(compare(two, one)) == [("risky", "response-media-type-removed", "Content-Type")]


def with_header(name: str = "X-Total", **parts: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "fine", "headers": {name: parts}}}}


def test_a_header_that_was_promised_and_is_gone_breaks() -> None:
    promised = with_header(required=True, schema=typed("integer"))
    found = compare(promised, {})

    assert told(found) == [("breaking", "required-response-header-removed", "header X-Total")]
    assert header(proof(found).accepted, "x-total") is None
    assert "X-Total" in proof(found).reason


def test_a_header_that_was_promised_and_may_be_missing_breaks() -> None:
    found = compare(with_header(required=True, schema=typed("integer")), with_header(schema=typed("integer")))

    assert told(found) == [("breaking", "response-header-became-optional", "header X-Total")]


def test_an_optional_header_that_is_gone_is_risky_and_a_new_one_is_compatible() -> None:
    assert told(compare(with_header(schema=typed("integer")), {})) == [
        ("risky", "optional-response-header-removed", "header X-Total")
    ]
    assert told(compare({}, with_header(schema=typed("integer")))) == [
        ("compatible", "response-header-added", "header X-Total")
    ]


def test_response_header_names_have_no_case() -> None:
    old, new = (
        with_header("X-Total", schema=typed("integer")),
        with_header("x-total", schema=typed("integer")),
    )

    assert told(compare(old, new)) == []


def test_the_values_of_a_response_header_are_compared_as_texts() -> None:
    found = compare(with_header(schema=typed("integer")), with_header(schema=typed("string")))

    change = only(found)
    assert (change.effect.value, change.rule) == ("breaking", "response-header-type-changed")
    text = header(proof(found).accepted, "x-total")
    assert text is not None
    assert not text.isdigit()
    assert {
        e
        for e, _, _ in told(
            compare(with_header(schema=typed("string")), with_header(schema=typed("integer")))
        )
    } <= {"compatible"}


def test_a_response_by_reference_is_the_response() -> None:
    shared = {"description": "fine", "content": {JSON: {"schema": typed("string")}}}
    found = compare(
        {"responses": {"200": shared}},
        {"responses": {"200": {"$ref": "#/components/responses/Fine"}}},
        components={"responses": {"Fine": shared}},
    )

    assert told(found) == []


def test_a_range_of_new_statuses_is_compared_under_each_old_one() -> None:
    found = compare(statuses("200", schema=typed("string")), statuses("default", schema=typed("integer")))

    breaking = {change.rule: change.witness for change in found.changes if change.effect.value == "breaking"}
    assert set(breaking) == {"response-body-type-changed", "response-success-status-added"}
    body, status = breaking["response-body-type-changed"], breaking["response-success-status-added"]
    assert body is not None
    assert body.accepted.status == 200
    assert status is not None
    assert status.accepted.status != 200


def test_a_status_that_falls_back_to_its_range_is_held_to_what_it_said_itself() -> None:
    def errors(**codes: str) -> dict[str, Any]:
        content = {name.lstrip("_"): typed(kind) for name, kind in codes.items()}
        return {
            "responses": {
                code: {"description": "an answer", "content": {JSON: {"schema": schema}}}
                for code, schema in content.items()
            }
        }

    old = errors(_200="string", _404="string", _4XX="integer")
    found = compare(old, errors(_200="string", _4XX="integer"))
    assert [effect for effect, _, _ in told(found)] == ["breaking"]
    assert proof(found).accepted.status == 404


def test_a_range_of_successes_for_one_status_may_be_answered_with_another() -> None:
    found = compare(statuses("200"), statuses("2XX"))

    assert told(found) == [("breaking", "response-success-status-added", "status 2XX")]
    status = proof(found).accepted.status
    assert status is not None
    assert 201 <= status <= 299


def test_the_last_success_status_is_not_given_up_without_a_word() -> None:
    found = compare(statuses("200"), statuses("404"))

    removed = next(change for change in found.changes if change.rule == "response-success-status-removed")
    assert removed.effect.value in ("breaking", "risky")


def test_a_media_type_has_the_last_word_over_its_range() -> None:
    def accepting(**kinds: str) -> dict[str, Any]:
        return {name: {"schema": typed(kind)} for name, kind in kinds.items()}

    loose = accepting(**{"application/*": "string"})
    strict = accepting(**{"application/*": "string", JSON: "integer"})
    found = compare({"requestBody": {"content": loose}}, {"requestBody": {"content": strict}}, method="post")
    sent = proof(found).rejected
    assert header(sent, "content-type") == JSON
    assert isinstance(sent.body, str)

    sent = proof(
        compare(
            {"responses": {"200": {"description": "fine", "content": strict}}},
            {"responses": {"200": {"description": "fine", "content": loose}}},
        )
    ).accepted
    assert header(sent, "content-type") == JSON
    assert isinstance(sent.body, str)


def test_extensions_among_the_responses_are_no_statuses() -> None:
    extended = {"responses": {**OK, "x-cache": {"description": "ten minutes"}}}

    assert told(compare({}, extended)) == []
    assert told(compare(extended, {})) == []


# Security ------------------------------------------------------------------------------------------------

KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
BEARER = {"type": "http", "scheme": "bearer"}
BASIC = {"type": "http", "scheme": "basic"}
OAUTH = {
    "type": "oauth2",
    "flows": {
        "clientCredentials": {"tokenUrl": "https://bookshop.example/token", "scopes": {"r": "", "w": ""}}
    },
}
SCHEMES = {"securitySchemes": {"key": KEY, "bearer": BEARER, "basic": BASIC, "oauth": OAUTH}}


def secured(old: Any, new: Any) -> Comparison:
    return compare(
        {} if old is None else {"security": old}, {} if new is None else {"security": new}, components=SCHEMES
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, []),
        (None, [{}]),
        ([{}], []),
        ([{"key": []}, {"bearer": []}], [{"bearer": []}, {"key": []}]),
        ([{"oauth": ["r", "w"]}], [{"oauth": ["w", "r"]}]),
    ],
)
def test_the_same_credentials_spelled_differently(old: Any, new: Any) -> None:
    assert told(secured(old, new)) == []
    assert told(secured(new, old)) == []


@pytest.mark.parametrize(
    ("old", "new", "sent"),
    [
        (None, [{"key": []}], {}),
        ([{}, {"key": []}], [{"key": []}], {}),
        ([{"key": []}], [{"key": [], "bearer": []}], {"X-Key"}),
        ([{"key": []}, {"bearer": []}], [{"key": []}], {"Authorization"}),
        ([{"key": []}], [{"bearer": []}], {"X-Key"}),
        ([{"bearer": []}], [{"basic": []}], {"Authorization"}),
        ([{"oauth": ["r"]}], [{"oauth": ["r", "w"]}], {"Authorization"}),
        ([{"oauth": ["r"]}], [{"oauth": ["w"]}], {"Authorization"}),
    ],
)
def test_credentials_that_are_not_enough_any_more(old: Any, new: Any, sent: Any) -> None:
    found = secured(old, new)

    assert told(found) == [("breaking", "api-security-added", "security")]
    witness = proof(found)
    assert {name for name, _ in witness.rejected.headers} == set(sent)
    assert "credentials are required" in witness.reason


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([{"key": []}], None),
        ([{"key": []}], [{"key": []}, {}]),
        ([{"key": [], "bearer": []}], [{"key": []}]),
        ([{"key": []}], [{"key": []}, {"bearer": []}]),
        ([{"oauth": ["r", "w"]}], [{"oauth": ["r"]}]),
        ([{"key": []}, {"bearer": []}], [{}]),
    ],
)
def test_fewer_credentials_are_compatible(old: Any, new: Any) -> None:
    assert told(secured(old, new)) == [("compatible", "api-security-removed", "security")]


def test_a_key_in_another_header_is_another_key() -> None:
    def document(name: str) -> Document:
        scheme = {"securitySchemes": {"key": {**KEY, "name": name}}}
        return contract({"/books": {"get": {"responses": OK}}}, security=[{"key": []}], components=scheme)

    found = diff(document("X-Key"), document("X-Token"))
    assert told(found) == [("breaking", "api-security-added", "security")]
    assert [name for name, _ in proof(found).rejected.headers] == ["X-Key"]


def test_the_header_of_a_key_has_no_case() -> None:
    def document(name: str) -> Document:
        scheme = {"securitySchemes": {"key": {**KEY, "name": name}}}
        return contract({"/books": {"get": {"responses": OK}}}, security=[{"key": []}], components=scheme)

    assert told(diff(document("X-Key"), document("x-key"))) == []


def test_the_name_of_a_scheme_does_not_matter() -> None:
    def document(name: str) -> Document:
        paths = {"/books": {"get": {"responses": OK, "security": [{name: []}]}}}
        return contract(paths, components={"securitySchemes": {name: KEY}})

    assert told(diff(document("key"), document("apiKey"))) == []


def test_security_of_the_document_is_security_of_its_operations() -> None:
    schemes = {"components": SCHEMES}
    general = contract({"/books": {"get": {"responses": OK}}}, security=[{"key": []}], **schemes)
    own = contract({"/books": {"get": {"responses": OK, "security": [{"key": []}]}}}, **schemes)
    freed = contract(
        {"/books": {"get": {"responses": OK, "security": []}}}, security=[{"key": []}], **schemes
    )

    assert told(diff(general, own)) == []
    assert told(diff(own, general)) == []
    assert told(diff(general, freed)) == [("compatible", "api-security-removed", "security")]
    assert told(diff(freed, general)) == [("breaking", "api-security-added", "security")]


def test_security_of_the_document_is_one_cause() -> None:
    paths = {
        "/books": {"get": {"responses": OK}, "post": {"responses": OK}},
        "/authors": {"get": {"responses": OK}},
    }
    found = diff(
        contract(paths, components=SCHEMES), contract(paths, components=SCHEMES, security=[{"key": []}])
    )

    change = only(found)
    assert {str(ref) for ref in change.operations} == {"GET /books", "POST /books", "GET /authors"}


# Servers, versions, operations ---------------------------------------------------------------------------

GET = {"get": {"responses": OK}}


def test_the_path_of_the_server_is_part_of_the_url() -> None:
    inside = contract({"/v1/books": GET})
    outside = contract({"/books": GET}, servers=[{"url": "/v1"}])
    slashed = contract({"/books": GET}, servers=[{"url": "/v1/"}])
    templated = contract(
        {"/books": GET}, servers=[{"url": "/{version}", "variables": {"version": {"default": "v1"}}}]
    )

    for one in (inside, outside, slashed, templated):
        for other in (inside, outside, slashed, templated):
            assert told(diff(one, other)) == []


def test_the_server_of_an_operation_wins_over_that_of_its_path_and_its_document() -> None:
    own = {"get": {"responses": OK, "servers": [{"url": "/shop"}]}}
    one = contract({"/books": own}, servers=[{"url": "/elsewhere"}])
    other = contract({"/books": {**GET, "servers": [{"url": "/shop"}]}}, servers=[{"url": "/elsewhere"}])

    assert told(diff(one, contract({"/shop/books": GET}))) == []
    assert told(diff(other, contract({"/shop/books": GET}))) == []


def test_a_host_that_is_gone_is_risky() -> None:
    def document(*urls: str) -> Document:
        return contract({"/books": GET}, servers=[{"url": url} for url in urls])

    both = document("https://a.example/api", "https://b.example/api")
    found = diff(both, document("https://a.example/api"))

    assert [(effect, rule) for effect, rule, _ in told(found)] == [("risky", "api-server-removed")]
    assert "b.example" in found.changes[0].title
    assert told(diff(document("https://a.example/api"), both)) == []
    assert told(diff(document("https://a.example/api"), document("http://A.example/api"))) == []


@pytest.mark.parametrize(
    ("old", "new", "urls"),
    [
        (("/api/v1", "/books"), ("/api/v2", "/books"), ("/api/v1/books", "/api/v2/books")),
        (("", "/api/v1/books"), ("", "/api/v2/books"), ("/api/v1/books", "/api/v2/books")),
        (("/api/v1", "/books"), ("", "/api/v2/books"), ("/api/v1/books", "/api/v2/books")),
        (("", "/books"), ("/v2", "/books"), ("/books", "/v2/books")),
        (("/2024-01-01", "/books"), ("/2025-01-01", "/books"), ("/2024-01-01/books", "/2025-01-01/books")),
    ],
)
def test_the_version_in_the_url_is_no_change(old: Any, new: Any, urls: tuple[str, str]) -> None:
    def document(base: str, path: str, **operation: Any) -> Document:
        return contract({path: {"get": {"responses": OK, **operation}}}, servers=[{"url": base or "/"}])

    assert told(diff(document(*old), document(*new))) == []

    needs = {"parameters": [parameter("limit", required=True, schema=typed("integer"))]}
    witness = proof(diff(document(*old), document(*new, **needs)))
    assert (witness.accepted.url, witness.rejected.url) == urls
    assert witness.accepted.method == witness.rejected.method == "GET"
    assert witness.accepted.headers == witness.rejected.headers


def test_in_a_response_the_accepting_side_is_the_new_one() -> None:
    old = contract({"/books": {"get": statuses("200")}}, servers=[{"url": "/api/v1"}])
    new = contract({"/books": {"get": statuses("202")}}, servers=[{"url": "/api/v2"}])
    witness = proof(diff(old, new))

    assert (witness.accepted_by, witness.accepted.url) == ("new", "/api/v2/books")
    assert (witness.rejected_by, witness.rejected.url) == ("old", "/api/v1/books")


def test_an_operation_that_is_gone() -> None:
    old = contract(
        {
            "/books": GET,
            "/authors/{id}": {
                "delete": {"responses": OK, "parameters": [parameter("id", "path", schema=typed("integer"))]}
            },
        }
    )
    found = diff(old, contract({"/books": GET}))

    assert told(found) == [("breaking", "api-removed-without-deprecation", "operation")]
    change = only(found)
    assert change.operations == (OperationRef("DELETE", "/authors/{id}"),)
    witness = proof(found)
    assert witness.rejected.method == "DELETE"
    assert witness.rejected.url.removeprefix("/authors/").lstrip("-").isdigit()
    assert change.old.pointer == "/paths/~1authors~1{id}/delete"


def test_an_operation_that_is_new() -> None:
    found = diff(contract({"/books": GET}), contract({"/books": GET, "/stock": GET}))

    assert told(found) == [("compatible", "endpoint-added", "operation")]
    assert only(found).operations == (OperationRef("GET", "/stock"),)


def test_a_method_that_is_gone_and_another_that_is_new() -> None:
    found = diff(
        contract({"/books": {"put": {"responses": OK}}}), contract({"/books": {"patch": {"responses": OK}}})
    )

    assert told(found) == [
        ("breaking", "api-removed-without-deprecation", "operation"),
        ("compatible", "endpoint-added", "operation"),
    ]


def test_an_operation_that_moved_is_one_change_that_names_its_successor() -> None:
    one = {"get": {"responses": OK, "operationId": "listBooks", "summary": "All books"}}
    found = diff(contract({"/books": one}), contract({"/catalogue/books": one}))

    assert told(found) == [("breaking", "api-moved", "operation")]
    assert "GET /catalogue/books" in only(found).title
    assert proof(found).rejected == Exchange("GET", "/books")


def test_an_operation_that_another_serves_is_not_gone() -> None:
    fixed = {"get": {"responses": OK, "parameters": []}}
    templated = {"get": {"responses": OK, "parameters": [parameter("name", "path", schema=typed("string"))]}}
    both = contract({"/books/new": fixed, "/books/{name}": templated})
    found = diff(both, contract({"/books/{name}": templated}))

    assert [effect for effect, _, _ in told(found)] == ["risky"]
    assert only(found).reason


# What nobody could read ----------------------------------------------------------------------------------

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


# One cause -----------------------------------------------------------------------------------------------


def test_one_cause_is_one_finding_that_names_all_the_operations_that_it_reaches() -> None:
    def document(kind: str) -> Document:
        book = {"type": "object", "properties": {"id": {"type": kind}}, "required": ["id"]}
        one, many = (
            {"$ref": "#/components/schemas/Book"},
            {"type": "array", "items": {"$ref": "#/components/schemas/Book"}},
        )
        paths = {
            "/books": {"get": answer(many)},
            "/books/{id}": {
                "get": {**answer(one), "parameters": [parameter("id", "path", schema=typed("string"))]}
            },
            "/shelf": {"get": answer(typed("object", properties={"book": one}))},
            "/stock": {"get": answer(typed("string"))},
        }
        return contract(paths, components={"schemas": {"Book": book}})

    change = only(diff(document("integer"), document("string")))

    assert (change.rule, change.subject) == ("response-property-type-changed", "Book.id")
    assert {str(ref) for ref in change.operations} == {"GET /books", "GET /books/{id}", "GET /shelf"}
    assert change.old.pointer == change.new.pointer == "/components/schemas/Book/properties/id"


# OpenAPI 3.0 and 3.1 -------------------------------------------------------------------------------------


def test_the_same_meaning_in_openapi_3_0_and_3_1_is_no_change() -> None:
    def document(openapi: str, price: Any, note: Any) -> Document:
        whole = typed("object", properties={"price": price, "note": note}, required=["price"])
        operation = {**body(whole, required=True), **answer(whole)}
        root = {
            "openapi": openapi,
            "info": {"title": "t", "version": "1"},
            "paths": {"/books": {"post": operation}},
        }
        return Document(root, openapi)

    before = document(
        "3.0.3",
        {"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": 100, "exclusiveMaximum": False},
        {"type": "string", "nullable": True},
    )
    after = document(
        "3.1.0", {"type": "number", "exclusiveMinimum": 0, "maximum": 100}, {"type": ["string", "null"]}
    )
    other = document(
        "3.1.1",
        {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
    )

    for one in (before, after, other):
        for two in (before, after, other):
            assert told(diff(one, two)) == []


def test_what_changed_between_openapi_3_0_and_3_1_is_seen() -> None:
    def document(openapi: str, schema: Any) -> Document:
        root = {
            "openapi": openapi,
            "info": {"title": "t", "version": "1"},
            "paths": {"/books": {"get": answer(schema)}},
        }
        return Document(root, openapi)

    found = diff(document("3.0.3", typed("string")), document("3.1.0", {"type": ["string", "null"]}))
    assert told(found) == [("breaking", "response-body-became-nullable", "body")]
    assert proof(found).accepted.body is None
    # `nullable` means nothing in 3.1, and `const` nothing in 3.0
    assert (
        told(diff(document("3.0.3", typed("string")), document("3.1.0", typed("string", nullable=True))))
        == []
    )
    assert told(diff(document("3.0.3", typed("string", const="a")), document("3.1.0", typed("string")))) == []


def test_a_lenient_parameter_rejects_nothing() -> None:
    # Flask's request.args.get("q", type=int) reads what is no integer as if it had not been sent.
    lenient = query(**{"schema": typed("integer"), "x-apiver-lenient": True})

    change = only(compare(query(schema=typed("string")), lenient))

    assert (change.effect.value, change.rule) == ("risky", "request-parameter-type-changed")
    assert "nothing is rejected" in str(change.reason)


def test_operations_beside_the_reference_of_a_path_item_count() -> None:
    shared = {"components": {"pathItems": {"Books": {"post": {"responses": OK}}}}}
    old = contract({"/books": {"get": {"responses": OK}, "post": {"responses": OK}}}, **shared)
    new = contract({"/books": {"$ref": "#/components/pathItems/Books", "get": {"responses": OK}}}, **shared)

    assert told(diff(old, new)) == []
    assert told(diff(new, old)) == []


def test_a_body_of_plain_text_is_text() -> None:
    old, new = (body(typed(kind), media="text/plain") for kind in ("integer", "string"))
    assert {effect for effect, _, _ in told(compare(old, new, method="post"))} <= {"compatible"}
    assert [effect for effect, _, _ in told(compare(new, old, method="post"))] == ["breaking"]


def test_the_members_of_a_form_are_texts() -> None:
    media = "application/x-www-form-urlencoded"
    old, new = (
        body(typed("object", properties={"n": typed(kind)}), media=media) for kind in ("integer", "string")
    )
    assert {effect for effect, _, _ in told(compare(old, new, method="post"))} <= {"compatible"}
    assert [effect for effect, _, _ in told(compare(new, old, method="post"))] == ["breaking"]


def test_a_file_is_a_file_in_either_spelling() -> None:
    older, newer = (
        answer(typed("string", format="binary"), media="application/pdf"),
        answer({}, media="application/pdf"),
    )
    assert told(compare(older, newer)) == []
    assert told(compare(newer, older)) == []
