from __future__ import annotations

from typing import Any

import pytest

from apiver.contract.reader import parse
from apiver.contract.references import first_wrong, references
from apiver.errors import InputError


def document(text: str) -> bytes:
    return f"openapi: 3.1.0\n{text}".encode()


def test_a_reference_that_leads_nowhere_is_refused_where_it_stands() -> None:
    with pytest.raises(InputError, match="#/components/schemas/Bok leads nowhere in this document") as caught:
        parse(
            document(
                "components:\n"
                "  schemas:\n"
                "    Book: {type: object}\n"
                "    Shelf: {items: {$ref: '#/components/schemas/Bok'}}\n"
            ),
            "v1.yaml",
        )
    assert caught.value.where == "v1.yaml:5:21"


def test_references_may_go_anywhere_in_the_document() -> None:
    read = parse(
        document(
            "paths:\n"
            "  /a: {get: {responses: {'200': {description: ok}}}}\n"
            "  /b: {$ref: '#/paths/~1a'}\n"
            "  /c: {$ref: '#/paths/%7E1a'}\n"
            "components: {schemas: {T: {properties: {t: {$ref: '#/components/schemas/T'}}}}}\n"
        ),
        "v1.yaml",
    )
    assert sorted(read.root["paths"]) == ["/a", "/b", "/c"]


@pytest.mark.parametrize("reference", ["shared.yaml#/Book", "./Book.json", "https://example.org/b.yaml#/B"])
def test_references_from_nowhere_to_other_files_are_refused(reference: str) -> None:
    with pytest.raises(InputError, match="refers to another file, and nothing says where to look") as caught:
        parse(document(f"components: {{schemas: {{A: {{$ref: '{reference}'}}}}}}"), "v1.yaml")
    assert caught.value.where == "v1.yaml:2:28"
    assert caught.value.remedy is not None
    assert "bundle" in caught.value.remedy


def test_references_may_name_a_schema() -> None:
    parse(document("components: {schemas: {A: {$ref: '#book'}, B: {$anchor: book}}}"), "v1.yaml")
    named = "A: {$id: 'https://a.example/a', $ref: b}, B: {$id: 'https://a.example/b'}"
    parse(document(f"components: {{schemas: {{{named}, C: {{$ref: 'https://a.example/a'}}}}}}"), "v1.yaml")


def test_a_name_that_no_schema_has_is_refused() -> None:
    with pytest.raises(InputError, match="no schema has the anchor #book") as caught:
        parse(document("components: {schemas: {A: {$ref: '#book'}, B: {$anchor: boot}}}"), "v1.yaml")
    assert caught.value.where == "v1.yaml:2:28"


@pytest.mark.parametrize(
    "schemas",
    [
        "A: {$ref: '#/components/schemas/A'}",
        "A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}",
        "A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/B', title: b}",
    ],
)
def test_references_that_only_go_round_are_refused(schemas: str) -> None:
    with pytest.raises(InputError, match="go round in a circle: #/components/schemas/") as caught:
        parse(document(f"components:\n  schemas:\n    {schemas}\n"), "v1.yaml")
    assert caught.value.where == "v1.yaml:4:9"


@pytest.mark.parametrize(
    "data",
    [
        "info: {x-note: {$ref: '#/nowhere'}}",
        "components: {schemas: {A: {example: {$ref: '#/nowhere'}}}}",
        "components: {schemas: {A: {enum: [{$ref: '#/nowhere'}], const: {$ref: '#/nowhere'}}}}",
        "components: {schemas: {A: {default: {a: [{$ref: '#/nowhere'}]}, examples: [{$ref: '#/nowhere'}]}}}",
        "components: {examples: {A: {value: {$ref: '#/nowhere'}}}}",
        "components: {schemas: {A: {properties: {$ref: {type: string}}}}}",
    ],
)
def test_what_looks_like_a_reference_in_data_is_none(data: str) -> None:
    assert parse(document(data), "v1.yaml").name == "v1.yaml"


@pytest.mark.parametrize("name", ["example", "default", "enum", "value", "x-y", "properties", "const"])
def test_a_property_may_be_called_like_a_word_of_openapi(name: str) -> None:
    root = {"components": {"schemas": {"A": {"properties": {name: {"$ref": "#/nowhere"}}}}}}
    assert list(references(root)) == [(f"/components/schemas/A/properties/{name}/$ref", "#/nowhere")]


def test_a_property_called_ref_is_no_reference_even_if_its_schema_is_odd() -> None:
    assert list(references({"properties": {"$ref": "#/nowhere"}})) == []


def test_the_walk_goes_through_lists() -> None:
    root: dict[str, Any] = {"allOf": [{"type": "object"}, {"$ref": "#/b"}]}
    assert list(references(root)) == [("/allOf/1/$ref", "#/b")]


def test_only_references_that_may_be_wrong_are_searched_for() -> None:
    root = {"a": {"$ref": "#/b"}, "b": {}, "c": {"$ref": "#/nowhere"}}
    assert first_wrong(root, ["#/b"]) is None
    assert first_wrong(root, ["#/b", "#/nowhere"]) == first_wrong(root, None)
    found = first_wrong(root, None)
    assert found is not None
    assert found[0] == "/c/$ref"


def test_escaped_references_in_json_are_checked_too() -> None:
    raw = b'{"openapi": "3.0.3", "components": {"schemas": {\n"A": {"$ref": "#\\/nowhere"}}}}'
    with pytest.raises(InputError, match="#/nowhere leads nowhere") as caught:
        parse(raw, "v1.json")
    assert caught.value.where == "v1.json:2:7"
