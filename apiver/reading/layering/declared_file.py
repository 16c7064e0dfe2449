"""The file that the manifest names as a version's contract, laid over the routes of that version."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from apiver.contract.document import Document, Place
from apiver.contract.pointer import join, of_reference, resolve
from apiver.contract.shape import METHODS
from apiver.errors import InputError
from apiver.inventory import Route, Version
from apiver.inventory.url_map import template
from apiver.manifest import DeclaredFile
from apiver.reading.layering.declared import blanked
from apiver.reading.layering.layers import Layer

Schema = dict[str, Any]

_AUTOMATIC = ("head", "options")  # Flask answers them by itself, so no route is listed for them
_LISTED = 3


class Unserved(NamedTuple):
    """An operation that a file declares and the app has no route for, and where the file says it."""

    method: str
    path: str
    source: str
    place: Place | None


class File(NamedTuple):
    """A file as a layer, what it says of the version as a whole, and what of it the app does not serve."""

    layer: Layer
    about: Schema
    unserved: tuple[Unserved, ...]


def declared_file(version: Version) -> File | None:
    """The contract that the manifest declares for `version`; None where it names no file.

    Its paths may be whole, or begin below one of its `servers`, or below the prefix of the version. Raises
    InputError, with the line and column, where the file is not there or is no OpenAPI.
    """
    if version.declared is None:
        return None
    document = _read(version.declared)
    root = document.root
    base = _base(root, version)
    routes = {(_blank(route.path), route.method): route for route in version.routes}
    paths: Schema = {}
    unserved = []
    for path, method, pointer in _operations(root):
        route = routes.get((_blank(f"{base}{path}"), method.upper()))
        if route is None:
            if method not in _AUTOMATIC:
                place = document.place(pointer)
                unserved.append(Unserved(method.upper(), path, version.declared.name, place))
            continue
        item = _item(root, path)
        kept = {key: part for key, part in item.items() if key not in METHODS}
        own = _in_its_app(f"{base}{path}", route, version)
        paths.setdefault(own, kept)[method] = item[method]
    about: Schema = {key: copy.deepcopy(root[key]) for key in ("info", "tags", "externalDocs") if key in root}
    failures = tuple(_left_out(root, unserved, version))
    layer = Layer("declared", version.declared.name, {**root, "paths": paths}, failures=failures)
    return File(layer, about, tuple(unserved))


def _read(file: DeclaredFile) -> Document:
    from apiver.contract.reader import read

    if not os.path.exists(file.path):  # noqa: PTH110 - bears any name
        raise InputError(
            f"there is no file {file.name}", where=file.where, remedy="it is taken relative to the manifest"
        )
    return read(file.path)


def _operations(root: Schema) -> Iterator[tuple[str, str, str]]:
    """Every operation: its path, its method, and a pointer to it."""
    for path, item in root.get("paths", {}).items():
        held = _item(root, path) if isinstance(item, dict) else {}
        for method in METHODS:
            if isinstance(held.get(method), dict):
                pointer = join("/paths", path)
                yield path, method, join(pointer, method) if method in item else pointer


def _item(root: Schema, path: str) -> Schema:
    """A Path Item Object, with what it refers to in its place (OpenAPI 3.1, 4.8.9)."""
    item = root["paths"][path]
    for _ in range(10):
        pointer = of_reference(item["$ref"]) if isinstance(item.get("$ref"), str) else None
        if pointer is None:
            break
        try:
            target = resolve(root, pointer)
        except LookupError:
            break
        item = {**target, **{key: part for key, part in item.items() if key != "$ref"}}
    return dict(item)


def _base(root: Schema, version: Version) -> str:
    """What stands before the paths of the file: of all that might, what fits the most routes."""
    servers = [server.get("url", "") for server in root.get("servers", ()) if isinstance(server, dict)]
    bases = ["", *(unquote(urlsplit(url).path).rstrip("/") for url in servers), version.prefix]
    known = {(_blank(route.path), route.method) for route in version.routes}

    def fitting(base: str) -> int:
        return sum(
            (_blank(f"{base}{path}"), method.upper()) in known for path, method, _ in _operations(root)
        )

    return max(bases, key=fitting)


def _blank(path: str) -> str:
    return blanked(path).rstrip("/")


def _in_its_app(path: str, route: Route, version: Version) -> str:
    """A path as the app of a route has it: without what it is mounted at, its version still a variable."""
    if route.pinned:
        depth = version.prefix.count("/") + 1
        spelled = template(route.rule).split("/")[:depth]
        path = "/".join([*spelled, *path.split("/")[depth:]])
    return path[len(route.mount) :] if path.startswith(f"{route.mount}/") else path


def _left_out(root: Schema, unserved: list[Unserved], version: Version) -> Iterator[str]:
    """What of a file does not come to stand in the contract, in sentences."""
    if unserved:
        first = ", ".join(f"{one.method} {one.path}" for one in unserved[:_LISTED])
        more = f" and {len(unserved) - _LISTED} more" if len(unserved) > _LISTED else ""
        yield f"{version.name} of the app has no route for {first}{more}"
    if root.get("webhooks"):
        yield "its webhooks are not taken over: no route of the app stands for one"
