"""`apiver changelog`: the whole command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from apiver.cli import apiver

ORDERS = Path(__file__).parents[2] / "fixtures" / "contracts" / "orders"
V1, V2 = (str(ORDERS / name) for name in ("v1.yaml", "v2.yaml"))


def changelog(*arguments: str) -> Result:
    return CliRunner().invoke(apiver, ["changelog", *arguments])


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def test_text_for_people() -> None:
    done = changelog(V1, V2)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[:2] == ["Order desk  v1 -> v2", "5 changes need attention before a client of v1 uses v2."]
    assert [line for line in lines if line.isupper()] == ["NEW", "CHANGED", "GONE"]
    assert "    -> send body.currency" in lines
    assert "new-required-request-property" not in done.stdout


def test_the_date_is_shown_where_it_is_given() -> None:
    assert changelog(V1, V2, "--date", "2026-05-20").stdout.startswith("Order desk  v1 -> v2  (2026-05-20)\n")
    assert changelog(V1, V2, "--date", "May").exit_code == 2


@pytest.mark.parametrize(
    ("form", "start"),
    [("markdown", "## Order desk v1 → v2\n"), ("html", "<!doctype html>\n"), ("json", "{\n")],
)
def test_it_is_written_to_a_file(tmp_path: Path, form: str, start: str) -> None:
    path = tmp_path / "changes"
    done = changelog(V1, V2, "--format", form, "--output", str(path))
    assert (done.exit_code, done.stdout) == (0, "")
    assert path.read_text(encoding="utf-8").startswith(start)


def test_operations_are_introduced_by_their_own_summary(tmp_path: Path) -> None:
    def contract(name: str, paths: dict[str, object]) -> str:
        path = tmp_path / name
        path.write_text(
            json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": name}, "paths": paths})
        )
        return str(path)

    get = {"summary": "Lists reports", "responses": {"200": {"description": "ok"}}}
    old, new = contract("1.json", {}), contract("2.json", {"/reports": {"get": get}})
    assert "\nNEW\n\nGET /reports  Lists reports\n" in changelog(old, new).stdout


def test_words_are_told_where_they_are_asked_for(tmp_path: Path) -> None:
    text = (ORDERS / "v2.yaml").read_text(encoding="utf-8").replace("the orders, newest first", "the orders")
    (tmp_path / "v3.yaml").write_text(text, encoding="utf-8")
    done = changelog(V2, str(tmp_path / "v3.yaml"), "--docs")
    assert "DOCUMENTATION\n\nGET /orders\n  the description of the 200 response was reworded\n" in done.stdout
    assert "Clients of" in done.stdout.splitlines()[1]


def test_it_does_not_write_over_a_contract(tmp_path: Path) -> None:
    copy = tmp_path / "v1.yaml"
    copy.write_text((ORDERS / "v1.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    done = changelog(str(copy), V2, "--output", str(copy))
    assert done.exit_code == 2
    assert copy.read_text(encoding="utf-8") == (ORDERS / "v1.yaml").read_text(encoding="utf-8")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert changelog(str(tmp_path / "none.yaml"), V2).exit_code == 4


def test_help_has_examples() -> None:
    assert "apiver changelog v1.yaml v2.yaml --format markdown" in changelog("--help").stdout


def test_the_manual_shows_what_the_command_says(monkeypatch: pytest.MonkeyPatch) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "changelog.md").read_text(encoding="utf-8")
    command, _, said = manual.partition("```console\n$ apiver ")[2].partition("```")[0].partition("\n")
    monkeypatch.chdir(ORDERS)
    monkeypatch.setenv("COLUMNS", "80")
    done = CliRunner().invoke(apiver, command.split())
    assert done.stdout == said
