"""Random contracts, judged by `jsonschema` and a few lines of dialect that know nothing of containment.

`APIVER_FUZZ=20000` tries as many examples of each property, and other ones on every run.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from itertools import islice, product
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from apiver.compare import diff
from apiver.compare.change import Comparison
from apiver.contract.document import Document

Schema = dict[str, Any]

FUZZ = int(os.environ.get("APIVER_FUZZ", "0"))
fuzzed = settings(
    max_examples=FUZZ or 120,
    derandomize=not FUZZ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

NAMES = ("a", "b", "c")
COMPONENTS = ("A", "B", "C")


# Random schemas ------------------------------------------------------------------------------------------


def some(draw: Any, chance: int) -> bool:
    """True once in so many times, and never in the simplest example."""
    return bool(draw(st.integers(0, chance - 1)) == chance - 1)


@st.composite
def schemas(draw: Any, legacy: bool, depth: int = 2) -> Schema:
    """A schema of the everyday vocabulary that may refer to the components."""
    kinds = ["integer", "string", "number", "boolean", "enum", "ref", "any"]
    if depth:
        kinds += ["object", "object", "object", "array", "anyOf", "oneOf", "allOf", "not"]
    if not legacy:
        kinds += ["null", "types", "const"]
    kind = draw(st.sampled_from(kinds))
    inner = schemas(legacy, depth - 1) if depth else st.just({})
    made = draw(MAKERS[kind](legacy, inner))
    if legacy and "type" in made and some(draw, 5):
        made["nullable"] = True
    return made  # type: ignore[no-any-return]


def small(low: int = 0, high: int = 3) -> st.SearchStrategy[int]:
    return st.integers(low, high)


@st.composite
def numbers(draw: Any, legacy: bool, inner: Any, kind: str = "integer") -> Schema:
    schema: Schema = {"type": kind}
    for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if not some(draw, 3):
            continue
        value = draw(small(-2, 4)) if kind == "integer" or draw(st.booleans()) else draw(small(-2, 4)) + 0.5
        if not some(draw, 3):
            schema[bound] = value
        elif legacy:
            schema.update({bound: value, strict: True})
        else:
            schema[strict] = value
    if some(draw, 4):
        schema["multipleOf"] = draw(st.sampled_from([2, 3, 4, 0.5, 1]))
    return schema


@st.composite
def strings(draw: Any, legacy: bool, inner: Any) -> Schema:
    schema: Schema = {"type": "string"}
    if some(draw, 3):
        schema["minLength"] = draw(small())
    if some(draw, 3):
        schema["maxLength"] = draw(small())
    if some(draw, 5):
        schema["enum"] = draw(st.lists(st.sampled_from(["x", "y", "zz", ""]), min_size=1, unique=True))
    if some(draw, 6):
        schema["pattern"] = draw(st.sampled_from(["^x", "y$", "^[xy]*$"]))
    return schema


VALUES = [1, 2, 0, "x", "y", "", True, False, None, 1.5, [], [1], {}, {"a": 1}, {"a": "x", "b": 2}]


@st.composite
def enums(draw: Any, legacy: bool, inner: Any) -> Schema:
    return {"enum": draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=4))}


@st.composite
def objects(draw: Any, legacy: bool, inner: Any) -> Schema:
    schema: Schema = {"type": "object"} if not some(draw, 8) else {}
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    if names:
        schema["properties"] = {name: draw(inner) for name in names}
    required = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=2))
    if required:
        schema["required"] = required
    more = draw(st.integers(0, 9))
    if more >= 6:
        schema["additionalProperties"] = [False, False, True, None][more - 6]
        if schema["additionalProperties"] is None:
            schema["additionalProperties"] = draw(inner)
    if some(draw, 8):
        schema["minProperties"] = draw(small())
    if some(draw, 8):
        schema["maxProperties"] = draw(small())
    return schema


@st.composite
def arrays(draw: Any, legacy: bool, inner: Any) -> Schema:
    schema: Schema = {"type": "array"}
    if not some(draw, 6) or legacy:
        schema["items"] = draw(inner)
    if some(draw, 4):
        schema["minItems"] = draw(small())
    if some(draw, 4):
        schema["maxItems"] = draw(small())
    if some(draw, 6):
        schema["uniqueItems"] = True
    if not legacy and some(draw, 5):
        schema["prefixItems"] = draw(st.lists(inner, min_size=1, max_size=2))
    return schema


@st.composite
def combined(draw: Any, legacy: bool, inner: Any, keyword: str = "anyOf") -> Schema:
    schema: Schema = draw(objects(legacy, inner)) if some(draw, 4) else {}
    schema[keyword] = draw(st.lists(inner, min_size=1, max_size=3))
    return schema


@st.composite
def negated(draw: Any, legacy: bool, inner: Any) -> Schema:
    schema: Schema = draw(inner) if draw(st.booleans()) else {}
    return {**schema, "not": draw(inner)}


@st.composite
def references(draw: Any, legacy: bool, inner: Any) -> Schema:
    schema = {"$ref": f"#/components/schemas/{draw(st.sampled_from(COMPONENTS))}"}
    if not legacy and some(draw, 8):
        schema.update(draw(objects(legacy, st.just({}))))
    return schema


def kinds_of_3_1(legacy: bool, inner: Any) -> st.SearchStrategy[Schema]:
    names = ["string", "integer", "number", "boolean", "null", "object", "array"]
    return st.fixed_dictionaries({"type": st.lists(st.sampled_from(names), min_size=1, unique=True)})


MAKERS: dict[str, Any] = {
    "any": lambda legacy, inner: st.just({}),
    "null": lambda legacy, inner: st.just({"type": "null"}),
    "boolean": lambda legacy, inner: st.just({"type": "boolean"}),
    "const": lambda legacy, inner: st.fixed_dictionaries({"const": st.sampled_from(VALUES)}),
    "types": kinds_of_3_1,
    "integer": numbers,
    "number": lambda legacy, inner: numbers(legacy, inner, kind="number"),
    "string": strings,
    "enum": enums,
    "ref": references,
    "object": objects,
    "array": arrays,
    "anyOf": combined,
    "oneOf": lambda legacy, inner: combined(legacy, inner, keyword="oneOf"),
    "allOf": lambda legacy, inner: combined(legacy, inner, keyword="allOf"),
    "not": negated,
}


# Random contracts ----------------------------------------------------------------------------------------


class Contract:
    """A body schema and the components that it may refer to, in one dialect."""

    def __init__(self, body: Schema, components: dict[str, Schema], *, legacy: bool) -> None:
        self.body = body
        self.components = components
        self.legacy = legacy

    def __repr__(self) -> str:
        return f"Contract({self.body!r}, {self.components!r}, legacy={self.legacy})"

    def document(self, direction: str, name: str = "contract") -> Document:
        content = {"content": {"application/json": {"schema": self.body}}}
        answer: dict[str, Any] = {"description": "fine"}
        operation: dict[str, Any] = {"responses": {"200": answer}}
        if direction == "request":
            operation["requestBody"] = {"required": True, **content}
        else:
            answer.update(content)
        root = {
            "openapi": "3.0.3" if self.legacy else "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {"/things": {"post": operation}},
            "components": {"schemas": self.components},
        }
        return Document(orjson.loads(orjson.dumps(root)), name)


def leads_round(schema: Any, components: dict[str, Schema], seen: tuple[str, ...] = ()) -> bool:
    """Whether a schema must be valid to be valid: no validator can follow such a circle."""
    if not isinstance(schema, dict):
        return False
    name = reference(schema)
    if name is not None and (name in seen or leads_round(components[name], components, (*seen, name))):
        return True
    parts = [part for keyword in ("allOf", "anyOf", "oneOf") for part in schema.get(keyword, ())]
    return any(leads_round(part, components, seen) for part in [*parts, schema.get("not")])


def reference(schema: Schema) -> str | None:
    return schema["$ref"].rpartition("/")[2] if "$ref" in schema else None


@st.composite
def contracts(draw: Any, legacy: bool | None = None) -> Contract:
    legacy = draw(st.booleans()) if legacy is None else legacy
    components = {name: draw(schemas(legacy, 1)) for name in COMPONENTS}
    body = draw(schemas(legacy))
    assume(not any(leads_round({"$ref": f"#/{name}"}, components) for name in COMPONENTS))
    return Contract(body, components, legacy=legacy)


# The oracle ----------------------------------------------------------------------------------------------

_NESTED = ("additionalProperties", "items")
_LISTS = ("allOf", "anyOf", "oneOf")


def plain(schema: Any, legacy: bool) -> Any:
    """The schema in JSON Schema 2020-12. References stay as they are."""
    if not isinstance(schema, dict):
        return schema
    if legacy and "$ref" in schema:
        return {"$ref": schema["$ref"]}
    result = {key: value for key, value in schema.items() if key != "nullable"}
    if legacy:
        if schema.get("nullable") and "type" in schema:
            result["type"] = [schema["type"], "null"]
        for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if result.pop(strict, False):
                result[strict] = result.pop(bound)
    for key in (*_NESTED, "not"):
        if key in schema:
            result[key] = plain(schema[key], legacy)
    for key in (*_LISTS, "prefixItems"):
        if key in schema:
            result[key] = [plain(each, legacy) for each in schema[key]]
    if "properties" in schema:
        result["properties"] = {name: plain(each, legacy) for name, each in schema["properties"].items()}
    return result


class Oracle:
    """Says of values whether a body takes them, and whether a careful sender would send them."""

    def __init__(self, contract: Contract, direction: str = "request") -> None:
        flag = "readOnly" if direction == "request" else "writeOnly"

        def said(schema: Any, member: Any) -> Any:
            return plain(projected(schema, flag, member), contract.legacy)

        components = {name: said(each, {}) for name, each in contract.components.items()}
        body = said(contract.body, {})
        self._open = Draft202012Validator({"components": {"schemas": components}, "allOf": [body]})
        self._components = {name: said(each, False) for name, each in contract.components.items()}
        self._body = said(contract.body, False)

    def takes(self, value: Any) -> bool:
        return self._open.is_valid(value)

    def sends(self, value: Any) -> bool:
        """Whether the value is one of the contract, and all of it is declared."""
        return self.takes(value) and self._declares(self._body, value, 0)

    def _declares(self, schema: Any, value: Any, depth: int) -> bool:
        """Whether an alternative of the schema that takes the value names all its members."""
        return any(
            all(self._valid(part, value) for part in parts) and self._covers(parts, value, depth)
            for parts in islice(self._ways(schema), 500)
        )

    def _covers(self, parts: tuple[Any, ...], value: Any, depth: int) -> bool:
        if isinstance(value, list):
            return all(
                all(self._declares(schema, item, depth + 1) for schema in _items(parts, at))
                for at, item in enumerate(value)
            )
        if not isinstance(value, dict):
            return True
        for name, member in value.items():
            said = [schema for part in parts for schema in _members(part, name)]
            if not said or not self._jointly(said, member, depth + 1):
                return False
        return True

    def _jointly(self, schemas: list[Any], value: Any, depth: int) -> bool:
        return self._declares({"allOf": schemas}, value, depth)

    def _valid(self, part: Any, value: Any) -> bool:
        holder = {"components": {"schemas": self._components}}
        return Draft202012Validator({**holder, "allOf": [part]}).is_valid(value)

    def _ways(self, schema: Any) -> Iterator[tuple[Any, ...]]:
        """The ways to satisfy a schema: for each, the parts without alternatives in place."""
        if not isinstance(schema, dict):
            yield (schema,)
            return
        own = {key: value for key, value in schema.items() if key not in ("allOf", "anyOf", "$ref")}
        choices: list[list[tuple[Any, ...]]] = []
        name = reference(schema)
        if name is not None:
            choices.append(list(islice(self._ways(self._components[name]), 50)))
        choices += [list(islice(self._ways(part), 50)) for part in schema.get("allOf", ())]
        choices += [
            [way for part in schema[keyword] for way in islice(self._ways(part), 50)]
            for keyword in ("anyOf", "oneOf")
            if keyword in schema
        ]
        for chosen in product(*choices):
            yield (own, *(part for way in chosen for part in way))


def _members(part: Any, name: str) -> Iterator[Any]:
    if isinstance(part, dict):
        if name in part.get("properties", {}):
            yield part["properties"][name]
        elif "additionalProperties" in part:
            yield part["additionalProperties"]


def _items(parts: tuple[Any, ...], at: int) -> Iterator[Any]:
    said = []
    for part in parts:
        if isinstance(part, dict):
            prefix = part.get("prefixItems", [])
            if at < len(prefix):
                said.append(prefix[at])
            elif "items" in part:
                said.append(part["items"])
    yield {"allOf": said}


# Random values -------------------------------------------------------------------------------------------


class Guesser:
    """Makes up values that have a good chance to belong to a schema, or to be just beside it."""

    def __init__(self, seed: int, *contracts: Contract) -> None:
        self.random = random.Random(seed)
        self.contracts = contracts

    def value(self) -> Any:
        contract = self.random.choice(self.contracts)
        return self._value(contract, [contract.body], 0)

    def _value(self, contract: Contract, schemas: list[Any], depth: int) -> Any:
        parts = [part for schema in schemas for part in self._parts(contract, schema, 0)]
        listed = [part["enum"] for part in parts if part.get("enum")] + [
            [part["const"]] for part in parts if "const" in part
        ]
        if listed and not self._rarely():
            return self.random.choice(self.random.choice(listed))
        kind = self._kind(parts)
        if kind in ("integer", "number"):
            return self._number(parts, kind)
        if kind == "string":
            return self._string(parts)
        if kind == "array" and depth < 5:
            return self._array(contract, parts, depth)
        if kind == "object" and depth < 5:
            return self._object(contract, parts, depth)
        return self.random.choice([None]) if kind == "null" else self.random.choice([True, False])

    def _rarely(self) -> bool:
        return self.random.random() < 0.07

    def _parts(self, contract: Contract, schema: Any, depth: int) -> list[Schema]:
        if not isinstance(schema, dict) or depth > 6:
            return []
        found = [schema]
        name = reference(schema)
        if name is not None:
            found += self._parts(contract, contract.components[name], depth + 1)
        for part in schema.get("allOf", ()):
            found += self._parts(contract, part, depth + 1)
        for keyword in ("anyOf", "oneOf"):
            if schema.get(keyword):
                found += self._parts(contract, self.random.choice(schema[keyword]), depth + 1)
        return found

    def _kind(self, parts: list[Schema]) -> str:
        said: list[str] = []
        for part in parts:
            names = part.get("type", [])
            said += [names] if isinstance(names, str) else names
            if part.get("nullable"):
                said.append("null")
        if any("properties" in part or "required" in part for part in parts):
            said.append("object")
        if not said or self._rarely():
            said = ["string", "integer", "number", "boolean", "null", "array", "object"]
        return self.random.choice(said)

    def _number(self, parts: list[Schema], kind: str) -> Any:
        value = self.random.choice([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 8, 9, 12])
        if (kind == "number" and self.random.random() < 0.5) or self._rarely():
            return value + self.random.choice([0.5, 0.25])
        return value

    def _string(self, parts: list[Schema]) -> str:
        return "".join(self.random.choice("xyz") for _ in range(self.random.choice([0, 1, 1, 2, 2, 3, 4])))

    def _array(self, contract: Contract, parts: list[Schema], depth: int) -> list[Any]:
        values = []
        for at in range(self.random.choice([0, 0, 1, 1, 2, 3, 4])):
            said = []
            for part in parts:
                prefix = part.get("prefixItems", [])
                if at < len(prefix) or "items" in part:
                    said.append(prefix[at] if at < len(prefix) else part["items"])
            values.append(self._value(contract, said, depth + 1))
        return values

    def _object(self, contract: Contract, parts: list[Schema], depth: int) -> dict[str, Any]:
        required = {name for part in parts for name in part.get("required", ())}
        names = sorted({name for part in parts for name in part.get("properties", {})} | required)
        value = {}
        more = any(isinstance(part.get("additionalProperties"), dict | bool) for part in parts)
        for name in names + (["extra"] if more and self.random.random() < 0.4 else []):
            if name in required or self.random.random() < 0.6:
                said = [schema for part in parts for schema in _members(part, name)]
                value[name] = self._value(contract, said, depth + 1)
        return value


# Rewriting and mutating ----------------------------------------------------------------------------------


def places(schema: Any) -> Iterator[tuple[Any, Any]]:
    """Every schema below, as its holder and key."""
    if not isinstance(schema, dict):
        return
    for key in (*_NESTED, "not"):
        if isinstance(schema.get(key), dict):
            yield schema, key
            yield from places(schema[key])
    for key in (*_LISTS, "prefixItems"):
        for at, part in enumerate(schema.get(key, ())):
            if isinstance(part, dict):
                yield schema[key], at
                yield from places(part)
    for name, part in schema.get("properties", {}).items():
        if isinstance(part, dict):
            yield schema["properties"], name
            yield from places(part)


def changed_somewhere(draw: Any, contract: Contract, change: Any) -> Contract:
    """A copy of the contract in which one schema is replaced by what `change` makes of it."""
    holder = {"body": contract.body, **{name: contract.components[name] for name in COMPONENTS}}
    copy = orjson.loads(orjson.dumps(holder))
    found = [(copy, key) for key in copy] + [place for key in copy for place in places(copy[key])]
    where, key = draw(st.sampled_from(found))
    where[key] = change(where[key], copy)
    body = copy.pop("body")
    return Contract(body, copy, legacy=contract.legacy)


@st.composite
def rewritten(draw: Any, contract: Contract) -> Contract:
    """The contract with one schema said in another way that means the same."""

    def change(schema: Schema, components: dict[str, Schema]) -> Schema:
        ways = ["allOf", "anyOf", "oneOf", "component", "doubled"]
        if "$ref" in schema:
            ways += ["inlined"] * 3
        if set(schema) <= {"type", "properties", "required"} and schema.get("properties"):
            ways += ["halves"] * 3
        way = draw(st.sampled_from(ways))
        if way in _LISTS:
            return {way: [schema]}
        if way == "doubled":
            return {"allOf": [schema, schema]}
        if way == "component":
            components["New"] = schema
            return {"$ref": "#/components/schemas/New"}
        if way == "inlined":
            target = orjson.loads(orjson.dumps(components[reference(schema) or ""]))
            siblings = {key: value for key, value in schema.items() if key != "$ref"}
            return {**siblings, "allOf": [target]} if siblings and not contract.legacy else target
        kind = {"type": schema["type"]} if "type" in schema else {}
        first, *rest = schema["properties"]
        halves = [
            {**kind, "properties": {first: schema["properties"][first]}},
            {**kind, "properties": {name: schema["properties"][name] for name in rest}},
        ]
        if "required" in schema:
            halves[draw(st.integers(0, 1))]["required"] = schema["required"]
        return {"allOf": halves}

    return changed_somewhere(draw, contract, change)


@st.composite
def mutated(draw: Any, contract: Contract) -> Contract:
    """The contract with one schema changed a little."""
    fresh = schemas(contract.legacy, 1)

    def change(schema: Schema, components: dict[str, Schema]) -> Schema:
        ways = ["replace", "add"] + (["drop", "drop"] if schema else [])
        ways += ["list"] * 2 * any(key in schema for key in (*_LISTS, "enum", "required"))
        ways += ["number"] * 3 * any(isinstance(each, int | float) for each in schema.values())
        way = draw(st.sampled_from(ways))
        if way == "replace":
            return draw(fresh)  # type: ignore[no-any-return]
        if way == "drop":
            gone = draw(st.sampled_from(sorted(schema)))
            schema = {key: value for key, value in schema.items() if key != gone}
            if contract.legacy and "minimum" not in schema:
                schema.pop("exclusiveMinimum", None)
            if contract.legacy and "maximum" not in schema:
                schema.pop("exclusiveMaximum", None)
            return schema
        if way == "list":
            key = draw(st.sampled_from(sorted(key for key in (*_LISTS, "enum", "required") if key in schema)))
            kept = list(schema[key])
            kept.pop(draw(st.integers(0, len(kept) - 1)))
            return {**schema, key: kept} if kept else {k: v for k, v in schema.items() if k != key}
        if way == "number":
            keys = [k for k, v in schema.items() if isinstance(v, int | float) and not isinstance(v, bool)]
            if keys and "multipleOf" not in keys:
                key = draw(st.sampled_from(sorted(keys)))
                value = schema[key] + draw(st.sampled_from([1, -1]))
                return {
                    **schema,
                    key: max(value, 0) if key.startswith(("min", "max")) and key[3:4].isupper() else value,
                }
        added = draw(fresh)
        return {**added, **schema} if "$ref" not in added and "$ref" not in schema else draw(fresh)

    made = changed_somewhere(draw, contract, change)
    assume(not any(leads_round({"$ref": f"#/{name}"}, made.components) for name in COMPONENTS))
    return made


# Properties ----------------------------------------------------------------------------------------------


def compared(old: Contract, new: Contract, direction: str) -> Comparison:
    return diff(old.document(direction, "old"), new.document(direction, "new"))


def serious(comparison: Comparison) -> list[tuple[str, str, str | None]]:
    return [
        (change.effect.value, change.title, change.reason)
        for change in comparison.changes
        if change.effect.value in ("breaking", "risky")
    ]


def shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(each, order) for each in value] if isinstance(value, list) else value


DIRECTIONS = st.sampled_from(["request", "response"])
SEEDS = st.integers(0, 2**32)


@fuzzed
@given(contracts(), DIRECTIONS, SEEDS)
def test_nothing_changes_where_nothing_changed(contract: Contract, direction: str, seed: int) -> None:
    document = contract.document(direction)
    reordered = Document(shuffled(document.root, random.Random(seed)), "reordered")

    assert diff(document, contract.document(direction)).changes == ()
    assert diff(document, document).changes == ()
    assert diff(document, reordered).changes == ()


@fuzzed
@given(st.data(), contracts(), DIRECTIONS)
def test_saying_the_same_in_another_way_changes_nothing(data: Any, old: Contract, direction: str) -> None:
    new = data.draw(rewritten(old))

    assert serious(compared(old, new, direction)) == []
    assert serious(compared(new, old, direction)) == []


@fuzzed
@given(contracts(legacy=True), DIRECTIONS)
def test_the_dialect_changes_nothing(old: Contract, direction: str) -> None:
    """A contract of OpenAPI 3.0 against the same in the words of 3.1."""
    components = {name: plain(each, legacy=True) for name, each in old.components.items()}
    new = Contract(plain(old.body, legacy=True), components, legacy=False)

    assert serious(compared(old, new, direction)) == []
    assert serious(compared(new, old, direction)) == []


def check(old: Contract, new: Contract, direction: str, seed: int) -> None:
    """Proofs are proofs, and where none is given and nothing is called risky none exists."""
    found = compared(old, new, direction)
    sender, receiver = (old, new) if direction == "request" else (new, old)
    sending, receiving = Oracle(sender, direction), Oracle(receiver, direction)
    for change in found.changes:
        assert (change.witness is not None) == (change.effect.value == "breaking")
        if change.witness is not None:
            body = change.witness.accepted.body
            assert body == change.witness.rejected.body
            assert sending.takes(body), (change.title, body)
            assert not receiving.takes(body), (change.title, body)
    if serious(found):
        return
    guesser = Guesser(seed, old, new)
    for _ in range(25):
        value = guesser.value()
        if sending.takes(value) and not receiving.takes(value):
            assert not sending.sends(value), f"{value!r} changed sides and nobody said so"


@fuzzed
@given(contracts(), st.data(), DIRECTIONS, SEEDS)
def test_a_small_change_is_judged_right(old: Contract, data: Any, direction: str, seed: int) -> None:
    check(old, data.draw(mutated(old)), direction, seed)


@fuzzed
@given(contracts(), contracts(), DIRECTIONS, SEEDS)
def test_any_two_contracts_are_judged_right(old: Contract, new: Contract, direction: str, seed: int) -> None:
    check(old, new, direction, seed)


@fuzzed
@given(contracts(), st.data(), DIRECTIONS, SEEDS)
def test_the_order_in_which_things_are_written_does_not_matter(
    old: Contract, data: Any, direction: str, seed: int
) -> None:
    one, other = several(old, "old"), several(data.draw(mutated(old)), "new")
    order = random.Random(seed)
    again = diff(
        Document(shuffled_outside(one.root, order), "old"),
        Document(shuffled_outside(other.root, order), "new"),
    )

    assert again == diff(one, other)


# Members of one direction --------------------------------------------------------------------------------


def flagged(draw: Any, schema: Any) -> Any:
    """The schema with some of its properties marked as readOnly or writeOnly."""
    if isinstance(schema, list):
        return [flagged(draw, each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    copy_of = {
        key: value if key in ("enum", "const") else flagged(draw, value) for key, value in schema.items()
    }
    for name, member in copy_of.get("properties", {}).items():
        if isinstance(member, dict) and "$ref" not in member and some(draw, 2):
            copy_of["properties"][name] = {**member, draw(st.sampled_from(["readOnly", "writeOnly"])): True}
    return copy_of


def projected(schema: Any, flag: str, instead: Any) -> Any:
    """The schema with `instead` for what it says of members with the flag."""
    if isinstance(schema, list):
        return [projected(each, flag, instead) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {
        key: value if key in ("enum", "const") else projected(value, flag, instead)
        for key, value in schema.items()
    }
    for name, each in schema.get("properties", {}).items():
        if isinstance(each, dict) and each.get(flag):
            made["properties"][name] = instead
            made["required"] = [need for need in made.get("required", ()) if need != name]
    return made


@fuzzed
@given(contracts(), st.data(), DIRECTIONS, SEEDS)
def test_members_of_one_direction_are_judged_right(
    old: Contract, data: Any, direction: str, seed: int
) -> None:
    def draw(strategy: Any) -> Any:
        return data.draw(strategy)

    one = Contract(flagged(draw, old.body), flagged(draw, old.components), legacy=old.legacy)
    check(one, data.draw(mutated(one)), direction, seed)


# Texts ---------------------------------------------------------------------------------------------------

SENT = (1, 2, -3, 12, 0.5, 1.5, True, False, "1", "2", "-3", "0.5", "true", "false", "x", "y", "zz", "xyx")


def written(value: Any) -> str:
    """How a client writes a value into a URL."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def scalars() -> st.SearchStrategy[Schema]:
    listed = st.lists(st.sampled_from(["x", "1", "true", 1, 2, True]), min_size=1, unique_by=repr)
    return st.one_of(
        numbers(legacy=False, inner=None),
        numbers(legacy=False, inner=None, kind="number"),
        strings(legacy=False, inner=None),
        st.just({"type": "boolean"}),
        st.just({}),
        listed.map(lambda values: {"enum": values}),
    )


