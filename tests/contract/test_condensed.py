"""The condensed document is valid exactly where the whole one is: part after part of a contract is spoilt."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator.shortcuts import get_validator_cls

from apiver.contract.condensed import condensed
from apiver.contract.reader import read

ORDERS = Path(__file__).parents[2] / "fixtures" / "contracts" / "orders" / "v1.yaml"

ERROR = {
    "description": "no",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}
PAGE = {"name": "page", "in": "query", "schema": {"type": "integer", "default": 1, "x-note": "a"}}
NUMBER = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}}


def repeating(version: str) -> dict[str, Any]:
    """Two operations that say the same in most things, defaults and `allOf` that lean on other schemas."""
    book = {
        "type": "object",
        "required": ["title"],
        "properties": {"title": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}},
    }
    schemas = {
        "Error": {"type": "object", "properties": {"message": {"type": "string", "maxLength": 9}}},
        "Size": {"type": "string", "enum": ["s", "m"]},
        "Sized": {"$ref": "#/components/schemas/Size"},
        "Book": book,
        "Shelf": {"allOf": [{"$ref": "#/components/schemas/Book"}], "required": ["title"]},
        "Choice": {"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 1}]},
        "Preset": {"allOf": [{"$ref": "#/components/schemas/Sized"}], "default": "s"},
    }
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": book}}}, "404": ERROR}
    return {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/books/{number}": {
                "get": {"operationId": "a", "parameters": [NUMBER, PAGE], "responses": answer},
                "put": {
                    "operationId": "b",
                    "parameters": [NUMBER, PAGE],
                    "requestBody": {"content": {"application/json": {"schema": book}}},
                    "responses": answer,
                },
            },
            "/shelves/{number}": {
                "get": {
                    "operationId": "c",
                    "parameters": [NUMBER, PAGE, {**PAGE, "name": "size"}],
                    "responses": {"404": ERROR},
                }
            },
        },
        "components": {"schemas": schemas},
    }


def spoilt(root: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """The document with each of its parts replaced by something else, or left out."""
    whole = root
    for token in path:
        whole = whole[token]
    if path:
        for wrong in (7, "wrong", [], {}, {"$ref": "#/components/schemas/Nowhere"}, None, *LEAST):
            made = copy.deepcopy(root)
            inner = made
            for token in path[:-1]:
                inner = inner[token]
            if wrong is None:
                del inner[path[-1]]
            else:
                inner[path[-1]] = wrong
            yield f"{'/'.join(map(str, path))} {wrong}", made
    entries = (
        whole.items() if isinstance(whole, dict) else enumerate(whole) if isinstance(whole, list) else ()
    )
    for token, _ in list(entries):
        yield from spoilt(root, (*path, token))


LEAST = ({"type": "object", "required": ["title", "title"]}, {"type": "integer", "default": "one"})


def is_valid(root: dict[str, Any]) -> bool:
    try:
        return next(get_validator_cls(root)(root).iter_errors(), None) is None
    except Exception:  # noqa: BLE001 - the validator raises what its own parts happen to raise
        return False


def condenses_to_a_valid_one(root: dict[str, Any]) -> bool:
    try:
        small = condensed(root)
    except Exception:  # noqa: BLE001 - the validator raises what its own parts happen to raise
        return False
    return is_valid(small)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_every_spoilt_part_is_noticed_as_in_the_whole_document(version: str) -> None:
    root = repeating(version)
    assert is_valid(root)
    assert condenses_to_a_valid_one(root)
    some = [entry for index, entry in enumerate(spoilt(root)) if index % 3 == 0]
    verdicts = {name: (is_valid(made), condenses_to_a_valid_one(made)) for name, made in some}
    assert {name for name, (whole, small) in verdicts.items() if whole is not small} == set()
    assert {whole for whole, _ in verdicts.values()} == {True, False}


def test_a_contract_of_a_whole_api_is_judged_the_same() -> None:
    root = read(str(ORDERS)).root
    some = [entry for index, entry in enumerate(spoilt(root)) if index % 7 == 0]
    assert [name for name, made in some if is_valid(made) is not condenses_to_a_valid_one(made)] == []


def test_what_repeats_is_left_out() -> None:
    small = condensed(repeating("3.1.0"))
    assert [entry["name"] for entry in small["paths"]["/books/{number}"]["put"]["parameters"]] == ["number"]
    assert set(small["paths"]["/shelves/{number}"]["get"]["responses"]) == {"default"}
    assert small["components"]["schemas"]["Error"] == {"type": "object", "properties": {"message": {}}}
    assert small["components"]["schemas"]["Size"] == {"type": "string", "enum": ["s", "m"]}
