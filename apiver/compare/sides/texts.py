"""Scalars as texts: how they are written into URLs, headers and forms, and what such texts may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")
_LONGEST_NUMBER = 4000  # digits; Python itself turns no more than 4,300 of them into an integer


def text_of(value: Any) -> str:
    """A scalar as it stands in a URL, a header or a cookie."""
    if value is True or value is False:
        return "true" if value else "false"
    return "" if value is None else str(value)


def readings(text: str) -> Iterator[Any]:
    """The JSON values that a text may stand for: the string, the number, the boolean."""
    yield text
    if len(text) <= _LONGEST_NUMBER and _NUMBER.match(text):
        yield int(text) if text.lstrip("-").isdigit() else float(text)
    if text in ("true", "false"):
        yield text == "true"
