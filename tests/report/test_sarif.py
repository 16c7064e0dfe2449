from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from apiver.compare.change import Comparison, Part
from apiver.contract.document import Place
from apiver.report.sarif import sarif

Make = Callable[..., Comparison]
ALL = ("required", "held", "default", "sort", "summary")
OFFICIAL = jsonschema.Draft4Validator(
    json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
)


def run(comparison: Comparison) -> Any:
    return json.loads(sarif(comparison))["runs"][0]


def test_it_follows_the_official_schema(made: Make) -> None:
    for names in ((), ALL, *((name,) for name in ALL)):
        OFFICIAL.validate(json.loads(sarif(made(*names, unread=True))))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda log: log.pop("version"),
        lambda log: log["runs"][0]["results"][0].update(level="bad"),
        lambda log: log["runs"][0]["results"][0].update(title="x"),
        lambda log: log["runs"][0]["results"][0]["webRequest"].update(body="x"),
        lambda log: log["runs"][0]["tool"]["driver"]["rules"][0].pop("id"),
    ],
)
def test_the_official_schema_refuses_others(made: Make, spoil: Callable[[Any], Any]) -> None:
    log = json.loads(sarif(made("required")))
    spoil(log)
    assert not OFFICIAL.is_valid(log)


def test_a_result(made: Make) -> None:
    result = run(made("required"))["results"][0]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == (
        "new-required-request-property",
        0,
        "error",
    )
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "api/v2/books.py"},
                "region": {"startLine": 44},
            }
        }
    ]
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "api/v1/books.py"}
    assert result["partialFingerprints"] == {"apiver/v1": "0123456789ab"}
    assert result["message"]["text"].splitlines()[0] == "POST /books: body.isbn is required now"
    assert "  v2 rejects: 'isbn' is a required property" in result["message"]["text"].splitlines()
    assert result["webRequest"] == {
        "method": "POST",
        "target": "/api/v2/books",
        "headers": {"Content-Type": "application/json"},
        "body": {"text": '{"title": "Emma"}'},
    }


def test_a_proof_in_a_response(made: Make) -> None:
    result = run(made("held"))["results"][0]
    assert result["webRequest"] == {"method": "GET", "target": "/api/v1/orders"}
    assert result["webResponse"]["statusCode"] == 200
    assert json.loads(result["webResponse"]["body"]["text"]) == [{"id": 1, "status": "held"}]


def test_every_rule_is_described_once(made: Make) -> None:
    whole = run(made(*ALL, "held"))
    rules = whole["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [
        "new-required-request-property",
        "response-property-enum-value-added",
        "request-parameter-default-value-changed",
        "new-optional-request-parameter",
        "operation-summary-changed",
    ]
    assert [rules[result["ruleIndex"]]["id"] for result in whole["results"]] == [
        result["ruleId"] for result in whole["results"]
    ]
    assert "Requests without it are turned away." in rules[0]["fullDescription"]["text"]
    assert [result["level"] for result in whole["results"]] == [
        "error",
        "error",
        "warning",
        "note",
        "note",
        "error",
    ]


def test_what_was_not_compared_is_a_notification(made: Make) -> None:
    notes = run(made(unread=True))["invocations"][0]["toolExecutionNotifications"]
    assert [note["message"]["text"] for note in notes] == [
        "old /paths/~1feed/get was not compared: the view returns what a template holds"
    ]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a b/ü#1?.yaml", "a%20b/%C3%BC%231%3F.yaml"),
        ("/srv/v 1.yaml", "file:///srv/v%201.yaml"),
        ("C:/api/v1.yaml", "file:///C:/api/v1.yaml"),
        ("a/b:c.yaml", "a/b%3Ac.yaml"),
    ],
)
def test_files_are_named_by_uri(made: Make, file: str, uri: str) -> None:
    result = run(made("sort", new=Part("/a", located=Place(file, 1))))["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_change_without_a_file_has_a_logical_location(made: Make) -> None:
    result = run(made("sort", old=Part("/a"), new=Part("/paths/~1books")))["results"][0]
    assert result["locations"] == [{"logicalLocations": [{"fullyQualifiedName": "/paths/~1books"}]}]


def test_hostile_strings_are_neither_links_nor_placeholders(hostile: tuple[str, Comparison]) -> None:
    log = json.loads(sarif(hostile[1]))
    OFFICIAL.validate(log)
    for result in log["runs"][0]["results"]:
        text = result["message"]["text"]
        assert not re.search(r"(?<!\{)\{[0-9]", text)
        assert not re.search(r"(?<!\\)\[[^\[\]]*\]\(", text)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_the_log_is_the_same_on_every_run(made: Make) -> None:
    assert sarif(made(*ALL, unread=True)) == sarif(made(*ALL, unread=True))
