"""`apiver rules`: the list, one rule explained, and what comes with an installed package."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from apiver.cli import apiver
from apiver.compare.rules import catalogue, examples


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def rules(*arguments: str) -> Result:
    return CliRunner().invoke(apiver, ["rules", *arguments])


def listed(*arguments: str) -> list[str]:
    result = rules("--format", "json", *arguments)
    assert result.exit_code == 0, result.output
    return [rule["id"] for rule in json.loads(result.stdout)["rules"]]


def test_the_list_has_every_rule_with_its_effect_and_title() -> None:
    result = rules()

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    for rule in catalogue().values():
        assert any(line.split()[:2] == [rule.effect.value, rule.id] for line in lines)
        assert rule.title in result.stdout
    assert lines[-1] == f"{len(catalogue())} rules.   apiver rules ID explains one."
    assert listed() == sorted(catalogue())


def test_filters_leave_out_what_does_not_fit_all_of_them() -> None:
    security = [rule.id for rule in catalogue().values() if rule.area == "security"]
    assert "api-security-added" in security
    assert listed("--area", "security") == security
    assert listed("--effect", "docs", "--area", "lifecycle", "--find", "OperationID") == [
        "api-operation-id-added",
        "api-operation-id-removed",
    ]
    assert listed("--direction", "request", "--find", "sunset-parse") == ["request-parameter-sunset-parse"]
    assert "api-operation-id-removed" in listed("--direction", "none")
    assert listed("--find", "no such words anywhere") == []
    assert rules("--find", "no such words anywhere").stdout.startswith("0 rules.")
    for option, name in (("--effect", "effect"), ("--direction", "direction"), ("--area", "area")):
        values = {getattr(rule, name) for rule in catalogue().values()}
        each = [listed(option, str(getattr(value, "value", value))) for value in values]
        assert sorted(name for names in each for name in names) == sorted(catalogue())
        assert all(each)


@pytest.mark.parametrize(
    "arguments", [("--area", "nothing"), ("--effect", "bad"), ("--direction", "up"), ("--format", "sarif")]
)
def test_a_filter_that_does_not_exist_is_wrong_usage(arguments: tuple[str, str]) -> None:
    result = rules(*arguments)

    assert result.exit_code == 2
    assert "schema" in result.stderr or "Choose from" in result.stderr or "one of" in result.stderr


def test_a_rule_is_explained_with_an_example_and_its_proof() -> None:
    result = rules("request-property-became-required")

    assert result.exit_code == 0
    assert (
        result.stdout
        == """\
request-property-became-required   breaking · request · schema
  an optional property of the request is required now

  why       Requests without it are turned away.
  instead   accept its absence for as long as clients of the old version exist, or fill it in on the server
  source    JSON Schema Validation 2020-12, 6.5.3 required
            https://json-schema.org/draft/2020-12/json-schema-validation#section-6.5.3
  oasdiff   request-header-property-became-required
            request-property-became-required
            request-property-became-required-with-default

EXAMPLE

    openapi: 3.1.0
    info: {title: Books, version: "1"}
    paths:
      /books:
        post:
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  properties:
                    title: {type: string}
                    isbn: {type: string}
  +               required: [isbn]
          responses: {"204": {description: done}}

  proof     POST /books {}
            old accepts, new rejects: 'isbn' is a required property