@st.composite
def parameters(draw: Any) -> Schema:
    kind = draw(st.sampled_from(["scalar", "scalar", "array", "union"]))
    if kind == "scalar":
        return draw(scalars())  # type: ignore[no-any-return]
    if kind == "union":
        return {"anyOf": draw(st.lists(scalars(), min_size=1, max_size=2))}
    schema: Schema = {"type": "array", "items": draw(scalars())}
    for keyword in ("minItems", "maxItems"):
        if some(draw, 4):
            schema[keyword] = draw(small(1, 3))
    return schema


def parametrized(schema: Schema) -> Document:
    operation = {"parameters": [{"name": "q", "in": "query", "schema": schema}], "responses": {}}
    root = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/things": {"get": operation}},
    }
    return Document(root, "contract")


def means(text: str) -> list[Any]:
    """What a text may stand for."""
    found: list[Any] = [text]
    if text in ("true", "false"):
        found.append(text == "true")
    try:
        number = float(text)
    except ValueError:
        return found
    return [*found, int(text) if "." not in text else number]


def reads(schema: Schema, texts: list[str]) -> bool:
    """Whether some reading of the texts satisfies the schema."""
    ways: list[Any] = [list(each) for each in product(*map(means, texts))]
    if len(texts) == 1:
        ways += means(texts[0])
    return any(Draft202012Validator(schema).is_valid(each) for each in ways)


