"""Rules of an operation's state of life: what is announced, not what is accepted."""

from __future__ import annotations

from apiver.compare.change import Effect
from apiver.compare.rules.rule import Rule
from apiver.compare.rules.source import openapi

_OPERATION = openapi("Operation Object")

RULES = (
    Rule(
        "endpoint-deprecated",
        "an operation is marked as deprecated",
        "It still works.",
        "name a sunset date and a successor",
        Effect.DOCS,
        "none",
        "lifecycle",
        _OPERATION,
    ),
    Rule(
        "endpoint-reactivated",
        "an operation is not deprecated any more",
        "It goes on working.",
        "nothing to do",
        Effect.DOCS,
        "none",
        "lifecycle",
        _OPERATION,
    ),
    Rule(
        "request-parameter-deprecated",
        "a parameter is marked as deprecated",
        "It still works.",
        "say what replaces it",
        Effect.DOCS,
        "request",
        "lifecycle",
        openapi("Parameter Object"),
    ),
)