"""
    )


def test_an_example_says_by_which_day_it_is_judged_and_why_it_is_not_proved() -> None:
    result = rules("request-parameter-removed-before-sunset")

    assert "EXAMPLE  --today 2027-01-31\n" in result.stdout
    assert "  risky     nothing is rejected, but clients were told that it is read until 2027-01-31\n" in (
        result.stdout
    )
    assert "proof" not in result.stdout


@pytest.mark.parametrize("rule", ["api-removed-without-deprecation", "response-property-became-nullable"])
def test_a_rule_as_json_and_as_markdown(rule: str) -> None:
    written = json.loads(rules(rule, "--format", "json").stdout)

    assert written["rule"]["id"] == rule
    assert written["rule"]["source"]["url"].startswith("https://")
    example = written["example"]
    assert example["old"].startswith("openapi: 3.1.0\n")
    (change,) = example["report"]["changes"]
    assert change["rule"] == rule
    assert change["witness"]["accepted_by"] in ("old", "new")

    page = rules(rule, "--format", "markdown").stdout
    assert page.startswith(f"## `{rule}`\n")
    assert "```diff\n" in page
    assert page.count("```") == 2
    assert re.search(r"(accepts|may send it), ", page)


def test_the_list_as_markdown_is_one_table() -> None:
    lines = rules("--format", "markdown", "--area", "header").stdout.splitlines()

    assert lines[0] == "| rule | effect | area | what happened |"
    assert "| `response-header-added` | compatible | header | the response has a new header |" in lines
    assert all(line.count(" | ") == 3 for line in lines[2:])


def test_a_wrong_id_gets_the_nearest_names() -> None:
    result = rules("request-property-becam-required")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "did you mean  request-property-became-required" in result.stderr
    assert "apiver rules  lists them all" in result.stderr

    result = rules("zzz\x1b[31m")
    assert result.exit_code == 2
    assert "did you mean" not in result.stderr
    assert "\x1b" not in result.stderr


def test_an_id_of_another_tool_is_understood() -> None:
    assert rules("request-body-const-added").stdout.startswith("request-body-became-enum ")

    several = rules("response-media-type-name-changed")
    assert several.exit_code == 2
    assert "here it is  response-media-type-removed  or  response-media-type-added" in several.stderr

    none = rules("api-security-component-added")
    assert none.exit_code == 2
    assert "there is no such rule here" in none.stderr
    assert "a security scheme counts where an operation asks for it" in none.stderr


def test_an_id_and_a_filter_exclude_one_another() -> None:
    result = rules("api-moved", "--effect", "risky")

    assert result.exit_code == 2
    assert "leave out the id" in result.stderr


def test_the_result_goes_into_a_file(tmp_path: Path) -> None:
    result = rules("--format", "markdown", "--output", str(tmp_path / "rules.md"))

    assert (result.exit_code, result.stdout) == (0, "")
    assert "| `api-moved` |" in (tmp_path / "rules.md").read_text(encoding="utf-8")


def test_long_lines_are_broken_where_the_terminal_is_narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for result in (rules("--find", "shadows"), rules("request-property-became-required")):
        assert result.exit_code == 0
        assert all(len(line) <= 60 for line in result.stdout.splitlines() if "https://" not in line)


def test_the_manual_shows_what_the_command_says() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    sessions = re.findall(r"```console\n\$ apiver rules ([^\n]*)\n(.*?)```", manual, re.DOTALL)

    assert len(sessions) == 2
    for arguments, output in sessions:
        assert rules(*arguments.split()).stdout == output


def test_a_wheel_carries_the_examples_beside_the_catalogue(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert '"fixtures/rules" = "apiver/compare/rules/pairs"' in project

    installed = tmp_path / "apiver" / "compare" / "rules"
    shown = installed / "pairs" / "api-moved"
    shown.mkdir(parents=True)
    for name, text in (("old.yaml", "old"), ("new.yaml", "new"), ("expected.json", '{"changes": []}')):
        (shown / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(examples, "__file__", str(installed / "examples.py"))
    assert examples.example("api-moved") == examples.Example("old", "new", {})
    assert examples.example("endpoint-added") is None


def test_without_examples_the_words_remain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(examples, "_folder", lambda: tmp_path)
    monkeypatch.setattr(examples, "others", dict)

    result = rules("api-moved")
    assert result.exit_code == 0
    assert "an operation has another URL or method now" in result.stdout
    assert "EXAMPLE" not in result.stdout
    assert json.loads(rules("api-moved", "--format", "json").stdout)["example"] is None
    assert rules("request-body-const-added").exit_code == 2