@fuzzed
@given(parameters(), parameters(), SEEDS)
def test_texts_are_judged_right(old: Schema, new: Schema, seed: int) -> None:
    found = diff(parametrized(old), parametrized(new))
    for change in found.changes:
        if change.witness is not None:
            texts = parse_qs(urlsplit(change.witness.rejected.url).query, keep_blank_values=True)["q"]
            assert reads(old, texts), (change.title, texts)
            assert not reads(new, texts), (change.title, texts)
    if serious(found):
        return
    chance = random.Random(seed)
    for _ in range(25):
        many = [chance.choice(SENT) for _ in range(chance.choice([1, 2, 3]))]
        value = chance.choice([many[0], many[0], many])
        if Draft202012Validator(old).is_valid(value):
            texts = [written(each) for each in (value if value is many else [value])]
            assert reads(new, texts), texts


def several(contract: Contract, name: str) -> Document:
    """A document with more operations, through which the components are reached from several places."""
    root = contract.document("request").root
    for number, component in enumerate(COMPONENTS):
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{component}"}}}
        many = {
            "application/json": {"schema": {"type": "array", "items": content["application/json"]["schema"]}}
        }
        root["paths"][f"/more/{number}"] = {
            "get": {"responses": {"200": {"description": "fine", "content": content}}},
            "put": {"requestBody": {"content": many}, "responses": {"200": {"description": "fine"}}},
        }
    return Document(root, name)


