"""What the attributes of an instance hold: SQLAlchemy columns and relationships, dataclasses, annotations.

SQLAlchemy is never imported: its classes are looked for among the modules that the app has loaded, and
nothing is asked of them that would configure the mappers or open a session.
"""

from __future__ import annotations

import enum
import inspect
import sys
from typing import Any

from apiver.reading.inference.program.annotations import class_annotation
from apiver.reading.inference.values.shapes import NONE, Listing, Typed, Unknown, Value, options, union
from apiver.reading.inference.values.structures import declared_fields

_COLUMNS = frozenset({"ColumnProperty", "MappedColumn", "MappedSQLExpression"})


def is_model(cls: type) -> bool:
    """Whether `cls` is a mapped SQLAlchemy class."""
    return _mapper(cls) is not None


def _mapper(cls: type) -> Any:
    mapper = cls.__dict__.get("__mapper__") if isinstance(cls, type) else None
    return mapper if type(mapper).__module__.startswith("sqlalchemy") else None


def column_names(cls: type) -> list[str]:
    """The attributes of a model that are mapped to columns."""
    return [name for name, prop in _mapper(cls)._props.items() if type(prop).__name__ in _COLUMNS]


def model_attribute(cls: type, name: str) -> Value | None:
    """The value of a mapped attribute: by its column, or by the class that its relationship leads to."""
    mapper = _mapper(cls)
    if mapper is None:
        return None
    prop = mapper._props.get(name)
    if prop is None:
        return _back_reference(cls, name)
    kind = type(prop).__name__
    if kind in _COLUMNS:
        column = prop.columns[0]
        value = column_value(column.type)
        if isinstance(value, Unknown):
            # What a JSON column or a type of its own holds may be said by `Mapped[dict]`.
            stated = class_annotation(cls, name)
            if stated is not None and not isinstance(stated, Unknown):
                return stated
        if type(column).__name__ not in ("Column", "AnnotatedColumn"):
            return union((value, NONE))  # an SQL expression: nobody declared it NOT NULL
        return union((value, NONE)) if column.nullable else value
    if kind in ("Relationship", "RelationshipProperty", "_RelationshipDeclared"):
        return _relationship(cls, prop)
    if "Synonym" in kind:
        return model_attribute(cls, prop.name)
    return Unknown(f"{cls.__name__}.{name} is mapped by {kind}")


def column_value(kind: Any) -> Value:
    """The Python value of a column of the SQLAlchemy type `kind`."""
    types = sys.modules["sqlalchemy.types"]
    decorator = types.TypeDecorator
    if issubclass(type(kind), decorator):
        own = _own_names(type(kind), decorator)
        if "python_type" in own:  # an Interval, which is a DateTime in some databases
            return Typed(kind.python_type)
        if own & {"process_result_value", "result_processor"}:
            return Unknown(f"the column type {type(kind).__name__} converts its values")
        return column_value(kind.impl_instance if hasattr(type(kind), "impl_instance") else kind.impl)
    if issubclass(type(kind), types.Enum):
        if kind.enum_class is not None:
            return Typed(kind.enum_class)
        return Typed(str, (("enum", tuple(kind.enums)),))
    if issubclass(type(kind), types.ARRAY):
        return Listing(column_value(kind.item_type))
    if issubclass(type(kind), types.JSON):
        return Unknown("a JSON column holds any value")
    if issubclass(type(kind), types.Numeric):
        return Typed(_decimal() if kind.asdecimal else float)
    if type(kind).__name__ == "Uuid" or type(kind).__name__ == "UUID":
        uuid = sys.modules.get("uuid")
        return Typed(uuid.UUID if uuid and getattr(kind, "as_uuid", True) else str)
    try:
        python = kind.python_type
    except NotImplementedError:
        return Unknown(f"the column type {type(kind).__name__} does not say what it holds")
    return Typed(python)


def _own_names(cls: type, until: type) -> set[str]:
    return {
        name
        for parent in cls.__mro__
        if parent is not until and until in parent.__mro__
        for name in vars(parent)
    }


def _decimal() -> type:
    from decimal import Decimal

    return Decimal


def _relationship(cls: type, prop: Any) -> Value:
    target = _target(cls, prop)
    if target is None:
        return Unknown(f"the relationship {cls.__name__}.{prop.key} names a class that is not known")
    many = True if prop.collection_class is not None else prop.uselist
    if many is None:
        many = _is_many(cls, prop, target)
    if many:
        return Listing(Typed(target))
    nullable = _annotated_nullable(cls, prop.key)
    if nullable is None:
        nullable = _foreign_key_nullable(cls, target)
    return union((Typed(target), NONE)) if nullable else Typed(target)


