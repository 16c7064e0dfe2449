"""Rules of what clients do not notice: words, and components that nothing uses."""

from __future__ import annotations

from apiver.compare.change import Effect
from apiver.compare.rules.rule import Rule
from apiver.compare.rules.source import openapi

_COMPONENTS = openapi("Components Object")

RULES = (
    Rule(
        "documentation-changed",
        "a description, an example or another word of the contract changed",
        "No program notices; people read something else.",
        "nothing to do",
        Effect.DOCS,
        "none",
        "documentation",
        openapi("Operation Object"),
    ),
    Rule(
        "api-schema-removed",
        "a schema that no operation uses is gone",
        "No message ever had to fit it.",
        "nothing to do",
        Effect.COMPATIBLE,
        "none",
        "documentation",
        _COMPONENTS,
    ),
    Rule(
        "unused-component-removed",
        "a component that no operation uses is gone",
        "No message ever depended on it.",
        "nothing to do",
        Effect.COMPATIBLE,
        "none",
        "documentation",
        _COMPONENTS,
    ),
    Rule(
        "unused-component-changed",
        "a component that no operation uses changed",
        "No message ever depended on it.",
        "nothing to do",
        Effect.COMPATIBLE,
        "none",
        "documentation",
        _COMPONENTS,
    ),
)
