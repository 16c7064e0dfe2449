"""Finding what an extension left in a loaded app, without importing anything that the app did not import."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from types import FunctionType, MethodType
from typing import Any, TypeVar

from flask import Flask

View = Callable[..., Any]
T = TypeVar("T")

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")


def loaded(dotted: str) -> Any:
    """The object with that dotted name, such as `flask_restx.Api`, or None where its module is not loaded."""
    module, _, name = dotted.rpartition(".")
    return getattr(sys.modules.get(module), name, None)


def wrappers(view: View) -> Iterator[View]:
    """A view, the functions that it wraps, and the methods of its `view_class` with what these wrap."""
    owner = inspect.getattr_static(view, "view_class", None)
    methods = [getattr(owner, name) for name in _METHODS if hasattr(owner, name)] if owner else []
    todo: list[Any] = [view, *methods]
    seen: set[int] = set()
    while todo:
        function = todo.pop(0)
        if callable(function) and id(function) not in seen:
            seen.add(id(function))
            yield function
            todo.append(inspect.getattr_static(function, "__wrapped__", None))


def free_variables(function: View) -> dict[str, Any]:
    """What the closure of a function holds, by name; empty cells are left out."""
    found = {}
    code = getattr(function, "__code__", None)
    cells = getattr(function, "__closure__", None) or ()
    for name, cell in zip(getattr(code, "co_freevars", ()), cells, strict=False):
        try:
            found[name] = cell.cell_contents
        except ValueError:  # the variable is not set yet
            continue
    return found


def instances(app: Flask, cls: type[T] | None) -> list[T]:
    """The objects of a class that can be reached from an app, in a fixed order; none where `cls` is None.

    Looked at are the attributes and extensions of the app, the module that it is named after, the modules of
    its views, and what its views are bound to, close over and carry as attributes, one level into lists.
    """
    if cls is None:
        return []
    found: dict[int, T] = {}
    for value in _reachable(app):
        members = value if isinstance(value, (list, tuple)) else (value,)
        for member in members:
            if isinstance(member, cls):
                found.setdefault(id(member), member)
    return list(found.values())


def _reachable(app: Flask) -> Iterator[Any]:
    yield from list(vars(app).values())
    yield from list(app.extensions.values())
    views = [app.view_functions[endpoint] for endpoint in sorted(app.view_functions)]
    modules = dict.fromkeys([app.import_name, *(str(getattr(view, "__module__", "")) for view in views)])
    for name in modules:
        if name in sys.modules:
            yield from list(vars(sys.modules[name]).values())
    for view in views:
        for function in wrappers(view):
            yield function.__self__ if isinstance(function, MethodType) else None
            yield from free_variables(function).values()
            if isinstance(function, FunctionType):
                yield from list(vars(function).values())
