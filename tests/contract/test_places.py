"""Positions: each pointer of a document leads to the text of that part."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apiver.contract.json_places import JsonPlaces
from apiver.contract.pointer import join
from apiver.contract.yaml_text import read_yaml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ["a", "b", "/books/{id}", "~", "~1", '"', "\\", "é", "名", "😀", "on", "200", "$ref", "a: b", "- x", " "]
)
SCALARS = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(-1e9, 1e9) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=25,
)
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=5)


def pointers(value: Any, pointer: str = "") -> list[tuple[str, str | None, Any]]:
    """Each pointer below `value` with the key that it ends in (None for items) and the value there."""
    found: list[tuple[str, str | None, Any]] = []
    if isinstance(value, dict):
        for key, part in value.items():
            found += [(join(pointer, key), key, part), *pointers(part, join(pointer, key))]
    elif isinstance(value, list):
        for index, part in enumerate(value):
            found += [(join(pointer, index), None, part), *pointers(part, join(pointer, index))]
    return found


def text_at(text: str, line: int, column: int) -> str:
    lines = text.split("\n")
    return "\n".join([lines[line - 1][column - 1 :], *lines[line:]])


def assert_json_places(text: str, value: Any) -> None:
    places = JsonPlaces(text.encode(), value, "x.json")
    decoder = json.JSONDecoder()
    for pointer, key, part in pointers(value):
        place = places.locate(pointer)
        rest = text_at(text, place.line, place.column)
        if key is not None:
            found, end = decoder.raw_decode(rest)
            assert found == key
            rest = rest[end:].lstrip().removeprefix(":").lstrip()
        assert decoder.raw_decode(rest)[0] == part


@given(OBJECTS, st.sampled_from([None, 0, 1, 2, 4, "\t"]), st.booleans())
@settings(max_examples=200)
def test_json_places_in_texts_that_programs_write(
    value: Any, indent: int | str | None, escaped: bool
) -> None:
    assert_json_places(json.dumps(value, indent=indent, ensure_ascii=escaped), value)


@given(OBJECTS, st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_json_places_in_texts_with_space_anywhere(value: Any, chance: random.Random) -> None:
    def space() -> str:
        return chance.choice(["", "", "", " ", "\n", "\r\n", "\n  ", "\n    ", "\t"])

    def written(part: Any) -> str:
        if isinstance(part, dict):
            inner = ",".join(
                f"{space()}{json.dumps(key)}{space()}:{space()}{written(member)}{space()}"
                for key, member in part.items()
            )
            return "{" + (inner or space()) + "}"
        if isinstance(part, list):
            return "[" + (",".join(space() + written(item) + space() for item in part) or space()) + "]"
        return json.dumps(part)

    assert_json_places(space() + written(value) + space(), value)


MISLEADING = """{
  "a": {
    "x": {
  "b": {},
  "c": 1
  },
    "y": 2
  },
  "b": {
    "x": 3
  },
  "c": 4
}"""


def test_indentation_that_misleads_is_not_followed() -> None:
    value = json.loads(MISLEADING)
    assert_json_places(MISLEADING, value)
    assert str(JsonPlaces(MISLEADING.encode(), value, "x").locate("/b/x")) == "x:10:5"


def test_json_lines_and_columns_count_characters() -> None:
    text = '{"é😀": {"ü": [1, {"k": 2}]},\r\n  "b": 3}'
    places = JsonPlaces(text.encode(), json.loads(text), "x.json")
    assert str(places.locate("")) == "x.json:1:1"
    assert str(places.locate("/é😀")) == "x.json:1:2"
    assert str(places.locate("/é😀/ü")) == "x.json:1:9"
    assert str(places.locate("/é😀/ü/1/k")) == "x.json:1:19"
    assert str(places.locate("/b")) == "x.json:2:3"


def test_what_is_not_in_a_json_text_has_the_place_of_the_nearest_part() -> None:
    text = '{\n  "a": {\n    "b": [1]\n  }\n}'
    places = JsonPlaces(text.encode(), json.loads(text), "x.json")
    assert str(places.locate("/a/b/7/c")) == "x.json:3:5"
    assert str(places.locate("/a/x/y")) == "x.json:2:3"
    assert str(places.locate("/nothing")) == "x.json:1:1"


def test_places_far_into_a_large_text() -> None:
    value = {f"key{n}": {"text": "é" * 50, "n": n} for n in range(5000)}
    text = json.dumps(value, indent=2, ensure_ascii=False)
    assert len(text.encode()) > 500_000
    places = JsonPlaces(text.encode(), value, "x.json")
    # Four lines for each key, after the line of the opening brace.
    assert str(places.locate("/key0/n")) == "x.json:4:5"
    assert str(places.locate("/key4321/n")) == f"x.json:{1 + 4321 * 4 + 3}:5"
    assert str(places.locate("/key4999")) == f"x.json:{1 + 4999 * 4 + 1}:3"
    minified = json.dumps(value, ensure_ascii=False)
    place = JsonPlaces(minified.encode(), value, "x.json").locate("/key4321/n")
    assert minified[place.column - 1 :].startswith('"n": 4321}')
    assert place.line == 1


# What is a character in JSON and none, or a line break, in the YAML 1.1 that the parser follows.
NO_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def marks(node: yaml.Node, pointer: str = "") -> list[tuple[str, yaml.Mark]]:
    """Each pointer below a node of PyYAML's own, with the mark of its key or item."""
    found: list[tuple[str, yaml.Mark]] = []
    if isinstance(node, yaml.MappingNode):
        for key, part in node.value:
            found += [(join(pointer, key.value), key.start_mark), *marks(part, join(pointer, key.value))]
    elif isinstance(node, yaml.SequenceNode):
        for index, part in enumerate(node.value):
            found += [(join(pointer, index), part.start_mark), *marks(part, join(pointer, index))]
    return found


