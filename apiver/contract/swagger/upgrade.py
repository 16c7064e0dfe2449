"""From Swagger 2.0 to the OpenAPI 3.0 that says the same, keeping where everything was written.

https://spec.openapis.org/oas/v2.0.html. Where that specification is silent, what converters agree on holds: a
body without media types is JSON, a host without schemes answers to https. A part that is not as it
should be is carried over as it is, so that whoever checks the view finds it.
"""

from __future__ import annotations

from typing import Any

from apiver.contract.document import Document
from apiver.contract.pointer import join
from apiver.contract.swagger.ledger import HOMES, Ledger
from apiver.contract.swagger.parameters import (
    Types,
    given,
    kept,
    media_objects,
    parameter,
    request_body,
)
from apiver.contract.swagger.schemas import schema
from apiver.contract.view import Origin, viewed

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_MOVED = ("swagger", "host", "basePath", "schemes", "consumes", "produces", "paths", *HOMES)
_OF_OPERATION = ("consumes", "produces", "schemes", "parameters", "responses")
_FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}


def upgraded(document: Document) -> Document:
    """A view of a Swagger 2.0 document as OpenAPI 3.0.4. Its own root is left as it is."""
    ledger = Ledger(document.root)
    root = _document(ledger)
    ledger.settle()
    known = {new: Origin(document, old) for new, old in ledger.moves.items()}
    return viewed(root, document.name, known)


def _document(ledger: Ledger) -> dict[str, Any]:
    raw = ledger.root
    result: dict[str, Any] = {"openapi": "3.0.4"}
    ledger.move("/openapi", "/swagger")
    servers = _servers(ledger, raw, "", "")
    if servers:
        result["servers"] = servers
    result |= {key: part for key, part in raw.items() if key not in _MOVED}
    if "paths" in raw:
        result["paths"] = _paths(ledger, raw["paths"])
    components = {}
    for section, home in HOMES.items():
        if section in raw:
            name = home.partition("/")[2]
            ledger.move(f"/{home}", f"/{section}")
            components[name] = _named(ledger, section, raw[section])
    bodies = _shared_bodies(ledger)
    if bodies:
        components["requestBodies"] = bodies
    if components:
        result["components"] = components
    return result


def _servers(ledger: Ledger, holder: dict[str, Any], new: str, old: str) -> list[dict[str, Any]]:
    """`schemes`, `host` and `basePath` as servers; an operation has `schemes` alone."""
    host, base = ledger.root.get("host"), ledger.root.get("basePath", "")
    base = base if isinstance(base, str) else ""
    said = holder.get("schemes")
    schemes = [each for each in said if isinstance(each, str)] if isinstance(said, list) else []
    ledger.move(f"{new}/servers", f"{old}/schemes" if old else "/basePath" if base else "/host")
    if not isinstance(host, str):
        return [{"url": base}] if base.strip("/") and not old else []
    return [{"url": f"{scheme}://{host}{base}"} for scheme in schemes or ["https"]]


def _named(ledger: Ledger, section: str, members: Any) -> Any:
    """The members of one of the sections of named parts."""
    if not isinstance(members, dict):
        return members
    result = {}
    for name, raw in members.items():
        new, old = join(f"/{HOMES[section]}", name), join(f"/{section}", name)
        if section == "definitions":
            result[name] = schema(ledger, raw, new, old)
        elif section == "responses":
            result[name] = _response(ledger, raw, _types(ledger, {}, "", "produces"), new, old)
        elif section == "securityDefinitions":
            result[name] = _security_scheme(ledger, raw, new, old)
        elif not (isinstance(raw, dict) and raw.get("in") in ("body", "formData")):
            result[name] = parameter(ledger, raw, new, old)
    return result


def _shared_bodies(ledger: Ledger) -> dict[str, Any]:
    """Body parameters that have a name, where a reference leads into them."""
    found = {}
    members = ledger.root.get("parameters")
    awaited = ledger.awaited("parameters")
    for name, raw in members.items() if isinstance(members, dict) else ():
        if name in awaited and isinstance(raw, dict) and raw.get("in") == "body":
            holder, old = {"parameters": [raw]}, join("/parameters", name)
            parts = [each._replace(pointer=old, used=old) for each in given(ledger, holder, "")]
            new = join("/components/requestBodies", name)
            found[name] = request_body(ledger, parts, _types(ledger, {}, "", "consumes"), new)
    return found


def _paths(ledger: Ledger, paths: Any) -> Any:
    if not isinstance(paths, dict):
        return paths
    result = {}
    for path, raw in paths.items():
        new = old = join("/paths", path)
        item = raw
        if isinstance(raw, dict) and "$ref" in raw:
            item, old = ledger.follow(raw, old)
            ledger.move(new, old)
        result[path] = raw if path.startswith("x-") else _path_item(ledger, item, new, old)
    return result


