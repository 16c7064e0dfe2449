"""Views that an extension validates by pydantic models: it calls them, and writes the models they return."""

from __future__ import annotations

import ast
from types import FunctionType, SimpleNamespace
from typing import Any

from apiver.reading.inference.frame import Arguments, Frame
from apiver.reading.inference.program.scope import CHECKED, package_of
from apiver.reading.inference.requests.asking import whole_body
from apiver.reading.inference.values.shapes import (
    Bound,
    Described,
    Known,
    Listing,
    Live,
    Object,
    Reply,
    Tuple,
    Typed,
    Value,
    mapped,
    options,
)
from apiver.reading.schemas.pydantic import is_model, written

# Each of them says in `reading/sources` what it refuses.
_PACKAGES = frozenset(
    {"flask_openapi", "flask_openapi3", "flask_pydantic", "flask_pydantic_spec", "spectree"}
)
_WRITING = frozenset({"flask_pydantic", "spectree"})


def validated(
    function: FunctionType,
    receiver: Value | None,
    owner: type | None,
    arguments: Arguments,
    frame: Frame,
    node: ast.AST,
) -> Value | None:
    """What the view in `function` returns, if an extension wrapped it to validate its requests; else None."""
    package = package_of(str(function.__globals__.get("__name__")))
    wrapped = getattr(function, "__wrapped__", None)
    if package not in _PACKAGES or type(wrapped) is not FunctionType:
        return None
    held = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    said = {name: cell.cell_contents for name, cell in held.items()}
    if package == "flask_pydantic" and (wrapped.__annotations__.get("body") or said.get("body")):
        given = said.get("get_json_params") or {}
        whole_body(Arguments(keywords={name: Known(part) for name, part in given.items()}), frame, node)
    frame.state.heap[CHECKED.address] = Object(SimpleNamespace, _checked(package, said, wrapped))
    inner: Value = Live(wrapped)
    if receiver is not None:
        inner = Bound(inner, receiver, owner)
    value = frame.reader.call(inner, arguments, frame, node)
    if package not in _WRITING:
        return value
    return mapped(value, lambda option: _written(option, said, frame, node))


def _checked(package: str, said: dict[str, Any], view: FunctionType) -> dict[str, Value]:
    """What an extension puts at the request for the view: its parts as models."""
    if package == "flask_pydantic":
        stated = view.__annotations__
        found: dict[str, Value] = {
            f"{part}_params": Typed(model)
            for part in ("query", "body", "form")
            if is_model(model := stated.get(part) or said.get(part))
        }
        if said.get("request_body_many") and "body_params" in found:
            found["body_params"] = Listing(found["body_params"])
        return found
    parts = ("query", "json", "form", "headers", "cookies", "body")
    models = {part: getattr(said.get(part), "model", said.get(part)) for part in parts}
    held = {part: Typed(model) for part, model in models.items() if is_model(model)}
    return {"context": Object(SimpleNamespace, held)} if held else {}


def _written(value: Value, said: dict[str, Any], frame: Frame, node: ast.AST) -> Value:
    """A model as the JSON that the extension makes of it; anything else as it is."""
    content = frame.state.cell(value)
    if isinstance(content, Tuple) and content.items:
        body = _described(content.items[0], said, frame)
        if body is None:
            return value
        return Tuple((body, *content.items[1:]))
    body = _described(value, said, frame)
    if body is None:
        return value
    status = Known(said.get("on_success_status", 200))
    return frame.allocate(Reply(status, Known("application/json"), body, True, place=frame.place(node)))


def _described(value: Value, said: dict[str, Any], frame: Frame) -> Value | None:
    content = frame.state.cell(value)
    many = isinstance(content, Listing)
    items = content.items if isinstance(content, Listing) and content.items else content
    kinds = {_class_of(frame.state.cell(option)) for option in options(items)}
    cls = kinds.pop() if len(kinds) == 1 else None
    if not is_model(cls):
        return None
    found = written(
        cls,
        sent=True,
        by_alias=bool(said.get("response_by_alias")),
        exclude_none=bool(said.get("exclude_none")),
    )
    if found is None:
        return None
    array = {"type": "array", "items": found.schema}
    return Described(array if many else found.schema, found.definitions)


def _class_of(content: Value) -> Any:
    return type(content.object) if isinstance(content, Live) else getattr(content, "cls", None)
