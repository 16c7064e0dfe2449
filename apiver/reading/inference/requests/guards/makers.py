"""Which function of a library made another one: `wraps` gave a decorated view the name of what it wraps."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable


def maker_of(function: types.FunctionType, names: Iterable[str]) -> str:
    """The one of `names`, in the module of `function`, in whose code that of `function` lies; "" if none."""
    module = sys.modules.get(function.__globals__.get("__name__", ""))
    for name in names:
        made = getattr(getattr(module, name, None), "__code__", None)
        if isinstance(made, types.CodeType) and _holds(made, function.__code__):
            return name
    return ""


def _holds(outer: types.CodeType, code: types.CodeType) -> bool:
    inside = [inner for inner in outer.co_consts if isinstance(inner, types.CodeType)]
    return any(inner is code or _holds(inner, code) for inner in inside)
