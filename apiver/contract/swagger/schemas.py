"""Schema Objects of Swagger 2.0, and the schemas that its parameters and headers spell without one."""

from __future__ import annotations

from typing import Any

from apiver.contract.pointer import join
from apiver.contract.swagger.ledger import Ledger

_MAPS = ("properties", "patternProperties", "definitions")
_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLE = ("items", "additionalProperties", "not")
BARE = (
    *("type", "format", "items", "default", "enum", "multipleOf", "pattern"),
    *("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength"),
    *("maxItems", "minItems", "uniqueItems", "x-nullable"),
)
"""What describes the value of a parameter without a schema (Swagger 2.0, Parameter Object, Items Object)."""


def schema(ledger: Ledger, raw: Any, new: str, old: str) -> Any:
    """A Schema Object of OpenAPI 3.0; `new` is its pointer in the view, `old` the one in the document.

    `x-nullable` is `nullable`, a `discriminator` an object, the type `file` a binary string.
    """
    if not isinstance(raw, dict):
        return raw
    result: dict[str, Any] = {}
    for key, part in raw.items():
        here, there = join(new, key), join(old, key)
        if key == "$ref" and isinstance(part, str):
            ledger.refer(result, part)
        elif key in _MAPS and isinstance(part, dict):
            result[key] = {
                name: schema(ledger, each, join(here, name), join(there, name)) for name, each in part.items()
            }
        elif key in _LISTS and isinstance(part, list):
            result[key] = [
                schema(ledger, each, join(here, at), join(there, at)) for at, each in enumerate(part)
            ]
        elif key in _SINGLE:
            result[key] = schema(ledger, part, here, there)
        elif key == "discriminator" and isinstance(part, str):
            result[key] = {"propertyName": part}
            ledger.move(here + "/propertyName", there)
        elif key == "x-nullable":
            result["nullable"] = part
            ledger.move(new + "/nullable", there)
        elif key == "type" and part == "file":
            result |= {"type": "string", "format": "binary"}
        elif key != "collectionFormat":
            result[key] = part
    return result


def bare_schema(ledger: Ledger, holder: dict[str, Any], new: str, old: str) -> dict[str, Any]:
    """The schema of a parameter or header that says its type itself."""
    ledger.move(new, old)
    found: dict[str, Any] = schema(ledger, {key: holder[key] for key in BARE if key in holder}, new, old)
    return found
