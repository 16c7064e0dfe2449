from __future__ import annotations

from typing import Any

import pytest

from apiver.contract.number import fraction, integer
from apiver.contract.reader import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.0", 1.0),
        ("1e3", 1000.0),
        ("0.1", 0.1),
        ("-2.5E-3", -0.0025),
        ("9007199254740993.0", 9007199254740993),
        ("9.007199254740993e15", 9007199254740993),
        ("12345678901234567.5", 12345678901234567.5),
    ],
)
def test_a_whole_number_stays_exact_where_a_double_would_round_it(text: str, value: float) -> None:
    assert fraction(text) == value
    assert type(fraction(text)) is type(value)


@pytest.mark.parametrize("text", ["1e309", "-1e309", "1" + "0" * 309 + ".0"])
def test_what_no_double_holds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="too large"):
        fraction(text)


def test_an_integer_of_any_length_up_to_the_largest_double_is_exact() -> None:
    assert integer("1" + "0" * 307) == 10**307
    with pytest.raises(ValueError, match="too large"):
        integer("1" + "0" * 308)


LONG = [
    ("12345678901234567890123", 12345678901234567890123),
    ("-9223372036854775809", -9223372036854775809),
    ("18446744073709551616", 18446744073709551616),
    ("9007199254740993.0", 9007199254740993),
    ("1234567890123456", 1234567890123456),
    ("0.1234567890123456789", 0.1234567890123456789),
]


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
@pytest.mark.parametrize("around", ['{"openapi": "3.1.0", "x": %s}', '{"openapi": "3.1.0",\n "x":[%s]}'])
@pytest.mark.parametrize(("text", "value"), LONG)
def test_both_readers_keep_long_numbers(name: str, around: str, text: str, value: Any) -> None:
    read = parse((around % text).encode(), name).root["x"]
    read = read[0] if isinstance(read, list) else read
    assert read == value
    assert type(read) is type(value)


def test_digits_in_a_text_are_no_number() -> None:
    raw = b'{"openapi": "3.1.0", "x": "no 12345678901234567890123, really", "y": 1}'
    assert parse(raw, "a.json").root["x"] == "no 12345678901234567890123, really"
