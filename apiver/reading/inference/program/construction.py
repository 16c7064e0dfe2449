"""Calls of classes: what a new instance is, and what its arguments say."""

from __future__ import annotations

import ast
import dataclasses
import enum
import types
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from apiver.reading.inference.conditions.checks import not_read
from apiver.reading.inference.frame import Arguments, Frame, argument
from apiver.reading.inference.models.members import is_model, static
from apiver.reading.inference.models.schema_classes import schema_instance
from apiver.reading.inference.program.annotations import is_typed_dict
from apiver.reading.inference.program.scope import lift, package_of
from apiver.reading.inference.requests.columns import note_column
from apiver.reading.inference.requests.form_classes import form_instance
from apiver.reading.inference.requests.handing import handed_on, into_columns
from apiver.reading.inference.requests.loading import constructed
from apiver.reading.inference.requests.validators import is_validator, make_validator
from apiver.reading.inference.responses.replies import response
from apiver.reading.inference.values.facts import GIVEN, Fact
from apiver.reading.inference.values.shapes import (
    Asked,
    Bound,
    Field,
    Known,
    Live,
    Object,
    Record,
    Tuple,
    Typed,
    Value,
)
from apiver.reading.inference.values.structures import is_attrs, is_named_tuple

_PLAIN = (bool, int, float, str, bytes, type(None))


def construct(cls: type, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`cls(...)`."""
    if issubclass(cls, Response):
        media = static(cls, "default_mimetype")
        return response(arguments, frame, node, media if isinstance(media, str) else "text/plain")
    if is_typed_dict(cls):
        fields = {
            key: Field(value, key not in arguments.optional, frame.place(node))
            for key, value in arguments.keywords.items()
        }
        return frame.allocate(Record(fields))
    parsed = constructed(cls, arguments, frame, node)
    if parsed is not None:
        return parsed
    schema = schema_instance(cls, arguments, frame, node)
    if schema is not None:
        return schema
    form = form_instance(cls, arguments, frame)
    if form is not None:
        return form
    if is_validator(cls):
        return make_validator(cls, arguments, frame)
    if issubclass(cls, enum.Enum):
        return _enum_member(cls, arguments, frame, node)
    if is_model(cls):
        into_columns(cls, arguments, frame, node)
    if is_model(cls) or (dataclasses.is_dataclass(cls) and "__init__" in vars(cls)):
        for name, value in arguments.keywords.items():
            note_column(cls, name, value, frame, node)
    init = static(cls, "__init__")
    if type(init) is types.FunctionType and package_of(init.__module__) in frame.reader.shared.own:
        if is_attrs(cls) and frame.scope.sources.function(init) is None:
            return frame.allocate(Object(cls, _attrs_given(cls, arguments)))
        if dataclasses.is_dataclass(cls) and frame.scope.sources.function(init) is None:
            return frame.allocate(Object(cls, _fields_given(cls, arguments, frame, node)))
        made: Value = (
            Typed(cls) if is_model(cls) else frame.allocate(Object(cls, _raised_with(cls, arguments)))
        )
        owner = next(parent for parent in cls.__mro__ if "__init__" in vars(parent))
        frame.reader.call(Bound(Live(init), made, owner), arguments, frame, node)
        return made
    if issubclass(cls, dict):
        return frame.reader.shared.rules[id(dict)](arguments, frame, node)
    if issubclass(cls, BaseException):
        held = _raised_with(cls, arguments)
        if type(init) is types.FunctionType:
            held |= _kept_arguments(init, arguments, frame)
        return frame.allocate(Object(cls, held))
    if (
        package_of(cls.__module__) in frame.reader.shared.own
        and not is_model(cls)
        and not hasattr(cls, "_fields")
    ):
        return frame.allocate(Object(cls, {}))
    if is_named_tuple(cls):
        names = cls._fields  # type: ignore[attr-defined]
        held = {key: lift(value) for key, value in cls._field_defaults.items()}  # type: ignore[attr-defined]
        given = dict(zip(names, arguments.positional, strict=False)) | dict(arguments.keywords)
        return frame.allocate(Object(cls, held | given))
    if cls is types.SimpleNamespace:
        return frame.allocate(Object(cls, dict(arguments.keywords)))
    return Typed(cls)


def _enum_member(cls: Any, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    value = argument(arguments, 0, "value")
    if isinstance(value, Asked) and value.exact:
        # Any other value ends in a ValueError.
        values = tuple(member.value for member in cls)
        frame.state.learn(Fact(value.subject, "enum", values), Fact(value.subject, GIVEN))
    elif isinstance(value, Asked):
        not_read(value, frame, node)
    if isinstance(value, Known):
        for member in cls:
            if member.value == value.value:
                return Known(member)
    return Typed(cls)


def _fields_given(cls: type, arguments: Arguments, frame: Frame, node: ast.AST) -> dict[str, Value]:
    names = [entry.name for entry in dataclasses.fields(cls) if entry.init]
    given = dict(zip(names, arguments.positional, strict=False)) | dict(arguments.keywords)
    taken = {e.name: _default_of(e) for e in dataclasses.fields(cls) if e.init and e.name not in given}
    sent = handed_on(arguments, taken, frame, node, closed=True)
    for name, value in sent.items():
        note_column(cls, name, value, frame, node)
    given |= sent
    for name, value in zip(names, arguments.positional, strict=False):
        note_column(cls, name, value, frame, node)
    for entry in dataclasses.fields(cls):
        if entry.name not in given and entry.default is not dataclasses.MISSING:
            given[entry.name] = lift(entry.default)
    return given


def _kept_arguments(init: types.FunctionType, arguments: Arguments, frame: Frame) -> dict[str, Value]:
    """The attributes that the constructor of a library's exception sets to what it is given, and no more."""
    syntax = frame.scope.sources.function(init)
    if syntax is None or isinstance(syntax, ast.Lambda) or arguments.open is not None:
        return {}
    names = [parameter.arg for parameter in (*syntax.args.posonlyargs, *syntax.args.args)]
    given = dict(zip(names[1:], arguments.positional, strict=False)) | dict(arguments.keywords)
    found: dict[str, Value] = {}
    for statement in syntax.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name):
            for target in statement.targets:
                if isinstance(target, ast.Attribute) and ast.unparse(target.value) == names[0]:
                    value = given.get(statement.value.id)
                    if value is not None and statement.value.id in names:
                        found[target.attr] = value
    return found


def _attrs_given(cls: Any, arguments: Arguments) -> dict[str, Value]:
    taken = [entry for entry in cls.__attrs_attrs__ if entry.init]
    held = {entry.name: lift(entry.default) for entry in taken if isinstance(entry.default, _PLAIN)}
    names = [entry.name for entry in taken if not entry.kw_only]
    given = dict(zip(names, arguments.positional, strict=False))
    aliases = {getattr(entry, "alias", entry.name) or entry.name: entry.name for entry in taken}
    given |= {aliases.get(key, key): value for key, value in arguments.keywords.items()}
    return held | given


def _default_of(entry: Any) -> Value | None:
    """What stands for a field of a dataclass that is not given; None where that is an error."""
    if entry.default is not dataclasses.MISSING:
        return lift(entry.default)
    return None if entry.default_factory is dataclasses.MISSING else Known(None)


def _raised_with(cls: type, arguments: Arguments) -> dict[str, Value]:
    if not issubclass(cls, BaseException):
        return {}
    held: dict[str, Value] = {"args": Tuple(arguments.positional)}
    if issubclass(cls, HTTPException):
        for position, name in enumerate(("description", "response")):
            given = arguments.get(position, name)
            if given is not None:
                held[name] = given
    return held
