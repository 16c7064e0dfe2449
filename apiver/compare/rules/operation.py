"""Rules of operations as a whole: gone, moved, new, served elsewhere."""

from __future__ import annotations

from apiver.compare.change import Effect
from apiver.compare.rules.rule import Rule
from apiver.compare.rules.source import openapi, rfc

_PATHS = openapi("Paths Object")
_SUNSET = rfc(8594, "3", "The Sunset HTTP response header field")

RULES = (
    Rule(
        "api-removed-without-deprecation",
        "an operation is gone",
        "Every call of it fails, and nobody was told before.",
        "deprecate it first, name its successor, and keep it until its sunset",
        Effect.BREAKING,
        "request",
        "operation",
        _PATHS,
    ),
    Rule(
        "api-removed-with-deprecation",
        "a deprecated operation is gone, and no last day was announced",
        "Every call of it fails, and clients could not know when.",
        "announce a sunset, and keep it until then",
        Effect.BREAKING,
        "request",
        "lifecycle",
        rfc(9745, "2", "The Deprecation HTTP response header field"),
    ),
    Rule(
        "api-removed-before-sunset",
        "a deprecated operation is gone before its last day",
        "Every call of it fails sooner than clients were told.",
        "keep it until the day that was announced has ended",
        Effect.BREAKING,
        "request",
        "lifecycle",
        _SUNSET,
    ),
    Rule(
        "api-removed-after-sunset",
        "an operation is gone, as was announced",
        "Its last day has passed: the old contract promised it no longer.",
        "answer 410 Gone with a link to its successor",
        Effect.COMPATIBLE,
        "request",
        "lifecycle",
        _SUNSET,
    ),
    Rule(
        "api-moved",
        "an operation has another URL or method now",
        "Calls of the old URL fail.",
        "keep the old URL as an alias, or answer it with 308 Permanent Redirect until its sunset",
        Effect.BREAKING,
        "request",
        "operation",
        _PATHS,
    ),
    Rule(
        "endpoint-added",
        "an operation is new",
        "Nobody calls it yet.",
        "nothing to do",
        Effect.COMPATIBLE,
        "none",
        "operation",
        _PATHS,
    ),
    Rule(
        "endpoint-added-shadows",
        "a new path takes the requests of a path with variables",
        "Clients that called the old operation with that value reach the new one.",
        "give the new operation a path that no value of the variable can spell",
        Effect.BREAKING,
        "none",
        "operation",
        _PATHS,
    ),
    Rule(
        "api-server-removed",
        "a server is gone",
        "Clients that call it may reach nothing.",
        "keep the old one for as long as clients use it",
        Effect.RISKY,
        "none",
        "operation",
        openapi("Server Object"),
    ),
)
