"""What a receiver reads out of a message, by the letter of its contract: parameters and their texts, bodies.

Texts do not say what they mean: `5` may be a number or a string. So every reading is given, and a message is
rejected only if the schema takes none of them. Nothing here knows about containment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, product
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from apiver.compare.change import ABSENT, Exchange
from apiver.compare.sides.space import Node
from apiver.compare.sides.styles import read, read_deep, style_of
from apiver.compare.sides.surface import Operation
from apiver.compare.sides.texts import readings

MOST_READINGS = 64
"""How many readings of the texts of one value are tried."""

_DEEPEST = 16


class Sent(NamedTuple):
    """The texts of a request: by name in its query, headers (in lower case) and cookies, by variable."""

    raw_query: str
    query: dict[str, list[str]]
    headers: dict[str, list[str]]
    cookies: dict[str, list[str]]
    path: dict[str, list[str]]

    def texts(self, where: str, name: str) -> list[str] | None:
        """The texts under a name in one of those places; None where there is none."""
        places = {"query": self.query, "header": self.headers, "cookie": self.cookies, "path": self.path}
        return places.get(where, {}).get(name.lower() if where == "header" else name)


def sent(operation: Operation, exchange: Exchange) -> Sent:
    """Take a request apart; the path's variables are those of the operation."""
    url = urlsplit(exchange.url)
    query: dict[str, list[str]] = {}
    for name, text in parse_qsl(url.query, keep_blank_values=True):
        query.setdefault(name, []).append(text)
    headers: dict[str, list[str]] = {}
    cookies: dict[str, list[str]] = {}
    for name, text in exchange.headers:
        headers.setdefault(name.lower(), []).append(text)
        if name.lower() == "cookie":
            for part in text.split(";"):
                key, _, value = part.strip().partition("=")
                cookies.setdefault(key, []).append(unquote(value))
    variables = zip(operation.variables, path_values(operation, url.path) or (), strict=False)
    return Sent(url.query, query, headers, cookies, {name: [unquote(text)] for name, text in variables})


def place_of(parameter: Node) -> tuple[str, str]:
    """Where a parameter stands, and its name: headers have no case, a whole query string has no name."""
    where, name = parameter.raw["in"], parameter.raw["name"]
    if where == "querystring":  # OpenAPI 3.2
        return where, ""
    return where, name.lower() if where == "header" else name


def forms_of(parameter: Node, operation: Operation, given: Sent) -> list[Any] | None:
    """What a parameter may be, with texts at the leaves; None where it was not sent."""
    where, name = place_of(parameter)
    media = next(parameter.entries("content"), None)
    if where == "querystring":
        return [given.raw_query] if given.raw_query else None
    texts = given.texts(where, name)
    if media is not None:
        return None if texts is None else [texts[0]]
    style = style_of(parameter)
    if style.name == "deepObject":
        deep = read_deep(name, given.query)
        return None if deep is None else [deep]
    if texts is not None:
        if "" in texts and where == "query" and parameter.raw.get("allowEmptyValue") is True:
            return [ABSENT]
        return list(read(style, name, texts))
    if style.repeats and where in ("query", "cookie") and takes_objects(parameter):
        return _members(parameter, operation, given)
    return None


def _members(parameter: Node, operation: Operation, given: Sent) -> list[Any] | None:
    """The object whose members stand beside the other parameters, each under its own name."""
    where = parameter.raw["in"]
    others = {each.raw["name"] for each in operation.parameters if each.raw["in"] == where}
    texts = given.query if where == "query" else given.cookies
    known = set(_property_names(parameter.child("schema"), _DEEPEST))
    found = {
        name: said[0] if len(said) == 1 else said
        for name, said in texts.items()
        if name not in others and (name in known or not known)
    }
    return [found] if found else None


def takes_objects(holder: Node) -> bool:
    """Whether the schema of a parameter speaks of objects."""
    return "schema" in holder.raw and _speaks_of_objects(holder.child("schema"), _DEEPEST)


def _speaks_of_objects(schema: Node, depth: int) -> bool:
    raw = schema.raw
    if not isinstance(raw, dict) or depth == 0:
        return False
    kinds = raw.get("type")
    if kinds is not None:
        return kinds == "object" or (isinstance(kinds, list) and "object" in kinds)
    return "properties" in raw or any(_speaks_of_objects(each, depth - 1) for each in _below(schema))


def _property_names(schema: Node, depth: int) -> Iterator[str]:
    if isinstance(schema.raw, dict) and depth:
        yield from (name for name, _ in schema.entries("properties"))
        for each in _below(schema):
            yield from _property_names(each, depth - 1)


def _below(schema: Node) -> Iterator[Node]:
    target = schema.space.target(schema.raw.get("$ref"))
    if target is not None:
        yield target
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from schema.items(keyword)


def values_of(form: Any) -> Iterator[Any]:
    """The JSON values that a form with texts at its leaves may stand for.

    First all leaves as texts, then all of them as what they look like, then every mixture.
    """
    leaves = list(_leaves(form))
    options = [list(readings(leaf) if isinstance(leaf, str) else (leaf,)) for leaf in leaves]
    uniform = ([each[0] for each in options], [each[-1] for each in options])
    seen: list[list[Any]] = []
    for mixture in chain(uniform, product(*options)):
        chosen = list(mixture)
        if not any(_identical(chosen, each) for each in seen[:2]):
            if len(seen) < 2:
                seen.append(chosen)
            yield _filled(form, iter(chosen))


def count_of(form: Any) -> int:
    """How many values a form may stand for."""
    count = 1
    for leaf in _leaves(form):
        count *= sum(1 for _ in readings(leaf)) if isinstance(leaf, str) else 1
    return count


def _identical(one: list[Any], other: list[Any]) -> bool:
    return all(type(a) is type(b) and a == b for a, b in zip(one, other, strict=True))


def _leaves(form: Any) -> Iterator[Any]:
    if isinstance(form, list):
        for each in form:
            yield from _leaves(each)
    elif isinstance(form, dict):
        for each in form.values():
            yield from _leaves(each)
    else:
        yield form


def _filled(form: Any, values: Iterator[Any]) -> Any:
    if isinstance(form, list):
        return [_filled(each, values) for each in form]
    if isinstance(form, dict):
        return {name: _filled(each, values) for name, each in form.items()}
    return next(values)


def path_values(operation: Operation, path: str) -> tuple[str, ...] | None:
    """The texts of the path's variables if the path matches the operation's URL, else None."""
    if not _alike(_segments(operation.url), _segments(path)):
        return None
    found = _template(operation.url).fullmatch(path)
    return found.groups() if found else None


@lru_cache(maxsize=8192)
def _segments(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


def _alike(template: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    """Whether a path may match, by its plain segments alone: most templates need no closer look."""
    return len(template) == len(segments) and all(
        mine == its or "{" in mine for mine, its in zip(template, segments, strict=True)
    )


@lru_cache(maxsize=8192)
def _template(url: str) -> re.Pattern[str]:
    return re.compile("([^/]+)".join(re.escape(part) for part in re.split(r"\{[^{}]*\}", url)))


def serving(operations: Iterable[Operation], exchange: Exchange) -> Operation | None:
    """The operation that serves the request: concrete paths before templated ones (OpenAPI 3.1, 4.8.8.1)."""
    path = urlsplit(exchange.url).path
    fitting = [
        each for each in operations if each.method == exchange.method and path_values(each, path) is not None
    ]
    return min(fitting, key=lambda each: len(each.variables), default=None)
