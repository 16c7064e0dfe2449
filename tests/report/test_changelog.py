from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from markdown_it import MarkdownIt

from apiver.compare.change import Comparison, Effect, OperationRef, Part
from apiver.compare.rules import catalogue
from apiver.report.changelog import FORMATS, written
from apiver.report.changelog.moves import move
from apiver.report.changelog.release import KINDS, release
from tests.report.parsed_page import Tree

Make = Callable[..., Comparison]
ALL = ("required", "held", "default", "sort", "summary")

TEXT = """\
Bookshop  1 -> 2  (2026-05-20)
3 changes need attention before a client of 1 uses 2.

NEW

GET /books  Lists books
  ?sort is new and optional

CHANGED

GET /books  Lists books
  the default of ?limit went from 50 to 20
    -> send ?limit where you count on the old default, 50

POST /books
  body.isbn is required now
    -> send body.isbn

GET /orders, GET /orders/{id} and 3 more
  Order.status may now be "held"
    -> be ready for the new value of Order.status

1 part of the contracts could not be compared in full.
"""

MARKDOWN = """\
## Bookshop 1 → 2

**1 change needs attention before a client of 1 uses 2\\.**

### New

- `GET /books`
  - ?sort is new and optional

### Changed

- `GET /orders`, `GET /orders/{id}`, `GET /late` and 2 more
  - Order.status may now be "held" → **be ready for the new value of Order.status**
"""


def changed(made: Make, rule: str, effect: Effect = Effect.BREAKING, **fields: Any) -> Comparison:
    """A comparison with one change of that rule."""
    comparison = made("held", **fields)
    return replace(comparison, changes=(replace(comparison.changes[0], rule=rule, effect=effect),))


def test_the_whole_text(made: Make) -> None:
    told = release(
        made("required", "held", "default", "sort", unread=True),
        date="2026-05-20",
        about={OperationRef("GET", "/books"): "Lists books"},
    )
    assert written(told, "text") == TEXT


def test_the_whole_markdown(made: Make) -> None:
    assert written(release(made("held", "sort")), "markdown") == MARKDOWN.replace("\\.", ".")


def test_the_whole_json(made: Make) -> None:
    assert json.loads(written(release(made("default"), date="2026-05-20"), "json")) == {
        "apiver": "1",
        "title": "Bookshop",
        "old": "1",
        "new": "2",
        "date": "2026-05-20",
        "summary": "1 change needs attention before a client of 1 uses 2.",
        "sections": [
            {
                "kind": "changed",
                "entries": [
                    {
                        "operations": [{"method": "GET", "path": "/books"}],
                        "about": "",
                        "text": "the default of ?limit went from 50 to 20",
                        "move": "send ?limit where you count on the old default, 50",
                        "effect": "risky",
                        "rule": "request-parameter-default-value-changed",
                        "fingerprint": "23456789abcd",
                    }
                ],
            }
        ],
        "not_compared": 0,
    }


def test_html_has_no_script_and_loads_nothing(made: Make) -> None:
    page = written(release(made(*ALL, unread=True), date="2026-05-20"), "html")
    tree = Tree(page)
    assert tree.all("script") == []
    policy = next(m["content"] for m in tree.all("meta") if "http-equiv" in m)
    assert "script-src" not in (policy or "")
    assert "default-src 'none'" in (policy or "")
    assert tree.said("h2") == ["New", "Changed"]
    assert "send body.isbn" in tree.said("p")
    assert "2026-05-20" in tree.said("span")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "Nothing that clients notice changed from 1 to 2."),
        (("sort",), "Clients of 1 need no change to use 2."),
        (("held",), "1 change needs attention before a client of 1 uses 2."),
        (("held", "default"), "2 changes need attention before a client of 1 uses 2."),
    ],
)
@pytest.mark.parametrize("form", FORMATS)
def test_the_summary_says_whether_to_act(made: Make, form: str, names: tuple[str, ...], said: str) -> None:
    assert said in written(release(made(*names)), form)


def test_versions_are_named_by_the_contracts_where_that_tells_them_apart(made: Make) -> None:
    comparison = made()
    assert written(release(comparison), "text").startswith("Bookshop  1 -> 2\n")
    same = replace(comparison, new=replace(comparison.new, version="1"))
    assert written(release(same), "text").startswith("Bookshop  v1 -> v2\n")


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("endpoint-added", "new"),
        ("new-optional-request-parameter", "new"),
        ("response-optional-property-added", "new"),
        ("response-success-status-added", "new"),
        ("webhook-added", "new"),
        ("new-required-request-parameter", "changed"),
        ("request-body-added-required", "changed"),
        ("request-property-enum-value-removed", "changed"),
        ("request-parameter-allow-reserved-removed", "changed"),
        ("api-security-removed", "changed"),
        ("api-moved", "changed"),
        ("endpoint-deprecated", "deprecated"),
        ("api-sunset-postponed", "deprecated"),
        ("request-property-deprecated-with-sunset", "deprecated"),
        ("api-removed-without-deprecation", "gone"),
        ("api-removed-before-sunset", "gone"),
        ("request-parameter-removed-with-deprecation", "gone"),
        ("response-required-property-removed", "gone"),
        ("response-media-type-removed", "gone"),
        ("webhook-removed", "gone"),
        ("documentation-changed", "documentation"),
    ],
)
def test_every_change_has_its_section(made: Make, rule: str, kind: str) -> None:
    assert [section.kind for section in release(changed(made, rule)).sections] == [kind]
    assert rule in catalogue()


