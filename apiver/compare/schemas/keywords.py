"""The keywords of one schema object as facts, in its dialect; and whether they can be used at all."""

from __future__ import annotations

import math
from typing import Any

from apiver.compare.schemas.branches import (
    TYPES,
    Arrays,
    Bound,
    Content,
    Fact,
    Listed,
    Numbers,
    Occurrence,
    Strings,
    larger,
    smaller,
)
from apiver.compare.sides.space import Node, canonical

_SHAPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("properties", "patternProperties", "dependentSchemas"), (dict,)),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems", "required", "enum"), (list,)),
    **dict.fromkeys(
        ("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"),
        (dict, bool),
    ),
    "type": (str, list),
}
_TYPE_NAMES = frozenset((*TYPES, "integer"))
_INT_RANGES = {"int32": 31, "int64": 63}


def flaw(raw: dict[str, Any]) -> str | None:
    """Why a schema object cannot be used: a keyword of the wrong kind, a type that there is not."""
    for keyword, value in raw.items():
        allowed = _SHAPES.get(keyword)
        if allowed is not None and not isinstance(value, allowed):
            if keyword == "required" and isinstance(value, bool):
                continue  # a habit from draft 3; it says nothing here
            return f"the schema is broken: {keyword!r} cannot be {canonical(value).decode()[:40]}"
    names = raw.get("type", [])
    for name in names if isinstance(names, list) else [names]:
        if not isinstance(name, str) or name not in _TYPE_NAMES:
            return f"the schema is broken: there is no type {canonical(name).decode()[:40]}"
    return None


def listed_values(node: Node) -> Fact | None:
    """The finite list of `enum` or `const`; both together leave what they share."""
    raw = node.raw
    enum = raw.get("enum")
    found = Fact(Listed(enum), f"{node.pointer}/enum") if isinstance(enum, list) else None
    if "const" in raw and not node.space.legacy:
        const = raw["const"]
        kept = [const] if found is None or found.value.has(const) else []
        return Fact(Listed(kept), f"{node.pointer}/const")
    return found


def numbers(node: Node, *, whole: bool) -> Numbers:
    """The bounds and multiples of numbers, `whole` where only integers are; int32 and int64 are bounds."""
    raw, pointer = node.raw, node.pointer
    lower = _bound(node, "minimum", "exclusiveMinimum", -1)
    upper = _bound(node, "maximum", "exclusiveMaximum", 1)
    bits = _INT_RANGES.get(raw["format"]) if isinstance(raw.get("format"), str) else None
    if bits is not None:
        floor, ceiling = -(2**bits), 2**bits - 1
        if lower is None or lower.value < floor:
            lower = Bound(floor, False, f"{pointer}/format")
        if upper is None or upper.value > ceiling:
            upper = Bound(ceiling, False, f"{pointer}/format")
    step = raw.get("multipleOf")
    return Numbers(
        lower=lower,
        upper=upper,
        integer=Fact("integer", f"{pointer}/type") if whole and "type" in raw else None,
        multiples=(Fact(step, f"{pointer}/multipleOf"),) if _is_number(step) else (),
    )


def _bound(node: Node, keyword: str, strict: str, sign: int) -> Bound | None:
    """The bound that a pair of keywords sets, in the spelling of OpenAPI 3.0 or of JSON Schema 2020-12."""
    value, exclusive = node.raw.get(keyword), node.raw.get(strict)
    found = None
    if _is_number(value):
        found = Bound(value, exclusive is True and node.space.legacy, f"{node.pointer}/{keyword}")
    if _is_number(exclusive):
        other = Bound(exclusive, True, f"{node.pointer}/{strict}")
        if found is None or (other.value - found.value) * sign <= 0:
            found = other
    return found


def strings(node: Node) -> Strings:
    """The lengths, the pattern and the format of strings."""
    raw, pointer = node.raw, node.pointer
    pattern, form = raw.get("pattern"), raw.get("format")
    return Strings(
        min_length=count(node, "minLength"),
        max_length=count(node, "maxLength"),
        patterns=(Fact(pattern, f"{pointer}/pattern"),) if isinstance(pattern, str) else (),
        formats=(Fact(form, f"{pointer}/format"),) if isinstance(form, str) else (),
        contents=_contents(node) if "contentMediaType" in raw or "contentEncoding" in raw else (),
    )


def _contents(node: Node) -> tuple[Content, ...]:
    """What the text holds (2020-12 Validation, 8); OpenAPI 3.0 has no such words."""
    if node.space.legacy:
        return ()
    media, encoding = node.raw.get("contentMediaType"), node.raw.get("contentEncoding")
    schema = node.child("contentSchema") if isinstance(node.raw.get("contentSchema"), dict | bool) else None
    return (
        Content(
            media if isinstance(media, str) else None,
            encoding.lower() if isinstance(encoding, str) else None,
            (schema,) if schema is not None and schema.raw is not True else (),
            node.pointer,
        ),
    )


def arrays(node: Node, rest: str = "items") -> Arrays:
    """The counts, the uniqueness and the item schemas of arrays, those of the `rest` by that keyword.

    `items: false` is a count.
    """
    raw = node.raw
    prefix = tuple((part,) for part in node.items("prefixItems")) if not node.space.legacy else ()
    items = node.child(rest) if isinstance(raw.get(rest), dict | bool) else None
    most = count(node, "maxItems")
    if items is not None and items.raw is False and (most is None or most.value > len(prefix)):
        most = Fact(len(prefix), items.pointer)
    least = count(node, "minItems")
    contains = _occurrences(node) if "contains" in raw else None
    if contains is not None and contains.schema[0].raw in (
        True,
        False,
        {},
    ):  # it counts all elements, or none
        wanted = contains.least if contains.least.value else None
        limit = contains.most if contains.schema[0].raw is not False else wanted and Fact(0, wanted.pointer)
        least, most, contains = larger(least, wanted), smaller(most, limit), None
    return Arrays(
        min_items=least,
        max_items=most,
        unique=Fact(True, f"{node.pointer}/uniqueItems") if raw.get("uniqueItems") is True else None,
        prefix=prefix,
        items=(items,) if items is not None and items.raw not in (True, False) else (),
        contains=(contains,) if contains is not None else (),
    )


def _occurrences(node: Node) -> Occurrence | None:
    """`contains` with its bounds (JSON Schema 2020-12, 10.3.1.3); without `minContains` one is enough."""
    least = count(node, "minContains")
    if least is None:
        said = node.raw.get("minContains")
        least = Fact(0 if _is_number(said) and said <= 0 else 1, f"{node.pointer}/contains")
    most = count(node, "maxContains")
    if least.value == 0 and most is None:
        return None
    schema = node.child("contains")
    return Occurrence((schema,), least, most, schema.pointer)


def _is_number(value: Any) -> bool:
    """Whether it is a number that a double can hold; JSON has no other that programs agree about."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def count(node: Node, keyword: str) -> Fact | None:
    """A keyword that counts (`minLength`, `maxItems`), or None where it says nothing."""
    value = node.raw.get(keyword)
    if not _is_number(value) or value < 0:
        return None
    if keyword.startswith("min") and value <= 0:
        return None  # says nothing
    return Fact(value, f"{node.pointer}/{keyword}")
