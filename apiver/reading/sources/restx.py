"""flask-restx, and flask-restplus that it came from: what each `Api` says of its resources (Swagger 2.0)."""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from flask import Flask

from apiver.reading.layering.layers import Layer
from apiver.reading.sources.contexts import app_context
from apiver.reading.sources.marshalling import MARSHALLED, write_answers
from apiver.reading.sources.objects import free_variables, loaded, wrappers
from apiver.reading.sources.parsers import object_of, places_of
from apiver.reading.sources.traces import restored

_PACKAGES = {"flask_restx": "flask-restx", "flask_restplus": "flask-restplus"}
_PAGES = ("restx_doc.", "restplus_doc.")
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_STATUS = re.compile(r"HTTPStatus\.(\w+)")  # what str() makes of one before Python 3.11
_VARIABLE = re.compile(r"<(?:[^<>]*:)?([^<>]+)>")
_BROKEN = "x-broken"


def layers(app: Flask) -> Iterator[Layer]:
    """One layer for each `Api` of `app`, whose paths stand below the place where it is mounted."""
    for package, name in _PACKAGES.items():
        for api, own in _apis(app, loaded(f"{package}.Api")):
            yield _layer(app, api, own, package, name)


def _apis(app: Flask, kind: Any) -> list[tuple[Any, dict[str, str]]]:
    """The Api objects of which the app has views, each with its own views' names by endpoint."""
    found: dict[int, tuple[Any, dict[str, str]]] = {}
    for endpoint in sorted(app.view_functions) if kind is not None else ():
        for function in wrappers(app.view_functions[endpoint]):
            owner = getattr(function, "__self__", None)
            if isinstance(owner, kind):
                found.setdefault(id(owner), (owner, {}))[1][endpoint] = function.__name__
    return list(found.values())


def _layer(app: Flask, api: Any, own: dict[str, str], package: str, name: str) -> Layer:
    served = {endpoint for endpoint in app.view_functions if endpoint.startswith(_PAGES)}
    page = loaded(f"{package}.api.SwaggerView")
    served |= {
        endpoint
        for endpoint, view in app.view_functions.items()
        if page is not None and getattr(view, "view_class", None) is page
    }
    kinds = (loaded(f"{package}.model.ModelBase"), loaded(f"{package}.fields.Raw"))
    handlers = [getattr(handler, "__apidoc__", None) for handler in api.error_handlers.values()]
    with (
        app_context(app),
        restored([api.models, handlers], lambda value: isinstance(value, kinds)) as objects,
    ):
        # A default that is made anew each time is a value all the same.
        computed = frozenset(id(one) for one in objects if callable(getattr(one, "default", None)))
        for one in objects:
            _settle(one)
        document = _Document(api, package)
        root, failures = document.made()
        write_answers(root, api.models, computed)
    return Layer(
        "declared",
        name,
        root,
        _base(app, own),
        documentation=frozenset({*own, *served}),
        failures=failures,
    )


def _base(app: Flask, own: dict[str, str]) -> str:
    """The template of the rule at which the Api has its root; it may have variables."""
    for rule in app.url_map.iter_rules():
        if own.get(str(rule.endpoint)) == "render_root":
            return _VARIABLE.sub(r"{\1}", rule.rule).rstrip("/")
    return ""


def _settle(one: Any) -> None:
    """Make a field or model forget what it has computed, and a default that is made anew each time."""
    vars(one).pop("__schema__", None)
    vars(one).pop("resolved", None)
    if callable(getattr(one, "default", None)):
        one.default = None


