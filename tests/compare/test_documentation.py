from __future__ import annotations

import copy
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import ABSENT, Change, Effect
from apiver.contract.document import Document

Spoil = Callable[[Any], Any]


def api(openapi: str = "3.1.0") -> dict[str, Any]:
    """A contract with words in every place that may hold some."""
    return {
        "openapi": openapi,
        "info": {"title": "Books", "version": "1", "description": "All of them.", "contact": {"name": "Ann"}},
        "externalDocs": {"url": "https://example.org"},
        "servers": [{"url": "/a", "description": "one"}, {"url": "/b", "description": "two"}],
        "tags": [{"name": "shelf", "description": "where they stand"}, {"name": "desk"}],
        "paths": {
            "/books": {
                "summary": "books",
                "parameters": [{"name": "trace", "in": "header", "description": "for us", "schema": {}}],
                "get": {
                    "tags": ["shelf"],
                    "description": "lists them",
                    "parameters": [
                        {
                            "name": "limit",
                            "in": "query",
                            "description": "at most",
                            "schema": {"type": "integer"},
                        },
                        {"name": "sort", "in": "query", "description": "how", "schema": {"type": "string"}},
                    ],
                    "responses": {
                        "200": {
                            "description": "the books",
                            "headers": {"Link": {"description": "next page", "schema": {"type": "string"}}},
                            "content": {
                                "application/json": {
                                    "schema": {
                                        "type": "array",
                                        "items": {"$ref": "#/components/schemas/Book"},
                                    },
                                    "example": [{"title": "Emma", "description": "a novel"}],
                                }
                            },
                        }
                    },
                },
            }
        },
        "components": {
            "schemas": {
                "Book": {
                    "type": "object",
                    "description": "one book",
                    "properties": {
                        "title": {"type": "string", "title": "Title"},
                        "description": {"type": "string", "description": "what it is about"},
                        "kind": {
                            "oneOf": [
                                {"type": "string", "maxLength": 3, "description": "short"},
                                {"type": "string", "minLength": 4, "description": "long"},
                            ]
                        },
                    },
                }
            }
        },
    }


def changes(spoil: Spoil, *, docs: bool = True, openapi: str = "3.1.0") -> tuple[Change, ...]:
    old, new = api(openapi), copy.deepcopy(api(openapi))
    spoil(new)
    return diff(Document(old, "old"), Document(new, "new"), docs=docs).changes


def book(root: Any) -> Any:
    return root["components"]["schemas"]["Book"]


def listing(root: Any) -> Any:
    return root["paths"]["/books"]["get"]


CASES: list[tuple[Spoil, str]] = [
    (lambda new: new["info"].update(description="Most of them."), "the description of the API was reworded"),
    (lambda new: new["info"].update(title="Library"), "the title of the API was reworded"),
    (lambda new: new["info"]["contact"].update(name="Bob"), "the contact of the API changed"),
    (lambda new: new["info"].update(summary="S"), "the API has a summary now"),
    (lambda new: new.pop("externalDocs"), "the link to more of the API is gone"),
    (lambda new: new["servers"][1].update(description="2"), "the description of the server /b was reworded"),
    (lambda new: new["tags"][0].update(description="x"), "the description of the tag shelf was reworded"),
    (lambda new: new["tags"][1].update(description="x"), "the tag desk has a description now"),
    (lambda new: new["paths"]["/books"].update(summary="x"), "the summary of the path was reworded"),
    (
        lambda new: new["paths"]["/books"]["parameters"][0].update(description="x"),
        "the description of header trace was reworded",
    ),
    (lambda new: listing(new).update(description="x"), "the description of the operation was reworded"),
    (lambda new: listing(new).pop("description"), "the description of the operation is gone"),
    (lambda new: listing(new).update(summary="x"), "the operation has a summary now"),
    (
        lambda new: listing(new)["parameters"][1].update(description="x"),
        "the description of ?sort was reworded",
    ),
    (lambda new: listing(new)["parameters"][0].update(example=5), "?limit has an example now"),
    (
        lambda new: listing(new)["responses"]["200"].update(description="x"),
        "the description of the 200 response was reworded",
    ),
    (
        lambda new: listing(new)["responses"]["200"]["headers"]["Link"].update(description="x"),
        "the description of header Link was reworded",
    ),
    (lambda new: book(new).update(description="x"), "the description of Book was reworded"),
    (lambda new: book(new)["properties"]["title"].pop("title"), "the title of Book.title is gone"),
    (
        lambda new: book(new)["properties"]["description"].update(description="x"),
        "the description of Book.description was reworded",
    ),
    (lambda new: book(new).update(examples=[{"title": "Emma"}]), "Book has examples now"),
    (
        lambda new: book(new)["properties"]["kind"]["oneOf"][1].update(description="x"),
        "the description of Book.kind was reworded",
    ),
]


