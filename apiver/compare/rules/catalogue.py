"""All rules by id."""

from __future__ import annotations

from functools import lru_cache

from apiver.compare.rules import (
    body,
    documentation,
    header,
    lifecycle,
    member,
    operation,
    parameter,
    response,
    security,
    webhook,
)
from apiver.compare.rules.rule import Direction, Rule
from apiver.compare.rules.schema import schema_rules


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Rule]:
    """Every rule by id, in order of id."""
    areas = (
        operation,
        parameter,
        body,
        member,
        response,
        header,
        security,
        lifecycle,
        webhook,
        documentation,
    )
    rules = [*schema_rules(), *(each for area in areas for each in area.RULES)]
    return {each.id: each for each in sorted(rules, key=lambda each: each.id)}


def rule(rule_id: str) -> Rule:
    """The rule of that id. Raises KeyError where there is none: add it to the module of its area."""
    return catalogue()[rule_id]


def direction_of(rule_id: str) -> Direction:
    """Which direction a rule speaks of. Raises KeyError where there is no such rule."""
    return rule(rule_id).direction