def _target(cls: type, prop: Any) -> type | None:
    argument = prop.argument
    if isinstance(argument, type):
        return argument
    name = argument if isinstance(argument, str) else getattr(argument, "arg", None)
    if not isinstance(name, str):
        entity = prop.__dict__.get("entity")  # known where the app has configured its mappers
        return getattr(entity, "class_", None)
    found = _mapper(cls).registry._class_registry.get(name.rpartition(".")[2])
    return found if isinstance(found, type) else None


def _is_many(cls: type, prop: Any, target: type) -> bool:
    if _argument(prop, "secondary") is not None:
        return True
    if target is cls:  # both ends have the key: only `remote_side` makes it the parent
        return not _argument(prop, "remote_side")
    return not _foreign_keys(cls, target)


def _argument(prop: Any, name: str) -> Any:
    # The attribute itself is set when the mappers are configured; the argument is there from the start.
    said = getattr(getattr(prop, "_init_args", None), name, None)
    found = getattr(said, "argument", None)
    return prop.__dict__.get(name) if found is None else found


def _foreign_keys(cls: type, target: type) -> list[Any]:
    tables = [parent.__dict__["__table__"] for parent in target.__mro__ if "__table__" in parent.__dict__]
    names = {table.name for table in tables}
    own = getattr(cls, "__table__", None)
    if own is None:
        return []
    return [
        column
        for column in own.columns
        for key in column.foreign_keys
        if key.target_fullname.split(".")[-2] in names
    ]


def _foreign_key_nullable(cls: type, target: type) -> bool:
    # No foreign key on this side: a one-to-one whose other side may be missing.
    keys = _foreign_keys(cls, target)
    return not keys or any(column.nullable for column in keys)


def _annotated_nullable(cls: type, name: str) -> bool | None:
    for parent in cls.__mro__:
        annotation = inspect.get_annotations(parent).get(name)
        if annotation is not None and "Mapped" in str(annotation):
            text = str(annotation)
            return "None" in text or "Optional" in text
    return None


def _back_reference(cls: type, name: str) -> Value | None:
    # `backref="author"` adds its attribute only when the mappers are configured, which must not happen here.
    if any(name in vars(parent) for parent in cls.__mro__):
        return None
    for other in _registered(cls):
        for prop in _mapper(other)._props.values():
            backref = getattr(prop, "backref", None)
            if backref is None or _target(other, prop) is not cls:
                continue
            called, settings = (backref, {}) if isinstance(backref, str) else backref
            if called != name:
                continue
            many = settings.get("uselist")
            if many is None:
                many = _argument(prop, "secondary") is not None or bool(_foreign_keys(other, cls))
            if many:
                return Listing(Typed(other))
            nullable = _foreign_key_nullable(cls, other)
            return union((Typed(other), NONE)) if nullable else Typed(other)
    return None


def _registered(cls: type) -> list[type]:
    classes = _mapper(cls).registry._class_registry.values()
    return sorted((c for c in classes if isinstance(c, type) and is_model(c)), key=lambda c: c.__qualname__)


def declared_attribute(cls: type, name: str) -> Value | None:
    """What a class says of an attribute without code: a column, a field of a dataclass, an annotation."""
    mapped = model_attribute(cls, name)
    if mapped is not None:
        return mapped
    if issubclass(cls, enum.Enum):
        return _enum_attribute(cls, name)
    if is_model(cls):
        proxied = _proxied(cls, name)
        if proxied is not None:
            return proxied
    stated = class_annotation(cls, name)
    if stated is None and "__attrs_attrs__" in vars(cls):
        return (declared_fields(cls) or {}).get(name)
    return stated


def _proxied(cls: type, name: str) -> Value | None:
    """What an association proxy leads to: an attribute of the other side, or of each of many."""
    held = static(cls, name)
    if type(held).__name__ != "AssociationProxy":
        return None
    target = declared_attribute(cls, held.target_collection)
    found: list[Value] = []
    for option in options(target) if target is not None else ():
        many = isinstance(option, Listing)
        other = option.items if isinstance(option, Listing) else option
        value = declared_attribute(other.cls, held.value_attr) if isinstance(other, Typed) else None
        if option == NONE:
            found.append(NONE)
        elif value is None:
            return Unknown(f"nothing says what {cls.__name__}.{name} leads to")
        else:
            found.append(Listing(value) if many else value)
    return union(found)


def _enum_attribute(cls: type[enum.Enum], name: str) -> Value | None:
    if name == "name":
        return Typed(str, (("enum", tuple(member.name for member in cls)),))
    if name == "value":
        values = tuple(member.value for member in cls)
        kinds = {type(value) for value in values}
        if len(kinds) == 1 and kinds <= {str, int}:
            return Typed(kinds.pop(), (("enum", values),))
        return Unknown(f"the values of {cls.__name__} are of several types")
    return None


def static(owner: Any, name: str) -> Any:
    """The attribute `name` of an object without running a descriptor; `MISSING` where there is none."""
    return inspect.getattr_static(owner, name, MISSING)


MISSING = object()
