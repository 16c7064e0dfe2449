"""Rules of the members of an object: there or not, required or not."""

from __future__ import annotations

from apiver.compare.change import Effect
from apiver.compare.rules.rule import Rule
from apiver.compare.rules.source import core, validation

_REQUIRED = validation("6.5.3", "required")
_PROPERTIES = core("10.3.2.1", "properties")
_ADDITIONAL = core("10.3.2.3", "additionalProperties")

RULES = (
    Rule(
        "new-required-request-property",
        "a new property is required in the request",
        "Requests without it are turned away.",
        "accept its absence for as long as clients of the old version exist, or fill it in on the server",
        Effect.BREAKING,
        "request",
        "schema",
        _REQUIRED,
    ),
    Rule(
        "request-property-became-required",
        "an optional property of the request is required now",
        "Requests without it are turned away.",
        "accept its absence for as long as clients of the old version exist, or fill it in on the server",
        Effect.BREAKING,
        "request",
        "schema",
        _REQUIRED,
    ),
    Rule(
        "request-property-became-optional",
        "a required property of the request is optional now",
        "It may be left out.",
        "nothing to do",
        Effect.COMPATIBLE,
        "request",
        "schema",
        _REQUIRED,
    ),
    Rule(
        "new-optional-request-property",
        "the request has a new optional property",
        "It may be left out.",
        "nothing to do",
        Effect.COMPATIBLE,
        "request",
        "schema",
        _PROPERTIES,
    ),
    Rule(
        "request-property-removed",
        "a property of the request is not read any more",
        "It is rejected where other members are forbidden, and ignored where they are not.",
        "keep reading it",
        Effect.RISKY,
        "request",
        "schema",
        _PROPERTIES,
    ),
    Rule(
        "response-required-property-removed",
        "a property that was always there is gone",
        "Clients read it without a check.",
        "keep sending it to clients of the old version",
        Effect.BREAKING,
        "response",
        "schema",
        _REQUIRED,
    ),
    Rule(
        "response-property-became-optional",
        "a property that was always there may be missing now",
        "Clients read it without a check.",
        "always send it, null or empty if need be and allowed",
        Effect.BREAKING,
        "response",
        "schema",
        _REQUIRED,
    ),
    Rule(
        "response-property-became-required",
        "a property is always there now",
        "Clients already deal with it.",
        "nothing to do",
        Effect.COMPATIBLE,
        "response",
        "schema",
        _REQUIRED,
    ),
    Rule(
        "response-optional-property-removed",
        "an optional property is not sent any more",
        "Clients must deal with its absence, but one that shows it shows nothing now.",
        "keep sending it",
        Effect.RISKY,
        "response",
        "schema",
        _PROPERTIES,
    ),
    Rule(
        "response-forbidden-property-added",
        "the response has a property that was forbidden",
        "Clients that validate what they receive reject it.",
        "leave it out for clients of the old version",
        Effect.BREAKING,
        "response",
        "schema",
        _ADDITIONAL,
    ),
    Rule(
        "response-optional-property-added",
        "the response has a new property",
        "Clients ignore what they do not know.",
        "nothing to do",
        Effect.COMPATIBLE,
        "response",
        "schema",
        _PROPERTIES,
    ),
    Rule(
        "response-required-property-added",
        "the response always has a new property",
        "Clients ignore what they do not know.",
        "nothing to do",
        Effect.COMPATIBLE,
        "response",
        "schema",
        _REQUIRED,
    ),
)
