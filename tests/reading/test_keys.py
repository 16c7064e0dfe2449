"""The keys of a dict: numbers stay numbers where a program goes through them, and are text in JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from apiver.reading import contract, inspect
from tests.reading.test_detection import program, view

INTEGERS = {"type": "array", "items": {"type": "integer"}}
TEXTS = {"type": "array", "items": {"type": "string"}}
STORE = """
BOOKS = {1: {"title": "Emma"}, 2: {"title": "Persuasion"}}
rooms = {"a": 1, "b": 2}
WRITERS = {
    1: lambda n: f"{n}",
    2: lambda n: f"{n}!",
}
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return jsonify([number for number in BOOKS])", INTEGERS),
        ("return jsonify([number for number, book in BOOKS.items()])", INTEGERS),
        ("return jsonify(list(BOOKS.keys()))", INTEGERS),
        ("return jsonify(sorted(BOOKS))", INTEGERS),
        ("seats = {1: 80, 2: 45}\nreturn jsonify([hall for hall in seats])", INTEGERS),
        ("seats = {1: 80}\nseats.update({2: 45})\nreturn jsonify(list(seats))", INTEGERS),
        ('seats = {}\nfor number in BOOKS:\n    seats[number] = "x"\nreturn jsonify(list(seats))', INTEGERS),
        ("seats = {**{1: 80}, 2: 45}\nreturn jsonify(list(seats))", INTEGERS),
        ("seats = {number: 1 for number in BOOKS}\nreturn jsonify(list(seats))", INTEGERS),
        ("return jsonify([number for number, write in WRITERS.items()])", INTEGERS),
        ("return jsonify(list(WRITERS))", INTEGERS),
        ("return jsonify([write(7) for write in WRITERS.values()])", TEXTS),
        ("return jsonify([room for room in rooms])", {"type": "array", "items": {"type": "string"}}),
        (
            "return jsonify({1: 80, 2: 45})",
            {
                "type": "object",
                "properties": {"1": {"type": "integer"}, "2": {"type": "integer"}},
                "required": ["1", "2"],
            },
        ),
    ],
)
def test_what_the_keys_of_a_dict_are(body: str, expected: Any, tmp_path: Path) -> None:
    app = program(tmp_path, STORE + view(body))
    root = contract(inspect(app), "v1").root
    schema = root["paths"]["/books"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert _plain(schema) == expected
    assert jsonschema.Draft202012Validator(expected).is_valid(app.test_client().get("/books").json)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if key not in ("x-apiver-source", "enum")}
    return value
