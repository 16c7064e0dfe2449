from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from apiver.contract.validate import problems

VALID: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/books/{id}": {
            "get": {
                "operationId": "book",
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "ok"}},
            }
        }
    },
}
GET = "/paths/~1books~1{id}/get"


def spoiled(spoil: Callable[[dict[str, Any]], Any], version: str = "3.1.0") -> dict[str, Any]:
    root = copy.deepcopy(VALID)
    root["openapi"] = version
    spoil(root)
    return root


def get(root: dict[str, Any]) -> Any:
    return root["paths"]["/books/{id}"]["get"]


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_a_valid_document_has_no_problems(version: str) -> None:
    assert problems(spoiled(lambda root: None, version)) == ()


@pytest.mark.parametrize(
    ("spoil", "pointer", "message"),
    [
        (lambda root: root.pop("info"), "", "'info' is a required property"),
        (
            lambda root: get(root)["parameters"].clear(),
            GET,
            "Path parameter 'id' for 'get' operation in '/books/{id}' was not resolved",
        ),
        (
            lambda root: get(root)["parameters"][0].update(schema={"type": "strin"}),
            f"{GET}/parameters/0/schema/type",
            "'strin' is not one of ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']",
        ),
        (
            lambda root: get(root)["parameters"][0].update(schema={"type": "integer", "default": "book"}),
            f"{GET}/parameters/0/schema/default",
            "'book' is not of type 'integer'",
        ),
        (
            lambda root: get(root)["parameters"][0].pop("required"),
            f"{GET}/parameters/0",
            "'required' is a required property",
        ),
    ],
)
def test_a_problem_has_a_place_and_a_sentence(
    spoil: Callable[[dict[str, Any]], Any], pointer: str, message: str
) -> None:
    assert problems(spoiled(spoil)) == ((pointer, message),)


def test_in_openapi_3_0_the_branch_that_fits_best_is_explained() -> None:
    schema = {"type": "object", "properties": {"a": {"nullable": 1}}}
    root = spoiled(
        lambda root: get(root)["responses"]["200"].update(content={"application/json": {"schema": schema}}),
        "3.0.3",
    )
    pointer = f"{GET}/responses/200/content/application~1json/schema/properties/a/nullable"
    assert (pointer, "1 is not of type 'boolean'") in problems(root)


def test_every_problem_is_listed_once_in_order() -> None:
    def spoil(root: dict[str, Any]) -> None:
        get(root)["parameters"][0].pop("required")
        root["paths"]["/other"] = {
            "get": {"operationId": "book", "responses": {"200": {"description": "ok"}}}
        }

    found = problems(spoiled(spoil))
    assert [pointer for pointer, _ in found] == [f"{GET}/parameters/0", "/paths/~1other/get"]
    assert found[1][1] == "Operation ID 'book' for 'get' in '/other' is not unique"


def test_what_the_validator_cannot_cope_with_is_a_problem_too() -> None:
    assert problems({})[0][0] == ""
    found = problems(spoiled(lambda root: get(root)["parameters"][0].update(schema={"$ref": "#/nowhere"})))
    assert len(found) == 1
    assert "/nowhere" in found[0][1]


def test_a_long_value_is_left_out_in_the_middle() -> None:
    found = problems(spoiled(lambda root: get(root)["parameters"][0].update({"in": "x" * 1000})))
    message = next(message for pointer, message in found if pointer.endswith("/in"))
    assert len(message) <= 200
    assert message.startswith("'xxx")
    assert message.endswith("is not one of ['query', 'header', 'path', 'cookie']")
