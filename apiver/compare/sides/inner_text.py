"""Texts that hold a document of their own: `contentMediaType`, `contentEncoding`, `contentSchema`.

JSON Schema (2020-12 Validation, 8) takes them for notes. Whoever writes a schema for the text means that the
text satisfies it, so JSON is read and held to it. Another media type or encoding is a change of behaviour.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from apiver.compare.change import ABSENT


def is_json(media: Any) -> bool:
    """Whether the media type is JSON, by its name or by its suffix (RFC 6839, 3.1)."""
    essence = media.partition(";")[0].strip().lower() if isinstance(media, str) else ""
    return essence == "application/json" or essence.endswith("+json")


def value_in(text: str, encoding: str | None) -> Any:
    """The JSON value in a text, ABSENT where nobody can say; raises ValueError where there is none."""
    if encoding not in (None, "base64", "7bit", "8bit", "binary"):
        return ABSENT
    try:
        plain = base64.b64decode(text, validate=True).decode() if encoding == "base64" else text
        return json.loads(plain)
    except (binascii.Error, RecursionError) as error:
        raise ValueError(str(error)) from error


def text_holding(value: Any, encoding: str | None) -> str:
    """The text that holds a JSON value."""
    text = json.dumps(value, ensure_ascii=False)
    return base64.b64encode(text.encode()).decode() if encoding == "base64" else text
