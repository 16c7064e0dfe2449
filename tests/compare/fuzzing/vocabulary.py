"""Random schemas over every keyword of JSON Schema 2020-12, or over those of OpenAPI 3.0."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.compare.fuzzing.contracts import COMPONENTS, REFERENCE, Contract, Schema

NAMES = ("a", "b", "c")
TYPES = ("string", "integer", "number", "boolean", "null", "object", "array")
VALUES = (
    1,
    2,
    0,
    -1,
    2.0,
    "x",
    "y",
    "",
    "xy",
    True,
    False,
    None,
    1.5,
    [],
    [1],
    [1, "x"],
    {},
    {"a": 1},
    {"a": "x", "b": 2},
)
PATTERNS = {
    "^x": ("x", "xy", "xx1"),
    "y$": ("y", "xy", "zzy"),
    "^[xy]*$": ("", "x", "xyyx"),
    "^[0-9]+$": ("0", "12", "007"),
    "^(x|yy)$": ("x", "yy"),
    "x": ("x", "zxz"),
    "^.{2,3}$": ("xy", "xyz"),
}
NAME_PATTERNS = {"^a": ("a", "ab"), "^[ab]$": ("a", "b"), "b": ("b", "ab", "zb"), "^x-": ("x-1",)}
FORMATS = {
    "date": ("2024-01-31", "2024-02-30"),
    "date-time": ("2024-01-31T12:00:00Z", "2024-01-31"),
    "uuid": ("123e4567-e89b-42d3-a456-426614174000", "123e4567"),
    "ipv4": ("192.0.2.1", "300.0.2.1"),
    "ipv6": ("2001:db8::1", "2001:db8"),
    "email": ("reader@example.com", "reader"),
    "word": ("word", "no word"),
}
LARGE = (2**31 - 1, 2**31, -(2**31), 2**53 + 1, 2**63 - 1, 2**63, 10**20, 10**20 + 1, 1e20, 1e300, -1e300)
STEPS = (1, 2, 3, 4, 6, 0.5, 0.25)


class Vocabulary:
    """Makes up schemas of one dialect; the random numbers are the caller's.

    `everyday` leaves out what contracts of real services hardly ever use.
    """

    def __init__(self, random: Random, *, legacy: bool, everyday: bool = False) -> None:
        self.random = random
        self.legacy = legacy
        self.everyday = everyday

    def contract(self) -> Contract:
        """A contract that a validator can follow."""
        while True:
            made = Contract(self.schema(2), {name: self.component(name) for name in COMPONENTS}, self.legacy)
            if not made.leads_round():
                return made

    def component(self, name: str) -> Any:
        """A schema for a component: A may hold `$defs` and a dynamic anchor, B an anchor."""
        made = self.schema(1)
        if self.legacy or self.everyday:
            return made
        if isinstance(made, bool):
            made = {} if made else {"not": {}}
        if name == "A":
            return {**made, "$dynamicAnchor": "node", "$defs": {"inner": self.schema(0)}}
        return {**made, "$anchor": "spot"} if name == "B" else made

    def schema(self, depth: int) -> Any:
        """A schema with so many levels below it at most."""
        kinds = ["number", "integer", "string", "boolean", "enum", "reference", "any", "object"]
        if not self.legacy:
            kinds += ["null", "types", "const"] + ["bool"] * (not self.everyday)
        if depth:
            kinds = [] if depth > 1 else kinds
            kinds += ["object"] * 3 + ["array", "array", "allOf", "anyOf", "oneOf"]
            kinds += ["not", "mixed"] * (not self.everyday)
            if not (self.legacy or self.everyday):
                kinds += ["conditional", "dependent", "unevaluated"]
        made = getattr(self, self.random.choice(kinds) + "_schema")(depth)
        if isinstance(made, dict) and "$ref" not in made:
            if self.legacy and "type" in made and self._once_in(5):
                made["nullable"] = True
            if not self.legacy and isinstance(made.get("type"), str) and self._once_in(9):
                made["type"] = [made["type"], *({self.random.choice(TYPES)} - {made["type"]})]
        return made

    def _once_in(self, times: int) -> bool:
        return self.random.randrange(times) == 0

    def _some(self, values: Any, most: int = 3) -> list[Any]:
        return self.random.sample(list(values), self.random.randint(1, min(most, len(values))))

    def _count(self, low: int = 0, high: int = 3) -> int:
        return self.random.randint(low, high)

    def any_schema(self, depth: int) -> Any:
        return {}

    def bool_schema(self, depth: int) -> Any:
        return self.random.random() < 0.6

    def null_schema(self, depth: int) -> Schema:
        return {"type": "null"}

    def boolean_schema(self, depth: int) -> Schema:
        return {"type": "boolean"}

    def types_schema(self, depth: int) -> Schema:
        return {"type": self._some(TYPES)}

    def const_schema(self, depth: int) -> Schema:
        return {"const": self.random.choice(VALUES)}

    def enum_schema(self, depth: int) -> Schema:
        return {"enum": self._some(VALUES, 4)}

    def reference_schema(self, depth: int) -> Schema:
        name = self.random.choice(COMPONENTS)
        made: Schema = {"$ref": REFERENCE + name}
        if not self.legacy:
            if not self.everyday and self._once_in(12):
                made = self.random.choice(
                    [{"$dynamicRef": "#node"}, {"$ref": "#spot"}, {"$ref": REFERENCE + "A/$defs/inner"}]
                )
            if self._once_in(6):
                made.update(self.object_schema(0))
        return made

    def integer_schema(self, depth: int) -> Schema:
        made = self.number_schema(depth, "integer")
        if self._once_in(6):
            made["format"] = self.random.choice(["int32", "int64"])
        return made

    def number_schema(self, depth: int, kind: str = "number") -> Schema:
        made: Schema = {"type": kind}
        for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if not self._once_in(3):
                continue
            value: Any = self._count(-2, 4) + self.random.choice([0, 0, 0.5])
            value = self.random.choice(LARGE) if self._once_in(8) else value
            if not self._once_in(3):
                made[bound] = value
            elif self.legacy:
                made.update({bound: value, strict: self.random.random() < 0.8})
            else:
                made[strict] = value
        if self._once_in(4):
            made["multipleOf"] = self.random.choice(STEPS)
        return made

    def string_schema(self, depth: int) -> Schema:
        made: Schema = {"type": "string"}
        if self._once_in(3):
            made["minLength"] = self._count()
        if self._once_in(3):
            made["maxLength"] = self._count(0, 4)
        if self._once_in(8):
            made["enum"] = self._some(["x", "y", "zz", "", "xy"])
        if self._once_in(4):
            made["pattern"] = self.random.choice(list(PATTERNS))
        if self._once_in(6):
            made["format"] = self.random.choice(list(FORMATS))
        return made

    def object_schema(self, depth: int) -> Schema:
        made: Schema = {} if self._once_in(6) else {"type": "object"}
        below = max(depth - 1, 0)
        if not self._once_in(5):
            made["properties"] = {name: self.schema(below) for name in sorted(self._some(NAMES))}
        if not self._once_in(3):
            made["required"] = sorted(self._some(NAMES, 2))
        if self._once_in(3):
            made["additionalProperties"] = False if self._once_in(2) else self.schema(below)
        if self._once_in(8):
            made["minProperties"] = self._count()
        if self._once_in(8):
            made["maxProperties"] = self._count()
        if not (self.legacy or self.everyday):
            if self._once_in(7):
                patterns = self._some(NAME_PATTERNS, 2)
                made["patternProperties"] = {pattern: self.schema(below) for pattern in patterns}
            if self._once_in(10):
                made["propertyNames"] = self._name_schema()
            if self._once_in(10):
                made["dependentRequired"] = {name: self._some(NAMES, 2) for name in self._some(NAMES, 2)}
        return made

    def _name_schema(self) -> Any:
        return self.random.choice(
            [
                {"pattern": self.random.choice(list(NAME_PATTERNS))},
                {"maxLength": self._count(1, 3)},
                {"minLength": self._count(1, 2)},
                {"enum": self._some(NAMES)},
                {"not": {"const": self.random.choice(NAMES)}},
                False,
            ]
        )

    def array_schema(self, depth: int) -> Schema:
        made: Schema = {"type": "array"}
        below = max(depth - 1, 0)
        if self.legacy or not self._once_in(4):
            made["items"] = self.schema(below)
        if self._once_in(4):
            made["minItems"] = self._count()
        if self._once_in(4):
            made["maxItems"] = self._count()
        if self._once_in(6):
            made["uniqueItems"] = True
        if self.legacy or self.everyday:
            return made
        if self._once_in(4):
            made["prefixItems"] = [self.schema(below) for _ in range(self._count(1, 2))]
        if self._once_in(4):
            made["contains"] = self.schema(below)
            if self._once_in(2):
                made["minContains"] = self._count(0, 2)
            if self._once_in(3):
                made["maxContains"] = self._count(0, 2)
        return made

    def _combined(self, keyword: str, depth: int) -> Schema:
        made = self.object_schema(depth - 1) if self._once_in(4) else {}
        made[keyword] = [self.schema(depth - 1) for _ in range(self._count(1, 3))]
        if self.legacy and self._once_in(8):
            made["nullable"] = True
        return made

    def allOf_schema(self, depth: int) -> Schema:
        return self._combined("allOf", depth)

    def anyOf_schema(self, depth: int) -> Schema:
        return self._combined("anyOf", depth)

    def oneOf_schema(self, depth: int) -> Schema:
        return self._combined("oneOf", depth)

    def not_schema(self, depth: int) -> Any:
        made = self.schema(depth - 1) if self._once_in(2) else {}
        return {**made, "not": self.schema(depth - 1)} if isinstance(made, dict) else made

    def mixed_schema(self, depth: int) -> Schema:
        """Keywords of several types in one schema, where the type does not say which of them hold."""
        parts = [
            self.number_schema(0),
            self.string_schema(0),
            self.object_schema(depth),
            self.array_schema(depth),
        ]
        made: Schema = {}
        for part in self.random.sample(parts, self._count(2, 3)):
            made.update(part)
        made.pop("type")
        if not self.legacy and self._once_in(2):
            made["type"] = self._some(TYPES)
        return made

    def conditional_schema(self, depth: int) -> Schema:
        made = self.object_schema(depth - 1) if self._once_in(2) else {}
        made["if"] = self.schema(depth - 1)
        if not self._once_in(4):
            made["then"] = self.schema(depth - 1)
        if self._once_in(2):
            made["else"] = self.schema(depth - 1)
        return made

    def dependent_schema(self, depth: int) -> Schema:
        made = self.object_schema(depth - 1)
        made["dependentSchemas"] = {name: self.schema(depth - 1) for name in self._some(NAMES, 2)}
        return made

    def unevaluated_schema(self, depth: int) -> Schema:
        """A schema of several parts that says what holds for the members or items that no part names."""
        parts = ("allOf", "anyOf", "oneOf", "conditional", "dependent", "reference", "object", "array")
        made: Schema = getattr(self, self.random.choice(parts) + "_schema")(depth)
        keyword = self.random.choice(["unevaluatedProperties", "unevaluatedProperties", "unevaluatedItems"])
        made[keyword] = self.schema(0) if self._once_in(3) else False
        return made
