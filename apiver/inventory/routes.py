"""The URL map of an app as plain values: one `Route` for each rule and method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
"""HTTP methods in the order in which people expect to read them."""


@dataclass(frozen=True, slots=True)
class PathParameter:
    """One variable of a rule: its name, its Werkzeug converter, and the JSON Schema of its values."""

    name: str
    converter: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One Werkzeug rule and one of its methods.

    `app` is the Flask app that serves it (several where one is mounted below another, at the prefix `mount`),
    `rule` is the rule as Werkzeug spells it (`/books/<int:id>`), `path` its OpenAPI template (`/books/{id}`),
    both with that prefix. `view` is
    the callable that Flask registered; `handler` is the user's own function or method that answers this
    method, with decorators and `as_view` taken off. `blueprint` is the dotted chain of blueprint names.
    `file` is relative to the working directory where it lies below it; `file` and `line` are those of
    the `def` of `handler`. `pinned` are variables of the rule whose text is known, because it names the
    version: they stand in `path` with that text, and no longer among `parameters`.
    """

    app: Flask
    rule: str
    path: str
    method: str
    endpoint: str
    parameters: tuple[PathParameter, ...]
    view: Callable[..., Any]
    handler: Callable[..., Any]
    blueprint: str | None = None
    defaults: tuple[tuple[str, Any], ...] = ()
    host: str | None = None
    subdomain: str | None = None
    strict_slashes: bool = True
    redirect_to: str | None = None
    file: str | None = None
    line: int | None = None
    pinned: tuple[tuple[PathParameter, str], ...] = ()
    mount: str = ""

    @property
    def where(self) -> str | None:
        """The place of the handler, `shop/books.py:12`; None where it has no source."""
        return f"{self.file}:{self.line}" if self.file else None


def method_order(method: str) -> tuple[int, str]:
    """A key that sorts methods as people read them, unusual ones last."""
    return (METHODS.index(method) if method in METHODS else len(METHODS), method)


def reading_order(route: Route) -> tuple[str, tuple[int, str], str]:
    """A key that sorts routes by path, then method."""
    return route.path, method_order(route.method), route.rule
