from __future__ import annotations

from typing import Any

import pytest
import yaml

from apiver.contract import yaml_text
from apiver.contract.yaml_text import read_yaml
from apiver.errors import InputError


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both parsers: PyYAML is installed without libyaml in some places."""
    name: str = request.param
    if name == "python":
        monkeypatch.setattr(yaml_text, "_Loader", yaml_text._PythonLoader)
    else:
        assert yaml.__with_libyaml__
    return name


def value(text: str) -> Any:
    return read_yaml(text.encode(), "x.yaml")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("nULL", "nULL"),
        ("2024-10-01", "2024-10-01"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("0", 0),
        ("-0", 0),
        ("+7", 7),
        ("-12", -12),
        ("0755", "0755"),
        ("-01", "-01"),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-1.5E-3", -0.0015),
        ("01.5", "01.5"),
        ("1.2.3", "1.2.3"),
        (".", "."),
        ("-", [None]),
        ("+", "+"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("!!str", ""),
        ("!!int '12'", 12),
        ("!!float 1", 1),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("|\n  12\n", "12\n"),
        ("!!seq [1]", [1]),
        ("!!map {a: 1}", {"a": 1}),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, expected: Any) -> None:
    found = value(f"x: {text}\n" if text != "-" else "x:\n-\n")["x"]
    assert found == expected
    assert type(found) is type(expected)


def test_every_key_is_a_text() -> None:
    found = value("200: a\non: b\n1.5: c\nnull: d\ntrue: e\n2024-10-01: f\n? g\n: h\n")
    assert found == {"200": "a", "on": "b", "1.5": "c", "null": "d", "true": "e", "2024-10-01": "f", "g": "h"}


def test_an_alias_stands_for_what_its_anchor_names() -> None:
    found = value("a: &x {b: [1, 2]}\nc: *x\nd: &y text\ne: *y\n")
    assert found == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}, "d": "text", "e": "text"}


def test_merge_keys_add_what_is_not_there_and_the_first_wins() -> None:
    found = value(
        "one: &one {a: 1, b: 1}\n"
        "two: &two {b: 2, c: 2}\n"
        "both: {<<: [*one, *two], c: 3}\n"
        "chain: {<<: {<<: *one, z: 9}}\n"
        'quoted: {"<<": *one}\n'
    )
    assert found["both"] == {"a": 1, "b": 1, "c": 3}
    assert found["chain"] == {"a": 1, "b": 1, "z": 9}
    assert found["quoted"] == {"<<": {"a": 1, "b": 1}}


def test_references_are_collected() -> None:
    text = "a: {$ref: '#/b'}\nc: [{\"$ref\": '#/d'}]\ne: {properties: {$ref: {type: string}}}\n"
    assert read_yaml(text.encode(), "x.yaml")[1] == {"#/b", "#/d"}


def test_nothing_but_comments_is_nothing() -> None:
    assert read_yaml(b"# a comment\n", "x.yaml") == (None, set(), None)


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "the key 'c' stands twice", "x.yaml:4:3"),
        ("200: 1\n'200': 2\n", "the key '200' stands twice", "x.yaml:2:1"),
        ("a: .inf\n", ".inf is no number in JSON", "x.yaml:1:4"),
        ("a: [1, -.INF]\n", "-.INF is no number", "x.yaml:1:8"),
        ("a: .NaN\n", ".NaN is no number", "x.yaml:1:4"),
        ("a: 1e999\n", "too large", "x.yaml:1:4"),
        (f"a: 0x{'f' * 300}\n", "too large", "x.yaml:1:4"),
        ("? [a, b]\n: 1\n", "a key that is a list or a mapping", "x.yaml:1:3"),
        ("{a: 1}: 2\n", "a key that is a list or a mapping", "x.yaml:1:1"),
        ("a: !Ref b\n", "the tag !Ref has no meaning", "x.yaml:1:4"),
        ("a: !!binary aGk=\n", "the tag !!binary has no meaning", "x.yaml:1:4"),
        ("a: !!set {b: null}\n", "the tag !!set has no meaning", "x.yaml:1:4"),
        ("a: !Foo [1]\n", "the tag !Foo has no meaning", "x.yaml:1:4"),
        ("a: !!int x\n", "'x' is no int", "x.yaml:1:4"),
        ("a: &x [*x]\n", "contains itself", "x.yaml:1:4"),
        ("a: &x {b: {c: *x}}\n", "contains itself", "x.yaml:1:4"),
        ("a: *nothing\n", "undefined alias", "x.yaml:1:4"),
        ("a: 1\n---\nb: 2\n", "expected a single document", "x.yaml:2:1"),
        ("a: {<<: 1}\n", r"a merge key \(<<\) takes a mapping", "x.yaml:1:5"),
        ("a: {<<: [[1]]}\n", r"a merge key \(<<\) takes a mapping", "x.yaml:1:5"),
        ("a: b: c\n", "mapping values are not allowed", "x.yaml:1:5"),
        ("é: 1\nü: @x\n", "cannot start any token", "x.yaml:2:4"),
        ("a: 1\n b: 2\n", "mapping values are not allowed", "x.yaml:2:3"),
        ("é: '\x07'\n", "not allowed", "x.yaml:1:5"),
        ("- " * 3000, "nested too deeply", "x.yaml:1:499"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_column(text: str, what: str, where: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        read_yaml(text.encode(), "x.yaml")
    assert caught.value.where == where


def test_brackets_that_go_too_deep_are_refused_by_whoever_counts_them_first(parser: str) -> None:
    with pytest.raises(InputError, match="nested too deeply") as caught:
        read_yaml(("[" * 3000 + "]" * 3000).encode(), "x.yaml")
    assert (caught.value.where or "").startswith("x.yaml:1:")


def test_a_text_that_goes_very_deep_does_not_end_the_process(parser: str) -> None:
    with pytest.raises(InputError, match="nested too deeply"):
        read_yaml(b"- " * 100_000, "x.yaml")


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    with pytest.raises(InputError, match="byte 0xff is out of place") as caught:
        read_yaml(b"a: 1\nb: \xff\n", "x.yaml")
    assert caught.value.where == "x.yaml:2:4"


def test_aliases_that_blow_a_small_text_up_are_refused() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(InputError, match="stand for too many values"):
        value("\n".join(lines))


def test_aliases_that_nest_a_flat_text_are_refused() -> None:
    lines = ["a0: &a0 [1]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 500)]
    with pytest.raises(InputError, match="aliases of this document are nested too deeply"):
        value("\n".join(lines))


def test_merge_keys_that_blow_a_small_text_up_are_refused() -> None:
    lines = ["a0: &a0 {k: 1}"]
    lines += [f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: 1}}" for n in range(1, 1600)]
    with pytest.raises(InputError, match="merge keys of this document repeat too many values"):
        value("\n".join(lines))


def test_a_moderate_use_of_aliases_is_fine() -> None:
    found = value("a: &a [1, 2, 3]\nb: [" + ", ".join(["*a"] * 500) + "]\n")
    assert found["b"][499] == [1, 2, 3]
