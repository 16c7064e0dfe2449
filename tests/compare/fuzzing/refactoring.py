"""Random ways to write a whole OpenAPI document anew without a change of its meaning."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.compare.fuzzing.contracts import Contract, copied, places
from tests.compare.fuzzing.rewriting import EXOTIC, Writer

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_SECTIONS = {
    "parameters": "parameters",
    "responses": "responses",
    "requestBody": "requestBodies",
    "headers": "headers",
}
_MARKED = (
    "readOnly",
    "writeOnly",
    "discriminator",
    "default",
    "deprecated",
    "xml",
    "x-apiver-unknown",
    "x-stability-level",
)


def refactored(random: Random, root: dict[str, Any], schemas: int = 2) -> tuple[dict[str, Any], list[str]]:
    """A copy of the document in which this and that is written in another way, and what was done.

    So many schemas are said in other words. Nothing is done that has no place in the document.
    """
    root = copied(root)
    done = []
    steps = [
        shuffled,
        path_parameters,
        said_aloud,
        server_to_paths,
        outlined,
        brought_in,
        documented,
        secured,
    ]
    if not _mentions(root, "discriminator"):
        steps.append(renamed)  # names of components are the tags of an implicit mapping
    for step in random.sample(steps, random.randint(1, 4)):
        if step(random, root):
            done.append(step.__name__)
    for _ in range(schemas):
        way = _reworded(random, root)
        done += [way] if way else []
    return root, done


def operations(root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation under `paths`."""
    for item in (root.get("paths") or {}).values():
        for method in METHODS:
            if isinstance(item, dict) and isinstance(item.get(method), dict):
                yield item[method]


def _mentions(value: Any, key: str) -> bool:
    return f'"{key}"' in json.dumps(value)


def _components(root: dict[str, Any], section: str) -> dict[str, Any]:
    found: dict[str, Any] = root.setdefault("components", {}).setdefault(section, {})
    return found


def shuffled(random: Random, root: dict[str, Any]) -> bool:
    """Every object in another order."""

    def mixed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: mixed(value[key]) for key in random.sample(list(value), len(value))}
        return [mixed(each) for each in value] if isinstance(value, list) else value

    again = mixed(root)
    root.clear()
    root.update(again)
    return True


def renamed(random: Random, root: dict[str, Any]) -> bool:
    """Other names for the components that are referred to."""
    sections = [each for each in ("schemas", *_SECTIONS.values()) if root.get("components", {}).get(each)]
    if not sections:
        return False
    for section in sections:
        names = {name: f"{name}Renamed" for name in root["components"][section]}
        again = {names[name]: each for name, each in root["components"][section].items()}
        root["components"][section] = again
        _refer(root, f"#/components/{section}/", names)
    return True


def _refer(value: Any, prefix: str, names: dict[str, str]) -> None:
    if isinstance(value, list):
        for each in value:
            _refer(each, prefix, names)
    elif isinstance(value, dict):
        text = value.get("$ref")
        if isinstance(text, str) and text.startswith(prefix):
            name, slash, rest = text.removeprefix(prefix).partition("/")
            value["$ref"] = prefix + names.get(name, name) + slash + rest
        for each in value.values():
            _refer(each, prefix, names)


def path_parameters(random: Random, root: dict[str, Any]) -> bool:
    """Other names for the variables of a path, and parameters of the path as those of each operation."""
    paths = root.get("paths") or {}
    if _mentions(root, "links") or _mentions(paths, "$ref"):
        return False
    again = {}
    for path, item in paths.items():
        if isinstance(item, dict):
            shared = item.pop("parameters", [])
            for method in METHODS:
                if isinstance(item.get(method), dict) and (shared or item[method].get("parameters")):
                    own = item[method].get("parameters") or []
                    keys = {(each["name"], each["in"]) for each in own}
                    more = [copied(each) for each in shared if (each["name"], each["in"]) not in keys]
                    item[method]["parameters"] = more + own
                    for each in item[method]["parameters"]:
                        if each["in"] == "path":
                            each["name"] += "_again"
        again[re.sub(r"\{([^{}]+)\}", r"{\1_again}", path)] = item
    root["paths"] = again
    return any("{" in path for path in again)


def said_aloud(random: Random, root: dict[str, Any]) -> bool:
    """What holds anyway, said aloud."""
    for operation in operations(root):
        operation.setdefault("deprecated", False)
        for each in operation.get("parameters") or []:
            if "$ref" not in each and each.get("in") != "path":
                each.setdefault("required", False)
                if "schema" in each:
                    style = {"query": "form", "header": "simple", "cookie": "form"}[each["in"]]
                    each.setdefault("style", style)
                    each.setdefault("explode", each["style"] == "form")
        body = operation.get("requestBody")
        if isinstance(body, dict) and "$ref" not in body:
            body.setdefault("required", False)
    root.setdefault("servers", [{"url": "/"}])
    return True


