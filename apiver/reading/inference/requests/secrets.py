"""What looks like a secret: its value has no place in a contract that anybody may read."""

from __future__ import annotations

import re
from typing import Any

from flask import Config

from apiver.reading.inference.values.shapes import Known, Typed, Value

_NAME = re.compile(
    r"passw|secret|token|credential|api[-_]?key|private[-_]?key|(^|[-_])(pin|otp|salt)$", re.IGNORECASE
)


def is_secret(name: str) -> bool:
    """Whether the name of a field or a setting is that of a password, a key or a token."""
    return _NAME.search(name) is not None


def setting(table: Any, key: Value, value: Value) -> Value:
    """A value of the app's configuration; of a secret no more than its type."""
    secret = isinstance(table, Config) and isinstance(key, Known) and is_secret(str(key.value))
    if secret and isinstance(value, Known) and isinstance(value.value, str | bytes):
        return Typed(type(value.value))
    return value
