"""Random values with a good chance to belong to a schema, or to be just beside it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from tests.compare.fuzzing.contracts import Contract, Schema, copied, reference
from tests.compare.fuzzing.vocabulary import FORMATS, NAME_PATTERNS, PATTERNS, VALUES

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_KINDS = {
    **dict.fromkeys((*_BOUNDS,), "number"),
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format"), "string"),
    **dict.fromkeys(("properties", "required", "additionalProperties", "patternProperties"), "object"),
    **dict.fromkeys(("propertyNames", "dependentRequired", "dependentSchemas"), "object"),
    **dict.fromkeys(("minProperties", "maxProperties", "unevaluatedProperties"), "object"),
    **dict.fromkeys(("items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"), "array"),
}
_DEEPEST = 5


class Guesser:
    """Makes up values from the schemas of the contracts: bounds, lists, members, and their neighbours."""

    def __init__(self, random: Random, *contracts: Contract) -> None:
        self.random = random
        self.contracts = contracts

    def values(self, count: int) -> Iterator[Any]:
        """So many values; a third of them is a neighbour of the one before."""
        value: Any = None
        for number in range(count):
            value = self._beside(value) if number % 3 == 2 else self._fresh()
            yield value

    def _fresh(self) -> Any:
        both = self.random.random() < 0.25
        chosen = self.contracts if both else [self.random.choice(self.contracts)]
        return self._value([(each, each.body) for each in chosen], 0)

    def _rarely(self) -> bool:
        return self.random.random() < 0.06

    def _beside(self, value: Any) -> Any:
        """A copy that differs in one place."""
        if isinstance(value, dict) and value and not self._rarely():
            name = self.random.choice(list(value))
            if self.random.random() < 0.3:
                return {key: each for key, each in value.items() if key != name}
            return {**value, name: self._beside(value[name])}
        if isinstance(value, list) and value and not self._rarely():
            at = self.random.randrange(len(value))
            if self.random.random() < 0.3:
                return value[:at] + value[at + 1 :]
            return [*value[:at], self._beside(value[at]), *value[at + 1 :]]
        if isinstance(value, int | float) and not isinstance(value, bool) and not self._rarely():
            return value + self.random.choice([1, -1, 0.5, -0.5]) if abs(value) < 1e15 else value - 1
        if isinstance(value, str) and not self._rarely():
            return self.random.choice([value[:-1], value + "x", "x" + value])
        return copied(self.random.choice(VALUES))

    def _value(self, schemas: list[tuple[Contract, Any]], depth: int) -> Any:
        parts = [part for contract, schema in schemas for part in self._parts(contract, schema, 0)]
        listed = [schema["enum"] for _, schema in parts if schema.get("enum")]
        listed += [[schema["const"]] for _, schema in parts if "const" in schema]
        if listed and not self._rarely():
            return copied(self.random.choice(self.random.choice(listed)))
        kind = self._kind([schema for _, schema in parts])
        if kind in ("integer", "number"):
            return self._number([schema for _, schema in parts], kind)
        if kind == "string":
            return self._string([schema for _, schema in parts])
        if kind == "array" and depth < _DEEPEST:
            return self._array(parts, depth)
        if kind == "object" and depth < _DEEPEST:
            return self._object(parts, depth)
        return None if kind == "null" else self.random.choice([True, False])

    def _parts(self, contract: Contract, schema: Any, depth: int) -> list[tuple[Contract, Schema]]:
        """The schemas that hold for one value together, with one alternative chosen where there are many."""
        if not isinstance(schema, dict) or depth > 6:
            return []
        found = [(contract, schema)]
        inner: list[Any] = list(schema.get("allOf", ()))
        if (name := reference(schema)) is not None:
            inner.append(contract.target(name))
        inner += [self.random.choice(schema[each]) for each in ("anyOf", "oneOf") if schema.get(each)]
        if "if" in schema:
            either = [["if", "then"], ["else"], ["then"]]
            inner += [schema.get(each) for each in self.random.choice(either)]
        inner += [each for each in schema.get("dependentSchemas", {}).values() if self.random.random() < 0.5]
        if "not" in schema and self._rarely():
            inner.append(schema["not"])
        for part in inner:
            found += self._parts(contract, part, depth + 1)
        return found

    def _kind(self, parts: list[Schema]) -> str:
        said: list[str] = []
        for part in parts:
            names = part.get("type", [])
            said += [names] if isinstance(names, str) else names
            if part.get("nullable"):
                said.append("null")
        if not said:
            said = [_KINDS[keyword] for part in parts for keyword in part if keyword in _KINDS]
        if not said or self._rarely():
            said = ["string", "integer", "number", "boolean", "null", "array", "object"]
        return self.random.choice(said)

    def _number(self, parts: list[Schema], kind: str) -> Any:
        said = [part[keyword] for part in parts for keyword in _BOUNDS if keyword in part]
        said = [each for each in said if not isinstance(each, bool)]
        said += [-(2**31) - 1, 2**31, 2**63, -(2**63) - 1] if any("format" in part for part in parts) else []
        if said and self.random.random() < 0.6:
            value = self.random.choice(said)
            if abs(value) > 2**40:
                return value + self.random.choice([0, 1, -1]) if isinstance(value, int) else value
            value = self.random.choice([value, value * 2, value * 3, value + 1, value - 1])
        else:
            value = self.random.choice([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 8, 9, 12])
        if (kind == "number" and self.random.random() < 0.4) or self._rarely():
            return value + self.random.choice([0.5, 0.25])
        return float(value) if self._rarely() else value

    def _string(self, parts: list[Schema]) -> str:
        said = [text for part in parts if "pattern" in part for text in PATTERNS.get(part["pattern"], ())]
        said += [text for part in parts if "format" in part for text in FORMATS.get(part["format"], ())]
        if said and self.random.random() < 0.7:
            return str(self.random.choice(said))
        lengths = [part[each] for part in parts for each in ("minLength", "maxLength") if each in part]
        length = self.random.choice([0, 1, 1, 2, 2, 3, 4])
        if lengths and self.random.random() < 0.5:
            length = max(self.random.choice(lengths) + self.random.choice([0, 0, 1, -1]), 0)
        return "".join(self.random.choice("xyz1") for _ in range(min(length, 50)))

    def _array(self, parts: list[tuple[Contract, Schema]], depth: int) -> list[Any]:
        counts = [0, 1, 1, 2, 3]
        for _, part in parts:
            counts += [part[each] for each in ("minItems", "minItems", "maxItems") if each in part]
            counts += [part["maxItems"] + 1] if "maxItems" in part else []
        values: list[Any] = []
        for at in range(min(self.random.choice(counts), 6)):
            said: list[tuple[Contract, Any]] = []
            for contract, part in parts:
                prefix = part.get("prefixItems", [])
                said += [(contract, prefix[at])] if at < len(prefix) else []
                said += [(contract, part["items"])] if at >= len(prefix) and "items" in part else []
                if "contains" in part and self.random.random() < 0.5:
                    said.append((contract, part["contains"]))
            if values and self.random.random() < 0.15:
                values.append(copied(self.random.choice(values)))
            else:
                values.append(self._value(said, depth + 1))
        return values

    def _object(self, parts: list[tuple[Contract, Schema]], depth: int) -> dict[str, Any]:
        required = {name for _, part in parts for name in part.get("required", ())}
        names = {name for _, part in parts for name in part.get("properties", {})} | required
        for _, part in parts:
            for pattern in part.get("patternProperties", ()):
                names.add(self.random.choice(NAME_PATTERNS.get(pattern, ("a",))))
            for keyword in ("dependentRequired", "dependentSchemas"):
                names.update(part.get(keyword, ()))
        if any("additionalProperties" in part or "unevaluatedProperties" in part for _, part in parts):
            names.add("extra")
        value = {}
        for name in sorted(names):
            likely = 0.92 if name in required else 0.3 if name == "extra" else 0.6
            if self.random.random() < likely:
                said = [(contract, each) for contract, part in parts for each in _member(part, name)]
                value[name] = self._value(said, depth + 1)
        return value


def _member(part: Schema, name: str) -> list[Any]:
    found = [part["properties"][name]] if name in part.get("properties", {}) else []
    patterns = part.get("patternProperties", {})
    found += [each for pattern, each in patterns.items() if name in NAME_PATTERNS.get(pattern, ())]
    if not found:
        found = [part[each] for each in ("additionalProperties", "unevaluatedProperties") if each in part]
    return found
