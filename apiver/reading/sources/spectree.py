"""spectree: what `@spec.validate(...)` holds of each view. Versions 1 to 3 keep it in the same places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.schemas.pydantic import UNKNOWN, Schema, Written, written
from apiver.reading.sources.models import Models
from apiver.reading.sources.objects import free_variables, loaded
from apiver.reading.sources.openapi3 import pages, parameter
from apiver.reading.sources.routes import Rule, around, rules

_PACKAGE = "spectree"
_ASKED = {"query": "query", "headers": "header", "cookies": "cookie"}
_BODIES = {"json": "application/json", "form": "multipart/form-data"}
_BODILESS = ("get", "delete")
_STYLE = ("explode", "style", "allowReserved")
_TEMPLATE = "#/components/schemas/{model}"


def layers(app: Flask) -> Iterator[Layer]:
    """The operations that `SpecTree` objects validate: a layer for each of them.

    Their documents are not asked for: they are kept once they are made, they list every route of the app,
    and they have one component for a model whichever way it is used.
    """
    if loaded("spectree.SpecTree") is None:
        return
    readers: dict[tuple[int, bool], _Reader] = {}
    for rule in rules(app):
        held = _held(rule)
        if held is not None:
            key = id(held["self"]), bool(held["skip_validation"])
            readers.setdefault(key, _Reader(held["self"])).add(rule, held)
    documentation = pages(app, _PACKAGE)
    for (_, skipped), reader in readers.items():
        yield Layer("declared", "spectree", reader.root(), enforced=not skipped, documentation=documentation)


class _Reader:
    """Reads what one `SpecTree` validates, rule by rule."""

    def __init__(self, spec: Any) -> None:
        self.spec = spec
        self._models = Models()
        self._paths: dict[str, Any] = {}

    def add(self, rule: Rule, held: dict[str, Any]) -> None:
        operation = {
            **self._told(held),
            "parameters": list(self._parameters(held)),
            "requestBody": self._body(rule, held),
            "responses": self._responses(rule, held),
        }
        self._paths.setdefault(rule.path, {})[rule.method] = operation

    def root(self) -> Schema:
        config = self.spec.config
        schemes = config.security_schemes or ()
        root: Schema = {
            "openapi": "3.1.0",
            "info": {"title": config.title, "version": config.version},
            "paths": self._paths,
            "components": {
                "schemas": self._models.components,
                "securitySchemes": {scheme.name: _plain(scheme.data) for scheme in schemes},
            },
        }
        everywhere = _security(config.security)
        return {**root, "security": everywhere} if everywhere else root

    def _told(self, held: dict[str, Any]) -> Schema:
        """What is said of an operation beside its models: in a record, before spectree 3 at the view."""
        view = held[_VIEW]
        record = getattr(self.spec, "_function_metadata", {}).get(view) or view
        told: Schema = {
            "operationId": getattr(record, "operation_id", None),
            "tags": [str(tag) for tag in getattr(record, "tags", ())],
            "deprecated": getattr(record, "deprecated", False) or None,
        }
        security = getattr(record, "security", None)
        if security is not None:
            told["security"] = _security(security)
        descriptions = getattr(record, "path_parameter_descriptions", None) or {}
        held[_PATH] = {str(name): str(said) for name, said in descriptions.items()}
        return told

    def _parameters(self, held: dict[str, Any]) -> Iterator[Schema]:
        for name, said in held[_PATH].items():
            yield {"name": name, "in": "path", "required": True, "description": said, "schema": {}}
        for part, location in _ASKED.items():
            if held[part] is None:
                continue
            members, required = self._models.members(self._schema(held[part]))
            for name, member in members.items():
                style: Schema = {key: member[key] for key in _STYLE if key in member}
                rest = {key: each for key, each in member.items() if key not in style}
                yield {**parameter(name, location, rest, name in required), **style}

    def _body(self, rule: Rule, held: dict[str, Any]) -> Schema | None:
        if rule.method in _BODILESS:
            return None  # the extension reads no body there, whatever is declared
        content = {
            media: {"schema": self._schema(held[part])} for part, media in _BODIES.items() if held[part]
        }
        return {"required": True, "content": content} if content else None

    def _responses(self, rule: Rule, held: dict[str, Any]) -> Schema:
        declared, refusal = held["resp"], f"HTTP_{held['validation_error_status']}"
        phrases = loaded("spectree.response.DEFAULT_CODE_DESC") or {}
        found: Schema = {}
        for code in getattr(declared, "codes", ()):
            found[code[5:]] = {"description": declared.get_code_description(code)}
        models = dict(getattr(declared, "code_models", {}))
        checks = not held["skip_validation"]
        if models.get(refusal) is self._error() and not (checks and _is_checked(rule, held)):
            del models[refusal]  # it is added to all that declare their responses
        elif checks and _is_checked(rule, held):
            models.setdefault(refusal, self._error())
        for code, model in models.items():
            schema = self._schema(model, filled=checks and bool(held.get("force_resp_serialize")))
            said = declared.get_code_description(code) if declared else phrases.get(code)
            found[code[5:]] = {"description": said, "content": {"application/json": {"schema": schema}}}
        return found

    def _error(self) -> Any:
        """What the extension puts in for the answer to a request that is not valid."""
        own = getattr(self.spec, "validation_error_model", None)
        return self.spec.model_adapter.validation_error if own is None else own

    def _schema(self, kind: Any, *, filled: bool | None = None) -> Schema:
        """The schema of a model as it is taken, or where `filled` is said as it is sent."""
        sent = filled is not None
        adapter = getattr(self.spec, "model_adapter", None)
        if adapter is not None and "pydantic" not in type(adapter).__module__:
            mode = "serialization" if sent else "validation"
            made = adapter.json_schema(model=kind, ref_template=_TEMPLATE, mode=mode)
            return self._models.placed(Written(made, made.pop("$defs", {})))
        if kind is loaded("pydantic_core.ValidationError"):
            kind = loaded("spectree.model_adapter.pydantic_adapter.ValidationErrorType")
        if not (sent and str(kind.__module__).startswith(_PACKAGE)):
            unread = {UNKNOWN: f"{kind} is no model of pydantic"}
            return self._models.schema(kind, sent=sent, filled=bool(filled)) or unread
        found = written(kind, sent=sent, filled=bool(filled))
        if found is None:
            return {}
        for each in found.definitions.values():
            _with_indices(each)
        return self._models.placed(found)


def _is_checked(rule: Rule, held: dict[str, Any]) -> bool:
    parts = _ASKED if rule.method in _BODILESS else (*_ASKED, *_BODIES)
    return any(held[part] is not None for part in parts)


def _with_indices(schema: Schema) -> None:
    """The extension says that the place of an error is made of texts; that of an item has a number."""
    items = schema.get("properties", {}).get("loc", {}).get("items", {})
    if items.get("type") == "string":
        items["type"] = ["string", "integer"]


# Beside the variables of the wrapper: the wrapper itself, and what is said of variables of the path.
_VIEW, _PATH = "the view", "the path"


def _held(rule: Rule) -> dict[str, Any] | None:
    for function in around(rule):
        module = getattr(function, "__globals__", {}).get("__name__", "")
        held = free_variables(function)
        if module.partition(".")[0] == _PACKAGE and {"self", "func", *_ASKED, *_BODIES} <= held.keys():
            held.setdefault("skip_validation", False)
            held.setdefault("resp", None)
            return {**held, _VIEW: function}
    return None


def _security(said: Any) -> list[Any]:
    """A list of requirements, as the extension takes a mapping, a list or nothing."""
    if not said:
        return []
    return list(said) if isinstance(said, list | tuple) else [dict(said)]


def _plain(data: Any) -> Schema:
    """A Security Scheme Object: a model of pydantic before spectree 3, with a method of its own since."""
    if isinstance(data, dict):
        return data
    if hasattr(data, "to_dict"):
        return dict(data.to_dict(exclude_none=True))
    return dict(data.model_dump(mode="json", exclude_none=True, by_alias=True))