def test_sections_come_in_one_order(made: Make) -> None:
    rules = ("documentation-changed", "webhook-removed", "endpoint-deprecated", "api-moved", "endpoint-added")
    base = made("held")
    changes = tuple(replace(base.changes[0], rule=rule) for rule in rules)
    assert [section.kind for section in release(replace(base, changes=changes)).sections] == list(KINDS)


@pytest.mark.parametrize(
    "rule", ["api-tag-removed", "api-operation-id-added", "api-schema-removed", "api-sunset-date-too-small"]
)
def test_what_only_publishers_have_to_know_is_left_out(made: Make, rule: str) -> None:
    assert release(changed(made, rule)).sections == []
    assert rule in catalogue()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("api-moved", "call GET /b instead"),
        ("api-removed-with-deprecation", "stop calling it"),
        ("request-property-enum-value-removed", "send one of GET /b"),
        ("request-parameter-removed", "leave Order.status out"),
        ("response-optional-property-removed", "do not count on Order.status being there"),
        ("response-property-became-nullable", "be ready for null as Order.status"),
        ("webhook-body-removed", "check how you receive it"),
    ],
)
def test_how_to_move(made: Make, rule: str, said: str) -> None:
    assert move(changed(made, rule, new=Part("/b", "GET /b")).changes[0]) == said


def test_what_needs_attention_always_says_how_to_move(made: Make) -> None:
    """By every rule of the catalogue that may break."""
    risky = [rule for rule in catalogue().values() if rule.effect in (Effect.BREAKING, Effect.RISKY)]
    assert len(risky) > 100
    silent = [rule.id for rule in risky if not move(changed(made, rule.id).changes[0])]
    assert [each for each in silent if not re.search("^api-|sunset|^endpoint-|stability", each)] == []


def test_whole_operations_come_first(made: Make) -> None:
    base = made("sort")
    added = replace(base.changes[0], rule="endpoint-added", operations=(OperationRef("GET", "/zoo"),))
    groups = release(replace(base, changes=(*base.changes, added))).sections[0].groups
    assert [str(group.operations[0]) for group in groups] == ["GET /zoo", "GET /books"]


@pytest.mark.parametrize("form", FORMATS)
def test_it_is_the_same_on_every_run(made: Make, form: str) -> None:
    assert written(release(made(*ALL)), form) == written(release(made(*ALL)), form)


def test_no_other_format(made: Make) -> None:
    with pytest.raises(KeyError):
        written(release(made()), "release")


def test_hostile_strings_do_nothing(hostile: tuple[str, Comparison]) -> None:
    said, comparison = hostile
    told = release(comparison, about={comparison.changes[0].operations[0]: said})
    odd = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028\ud800]")
    for form in FORMATS[:3]:
        assert not odd.search(written(told, form))
    tree = Tree(written(told, "html"))
    assert not {tag for tag, _ in tree.elements} & {"script", "img"}
    tokens = MarkdownIt("commonmark").parse(written(told, "markdown"))
    inside = {child.type for token in tokens for child in token.children or ()}
    assert inside <= {"text", "code_inline", "strong_open", "strong_close", "softbreak"}
    assert "html_block" not in {token.type for token in tokens}
    assert json.loads(written(told, "json"))["sections"]


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    said = files("apiver.report.changelog").joinpath("changelog.schema.json").read_text("utf-8")
    published = json.loads(said)
    jsonschema.Draft202012Validator.check_schema(published)
    return jsonschema.Draft202012Validator(published)


def test_the_report_follows_the_published_schema(made: Make, schema: jsonschema.Draft202012Validator) -> None:
    for names in ((), ALL, *((name,) for name in ALL)):
        for date in ("", "2026-05-20"):
            schema.validate(json.loads(written(release(made(*names, unread=True), date=date), "json")))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole.pop("summary"),
        lambda whole: whole.update(date="May"),
        lambda whole: whole["sections"][0].update(kind="added"),
        lambda whole: whole["sections"][0].update(entries=[]),
        lambda whole: whole["sections"][0]["entries"][0].pop("move"),
        lambda whole: whole["sections"][0]["entries"][0].update(effect="bad"),
    ],
)
def test_the_published_schema_refuses_other_reports(
    made: Make, schema: jsonschema.Draft202012Validator, spoil: Callable[[Any], Any]
) -> None:
    whole = json.loads(written(release(made(*ALL)), "json"))
    spoil(whole)
    assert not schema.is_valid(whole)