@given(OBJECTS, st.booleans(), st.booleans())
@settings(max_examples=200)
def test_yaml_places_are_those_of_the_nodes(value: Any, flow: bool, unicode: bool) -> None:
    text = yaml.dump(value, sort_keys=False, default_flow_style=flow, allow_unicode=unicode)
    assume(not NO_YAML.search(text))
    _, _, places = read_yaml(text.encode(), "x.yaml")
    assert places is not None
    expected = marks(yaml.compose(text, Loader=yaml.SafeLoader))
    assert [pointer for pointer, _ in expected] == [pointer for pointer, _, _ in pointers(value)]
    for pointer, mark in expected:
        assert str(places.locate(pointer)) == f"x.yaml:{mark.line + 1}:{mark.column + 1}"


YAML = """\
openapi: 3.1.0
paths:
  /books:
    get: &get
      summary: é {x}
      tags: [a, {b: 1}]
    head: *get
  /empty:
    post:
common: &common
  limit: 1
page:
  <<: *common
  size:
    - 2
    -   - 3
"""


@pytest.mark.parametrize(
    ("pointer", "where"),
    [
        ("", "1:1"),
        ("/paths", "2:1"),
        ("/paths/~1books", "3:3"),
        ("/paths/~1books/get", "4:5"),
        ("/paths/~1books/get/tags/0", "6:14"),
        ("/paths/~1books/get/tags/1/b", "6:18"),
        ("/paths/~1books/head", "7:5"),
        ("/paths/~1books/head/summary", "5:7"),
        ("/paths/~1empty/post", "9:5"),
        ("/paths/~1empty/post/responses", "9:5"),
        ("/page/limit", "11:3"),
        ("/page/size/1", "16:9"),
        ("/page/size/1/0", "16:11"),
        ("/nothing/here", "1:1"),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_yaml_places(pointer: str, where: str, ending: str) -> None:
    _, _, places = read_yaml(YAML.replace("\n", ending).encode(), "x.yaml")
    assert places is not None
    assert str(places.locate(pointer)) == f"x.yaml:{where}"


@given(OBJECTS, st.sampled_from([None, 1, 2]), st.sampled_from([(",", ": "), (", ", " : "), (",", ":")]))
@settings(max_examples=200)
def test_any_json_text_is_read_equal_as_yaml(value: Any, indent: int | None, signs: tuple[str, str]) -> None:
    text = json.dumps(value, indent=indent, separators=signs, ensure_ascii=False)
    assume(not NO_YAML.search(text))
    assert read_yaml(text.encode(), "x.yaml")[0] == value
