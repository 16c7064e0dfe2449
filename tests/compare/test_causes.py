"""One cause is one finding."""

from __future__ import annotations

from apiver.compare import diff
from apiver.contract.document import Document
from tests.compare.operation_pairs import answer, contract, only, parameter, typed


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
