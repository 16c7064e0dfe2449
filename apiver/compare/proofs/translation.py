"""A schema of the document's dialect as JSON Schema 2020-12, for one direction: what the judge judges by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from apiver.compare.schemas.branches import ASSERTED_FORMATS
from apiver.compare.schemas.discriminators import tag_of, tag_values
from apiver.compare.sides.space import UNREAD, Mode, Node, is_nullable_union

_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_COMBINING = frozenset({"allOf", "anyOf", "oneOf"})
_MAPS = ("properties", "patternProperties", "dependentSchemas")
_SINGLE = (
    *("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
_PLAIN = (
    *("const", "multipleOf", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "maxLength"),
    *("minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains"),
    *("maxProperties", "minProperties", "dependentRequired", "enum"),
    *("contentMediaType", "contentEncoding"),
)

SCHEME = "apiver:"
"""The scheme of the references in a translated schema; a pointer follows."""

NOWHERE = "!"
"""What stands before a reference that leads nowhere."""


class Translator:
    """Translates the schemas of one document for one direction."""

    def __init__(self, mode: Mode) -> None:
        self._hidden = "readOnly" if mode == "request" else "writeOnly"
        self._open: set[str] = set()

    def schema(self, node: Node, freed: frozenset[str] = frozenset()) -> Any:
        """The schema in JSON Schema 2020-12; `freed` are the members that a conjunction around it frees.

        Members of the other direction are freed, `nullable` and boolean exclusive bounds are rewritten,
        integer formats become bounds, a discriminator becomes lists of values, and what apiver could not
        read accepts everything.
        """
        raw = node.raw
        if not isinstance(raw, dict):
            return raw is not False
        if UNREAD in raw:
            return True
        legacy = node.space.legacy
        if not _COMBINING.isdisjoint(raw) or ("$ref" in raw and len(raw) > 1 and not legacy):
            freed = freed.union(self._freed_in(node, 8))
        result: dict[str, Any] = {}
        inside = None
        if isinstance(raw.get("$ref"), str):
            inside = self._referred(node, freed)
            if legacy:
                return inside
        for keyword in _PLAIN:
            if keyword in raw:
                result[keyword] = raw[keyword]
        kinds = raw.get("type")
        if kinds is not None:
            result["type"] = [kinds, "null"] if legacy and raw.get("nullable") is True else kinds
        if legacy:
            result.pop("const", None)
            for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
                if result.pop(strict, None) is True and bound in result:
                    result[strict] = result.pop(bound)
        self._parts(node, result, freed)
        self._members(node, result, freed)
        self._conjuncts(node, result)
        if inside is not None:
            result.setdefault("allOf", []).append(inside)
        if legacy and is_nullable_union(raw):
            return {"anyOf": [result, {"type": "null"}]}
        return result

    def _referred(self, node: Node, freed: frozenset[str]) -> Any:
        """What a reference leads to: in place, if a member is to be freed there, else by its address."""
        target = node.space.target(node.raw["$ref"], node.pointer)
        if not freed or target is None or target.pointer in self._open:
            return {"$ref": self._reference(node.raw["$ref"], target)}
        self._open.add(target.pointer)
        inside = self.schema(target, freed)
        self._open.discard(target.pointer)
        return inside

    def _freed_in(self, node: Node, depth: int) -> Iterator[str]:
        """The members that some part of a conjunction leaves to the other direction: for all of its parts."""
        if not isinstance(node.raw, dict) or depth == 0:
            return
        yield from (name for name, each in node.entries("properties") if self._is_hidden(each, 8))
        target = node.space.target(node.raw["$ref"], node.pointer) if "$ref" in node.raw else None
        for part in (*node.items("allOf"), *([target] if target is not None else [])):
            yield from self._freed_in(part, depth - 1)

    def _reference(self, reference: str, target: Node | None) -> str:
        return SCHEME + quote(NOWHERE + reference if target is None else target.pointer)

    def _parts(self, node: Node, result: dict[str, Any], freed: frozenset[str]) -> None:
        raw = node.raw
        for keyword in _MAPS:
            if isinstance(raw.get(keyword), dict):
                result[keyword] = {name: self.schema(each) for name, each in node.entries(keyword)}
        for keyword in _LISTS:
            if isinstance(raw.get(keyword), list):
                inner = frozenset() if keyword == "prefixItems" else freed
                result[keyword] = list(self._listed(node, keyword, inner))
        if "contentSchema" in raw and not node.space.legacy:
            result["contentSchema"] = self.schema(node.child("contentSchema"))
        for keyword in _SINGLE:
            if keyword in raw:
                result[keyword] = self.schema(node.child(keyword))

    def _listed(self, node: Node, keyword: str, freed: frozenset[str]) -> Iterator[Any]:
        tag = tag_of(node) if keyword in ("anyOf", "oneOf") else None
        for part in node.items(keyword):
            values = tag_values(node, part) if tag is not None else None
            if values is None:
                yield self.schema(part, freed)
            else:
                yield {"allOf": [self.schema(part, freed), {"properties": {tag: {"enum": values}}}]}

    def _members(self, node: Node, result: dict[str, Any], freed: frozenset[str]) -> None:
        raw = node.raw
        hidden = freed.union(name for name, each in node.entries("properties") if self._is_hidden(each, 8))
        for name in hidden.intersection(result.get("properties", ())):
            result["properties"][name] = True
        if isinstance(raw.get("required"), list):
            names = (name for name in raw["required"] if isinstance(name, str))
            result["required"] = [name for name in names if name not in hidden]

    def _conjuncts(self, node: Node, result: dict[str, Any]) -> None:
        """What has no keyword in JSON Schema, or another one."""
        raw = node.raw
        form = raw.get("format")
        bits = {"int32": 31, "int64": 63}.get(form) if isinstance(form, str) else None
        if bits is not None:
            result.setdefault("allOf", []).append({"minimum": -(2**bits), "maximum": 2**bits - 1})
        elif isinstance(form, str) and form in ASSERTED_FORMATS:
            result["format"] = form
        dynamic = raw.get("$dynamicRef")
        if isinstance(dynamic, str):
            there = self._reference(dynamic, node.space.dynamic_target(dynamic, node.pointer))
            result.setdefault("allOf", []).append({"$ref": there})

    def _is_hidden(self, node: Node, depth: int) -> bool:
        raw = node.raw
        if not isinstance(raw, dict) or depth == 0:
            return False
        if raw.get(self._hidden) is True:
            return True
        target = node.space.target(raw["$ref"], node.pointer) if "$ref" in raw else None
        below = [*node.items("allOf"), *([target] if target is not None else [])]
        return any(self._is_hidden(each, depth - 1) for each in below)
