from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiver.compare.change import ABSENT
from apiver.report.shown import elided, shown, value

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda v: st.lists(v) | st.dictionaries(st.text(), v),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain é 名 😀", "plain é 名 😀"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\x9b31m\x7f\x00", r"\x9b31m\x7f\x00"),
        ("a\u202eb\u2066c\u2028d\ufeff", r"a\u202eb\u2066c\u2028d\ufeff"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_a_terminal_would_act_on_is_spelled_out(text: str, expected: str) -> None:
    assert shown(text) == expected


@given(st.text())
def test_whatever_is_shown_is_one_printable_line(text: str) -> None:
    assert len(shown(text).splitlines()) <= 1
    shown(text).encode()


def test_a_long_text_loses_its_middle() -> None:
    assert elided("a" * 50 + "b" * 50, 100) == "a" * 50 + "b" * 50
    assert elided("a" * 50 + "b" * 51, 35) == "a" * 20 + " ... " + "b" * 10


@given(st.text(), st.integers(20, 200))
def test_no_more_is_shown_than_there_is_room_for(text: str, room: int) -> None:
    assert len(elided(text, room)) <= room


@given(VALUES)
def test_a_value_that_fits_is_json_in_one_printable_line(whole: Any) -> None:
    written = value(whole, 10**6)
    assert json.loads(written) == whole
    assert shown(written) == written


@given(VALUES, st.integers(20, 200))
def test_a_value_never_takes_more_room(whole: Any, room: int) -> None:
    assert len(value(whole, room)) <= room


def test_an_absent_value_is_nothing_and_null_is_null() -> None:
    assert value(ABSENT, 80) == ""
    assert value(None, 80) == "null"


def test_later_members_and_items_are_left_out_and_counted() -> None:
    whole = {
        "a": [1, 2, 3, 4, 5, 6, 7, 8, 9],
        "b": "x",
        "c": {"d": 1, "e": 2},
        "f": 1,
        "g": 2,
        "h": 3,
        "i": 4,
    }
    assert (
        value(whole, 85)
        == '{"a": [1, 2, 3, 4, ... 5 more], "b": "x", "c": {"d": 1, "e": 2}, "f": 1, ... 3 more}'
    )
    assert value(whole, 40) == '{"a": [1, ... 8 more], ... 6 more}'
    assert value(whole, 30) == "{... 7 more}"


def test_a_long_text_in_a_value_loses_its_middle() -> None:
    assert value({"a": "x" * 500}, 80) == '{"a": "' + "x" * 36 + " ... " + "x" * 19 + '"}'


def test_the_way_to_what_matters_is_kept() -> None:
    whole = {"a": 1, "b": 2, "c": [{"d": 1}, {"d": 2, "e": {"f": 3, "g": 4, "zip": 5}}], "h": 1}
    assert value(whole, 30) == '{"a": 1, "b": 2, ... 2 more}'
    assert (
        value(whole, 80, ["e", "zip"])
        == '{"c": [{"e": {"zip": 5, ... 2 more}, ... 1 more}, ... 1 more], ... 3 more}'
    )


def test_where_the_part_itself_is_missing_what_should_hold_it_is_kept() -> None:
    whole = {**{f"k{n}": n for n in range(40)}, "address": {"street": "x"}}
    assert '"address": {' in value(whole, 60, ["address", "zip"])
