"""Whole HTTP messages around a value: the smallest request or response that carries it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from apiver.compare.change import ABSENT, Exchange
from apiver.compare.proofs.reception import place_of
from apiver.compare.schemas.samples import Sampler
from apiver.compare.sides.content import (
    concrete,
    content_of,
    described_by,
    media_of,
    media_range,
    request_body,
    response_for,
    schema_of,
)
from apiver.compare.sides.credentials import CERTIFICATE, Alternative, enough, requirements
from apiver.compare.sides.pairing import Pair
from apiver.compare.sides.selection import media_types, selected
from apiver.compare.sides.space import Conjunction, Node
from apiver.compare.sides.styles import PLAIN, Piece, Style, style_of, written
from apiver.compare.sides.surface import Operation
from apiver.compare.sides.texts import text_of

_IGNORED_HEADERS = ("accept", "content-type", "authorization")
_BODILESS = ("204", "205", "304")


@dataclass(frozen=True, slots=True)
class Cargo:
    """What a message must carry: a parameter by place and name, a body in a media type, a response's status.

    A value of ABSENT means that the part must not be there.
    """

    parameters: dict[tuple[str, str], Any] = field(default_factory=dict)
    media_type: str | None = None
    body: Any = ABSENT
    status: str | None = None
    header: tuple[str, Any] | None = None
    credentials: Alternative | None = None


class Composer:
    """Builds messages from the samples of both modes."""

    def __init__(self, requests: Sampler, responses: Sampler) -> None:
        self.requests = requests
        self.responses = responses

    def request(self, pair: Pair, cargo: Cargo) -> tuple[Exchange, Exchange] | None:
        """The same request for both contracts: valid for the old one as far as `cargo` lets it be.

        What the cargo leaves open is chosen so that the new contract accepts it too, where that can be.
        None where some part that is needed has no value that could be found.
        """
        self.requests.start()
        old, new = pair.old, pair.new
        wishes = {place_of(parameter): parameter for parameter in new.parameters}
        values: dict[tuple[str, str], Any] = {}
        for parameter in old.parameters:
            place = place_of(parameter)
            if place[0] == "header" and place[1] in _IGNORED_HEADERS:
                continue
            if place in cargo.parameters or parameter.raw.get("required") is True or place[0] == "path":
                value = cargo.parameters.get(place, _MISSING)
                if value is _MISSING:
                    wish = wishes.get(place) or _counterpart(old, new, parameter)
                    value = self._parameter(parameter, wish)
                    if value is ABSENT:
                        return None
                values[place] = value
        values.update({place: value for place, value in cargo.parameters.items() if place not in values})
        headers, query = _credentials(pair, cargo)
        declared = {place_of(parameter): parameter for parameter in old.parameters}
        pieces = {
            place: _pieces(declared.get(place), place[1], value)
            for place, value in values.items()
            if value is not ABSENT
        }
        query += [piece for (where, _), each in pieces.items() if where in _QUERIES for piece in each]
        headers += [
            (_spelled(old, name), each[0][1])
            for (where, name), each in pieces.items()
            if where == "header" and each
        ]
        cookies = [
            f"{name}={quote(text)}"
            for (where, _), each in pieces.items()
            if where == "cookie"
            for name, text in each
        ]
        if cookies:
            headers.append(("Cookie", "; ".join(cookies)))
        body, media_type = cargo.body, cargo.media_type
        if media_type is None:
            made = self._request_body(old, new)
            if made is None:
                return None
            body, media_type = made
        if body is not ABSENT and media_type:
            headers.append(("Content-Type", media_type))
        segments = _segments(old, pieces)
        tail = "?" + "&".join(_query_part(*piece) for piece in query) if query else ""
        urls = [_filled(operation, segments) + tail for operation in (old, new)]
        one, other = (
            _selecting(Exchange(op.method, url, None, tuple(headers), body), pair, op)
            for op, url in zip(pair[:2], urls, strict=True)
        )
        return one, other

    def response(self, pair: Pair, cargo: Cargo) -> tuple[Exchange, Exchange] | None:
        """The same response as the new contract allows it, with the URLs of both contracts."""
        self.responses.start()
        old, new = pair.old, pair.new
        status = cargo.status or "200"
        declared = response_for(new, status)
        headers: list[tuple[str, str]] = []
        body, media_type = cargo.body, cargo.media_type
        if declared is not None:
            for name, entry in declared.entries("headers"):
                header = new.space.follow(entry)
                given = cargo.header[1] if cargo.header and cargo.header[0] == name.lower() else _MISSING
                required = isinstance(header.raw, dict) and header.raw.get("required") is True
                if given is ABSENT or (given is _MISSING and not required) or name.lower() == "content-type":
                    continue
                value = given
                if value is _MISSING:
                    schema = described_by(header)[1]
                    value = _version_told(new, name, schema) or self.responses.sample(schema)
                if value is ABSENT:
                    return None
                headers.append((name, _pieces(header, name, value)[0][1]))
            content = content_of(declared)
            if media_type is None and content and status not in _BODILESS:
                media_type = next(iter(content))
                media = media_of(declared, media_type)
                body = sample_of(self.responses, media)
                if body is ABSENT:
                    return None
        if body is not ABSENT and media_type:
            headers.insert(0, ("Content-Type", concrete(media_type)))
        pieces: dict[tuple[str, str], list[Piece]] = {}
        for parameter in old.parameters:
            value = self._parameter(parameter, None) if parameter.raw["in"] == "path" else ABSENT
            if value is not ABSENT:
                pieces[place_of(parameter)] = _pieces(parameter, parameter.raw["name"], value)
        segments = _segments(old, pieces)
        urls = [_filled(operation, segments) for operation in (old, new)]
        one, other = (
            _selecting(Exchange(op.method, url, int(status), tuple(headers), body), pair, op)
            for op, url in zip(pair[:2], urls, strict=True)
        )
        return one, other

    def _parameter(self, parameter: Node, wish: Node | None) -> Any:
        wished = described_by(wish)[1] if wish is not None else ()
        value = self.requests.sample(described_by(parameter)[1], wished)
        if parameter.raw.get("in") == "path" and value == "":
            samples = self.requests.samples(schema_of(parameter))
            value = next((each for each in samples if each != ""), ABSENT)
        return value

    def _request_body(self, old: Operation, new: Operation) -> tuple[Any, str | None] | None:
        """A body and its media type where the old contract requires one; ABSENT where it does not."""
        body = request_body(old)
        if body is None or body.raw.get("required") is not True:
            return ABSENT, None
        content = content_of(body)
        if not content:
            return ABSENT, None
        theirs = request_body(new)
        accepted = content_of(theirs) if theirs is not None else {}
        names = sorted(content, key=lambda name: (media_range(accepted, name) is None, "json" not in name))
        name = names[0]
        wish: Conjunction = ()
        fitting = media_range(accepted, name)
        if theirs is not None and fitting is not None:
            wish = schema_of(media_of(theirs, fitting))
        value = sample_of(self.requests, media_of(body, name), wish)
        return None if value is ABSENT else (value, concrete(name))


def _selecting(exchange: Exchange, pair: Pair, side: Operation) -> Exchange:
    """The message as it is sent to one side of a pair: with what selects the version of that side."""
    chosen = selected(side)
    if chosen is None:
        return exchange
    headers = exchange.headers
    versions = media_types(pair.old, pair.new)
    if versions is not None:
        here = versions[side is pair.new]
        headers = tuple(
            (name, here if name == "Content-Type" and said in versions else said) for name, said in headers
        )
    url = chosen.of(exchange.url)
    if exchange.status is not None:
        return replace(exchange, url=url, headers=headers, selected=chosen.header)
    return replace(exchange, url=url, headers=(*chosen.header, *headers))


def _version_told(side: Operation, name: str, schema: Conjunction) -> str | None:
    """The version in a header of the answer that repeats what selected it; None where it may be another."""
    chosen = selected(side)
    told = chosen is not None and chosen.place == "header" and chosen.name.lower() == name.lower()
    rules = [part.raw for part in schema if isinstance(part.raw, dict)]
    plain = all(set(raw) <= _PLAIN and raw.get("type", "string") == "string" for raw in rules)
    return chosen.value if chosen is not None and told and plain else None


def sample_of(sampler: Sampler, media: Node, wish: Conjunction = ()) -> Any:
    """A small body for a Media Type Object, of `wish` too where one can; ABSENT where none was found."""
    raw = media.raw if isinstance(media.raw, dict) else {}
    if "itemSchema" in raw and "schema" not in raw:
        return []
    return sampler.sample(schema_of(media), wish)


_PLAIN = frozenset({"type", "description", "x-apiver-source"})
_MISSING = object()
_QUERIES = ("query", "querystring")
_PATH_SAFE = ",;=@:"  # what a segment may hold as it is (RFC 3986, 3.3)


def _pieces(parameter: Node | None, name: str, value: Any) -> list[Piece]:
    """How a parameter is written: in its style, or in the media type of its `content`."""
    if parameter is None:
        return written(PLAIN, name, value)
    media_type, _ = described_by(parameter)
    if not media_type:
        return written(style_of(parameter), name, value)
    if parameter.raw.get("in") == "querystring" and isinstance(value, dict) and "json" not in media_type:
        return written(Style("query", "form", True), name, value)
    plain = media_type.startswith("text/") and not isinstance(value, list | dict)
    return [(name, text_of(value) if plain else json.dumps(value, ensure_ascii=False))]


def _query_part(name: str, text: str) -> str:
    """A part of a query; a whole query string that is no list of names and texts has no name."""
    said = quote(text, safe="@:/,<>")
    return f"{quote(name, safe='')}={said}" if name else said


def _counterpart(old: Operation, new: Operation, parameter: Node) -> Node | None:
    """The path parameter of the new operation at the same position."""
    if parameter.raw["in"] != "path" or parameter.raw["name"] not in old.variables:
        return None
    at = old.variables.index(parameter.raw["name"])
    name = new.variables[at] if at < len(new.variables) else None
    return next((p for p in new.parameters if p.raw["in"] == "path" and p.raw["name"] == name), None)


def _spelled(operation: Operation, name: str) -> str:
    """A header's name as the contract spells it."""
    return next((p.raw["name"] for p in operation.parameters if place_of(p) == ("header", name)), name)


