"""The URL map of an app as plain values: one `Route` for each rule and method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


@dataclass(frozen=True, slots=True)
class PathParameter:
    """One variable of a rule: its name, its Werkzeug converter, and the JSON Schema of its values."""

    name: str
    converter: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One Werkzeug rule and one of its methods.

    `app` is the Flask app that serves it (several where one is mounted below another), `rule` is the rule as Werkzeug spells it (`/books/<int:id>`), `path` its OpenAPI template
    (`/books/{id}`). `view` is the callable that Flask registered; `handler` is the user's own function
    or method that answers this method, with decorators and `as_view` taken off. `blueprint` is the
    dotted chain of blueprint names. `file` is relative to the working directory where it lies below it;
    `file` and `line` are those of `handler`.
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
