"""What a name means inside a function: its closure, its module, the builtins - all of them live objects."""

from __future__ import annotations

import builtins
import enum
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FunctionType, MethodType
from typing import Any

import flask

from apiver.contract.document import Place
from apiver.reading.inference.program.source import SourceFile, Sources
from apiver.reading.inference.values.facts import Subject
from apiver.reading.inference.values.shapes import (
    Asked,
    Field,
    Known,
    Listing,
    Live,
    Record,
    Ref,
    Tuple,
    Unknown,
    Value,
    general,
    union,
)
from apiver.reading.schemas.json_schema import is_json_schema

GLOBALS = Ref(0)  # `flask.g`: one object that hooks, decorators and the view share
VIEW_ARGUMENTS = Ref(-1)  # `request.view_args`: what the rule's variables are; functions may change it
CHECKED = Ref(-2)  # what an extension has put at the request that it checked: `request.body_params`

# Modules of libraries that answer in the place of the program, in code as plain as the program's own.
READ = frozenset(
    {"flask_jwt_extended.jwt_manager", "flask_jwt_extended.default_callbacks", "flask_jwt_extended.config"}
)

_SCALARS = (type(None), bool, int, float, str, bytes)
_MOST_ITEMS = 200
_DEEPEST = 6


@dataclass(frozen=True, eq=False)
class Scope:
    """Where a function looks up the names that are not its own."""

    file: SourceFile
    names: Mapping[str, Any]
    cells: Mapping[str, Any] = field(default_factory=dict)
    sources: Sources = field(default_factory=Sources)

    def lookup(self, name: str, place: Place) -> Value:
        """The value of the free name `name`."""
        if name in self.cells:
            return lift(self.cells[name])
        if name in self.names:
            return self._module_value(name, self.names[name])
        if hasattr(builtins, name):
            return lift(getattr(builtins, name))
        return Unknown(f"the name {name} is not defined", place)

    def live(self, name: str) -> Any:
        """The live object behind `name`, or None."""
        return self.cells.get(name, self.names.get(name, getattr(builtins, name, None)))

    def _module_value(self, name: str, value: Any) -> Value:
        # A container that the program fills while it runs says today what it held when it was loaded: only
        # the types of its contents are used. An upper-case name that nobody changes is a constant.
        mutated = name in self.file.mutated
        constant = name.upper() == name or is_json_schema(value)
        if type(value) in (dict, list, set) and (mutated or not constant or not value):
            return store(value, name)
        lifted = lift(value)
        return general(lifted) if mutated and isinstance(lifted, Known) else lifted


def scope_of(function: FunctionType, sources: Sources) -> Scope:
    """The scope in which the body of `function` runs."""
    cells: dict[str, Any] = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=False):
        try:
            cells[name] = cell.cell_contents
        except ValueError:  # the cell was never filled
            continue
    return Scope(sources.file(function.__code__.co_filename), function.__globals__, cells, sources)


def lift(value: Any, depth: int = 0) -> Value:
    """The shape of a live object. Its type is asked with `type()`: `isinstance` would wake up proxies."""
    if value is flask.g:
        return GLOBALS
    if value is flask.session:
        return Asked(Subject("session"))
    kind = type(value)
    if kind in _SCALARS or issubclass(kind, enum.Enum):
        return Known(value)
    if depth < _DEEPEST:
        if kind is tuple and len(value) <= _MOST_ITEMS:
            return Tuple(tuple(lift(item, depth + 1) for item in value))
        if kind in (list, set, frozenset) and len(value) <= _MOST_ITEMS:
            # A set has no order of its own that would be the same in every run.
            items = (
                value if kind is list else sorted(value, key=lambda item: (type(item).__name__, str(item)))
            )
            exact = tuple(lift(item, depth + 1) for item in items)
            return Listing(union(exact) if exact else None, exact)
        if kind is dict and len(value) <= _MOST_ITEMS:
            if all(type(key) is str for key in value):
                return Record({key: Field(lift(item, depth + 1)) for key, item in value.items()})
            return store(value, "a mapping", depth)
    return Live(value)


def store(value: Any, name: str, depth: int = 0) -> Value:
    """What the contents of a container that the program changes look like.

    A table of functions is no data: it is filled when the program is loaded, and stays as it is.
    """
    if not value:
        return Unknown(f"{name} was empty when the app was loaded")
    if type(value) is dict and _is_code(value):
        return lift(value) if all(type(key) is str for key in value) else Live(value)
    if type(value) is dict:
        if len(value) <= _MOST_ITEMS:
            rest = _alike([lift(item, depth + 1) for item in value.values()])
            return Record({}, rest=rest, keys=_keys(value))
        return Unknown(f"{name} is too large to read")
    items = list(value)[:_MOST_ITEMS]
    return Listing(_alike([lift(item, depth + 1) for item in items]))


def _keys(value: dict[Any, Any]) -> Value | None:
    """What the keys of a mapping look like, None where all are strings."""
    if all(type(key) is str for key in value):
        return None
    return _alike([lift(key) for key in value])


def _is_code(value: Any) -> bool:
    if type(value) is dict:
        return bool(value) and all(map(_is_code, value.values()))
    return isinstance(value, FunctionType | MethodType | type)


def _alike(items: list[Value]) -> Value:
    # Entries of one store are of one kind: a key that some of them lack is optional.
    records = [item for item in items if isinstance(item, Record)]
    if len(records) < len(items):
        return union(_generalised(item) for item in items)
    fields: dict[str, Field] = {}
    for key in dict.fromkeys(key for record in records for key in record.fields):
        holders = [record.fields[key].value for record in records if key in record.fields]
        fields[key] = Field(_alike(holders), len(holders) == len(records))
    return Record(fields)


def _generalised(value: Value) -> Value:
    if isinstance(value, Listing):
        return Listing(
            None if value.items is None else union(_generalised(i) for i in (value.exact or (value.items,)))
        )
    if isinstance(value, Record):
        fields = {k: Field(_generalised(entry.value), entry.required) for k, entry in value.fields.items()}
        return Record(fields, value.rest)
    if isinstance(value, Tuple):
        return Tuple(tuple(_generalised(item) for item in value.items))
    return general(value)


def package_of(module: str | None) -> str:
    """The first part of a dotted module name."""
    return (module or "").partition(".")[0]


def is_library(function: FunctionType, own: frozenset[str]) -> bool:
    """Whether `function` belongs to an installed package rather than to the program (its packages: `own`)."""
    # `functools.wraps` gives a decorator's function the module of the view; its globals are still its own.
    module = function.__globals__.get("__name__")
    package = package_of(module)
    if package in own or module in READ:
        return False
    path = function.__code__.co_filename
    return is_installed(path) or package in sys.stdlib_module_names


def is_installed(path: str) -> bool:
    """Whether the file at `path` belongs to an installed package or to Python."""
    parts = ("site-packages", "dist-packages", "<frozen")
    return any(part in path for part in parts) or path.startswith(f"{sys.base_prefix}/lib/python")
