"""What plain `jsonschema` says of a value, and whether a careful sender would send it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from tests.compare.fuzzing.contracts import LISTS, MAPS, REFERENCE, SINGLE, Contract, Schema, reference

ASSERTED = ("date", "date-time", "uuid", "ipv4", "ipv6", "email")
INTEGERS = {"int32": 31, "int64": 63}
_FORMATS = FormatChecker(formats=ASSERTED)
_MOST_WAYS = 300


def plain(schema: Any, legacy: bool) -> Any:
    """The schema in JSON Schema 2020-12, its components under `$defs`, where anchors are found."""
    if not isinstance(schema, dict):
        return schema
    if legacy and "$ref" in schema:
        return {"$ref": schema["$ref"].replace(REFERENCE, "#/$defs/")}
    result = {key: value for key, value in schema.items() if key != "nullable"}
    if "$ref" in schema:
        result["$ref"] = schema["$ref"].replace(REFERENCE, "#/$defs/")
    if legacy:
        if schema.get("nullable") and "type" in schema:
            result["type"] = [schema["type"], "null"]
        for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if result.pop(strict, False) and bound in result:
                result[strict] = result.pop(bound)
    for keyword in SINGLE:
        if keyword in schema:
            result[keyword] = plain(schema[keyword], legacy)
    for keyword in LISTS:
        if keyword in schema:
            result[keyword] = [plain(each, legacy) for each in schema[keyword]]
    for keyword in MAPS:
        if keyword in schema:
            result[keyword] = {name: plain(each, legacy) for name, each in schema[keyword].items()}
    if (bits := INTEGERS.get(schema.get("format", ""))) is not None:
        del result["format"]
        result["allOf"] = [*result.get("allOf", ()), {"minimum": -(2**bits), "maximum": 2**bits - 1}]
    if legacy and is_nullable_union(schema):
        return {"anyOf": [result, {"type": "null"}]}
    return result


def is_nullable_union(schema: Schema) -> bool:
    """Whether `nullable` stands beside a combinator without a type: it means null to those who write it."""
    combined = any(keyword in schema for keyword in ("allOf", "anyOf", "oneOf"))
    return combined and schema.get("nullable") is True and "type" not in schema and "enum" not in schema


def projected(schema: Any, flag: str, instead: Any) -> Any:
    """The schema with `instead` for what it says of members with the flag (readOnly, writeOnly)."""
    if isinstance(schema, list):
        return [projected(each, flag, instead) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {
        key: value if key in ("enum", "const") else projected(value, flag, instead)
        for key, value in schema.items()
    }
    _free(made, _flagged(schema, flag), instead)
    return made


def _flagged(schema: Schema, flag: str) -> set[str]:
    """The members that the object, or a part of it that always holds, leaves to the other direction."""
    names = {
        name
        for name, each in schema.get("properties", {}).items()
        if isinstance(each, dict) and each.get(flag)
    }
    return names.union(*(_flagged(part, flag) for part in schema.get("allOf", ()) if isinstance(part, dict)))


def _free(made: Schema, names: set[str], instead: Any) -> None:
    """Ask nowhere in the object and in what holds beside it for these members."""
    for name in names & made.get("properties", {}).keys():
        made["properties"][name] = instead
    if names and "required" in made:
        made["required"] = [need for need in made["required"] if need not in names]
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in made.get(keyword, ()):
            if isinstance(part, dict):
                _free(part, names, instead)


def _validator(contract: Contract, flag: str, instead: Any) -> Any:
    body, components = (projected(each, flag, instead) for each in (contract.body, contract.components))
    definitions = {name: plain(each, contract.legacy) for name, each in components.items()}
    root = {"$defs": definitions, "allOf": [plain(body, contract.legacy)]}
    return Draft202012Validator(root, format_checker=_FORMATS)


class Oracle:
    """Says of values whether a contract takes them, and whether it declares all of them."""

    def __init__(self, contract: Contract, direction: str) -> None:
        flag = "readOnly" if direction == "request" else "writeOnly"
        self._contract = contract
        self._open = _validator(contract, flag, {})
        self._closed = _validator(contract, flag, False)

    def check(self) -> None:
        """Raise where the contract's schemas are none."""
        Draft202012Validator.check_schema(self._open.schema)

    def takes(self, value: Any) -> bool:
        """Whether the value satisfies the body's schema."""
        return bool(self._open.is_valid(value))

    def sends(self, value: Any) -> bool:
        """Whether the value is one of the contract and all its members are declared.

        A member is declared where the alternatives that were chosen name or require it, match it by a
        pattern, or give a schema for members that they do not name.
        """
        return self.takes(value) and self._declares(self._closed.schema["allOf"][0], value)

    def _declares(self, schema: Any, value: Any) -> bool:
        return any(self._covers(parts, value) for parts in islice(self._ways(schema, value), _MOST_WAYS))

    def _covers(self, parts: tuple[Any, ...], value: Any) -> bool:
        schemas = [part for part in parts if isinstance(part, dict)]
        if any("enum" in part or "const" in part for part in schemas):
            return True
        if isinstance(value, list):
            return all(
                self._declares({"allOf": list(_items(schemas, at))}, item) for at, item in enumerate(value)
            )
        if not isinstance(value, dict):
            return True
        for name, member in value.items():
            said = [each for part in schemas for each in _members(part, name)]
            said = said or [
                part["unevaluatedProperties"] for part in schemas if "unevaluatedProperties" in part
            ]
            if not said and any(name in part.get("required", ()) for part in schemas):
                said = [{}]
            if not said or not self._declares({"allOf": said}, member):
                return False
        return True

    def _valid(self, schema: Any, value: Any) -> bool:
        return bool(self._closed.evolve(schema=schema).is_valid(value))

    def _ways(self, schema: Any, value: Any, depth: int = 0) -> Iterator[tuple[Any, ...]]:
        """The ways in which the value satisfies the schema: for each, the schemas that then hold."""
        if not self._valid(schema, value):
            return
        if not isinstance(schema, dict):
            yield (schema,)
            return
        choices = [
            [way for part in parts for way in islice(self._ways(part, value, depth + 1), 20)]
            for parts in self._alternatives(schema, value)
        ]
        for chosen in product(*choices):
            yield (schema, *(part for way in chosen for part in way))

    def _alternatives(self, schema: Any, value: Any) -> Iterator[list[Any]]:
        name = reference(
            {
                key: text.replace("#/$defs/", "#")
                for key, text in schema.items()
                if key in ("$ref", "$dynamicRef")
            }
        )
        if name is not None:
            yield [self._target(name)]
        yield from ([part] for part in schema.get("allOf", ()))
        yield from (schema[keyword] for keyword in ("anyOf", "oneOf") if keyword in schema)
        if "if" in schema:
            if self._valid(schema["if"], value):
                yield [{"allOf": [schema["if"], schema.get("then", {})]}]
            else:
                yield [schema.get("else", {})]
        if isinstance(value, dict):
            parts = schema.get("dependentSchemas", {}).items()
            yield from ([part] for name, part in parts if name in value)

    def _target(self, name: str) -> Any:
        definitions = self._closed.schema["$defs"]
        return Contract(True, definitions).target(name)


def _members(part: Any, name: str) -> Iterator[Any]:
    named = name in part.get("properties", {})
    if named:
        yield part["properties"][name]
    patterns = [
        each for pattern, each in part.get("patternProperties", {}).items() if re.search(pattern, name)
    ]
    yield from patterns
    if not named and not patterns and "additionalProperties" in part:
        yield part["additionalProperties"]


def _items(parts: list[Any], at: int) -> Iterator[Any]:
    for part in parts:
        prefix = part.get("prefixItems", [])
        if at < len(prefix):
            yield prefix[at]
        elif "items" in part:
            yield part["items"]
        elif "unevaluatedItems" in part:
            yield part["unevaluatedItems"]
