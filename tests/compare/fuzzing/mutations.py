"""Random changes of a contract: those that may change its meaning."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.compare.fuzzing.contracts import Contract, Schema, copied, places, with_schemas
from tests.compare.fuzzing.vocabulary import NAMES, TYPES, VALUES, Vocabulary

_COUNTS = (
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minContains",
    "maxContains",
)
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", *_COUNTS)
_LISTED = ("allOf", "anyOf", "oneOf", "enum", "required", "type", "prefixItems")


def mutated(random: Random, contract: Contract) -> Contract:
    """The contract with one to three schemas changed a little."""
    maker = _Mutator(random, contract)
    while True:
        made = contract
        for _ in range(random.choice([1, 1, 1, 2, 3])):
            made = maker.once(made)
        if not made.leads_round():
            return made


class _Mutator:
    def __init__(self, random: Random, contract: Contract) -> None:
        self.random = random
        self.vocabulary = Vocabulary(random, legacy=contract.legacy)
        self.legacy = contract.legacy

    def once(self, contract: Contract) -> Contract:
        schemas = contract.schemas()
        reached = ("body", "body", *contract.used())
        found = [(schemas, key) for key in reached]
        found += [place for key in reached for place in places(schemas[key])]
        holder, key = self.random.choice(found)
        old = holder[key]
        new = self._changed(old)
        if isinstance(old, dict):
            kept = {name: old[name] for name in ("$anchor", "$dynamicAnchor", "$defs") if name in old}
            if kept:
                new = {**(new if isinstance(new, dict) else {}), **kept}
        holder[key] = new
        return with_schemas(contract, schemas)

    def _changed(self, schema: Any) -> Any:
        if not isinstance(schema, dict):
            return self.vocabulary.schema(1)
        ways = [self._replaced, self._extended]
        if schema:
            ways += [self._shortened] * 2
        if any(key in schema for key in _LISTED):
            ways += [self._relisted] * 3
        if any(key in schema for key in _NUMBERS):
            ways += [self._shifted] * 3
        if "properties" in schema:
            ways += [self._other_members] * 2
        return self.random.choice(ways)(schema)

    def _replaced(self, schema: Schema) -> Any:
        return self.vocabulary.schema(1)

    def _extended(self, schema: Schema) -> Any:
        added = self.vocabulary.schema(1)
        if not isinstance(added, dict) or (self.legacy and ("$ref" in added or "$ref" in schema)):
            return added
        return self._sensible({**added, **schema})

    def _shortened(self, schema: Schema) -> Schema:
        gone = self.random.choice(list(schema))
        return self._sensible({key: value for key, value in schema.items() if key != gone})

    def _sensible(self, schema: Schema) -> Schema:
        if self.legacy:
            for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
                if bound not in schema:
                    schema.pop(strict, None)
            if schema.get("type") == "array":
                schema.setdefault("items", {})
        return schema

    def _relisted(self, schema: Schema) -> Schema:
        key = self.random.choice([key for key in _LISTED if key in schema])
        said = schema[key]
        kept = list(said) if isinstance(said, list) else [said]
        if len(kept) > 1 and self.random.random() < 0.6:
            kept.pop(self.random.randrange(len(kept)))
        elif key in ("enum", "required", "type"):
            more = {"enum": VALUES, "required": NAMES, "type": TYPES}[key]
            value = self.random.choice(more)
            kept += [] if any(repr(value) == repr(each) for each in kept) else [copied(value)]
        else:
            kept.insert(self.random.randrange(len(kept) + 1), self.vocabulary.schema(1))
        if key == "type" and self.legacy:
            return self._sensible({**schema, key: self.random.choice([t for t in TYPES if t != "null"])})
        return {**schema, key: kept[0] if key == "type" and len(kept) == 1 else kept}

    def _shifted(self, schema: Schema) -> Schema:
        key = self.random.choice([key for key in _NUMBERS if key in schema])
        if isinstance(schema[key], bool):
            return {**schema, key: not schema[key]}
        value = schema[key] + self.random.choice([1, -1])
        return {**schema, key: max(value, 0) if key in _COUNTS else value}

    def _other_members(self, schema: Schema) -> Schema:
        members = dict(schema["properties"])
        name = self.random.choice(NAMES)
        if name in members and self.random.random() < 0.5:
            del members[name]
        else:
            members[name] = self.vocabulary.schema(1)
        return {**schema, "properties": members}
