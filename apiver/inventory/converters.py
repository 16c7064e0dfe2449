"""What values a Werkzeug converter lets through, as a JSON Schema. No converter is ever run."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.routing import (
    AnyConverter,
    BaseConverter,
    FloatConverter,
    IntegerConverter,
    PathConverter,
    UnicodeConverter,
    UUIDConverter,
)
from werkzeug.routing.converters import NumberConverter

Schema = dict[str, Any]

_LENGTH = re.compile(r"\[\^/\]\{(\d+)(?:(,)(\d*))?\}")
# Groups and flags that Python's expressions have and ECMA-262, which JSON Schema prescribes, has not.
_PYTHON_ONLY = re.compile(r"\\[AZ]|\(\?(?![:=!]|<[=!])|[*+?}]\+")


def schema_of(converter: BaseConverter) -> Schema:
    """The JSON Schema of the values that a bound converter accepts in a URL.

    A converter of the user's own counts as the nearest converter of Werkzeug that it inherits from,
    unless its `regex` is a different one: then that is the pattern of a string. Where the expression
    cannot be said in JSON Schema the string stays open, and `x-apiver-unknown` gives the reason.
    """
    if isinstance(converter, AnyConverter):
        return {"type": "string", "enum": sorted(converter.items)}
    if isinstance(converter, NumberConverter):
        return _number(converter)
    if isinstance(converter, UUIDConverter) and converter.regex == UUIDConverter.regex:
        return {"type": "string", "format": "uuid"}
    if isinstance(converter, PathConverter) and converter.regex == PathConverter.regex:
        return {"type": "string"}
    if isinstance(converter, UnicodeConverter):
        lengths = _LENGTH.fullmatch(converter.regex)
        if lengths:
            return _lengths(*lengths.groups())
    if type(converter).__module__ == "connexion.frameworks.flask":
        return {"type": "integer" if "int" in type(converter).__name__.lower() else "number"}
    if converter.regex == BaseConverter.regex:
        return {"type": "string"}
    return _patterned(converter.regex)


def _lengths(least: str, comma: str | None, most: str | None) -> Schema:
    """A path segment is never empty, so a minimum of one says nothing."""
    schema: Schema = {"type": "string"}
    if int(least) > 1:
        schema["minLength"] = int(least)
    if not comma:
        schema["maxLength"] = int(least)
    elif most:
        schema["maxLength"] = int(most)
    return schema


def _number(converter: NumberConverter) -> Schema:
    if not _matches(converter.regex, "1", "1.0") or _matches(converter.regex, "a", "A", "f"):
        return _patterned(converter.regex)
    least, most = converter.min, converter.max
    if not _matches(converter.regex, "-1", "-1.0"):
        least = max(least or 0, 0)
    digits = converter.fixed_digits
    if digits:
        if least is None or least < 10 ** (digits - 1):
            # "0007" is four digits, the number 7 is not: only the text tells them apart.
            return {"type": "string", "pattern": f"^[0-9]{{{digits}}}$"}
        most = min(most or 10**digits - 1, 10**digits - 1)
    fractional = isinstance(converter, FloatConverter) or not isinstance(converter, IntegerConverter)
    schema: Schema = {"type": "number" if fractional else "integer"}
    if least is not None:
        schema["minimum"] = least
    if most is not None:
        schema["maximum"] = most
    return schema


def _matches(regex: str, *samples: str) -> bool:
    return any(re.fullmatch(regex, sample) for sample in samples)


def _patterned(regex: str) -> Schema:
    portable = re.sub(r"\(\?P<\w+>", "(?:", regex)
    if _PYTHON_ONLY.search(portable):
        return {"type": "string", "x-apiver-unknown": f"the converter's expression {regex} is Python's own"}
    return {"type": "string", "pattern": f"^(?:{portable})$" if "|" in portable else f"^{portable}$"}