def _segments(operation: Operation, pieces: dict[tuple[str, str], list[Piece]]) -> list[str]:
    """The texts of the path's variables in order; 1 for one of which nothing is said."""
    found = [pieces.get(("path", name)) for name in operation.variables]
    return [quote(each[0][1], safe=_PATH_SAFE) if each else "1" for each in found]


def _filled(operation: Operation, texts: list[str]) -> str:
    """The URL of the operation with its variables filled in order; the last text serves for any more."""
    given = iter(texts)
    last = texts[-1] if texts else "1"
    return re.sub(r"\{[^{}]*\}", lambda _: next(given, last), operation.url)


def _credentials(pair: Pair, cargo: Cargo) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Headers and query parts of one alternative of the old contract, if possible one that the new takes."""
    chosen = cargo.credentials
    if chosen is None:
        ours, theirs = requirements(pair.old), requirements(pair.new)
        if not ours:
            return [], []
        shared = [each for each in ours if any(enough(each, other) for other in theirs)] if theirs else ours
        chosen = (shared or ours)[0]
    headers: list[tuple[str, str]] = []
    query: list[tuple[str, str]] = []
    for scheme in sorted(chosen, key=lambda each: (*each[:3], sorted(each.scopes))):
        if scheme.kind == "apiKey" and scheme.place == "query":
            query.append((scheme.name, "<key>"))
        elif scheme.kind == "apiKey" and scheme.place == "cookie":
            headers.append(("Cookie", f"{scheme.name}=<key>"))
        elif scheme.kind == "mutualTLS":
            headers.append((CERTIFICATE, "<certificate>"))
        elif scheme.kind == "apiKey":
            headers.append((scheme.name, "<key>"))
        else:
            scopes = f", scopes: {' '.join(sorted(scheme.scopes))}" if scheme.scopes else ""
            headers.append(("Authorization", f"{scheme.name.capitalize()} <token{scopes}>"))
    return headers, query
