"""Two schema objects that say the same but for some of their parts."""

from __future__ import annotations

from apiver.compare.schemas.gaps import Step
from apiver.compare.schemas.keywords import flaw
from apiver.compare.sides.space import Node, Sameness

_SILENT = frozenset({"title", "description", "example", "examples", "externalDocs", "$comment"})
"""Keywords that say nothing of values."""

_MEANT = frozenset({"x-extensible-enum", "x-sunset", "x-stability-level", "x-nullable"})
"""Extensions that a comparison reads."""

_POINTING = ("$ref", "$dynamicRef")
"""Keywords whose text may be the same on both sides while what it points to is not."""

_PLAIN = frozenset(
    (
        *("type", "required", "nullable", "default", "deprecated", "readOnly", "writeOnly"),
        *("format", "minLength", "maxLength", "pattern", "minItems", "uniqueItems"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("additionalProperties", "minProperties", "maxProperties"),
    )
)
"""Keywords that do not touch what `properties` and `items` say of their parts."""

Parts = list[tuple[Step, tuple[str, ...]]]


def differing_parts(one: Node, other: Node, sameness: Sameness) -> Parts | None:
    """The members and items in which the two differ, each with the keys that lead to its schema.

    None where they differ in anything else, or say anything that needs a closer look.
    """
    mine, its = one.raw, other.raw
    if not isinstance(mine, dict) or not isinstance(its, dict) or flaw(mine) or flaw(its):
        return None
    kinds = mine.get("type")
    parts: Parts = []
    opaque = False  # a keyword that may touch what the parts mean; where no part differs it does not matter
    for keyword in {**mine, **its}:
        if keyword in _SILENT or (
            keyword[:2] == "x-" and keyword not in _MEANT and keyword[:9] != "x-apiver-"
        ):
            continue
        if keyword not in mine or keyword not in its or keyword in _POINTING:
            return None
        if keyword == "properties":
            if mine[keyword].keys() != its[keyword].keys():
                return None
            if any(False in (member, its[keyword][name]) for name, member in mine[keyword].items()):
                return None  # a member that may not be there is no part to compare
            if kinds is None or "object" in kinds:
                parts += [
                    (Step("member", name), (keyword, name))
                    for name, member in mine[keyword].items()
                    if not sameness.same(member, its[keyword][name])
                ]
        elif keyword == "items" and isinstance(mine[keyword], dict) and isinstance(its[keyword], dict):
            if (kinds is None or "array" in kinds) and not sameness.same(mine[keyword], its[keyword]):
                parts.append((Step("item", 0), (keyword,)))
        elif keyword[:9] == "x-apiver-" or not sameness.same(mine[keyword], its[keyword]):
            return None
        else:
            opaque = opaque or keyword not in _PLAIN
    return None if opaque and parts else parts
