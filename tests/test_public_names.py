"""The public face of the package: small, typed, and free of charge until it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import apiver

FIXTURES = Path(__file__).parents[1] / "fixtures"


def test_every_public_name_is_there() -> None:
    assert {name for name in apiver.__all__ if getattr(apiver, name, None) is None} == set()
    assert dir(apiver) == apiver.__all__


def test_the_readme_program_runs() -> None:
    program = (Path(__file__).parents[1] / "README.md").read_text().split("```python\n")[1].split("```")[0]
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=FIXTURES, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("breaking ")


def test_importing_apiver_imports_nothing_heavy() -> None:
    heavy = "flask werkzeug rich deepdiff libcst jsonschema openapi_spec_validator yaml orjson click"
    program = f"import sys, apiver; print(sorted(set(sys.modules) & set({heavy.split()!r})))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
