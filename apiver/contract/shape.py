"""The least that a document must be so that it can be compared: an OpenAPI 3 document with paths."""

from __future__ import annotations

import re
from typing import Any

from apiver.contract.pointer import join

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

_SUPPORTED = re.compile(r"3\.[012](\.[0-9]+(-.+)?)?\Z").match
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "empty"}


def wrong_shape(root: Any) -> tuple[str, str, str | None] | None:
    """The first thing that keeps `root` from being read as OpenAPI 3.0, 3.1 or 3.2.

    A pointer to it, what is wrong, and the remedy if there is one; None where it is well.
    """
    if not isinstance(root, dict):
        return "", f"an OpenAPI document is an object, and this one is {_kind(root)}", None
    return _wrong_version(root) or _wrong_paths(root) or _wrong_components(root)


def _wrong_version(root: dict[str, Any]) -> tuple[str, str, str | None] | None:
    version = root.get("openapi")
    if version is None:
        if "swagger" in root:
            return (
                "/swagger",
                f"Swagger {root['swagger']} is not supported yet",
                "convert the document to OpenAPI 3 first, for instance with: npx swagger2openapi",
            )
        return "", "this is no OpenAPI document: it has no 'openapi' key", "begin it with  openapi: 3.1.0"
    if not isinstance(version, str):
        return (
            "/openapi",
            f"the OpenAPI version is {_kind(version)}, not a text",
            "write it as  openapi: 3.1.0",
        )
    if not _SUPPORTED(version):
        return "/openapi", f"OpenAPI {version} is not supported", "3.0, 3.1 and 3.2 are"
    return None


def _wrong_paths(root: dict[str, Any]) -> tuple[str, str, str | None] | None:
    for section in ("paths", "webhooks"):
        items = root.get(section, {})
        if not isinstance(items, dict):
            return f"/{section}", f"'{section}' must be an object, and is {_kind(items)}", None
        for name, item in items.items():
            pointer = join("", section, name)
            if name.startswith("x-"):
                continue
            if not isinstance(item, dict):
                return pointer, f"the path item {name!r} must be an object, and is {_kind(item)}", None
            for method in METHODS:
                operation = item.get(method, {})
                if not isinstance(operation, dict):
                    what = (
                        f"the operation {method.upper()} {name} must be an object, and is {_kind(operation)}"
                    )
                    return f"{pointer}/{method}", what, None
    return None


def _wrong_components(root: dict[str, Any]) -> tuple[str, str, str | None] | None:
    components = root.get("components", {})
    if not isinstance(components, dict):
        return "/components", f"'components' must be an object, and is {_kind(components)}", None
    for section, parts in components.items():
        if not section.startswith("x-") and not isinstance(parts, dict):
            what = f"'components.{section}' must be an object, and is {_kind(parts)}"
            return join("/components", section), what, None
    return None


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a number")
