from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from apiver.compare.change import Comparison, NotCompared, Part
from apiver.contract.document import Place
from apiver.report.location import in_checkout, location, place_of, relative, whole

Make = Callable[..., Comparison]


@pytest.mark.parametrize(
    "file", ["v1.yaml", "./a/v1.json", "/srv/v1.yaml", "C:\\api\\v1.yaml", "a/b:c.yaml", "v1"]
)
def test_files_are_in_the_checkout(file: str) -> None:
    assert in_checkout(file)


@pytest.mark.parametrize(
    "file", ["", "-", "<stdin>", "https://example.org/v1.yaml", "main:v1.yaml", "HEAD~1:a/v1.yaml"]
)
def test_what_is_no_file_is_not(file: str) -> None:
    assert not in_checkout(file)


def test_paths_are_those_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert relative(str(tmp_path / "a" / "v1.yaml")) == "a/v1.yaml"
    assert relative("./a/../b/v1.yaml") == "b/v1.yaml"
    assert relative("/elsewhere/v1.yaml") == "/elsewhere/v1.yaml"


def test_the_new_side_comes_first_and_the_old_one_where_it_has_no_file(made: Make) -> None:
    old, new = Part("/a", located=Place("v1.yaml", 3, 1)), Part("/a", located=Place("./v2.yaml", 5, 2))
    remote = Part("/a", located=Place("https://example.org/v2.yaml", 5, 2))
    assert location(made("sort", old=old, new=new).changes[0]) == Place("v2.yaml", 5, 2)
    assert location(made("sort", old=old, new=Part("/a")).changes[0]) == Place("v1.yaml", 3, 1)
    assert location(made("sort", old=old, new=remote).changes[0]) == Place("v1.yaml", 3, 1)
    assert location(made("sort", old=Part("/a"), new=remote).changes[0]) is None


def test_a_comparison_as_a_whole_is_pinned_to_a_file(made: Make) -> None:
    assert whole(made(old_name="v1.yaml", new_name="v2.yaml")) == "v2.yaml"
    assert whole(made(old_name="v1.yaml", new_name="main:v2.yaml")) == "v1.yaml"
    assert whole(made(old_name="-", new_name="main:v2.yaml")) == "main:v2.yaml"


def test_a_part_that_was_not_compared_has_a_place_where_it_stands_in_a_file() -> None:
    there, remote = Place("./v1.yaml", 3, 1), Place("https://example.org/v1.yaml", 3, 1)
    assert place_of(NotCompared("old", "/a", "x", there)) == Place("v1.yaml", 3, 1)
    assert place_of(NotCompared("old", "/a", "x", remote)) is None
    assert place_of(NotCompared("old", "/a", "x")) is None
