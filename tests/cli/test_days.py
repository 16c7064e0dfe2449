"""`--today` and `--notice`: by which days a comparison judges what contracts announce."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from apiver.cli import apiver

OLD = """\
openapi: 3.1.0
info: {title: Books, version: "1"}
paths:
  /books:
    get:
      deprecated: true
      x-sunset: 2027-01-31
      responses: {"200": {description: fine}}
  /shops:
    get:
      responses: {"200": {description: fine}}
"""
NEW = OLD.replace("/books", "/").partition("  /:")[0] + OLD[OLD.index("  /shops") :]


def diff(folder: Path, *arguments: str, old: str = OLD, new: str = NEW) -> Result:
    (folder / "old.yaml").write_text(old, encoding="utf-8")
    (folder / "new.yaml").write_text(new, encoding="utf-8")
    sides = [str(folder / "old.yaml"), str(folder / "new.yaml")]
    return CliRunner().invoke(apiver, ["diff", *sides, "--format", "json", *arguments])


def rules(result: Result) -> list[Any]:
    return [change["rule"] for change in json.loads(result.stdout)["changes"]]


def test_what_is_gone_after_its_sunset_does_not_fail(tmp_path: Path) -> None:
    before = diff(tmp_path, "--today", "2027-01-31")
    assert (rules(before), before.exit_code) == (["api-removed-before-sunset"], 1)

    after = diff(tmp_path, "--today", "2027-02-01")
    assert (rules(after), after.exit_code) == (["api-removed-after-sunset"], 0)


def test_without_an_option_it_is_the_current_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    long_ago = OLD.replace("2027-01-31", "2020-01-31")

    assert rules(diff(tmp_path, old=long_ago)) == ["api-removed-after-sunset"]
    assert rules(diff(tmp_path, old=OLD.replace("2027", "9027"))) == ["api-removed-before-sunset"]


def test_a_reproducible_build_says_which_day_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")  # 2027-01-15
    assert rules(diff(tmp_path)) == ["api-removed-before-sunset"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")  # 2030-03-17
    assert rules(diff(tmp_path)) == ["api-removed-after-sunset"]
    assert rules(diff(tmp_path, "--today", "2026-01-01")) == ["api-removed-before-sunset"]

    for wrong in ("soon", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        result = diff(tmp_path)
        assert result.exit_code == 2
        assert wrong in result.stderr


def test_a_notice_is_days_from_today(tmp_path: Path) -> None:
    plain = OLD.replace("      deprecated: true\n      x-sunset: 2027-01-31\n", "")

    def judged(*arguments: str) -> list[Any]:
        return rules(diff(tmp_path, "--today", "2027-01-01", *arguments, old=plain, new=OLD))

    assert judged() == ["endpoint-deprecated-with-sunset"]
    assert judged("--notice", "30") == ["endpoint-deprecated-with-sunset"]
    assert judged("--notice", "31") == ["api-sunset-date-too-small"]


@pytest.mark.parametrize("arguments", [("--today", "31.1.2027"), ("--notice", "-1"), ("--notice", "soon")])
def test_a_wrong_day_is_wrong_usage(tmp_path: Path, arguments: tuple[str, str]) -> None:
    result = diff(tmp_path, *arguments)

    assert result.exit_code == 2
    assert arguments[0] in result.stderr
