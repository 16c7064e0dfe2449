"""`value.name` for every kind of value; no property or descriptor of the program is ever run."""

from __future__ import annotations

import ast
import enum
import types
from typing import Any

import flask
from werkzeug.exceptions import HTTPException

from apiver.reading.inference.extensions import resources
from apiver.reading.inference.extensions.parsing import Parsed
from apiver.reading.inference.frame import Arguments, Dead, Frame
from apiver.reading.inference.models.members import (
    MISSING,
    column_names,
    declared_attribute,
    is_model,
    static,
)
from apiver.reading.inference.models.queries import extension_attribute, is_extension, page_attribute
from apiver.reading.inference.models.sql import columns_of, row_fields, row_record
from apiver.reading.inference.program import folding
from apiver.reading.inference.program.annotations import annotated, lookup_for
from apiver.reading.inference.program.library import ATTRIBUTE_TYPES
from apiver.reading.inference.program.scope import GLOBALS, READ, lift, package_of, store
from apiver.reading.inference.program.structure_calls import attributes_of
from apiver.reading.inference.requests.asking import asked_attribute, request_attribute
from apiver.reading.inference.requests.guards.login import is_current_user, user_attribute
from apiver.reading.inference.responses.replies import reply_attribute
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Bound,
    Known,
    Listing,
    Live,
    Method,
    Object,
    Page,
    Ref,
    Reply,
    Rows,
    Super,
    Tuple,
    Typed,
    Union,
    Unknown,
    Value,
    general,
    union,
)
from apiver.reading.inference.values.structures import is_named_tuple
from apiver.reading.schemas.json_schema import is_json_schema


def attribute(value: Value, name: str, frame: Frame, node: ast.AST) -> Value:
    """The value of `value.name`. None has no attributes: that alternative does not get here."""
    if isinstance(value, Union):
        results: list[Value] = []
        for option in value.options:
            if option == NONE:
                continue
            try:
                results.append(attribute(option, name, frame, node))
            except Dead:
                continue
        if not results:
            raise Dead
        return union(results)
    if value == NONE:
        raise Dead  # AttributeError
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Asked):
        return asked_attribute(value, name, frame, node)
    if isinstance(value, Live):
        return _of_live(value.object, name, frame, node)
    if isinstance(value, Super):
        return _of_class(value.receiver, value.cls, name, frame, node, after=value.after)
    if isinstance(value, Tuple) and value.columns:
        held = row_fields(value)
        if name in ("_mapping", "_fields"):
            return row_record(value)
        return held.get(name, Method(value, name))
    if isinstance(value, Rows) and name in ("c", "columns"):
        return Object(types.SimpleNamespace, columns_of(value))
    if isinstance(value, Page):
        return page_attribute(value, name)
    if isinstance(value, Known) and isinstance(value.value, enum.Enum):
        return _of_member(value, name, frame, node)
    if isinstance(value, Object) and name in value.attributes:
        return value.attributes[name]
    if isinstance(value, Ref):
        return _of_cell(value, name, frame, node)
    if isinstance(value, Typed | Object):
        return _of_instance(value, value.cls, name, frame, node)
    return Method(value, name)


def _of_member(value: Known, name: str, frame: Frame, node: ast.AST) -> Value:
    member = value.value
    if name == "value":
        return lift(member.value)
    if name == "name":
        return Known(member.name)
    return _of_class(value, type(member), name, frame, node)


def _of_cell(value: Ref, name: str, frame: Frame, node: ast.AST) -> Value:
    cell = frame.state.heap[value.address]
    if isinstance(cell, Object):
        held = cell.attributes.get(name)
        if held is not None and not isinstance(held, Unknown):
            return _stated_or_held(cell.cls, name, held)
        return _of_instance(value, cell.cls, name, frame, node)
    if isinstance(cell, Parsed) and name in cell.fields:
        return cell.fields[name].value
    if isinstance(cell, Reply):
        found = reply_attribute(value, name, frame) if name != "get_json" else None
        return Method(value, name) if found is None else found
    return Method(value, name)


def _stated_or_held(cls: type, name: str, held: Value) -> Value:
    # What the client sent has the type that the class demands of it, if it says one.
    if isinstance(held, Asked) and held.cls is None:
        stated = declared_attribute(cls, name)
        if stated is not None and not isinstance(stated, Unknown):
            return stated
    return held


