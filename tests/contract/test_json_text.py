from __future__ import annotations

import pytest

from apiver.contract import json_text
from apiver.contract.json_text import read_json, references_in
from apiver.errors import InputError


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ('{"a": 1,}', "trailing comma", "x.json:1:8"),
        ('{"a": 1,\n "é": nope}', "invalid literal", "x.json:2:7"),
        ('{"a" 1}', "expected ':'", "x.json:1:6"),
        ('{"a": 1} {}', "after document", "x.json:1:10"),
        ('{"a": "tab\there"}', "control character", "x.json:1:11"),
        ('{"a": 012}', "leading zero", "x.json:1:7"),
        ('{\n  "a": {\n', "end of data", "x.json:3:1"),
        ("{'a': 1}", "string key", "x.json:1:2"),
        ('{"a": NaN}', "expected a JSON value", "x.json:1:7"),
        ('{"a": "\\ud800"}', "surrogate", "x.json:1:9"),
        ('{"é": 1e999}', "too large", "x.json:1:7"),
        ("[" * 5000, "depth", "x.json:1:1026"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_column(text: str, what: str, where: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        read_json(text.encode(), "x.json")
    line = where.rpartition(":")[0]
    # Which character of a wrong word is blamed is the parser's choice.
    assert caught.value.where is not None
    assert caught.value.where.rpartition(":")[0] == line
    assert abs(int(caught.value.where.rpartition(":")[2]) - int(where.rpartition(":")[2])) <= 2


def test_most_errors_come_with_a_remedy() -> None:
    with pytest.raises(InputError) as caught:
        read_json(b'{"a": 1, // one\n"b": 2}', "x.json")
    assert (
        caught.value.remedy
        == "JSON has neither comments nor single quotes, and no comma before a closing brace"
    )


def test_text_that_is_not_utf_8_is_refused_at_the_byte() -> None:
    with pytest.raises(InputError, match="byte 0xe9 is out of place") as caught:
        read_json('{\n"ü": "caf'.encode() + b'\xe9"}', "x.json")
    assert caught.value.where == "x.json:2:10"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_utf_16_and_32_are_named(encoding: str) -> None:
    with pytest.raises(InputError, match="UTF-16 or UTF-32"):
        read_json('{"é": 1}'.encode(encoding), "x.json")


def test_a_key_that_stands_twice_is_refused_where_it_stands_the_second_time() -> None:
    text = '{"a": {"é": 1, "b": [{"x": 1}]},\n "c": {"x": ":", "y": {"x": 2},\n   "\\u0078": 3}}'
    with pytest.raises(InputError, match="the key 'x' stands twice") as caught:
        read_json(text.encode(), "x.json")
    assert caught.value.where == "x.json:3:4"


def test_escapes_that_hide_a_colon_are_no_repeated_key() -> None:
    assert read_json(b'{"a\\u003ab": "\\u003a"}', "x.json") == {"a:b": ":"}


def test_beyond_the_limit_the_last_of_two_keys_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "REPEATED_LIMIT", 10)
    assert read_json(b'{"a": 1, "a": 2}', "x.json") == {"a": 2}


def test_references_are_found_in_the_text() -> None:
    raw = b'{"$ref": "#/a", "x": {"$ref"\n:\t"#/b c"}, "$ref ": "#/d", "e": "$ref"}'
    assert references_in(raw) == {"#/a", "#/b c"}


def test_references_with_escapes_are_left_to_the_parsed_value() -> None:
    assert references_in(b'{"$ref": "#\\/a"}') is None
