"""flask-openapi3 4: what its views annotate, and what it writes of them in its own document."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.naming import phrase
from apiver.reading.schemas.pydantic import PREFIX, UNKNOWN, is_model, not_null
from apiver.reading.sources.models import Models, reached
from apiver.reading.sources.objects import free_variables, loaded
from apiver.reading.sources.routes import Rule, around, rules

Schema = dict[str, Any]

_CHECKED = ("header", "cookie", "path", "query", "form", "body")
_MEDIA = "application/json"


def layers(app: Flask) -> Iterator[Layer]:
    """The operations of a `flask_openapi3.OpenAPI`."""
    yield from declared(app, "flask_openapi3", "flask-openapi3")


def declared(app: Flask, package: str, source: str) -> Iterator[Layer]:
    """What an app declares that is an `OpenAPI` of `package`: of flask-openapi3, or of flask-openapi since 5.

    Its document has one component for each name, whichever model had the name last, so the schemas are
    written anew from the models that each view is wrapped with.
    """
    cls = loaded(f"{package}.openapi.OpenAPI")
    if cls is None or not isinstance(app, cls):
        return
    document = _document(app)
    reader = _Reader(app, package, document)
    paths: dict[str, Any] = {}
    for rule in rules(app):
        operation = reader.operation(rule)
        if operation is not None:
            paths.setdefault(rule.path, {})[rule.method] = operation
    components = {**document.get("components", {})}
    # Of its own ones only those count that somebody wrote a reference to by hand.
    own = reached(paths, components.get("schemas", {}))
    components["schemas"] = {**own, **reader.models.components}
    root = {**document, "paths": paths, "components": components}
    yield Layer("declared", source, root, enforced=True, documentation=pages(app, package))


def pages(app: Flask, package: str) -> frozenset[str]:
    """The endpoints of an app by which the modules of a package serve their own pages."""
    found = set()
    for endpoint, view in app.view_functions.items():
        blueprint = app.blueprints.get(endpoint.rpartition(".")[0])
        for module in (getattr(view, "__module__", None), getattr(blueprint, "import_name", None)):
            if str(module).partition(".")[0].startswith(package):
                found.add(endpoint)
    return frozenset(found)


def _document(app: Any) -> Schema:
    """The document of an app, which keeps what it had of one; written by a twin where it had none."""
    if app.spec_json:
        return dict(copy.deepcopy(app.spec_json))
    twin = copy.copy(app)
    if hasattr(app, "spec"):
        twin.spec = app.spec.model_copy()
    twin.components, twin.components_schemas = app.components.model_copy(), dict(app.components_schemas)
    twin.spec_json = {}
    return dict(twin.api_doc)


class _Reader:
    """Reads the operations of one app, rule by rule, and gathers their models."""

    def __init__(self, app: Any, package: str, document: Schema) -> None:
        self.app = app
        self._package = package
        self.models = Models()
        self._documented = {_blank(path): item for path, item in document.get("paths", {}).items()}
        self._tags = {tag.name for tag in app.tags}
        self._refusal = str(app.validation_error_status)
        self._phrases: dict[str, str] = loaded(f"{package}.utils.HTTP_STATUS") or {}

    def operation(self, rule: Rule) -> Schema | None:
        """The operation of a rule; None where its view is not one of the extension's."""
        held = _held(rule, self._package)
        said: Schema | None = self._documented.get(_blank(rule.path), {}).get(rule.method)
        if held is None:
            return said
        operation = dict(said or {})
        if operation.get("tags") == ["default"] and "default" not in self._tags:
            del operation["tags"]  # what the extension calls those without any
        if "tags" in operation:
            operation["tags"] = sorted(operation["tags"])  # it writes them in the order of a set
        operation.pop("parameters", None)
        parameters = list(self._parameters(held))
        if parameters:
            operation["parameters"] = parameters
        body = self._body(held, operation.get("requestBody"))
        if body is not None:
            operation["requestBody"] = body
        operation["responses"] = self._responses(rule, held, operation.get("responses") or {})
        return operation

    def _parameters(self, held: dict[str, Any]) -> Iterator[Schema]:
        for location in ("path", "query", "header", "cookie"):
            if not is_model(held[location]):
                continue
            schema = self.models.schema(held[location], by_alias=_by_alias(held[location]))
            members, required = self.models.members(schema)
            for name, member in members.items():
                # Headers are looked for with dashes, whatever the field is called.
                spelled = name.replace("_", "-") if location == "header" else name
                yield parameter(spelled, location, member, name in required)

    def _body(self, held: dict[str, Any], said: Schema | None) -> Schema | None:
        for part, media in (("form", "multipart/form-data"), ("body", _MEDIA)):
            model = held[part]
            if not is_model(model):
                continue
            said = said or {"required": True, "content": {media: {}}}
            entry = (said.get("content") or {}).get(media)
            if entry is None or _reference(entry) not in ("", _called(model)):
                return said  # somebody described the body by hand
            schema = self.models.schema(model, by_alias=_by_alias(model))
            return {**said, "content": {**said["content"], media: {**entry, "schema": schema}}}
        return said

    def _responses(self, rule: Rule, held: dict[str, Any], said: Schema) -> Schema:
        models = self._response_models(rule, held)
        found = {}
        for status, response in said.items():
            if response.get("description") == self._phrases.get(status):  # of the Python that runs it
                response = {**response, "description": phrase(status)}
            found[status] = self._response(response, models.get(status, []))
        if self._refusal not in models:
            # It is written for every operation, whether anything is checked or not.
            refusal = found.pop(self._refusal, {})
            if any(held[part] is not None for part in _CHECKED):
                found[self._refusal] = self._refused(refusal)
        return found

    def _response_models(self, rule: Rule, held: dict[str, Any]) -> dict[str, list[Any]]:
        """What may have been declared for each status: of the view, its blueprints, the app."""
        names = rule.endpoint.split(".")[:-1]
        blueprints = [self.app.blueprints.get(".".join(names[:end])) for end in range(len(names), 0, -1)]
        declared = [held.get("responses"), *(getattr(each, "abp_responses", None) for each in blueprints)]
        declared.append(self.app.responses)
        found: dict[str, list[Any]] = {}
        for responses in declared:
            for status, model in (responses or {}).items():
                found.setdefault(str(int(status) if isinstance(status, int) else status), []).append(model)
        return found

    def _response(self, response: Schema, models: list[Any]) -> Schema:
        entry = (response.get("content") or {}).get(_MEDIA) or {}
        for model in models:
            if is_model(model) and _reference(entry) == _called(model):
                schema = self.models.schema(model, sent=True, filled=False, by_alias=_by_alias(model))
                return {**response, "content": {**response["content"], _MEDIA: {**entry, "schema": schema}}}
        return response

    def _refused(self, response: Schema) -> Schema:
        """What a request is answered that does not hold: by the model, unless something else writes it."""
        own = loaded(f"{self._package}.models.validation_error.ValidationErrorModel")
        callback = loaded(f"{self._package}.utils.make_validation_error_response")
        if self.app.validation_error_model is not own:
            items = self.models.schema(self.app.validation_error_model, sent=True, filled=False)
        elif self.app.validation_error_callback is callback:
            items = self.models.schema(own, sent=True, filled=False)
        else:
            reason = "the app has a callback of its own for requests that are not valid"
            return {**response, "content": {"*/*": {"schema": {UNKNOWN: reason}}}}
        return {**response, "content": {_MEDIA: {"schema": {"type": "array", "items": items}}}}