def _path_item(ledger: Ledger, raw: Any, new: str, old: str) -> Any:
    if not isinstance(raw, dict):
        return raw
    shared = [each for each in given(ledger, raw, old) if each.in_body]
    result: dict[str, Any] = {}
    for key, part in raw.items():
        here, there = join(new, key), join(old, key)
        if key in METHODS and isinstance(part, dict):
            result[key] = _operation(ledger, part, shared, here, there)
        elif key == "parameters":
            result[key] = kept(ledger, raw, new, old)
        else:
            result[key] = part
    return result


def _operation(ledger: Ledger, raw: dict[str, Any], shared: list[Any], new: str, old: str) -> dict[str, Any]:
    result = {key: part for key, part in raw.items() if key not in _OF_OPERATION}
    if isinstance(raw.get("schemes"), list):
        servers = _servers(ledger, raw, new, old)
        if servers:
            result["servers"] = servers
    if "parameters" in raw:
        result["parameters"] = kept(ledger, raw, new, old)
    own = given(ledger, raw, old)
    taken = {each.key for each in own}
    parts = [each for each in own if each.in_body] + [each for each in shared if each.key not in taken]
    body = request_body(ledger, parts, _types(ledger, raw, old, "consumes"), f"{new}/requestBody")
    if body is not None:
        result["requestBody"] = body
    responses = raw.get("responses")
    if isinstance(responses, dict):
        produces = _types(ledger, raw, old, "produces")
        result["responses"] = {
            str(status): each
            if str(status).startswith("x-")
            else _used_response(
                ledger, each, produces, join(new, "responses", status), join(old, "responses", status)
            )
            for status, each in responses.items()
        }
    elif "responses" in raw:
        result["responses"] = responses
    return result


def _types(ledger: Ledger, operation: dict[str, Any], pointer: str, key: str) -> Types:
    """The media types of an operation: its own list, which may be empty, or that of the document."""
    holder, at = (operation, pointer) if isinstance(operation.get(key), list) else (ledger.root, "")
    listed = holder.get(key)
    names = [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    return Types(tuple(names), f"{at}/{key}")


def _used_response(ledger: Ledger, raw: Any, produces: Types, new: str, old: str) -> Any:
    """A response of an operation; a shared one is written out where the operation has other media types."""
    if isinstance(raw, dict) and isinstance(raw.get("$ref"), str):
        section, _, name = raw["$ref"].removeprefix("#/").partition("/")
        simple = section == "responses" and "/" not in name
        if simple and produces.names == _types(ledger, {}, "", "produces").names:
            return {"$ref": f"#/{HOMES[section]}/{name}"}
        raw, old = ledger.follow(raw, old)
        ledger.move(new, old)
    return _response(ledger, raw, produces, new, old)


def _response(ledger: Ledger, raw: Any, produces: Types, new: str, old: str) -> Any:
    if not isinstance(raw, dict):
        return raw
    result = {key: part for key, part in raw.items() if key not in ("schema", "examples", "headers")}
    if isinstance(raw.get("headers"), dict):
        result["headers"] = {
            name: _header(ledger, each, join(new, "headers", name), join(old, "headers", name))
            for name, each in raw["headers"].items()
        }
    examples = raw.get("examples")
    examples = examples if isinstance(examples, dict) else {}
    if "schema" in raw:
        is_file = isinstance(raw["schema"], dict) and raw["schema"].get("type") == "file"
        names = produces.names or (("application/octet-stream",) if is_file else ("application/json",))
        result["content"] = {}
        for name, place in media_objects(ledger, names, produces, new):
            ledger.move(f"{place}/schema", f"{old}/schema")
            media = {"schema": schema(ledger, raw["schema"], f"{place}/schema", f"{old}/schema")}
            if name in examples:
                media["example"] = examples[name]
                ledger.move(f"{place}/example", join(old, "examples", name))
            result["content"][name] = media
    return result


def _header(ledger: Ledger, raw: Any, new: str, old: str) -> Any:
    if not isinstance(raw, dict):
        return raw
    header: Any = parameter(ledger, raw, new, old)
    return header


def _security_scheme(ledger: Ledger, raw: Any, new: str, old: str) -> Any:
    """A Security Scheme Object: basic is http, and an OAuth flow has its new name."""
    if not isinstance(raw, dict):
        return raw
    if raw.get("type") == "basic":
        return {**raw, "type": "http", "scheme": "basic"}
    if raw.get("type") != "oauth2":
        return raw
    flow = {key: raw[key] for key in ("authorizationUrl", "tokenUrl", "scopes") if key in raw}
    flow.setdefault("scopes", {})
    said = str(raw.get("flow"))
    name = _FLOWS.get(said, said)
    ledger.move(join(new, "flows"), join(old, "flow"))
    ledger.move(join(new, "flows", name), old)
    kept_keys = {key: part for key, part in raw.items() if key not in ("flow", *flow)}
    return {**kept_keys, "flows": {name: flow}}
