"""From the callable that Flask registered to the function that its author wrote, and where that stands."""

from __future__ import annotations

import functools
import inspect
import linecache
import re
import types
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from flask.views import MethodView

from apiver.inventory.frames import Spot, is_user_code

View = Callable[..., Any]

_DEF = re.compile(r"\s*(?:async\s+)?def\s+(\w+)")


def handler_of(view: View, method: str, endpoint: str, arguments: Collection[str] = ()) -> View:
    """The user's own function or method that answers `method`.

    Takes off, in whatever order they come: `functools.wraps` chains, `functools.partial`, `as_view` (the
    method of a MethodView, else `dispatch_request`), and decorators without `wraps` where their closure
    holds one function alone that could be the view. A bound method stays bound to its object.
    `arguments` are the variables of the rule.
    """
    seen: list[object] = []
    while not any(view is one for one in seen):
        seen.append(view)
        view = _one_layer_off(view, method, endpoint, arguments)
    return view


def _one_layer_off(view: View, method: str, endpoint: str, arguments: Collection[str]) -> View:
    # Looked up statically: a callable object of the user's may answer for any attribute, or raise.
    view_class = inspect.getattr_static(view, "view_class", None)
    if isinstance(view_class, type):
        return _method_of_class(view_class, method) or view
    if isinstance(view, functools.partial):
        return view.func
    if isinstance(view, types.MethodType):
        inner = _one_layer_off(view.__func__, method, endpoint, arguments)
        return view if inner is view.__func__ else _bind(inner, view.__self__)
    wrapped = inspect.getattr_static(view, "__wrapped__", None)
    if callable(wrapped):
        return wrapped  # type: ignore[no-any-return]
    if not isinstance(view, types.FunctionType):
        return _inside_of_object(view, endpoint, arguments)
    inner_view = _only_view_among(_closure(view), view, endpoint, arguments)
    return inner_view or view


def _method_of_class(view_class: type, method: str) -> View | None:
    if issubclass(view_class, MethodView):
        own = getattr(view_class, method.lower(), None)
        if own is None and method == "HEAD":
            own = getattr(view_class, "get", None)
        if own is not None:
            return own  # type: ignore[no-any-return]
    return getattr(view_class, "dispatch_request", None)


def _bind(function: View, owner: object) -> View:
    return types.MethodType(function, owner) if isinstance(function, types.FunctionType) else function


def _inside_of_object(view: View, endpoint: str, arguments: Collection[str]) -> View:
    """A callable object: the view that it wraps, else its own `__call__`."""
    call = inspect.getattr_static(type(view), "__call__", None)
    if not isinstance(call, types.FunctionType):
        return view
    own = types.MethodType(call, view)
    held = list(vars(view).values()) if hasattr(view, "__dict__") else []
    return _only_view_among(held, call, endpoint, arguments) or own


def _closure(function: types.FunctionType) -> list[object]:
    found = []
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # a variable that is not set yet
            found.append(cell.cell_contents)
    return found


def _only_view_among(
    values: list[object], wrapper: types.FunctionType, endpoint: str, arguments: Collection[str]
) -> View | None:
    """The one function that a wrapper passes its call on to, if nothing else comes into question.

    A closure also holds helpers. A function counts where it carries the endpoint's name, or where the wrapper
    takes any keyword and the function takes the variables of the rule.
    """
    functions: list[View] = [one for one in values if callable(one) and _is_users_function(one)]
    named = [one for one in functions if getattr(one, "__name__", None) == endpoint.rpartition(".")[2]]
    if len(named) == 1:
        return named[0]
    if not wrapper.__code__.co_flags & inspect.CO_VARKEYWORDS:
        return None
    fitting = [one for one in functions if _takes(one, arguments)]
    return fitting[0] if len(functions) == len(fitting) == 1 else None


def _is_users_function(value: View) -> bool:
    if not isinstance(value, (types.FunctionType, types.MethodType)):
        return False
    return hasattr(value, "view_class") or is_user_code(value.__code__.co_filename)


def _takes(function: View, arguments: Collection[str]) -> bool:
    parameters = inspect.signature(function).parameters
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        return True
    return all(name in parameters for name in arguments)


def definition_of(function: View) -> Spot | None:
    """File and line of the `def` (or `lambda`) of a function, below its decorators; None for C code."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, types.CodeType):
        return None
    first = code.co_firstlineno
    # A function with decorators begins at the first of them; its `def` comes a few lines later.
    lines = linecache.getlines(code.co_filename, getattr(function, "__globals__", None))
    for number in range(first, min(len(lines), first + 200) + 1):
        start = _DEF.match(lines[number - 1])
        if start and start[1] == code.co_name:
            return code.co_filename, number
    return code.co_filename, first
