"""Where an API answers: the servers of a document, of a path or of an operation, as hosts and base paths.

OpenAPI 3.1, 4.8.5 (Server Object) and 4.8.6 (Server Variable Object).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import NamedTuple

from apiver.compare.sides.space import Node

_MOST = 16  # spellings of one server's URL that are looked at


class Address(NamedTuple):
    """One place where an API answers: scheme and host (lower case, "" in a relative URL), base path."""

    scheme: str
    host: str
    base: str

    def __str__(self) -> str:
        return f"{self.scheme and self.scheme + '://'}{self.host}{self.base}" or "/"


class Server(NamedTuple):
    """One entry of `servers`: its pointer, and its addresses, the one of its default values first.

    A variable with an `enum` stands for each of its values; one without stands for its default.
    """

    pointer: str
    addresses: tuple[Address, ...]


def servers(*holders: Node) -> tuple[Server, ...]:
    """The servers of the first holder that names any: the operation, its path item, the document."""
    for holder in holders:
        found = tuple(_servers(holder))
        if found:
            return found
    return ()


def _servers(holder: Node) -> Iterator[Server]:
    for entry in holder.items("servers"):
        url = entry.raw.get("url") if isinstance(entry.raw, dict) else None
        if isinstance(url, str):
            spelled = dict.fromkeys(_address(each) for each in islice(_spellings(url, entry), _MOST))
            yield Server(entry.pointer, tuple(spelled))


def _spellings(url: str, server: Node) -> Iterator[str]:
    """The URL with every combination of the values that its variables may have, defaults first."""
    variables = server.entries("variables")
    named = [(name, list(_values(each))) for name, each in variables if "{" + name + "}" in url]
    for values in product(*(values for _, values in named)):
        spelled = url
        for (name, _), value in zip(named, values, strict=True):
            spelled = spelled.replace("{" + name + "}", value)
        yield spelled


def _values(variable: Node) -> Iterator[str]:
    raw = variable.raw if isinstance(variable.raw, dict) else {}
    yield str(raw.get("default", ""))
    listed = raw.get("enum")
    yield from map(str, listed if isinstance(listed, list) else ())


def _address(url: str) -> Address:
    """The host and the path of a URL, as far as it has them; a variable without a value stays as it is."""
    absolute = re.match(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?//([^/?#]*)", url)
    scheme, host = ((absolute[1] or "").lower(), absolute[2].lower()) if absolute else ("", "")
    path = re.split("[?#]", url[absolute.end() :] if absolute else url)[0].rstrip("/")
    return Address(scheme, host, path if path.startswith("/") or not path else f"/{path}")