@pytest.mark.parametrize(("spoil", "title"), CASES, ids=[title for _, title in CASES])
def test_one_word_that_differs_is_one_change(spoil: Spoil, title: str) -> None:
    found = changes(spoil)
    assert [(change.rule, change.effect, change.title) for change in found] == [
        ("documentation-changed", Effect.DOCS, title)
    ]


@pytest.mark.parametrize(("spoil", "title"), CASES, ids=[title for _, title in CASES])
def test_without_the_flag_it_is_told_that_words_differ(spoil: Spoil, title: str) -> None:
    assert [(change.effect, change.title) for change in changes(spoil, docs=False)] == [
        (Effect.DOCS, "what the contract says in words differs in 1 place")
    ]


def test_words_that_differ_are_counted() -> None:
    def spoil(new: Any) -> None:
        book(new).update(description="x", title="y")
        listing(new).update(description="x")

    found = changes(spoil, docs=False)
    assert [change.title for change in found] == ["what the contract says in words differs in 3 places"]
    assert found[0].old.pointer == "/paths/~1books/get/description"
    assert found[0].old.value == "lists them"


def test_where_something_else_changed_words_are_listed_only_when_asked_for() -> None:
    def spoil(new: Any) -> None:
        book(new).update(description="x")
        listing(new)["parameters"].pop()

    assert Effect.DOCS not in {change.effect for change in changes(spoil, docs=False)}
    assert [c.title for c in changes(spoil) if c.effect is Effect.DOCS] == [
        "the description of Book was reworded"
    ]


def test_a_change_says_where_what_and_whom_it_reaches() -> None:
    change = changes(lambda new: book(new)["properties"]["title"].update(title="Name"))[0]
    pointer = "/components/schemas/Book/properties/title/title"
    assert (change.old.pointer, change.old.value) == (pointer, "Title")
    assert (change.new.pointer, change.new.value) == (pointer, "Name")
    assert [str(operation) for operation in change.operations] == ["GET /books"]
    added = changes(lambda new: listing(new).update(summary="x"))[0]
    assert (added.old.pointer, added.old.value) == ("/paths/~1books/get", ABSENT)
    assert (added.new.pointer, added.new.value) == ("/paths/~1books/get/summary", "x")


def test_places_within_an_example_are_counted() -> None:
    def spoil(new: Any) -> None:
        media = listing(new)["responses"]["200"]["content"]["application/json"]
        media["example"] = [{"title": "Persuasion", "description": "another"}]

    assert [change.title for change in changes(spoil)] == [
        "the example of the 200 response changed in 2 places"
    ]


