from __future__ import annotations

import json
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from apiver.contract.writing import as_json, as_yaml
from apiver.contract.yaml_text import read_yaml

CONTRACT = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "v1", "description": "All of it.\n\n- one\n- two"},
    "paths": {
        "/books/{id}": {
            "get": {
                "parameters": [{"name": "id", "in": "path", "schema": {"type": ["integer", "null"]}}],
                "responses": {
                    "200": {"description": "it's: fine", "content": {}},
                    "default": {"x": [[1, []]]},
                },
            }
        }
    },
}
WRITTEN = """\
openapi: 3.1.0
info:
  title: Shop
  version: v1
  description: |-
    All of it.

    - one
    - two
paths:
  /books/{id}:
    get:
      parameters:
        - name: id
          in: path
          schema:
            type:
              - integer
              - 'null'
      responses:
        '200':
          description: 'it''s: fine'
          content: {}
        default:
          x:
            - - 1
              - []
"""


def test_it_is_easy_to_read() -> None:
    assert as_yaml(CONTRACT) == WRITTEN


TEXTS = [
    "on",
    "No",
    "~",
    "0755",
    "2024-10-01",
    "1e3",
    "1.5",
    "1.5.2",
    ".5",
    "0o17",
    "1_000",
    "0x1F",
    "12:30:45",
]
TEXTS += [
    "",
    " a",
    "a ",
    "a: b",
    "a:",
    "a #b",
    "a#b",
    "# x",
    "a\nb",
    "a\n",
    "\n",
    "a\n\n",
    " a\nb",
    "a\n b\n",
]
TEXTS += [
    "\u2028",
    "\x1b[0m\u202e",
    "a\tb",
    "a\r\nb",
    "\ufeffa",
    "---",
    "- a",
    "? a",
    "!a",
    "&a",
    "*/*",
    "=",
    "<<",
]
TEXTS += [
    "$ref",
    "🙂",
    "naïve",
    "a\n🙂",
    "\x85",
    "\xa0",
    "a  b",
    "it's",
    'a "b"',
    "null",
    "yes",
    "%a",
    "@a",
    "`",
]


@pytest.mark.parametrize("value", [*TEXTS, 10**30, 1.5, 1e300, 1e-9, -2.0, True, False, None, 0])
def test_readers_of_both_versions_of_yaml_read_the_same_value(value: Any) -> None:
    whole = {"a": value, "b": [value, [value]], "c": [{"d": value, "e": 1}]}
    if isinstance(value, str):
        whole[value] = 1
    for read in (pyyaml.safe_load(as_yaml(whole)), read_yaml(as_yaml(whole).encode(), "x.yaml")[0]):
        assert read == whole
        assert type(read["a"]) is type(value)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), values, max_size=4))
def test_whatever_json_can_say_comes_through(value: dict[str, Any]) -> None:
    value.pop("<<", None)  # a key that YAML 1.1 merges even where it is quoted
    assert pyyaml.safe_load(as_yaml(value)) == value
    assert read_yaml(as_yaml(value).encode(), "x.yaml")[0] == value
    assert json.loads(json.dumps(value)) == value


def test_json_is_indented_and_ends_with_a_line() -> None:
    assert as_json({"a": [1, "é"]}) == '{\n  "a": [\n    1,\n    "é"\n  ]\n}\n'