def parameter(name: str, location: str, schema: Schema, required: bool) -> Schema:
    """A Parameter Object for a member of a model; what describes the member describes the parameter.

    There is no null on the wire: such a member is one that may be left out.
    """
    schema = not_null(schema) or {}
    made: Schema = {"name": name, "in": location}
    told: Schema = {key: schema[key] for key in ("description", "deprecated") if key in schema}
    if required or location == "path":
        made["required"] = True
    return {**made, **told, "schema": {key: part for key, part in schema.items() if key not in told}}


def _held(rule: Rule, package: str) -> dict[str, Any] | None:
    """What the extension keeps of a view: the models that it asks by, and those that it declares to send."""
    for function in around(rule):
        module = getattr(function, "__globals__", {}).get("__name__", "")
        held = free_variables(function)
        if module.partition(".")[0] == package and {"func", *_CHECKED} <= held.keys():
            return held
    return None


def _by_alias(model: Any) -> bool:
    return bool(getattr(model, "model_config", {}).get("by_alias", True))


def _called(model: Any) -> str:
    """The name of the component that the extension makes of a model."""
    title = getattr(model, "model_config", {}).get("title") or model.__name__
    return re.sub(r"[^\w.\-]", "_", title)


def _blank(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _reference(entry: Schema) -> str:
    """The name of the component that a media type refers to, '' where it has no schema."""
    schema = entry.get("schema")
    return str(schema.get("$ref", schema)).removeprefix(PREFIX) if isinstance(schema, dict) else ""
