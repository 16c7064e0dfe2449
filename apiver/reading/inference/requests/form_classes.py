"""Forms of WTForms and Flask-WTF in a view: `form = BookForm()`, `form.validate_on_submit()`."""

from __future__ import annotations

import ast
import datetime
import decimal
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from apiver.reading.inference.frame import Arguments, Frame, argument
from apiver.reading.inference.program.scope import is_installed
from apiver.reading.inference.requests.matching import matches
from apiver.reading.inference.requests.presence import takes_form
from apiver.reading.inference.values.facts import Facts, Subject
from apiver.reading.inference.values.shapes import (
    Asked,
    Described,
    Known,
    Listing,
    Object,
    Record,
    Typed,
    Value,
)
from apiver.reading.schemas.forms import INCOMPLETE, form_fields, is_form, nested

_LOCATION = "$location"
_CLASSES: Mapping[str, type] = {"integer": int, "number": float, "boolean": bool, "array": list}


def form_instance(cls: type, arguments: Arguments, frame: Frame) -> Value | None:
    """The form that a view makes, filled with what was sent; None where `cls` is no form."""
    if not is_form(cls):
        return None
    given = argument(arguments, 0, "formdata")
    own = any(parent.__name__ == "FlaskForm" for parent in cls.__mro__)
    location = given.subject.location if isinstance(given, Asked) else "form" if own else ""
    errors = frame.allocate(Record({}, rest=Listing(Typed(str))))
    attributes: dict[str, Value] = {_LOCATION: Known(location), "errors": errors}
    for field in form_fields(cls):
        place = "file" if field.is_file and location == "form" else location
        data: Value = Typed(str)
        if place:
            data = asked = Asked(Subject(place, (field.name,)), _class_of(field.schema, field.cls))
            if not field.required and field.schema.get("type") != "boolean":
                data = replace(asked, nullable=True)
        attributes[field.name] = frame.allocate(Object(field.cls, {"data": data}))
    return frame.allocate(Object(cls, attributes))


def _class_of(schema: Mapping[str, Any], cls: type) -> type:
    if any(parent.__name__ == "DecimalField" for parent in cls.__mro__):
        return decimal.Decimal
    if schema.get("format") == "date":
        return datetime.date
    return _CLASSES.get(str(schema.get("type")), str)


def form_method(form: Object, name: str, frame: Frame, node: ast.AST) -> Value | None:
    """`form.validate()` and `form.validate_on_submit()`; None where it is something else."""
    if not is_form(form.cls):
        return None
    sent = takes_form(frame.reader.route.method) or frame.reader.route.method == "DELETE"
    if name in ("is_submitted", "validate_on_submit") and not sent:
        return Known(False)
    if name == "is_submitted":
        return Known(True)
    if name not in ("validate", "validate_on_submit"):
        return None
    held = form.attributes.get(_LOCATION)
    location = str(held.value) if isinstance(held, Known) else ""
    if not location:
        return Typed(bool)
    facts: Facts = frozenset()
    for place, described in _described(form.cls, location, frame):
        facts |= matches(Asked(Subject(place)), described, frame, node)
    return Typed(bool, when_true=facts)


def _described(cls: type, location: str, frame: Frame) -> list[tuple[str, Described]]:
    found: dict[str, dict[str, Any]] = {}
    for field in form_fields(cls):
        place = "file" if field.is_file and location == "form" else location
        schema = found.setdefault(place, {"type": "object", "properties": {}, "required": []})
        schema["properties"][field.name] = field.schema
        schema["required"] += [field.name] if field.required else []
    config = frame.reader.shared.app.config
    flask_form = any(parent.__name__ == "FlaskForm" for parent in cls.__mro__)
    if flask_form and config.get("WTF_CSRF_ENABLED", True) and location == "form":
        name = str(config.get("WTF_CSRF_FIELD_NAME", "csrf_token"))
        schema = found.setdefault("form", {"type": "object", "properties": {}, "required": []})
        schema["properties"][name] = {"type": "string", "description": "or the header X-CSRFToken"}
    if location in found and (nested(cls) or _own_check(cls)):
        found[location][INCOMPLETE] = f"{cls.__name__} checks more than its fields"
    return [(place, Described(schema)) for place, schema in found.items()]


def _own_check(cls: type) -> bool:
    """Whether the program has a `validate` of its own for the form."""
    held = next((vars(parent)["validate"] for parent in cls.__mro__ if "validate" in vars(parent)), None)
    return not is_installed(getattr(getattr(held, "__code__", None), "co_filename", "site-packages"))
