"""Rules of credentials: who may call."""

from __future__ import annotations

from apiver.compare.change import Effect
from apiver.compare.rules.rule import Rule
from apiver.compare.rules.source import openapi

_REQUIREMENT = openapi("Security Requirement Object")

RULES = (
    Rule(
        "api-security-added",
        "credentials are required that were not",
        "Requests without them, or with the old ones, are turned away.",
        "accept the old credentials too for as long as clients of the old version exist",
        Effect.BREAKING,
        "request",
        "security",
        _REQUIREMENT,
    ),
    Rule(
        "api-security-removed",
        "fewer credentials are required",
        "Every request is still let in.",
        "nothing to do",
        Effect.COMPATIBLE,
        "request",
        "security",
        _REQUIREMENT,
    ),
)
