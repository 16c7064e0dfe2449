"""Whatever a contract says, each format stays what it is."""

from __future__ import annotations

import json as standard
import re
from xml.etree import ElementTree

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from apiver.compare.change import (
    Change,
    Comparison,
    Effect,
    Exchange,
    NotCompared,
    OperationRef,
    Part,
    SideSummary,
    Witness,
)
from apiver.contract.document import Place
from apiver.report.changelog import FORMATS as CHANGELOGS
from apiver.report.changelog import written as changelog
from apiver.report.changelog.release import release
from apiver.report.formats import FORMATS, Wish, written
from apiver.report.github import github
from apiver.report.html import html
from apiver.report.json import json
from apiver.report.junit import junit
from apiver.report.text import text
from apiver.report.yaml import yaml
from tests.report.parsed_page import Tree

ANY = st.text(st.characters(), max_size=20)  # halves of characters too
PIECES = st.sampled_from(
    ["::", "##[", "<", "]]>", "`", "|", "\n", "\r\n", "%0A", "{0}", "&", "'", '"', "\\", "@a", "#1"]
)
SAID = st.lists(st.one_of(ANY, PIECES), min_size=1, max_size=6).map("".join)


def comparison(said: str) -> Comparison:
    part = Part(f"/{said}", {said: [said]}, Place(said, 1, 2))
    exchange = Exchange("GET", f"/{said}", 200, ((said, said),), said)
    witness = Witness("response", exchange, exchange, "new", "old", said)
    rule = "response-property-enum-value-added"
    operations = (OperationRef("GET", said),)
    broken = Change(
        rule, Effect.BREAKING, "response", said, said, operations, part, part, witness, None, "0" * 12
    )
    risky = Change(
        rule,
        Effect.RISKY,
        "response",
        said,
        said,
        operations,
        part,
        part,
        None,
        said,
        "1" * 12,
        steps=(said,),
    )
    side = SideSummary(said, said, said, 1)
    return Comparison(side, side, (broken, risky), (NotCompared("old", said, said),))


def same(found: str, said: str) -> bool:
    """Two halves of a character make a whole one in a text that was written and read again."""
    return found.encode("utf-16", "surrogatepass") == said.encode("utf-16", "surrogatepass")


@given(SAID)
@settings(max_examples=150, deadline=None)
def test_every_format_stays_what_it_is(said: str) -> None:
    told = comparison(said)
    for read, write in ((standard.loads, json), (pyyaml.safe_load, yaml)):
        change = read(write(told))["changes"][0]
        assert same(change["title"], said)
        assert same(change["old"]["value"][change["title"]][0], said)
    case = ElementTree.fromstring(junit(told, failing=frozenset({Effect.BREAKING})))
    assert [element.tag for element in case.iter()] == [
        *("testsuites", "testsuite", "testcase", "failure", "testcase", "system-out", "testcase", "skipped")
    ]
    assert len(Tree(html(told)).all("article")) == 2
    assert all(re.match("::(error|warning|notice) ", line) for line in github(told).splitlines())


@given(SAID)
@settings(max_examples=50, deadline=None)
def test_no_line_of_text_is_a_command_of_a_build_server(said: str) -> None:
    told = comparison(said)
    for shown in (
        text(told, everything=True),
        text(told, everything=True, width=60),
        changelog(release(told), "text"),
    ):
        for line in shown.splitlines():
            assert not line.lstrip().startswith("::")
            assert not re.search(r"##\w*\[", line)


@pytest.mark.parametrize(
    "said", ["::stop-commands::x", "##[add-mask]x", "##vso[task.complete]", "a\n::error::x"]
)
@pytest.mark.parametrize("width", [None, 60])
def test_what_a_build_server_would_obey_is_spelled_out(said: str, width: int | None) -> None:
    shown = text(comparison(said), width=width)
    assert not re.search(r"^\s*::|##\w*\[", shown, re.MULTILINE)
    assert "\\x3a:stop-commands::x" in shown or "\\x5b" in shown or "a\\n::error::x" in shown


@given(SAID)
@settings(max_examples=30, deadline=None)
def test_every_format_can_be_written_and_encoded(said: str) -> None:
    told = comparison(said)
    for form in FORMATS:
        written(told, form, Wish(everything=True, docs=True)).encode("utf-8")
    for form in CHANGELOGS:
        changelog(release(told), form).encode("utf-8")


def test_a_format_that_is_none() -> None:
    with pytest.raises(KeyError):
        written(comparison("x"), "formats", Wish())
