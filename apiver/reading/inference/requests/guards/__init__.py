"""The guards of authentication extensions: what they demand of a request, read off their live objects.

One module for each extension; none of them is imported for it.
"""

from __future__ import annotations

import ast
import types

from apiver.reading.inference.frame import Arguments, Frame
from apiver.reading.inference.requests.guards import httpauth, jwt, login, security
from apiver.reading.inference.values.shapes import Live, Value


def guarded(
    function: types.FunctionType, wrapped: object, arguments: Arguments, frame: Frame, node: ast.AST
) -> Value | None:
    """What a decorated view answers if its decorator is a guard that is known, else None.

    Where the guard lets nobody through this raises Dead; what it refuses with is noted as raised.
    """
    for extension in (httpauth, jwt, login, security):
        if extension.guard(function, frame, node):
            return frame.reader.call(Live(wrapped), arguments, frame, node)
    return None
