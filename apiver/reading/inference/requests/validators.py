"""The JSON Schema validators of jsonschema that the program calls; it is not imported for that."""

from __future__ import annotations

import ast
import sys
from typing import Any

from apiver.reading.inference.conditions.checks import not_read
from apiver.reading.inference.frame import Arguments, Frame, argument
from apiver.reading.inference.requests.matching import matches
from apiver.reading.inference.values.concrete import Open, concrete
from apiver.reading.inference.values.facts import NOTHING, Facts
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Described,
    Listing,
    Live,
    Object,
    Typed,
    Value,
    chosen,
)
from apiver.reading.schemas.json_schema import lifted

SCHEMA = "schema"  # the attribute of a validator that holds its schema


def is_validator(cls: Any) -> bool:
    """Whether `cls` is a validator class of jsonschema, such as `Draft7Validator`."""
    return isinstance(cls, type) and cls.__module__.startswith("jsonschema.") and hasattr(cls, "META_SCHEMA")


def make_validator(cls: type, arguments: Arguments, frame: Frame) -> Value:
    """`Draft7Validator(schema)` inside of a function."""
    return frame.allocate(Object(cls, {SCHEMA: argument(arguments, 0, SCHEMA)}))


def validate(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`jsonschema.validate(instance, schema)`: goes on only where the instance is valid."""
    facts = _facts(argument(arguments, 0, "instance"), argument(arguments, 1, SCHEMA), frame, node)
    return _or_raise(facts, frame, node)


def validator_method(receiver: Value, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """A method of a validator, live or made in the function."""
    content = frame.state.cell(receiver)
    if isinstance(content, Object):
        schema = content.attributes.get(SCHEMA, NONE)
    else:
        schema = Live(getattr(getattr(content, "object", None), SCHEMA, None))
    if name == "check_schema":
        return NONE
    facts = _facts(argument(arguments, 0, "instance"), schema, frame, node)
    if name == "validate":
        return _or_raise(facts, frame, node)
    if name == "is_valid":
        return Typed(bool, when_true=facts)
    if name in ("iter_errors", "descend"):
        return frame.allocate(Listing(Typed(_class("ValidationError")), None, facts))
    return frame.unknown(f"{name} of a JSON Schema validator is not read", node)


def first_error(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`best_match(errors)`: the most telling of the errors, or None where there are none."""
    errors = frame.state.cell(argument(arguments, 0, "errors"))
    none = errors.when_empty if isinstance(errors, Listing) else NOTHING
    return chosen([(Typed(_class("ValidationError")), NOTHING), (NONE, none)])


def validator_rules() -> dict[int, Any]:
    """The rules of the functions of jsonschema, where the app has it loaded."""
    rules = {
        "jsonschema.validators.validate": validate,
        "jsonschema.exceptions.best_match": first_error,
    }
    found = {}
    for dotted, rule in rules.items():
        module, _, name = dotted.rpartition(".")
        live = getattr(sys.modules.get(module), name, None)
        if live is not None:
            found[id(live)] = rule
    return found


def _class(name: str) -> type[Exception]:
    cls: type[Exception] = getattr(sys.modules.get("jsonschema.exceptions"), name, Exception)
    return cls


def _or_raise(facts: Facts, frame: Frame, node: ast.AST) -> Value:
    frame.may_raise(Object(_class("ValidationError"), {}), frame.place(node))
    frame.state.learn(*facts)
    return NONE


def _facts(instance: Value, schema: Value, frame: Frame, node: ast.AST) -> Facts:
    """What holds of the request where the instance is valid."""
    if not isinstance(instance, Asked):
        return NOTHING
    try:
        live = concrete(schema, frame)
    except Open:
        not_read(instance, frame, node)
        return NOTHING
    made = lifted(live)
    return matches(instance, Described(made.schema, made.definitions), frame, node)
