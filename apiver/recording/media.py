"""Media types and names of fields, as far as they may be written down."""

from __future__ import annotations

import mimetypes
import re

from apiver.recording.selection import Selection
from apiver.recording.words import Words, looks_like_a_name

_TYPES = frozenset(
    ["application", "audio", "font", "image", "message", "model", "multipart", "text", "video"]
)
_TOKEN = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
# Customary ones that mimetypes does not know.
_CUSTOMARY = frozenset(
    [
        "application/graphql",
        "application/graphql-response+json",
        "application/geo+json",
        "application/hal+json",
        "application/json-patch+json",
        "application/jsonl",
        "application/ld+json",
        "application/merge-patch+json",
        "application/msgpack",
        "application/problem+json",
        "application/problem+xml",
        "application/protobuf",
        "application/vnd.api+json",
        "application/x-msgpack",
        "application/x-ndjson",
        "application/x-www-form-urlencoded",
        "application/x-yaml",
        "application/xml",
        "application/yaml",
        "multipart/form-data",
        "multipart/mixed",
        "multipart/x-mixed-replace",
        "text/event-stream",
        "text/markdown",
        "text/yaml",
    ]
)

_REGISTERED = frozenset(mimetypes.types_map.values()) | frozenset(mimetypes.common_types.values())


def media_type(header: str | None, words: Words, selection: Selection) -> str | None:
    """The media type of a Content-Type without its parameters (RFC 9110, section 8.3.1); None without one.

    A type that is neither a known one nor spelled by the program may hold data: of it only the range is kept.
    """
    if not header:
        return None
    name = header.partition(";")[0].strip().lower()
    kind, _, rest = name.partition("/")
    if kind not in _TYPES or not _TOKEN.fullmatch(rest):
        return "*/*"
    if name in _CUSTOMARY or name in _REGISTERED or words.is_text(name) or selection.is_media(name):
        return name
    return f"{kind}/*"


def named(name: str, words: Words) -> bool:
    """Whether a field of a query or a form has a name that the program spells."""
    return looks_like_a_name(name) and words.is_own(name)
