from __future__ import annotations

import copy
from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import ABSENT, Change, Effect
from apiver.contract.document import Document


def api(**components: Any) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "security": [{"key": []}],
        "paths": {
            "/t": {
                "get": {
                    "responses": {
                        "200": {
                            "description": "ok",
                            "content": {
                                "application/json": {"schema": {"$ref": "#/components/schemas/Used"}}
                            },
                        }
                    }
                }
            }
        },
        "components": {
            "schemas": {
                "Used": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Inner"}}},
                "Inner": {"type": "string"},
                "Spare": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/SpareInner"}}},
                "SpareInner": {"type": "string"},
            },
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "K"}},
            "parameters": {"Spare": {"name": "q", "in": "query", "schema": {"type": "string"}}},
            **components,
        },
    }


def compared(old: dict[str, Any], new: dict[str, Any], **options: Any) -> tuple[Change, ...]:
    return diff(Document(old, "old"), Document(new, "new"), **options).changes


@pytest.mark.parametrize("docs", [True, False])
def test_an_unused_schema_that_is_gone(docs: bool) -> None:
    new = api()
    del new["components"]["schemas"]["Spare"]
    found = compared(api(), new, docs=docs)
    assert [(c.rule, c.effect, c.title, c.operations) for c in found] == [
        ("api-schema-removed", Effect.COMPATIBLE, "Spare, which no operation uses, is gone", ())
    ]
    assert found[0].new.value is ABSENT
    assert found[0].old.pointer == "/components/schemas/Spare"


def test_one_that_changed_and_one_that_only_it_uses() -> None:
    new = api()
    new["components"]["schemas"]["SpareInner"] = {"type": "integer"}
    new["components"]["schemas"]["Spare"]["required"] = ["a"]
    assert [(c.rule, c.title) for c in compared(api(), new)] == [
        ("unused-component-changed", "Spare, which no operation uses, changed"),
        ("unused-component-changed", "SpareInner, which no operation uses, changed"),
    ]


def test_components_of_other_kinds() -> None:
    new = api()
    del new["components"]["parameters"]
    assert [(c.rule, c.title) for c in compared(api(), new)] == [
        ("unused-component-removed", "Spare, which no operation uses, is gone")
    ]


def test_one_that_is_used_is_not_unused() -> None:
    """By a reference, through another component, as a security scheme: the names alone change."""
    old, new = api(), api()
    schemas = new["components"]["schemas"]
    schemas["Used2"], schemas["Inner2"] = schemas.pop("Used"), schemas.pop("Inner")
    schemas["Used2"]["properties"]["a"]["$ref"] = "#/components/schemas/Inner2"
    media = new["paths"]["/t"]["get"]["responses"]["200"]["content"]["application/json"]
    media["schema"]["$ref"] = "#/components/schemas/Used2"
    new["components"]["securitySchemes"]["key2"] = new["components"]["securitySchemes"].pop("key")
    new["security"] = [{"key2": []}]
    assert compared(old, new) == ()


def test_what_a_discriminator_may_name_is_used() -> None:
    """A schema that nothing refers to, but that extends one with a discriminator (OpenAPI 3.1, 4.8.25)."""
    old = api()
    old["components"]["schemas"]["Used"]["discriminator"] = {"propertyName": "a"}
    new = copy.deepcopy(old)
    del new["components"]["schemas"]["Spare"]
    assert [change for change in compared(old, new) if change.rule == "api-schema-removed"] == []


def test_one_that_is_new_and_unused_is_nothing() -> None:
    new = api()
    new["components"]["schemas"]["More"] = {"type": "string"}
    assert compared(api(), new) == ()


def test_where_something_else_changed_it_is_told_only_when_asked_for() -> None:
    new = api()
    del new["components"]["schemas"]["Spare"]
    new["components"]["schemas"]["Inner"]["maxLength"] = 3
    rules = [{change.rule for change in compared(api(), new, docs=docs)} for docs in (False, True)]
    assert ["api-schema-removed" in each for each in rules] == [False, True]


def test_other_words_are_no_other_component() -> None:
    new = api()
    new["components"]["schemas"]["Spare"]["description"] = "spare"
    assert [change.rule for change in compared(api(), new, docs=True)] == ["documentation-changed"]
    assert [change.rule for change in compared(api(), new)] == ["documentation-changed"]


def test_components_that_are_none_are_passed_over() -> None:
    old, new = api(), api()
    old["components"].update({"x-notes": {"a": 1}, "headers": None, "links": []})
    new["components"].update({"x-notes": {"a": 2}, "headers": [], "links": 1})
    assert compared(old, new) == ()
    old["components"]["schemas"]["Odd"], new["components"]["schemas"]["Odd"] = 1, None
    assert [change.title for change in compared(old, new)] == ["Odd, which no operation uses, changed"]


def test_a_security_scheme_that_nothing_requires_is_unused() -> None:
    old = api()
    old["components"]["securitySchemes"]["spare"] = {"type": "http", "scheme": "basic"}
    new = copy.deepcopy(old)
    new["components"]["securitySchemes"]["spare"]["scheme"] = "bearer"
    assert [change.title for change in compared(old, new)] == ["spare, which no operation uses, changed"]
