"""What an app prints never gets into the result, and what it starts never keeps the command from ending."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOADING = Path(__file__).parents[2] / "fixtures" / "loading"


def test_nothing_that_an_app_prints_lands_in_the_result() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "apiver", "--app", "noisy", "inspect", "--format", "json"],
        cwd=LOADING,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout)["app"] == "noisy"
    for source in (
        "from logging",
        "from print",
        "from the first stdout",
        "from the descriptor",
        "from C",
        "from a child",
        "at the end",
        "at the very end",
    ):
        assert f"noise {source}" in done.stderr
