"""The least that a document must be so that it can be compared: OpenAPI 3 or Swagger 2.0 with paths."""

from __future__ import annotations

import re
from typing import Any

from apiver.contract.pointer import join

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

_SUPPORTED = re.compile(r"3\.[012](\.[0-9]+(-.+)?)?\Z").match
_PARTS: tuple[tuple[str, type, str], ...] = (
    ("parameters", list, "a list"),
    ("responses", dict, "an object"),
    ("requestBody", dict, "an object"),
)
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "empty"}


Wrong = tuple[str, str, str | None]
"""A pointer to what is wrong, what that is, and the remedy if there is one."""


def wrong_version(root: Any) -> Wrong | None:
    """Why `root` is not read as OpenAPI 3.0, 3.1, 3.2 or Swagger 2.0; None where it is."""
    if not isinstance(root, dict):
        return "", f"an OpenAPI document is an object, and this one is {_kind(root)}", None
    version = root.get("openapi")
    if version is None:
        if root.get("swagger") in ("2.0", 2.0):
            return None
        if "swagger" in root:
            return "/swagger", f"Swagger {root['swagger']} is not supported", "Swagger 2.0 is"
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


def wrong_parts(root: dict[str, Any]) -> Wrong | None:
    """The first part that keeps a document of OpenAPI 3 from being compared; None where all is well."""
    return _wrong_paths(root) or _wrong_components(root)


def _wrong_paths(root: dict[str, Any]) -> Wrong | None:
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
            more = item.get("additionalOperations")
            if more is not None and not isinstance(more, dict):
                what = f"'additionalOperations' of {name} must be an object, and is {_kind(more)}"
                return f"{pointer}/additionalOperations", what, None
            holders = {
                pointer: item,
                **{f"{pointer}/{method}": item[method] for method in METHODS if method in item},
                **{join(pointer, "additionalOperations", key): each for key, each in (more or {}).items()},
            }
            for place, holder in holders.items():
                wrong = _wrong_part(place, holder, name)
                if wrong is not None:
                    return wrong
    return None


def _wrong_part(pointer: str, holder: Any, name: str) -> Wrong | None:
    """What is wrong with a path item or an operation, as far as its own parts go."""
    method = pointer.rpartition("/")[2].upper()
    if not isinstance(holder, dict):
        return pointer, f"the operation {method} {name} must be an object, and is {_kind(holder)}", None
    for key, kind, word in _PARTS:
        value: Any = holder.get(key)
        if value is None:
            continue  # `parameters:` with nothing after it is how YAML spells an empty list
        fits = isinstance(value, kind)
        if not fits:
            return f"{pointer}/{key}", f"'{key}' of {name} must be {word}, and is {_kind(value)}", None
        members = enumerate(value) if isinstance(value, list) else value.items()
        for member, each in members if key != "requestBody" else ():
            if not isinstance(each, dict) and not str(member).startswith("x-"):
                what = f"'{key}' of {name} must hold objects, and this is {_kind(each)}"
                return join(pointer, key, str(member)), what, None
    return None


def _wrong_components(root: dict[str, Any]) -> Wrong | None:
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
