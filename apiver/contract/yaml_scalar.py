"""What a YAML scalar means: the rules of YAML 1.2 that lead to JSON values.

OpenAPI asks for the JSON schema of YAML 1.2 (spec 4.2, Format). The spellings of its core schema are read
too (`~`, `True`, `+1`, `0x1F`, `0o17`), except that digits after a leading zero stay a text: `007` is a code,
and readers of YAML 1.1 and 1.2 disagree on what number it would be.
"""

from __future__ import annotations

import re

from apiver.contract.number import TOO_LARGE, fraction, integer

TAG = "tag:yaml.org,2002:"

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z").match
_FRACTION = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z").match
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+\Z").match
_OCTAL = re.compile(r"0o[0-7]+\Z").match
_NO_NUMBER = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z").match

Scalar = str | int | float | bool | None


def plain(text: str) -> Scalar:
    """The value of a scalar without quotes and tag; raises ValueError where JSON has no such value."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "-+.0123456789":
        return text
    if _INTEGER(text):
        return integer(text)
    if _FRACTION(text):
        return fraction(text)
    if _HEXADECIMAL(text):
        return _whole(text[2:], 16)
    if _OCTAL(text):
        return _whole(text[2:], 8)
    if _NO_NUMBER(text):
        raise ValueError(f"{text} is no number in JSON")
    return text


def _whole(digits: str, base: int) -> int:
    if len(digits) > 200:
        raise ValueError(TOO_LARGE)
    return int(digits, base)


def tagged(tag: str, text: str) -> Scalar:
    """The value of a scalar with a tag; raises ValueError where the tag is unknown or does not fit."""
    if tag in (TAG + "str", "!"):
        return text
    value = plain(text)
    kinds: dict[str, tuple[type, ...]] = {
        "int": (int,),
        "float": (float, int),
        "bool": (bool,),
        "null": (type(None),),
    }
    kind = tag.removeprefix(TAG)
    if kind not in kinds:
        raise ValueError(f"the tag {spelled(tag)} has no meaning in OpenAPI")
    if type(value) not in kinds[kind]:
        raise ValueError(f"{text!r} is no {kind}")
    return value


def spelled(tag: str) -> str:
    """A tag as people write it: `!!set`, `!Ref`."""
    return "!!" + tag.removeprefix(TAG) if tag.startswith(TAG) else tag
