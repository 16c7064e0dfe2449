"""Discriminators: the value of one member names the alternative that a value must satisfy.

OpenAPI calls it a hint for validators (3.1, 4.8.25), but what it says is a promise: a tag that names none of
the alternatives, or another one than the value fits, is wrong. An alternative that lists the values of the
tag itself (`const`, `enum`) speaks for itself.
"""

from __future__ import annotations

from typing import Any

from apiver.compare.sides.space import Node

_DEEPEST = 8


def tag_of(node: Node) -> str | None:
    """The name of the member that tells the alternatives of a schema apart, where it has a discriminator."""
    said = node.raw.get("discriminator") if isinstance(node.raw, dict) else None
    name = said.get("propertyName") if isinstance(said, dict) else None
    return name if isinstance(name, str) else None


def tag_values(node: Node, part: Node) -> list[str] | None:
    """The values of the tag that stand for one alternative: the mapped ones, else the name of its schema.

    None where the discriminator does not speak of the alternative: it is inline, or lists the values itself.
    """
    tag = tag_of(node)
    part = _unwrapped(part)
    target = part.space.target(part.raw.get("$ref"), part.pointer) if isinstance(part.raw, dict) else None
    if tag is None or target is None or _lists(target, tag, 0):
        return None
    mapping = node.raw["discriminator"].get("mapping")
    mapped = [
        value
        for value, name in (mapping.items() if isinstance(mapping, dict) else ())
        if isinstance(name, str) and _named(node, name) == target.pointer
    ]
    if mapped:
        return mapped
    kind, _, name = target.pointer.rpartition("/")
    return [name.replace("~1", "/").replace("~0", "~")] if kind == "/components/schemas" else None


def _unwrapped(part: Node) -> Node:
    """The alternative without combinators of one, or of one and the same."""
    for _ in range(_DEEPEST):
        raw = part.raw
        keyword = next(iter(raw)) if isinstance(raw, dict) and len(raw) == 1 else ""
        within = [each.raw for each in part.items(keyword)] if keyword in ("allOf", "anyOf", "oneOf") else []
        if not within or any(each != within[0] for each in within) or (keyword == "oneOf" and within[1:]):
            break
        part = part.child(keyword, "0")
    return part


def _named(node: Node, name: str) -> str:
    """The pointer of the schema that a mapping names, by its name alone or by a reference."""
    bare = node.space.node(f"/components/schemas/{name}") if "/" not in name else None
    found = bare or node.space.target(name, node.pointer)
    return found.pointer if found is not None else ""


def _lists(node: Node, tag: str, depth: int) -> bool:
    """Whether the schema lists the values of the tag itself."""
    raw: Any = node.raw
    if not isinstance(raw, dict) or depth > _DEEPEST:
        return False
    target = node.space.target(raw["$ref"], node.pointer) if "$ref" in raw else None
    below = [*node.items("allOf"), *([target] if target is not None else [])]
    return any(_lists(each, tag, depth + 1) for each in below) or any(
        name == tag and _is_listed(member, 0) for name, member in node.entries("properties")
    )


def _is_listed(node: Node, depth: int) -> bool:
    raw = node.raw
    if not isinstance(raw, dict) or depth > _DEEPEST:
        return False
    if "enum" in raw or "const" in raw:
        return True
    target = node.space.target(raw["$ref"], node.pointer) if "$ref" in raw else None
    below = [*node.items("allOf"), *([target] if target is not None else [])]
    return any(_is_listed(each, depth + 1) for each in below)
