"""Recordings for tests: a command is run under `apiver record`, as people run it."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from apiver.recording.journal import Journal, read_journal
from apiver.recording.observer import Observer
from apiver.recording.selection import Selection
from apiver.recording.store import collect, written

FIXTURES = Path(__file__).parents[2] / "fixtures"


@dataclass(frozen=True)
class Recording:
    """What came of a recorded command: its output, its exit code, and the store."""

    code: int
    out: str
    err: str
    text: str

    @property
    def operations(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The operations of all apps, by method and rule."""
        apps = json.loads(self.text)["apps"]
        return {
            (one["method"], one["rule"]): one for app in apps.values() for one in app.get("operations", [])
        }

    def answer(self, method: str, rule: str, status: int = 200) -> Any:
        """The schema of a JSON answer."""
        responses = self.operations[method, rule]["responses"]
        return responses[str(status)]["content"]["application/json"].get("schema")


Recorder = Callable[..., Recording]


@pytest.fixture
def record(tmp_path: Path) -> Recorder:
    """Runs `apiver record [options] -- python -c SCRIPT` in fixtures/traffic, or another command."""

    def run(
        script: str = "",
        *options: str,
        command: tuple[str, ...] = (),
        cwd: Path = FIXTURES / "traffic",
        **environment: str,
    ) -> Recording:
        store = tmp_path / "traffic.json"
        result = subprocess.run(
            [
                *(sys.executable, "-m", "apiver", "record", "--output", str(store), *options, "--"),
                *(command or (sys.executable, "-c", script)),
            ],
            cwd=cwd,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        text = store.read_text() if store.exists() else ""
        return Recording(result.returncode, result.stdout, result.stderr, text)

    return run


@dataclass
class Watch:
    """Observes every Flask app in this process, and makes a recording of it when asked."""

    folder: Path

    def recording(self) -> Recording:
        gc.collect()
        entries = [entry for path in sorted(self.folder.glob("*.journal")) for entry in read_journal(path)]
        store, tally = collect(entries)
        return Recording(0, str(tally.known), "\n".join(why for why, _ in tally.unseen), written(store))


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """A watch over the apps in this process for as long as the test runs."""
    folder = tmp_path / "journals"
    folder.mkdir()
    observer = Observer(Journal(str(folder)), Selection())
    monkeypatch.setattr(Flask, "wsgi_app", observer.around(Flask.wsgi_app))
    monkeypatch.syspath_prepend(str(FIXTURES / "traffic"))
    return Watch(folder)
