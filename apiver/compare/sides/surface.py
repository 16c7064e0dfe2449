"""What a contract offers: its operations, and the requests that the API itself sends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from apiver.compare.change import OperationRef
from apiver.compare.sides.servers import Server, servers
from apiver.compare.sides.space import Node, Space

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""The fixed fields of a Path Item Object that hold operations (OpenAPI 3.2 has `query`)."""

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_CLIENT = "https://client.example"


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One method of one path: `path` as its contract spells it, `url` with the server's base path before it.

    `parameters` are those of the path item and of the operation, the latter winning, references followed
    (OpenAPI 3.1, 4.8.10). `urls` are all its URLs, one for each base path of its servers, `url` first.
    `outgoing` is true where it is the API that sends the request, to a URL of the client's. `selector` is the
    parameter that selects its version, once that is set apart from `parameters` (see `selection.py`).
    """

    space: Space
    method: str
    path: str
    url: str
    node: Node
    item: Node
    parameters: tuple[Node, ...]
    servers: tuple[Server, ...] = ()
    outgoing: bool = False
    selector: Node | None = None

    @property
    def ref(self) -> OperationRef:
        """How people name it."""
        return OperationRef(self.method, self.path)

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the path's variables in order."""
        return _variables(self.url)

    @property
    def template(self) -> str:
        """The effective URL with the names of its variables blanked."""
        return blanked(self.url)

    @property
    def urls(self) -> tuple[str, ...]:
        """The effective URLs: the path below the base path of each server."""
        bases = dict.fromkeys(address.base for server in self.servers for address in server.addresses)
        return tuple(base + self.path for base in bases) or (self.url,)


@lru_cache(maxsize=8192)
def _variables(url: str) -> tuple[str, ...]:
    return tuple(_VARIABLE.findall(url))


@lru_cache(maxsize=8192)
def blanked(url: str) -> str:
    """A URL with the names of its variables taken out."""
    return _VARIABLE.sub("{}", url)


def operations(space: Space) -> list[Operation]:
    """Every operation of a document in its own order."""
    root = Node(space, space.root, "")
    everywhere = servers(root)
    found = []
    for path, entry in root.entries("paths"):
        for method, node, item in _methods(entry):
            places = servers(node, item) or everywhere
            base = places[0].addresses[0].base if places else ""
            parameters = tuple(_parameters(item, node))
            found.append(Operation(space, method, path, base + path, node, item, parameters, places))
    return found


class Sending(NamedTuple):
    """What tells the requests that an API sends apart: name, URL ("" for a webhook), method."""

    name: str
    url: str
    method: str

    def is_like(self, other: Sending) -> bool:
        """Whether both have the same name and method."""
        return (self.name, self.method) == (other.name, other.method)


def webhooks(space: Space) -> dict[Sending, Operation]:
    """The requests that the API sends by itself (OpenAPI 3.1, 4.8.1 `webhooks`), named `webhook <name>`."""
    root = Node(space, space.root, "")
    return {
        Sending(name, "", found[0]): _sent(space, f"webhook {name}", name, *found)
        for name, entry in root.entries("webhooks")
        for found in _methods(entry)
    }


def callbacks(operation: Operation) -> dict[Sending, Operation]:
    """The requests that an operation makes the API send (OpenAPI 3.1, 4.8.18), to the URL of an expression.

    They are named `<path> callback <name>`.
    """
    space = operation.space
    return {
        Sending(name, url, found[0]): _sent(space, f"{operation.path} callback {name}", name, *found)
        for name, entry in operation.node.entries("callbacks")
        for url, item in _members(space.follow(entry))
        for found in _methods(item)
    }


def _sent(space: Space, path: str, name: str, method: str, node: Node, item: Node) -> Operation:
    """A request of the API to a client: it is the client who says where; what stands there has no path."""
    parameters = tuple(each for each in _parameters(item, node) if each.raw["in"] != "path")
    return Operation(
        space, method, path, f"{_CLIENT}/{quote(name, safe='')}", node, item, parameters, outgoing=True
    )


def _members(node: Node) -> Iterator[tuple[str, Node]]:
    for name in node.raw if isinstance(node.raw, dict) else ():
        if not name.startswith("x-"):
            yield name, node.child(name)


def _methods(entry: Node) -> Iterator[tuple[str, Node, Node]]:
    """The operations of a path item: method, operation, and the item that holds what they share."""
    item = entry.space.follow(entry)
    if not isinstance(item.raw, dict):
        return
    for key in METHODS:
        # Operations may stand beside the `$ref` of a path item (OpenAPI 3.1, 4.8.9).
        holder = entry if isinstance(entry.raw, dict) and key in entry.raw else item
        if isinstance(holder.raw.get(key), dict):
            yield key.upper(), holder.child(key), item
    for method, node in item.entries("additionalOperations"):  # OpenAPI 3.2: any other method, as it is sent
        if isinstance(node.raw, dict) and method.lower() not in METHODS:
            yield method, node, item


def _parameters(item: Node, node: Node) -> Iterator[Node]:
    merged: dict[tuple[str, str], Node] = {}
    for holder in (item, node):
        for entry in holder.items("parameters"):
            parameter = node.space.follow(entry)
            raw = parameter.raw
            if isinstance(raw, dict) and isinstance(raw.get("name"), str) and isinstance(raw.get("in"), str):
                name = raw["name"].lower() if raw["in"] == "header" else raw["name"]
                merged[raw["in"], name] = parameter
    yield from merged.values()
