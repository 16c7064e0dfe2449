"""Shapes and stores: what joining does to them, and what is no store at all."""

from __future__ import annotations

import copy
import json
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apiver.errors import InputError
from apiver.recording.joining import added, greater
from apiver.recording.shapes import shape, weighted
from apiver.recording.store import collect, joined, read_store, written

VALUES = st.recursive(
    st.sampled_from([None, True, 1, 1.5, "x", "2026-01-31", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", 10**20]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b", "c", "4711"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def shaped(value):
    return shape(value, str.isalpha)


@given(st.lists(VALUES, min_size=1, max_size=5), st.randoms())
@settings(max_examples=200, deadline=None)
def test_joining_does_not_depend_on_the_order_and_a_shape_adds_nothing_to_itself(values, chance):
    shapes = [greater([shaped(value)]) for value in values]
    mixed = chance.sample(shapes, len(shapes))
    whole = greater(shapes)
    assert greater(mixed) == whole
    assert reduce(lambda one, other: greater([one, other]), mixed) == whole
    assert greater([whole, whole]) == whole
    assert greater([whole, *shapes]) == whole


@given(st.lists(VALUES, min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_within_a_run_samples_add_up(values):
    once = added([shaped(value) for value in values])
    twice = added([weighted(shaped(value), 2) for value in values])
    assert twice == weighted(once, 2)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 1.5], {"type": "number"}),
        ([1, None], {"type": ["integer", "null"]}),
        ([True, 1], {"type": ["boolean", "integer"]}),
        (["2026-01-31", "2026-02-28"], {"type": "string", "format": "date"}),
        (["2026-01-31", "soon"], {"type": "string"}),
        (["2026-02-31"], {"type": "string"}),
        (["2026-01-31T10:00:00Z"], {"type": "string", "format": "date-time"}),
        (["2026-01-31T10:00:00"], {"type": "string"}),
        (["https://shop.example/a"], {"type": "string", "format": "uri"}),
        ([[]], {"type": "array"}),
        ([[1], ["x"]], {"type": "array", "items": {"type": ["integer", "string"]}}),
        (
            [{"a": 1, "b": 2}, {"a": None}],
            {
                "type": "object",
                "properties": {"a": {"type": ["integer", "null"]}, "b": {"type": "integer"}},
                "required": ["a"],
                "x-apiver-samples": 2,
            },
        ),
    ],
)
def test_values_and_their_shape(values, expected):
    assert added([shaped(value) for value in values]) == expected


def test_a_value_that_is_nested_too_deep_ends_somewhere():
    value = reduce(lambda inner, _: [inner], range(500), 1)
    assert json.dumps(shaped(value)).count("array") < 50


OBSERVATION = {
    "app": "shop", "rule": "/a/<int:id>", "method": "GET", "status": 200, "version": "v1",
    "query": {"page": {"type": "integer"}}, "headers": {"X-Trace": {"type": "string"}},
    "body": {"media": "application/json", "shape": {"type": "object", "required": [], "x-apiver-samples": 1}},
    "content": {"media": "application/json", "shape": {"type": "array", "items": {"type": "string"}}},
    "answer": {"Etag": {"type": "string"}},
}  # fmt: skip
ENTRIES = [
    ("app", "shop", [["/a/<int:id>", ["GET", "PUT"]]]),
    ("seen", OBSERVATION, 3),
    ("seen", {**OBSERVATION, "status": 404, "content": {"media": "text/html"}}, 2),
    ("seen", {"app": "shop", "status": 404}, 4),
    ("seen", {"app": "shop", "raised": True}, 1),
    ("unseen", "ValueError at observer.py:1"),
]


def test_a_run_is_counted():
    store, tally = collect(ENTRIES)
    assert tally == (10, 1, 2, 4, 1, (("ValueError at observer.py:1", 1),))
    assert joined(store, store) == store
    assert written(collect(reversed(ENTRIES))[0]) == written(store)


def test_a_store_is_read_as_it_was_written(tmp_path):
    store, _ = collect(ENTRIES)
    (tmp_path / "traffic.json").write_text(written(store))
    assert read_store(tmp_path / "traffic.json") == store


def parts(value, path=()):
    yield path
    for key, part in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from parts(part, (*path, key))


@pytest.mark.parametrize("wrong", [None, 5, "x", [], {}, [1], {"x": 1}, -1], ids=repr)
def test_no_wrong_part_gets_through_to_a_traceback(tmp_path, wrong):
    """Each part in turn is something else: the file is refused, or it still has the form of a store."""
    store, _ = collect(ENTRIES)
    for path in list(parts(store))[1:]:
        broken = copy.deepcopy(store)
        reduce(lambda value, key: value[key], path[:-1], broken)[path[-1]] = wrong
        (tmp_path / "traffic.json").write_text(json.dumps(broken))
        try:
            found = read_store(tmp_path / "traffic.json")
        except InputError as error:
            assert "record it anew" in str(error)
        else:
            assert joined(found, store)["apps"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"apiver-traffic": 2, "apps": {}}', "\x00", "[" * 5000])
def test_what_is_no_store_is_refused(tmp_path, text):
    (tmp_path / "traffic.json").write_text(text)
    with pytest.raises(InputError):
        read_store(tmp_path / "traffic.json")