def _of_instance(value: Value, cls: type, name: str, frame: Frame, node: ast.AST) -> Value:
    if value == GLOBALS and name in ("get", "pop", "setdefault"):
        return Method(value, name)
    if value == GLOBALS:
        return frame.unknown(f"g.{name} is set where the reading does not get to", node)
    if cls in ATTRIBUTE_TYPES and name in ATTRIBUTE_TYPES[cls]:
        return Typed(ATTRIBUTE_TYPES[cls][name])
    if name == "message" and cls.__module__ == "jsonschema.exceptions":
        return Typed(str)
    if issubclass(cls, HTTPException):
        found = _of_http_exception(cls, name)
        if found is not None:
            return found
    if name == "__dict__":
        return attributes_of(value, frame, node)
    if name == "__class__":
        return Live(cls)
    if is_named_tuple(cls) and name in ("_asdict", "_replace"):
        return Method(value, name)
    # What a class says of itself (`__table__`) is there; an annotation is for what is not.
    declared = None if name.startswith("__") else declared_attribute(cls, name)
    if declared is not None and (not isinstance(declared, Unknown) or is_model(cls)):
        return declared
    found = _of_class(value, cls, name, frame, node)
    return declared if declared is not None and isinstance(found, Unknown) else found


def _of_http_exception(cls: type[HTTPException], name: str) -> Value | None:
    if name == "name":
        return Typed(str)
    if name in ("code", "description"):
        held = static(cls, name)
        if isinstance(held, property):
            return Typed(str)
        return Unknown("an exception without a status") if held in (None, MISSING) else lift(held)
    return None


def _of_class(
    receiver: Value, cls: type, name: str, frame: Frame, node: ast.AST, after: type | None = None
) -> Value:
    """A class attribute seen from an instance: methods are bound, properties are read like calls."""
    mro = cls.__mro__[cls.__mro__.index(after) + 1 :] if after in cls.__mro__ else cls.__mro__
    owner = next((parent for parent in mro if name in vars(parent)), None)
    if owner is None:
        return _undeclared(receiver, cls, name, frame, node)
    held = vars(owner)[name]
    if isinstance(held, types.FunctionType):
        if package_of(owner.__module__) not in frame.reader.shared.own and owner.__module__ in _KNOWN_MODULES:
            return Method(receiver, name)
        return Bound(Live(held), receiver, owner)
    if isinstance(held, staticmethod):
        return Live(held.__func__)
    if isinstance(held, classmethod):
        return Bound(Live(held.__func__), Live(cls), owner)
    getter = _getter(held)
    if getter is not None:
        return frame.reader.call(Bound(Live(getter), receiver, owner), Arguments(), frame, node)
    if isinstance(
        held, types.MethodDescriptorType | types.WrapperDescriptorType | types.ClassMethodDescriptorType
    ):
        return Method(receiver, name)
    if isinstance(held, types.GetSetDescriptorType | types.MemberDescriptorType):
        return frame.unknown(f"nothing says what {cls.__name__}.{name} holds", node)
    return lift(held)


# Their methods are known by name (`methods.py`); their code is not read.
_KNOWN_MODULES = frozenset({"werkzeug.exceptions", "werkzeug.datastructures.file_storage"})


def _getter(held: Any) -> types.FunctionType | None:
    """The function behind a property, a cached property or a hybrid."""
    kind = type(held)
    if issubclass(kind, property) or kind.__name__ == "hybrid_property":
        function = held.fget
    elif kind.__name__ == "cached_property":
        function = held.func
    else:
        return None
    return function if isinstance(function, types.FunctionType) else None


def _undeclared(receiver: Value, cls: type, name: str, frame: Frame, node: ast.AST) -> Value:
    if cls.__module__ == "builtins" or name.startswith("__"):
        return Method(receiver, name)
    return frame.unknown(f"nothing says what {cls.__name__}.{name} holds", node)


def _of_live(owner: Any, name: str, frame: Frame, node: ast.AST) -> Value:
    if owner is flask.request:
        found = request_attribute(name, frame, node)
        return Method(Live(owner), name) if found is None else found
    if owner is flask.current_app:
        owner = frame.reader.shared.app
    if is_current_user(owner):
        return user_attribute(name, frame, node)
    if type(owner).__module__ == "werkzeug.local":
        return frame.unknown(f"{name} is read from a proxy that is bound while a request is served", node)
    if type(owner) is types.ModuleType:
        return _of_module(owner, name, frame, node)
    if isinstance(owner, type):
        return _of_live_class(owner, name, frame, node)
    return _of_live_instance(owner, name, frame, node)