@pytest.mark.parametrize("docs", [True, False])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda new: None,
        lambda new: new["tags"].reverse(),
        lambda new: listing(new)["parameters"].reverse(),
        lambda new: book(new)["properties"]["kind"]["oneOf"].reverse(),
        lambda new: new["components"]["schemas"].update(Book={"allOf": [book(new)]}),
        lambda new: (
            new["components"].update(schemas={"Volume": book(new)})
            or listing(new)["responses"]["200"]["content"]["application/json"]["schema"].update(
                items={"$ref": "#/components/schemas/Volume"}
            )
        ),
        lambda new: book(new).update({"x-internal": "note"}),
    ],
)
def test_words_in_another_place_or_order_are_the_same_words(spoil: Spoil, docs: bool) -> None:
    assert changes(spoil, docs=docs) == ()


def test_words_of_what_is_new_or_gone_went_with_it() -> None:
    def spoil(new: Any) -> None:
        listing(new)["parameters"].append(
            {"name": "q", "in": "query", "description": "new", "schema": {"type": "string"}}
        )
        book(new)["properties"]["isbn"] = {"type": "string", "description": "new"}

    assert Effect.DOCS not in {change.effect for change in changes(spoil)}


@pytest.mark.parametrize(("openapi", "count"), [("3.0.3", 0), ("3.1.0", 1)])
def test_words_beside_a_reference_count_where_the_dialect_reads_them(openapi: str, count: int) -> None:
    def spoil(new: Any) -> None:
        schema = listing(new)["responses"]["200"]["content"]["application/json"]["schema"]
        schema["items"]["description"] = "each"

    assert len(changes(spoil, openapi=openapi)) == count


def test_one_and_true_are_not_the_same_example() -> None:
    old, new = api(), api()
    book(old)["example"], book(new)["example"] = 1, True
    found = diff(Document(old, "old"), Document(new, "new"), docs=True).changes
    assert [change.title for change in found] == ["the example of Book changed"]


def test_an_example_of_ten_thousand_levels_is_borne() -> None:
    deep: Any = 1
    for _ in range(10_000):
        deep = [deep]
    found = changes(lambda new: book(new).update(description="x", example=deep))
    assert sorted(change.title for change in found) == [
        "Book has an example now",
        "the description of Book was reworded",
    ]


def test_the_result_is_the_same_on_every_run() -> None:
    def spoil(new: Any) -> None:
        for part in (new["info"], listing(new), book(new), *listing(new)["parameters"]):
            part["description"] = "x"

    first, second = changes(spoil), changes(spoil)
    assert [change.fingerprint for change in first] == [change.fingerprint for change in second]
    assert len({change.fingerprint for change in first}) == 5