def server_to_paths(random: Random, root: dict[str, Any]) -> bool:
    """The path of the only server as the beginning of every path."""
    servers = root.get("servers") or []
    found = (
        re.fullmatch(r"(https?://[^/{}]+)?(/[^{}?#]*[^/{}?#])", servers[0]["url"])
        if len(servers) == 1
        else None
    )
    if found is None or _mentions(root.get("paths"), "servers"):
        return False
    servers[0]["url"] = found[1] or "/"
    root["paths"] = {found[2] + path: item for path, item in (root.get("paths") or {}).items()}
    return True


def outlined(random: Random, root: dict[str, Any]) -> bool:
    """Parts of operations as components."""
    done = False
    for number, operation in enumerate(list(operations(root))):
        for keyword in ("parameters", "responses"):
            held = operation.get(keyword) or {}
            for key in list(held) if isinstance(held, dict) else range(len(held)):
                if isinstance(held[key], dict) and "$ref" not in held[key] and random.random() < 0.4:
                    name = f"Outlined{number}{keyword}{key}"
                    _components(root, _SECTIONS[keyword])[name] = held[key]
                    held[key] = {"$ref": f"#/components/{_SECTIONS[keyword]}/{name}"}
                    done = True
        if "$ref" not in (operation.get("requestBody") or {"$ref": ""}) and random.random() < 0.5:
            _components(root, "requestBodies")[f"Outlined{number}"] = operation["requestBody"]
            operation["requestBody"] = {"$ref": f"#/components/requestBodies/Outlined{number}"}
            done = True
    return done


def brought_in(random: Random, root: dict[str, Any]) -> bool:
    """Components other than schemas where they are referred to."""
    done = False

    def target(part: Any, section: str) -> Any:
        text = part.get("$ref") if isinstance(part, dict) else None
        name = text.removeprefix(f"#/components/{section}/") if isinstance(text, str) else None
        return root.get("components", {}).get(section, {}).get(name)

    for operation in operations(root):
        for keyword in ("parameters", "responses"):
            held = operation.get(keyword) or {}
            for key in list(held) if isinstance(held, dict) else range(len(held)):
                if (found := target(held[key], _SECTIONS[keyword])) is not None:
                    held[key] = copied(found)
                    done = True
        if (found := target(operation.get("requestBody"), "requestBodies")) is not None:
            operation["requestBody"] = copied(found)
            done = True
    return done


def documented(random: Random, root: dict[str, Any]) -> bool:
    """Other words for people."""
    root["info"] = {**(root.get("info") or {}), "description": "other words", "title": "Another title"}
    for operation in operations(root):
        operation["summary"] = operation["description"] = "other words"
        for each in (operation.get("responses") or {}).values():
            if isinstance(each, dict) and "$ref" not in each:
                each["description"] = "other words"
    return True


def secured(random: Random, root: dict[str, Any]) -> bool:
    """What all operations ask for, said at each of them."""
    if "security" not in root:
        return False
    for operation in operations(root):
        operation.setdefault("security", copied(root["security"]))
    del root["security"]
    return True


def _reworded(random: Random, root: dict[str, Any]) -> str | None:
    """One schema in other words: the name of the way, or None where there is no schema."""
    legacy = str(root.get("openapi", "")).startswith("3.0")
    found = [
        (holder, key)
        for holder, key in _schemas(root)
        if isinstance(holder[key], dict) and not any(word in holder[key] for word in _MARKED)
    ]
    tagged = _mentions(root, "discriminator")
    components = root.get("components", {}).get("schemas") or {}
    for holder, key in random.sample(found, len(found)):
        writer = Writer(random, Contract(True, components, legacy), _components(root, "schemas"))
        ways = sorted(
            writer.ways().keys() - EXOTIC - {"documented"} - ({"inlined", "component"} if tagged else set())
        )
        for way in random.sample(ways, len(ways)):
            made = writer.said(holder[key], way)
            if made is not None:
                holder[key] = made
                return way
    return None


def _schemas(root: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """The places of the schemas in components and operations, and of all that are below them."""
    components = root.get("components", {}).get("schemas") or {}
    tops = [(components, name) for name in components]
    tops += [(part, "schema") for part in _parts(root.get("paths")) if isinstance(part.get("schema"), dict)]
    for holder, key in tops:
        yield holder, key
        yield from places(holder[key])


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for key, each in value.items():
            if key not in ("schema", "example", "examples"):
                yield from _parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _parts(each)
