"""Which headers say something of an API. Those of authorisation and cookies are never looked at."""

from __future__ import annotations

from apiver.recording.words import Words

_PLAIN_REQUEST = frozenset(
    [
        "accept",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "date",
        "expect",
        "forwarded",
        "from",
        "host",
        "keep-alive",
        "max-forwards",
        "origin",
        "pragma",
        "referer",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
    ]
)
_PLAIN_RESPONSE = frozenset(
    [
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "keep-alive",
        "server",
        "set-cookie",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "vary",
        "via",
    ]
)
_KNOWN_RESPONSE = frozenset(
    [
        "accept-ranges",
        "age",
        "allow",
        "cache-control",
        "content-disposition",
        "content-language",
        "content-location",
        "content-range",
        "deprecation",
        "etag",
        "expires",
        "last-modified",
        "link",
        "location",
        "retry-after",
        "sunset",
        "warning",
        "www-authenticate",
    ]
)
_SECRET = ("auth", "token", "key", "secret", "session", "csrf", "xsrf", "signature", "passw", "credential")


def is_asked(name: str, words: Words) -> bool:
    """Whether a header of a request is a parameter: one of the API's own, which the program spells."""
    lower = name.lower()
    return lower not in _PLAIN_REQUEST and not _is_secret(lower) and words.is_own(name)


def is_answered(name: str, words: Words) -> bool:
    """Whether a header of a response says more than how the message travels."""
    lower = name.lower()
    if lower in _PLAIN_RESPONSE or (_is_secret(lower) and lower != "www-authenticate"):
        return False
    return lower in _KNOWN_RESPONSE or words.is_name(name)


def _is_secret(header: str) -> bool:
    return header != "idempotency-key" and any(word in header for word in _SECRET)