def shuffled_outside(root: dict[str, Any], order: random.Random) -> dict[str, Any]:
    """The document with its sections, paths and components in another order; the schemas as they are."""
    root = dict(root)
    for section in ("paths", "components"):
        root[section] = dict(order.sample(list(root[section].items()), len(root[section])))
    components = root["components"]["schemas"]
    root["components"] = {"schemas": dict(order.sample(list(components.items()), len(components)))}
    return dict(order.sample(list(root.items()), len(root)))


def test_the_oracle_knows_what_is_sent() -> None:
    """The oracle itself: an undeclared member is accepted but not sent."""
    pet = {"type": "object", "properties": {"a": {"type": "integer"}}}
    other = {"type": "object", "properties": {"b": {"type": "string"}}}
    oracle = Oracle(Contract({"anyOf": [pet, other]}, {}, legacy=True))

    assert oracle.sends({"a": 1})
    assert oracle.sends({"b": "x"})
    assert oracle.takes({"a": 1, "b": 2})
    assert not oracle.sends({"a": 1, "b": 2})
    assert not oracle.takes(1)


@pytest.mark.parametrize("legacy", [True, False])
def test_the_oracle_knows_both_dialects(legacy: bool) -> None:
    schema = (
        {"type": "integer", "nullable": True, "minimum": 3, "exclusiveMinimum": True}
        if legacy
        else {"type": ["integer", "null"], "exclusiveMinimum": 3}
    )
    oracle = Oracle(Contract({"$ref": "#/components/schemas/A"}, {"A": schema}, legacy=legacy))

    assert [value for value in (None, 3, 4, 4.5, "x") if oracle.takes(value)] == [None, 4]
