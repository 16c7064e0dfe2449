"""How values are written and read: the tables of OpenAPI's `Style Examples`, and changes between them."""

from __future__ import annotations

from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import Comparison, Exchange
from apiver.compare.proofs.judge import Judge
from apiver.compare.sides.space import Space
from apiver.compare.sides.styles import Style, read, shape, written
from apiver.compare.sides.surface import operations
from tests.compare.operation_pairs import (
    JSON,
    OK,
    answer,
    compare,
    contract,
    header,
    only,
    parameter,
    proof,
    told,
    typed,
)

COLORS = ["blue", "black", "brown"]
RGB = {"R": 100, "G": 200, "B": 150}
INTEGERS = typed("array", items=typed("integer"))
POINT = typed("object", properties={"x": typed("integer"), "y": typed("integer")}, required=["x", "y"])

# Style, explode, place; "blue", COLORS and RGB under the name `color` (OpenAPI 3.1.1, 4.8.12.4)
EXAMPLES: list[tuple[str, bool, str, str, str | None, str]] = [
    ("matrix", False, "path", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
    ("matrix", True, "path", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
    ("label", False, "path", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
    ("label", True, "path", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
    ("simple", False, "path", "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("simple", True, "header", "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("form", False, "query", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    ("form", True, "query", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
    ("spaceDelimited", False, "query", "color=blue", "color=blue black brown", "color=R 100 G 200 B 150"),
    ("pipeDelimited", False, "query", "color=blue", "color=blue|black|brown", "color=R|100|G|200|B|150"),
    ("deepObject", True, "query", "color=blue", None, "color[R]=100&color[G]=200&color[B]=150"),
    ("cookie", True, "cookie", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
]


@pytest.mark.parametrize(("name", "explode", "where", "one", "many", "members"), EXAMPLES)
def test_values_are_written_as_the_specification_shows(
    name: str, explode: bool, where: str, one: str, many: str | None, members: str
) -> None:
    style = Style(where, name, explode)

    def text(value: Any) -> str:
        pieces = written(style, "color", value)
        return "&".join(f"{key}={said}" if where in ("query", "cookie") else said for key, said in pieces)

    assert text("blue") == one
    assert many is None or text(COLORS) == many
    assert text(RGB) == members


@pytest.mark.parametrize(("name", "explode", "where", "one", "many", "members"), EXAMPLES)
def test_and_read_again(
    name: str, explode: bool, where: str, one: str, many: str | None, members: str
) -> None:
    style = Style(where, name, explode)
    for value in ("blue", *([COLORS] if many else [])):
        texts = [text for _, text in written(style, "color", value)]
        assert value in list(read(style, "color", texts))
    if not style.repeats:
        texts = [text for _, text in written(style, "color", RGB)]
        assert {key: str(each) for key, each in RGB.items()} in list(read(style, "color", texts))


def test_what_is_not_of_the_style_is_not_read() -> None:
    assert list(read(Style("path", "label", False), "color", ["blue"])) == []
    assert list(read(Style("path", "matrix", False), "color", ["blue"])) == []


def test_what_is_written_alike_has_one_shape() -> None:
    form, piped = Style("query", "form", True), Style("query", "pipeDelimited", False)
    exploded, joined = Style("header", "simple", True), Style("header", "simple", False)
    assert shape(form, "string") == shape(piped, "string")
    assert shape(form, "array") != shape(piped, "array")
    assert shape(exploded, "array") == shape(joined, "array")
    assert shape(exploded, "object") != shape(joined, "object")
    assert shape(Style("path", "label", False), "string") != shape(joined, "string")


def sole(where: str, schema: Any, **parts: Any) -> dict[str, Any]:
    return {"parameters": [parameter("p", where, schema=schema, **parts)]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {"explode": False}),
        ({"explode": False}, {}),
        ({}, {"style": "pipeDelimited", "explode": False}),
        ({"style": "spaceDelimited", "explode": False}, {"explode": False}),
        ({"style": "pipeDelimited", "explode": False}, {"style": "spaceDelimited", "explode": False}),
    ],
)
def test_a_list_of_numbers_in_another_style_breaks(old: dict[str, Any], new: dict[str, Any]) -> None:
    found = compare(sole("query", INTEGERS, **old), sole("query", INTEGERS, **new))

    assert told(found) == [("breaking", "request-parameter-serialization-changed", "?p")]
    assert proof(found).accepted == proof(found).rejected


def test_an_object_in_another_style_breaks_where_it_is_required() -> None:
    found = compare(
        sole("query", POINT, required=True), sole("query", POINT, required=True, style="deepObject")
    )
    assert told(found) == [("breaking", "request-parameter-serialization-changed", "?p")]
    assert "[" not in proof(found).accepted.url
    assert "'p' is missing" in proof(found).reason

    back = compare(
        sole("query", POINT, required=True, style="deepObject"), sole("query", POINT, required=True)
    )
    assert "p%5Bx%5D=" in proof(back).accepted.url


def test_an_optional_object_in_another_style_is_not_read() -> None:
    found = compare(sole("query", POINT), sole("query", POINT, style="deepObject"))

    assert told(found) == [("risky", "request-parameter-serialization-changed", "?p")]
    assert only(found).reason == "nothing is rejected, but the text stands for another value now"


@pytest.mark.parametrize(
    ("style", "url"), [("label", "/books/.1"), ("matrix", "/books/;p=1"), ("simple", "/books/1")]
)
def test_the_style_of_a_path_variable_is_part_of_every_value(style: str, url: str) -> None:
    one = sole("path", {"enum": [1]}, style=style)
    other = sole("path", {"enum": [1]}, style="label" if style == "simple" else "simple")
    found = compare(one, other, path="/books/{p}")

    assert told(found) == [("breaking", "request-parameter-serialization-changed", "{p}")]
    assert proof(found).accepted.url == url


def test_the_name_of_a_variable_counts_where_it_is_written() -> None:
    def book(name: str, style: str) -> Any:
        named = [parameter(name, "path", schema=typed("integer"), style=style)]
        return contract({f"/books/{{{name}}}": {"get": {"parameters": named, "responses": OK}}})

    assert told(diff(book("id", "label"), book("number", "label"))) == []
    found = diff(book("id", "matrix"), book("number", "matrix"))
    assert told(found) == [("breaking", "request-parameter-serialization-changed", "{id}")]


def test_members_in_a_query_stand_beside_other_parameters() -> None:
    def filtered(schema: Any) -> dict[str, Any]:
        return {
            "parameters": [
                parameter("page", schema=typed("integer"), required=True),
                parameter("filter", schema=schema, required=True),
            ]
        }

    closed = {**POINT, "additionalProperties": False}
    assert told(compare(filtered(closed), filtered(closed))) == []
    narrow = {**closed, "properties": {"x": typed("integer"), "y": typed("integer", maximum=3)}}
    found = compare(filtered(closed), filtered(narrow))
    assert told(found) == [("breaking", "request-parameter-property-max-set", "?filter.y")]
    assert set(proof(found).accepted.url.partition("?")[2].split("=")[0::2]) >= {"page"}


def test_cookies_in_either_style() -> None:
    assert told(compare(sole("cookie", INTEGERS), sole("cookie", INTEGERS, style="cookie"))) == []
    found = compare(sole("cookie", INTEGERS), sole("cookie", INTEGERS, explode=False))
    assert told(found) == [("breaking", "request-parameter-serialization-changed", "cookie p")]
    sent = header(proof(found).accepted, "Cookie")
    assert sent is not None
    assert sent.count("p=") == 2


def test_reserved_characters() -> None:
    text, number = typed("string"), typed("integer")
    found = compare(sole("query", text, allowReserved=True), sole("query", text))
    assert told(found) == [("risky", "request-parameter-allow-reserved-removed", "?p")]
    assert told(compare(sole("query", text), sole("query", text, allowReserved=True))) == [
        ("compatible", "request-parameter-allow-reserved-added", "?p")
    ]
    assert told(compare(sole("query", number, allowReserved=True), sole("query", number))) == []
    words = {"type": "string", "enum": ["up", "down"]}
    assert told(compare(sole("query", words, allowReserved=True), sole("query", words))) == []


def test_empty_values() -> None:
    number = typed("integer")
    found = compare(sole("query", number, allowEmptyValue=True), sole("query", number))
    assert told(found) == [("breaking", "request-parameter-allow-empty-value-removed", "?p")]
    assert proof(found).rejected == Exchange("GET", "/books?p=")
    assert told(compare(sole("query", number), sole("query", number, allowEmptyValue=True))) == [
        ("compatible", "request-parameter-allow-empty-value-added", "?p")
    ]
    text = typed("string")
    assert told(compare(sole("query", text, allowEmptyValue=True), sole("query", text))) == []


def content(where: str, schema: Any, media: str = JSON, **parts: Any) -> dict[str, Any]:
    return {"parameters": [parameter("p", where, content={media: {"schema": schema}}, **parts)]}


def test_a_parameter_that_is_json_now() -> None:
    found = compare(sole("query", POINT, explode=False), content("query", POINT))
    assert told(found) == [("breaking", "request-parameter-serialization-changed", "?p")]
    assert proof(found).reason == "the text is not JSON"
    assert told(compare(sole("query", typed("integer")), content("query", typed("integer")))) == [
        ("risky", "request-parameter-serialization-changed", "?p")
    ]


def test_json_in_a_parameter_keeps_its_types() -> None:
    found = compare(content("query", typed("string")), content("query", typed("integer")))
    assert told(found) == [("breaking", "request-parameter-type-changed", "?p")]
    assert '"' in proof(found).accepted.url or "%22" in proof(found).accepted.url


def test_a_whole_query_string() -> None:
    form = "application/x-www-form-urlencoded"
    loose = content("querystring", POINT, form)
    strict = content("querystring", {**POINT, "required": ["x", "y", "z"]}, form)

    assert told(compare(loose, loose)) == []
    found = compare(loose, strict)
    assert [effect for effect, _, _ in told(found)] == ["breaking"]
    assert proof(found).accepted.url.startswith("/books?")
    assert "x=" in proof(found).accepted.url
    renamed = content("querystring", POINT, form)
    renamed["parameters"][0]["name"] = "q"
    assert told(compare(loose, renamed)) == []


def test_json_as_a_whole_query_string() -> None:
    found = compare(content("querystring", typed("integer")), content("querystring", typed("boolean")))

    assert [effect for effect, _, _ in told(found)] == ["breaking"]
    assert proof(found).accepted.url.partition("?")[2].lstrip("-").isdigit()


def judged(parameters: list[dict[str, Any]], url: str, path: str = "/books") -> list[str]:
    space = Space(contract({path: {"get": {"parameters": parameters, "responses": OK}}}))
    (operation,) = operations(space)
    return [each.message for each in Judge(space, "request").request(operation, Exchange("GET", url))]


@pytest.mark.parametrize(
    ("url", "parts", "accepted"),
    [
        ("/books?p=1&p=2&p=3&p=4&p=5&p=6&p=7&p=8", {"schema": INTEGERS}, True),
        ("/books?p=1&p=2&p=3&p=4&p=5&p=6&p=7&p=x", {"schema": INTEGERS}, False),
        ("/books?p=1|2", {"schema": INTEGERS, "style": "pipeDelimited", "explode": False}, True),
        ("/books?p[x]=1&p[y]=2", {"schema": POINT, "style": "deepObject"}, True),
        ("/books?p[x]=1&p[y]=b", {"schema": POINT, "style": "deepObject"}, False),
        ("/books?x=1&y=2", {"schema": POINT}, True),
        ("/books?x=1&y=b", {"schema": POINT}, False),
        ("/books?x=1", {"schema": POINT}, False),
        ("/books?other=1", {"schema": POINT}, True),
        ("/books?p=x,1,y,2", {"schema": POINT, "explode": False}, True),
        ("/books?p=x,1,y,b", {"schema": POINT, "explode": False}, False),
    ],
)
def test_the_judge_reads_each_style(url: str, parts: dict[str, Any], accepted: bool) -> None:
    assert (judged([parameter("p", **parts)], url) == []) is accepted


def test_a_response_header_with_content() -> None:
    def answering(schema: Any) -> dict[str, Any]:
        headers = {"X-Page": {"required": True, "content": {JSON: {"schema": schema}}}}
        return {"responses": {"200": {"description": "fine", "headers": headers}}}

    found = compare(answering(typed("integer")), answering(typed("string")))
    assert told(found) == [("breaking", "response-header-type-changed", "header X-Page")]
    said = header(proof(found).accepted, "X-Page")
    assert said is not None
    assert said.startswith('"')


def test_the_style_of_a_response_header() -> None:
    def answering(**parts: Any) -> dict[str, Any]:
        headers = {"X-Point": {"required": True, "schema": POINT, **parts}}
        return {"responses": {"200": {"description": "fine", "headers": headers}}}

    found = compare(answering(), answering(explode=True))
    assert told(found) == [("breaking", "response-header-serialization-changed", "header X-Point")]
    assert told(compare(answering(), answering(explode=False))) == []


def worst(found: Comparison) -> tuple[str, str, str]:
    return told(found)[0]


def test_a_text_that_is_taken_apart_now() -> None:
    pair = typed("array", items=typed("string"), maxItems=2)
    found = compare(sole("header", typed("string")), sole("header", pair))
    assert worst(found) == ("breaking", "request-parameter-serialization-changed", "header p")
    witness = found.changes[0].witness
    assert witness is not None
    assert header(witness.accepted, "p") == "a,a,a"

    many = typed("array", items=typed("string"))
    assert worst(compare(sole("header", typed("string")), sole("header", many))) == (
        "risky",
        "request-parameter-serialization-changed",
        "header p",
    )
    words = {"type": "string", "enum": ["up", "down"]}
    for old, where in ((words, "header"), (typed("string"), "query")):
        found = compare(sole(where, old), sole(where, many))
        assert {effect for effect, _, _ in told(found)} <= {"compatible"}


def test_the_style_of_what_may_be_anything() -> None:
    found = compare(sole("query", {}), sole("query", {}, explode=False))
    assert told(found) == [("breaking", "request-parameter-serialization-changed", "?p")]

    unknown = {"x-apiver-unknown": "hidden"}
    assert told(compare(sole("query", unknown), sole("query", unknown, explode=False))) == []


def test_a_style_that_stands_before_every_value_does_so_for_another_type_too() -> None:
    one, other = sole("path", typed("boolean")), sole("path", typed("string"), style="label")
    found = compare(one, other, path="/books/{p}")

    assert worst(found) == ("breaking", "request-parameter-serialization-changed", "{p}")
    witness = found.changes[0].witness
    assert witness is not None
    assert witness.accepted.url in ("/books/true", "/books/false")


def test_the_url_of_a_response_is_written_in_its_styles_and_in_its_order() -> None:
    second = parameter("b", "path", schema={"enum": [2]}, style="label")
    named = [second, parameter("a", "path", schema={"enum": [1]})]

    def document(kind: str) -> Any:
        operation = {"parameters": named, **answer(typed(kind))}
        return contract({"/{a}/{free}/{b}": {"get": operation}})

    assert proof(diff(document("integer"), document("string"))).accepted.url == "/1/1/.2"
