"""The validators of a field -> keywords of JSON Schema. What no keyword says is marked as checked."""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from apiver.reading.schemas.marshmallow.naming import INCOMPLETE, Schema

_LIBRARIES = frozenset({"marshmallow", "webargs", "apiflask", "flask_marshmallow"})
_SCALARS = (str, int, float)
_SIZES = {"string": "Length", "array": "Items", "object": "Properties"}


def constrained(found: Schema, field: Any) -> Schema:
    """`found` with what the validators of `field` demand of a value that is loaded."""
    found = dict(found)
    unread: list[str] = []
    # A list in one text is checked after it was split.
    split = hasattr(field, "delimiter") and found.get("type") == "string"
    for validator in _flat(getattr(field, "validators", ())):
        rule = _RULES.get(type(validator).__name__) if not split and _is_known(validator) else None
        made = rule(validator, found) if rule is not None else None
        if made is None:
            unread.append(getattr(validator, "__name__", type(validator).__name__))
        else:
            found = _both(found, made)
    if unread:
        found[INCOMPLETE] = f"{unread[0]} checks it too"
    return found


def _flat(validators: Any) -> Iterator[Any]:
    for validator in validators:
        if type(validator).__name__ == "And" and _is_known(validator):
            yield from _flat(validator.validators)
        else:
            yield validator


def _is_known(validator: Any) -> bool:
    """Whether a validator runs the code of a library that is known here, and no code of the app."""
    owner = next((cls for cls in type(validator).__mro__ if "__call__" in vars(cls)), None)
    return owner is not None and owner.__module__.partition(".")[0] in _LIBRARIES


def _both(found: Schema, more: Schema) -> Schema:
    for key, value in more.items():
        if key not in found:
            found[key] = value
        elif key.startswith(("min", "exclusiveMin")):
            found[key] = max(found[key], value)
        elif key.startswith(("max", "exclusiveMax")):
            found[key] = min(found[key], value)
        elif key == "enum":
            found[key] = [item for item in found[key] if item in value]
        elif found[key] != value:
            found.setdefault("allOf", []).append({key: value})
    return found


def _type(found: Schema) -> str | None:
    kind = found.get("type")
    return kind if isinstance(kind, str) else None


def _range(validator: Any, found: Schema) -> Schema | None:
    if _type(found) not in ("integer", "number"):
        return None
    made: Schema = {}
    for name, keyword in (("min", "inimum"), ("max", "aximum")):
        value = _plain(getattr(validator, name))
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if getattr(validator, f"{name}_inclusive", True):
            made[name[0] + keyword] = value
        else:
            made["exclusive" + name[0].upper() + keyword] = value
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _length(validator: Any, found: Schema) -> Schema | None:
    size = _SIZES.get(_type(found) or "")
    if size is None or found.get("format") not in (None, "email", "uri", "uri-reference"):
        return None  # the length is that of the Python object, not of what was sent
    if validator.equal is not None:
        return {f"min{size}": validator.equal, f"max{size}": validator.equal}
    said = {f"min{size}": validator.min, f"max{size}": validator.max}
    return {key: value for key, value in said.items() if value is not None}


def _choices(values: Any, found: Schema) -> list[Any] | None:
    """The values of a list of choices, where what is loaded is the same in JSON and in Python."""
    kinds: Mapping[str, tuple[type, ...]] = {
        "string": (str,),
        "integer": (int,),
        "number": (int, float),
        "boolean": (bool,),
    }
    kind = _type(found)
    # In a text, `in` looks for a part; an iterator is used up by the first look.
    if (
        kind is None
        or kind not in kinds
        or "format" in found
        or isinstance(values, str)
        or not hasattr(values, "__len__")
    ):
        return None
    values = [value for value in values if value is not None]
    if not all(type(value) in kinds[kind] for value in values):
        return None
    return list(values)


def _ordered(values: Any, found: Schema) -> list[Any] | None:
    chosen = _choices(values, found)
    if chosen is not None and isinstance(values, set | frozenset):
        return sorted(chosen)
    return chosen


def _one_of(validator: Any, found: Schema) -> Schema | None:
    chosen = _ordered(validator.choices, found)
    return {"enum": chosen} if chosen else None


def _none_of(validator: Any, found: Schema) -> Schema | None:
    chosen = _ordered(validator.iterable, found)
    return {"not": {"enum": chosen}} if chosen else None


def _contains_only(validator: Any, found: Schema) -> Schema | None:
    items = found.get("items")
    chosen = _ordered(validator.choices, items) if isinstance(items, dict) else None
    if not chosen or not isinstance(items, dict) or "enum" in items:
        return None
    found["items"] = {**items, "enum": chosen}
    return {}


def _equal(validator: Any, found: Schema) -> Schema | None:
    chosen = _choices([validator.comparable], found)
    return {"enum": chosen} if chosen else None


def _regexp(validator: Any, found: Schema) -> Schema | None:
    pattern = validator.regex.pattern
    if _type(found) != "string" or not isinstance(pattern, str) or "format" in found:
        return None
    flags = validator.regex.flags & ~re.UNICODE
    if flags or any(part in pattern for part in ("(?", r"\A", r"\Z")):
        return None  # ECMA-262 has these not, or differently
    # `re.match` begins at the beginning.
    whole = pattern.startswith("^") and "|" not in pattern
    return {"pattern": pattern if whole else f"^(?:{pattern})"}


def _email(validator: Any, found: Schema) -> Schema | None:
    return (
        {"format": "email"} if _type(found) == "string" and found.get("format", "email") == "email" else None
    )


_RULES: Mapping[str, Callable[[Any, Schema], Schema | None]] = {
    "Range": _range,
    "Length": _length,
    "OneOf": _one_of,
    "NoneOf": _none_of,
    "ContainsOnly": _contains_only,
    "Equal": _equal,
    "Regexp": _regexp,
    "Email": _email,
}