def _of_module(owner: types.ModuleType, name: str, frame: Frame, node: ast.AST) -> Value:
    held = getattr(owner, name, MISSING)
    if held is MISSING:
        return frame.unknown(f"the module {owner.__name__} has no {name}", node)
    path = getattr(owner, "__file__", None)
    file = (
        frame.scope.sources.file(path)
        if path and package_of(owner.__name__) in frame.reader.shared.own
        else None
    )
    if type(held) in (dict, list, set):
        mutated = (file is not None and name in file.mutated) or name in frame.scope.file.mutated
        if mutated or not held or not (name.upper() == name or is_json_schema(held)):
            return store(held, name)
    return lift(held)


def _of_live_class(owner: type, name: str, frame: Frame, node: ast.AST) -> Value:
    if issubclass(owner, enum.Enum):
        members = owner.__members__
        if name in members:
            return Known(members[name])
        if name == "__members__":
            return lift(dict(members))
    if name == "query" and is_model(owner):
        return Rows(Typed(owner))
    if name == "__name__":
        return Known(owner.__name__)
    held = static(owner, name)
    if held is MISSING:
        return frame.unknown(f"{owner.__name__} has no {name}", node)
    if isinstance(held, staticmethod):
        return Live(held.__func__)
    if isinstance(held, classmethod):
        defined = next((parent for parent in owner.__mro__ if name in vars(parent)), owner)
        return Bound(Live(held.__func__), Live(owner), defined)
    if isinstance(held, types.FunctionType):
        return Live(held)
    if isinstance(
        held, types.BuiltinFunctionType | types.MethodDescriptorType | types.ClassMethodDescriptorType
    ):
        return Method(Live(owner), name)
    return lift(held)


def _of_live_instance(owner: Any, name: str, frame: Frame, node: ast.AST) -> Value:
    kind = type(owner)
    of_resource = resources.attribute(owner, name, frame, node)
    if of_resource is not None:
        return of_resource
    computed = folding.attribute(owner, name)
    if computed is not None:
        return computed
    if is_extension(owner):
        found = extension_attribute(owner, name)
        if found is not None:
            return found
    if kind.__module__.startswith("sqlalchemy"):
        return _of_sqlalchemy(owner, name)
    own = static(owner, "__dict__")
    held = vars(owner).get(name, MISSING) if own is not MISSING and hasattr(kind, "__dict__") else MISSING
    if held is not MISSING and kind is not types.FunctionType:
        # An instance that lives as long as the app: what it holds now may change, its type does not.
        if type(held) in (dict, list, set) and not is_json_schema(held):
            return store(held, name)
        return lift(held) if name.isupper() else general(lift(held))
    if kind is types.FunctionType and name == "__name__":
        return Known(owner.__name__)
    if any(name in vars(parent) for parent in kind.__mro__):
        if package_of(kind.__module__) in frame.reader.shared.own or kind.__module__ in READ:
            return _of_class(Live(owner), kind, name, frame, node)
        found = vars(next(parent for parent in kind.__mro__ if name in vars(parent)))[name]
        if issubclass(type(found), property) and found.fget is not None:
            return _stated(found.fget) or Method(Live(owner), name)
        return lift(found) if isinstance(found, type) else Method(Live(owner), name)
    return frame.unknown(f"nothing says what {name} of a {kind.__name__} is", node)


def _stated(getter: Any) -> Value | None:
    """What a property of a library says of its value."""
    stated = getattr(getter, "__annotations__", {}).get("return")
    return None if stated is None else annotated(stated, lookup_for(getter.__globals__, {}))


def _of_sqlalchemy(owner: Any, name: str) -> Value:
    if name in ("columns", "c"):
        return _columns(owner, name)
    if name in ("column_attrs", "mapper") and type(owner).__name__ == "Mapper":
        return Live(owner) if name == "mapper" else _column_attributes(owner)
    if name in ("name", "key") and type(owner).__name__ in ("Column", "InstrumentedAttribute"):
        text = owner.key if name == "key" else getattr(owner, "name", owner.key)
        return Known(str(text))
    return Method(Live(owner), name)


def _column_attributes(mapper: Any) -> Value:
    """`mapper.column_attrs`. The attribute itself would configure the mappers, so it is not asked."""
    names = column_names(mapper.class_)
    found = tuple(Object(types.SimpleNamespace, {"key": Known(name)}) for name in names)
    return Listing(union(found) if found else None, found)


def _columns(owner: Any, name: str) -> Value:
    if type(owner).__name__ == "Mapper":
        owner = owner.local_table
    if type(owner).__name__ != "Table":
        return Method(Live(owner), name)
    found = tuple(Live(column) for column in owner.columns)
    return Listing(union(found), found)
