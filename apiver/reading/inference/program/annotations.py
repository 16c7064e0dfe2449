"""Annotations -> shapes. One written as a string is parsed and its names are looked up; it is not run."""

from __future__ import annotations

import ast
import collections.abc
import dataclasses
import inspect
import sys
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from apiver.reading.inference.values.shapes import (
    NONE,
    Field,
    Known,
    Label,
    Listing,
    Record,
    Recursive,
    Tuple,
    Typed,
    Unknown,
    Value,
    union,
)

_LISTS: tuple[type, ...] = (
    list,
    set,
    frozenset,
    collections.abc.Sequence,
    collections.abc.Iterable,
    collections.abc.Collection,
)
_LISTS += (collections.abc.MutableSequence, collections.abc.Set, collections.abc.Iterator)
_MAPPINGS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
_TRANSPARENT = frozenset({"Mapped", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly", "Annotated"})

Lookup = Callable[[str], Any]


def annotated(annotation: Any, lookup: Lookup, within: tuple[type, ...] = ()) -> Value:
    """The shape of values annotated with `annotation`, a live object or a string."""
    if isinstance(annotation, str):
        try:
            annotation = _resolve(ast.parse(annotation, mode="eval").body, lookup)
        except (SyntaxError, LookupError):
            return Unknown(f"the annotation {annotation} could not be resolved")
    elif isinstance(annotation, typing.ForwardRef):
        return annotated(annotation.__forward_arg__, lookup, within)
    return _shape(annotation, lookup, within)


def node_annotated(node: ast.expr, lookup: Lookup) -> Value:
    """The shape of values annotated with the expression `node`."""
    try:
        return _shape(_resolve(node, lookup), lookup, ())
    except LookupError:
        return Unknown(f"the annotation {ast.unparse(node)} could not be resolved")


def _shape(annotation: Any, lookup: Lookup, within: tuple[type, ...]) -> Value:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is None or annotation is type(None):
        return NONE
    if annotation is typing.Any or annotation is object:
        return Unknown(f"it is annotated {_spelling(annotation)}")
    if origin is typing.Union or origin is types.UnionType:
        return union(annotated(option, lookup, within) for option in arguments)
    if origin is typing.Literal:
        return _closed(arguments)
    if origin is not None and getattr(origin, "__name__", None) in _TRANSPARENT and arguments:
        return annotated(arguments[0], lookup, within)
    if isinstance(origin, type) and origin.__name__ in _TRANSPARENT and arguments:
        return annotated(arguments[0], lookup, within)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return Listing(annotated(arguments[0], lookup, within))
        return Tuple(tuple(annotated(item, lookup, within) for item in arguments))
    if origin in _LISTS:
        return Listing(annotated(arguments[0], lookup, within) if arguments else _bare(annotation))
    if origin in _MAPPINGS:
        return Record(
            {}, rest=annotated(arguments[1], lookup, within) if len(arguments) == 2 else _bare(annotation)
        )
    if isinstance(origin, type):
        annotation = origin
    if hasattr(annotation, "__supertype__"):  # typing.NewType
        return annotated(annotation.__supertype__, lookup, within)
    if not isinstance(annotation, type):
        return Unknown(f"it is annotated {_spelling(annotation)}")
    if is_typed_dict(annotation):
        return typed_dict(annotation, within)
    if annotation in _LISTS or annotation is tuple:
        return Listing(_bare(annotation))
    if annotation in _MAPPINGS:
        return Record(
            {}, open=Unknown(f"it is annotated {annotation.__name__}, without the types of its contents")
        )
    return Typed(annotation)


def _bare(annotation: Any) -> Unknown:
    return Unknown(f"it is annotated {_spelling(annotation)}, without the type of its items")


def _spelling(annotation: Any) -> str:
    return getattr(annotation, "__name__", None) or str(annotation).replace("typing.", "")


def _closed(values: tuple[Any, ...]) -> Value:
    kinds = {type(value) for value in values}
    if len(kinds) == 1 and kinds <= {str, int}:
        return Typed(kinds.pop(), (("enum", tuple(values)),))
    return union(Known(value) for value in values)


def is_typed_dict(cls: Any) -> bool:
    """Whether `cls` is a TypedDict, be it of `typing` or of `typing_extensions`."""
    return isinstance(cls, type) and issubclass(cls, dict) and "__required_keys__" in vars(cls)


def typed_dict(cls: type, within: tuple[type, ...] = ()) -> Value:
    """The record that a TypedDict describes (PEP 589, PEP 655)."""
    if cls in within:
        return Recursive(Label(cls.__name__, f"{cls.__module__}.{cls.__qualname__}"))
    lookup = lookup_in(cls)
    required = cls.__required_keys__  # type: ignore[attr-defined]
    hints = _annotations_of(cls)
    fields = {
        key: Field(
            annotated(hint, lookup, (*within, cls)), key in required and "NotRequired" not in str(hint)
        )
        for key, hint in hints.items()
    }
    return Record(fields, label=Label(cls.__name__, f"{cls.__module__}.{cls.__qualname__}"))


def _annotations_of(cls: type) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for parent in reversed(getattr(cls, "__orig_bases__", ())):
        if is_typed_dict(parent):
            found.update(_annotations_of(parent))
    found.update(inspect.get_annotations(cls))
    return found


def class_annotation(cls: type, name: str) -> Value | None:
    """The shape that the nearest class of the MRO annotates attribute `name` with."""
    for parent in cls.__mro__:
        own = inspect.get_annotations(parent)
        if name in own:
            return annotated(own[name], lookup_in(parent))
    return None


def dataclass_fields(cls: type) -> dict[str, Value]:
    """The fields of a dataclass, in order."""
    lookup = lookup_in(cls)
    return {entry.name: annotated(entry.type, lookup) for entry in dataclasses.fields(cls)}


def lookup_in(cls: type) -> Lookup:
    """How names in the annotations of `cls` are looked up: in the module that defines it."""
    module = sys.modules.get(cls.__module__)
    names: Mapping[str, Any] = vars(module) if module else {}

    def find(name: str) -> Any:
        if name in names:
            return names[name]
        if name == cls.__name__:
            return cls
        if name in vars(cls):
            return vars(cls)[name]
        builtin = getattr(sys.modules["builtins"], name, None)
        if builtin is None:
            raise LookupError(name)
        return builtin

    return find


def lookup_for(names: Mapping[str, Any], cells: Mapping[str, Any]) -> Lookup:
    """How names in the annotations of a function are looked up."""

    def find(name: str) -> Any:
        for space in (cells, names, vars(sys.modules["builtins"])):
            if name in space:
                return space[name]
        raise LookupError(name)

    return find


def _resolve(node: ast.expr, lookup: Lookup) -> Any:
    if isinstance(node, ast.Name):
        return lookup(node.id)
    if isinstance(node, ast.Attribute):
        owner = _resolve(node.value, lookup)
        found = inspect.getattr_static(owner, node.attr, None)
        if found is None and isinstance(owner, types.ModuleType):
            found = getattr(owner, node.attr, None)
        if found is None:
            raise LookupError(node.attr)
        return found
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return _resolve(ast.parse(node.value, mode="eval").body, lookup)
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return typing.Union[_resolve(node.left, lookup), _resolve(node.right, lookup)]  # noqa: UP007 - made at run time
    if isinstance(node, ast.Subscript):
        owner = _resolve(node.value, lookup)
        if owner is typing.Literal:
            items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            return typing.Literal[tuple(ast.literal_eval(item) for item in items)]
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if owner is typing.Annotated:
            return _resolve(items[0], lookup)
        arguments = [_resolve(item, lookup) for item in items]
        name = getattr(owner, "__name__", None) or getattr(owner, "_name", None)
        if name in _TRANSPARENT:
            return arguments[0]
        try:
            return owner[tuple(arguments) if len(arguments) > 1 else arguments[0]]
        except TypeError as problem:
            raise LookupError(ast.unparse(node)) from problem
    if isinstance(node, ast.List):
        return [_resolve(item, lookup) for item in node.elts]
    raise LookupError(ast.unparse(node))