def test_deepdiff_is_loaded_only_where_words_are_listed() -> None:
    script = (
        "import sys; from apiver.compare import diff; from apiver.contract.document import Document;"
        "old, new = ({'openapi': '3.1.0', 'info': {'title': t, 'version': '1'}, 'paths': {}} for t in 'ab');"
        "diff(Document(old, 'a'), Document(new, 'b')); print('deepdiff' in sys.modules);"
        "diff(Document(old, 'a'), Document(new, 'b'), docs=True); print('deepdiff' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


HOOK = {"post": {"description": "held", "responses": {"200": {"description": "ok"}}}}


@pytest.mark.parametrize(
    ("spoil", "title"),
    [
        (
            lambda new: new["webhooks"]["held"]["post"].update(description="x"),
            "the description of the webhook held was reworded",
        ),
        (
            lambda new: listing(new)["callbacks"]["done"]["{$request.query.url}"]["post"].update(
                description="x"
            ),
            "the description of the callback done was reworded",
        ),
        (
            lambda new: listing(new)["responses"]["200"]["links"]["next"].update(description="x"),
            "the description of the link next was reworded",
        ),
        (
            lambda new: new["components"]["securitySchemes"]["key"].update(description="x"),
            "the description of key was reworded",
        ),
        (lambda new: new["components"]["examples"]["Emma"].update(value=2), "the value of Emma changed"),
    ],
)
def test_words_of_rarer_parts(spoil: Spoil, title: str) -> None:
    old = api()
    old["webhooks"] = {"held": copy.deepcopy(HOOK)}
    listing(old)["callbacks"] = {"done": {"{$request.query.url}": copy.deepcopy(HOOK)}}
    listing(old)["responses"]["200"]["links"] = {"next": {"description": "the next page"}}
    old["security"] = [{"key": []}]
    old["components"]["securitySchemes"] = {
        "key": {"type": "apiKey", "in": "header", "name": "K", "description": "ask us"}
    }
    old["components"]["examples"] = {"Emma": {"value": 1}}
    new = copy.deepcopy(old)
    spoil(new)
    found = diff(Document(old, "old"), Document(new, "new"), docs=True).changes
    assert [change.title for change in found] == [title]
    reached = [str(operation) for operation in found[0].operations]
    assert reached == (["GET /books"] if "callback" in title or "link" in title or "key" in title else [])


def test_the_security_that_an_operation_names_takes_the_place_of_the_common_one() -> None:
    old = api()
    old["security"] = [{"key": []}]
    listing(old)["security"] = [{"other": []}]
    scheme = {"type": "apiKey", "in": "header", "name": "K"}
    old["components"]["securitySchemes"] = {"key": dict(scheme), "other": {**scheme, "name": "O"}}
    new = copy.deepcopy(old)
    for name in ("key", "other"):
        new["components"]["securitySchemes"][name]["description"] = "x"
    found = diff(Document(old, "old"), Document(new, "new"), docs=True).changes
    assert {change.subject: [str(each) for each in change.operations] for change in found} == {
        "key": [],
        "other": ["GET /books"],
    }


def test_brackets_without_end_take_no_time() -> None:
    brackets = "[" * 1_000_000
    old, new = api(), api()
    for root, text in ((old, "x"), (new, "y")):
        listing(root)["responses"]["200"]["x-note"] = {"security": [brackets]}
        book(root)["description"] = text
    started = time.monotonic()
    assert len(diff(Document(old, "old"), Document(new, "new"), docs=True).changes) == 1
    assert time.monotonic() - started < 5


def test_words_of_a_path_are_told_once_for_all_its_operations() -> None:
    old = api()
    old["paths"]["/books"]["delete"] = {"responses": {"204": {"description": "gone"}}}
    new = copy.deepcopy(old)
    new["paths"]["/books"]["summary"] = "x"
    found = diff(Document(old, "old"), Document(new, "new"), docs=True).changes
    assert [change.title for change in found] == ["the summary of the path was reworded"]


@pytest.mark.parametrize(
    "odd", [None, 1, "x", [], ["x"], {}, {"done": None}, {"done": ["x"]}, {"done": {"u": 1}}]
)
@pytest.mark.parametrize("key", ["callbacks", "parameters", "responses", "tags", "requestBody"])
def test_parts_that_are_none_are_passed_over(key: str, odd: Any) -> None:
    old, new = api(), api()
    listing(old)["callbacks"] = {"done": {"u": copy.deepcopy(HOOK)}}
    listing(new)[key] = odd
    new["info"]["description"] = "x"
    for one, other in ((old, new), (new, old)):
        found = diff(Document(one, "old"), Document(other, "new"), docs=True).changes
        assert "the description of the API was reworded" in [change.title for change in found]


def test_a_property_may_be_called_like_a_word_or_a_map() -> None:
    """Alternatives that change places are the same ones, whatever their members are called."""
    names = ("description", "properties", "content", "title")
    ours = [
        {"type": "object", "properties": {name: {"type": "string", "description": "a"}}} for name in names
    ]
    old, new = api(), api()
    book(old)["oneOf"], book(new)["oneOf"] = ours, copy.deepcopy(ours[::-1])
    new["components"]["schemas"]["Book"]["oneOf"][0]["properties"]["title"]["description"] = "b"
    found = diff(Document(old, "old"), Document(new, "new"), docs=True).changes
    assert [change.title for change in found] == ["the description of Book.title was reworded"]
