"""`docs/ci.md`: what people copy from there must be calls that exist, in files that can be read."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from apiver.cli import apiver
from apiver.cli.diff import diff

MANUAL = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", MANUAL, re.DOTALL)
CALLS = sorted({call for _, text in BLOCKS for call in re.findall(r"apiver (?:--app|diff)[^\n']*", text)})


@pytest.mark.parametrize("call", CALLS)
def test_every_call_is_one_that_the_command_takes(call: str) -> None:
    arguments = shlex.split(call)
    given = arguments[arguments.index("diff") + 1 :]
    with diff.make_context("diff", given, parent=click.Context(apiver)) as context:
        assert context.params["new"] in ("v1", "openapi.yaml")
    with apiver.make_context("apiver", arguments[1:]) as context:
        assert context.params["app"] in ("shop", None)


def test_all_formats_for_builds_are_shown() -> None:
    shown = {word for call in CALLS for word in re.findall(r"--format (\w+)", call)}
    assert shown == {"github", "sarif", "markdown", "gitlab", "html", "junit"}


@pytest.mark.parametrize("text", [text for kind, text in BLOCKS if kind == "yaml"])
def test_every_snippet_is_yaml(text: str) -> None:
    assert yaml.safe_load(text)