class _Shown:
    """An Api as it is shown to its `Swagger`: it knows its place without a request, and keeps what it has."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self.base_path = ""
        self.title = self.version = "-"  # either may be a function
        self.description = None
        self.tags = copy.deepcopy(api.tags)
        self.authorizations = copy.deepcopy(api.authorizations)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)


class _Document:
    """The document of one Api, made by its own `Swagger` with a few of its methods replaced."""

    def __init__(self, api: Any, package: str) -> None:
        self.swagger: Any = loaded(f"{package}.swagger.Swagger")(_Shown(api))
        self.parser = loaded(f"{package}.reqparse.RequestParser")
        self.wildcard = getattr(loaded(f"{package}.fields.Wildcard"), "__mro__", (None,))[0]
        self.failures: list[str] = []
        self.resource: Any = None  # the one that is being written

    def made(self) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The document, and a sentence for each operation that could not be written."""
        for name in ("serialize_resource", "serialize_operation", "expected_params", "responses_for"):
            setattr(self.swagger, name, getattr(self, f"_{name}")(getattr(self.swagger, name)))
        self.swagger.serialize_definitions = self._definitions
        self.swagger.operation_id_for = lambda doc, method: doc[method].get("id")
        root = self.swagger.as_dict()
        for path, item in root.get("paths", {}).items():
            for method in _METHODS:
                operation = item.get(method)
                if isinstance(operation, dict) and _BROKEN in operation:
                    self.failures.append(f"{method.upper()} {path}: {operation[_BROKEN]}")
                    del item[method]
                elif isinstance(operation, dict):
                    operation["parameters"] = _parameters(operation.get("parameters", []))
            for parameter in item.get("parameters", ()):
                _honest(parameter)
        return root, tuple(sorted(self.failures))

    def _serialize_resource(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def serialize_resource(ns: Any, resource: Any, url: str, *args: Any, **kwargs: Any) -> Any:
            self.resource = resource
            try:
                return original(ns, resource, url, *args, **kwargs)
            except Exception as problem:  # noqa: BLE001 - what is declared of one resource must not hide the others
                self.failures.append(f"{resource.__name__} at {url}: {_sentence(problem)}")
                return None

        return serialize_resource

    def _serialize_operation(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def serialize_operation(doc: Any, method: str) -> Any:
            try:
                operation = original(doc, method)
            except Exception as problem:  # noqa: BLE001 - as above
                return {_BROKEN: _sentence(problem)}
            return {key: part for key, part in operation.items() if part or key == "security"}

        return serialize_operation

    def _expected_params(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def expected_params(doc: Any) -> Any:
            found = original(doc)
            for parser in doc.get("expect", []):
                if self.parser is not None and isinstance(parser, self.parser):
                    _correct(found, parser)
            return found

        return expected_params

    def _responses_for(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def responses_for(doc: Any, method: str) -> Any:
            found = original(doc, method)
            of_method = doc[method]
            said = any("responses" in part or "model" in part for part in (doc, of_method))
            responses = {_status(status): _enveloped(response) for status, response in found.items()}
            _mark(responses, of_method, getattr(self.resource, method, None))
            if not said and responses == {"200": {"description": "Success"}}:
                return {}  # what is written where nothing is declared
            good = [response for status, response in responses.items() if status.startswith("2")]
            if len(good) == 1:
                _put_into_envelope(good[0], getattr(self.resource, method, None))
            return responses

        return responses_for

    def _definitions(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, model in self.swagger._registered_models.items():
            try:
                found[name] = _honest(self._with_wildcards(model, copy.deepcopy(model.__schema__)))
            except Exception as problem:  # noqa: BLE001 - a broken model is unknown, the others are not
                found[name] = {
                    "x-apiver-unknown": f"the model {name} cannot be written: {_sentence(problem)}"
                }
        return found

    def _with_wildcards(self, model: Any, schema: Any) -> Any:
        """A wildcard stands for any name that fits it; the document has a property called by its pattern."""
        own = schema["allOf"][-1] if "allOf" in schema else schema
        for name, field in model.items() if isinstance(model, dict) else ():
            if (
                self.wildcard is not None
                and isinstance(field, self.wildcard)
                and name in own.get("properties", {})
            ):
                said = own["properties"].pop(name)
                rest = own.get("additionalProperties")
                own["additionalProperties"] = said["additionalProperties"] if rest is None else {}
        return schema


def _honest(schema: Any) -> Any:
    """`schema` without what its own default or choices give the lie.

    `fields.Raw` says that it is an object and takes whatever it gets; a parameter that has no type says that
    it is a string, whatever stands in for it where it was not sent.
    """
    if isinstance(schema, dict):
        default = schema.get("default")
        if schema.get("type") == "object":
            choices = schema.get("enum")
            known = [*(choices if isinstance(choices, list) else ()), default, schema.get("example")]
            if any(not isinstance(value, dict) for value in known if value is not None):
                del schema["type"]
        elif schema.get("type") == "string" and default is not None and not isinstance(default, str):
            del schema["default"]
        for part in schema.values():
            _honest(part)
    elif isinstance(schema, list):
        for part in schema:
            _honest(part)
    return schema


def _sentence(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"


def _parameters(parameters: list[Any]) -> list[Any]:
    """Without the header by which a marshalled resource is asked for some of its fields, in a fixed order."""
    kept = [one for one in parameters if one.get("format") != "mask" or one.get("in") != "header"]
    for parameter in kept:
        _honest(parameter)
    return sorted(kept, key=lambda one: (str(one.get("in")), str(one.get("name"))))


def _status(status: Any) -> str:
    """A status as the key of a response; the two libraries write 200, "200" or a member of an enumeration."""
    named = _STATUS.fullmatch(str(status))
    return str(HTTPStatus[named[1]].value if named else getattr(status, "value", status))


def _mark(responses: dict[str, Any], said: dict[str, Any], function: Any) -> None:
    """Mark the responses that are marshalled: by a `marshal_with` of the method, or in its own code."""
    ways = {
        str(getattr(owner.fields, "name", None)): "sparse" if getattr(owner, "skip_none", False) else "full"
        for owner in (free_variables(wrapper).get("self") for wrapper in wrappers(function))
        if owner is not None and type(owner).__name__ == "marshal_with"
    }
    code = getattr(inspect.unwrap(function), "__code__", None) if callable(function) else None
    by_hand = "marshal" in getattr(code, "co_names", ()) and not ways
    for status, response in said.get("responses", {}).items():
        model = response[1] if isinstance(response, tuple) and len(response) > 1 else None
        model = model[0] if isinstance(model, list) and model else model
        written = responses.get(_status(status), {})
        way = ways.get(str(getattr(model, "name", None)))
        if way is None and by_hand and _status(status).startswith("2"):
            way = "full"
        if way is not None and "schema" in written:
            written[MARSHALLED] = way


def _has_envelope(owner: Any) -> bool:
    return type(owner).__name__ == "marshal_with" and bool(vars(owner).get("envelope"))


def _put_into_envelope(response: Any, function: Any) -> None:
    """What flask-restplus leaves out: the envelope that `marshal_with` puts around what it writes."""
    owners = [free_variables(wrapper).get("self") for wrapper in wrappers(function)]
    envelope = next((vars(owner)["envelope"] for owner in owners if _has_envelope(owner)), None)
    schema = response.get("schema") if isinstance(envelope, str) and isinstance(response, dict) else None
    if isinstance(schema, dict) and envelope not in schema.get("properties", {}):
        response["schema"] = {"type": "object", "required": [envelope], "properties": {envelope: schema}}


def _enveloped(response: Any) -> Any:
    """An envelope is always there, and an object: the document has its member alone."""
    schema = response.get("schema") if isinstance(response, dict) else None
    if isinstance(schema, dict) and list(schema) == ["properties"]:
        return {**response, "schema": {"type": "object", "required": list(schema["properties"]), **schema}}
    return response


def _correct(found: dict[str, Any], parser: Any) -> None:
    """Put right what the document makes of the arguments of a parser."""
    for argument in parser.args:
        parameter = found.get(argument.name)
        if not isinstance(parameter, dict):
            continue
        if callable(argument.default):
            parameter.pop("default", None)  # another one each time
        if "enum" in parameter and parameter.get("type") == "array":
            parameter["items"] = {**parameter["items"], "enum": parameter.pop("enum")}
    members = [argument for argument in parser.args if places_of(argument) == ("json",)]
    if members and "payload" in found:
        schema = object_of(members, json=True)
        found["payload"] = {
            "name": "payload",
            "in": "body",
            "required": "required" in schema,
            "schema": schema,
        }
