"""Random ways to say the same in other words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from typing import Any

from tests.compare.fuzzing.contracts import REFERENCE, Contract, Schema, copied, places, with_schemas

_ANCHORED = ("$anchor", "$dynamicAnchor", "$defs")
_TOGETHER = (
    ("properties", "patternProperties", "additionalProperties"),
    ("if", "then", "else"),
    ("contains", "minContains", "maxContains"),
    ("prefixItems", "items"),
    ("minimum", "exclusiveMinimum"),
    ("maximum", "exclusiveMaximum"),
    ("type", "nullable"),
)
_LEAST = {"minItems": 0, "minLength": 0, "minProperties": 0, "uniqueItems": False, "required": []}


EXOTIC = frozenset({"not not", "condition", "otherwise", "whole", "dependent", "unevaluated"})
"""Ways of which no contract that people write makes use."""


def rewritten(
    random: Random, contract: Contract, times: int = 1, without: frozenset[str] = frozenset()
) -> tuple[Contract, list[str]]:
    """The contract with some of its schemas said in another way, and the ways that were taken."""
    ways: list[str] = []
    for _ in range(times):
        way, contract = _again(random, contract, without)
        ways.append(way)
    return contract, ways


def _again(random: Random, contract: Contract, without: frozenset[str]) -> tuple[str, Contract]:
    """The contract with one schema said in another way: every way has the same chance, then every place."""
    names = sorted(Writer(random, contract, contract.schemas()).ways().keys() - without)
    for name in random.sample(names, len(names)):
        count = sum(1 for _ in _reached(contract, contract.schemas()))
        for at in random.sample(range(count), count):
            schemas = contract.schemas()
            holder, key = next(islice(_reached(contract, schemas), at, None))
            made = Writer(random, contract, schemas).said(holder[key], name)
            if made is not None:
                holder[key] = made
                result = with_schemas(contract, schemas)
                if not result.leads_round():
                    return name, result
    raise AssertionError(f"nothing can be said in another way in {contract}")


def _reached(contract: Contract, schemas: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    for key in ("body", *contract.used()):
        yield schemas, key
        yield from places(schemas[key])


class Writer:
    """Rewrites one schema. A way gives None where the schema is none of those that can be said so."""

    def __init__(self, random: Random, contract: Contract, schemas: dict[str, Any]) -> None:
        self.random = random
        self.legacy = contract.legacy
        self.contract = contract
        self.schemas = schemas
        self.evaluates = "unevaluated" in json.dumps(schemas)

    def said(self, schema: Any, way: str) -> Any:
        """The schema said in that way; None where it cannot be. Its anchors stay where they are."""
        if not isinstance(schema, dict):
            return self.ways()[way](schema)
        kept = {key: schema[key] for key in _ANCHORED if key in schema}
        made = self.ways()[way](copied({key: value for key, value in schema.items() if key not in kept}))
        if kept and not isinstance(made, dict):
            return None
        return {**kept, **made} if kept else made

    def ways(self) -> dict[str, Callable[[Any], Any]]:
        """The ways that the dialect has."""
        ways: dict[str, Callable[[Any], Any]] = {
            "allOf": lambda schema: {"allOf": [schema]},
            "anyOf": lambda schema: {"anyOf": [schema]},
            "oneOf": lambda schema: {"oneOf": [schema]},
            "doubled": lambda schema: {"allOf": [schema, schema]},
            "either": lambda schema: {"anyOf": [schema, schema]},
            "component": self._component,
            "inlined": self._inlined,
            "split": self._split,
            "reordered": self._reordered,
            "explicit": self._explicit,
            "documented": self._documented,
            "listed": self._listed,
        }
        if not self.evaluates:
            ways["not not"] = lambda schema: {"not": {"not": schema}}
        if not self.legacy:
            ways |= {
                "condition": lambda schema: {"if": True, "then": schema},
                "otherwise": lambda schema: {"if": False, "else": schema},
                "boolean": self._boolean,
                "const": self._const,
                "types": self._types,
                "whole": self._whole,
                "strict": self._strict,
                "dependent": self._dependent,
                "unevaluated": self._unevaluated,
            }
        return ways

    def _component(self, schema: Any) -> Any:
        if self.legacy and not isinstance(schema, dict):
            return None
        name = next(name for name in ("New", "Newer", "Newest", "Last", "Most") if name not in self.schemas)
        self.schemas[name] = schema
        return {"$ref": REFERENCE + name}

    def _inlined(self, schema: Any) -> Any:
        if not isinstance(schema, dict) or not str(schema.get("$ref")).startswith(REFERENCE):
            return None
        name = schema["$ref"].removeprefix(REFERENCE)
        target = copied(self.contract.target(name))
        if isinstance(target, dict):
            target = {key: value for key, value in target.items() if key not in _ANCHORED}
        siblings = {key: value for key, value in schema.items() if key != "$ref"}
        if siblings and not self.legacy:
            return {**siblings, "allOf": [*siblings.get("allOf", ()), target]}
        return target

    def _split(self, schema: Any) -> Any:
        """Some of the keywords in one part, the others in another."""
        if not isinstance(schema, dict) or len(schema) < 2 or (self.legacy and "$ref" in schema):
            return None
        if any(key.startswith("unevaluated") for key in schema):
            return None
        first: Schema = {}
        for key in schema:
            group = next((group for group in _TOGETHER if key in group), (key,))
            if key not in first and self.random.random() < 0.5:
                first.update({each: schema[each] for each in group if each in schema})
        second = {key: value for key, value in schema.items() if key not in first}
        return {"allOf": [first, second]} if first and second else None

    def _reordered(self, schema: Any) -> Any:
        if not isinstance(schema, dict) or not schema:
            return None
        keys = self.random.sample(list(schema), len(schema))
        made = {key: schema[key] for key in keys}
        for key in ("required", "enum", "allOf", "anyOf", "oneOf"):
            if key in made:
                made[key] = self.random.sample(made[key], len(made[key]))
        if isinstance(made.get("type"), list):
            made["type"] = self.random.sample(made["type"], len(made["type"]))
        if "properties" in made:
            members = made["properties"]
            made["properties"] = {
                name: members[name] for name in self.random.sample(list(members), len(members))
            }
        return made

    def _explicit(self, schema: Any) -> Any:
        """What holds anyway, said aloud."""
        if not isinstance(schema, dict) or (self.legacy and "$ref" in schema):
            return None
        said = {**_LEAST, **({"nullable": False} if self.legacy else {})}
        if "contains" in schema:
            said["minContains"] = 1
        free = [key for key in said if key not in schema]
        if self.legacy and "required" in free:
            free.remove("required")  # an empty list is not allowed there
        key = self.random.choice(free) if free else None
        return {**schema, key: said[key]} if key else None

    def _documented(self, schema: Any) -> Any:
        if not isinstance(schema, dict) or (self.legacy and "$ref" in schema):
            return None
        return {**schema, self.random.choice(["title", "description", "x-note"]): "words"}

    def _listed(self, schema: Any) -> Any:
        """An enumeration as a choice of one value each."""
        if not isinstance(schema, dict) or not schema.get("enum") or "anyOf" in schema:
            return None
        made = {key: value for key, value in schema.items() if key != "enum"}
        word = "enum" if self.legacy or self.random.random() < 0.5 else "const"
        made["anyOf"] = [{word: [value] if word == "enum" else value} for value in schema["enum"]]
        return made

    def _boolean(self, schema: Any) -> Any:
        said = [({}, True), ({"not": {}}, False), (True, {}), (False, {"not": {}}), (False, {"not": True})]
        fits = [new for old, new in said if type(old) is type(schema) and old == schema]
        return self.random.choice(fits) if fits else None

    def _const(self, schema: Any) -> Any:
        if isinstance(schema, dict) and "const" in schema and "enum" not in schema:
            made = {key: value for key, value in schema.items() if key != "const"}
            return {**made, "enum": [schema["const"]]}
        if isinstance(schema, dict) and len(schema.get("enum", ())) == 1 and "const" not in schema:
            made = {key: value for key, value in schema.items() if key != "enum"}
            return {**made, "const": schema["enum"][0]}
        return None

    def _types(self, schema: Any) -> Any:
        """A list of types as a choice of types, or one type as a list."""
        if not isinstance(schema, dict) or "type" not in schema:
            return None
        kinds, made = schema["type"], {key: value for key, value in schema.items() if key != "type"}
        if isinstance(kinds, str):
            return {**made, "type": [kinds]}
        if any(key.startswith("unevaluated") for key in schema) or "anyOf" in schema:
            return None
        if self.random.random() < 0.5:
            return {**made, "anyOf": [{"type": kind} for kind in kinds]}
        return {"anyOf": [{**made, "type": kind} for kind in kinds]}

    def _whole(self, schema: Any) -> Any:
        if not isinstance(schema, dict) or schema.get("type") != "integer" or "multipleOf" in schema:
            return None
        return {**schema, "type": "number", "multipleOf": 1}

    def _strict(self, schema: Any) -> Any:
        """A bound of integers as the next one, exclusive."""
        if not isinstance(schema, dict) or schema.get("type") != "integer":
            return None
        for bound, strict, step in (("minimum", "exclusiveMinimum", -1), ("maximum", "exclusiveMaximum", 1)):
            if isinstance(schema.get(bound), int) and strict not in schema:
                made = {key: value for key, value in schema.items() if key != bound}
                return {**made, strict: schema[bound] + step}
        return None

    def _dependent(self, schema: Any) -> Any:
        if not isinstance(schema, dict) or "dependentRequired" not in schema or "dependentSchemas" in schema:
            return None
        made = {key: value for key, value in schema.items() if key != "dependentRequired"}
        needs = schema["dependentRequired"]
        return {**made, "dependentSchemas": {name: {"required": need} for name, need in needs.items()}}

    def _unevaluated(self, schema: Any) -> Any:
        """additionalProperties of a schema without parts is unevaluatedProperties."""
        alone = {"type", "properties", "patternProperties", "required", "additionalProperties"}
        if not isinstance(schema, dict) or "additionalProperties" not in schema or not set(schema) <= alone:
            return None
        made = {key: value for key, value in schema.items() if key != "additionalProperties"}
        return {**made, "unevaluatedProperties": schema["additionalProperties"]}


def renamed(random: Random, contract: Contract) -> Contract:
    """The contract with other names for its components."""
    names = {name: f"{name}{random.choice('xyz')}" for name in contract.components}

    def said(value: Any) -> Any:
        if isinstance(value, list):
            return [said(each) for each in value]
        if not isinstance(value, dict):
            return value
        made = {key: said(each) for key, each in value.items()}
        if isinstance(made.get("$ref"), str) and made["$ref"].startswith(REFERENCE):
            name, slash, rest = made["$ref"].removeprefix(REFERENCE).partition("/")
            made["$ref"] = REFERENCE + names[name] + slash + rest
        return made

    components = {names[name]: said(each) for name, each in contract.components.items()}
    return Contract(said(contract.body), components, contract.legacy)
