"""A schema of the document's dialect as JSON Schema 2020-12, for one direction: what the judge judges by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from apiver.compare.schemas.branches import ASSERTED_FORMATS
from apiver.compare.schemas.discriminators import tag_of, tag_values
from apiver.compare.sides.space import UNREAD, Mode, Node, is_nullable_union

_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
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

    def schema(self, node: Node) -> Any:
        """The schema in JSON Schema 2020-12.

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
        result: dict[str, Any] = {}
        if isinstance(raw.get("$ref"), str):
            result["$ref"] = self._reference(raw["$ref"], node.space.target(raw["$ref"], node.pointer))
            if legacy:
                return result
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
        self._parts(node, result)
        self._members(node, result)
        self._conjuncts(node, result)
        if legacy and is_nullable_union(raw):
            return {"anyOf": [result, {"type": "null"}]}
        return result

    def _reference(self, reference: str, target: Node | None) -> str:
        return SCHEME + quote(NOWHERE + reference if target is None else target.pointer)

    def _parts(self, node: Node, result: dict[str, Any]) -> None:
        raw = node.raw
        for keyword in _MAPS:
            if isinstance(raw.get(keyword), dict):
                result[keyword] = {name: self.schema(each) for name, each in node.entries(keyword)}
        for keyword in _LISTS:
            if isinstance(raw.get(keyword), list):
                result[keyword] = list(self._listed(node, keyword))
        if "contentSchema" in raw and not node.space.legacy:
            result["contentSchema"] = self.schema(node.child("contentSchema"))
        for keyword in _SINGLE:
            if keyword in raw:
                result[keyword] = self.schema(node.child(keyword))

    def _listed(self, node: Node, keyword: str) -> Iterator[Any]:
        tag = tag_of(node) if keyword in ("anyOf", "oneOf") else None
        for part in node.items(keyword):
            values = tag_values(node, part) if tag is not None else None
            if values is None:
                yield self.schema(part)
            else:
                yield {"allOf": [self.schema(part), {"properties": {tag: {"enum": values}}}]}

    def _members(self, node: Node, result: dict[str, Any]) -> None:
        raw = node.raw
        hidden = {name for name, each in node.entries("properties") if self._is_hidden(each, 8)}
        for name in hidden:
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
