"""Rules of request bodies: there or not, required or not, in which media types."""

from __future__ import annotations

from apiver.compare.change import Effect
from apiver.compare.rules.rule import Rule
from apiver.compare.rules.source import openapi

_BODY = openapi("Request Body Object")
_MEDIA = openapi("Media Type Object")

RULES = (
    Rule(
        "request-body-added-required",
        "a body is required now",
        "Requests without one are turned away.",
        "make it optional",
        Effect.BREAKING,
        "request",
        "body",
        _BODY,
    ),
    Rule(
        "request-body-added-optional",
        "a body may be sent now",
        "Requests without one still work.",
        "nothing to do",
        Effect.COMPATIBLE,
        "request",
        "body",
        _BODY,
    ),
    Rule(
        "request-body-removed",
        "the body is not read any more",
        "Nothing is rejected, but what the client sends is ignored.",
        "keep reading it",
        Effect.RISKY,
        "request",
        "body",
        _BODY,
    ),
    Rule(
        "request-body-became-required",
        "an optional body is required now",
        "Requests without one are turned away.",
        "keep it optional",
        Effect.BREAKING,
        "request",
        "body",
        _BODY,
    ),
    Rule(
        "request-body-became-optional",
        "a required body is optional now",
        "It may be left out.",
        "nothing to do",
        Effect.COMPATIBLE,
        "request",
        "body",
        _BODY,
    ),
    Rule(
        "request-body-media-type-removed",
        "a media type is not accepted any more",
        "Requests in that media type are turned away.",
        "accept both media types",
        Effect.BREAKING,
        "request",
        "body",
        _MEDIA,
    ),
    Rule(
        "request-body-media-type-added",
        "another media type is accepted",
        "The old ones still are.",
        "nothing to do",
        Effect.COMPATIBLE,
        "request",
        "body",
        _MEDIA,
    ),
    Rule(
        "request-body-encoding-changed",
        "a part of the request body is written in another way",
        "The old text is read as another value, or not at all.",
        "accept both ways of writing it",
        Effect.BREAKING,
        "request",
        "body",
        openapi("Encoding Object"),
    ),
)
