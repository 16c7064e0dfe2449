"""JSON as users write it: the value, or what is wrong with the text and where."""

from __future__ import annotations

import gc
import json
import re
from typing import Any, NoReturn

import orjson

from apiver.contract.json_places import repeated_key
from apiver.contract.number import TOO_LARGE, fraction, integer
from apiver.contract.source_text import SourceText, decoded
from apiver.errors import InputError

# Past this size a text was written by a program, and looking for keys that stand twice would cost a third
# of the reading. The last one counts then, as with most readers.
REPEATED_LIMIT = 4_000_000

# In every fourth byte, digits and points as zeros, a number of sixteen signs shows as four zeros in a row.
_EVERY = 4
_DIGITS = bytes(ord("0") if chr(byte) in "0123456789." else ord(" ") for byte in range(256))
_RUN = re.compile(rb"[0-9.]{16}").search
_LONG_NUMBER = re.compile(rb"[:,\[][ \t\r\n]*-?([0-9.]{16,})(?:[eE][-+]?[0-9]+)?[ \t\r\n]*[,\]}]").search
_REFERENCE = re.compile(rb'\$ref"\s*:\s*"([^"]*)"')

_REMEDIES = {
    "expected a JSON value": "is this YAML? Then let the name of the file end in .yaml",
    "trailing comma": "remove the comma before the closing bracket",
    "string key": "JSON has neither comments nor single quotes, and no comma before a closing brace",
    "end of data": "the text ends too early: was the file cut off?",
    "after document": "one file holds one document",
    "control character": "write line breaks and tabs in strings as \\n and \\t",
    "leading zero": "put the number in quotes if it is a code",
}


def read_json(raw: bytes, name: str) -> Any:
    """The value of a JSON text (RFC 8259, UTF-8 without byte order mark).

    Integers are exact, whatever their length. Raises InputError with line and column where the text is
    not JSON, holds a number beyond every double, or (up to `REPEATED_LIMIT` bytes) names a key twice.
    """
    collecting = gc.isenabled()
    gc.disable()  # the collector would walk the growing tree again and again, and find nothing
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        _refuse(raw, name, error)
    finally:
        if collecting:
            gc.enable()
    if len(raw) <= REPEATED_LIMIT and _colons(value, name) != raw.count(b":"):
        _check_keys(raw, name)
    if _may_have_long_number(raw):
        return json.loads(raw, parse_int=integer, parse_float=fraction)
    return value


def references_in(raw: bytes) -> set[str] | None:
    """Every text that follows a `"$ref":`, examples included; None where escapes hide what they say."""
    found = set(_REFERENCE.findall(raw))
    if any(b"\\" in reference for reference in found):
        return None
    return {reference.decode() for reference in found}


def _may_have_long_number(raw: bytes) -> bool:
    """Whether some number may have more digits than a double holds (orjson rounds beyond 64 bits)."""
    sample = raw[::_EVERY].translate(_DIGITS)
    at = sample.find(b"0000")
    while at >= 0:
        start = at * _EVERY
        if _RUN(raw, max(0, start - 3), start + 16) and _LONG_NUMBER(raw, max(0, start - 200), start + 400):
            return True
        at = sample.find(b"0000", at + 1)
    return False


def _refuse(raw: bytes, name: str, error: orjson.JSONDecodeError) -> NoReturn:
    decoded(raw, name)
    where = f"{name}:{error.lineno}:{error.colno}"
    remedy = next((remedy for part, remedy in _REMEDIES.items() if part in error.msg), None)
    what = TOO_LARGE if "infinity" in error.msg else f"not JSON: {error.msg}"
    raise InputError(what, where=where, remedy=remedy) from None


def _colons(value: Any, name: str) -> int:
    """How many colons the value takes to write: fewer than were there where a key was lost."""
    try:
        return orjson.dumps(value).count(b":")
    except TypeError:  # it writes 254 levels at most
        raise InputError("the document is nested too deeply", where=name) from None


def _check_keys(raw: bytes, name: str) -> None:
    source = SourceText(raw, name)
    repeated = repeated_key(source.text)
    if repeated is not None:
        key, offset = repeated
        raise InputError(
            f"the key {key!r} stands twice in one object",
            where=str(source.place(offset)),
            remedy="remove or rename one of them",
        )
