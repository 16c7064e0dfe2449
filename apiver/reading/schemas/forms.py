"""Form classes of WTForms -> JSON Schema of what they accept. Nothing here imports WTForms."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]

INCOMPLETE = "x-apiver-incomplete"

_SKIPPED = frozenset({"SubmitField", "ButtonField", "FormField", "FieldList"})
_KINDS: tuple[tuple[str, Schema], ...] = (
    ("MultipleFileField", {"type": "array", "items": {"type": "string", "format": "binary"}}),
    ("FileField", {"type": "string", "format": "binary"}),
    ("BooleanField", {"type": "boolean"}),
    ("IntegerField", {"type": "integer"}),
    ("DecimalField", {"type": "number"}),
    ("FloatField", {"type": "number"}),
    ("DateField", {"type": "string", "format": "date"}),
    ("Field", {"type": "string"}),
)
_FORMATS = {"Email": "email", "UUID": "uuid"}
_NUMBERS = {"integer", "number"}


class FormField(NamedTuple):
    """A field of a form: its name, what it accepts, whether it has to be sent, and the class that it has."""

    name: str
    schema: Schema
    required: bool
    is_file: bool
    cls: type


def is_form(cls: Any) -> bool:
    """Whether `cls` is a class of WTForms' forms."""
    base = getattr(sys.modules.get("wtforms.form"), "BaseForm", None)
    return isinstance(cls, type) and base is not None and issubclass(cls, base)


def form_fields(cls: type) -> Iterator[FormField]:
    """The fields of a form class, in the order of their declaration, without buttons and nested forms."""
    found: dict[str, Any] = {}
    for parent in reversed(cls.__mro__):
        found |= {name: held for name, held in vars(parent).items() if not name.startswith("_")}
    unbound = [(name, held) for name, held in found.items() if hasattr(type(held), "creation_counter")]
    for name, held in sorted(unbound, key=lambda entry: entry[1].creation_counter):
        made = _field(cls, held.name or name, held)
        if made is not None:
            yield made


def nested(cls: type) -> list[str]:
    """The names of the fields that hold forms or lists of their own, which travel under numbered names."""
    return [
        name
        for parent in cls.__mro__
        for name, held in vars(parent).items()
        if _parents(getattr(held, "field_class", object)) & {"FormField", "FieldList"}
    ]


def _parents(cls: type) -> set[str]:
    return {parent.__name__ for parent in cls.__mro__}


def _field(form: type, name: str, unbound: Any) -> FormField | None:
    parents = _parents(unbound.field_class)
    if parents & _SKIPPED:
        return None
    schema = dict(next(found for kind, found in _KINDS if kind in parents))
    choices = _choices(unbound)
    if "SelectFieldBase" in parents and unbound.kwargs.get("coerce") is int:
        schema["type"] = "integer"
    if choices and unbound.kwargs.get("validate_choice", True):
        schema["enum"] = choices
    if "SelectMultipleField" in parents:
        schema = {"type": "array", "items": schema}
    required = _checked(schema, _validators(unbound))
    if hasattr(form, f"validate_{name}"):
        schema[INCOMPLETE] = f"{form.__name__}.validate_{name} checks it too"
    return FormField(name, schema, required, bool(parents & {"FileField"}), unbound.field_class)


def _validators(unbound: Any) -> list[Any]:
    given = unbound.kwargs.get("validators") or (unbound.args[1] if len(unbound.args) > 1 else ())
    return list(given) if isinstance(given, list | tuple) else []


def _choices(unbound: Any) -> list[Any]:
    """The values of a closed list of choices; none where it is filled while the app runs."""
    given = unbound.kwargs.get("choices")
    if not isinstance(given, list | tuple):
        return []
    coerce = unbound.kwargs.get("coerce", str)
    values = [choice[0] if isinstance(choice, list | tuple) else choice for choice in given]
    if coerce not in (str, int) or not all(isinstance(value, str | int) for value in values):
        return []
    return [coerce(value) for value in values]


def _checked(schema: Schema, validators: list[Any]) -> bool:
    """Write what the validators say into `schema`; whether they refuse a form without the field."""
    known = [(validator, _parents(type(validator))) for validator in validators]
    optional = any("Optional" in parents for _, parents in known)
    required = False
    for validator, parents in known:
        if parents & {"DataRequired", "InputRequired", "FileRequired"}:
            required = True
            if schema.get("type") == "string" and "format" not in schema and "enum" not in schema:
                schema["minLength"] = max(1, schema.get("minLength", 1))
        elif "Length" in parents:
            required = _length(schema, validator, optional) or required
        elif "NumberRange" in parents and schema.get("type") in _NUMBERS:
            limits = {"minimum": validator.min, "maximum": validator.max}
            said = {name: limit for name, limit in limits.items() if isinstance(limit, int | float)}
            schema.update(said)
            required = required or (bool(said) and not optional)
        elif "Regexp" in parents and not optional:
            required = _pattern(schema, validator) or required
        elif "AnyOf" in parents and not optional:
            if all(isinstance(value, str) for value in validator.values):
                schema["enum"] = list(validator.values)
                required = True
        elif parents & _FORMATS.keys() and not optional:
            schema["format"] = next(form for kind, form in _FORMATS.items() if kind in parents)
        elif not parents & {"Optional", "ReadOnly", "Disabled"}:
            schema[INCOMPLETE] = (
                f"the validator {getattr(validator, '__name__', type(validator).__name__)} checks it too"
            )
    return required and not optional


def _length(schema: Schema, validator: Any, optional: bool) -> bool:
    if validator.max > -1:
        schema["maxLength"] = validator.max
    if validator.min > 0 and not optional:
        schema["minLength"] = max(validator.min, schema.get("minLength", 0))
        return True
    return False


def _pattern(schema: Schema, validator: Any) -> bool:
    regex = validator.regex
    if not isinstance(regex, re.Pattern) or regex.flags & ~(re.UNICODE | re.ASCII) or "(?" in regex.pattern:
        schema[INCOMPLETE] = "a pattern of a dialect of its own checks it too"
        return False
    schema["pattern"] = regex.pattern if regex.pattern.startswith("^") else f"^(?:{regex.pattern})"
    return regex.match("") is None
