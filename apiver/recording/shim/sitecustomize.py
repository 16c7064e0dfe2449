"""Waits for Flask in a process below `apiver record`, and lets the sitecustomize that this one hides run.

Python imports this file at start-up because `apiver record` has put its folder on PYTHONPATH.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib is slow to import
_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(_HERE)))  # noqa: PTH120
_WATCHED = "flask.app"


class _Waiting:
    """A finder that finds nothing by itself; it only makes sure that Flask is observed once it is there."""

    def __init__(self) -> None:
        self.asking = False

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name != _WATCHED or self.asking:
            return None
        self.asking = True
        try:
            spec = _found(name, path, target)
            if spec is not None and spec.loader is not None:
                _observed_after(spec.loader)
        finally:
            self.asking = False
        return spec


def _found(name: str, path: Any, target: Any) -> ModuleSpec | None:
    for finder in sys.meta_path:
        spec = finder.find_spec(name, path, target)
        if spec is not None:
            return spec
    return None


def _observed_after(loader: Any) -> None:
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        execute(module)
        if module.__name__ == _WATCHED:
            _observe(module)

    try:
        # On this loader alone, which stays what it is for everybody who looks at it.
        loader.exec_module = exec_module
    except AttributeError:
        return


def _observe(module: ModuleType) -> None:
    try:
        if "apiver" not in sys.modules:
            # The process may run in an environment where apiver is not installed.
            spec = PathFinder.find_spec("apiver", [_ROOT])
            assert spec is not None and spec.loader is not None
            package = module_from_spec(spec)
            sys.modules["apiver"] = package
            spec.loader.exec_module(package)
        from apiver.recording.observer import observe

        observe(module)
    except Exception:  # noqa: BLE001, S110 - an app that cannot be observed runs as it always does
        pass


def _hidden() -> ModuleSpec | None:
    """The sitecustomize that Python would have imported."""
    sys.path[:] = [entry for entry in sys.path if entry != _HERE]
    return PathFinder.find_spec("sitecustomize", sys.path)


def _start() -> None:
    if os.environ.get("APIVER_RECORDING"):
        sys.meta_path.insert(0, _Waiting())
    spec = _hidden()
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


_start()
