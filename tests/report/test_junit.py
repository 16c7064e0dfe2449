from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema

from apiver.compare.change import Comparison, Effect
from apiver.report.junit import junit

Make = Callable[..., Comparison]
BREAKING = frozenset({Effect.BREAKING})

WHOLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="0">
  <testsuite name="apiver diff v1 -&gt; v2" tests="3" failures="1" errors="0" skipped="1">
    <testcase classname="POST /books" name="body.isbn is required now (new-required-request-property)">
      <failure type="new-required-request-property" message="breaking: body.isbn is required now">\
v1: api/v1/books.py:41
v2: api/v2/books.py:44  "isbn"
rests on what was read from the code
proof: POST /api/v1/books {"title": "Emma"}
  v1 accepts
POST /api/v2/books {...}
  v2 rejects: 'isbn' is a required property
instead: accept its absence for as long as clients of the old version exist, or fill it in on the server\
</failure>
    </testcase>
    <testcase classname="GET /books" name="?sort is new and optional (new-optional-request-parameter)">
      <system-out>compatible
v2: v2.yaml:20:11</system-out>
    </testcase>
    <testcase classname="not compared" name="old api/feed.py:9">
      <skipped message="the view returns what a template holds" />
    </testcase>
  </testsuite>
</testsuites>
"""


@pytest.fixture(scope="module")
def jenkins() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(Path(__file__).parent / "schemas" / "junit-10.xsd")


def test_the_whole_report(made: Make) -> None:
    assert junit(made("required", "sort", unread=True), failing=BREAKING) == WHOLE


@pytest.mark.parametrize(
    ("failing", "failures"),
    [((), 0), ((Effect.BREAKING,), 1), ((Effect.BREAKING, Effect.RISKY), 2), (tuple(Effect), 4)],
)
def test_what_fails_the_build_is_what_fails_here(
    made: Make, failing: tuple[Effect, ...], failures: int
) -> None:
    comparison = made("required", "default", "sort", "summary")
    root = ElementTree.fromstring(junit(comparison, failing=frozenset(failing)))
    assert root.get("failures") == str(failures)
    assert len(root.findall(".//failure")) == failures
    assert len(root.findall(".//testcase")) == 4


def test_no_change_is_a_test_that_passes(made: Make, jenkins: xmlschema.XMLSchema) -> None:
    written = junit(made(), failing=BREAKING)
    jenkins.validate(written)
    assert [case.get("name") for case in ElementTree.fromstring(written).iter("testcase")] == [
        "No changes in 8 operations."
    ]


def test_it_follows_the_schema_of_jenkins(made: Make, jenkins: xmlschema.XMLSchema) -> None:
    written = junit(made("required", "held", "default", "sort", "summary", unread=True), failing=BREAKING)
    jenkins.validate(written)
    assert not jenkins.is_valid(written.replace("<failure", "<fault").replace("</failure", "</fault"))


def test_hostile_strings_are_texts(hostile: tuple[str, Comparison], jenkins: xmlschema.XMLSchema) -> None:
    written = junit(hostile[1], failing=BREAKING)
    jenkins.validate(written.encode())
    root = ElementTree.fromstring(written)
    assert {element.tag for element in root.iter()} == {
        *("testsuites", "testsuite", "testcase", "failure", "system-out", "skipped")
    }
    assert len(root.findall(".//testcase")) == 4
