"""`additionalProperties: false` that is meant for requests alone, taken out of what is answered.

marshmallow refuses unknown keys when it loads, and apispec writes that into the schema, which then stands for
answers as well. There it would be a promise never to add a property, which nobody gave.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PREFIXES = ("#/components/schemas/", "#/definitions/")
_ASKED = ("parameters", "requestBody")


def open_answers(root: dict[str, Any]) -> None:
    """Change a document so that no schema of a response forbids further properties.

    A schema that serves both ways becomes two: requests get a copy of it, `Book` and `BookInput`.
    """
    components = root.get("components", {})
    schemas: dict[str, Any] = components.get("schemas") or root.get("definitions") or {}
    items = [item for item in root.get("paths", {}).values() if isinstance(item, dict)]
    operations = [item[method] for item in items for method in _METHODS if method in item]
    shared = components if "components" in root else root
    asked = [part for entry in (*items, *operations) for key, part in entry.items() if key in _ASKED]
    asked += [shared.get("parameters", {}), shared.get("requestBodies", {})]
    answered = [entry.get("responses", {}) for entry in operations]
    answered += [shared.get("responses", {}), shared.get("headers", {})]
    sent, received = _reached(answered, schemas), _reached(asked, schemas)
    closed = {name for name in sent if _is_closed(name, schemas)}
    names = _names(sorted(closed & received), schemas)
    copies = {new: copy.deepcopy(schemas[old]) for old, new in names.items()}
    for part in [*asked, *copies.values(), *(schemas[name] for name in received - sent)]:
        _rename(part, names)
    for part in [*answered, *(schemas[name] for name in sent)]:
        _open(part)
    schemas.update(copies)


def _reached(parts: Iterable[Any], schemas: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    todo = list(parts)
    while todo:
        for holder in _references(todo.pop()):
            name = _name(holder["$ref"])
            if name in schemas and name not in found:
                found.add(name)
                todo.append(schemas[name])
    return found


def _is_closed(name: str, schemas: dict[str, Any]) -> bool:
    return any(_forbids(schemas[other]) for other in {name} | _reached([schemas[name]], schemas))


def _forbids(value: Any) -> bool:
    if isinstance(value, list):
        return any(_forbids(member) for member in value)
    if not isinstance(value, dict):
        return False
    return value.get("additionalProperties") is False or any(_forbids(member) for member in value.values())


def _names(closed: list[str], schemas: dict[str, Any]) -> dict[str, str]:
    """What the schemas of requests are called: `Book` -> `BookInput`, and `Book1` -> `BookInput1`."""
    found: dict[str, str] = {}
    for name in closed:
        base = name.rstrip("0123456789")
        base = base if base in schemas else name
        wanted, number = f"{base}Input{name[len(base) :]}", 0
        made = wanted
        while made in schemas or made in found.values():
            number += 1
            made = f"{wanted}{number}"
        found[name] = made
    return found


def _references(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for member in value:
            yield from _references(member)
    elif isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value
        for member in value.values():
            yield from _references(member)


def _name(reference: str) -> str:
    for prefix in _PREFIXES:
        reference = reference.removeprefix(prefix)
    return reference


def _rename(value: Any, names: dict[str, str]) -> None:
    for holder in _references(value):
        name = _name(holder["$ref"])
        if name in names and holder["$ref"] != name:
            holder["$ref"] = holder["$ref"][: -len(name)] + names[name]


def _open(value: Any) -> None:
    if isinstance(value, list):
        for member in value:
            _open(member)
    elif isinstance(value, dict):
        if value.get("additionalProperties") is False:
            del value["additionalProperties"]
        for member in value.values():
            _open(member)
