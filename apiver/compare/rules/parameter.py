"""Rules of parameters: gone, new, required, written in another way."""

from __future__ import annotations

from apiver.compare.change import Effect
from apiver.compare.rules.rule import Rule
from apiver.compare.rules.source import openapi

_PARAMETER = openapi("Parameter Object")
_STYLE = openapi("Style Values")

RULES = (
    Rule(
        "new-required-request-parameter",
        "a new parameter is required",
        "Requests without it are turned away.",
        "give it a default, or make it optional",
        Effect.BREAKING,
        "request",
        "parameter",
        _PARAMETER,
    ),
    Rule(
        "new-optional-request-parameter",
        "a new parameter is optional",
        "Requests without it still work.",
        "nothing to do",
        Effect.COMPATIBLE,
        "request",
        "parameter",
        _PARAMETER,
    ),
    Rule(
        "request-parameter-removed",
        "a parameter is not read any more",
        "Nothing is rejected, but what the client asks for with it is ignored.",
        "keep reading it, or reject it loudly once nobody sends it",
        Effect.RISKY,
        "request",
        "parameter",
        _PARAMETER,
    ),
    Rule(
        "request-parameter-became-required",
        "an optional parameter is required now",
        "Requests without it are turned away.",
        "give it a default",
        Effect.BREAKING,
        "request",
        "parameter",
        _PARAMETER,
    ),
    Rule(
        "request-parameter-became-optional",
        "a required parameter is optional now",
        "It may be left out.",
        "nothing to do",
        Effect.COMPATIBLE,
        "request",
        "parameter",
        _PARAMETER,
    ),
    Rule(
        "request-parameter-serialization-changed",
        "a parameter is written in another way",
        "The old text is read as another value, or not at all.",
        "accept both ways of writing it",
        Effect.BREAKING,
        "request",
        "parameter",
        _STYLE,
    ),
    Rule(
        "request-parameter-allow-reserved-removed",
        "a parameter may not hold reserved characters as they are any more",
        "A client that does not encode them may be read otherwise, or not at all.",
        "keep reading them as they are",
        Effect.RISKY,
        "request",
        "parameter",
        _PARAMETER,
    ),
    Rule(
        "request-parameter-allow-reserved-added",
        "a parameter may hold reserved characters as they are",
        "Encoded ones are still read.",
        "nothing to do",
        Effect.COMPATIBLE,
        "request",
        "parameter",
        _PARAMETER,
    ),
    Rule(
        "request-parameter-allow-empty-value-removed",
        "a parameter may not be empty any more",
        "A client that sends the name alone is turned away.",
        "take the empty value for the absence of one",
        Effect.BREAKING,
        "request",
        "parameter",
        _PARAMETER,
    ),
    Rule(
        "request-parameter-allow-empty-value-added",
        "a parameter may be empty now",
        "Requests with a value still work.",
        "nothing to do",
        Effect.COMPATIBLE,
        "request",
        "parameter",
        _PARAMETER,
    ),
)
