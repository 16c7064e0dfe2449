"""The tags that extensions make of the names of blueprints, without the version that is in the name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from apiver.reading.naming import tag

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def without_versions(root: dict[str, Any], app: Flask, spelled: Callable[[str], str] = str) -> None:
    """Change the tags that are the name of a blueprint, as `spelled` writes it: `books_v1` -> `books`."""
    names = {spelled(name): spelled(tag(name) or name) for name in app.blueprints}
    for item in root.get("paths", {}).values():
        for method in _METHODS:
            operation = item.get(method, {})
            if "tags" in operation:
                operation["tags"] = [names.get(name, name) for name in operation["tags"]]
