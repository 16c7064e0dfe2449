"""Two operations at the same place, compared: what the tests of the parts of an operation share."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from apiver.compare import diff
from apiver.compare.change import Change, Comparison, Exchange, Witness
from apiver.contract.document import Document

JSON = "application/json"
OK = {"200": {"description": "fine"}}


def contract(paths: dict[str, Any], **parts: Any) -> Document:
    root = {"openapi": "3.1.0", "info": {"title": "Bookshop", "version": "1"}, "paths": paths, **parts}
    return Document(root, "contract.json")


def compare(
    old: dict[str, Any], new: dict[str, Any], *, path: str = "/books", method: str = "get", **parts: Any
) -> Comparison:
    """Compare two operations at the same place; `parts` are those of both documents."""
    one, other = (
        contract({path: {method: {"responses": OK, **operation}}}, **parts) for operation in (old, new)
    )
    return diff(one, other)


def told(comparison: Comparison) -> list[tuple[str, str, str]]:
    """Effect, rule and subject of every change but the one that says that words differ."""
    return [
        (change.effect.value, change.rule, change.subject)
        for change in comparison.changes
        if change.rule != "documentation-changed"
    ]


def only(comparison: Comparison) -> Change:
    assert len(comparison.changes) == 1, told(comparison)
    return comparison.changes[0]


def proof(comparison: Comparison) -> Witness:
    """The witness of the only change, which is breaking."""
    change = only(comparison)
    assert change.effect.value == "breaking", told(comparison)
    assert change.witness is not None
    return change.witness


def query_of(exchange: Exchange) -> dict[str, list[str]]:
    return parse_qs(urlsplit(exchange.url).query, keep_blank_values=True, strict_parsing=True)


def header(exchange: Exchange, name: str) -> str | None:
    return next((text for key, text in exchange.headers if key.lower() == name.lower()), None)


def parameter(name: str, where: str = "query", **parts: Any) -> dict[str, Any]:
    return {"name": name, "in": where, **({"required": True} if where == "path" else {}), **parts}


def query(**parts: Any) -> dict[str, Any]:
    return {"parameters": [parameter("limit", **parts)]}


def typed(kind: str, **parts: Any) -> dict[str, Any]:
    return {"type": kind, **parts}


def body(schema: Any, *, media: str = JSON, **parts: Any) -> dict[str, Any]:
    return {"requestBody": {"content": {media: {"schema": schema}}, **parts}}


def answer(schema: Any, *, media: str = JSON, status: str = "200") -> dict[str, Any]:
    return {"responses": {status: {"description": "fine", "content": {media: {"schema": schema}}}}}


def statuses(*codes: str, schema: Any = None) -> dict[str, Any]:
    content = {"content": {JSON: {"schema": schema}}} if schema is not None else {}
    return {"responses": {code: {"description": "an answer", **content} for code in codes}}


def with_header(name: str = "X-Total", **parts: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "fine", "headers": {name: parts}}}}
