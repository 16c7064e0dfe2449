"""The variables of a rule as its converters hand them to the view."""

from __future__ import annotations

import ast
import uuid
from types import FunctionType
from typing import Any

from apiver.inventory.routes import PathParameter
from apiver.reading.inference.frame import Arguments, Dead, Frame
from apiver.reading.inference.program.annotations import annotated, lookup_for
from apiver.reading.inference.values.facts import Subject
from apiver.reading.inference.values.shapes import Asked, Bound, Known, Live, Object, Typed, Unknown, Value

_PYTHON_TYPES = {"integer": int, "number": float, "string": str}


def view_arguments(frame: Frame, node: ast.AST) -> dict[str, Value]:
    """The values of the variables of the rule: any that the converter makes, or the one that is pinned."""
    route = frame.reader.route
    found: dict[str, Value] = {}
    for parameter in route.parameters:
        if parameter.name in frame.reader.shared.watched:
            cls = _PYTHON_TYPES.get(parameter.schema.get("type", "string"), str)
            found[parameter.name] = Asked(Subject("path", (parameter.name,)), cls)
            continue
        found[parameter.name] = _converted(_converter(parameter, frame), parameter.name, parameter.schema)
    for parameter, text in route.pinned:
        found[parameter.name] = _pinned(_converter(parameter, frame), parameter, text, frame, node)
    return found


def _converter(parameter: PathParameter, frame: Frame) -> Any:
    return frame.reader.route.app.url_map.converters.get(parameter.converter)


def _own(converter: Any) -> type | None:
    """The class of the program whose `to_python` makes the value; None where Werkzeug's own does."""
    own = next((parent for parent in getattr(converter, "__mro__", ()) if "to_python" in vars(parent)), None)
    return None if own is None or own.__module__.startswith("werkzeug.") else own


def _converted(converter: Any, name: str, schema: dict[str, Any]) -> Value:
    own = _own(converter)
    if own is None:
        if schema.get("format") == "uuid":
            return Typed(uuid.UUID)
        return Typed(_PYTHON_TYPES.get(schema.get("type", "string"), str))
    function = vars(own)["to_python"]
    stated = getattr(function, "__annotations__", {}).get("return")
    if stated is None:
        return Unknown(f"the converter of {name} does not say what it makes")
    return annotated(stated, lookup_for(function.__globals__, {}))


def _pinned(converter: Any, parameter: PathParameter, text: str, frame: Frame, node: ast.AST) -> Value:
    own = _own(converter)
    if own is None:
        return Known(_PYTHON_TYPES.get(parameter.schema.get("type", "string"), str)(text))
    function = vars(own)["to_python"]
    if isinstance(function, FunctionType):
        try:
            return frame.reader.call(
                Bound(Live(function), Object(converter, {}), own), Arguments((Known(text),)), frame, node
            )
        except Dead:
            pass
    return _converted(converter, parameter.name, parameter.schema)
