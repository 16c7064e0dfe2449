"""The public face of the package: small, typed, and free of charge until it is used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import apiver

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
FIXTURES = Path(__file__).parents[1] / "fixtures"


def test_every_public_name_is_there() -> None:
    assert {name for name in apiver.__all__ if getattr(apiver, name, None) is None} == set()
    assert dir(apiver) == apiver.__all__


def test_the_readme_program_runs() -> None:
    program = README.split("```python\n")[1].split("```")[0]
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=FIXTURES, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("breaking ")


def test_the_readme_shows_what_the_command_says() -> None:
    session = README.partition("$ apiver --app bookshop diff v1 v2\n")[2].partition("```")[0]
    said = subprocess.run(
        [sys.executable, "-m", "apiver", "--app", "bookshop", "diff", "v1", "v2"],
        cwd=FIXTURES,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    parts = [part for shown in session.split("...\n") for part in shown.strip("\n").split("\n\n")]
    assert len(parts) == 5
    for part in parts:
        heading, _, finding = part.partition("\n  ")  # other findings may stand between the two
        assert heading in said
        assert finding in said


def test_importing_apiver_imports_nothing_heavy() -> None:
    heavy = "flask werkzeug rich deepdiff libcst jsonschema openapi_spec_validator yaml orjson click"
    program = f"import sys, apiver; print(sorted(set(sys.modules) & set({heavy.split()!r})))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
