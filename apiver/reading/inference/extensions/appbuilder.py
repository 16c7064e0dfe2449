"""The helpers by which APIs of Flask-AppBuilder answer: `self.response(200, ...)`, `self.response_404()`."""

from __future__ import annotations

import ast
import re
from types import FunctionType

from apiver.reading.inference.frame import Arguments, Frame
from apiver.reading.inference.responses.replies import JSON, status_of
from apiver.reading.inference.values.shapes import Field, Known, Record, Reply, Typed, Value

MODULE = "flask_appbuilder.api"

_WITH_MESSAGE = re.compile(r"response_(\d{3})")


def helper(target: FunctionType, arguments: Arguments, frame: Frame, node: ast.AST) -> Value | None:
    """What such a helper returns; None where `target` is something else."""
    name, place = target.__name__, frame.place(node)
    known = _WITH_MESSAGE.fullmatch(name)
    if known is not None:
        body = frame.allocate(Record({"message": Field(Typed(str))}))
        return frame.allocate(Reply(Known(int(known[1])), Known(JSON), body, True, place=place))
    code = arguments.get(0, "code")
    if name != "response" or code is None:
        return None
    fields = {
        key: Field(value, key not in arguments.optional)
        for key, value in arguments.keywords.items()
        if key != "code"
    }
    body = frame.allocate(Record(fields, open=arguments.open))
    return frame.allocate(Reply(status_of(code, frame, node), Known(JSON), body, True, place=place))
