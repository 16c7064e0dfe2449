from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

LOADING = Path(__file__).parents[2] / "fixtures" / "loading"


@pytest.fixture
def loading(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in fixtures/loading; what loading leaves behind in the interpreter is taken back afterwards."""
    monkeypatch.chdir(LOADING)
    monkeypatch.delenv("FLASK_APP", raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    modules = set(sys.modules)
    yield LOADING
    for name in set(sys.modules) - modules:
        del sys.modules[name]
    assert Path.cwd() == LOADING
