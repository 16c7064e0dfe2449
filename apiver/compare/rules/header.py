"""Rules of response headers: there or not, always or not."""

from __future__ import annotations

from apiver.compare.change import Effect
from apiver.compare.rules.rule import Rule
from apiver.compare.rules.source import openapi

_HEADER = openapi("Header Object")

RULES = (
    Rule(
        "required-response-header-removed",
        "a header that was always there is gone",
        "Clients read it without a check.",
        "keep sending it",
        Effect.BREAKING,
        "response",
        "header",
        _HEADER,
    ),
    Rule(
        "optional-response-header-removed",
        "an optional header is not sent any more",
        "Clients must deal with its absence, but those that use it lose it.",
        "keep sending it",
        Effect.RISKY,
        "response",
        "header",
        _HEADER,
    ),
    Rule(
        "response-header-became-optional",
        "a header that was always there may be missing now",
        "Clients read it without a check.",
        "always send it",
        Effect.BREAKING,
        "response",
        "header",
        _HEADER,
    ),
    Rule(
        "response-header-added",
        "the response has a new header",
        "Clients ignore what they do not know.",
        "nothing to do",
        Effect.COMPATIBLE,
        "response",
        "header",
        _HEADER,
    ),
    Rule(
        "response-header-serialization-changed",
        "a response header is written in another way",
        "The new text is read as another value, or not at all.",
        "send it under a new name, and the old one as before",
        Effect.BREAKING,
        "response",
        "header",
        openapi("Style Values"),
    ),
)
