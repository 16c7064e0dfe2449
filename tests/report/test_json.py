from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from apiver.compare.change import Comparison, Effect, Exchange, Part, Witness
from apiver.contract.document import Place
from apiver.report.json import json as report

Make = Callable[..., Comparison]
ALL = ("required", "held", "default", "sort", "summary")


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    published = json.loads(files("apiver.report").joinpath("comparison.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(published)
    return jsonschema.Draft202012Validator(published)


def test_the_whole_report(made: Make) -> None:
    assert json.loads(report(made("required", "summary", unread=True))) == {
        "apiver": "1",
        "old": {"name": "v1", "title": "Bookshop", "version": "1", "operations": 7},
        "new": {"name": "v2", "title": "Bookshop", "version": "2", "operations": 8},
        "summary": {"breaking": 1, "risky": 0, "compatible": 0, "docs": 1},
        "changes": [
            {
                "rule": "new-required-request-property",
                "effect": "breaking",
                "direction": "request",
                "subject": "body.isbn",
                "title": "body.isbn is required now",
                "operations": [{"method": "POST", "path": "/books"}],
                "old": {
                    "pointer": "/paths/~1books/post",
                    "file": "api/v1/books.py",
                    "line": 41,
                    "column": None,
                },
                "new": {
                    "pointer": "/paths/~1books/post/requestBody",
                    "file": "api/v2/books.py",
                    "line": 44,
                    "column": None,
                    "value": "isbn",
                },
                "witness": {
                    "direction": "request",
                    "accepted": {
                        "method": "POST",
                        "url": "/api/v1/books",
                        "status": None,
                        "headers": [{"name": "Content-Type", "value": "application/json"}],
                        "body": {"title": "Emma"},
                    },
                    "rejected": {
                        "method": "POST",
                        "url": "/api/v2/books",
                        "status": None,
                        "headers": [{"name": "Content-Type", "value": "application/json"}],
                        "body": {"title": "Emma"},
                    },
                    "accepted_by": "old",
                    "rejected_by": "new",
                    "reason": "'isbn' is a required property",
                },
                "reason": None,
                "fingerprint": "0123456789ab",
                "inferred": True,
            },
            {
                "rule": "operation-summary-changed",
                "effect": "docs",
                "direction": "none",
                "subject": "summary",
                "title": "the summary was reworded",
                "operations": [],
                "old": {"pointer": "/info/summary", "file": "v1.yaml", "line": 3, "column": 3, "value": None},
                "new": {
                    "pointer": "/info/summary",
                    "file": "v2.yaml",
                    "line": 3,
                    "column": 3,
                    "value": "Books",
                },
                "witness": None,
                "reason": None,
                "fingerprint": "456789abcdef",
                "inferred": False,
            },
        ],
        "not_compared": [
            {
                "side": "old",
                "pointer": "/paths/~1feed/get",
                "reason": "the view returns what a template holds",
                "file": "api/feed.py",
                "line": 9,
                "column": None,
            }
        ],
    }


def test_the_report_follows_the_published_schema(made: Make, schema: jsonschema.Draft202012Validator) -> None:
    for names in ((), ALL, *((name,) for name in ALL)):
        schema.validate(json.loads(report(made(*names, unread=True))))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole.pop("summary"),
        lambda whole: whole.update(apiver="2"),
        lambda whole: whole["changes"][0].update(witness=None),
        lambda whole: whole["changes"][0].update(witness={}),
        lambda whole: whole["changes"][0].update(effect="bad"),
        lambda whole: whole["changes"][0]["old"].update(line=0),
        lambda whole: whole["changes"][0]["old"].pop("file"),
        lambda whole: whole["changes"][0]["new"].update(pointer="paths"),
        lambda whole: whole["changes"][0]["witness"]["accepted"].pop("headers"),
        lambda whole: whole["not_compared"][0].update(side="left"),
    ],
)
def test_the_published_schema_refuses_other_reports(
    made: Make, schema: jsonschema.Draft202012Validator, spoil: Callable[[Any], Any]
) -> None:
    whole = json.loads(report(made(*ALL, unread=True)))
    spoil(whole)
    assert not schema.is_valid(whole)


def test_what_is_absent_is_left_out_and_null_is_kept(made: Make) -> None:
    absent, null = Exchange("GET", "/a", 200), Exchange("GET", "/a", 200, body=None)
    witness = Witness("response", null, absent, "new", "old", "no")
    change = json.loads(report(made("held", witness=witness, old=Part("/a"), new=Part("/a", None))))[
        "changes"
    ][0]
    assert change["old"] == {"pointer": "/a", "file": None, "line": None, "column": None}
    assert change["new"] == {"pointer": "/a", "file": None, "line": None, "column": None, "value": None}
    assert "body" not in change["witness"]["rejected"]
    assert change["witness"]["accepted"]["body"] is None


@pytest.mark.parametrize("value", [10**30, -(10**25), "\ud800", 1.5, "\x1b[0m\u202e", {"b": 1, "a": [None]}])
def test_values_come_through_whatever_they_are(made: Make, value: Any) -> None:
    written = report(made("default", old=Part("/a", value, Place("a", 1))))
    assert json.loads(written)["changes"][0]["old"]["value"] == value
    written.encode("ascii" if value == "\ud800" else "utf-8")


def test_a_value_of_many_levels_comes_through(made: Make) -> None:
    deep: Any = 1
    for _ in range(400):
        deep = [deep]
    assert json.loads(report(made("default", old=Part("/a", deep))))["changes"][0]["old"]["value"] == deep


def test_the_summary_counts_every_effect(made: Make) -> None:
    whole = json.loads(report(made(*ALL)))
    assert whole["summary"] == {"breaking": 2, "risky": 1, "compatible": 1, "docs": 1}
    assert list(whole["summary"]) == [effect.value for effect in Effect]


def test_the_order_of_members_is_kept(made: Make) -> None:
    written = report(made("default", old=Part("/a", {"z": 1, "a": 2})))
    assert list(json.loads(written)["changes"][0]["old"]["value"]) == ["z", "a"]
    assert written == report(made("default", old=Part("/a", {"z": 1, "a": 2})))
