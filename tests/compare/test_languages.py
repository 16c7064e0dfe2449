"""Regular languages: patterns within patterns, decided by automata, and checked against `re` text by text."""

from __future__ import annotations

import re
import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apiver.compare.schemas.languages import UndecidedError, kinds_of_text, lost_text

# inner, outer, a shortest text that only the inner one is found in (None: there is none)
WITHIN: list[tuple[str, str, str | None]] = [
    (r"^\d+$", "^[0-9]+$", None),
    ("^[0-9]+$", r"^\d+$", None),
    ("^[a-c]$", "^[a-f]$", None),
    ("^[a-f]$", "^[a-c]$", "d"),
    ("^a$", "a", None),
    ("^[ab]*a", "^a", "ba"),
    ("^a|b$", "^a", "b"),
    ("^(a|b)$", "^[ab]$", None),
    ("^a{2,3}$", "^aa?a$", None),
    ("^a{2,}$", "^a{3,}$", "aa"),
    ("^a*?$", "^a*$", None),
    ("^(?:ab)+$", "^[ab]*$", None),
    ("^[ab]+$", "^(ab)+$", "a"),
    (r"^\w$", "^[A-Za-z0-9_]$", None),
    (r"^[^\d]$", r"^\D$", None),
    (r"^[\s\S]*$", "", None),
    ("", r"^[\s\S]*$", None),
    ("", "^$", "a"),
    ("^$", "a", ""),
    ("^a(?=b)", "^a", "undecided"),
    (r"(a)\1", "aa", "undecided"),
    (r"\ba", "a", "undecided"),
    ("(?i:a)", "[aA]", "undecided"),
    ("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", "^[a-z0-9-]{1,63}$", None),
    ("^[a-z0-9-]{1,63}$", "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", "-"),
]


@pytest.mark.parametrize(("inner", "outer", "shown"), WITHIN)
def test_one_pattern_within_another(inner: str, outer: str, shown: str | None) -> None:
    if shown == "undecided":
        with pytest.raises(UndecidedError):
            lost_text((inner,), outer)
    elif shown is None:
        assert lost_text((inner,), outer) is None
    else:
        assert lost_text((inner,), outer) == shown


def test_lengths_bound_the_texts() -> None:
    assert lost_text(("^[a-z]{3}$",), None, least=4) is None
    assert lost_text(("^[a-z]{3}$",), None, most=2) is None
    assert lost_text(("^[a-z]+$",), None, least=2, most=2) == "aa"
    assert lost_text(("^a*$",), "^(aa)*$", least=2) == "aaa"


def test_patterns_that_contradict_one_another_have_no_text() -> None:
    assert lost_text(("^a", "^b"), None) is None
    assert lost_text(("^a", "b$"), None) == "ab"


def test_the_kinds_of_text() -> None:
    kinds = {walk.found: walk.text for walk in kinds_of_text(("^a", "^ab", "^x-"))}

    assert kinds == {
        (False, False, False): "",
        (True, False, False): "a",
        (True, True, False): "ab",
        (False, False, True): "x-",
    }
    taken = {walk.found: walk.text for walk in kinds_of_text(("^a",), frozenset({"", "a"}))}
    assert set(taken) == {(False,), (True,)}
    assert taken[True,].startswith("a")
    assert len(taken[True,]) == 2


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("(a|b)*a(a|b){40}$", "^[ab]*b[ab]{12}$"),
        ("^(a{1,99}){1,99}$", "^b"),
        ("^.{1,100000}$", "^.{1,99999}$"),
        ("(" * 400 + "a" + ")" * 400, "^b"),
        ("(a+)+b", "(a*)*c"),
    ],
)
def test_what_is_too_involved_takes_no_time(inner: str, outer: str) -> None:
    begin = time.process_time()
    try:
        lost_text((inner,), outer)
    except UndecidedError as error:
        assert str(error)
    assert time.process_time() - begin < 5


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\w", "^", "$", "ab", "c?"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}"])).map(lambda p: f"(?:{p[0]}){p[1]}"),
    ),
    max_leaves=6,
)
TEXTS = ["".join(letters) for length in range(5) for letters in product("abc", repeat=length)]


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(PATTERNS, PATTERNS)
def test_automata_say_what_re_says(inner: str, outer: str) -> None:
    one, other = (re.compile(each.replace("$", r"\Z")) for each in (inner, outer))
    try:
        lost = lost_text((inner,), outer)
    except UndecidedError:
        return
    if lost is None:
        assert [text for text in TEXTS if one.search(text) and not other.search(text)] == []
    else:
        assert one.search(lost)
        assert not other.search(lost)
        assert [
            text for text in TEXTS if len(text) < len(lost) and one.search(text) and not other.search(text)
        ] == []
