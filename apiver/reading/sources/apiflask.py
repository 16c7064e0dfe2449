"""APIFlask: the app is a class of the extension, and writes one document of all its views and blueprints."""

from __future__ import annotations

import copy
from collections.abc import Hashable, Iterator
from types import SimpleNamespace
from typing import Any

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.schemas.marshmallow import identity, is_schema
from apiver.reading.sources.objects import View, loaded
from apiver.reading.sources.openness import open_answers
from apiver.reading.sources.tags import without_versions

_METHODS = ("get", "post", "put", "patch", "delete")


def layers(app: Flask) -> Iterator[Layer]:
    """The document of the app, without what APIFlask writes where nothing is declared."""
    if "apiflask" not in {cls.__module__.partition(".")[0] for cls in type(app).__mro__}:
        return
    made: Any = _twin(app)._get_spec("json", force_update=True)  # type: ignore[attr-defined]
    root: dict[str, Any] = copy.deepcopy(made)
    without_versions(root, app, str.title)
    for item in root.get("paths", {}).values():
        for method in _METHODS:
            operation = item.get(method, {})
            if _is_needed(operation, root):
                operation["requestBody"]["required"] = True
    open_answers(root)
    pages = frozenset(
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint.startswith("openapi.") and getattr(view, "__module__", "").startswith("apiflask.")
    )
    yield Layer("declared", "APIFlask", root, enforced=True, documentation=pages)


def _is_needed(operation: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether a request without a body is refused: it is read as an object without keys."""
    schemas = root.get("components", {}).get("schemas", {})
    content = operation.get("requestBody", {}).get("content", {})
    bodies = [entry.get("schema", {}) for entry in content.values()]
    named = [schemas.get(str(body.get("$ref", "")).rpartition("/")[2], body) for body in bodies]
    return bool(named) and all(body.get("required") for body in named)


def _twin(app: Flask) -> Flask:
    """A copy of the app that may be changed: writing a document leaves marks on views, tags and config.

    Views are stand-ins with the same declarations. It writes no file, and nothing about views without any.
    """
    twin = copy.copy(app)
    twin.config = copy.copy(app.config)
    twin.config |= {"SYNC_LOCAL_SPEC": False, "AUTO_200_RESPONSE": False}
    twin.config["BASE_RESPONSE_SCHEMA"] = _copied(app.config.get("BASE_RESPONSE_SCHEMA"))
    for name in ("tags", "info", "_auth_blueprints"):
        if name in vars(app):
            setattr(twin, name, _copied(getattr(app, name)))
    twin._auths = set(app._auths)  # type: ignore[attr-defined]
    twin.view_functions = {name: _stand_in(view) for name, view in app.view_functions.items()}
    _tell_apart(twin)
    return twin


def _tell_apart(twin: Any) -> None:
    """Give each set of fields a component: `Pet()` and `Pet(exclude=["seen"])` are one to APIFlask 3.1."""
    original = getattr(twin, "_register_schema_and_get_ref", None)
    if original is None:
        return  # before 3.0, apispec does it
    known: dict[Hashable, Any] = {}

    def register(spec: Any, registered: dict[int, str], schema: Any) -> Any:
        if isinstance(schema, type) or not is_schema(schema):
            return original(spec, registered, schema)
        key = identity(schema, "dump")
        if key not in known:
            known[key] = original(spec, {}, schema)
        return dict(known[key])

    twin._register_schema_and_get_ref = register


def _copied(value: Any) -> Any:
    """Containers as copies; schemas and credentials as they are, for they are known by identity."""
    if type(value) is dict:
        return {key: _copied(member) for key, member in value.items()}
    if type(value) is list:
        return [_copied(member) for member in value]
    return value


def _stand_in(view: View) -> Any:
    made = SimpleNamespace(__doc__=view.__doc__, __name__=getattr(view, "__name__", ""))
    said = _copied(getattr(view, "_spec", None))
    methods = _copied(getattr(view, "_method_spec", None))
    owner = getattr(view, "view_class", None)
    if methods is None and owner is not None and not (said or {}).get("hide"):
        methods = _of_class(owner, said or {})
    if methods is not None:
        # An earlier writing left that of its last method on the view.
        made._spec, made._method_spec = {}, methods
    elif said is not None and not _is_stub(said):
        made._spec = said
    return made


def _is_stub(said: dict[str, Any]) -> bool:
    """Whether it is what an earlier writing put on a view that declares nothing."""
    return set(said) == {"response"} and said["response"].get("schema") == {}


def _of_class(owner: type, shared: dict[str, Any]) -> dict[str, Any]:
    """What the methods of a class declare, where the app has no pages of its own and so kept none of it."""
    found: dict[str, Any] = {}
    summary = loaded("apiflask.openapi.get_path_summary")
    for name in sorted(getattr(owner, "methods", None) or ()):
        method = getattr(owner, name.lower())
        said = _copied(getattr(method, "_spec", None)) or ({} if shared else {"no_spec": True})
        said |= {key: value for key, value in shared.items() if said.get(key) is None}
        if not said.get("summary"):
            said["summary"] = summary(method, f"{name.title()} {owner.__name__}")
        found[name] = said
    return found
