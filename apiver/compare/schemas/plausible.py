"""Texts that look right at a glance: by the format that a schema names, or by the name of the member."""

from __future__ import annotations

import re

FORMATS: dict[str, tuple[str, ...]] = {
    "date": ("2024-01-31",),
    "date-time": ("2024-01-31T12:00:00Z", "2024-01-31T12:00:00.000+00:00"),
    "time": ("12:00:00Z",),
    "duration": ("P1D", "PT1H30M", "P1Y2M3DT4H5M6S"),
    "email": ("reader@example.com", "a@b.org"),
    "idn-email": ("reader@example.com", "a@b.org"),
    "hostname": ("example.com", "b.org"),
    "idn-hostname": ("example.com", "b.org"),
    "ipv4": ("192.0.2.1",),
    "ipv6": ("2001:db8::1", "::1", "2001:0db8:0000:0000:0000:0000:0000:0001"),
    "uri": ("https://example.com/", "urn:a:b"),
    "url": ("https://example.com/",),
    "uri-reference": ("/books/1", "#"),
    "iri": ("https://example.com/",),
    "iri-reference": ("/books/1", "#"),
    "uri-template": ("/books/{id}",),
    "uuid": ("123e4567-e89b-42d3-a456-426614174000",),
    "json-pointer": ("/books/0", ""),
    "relative-json-pointer": ("1/books", "0"),
    "regex": ("^[a-z]+$", "a"),
    "byte": ("YXBpdmVy", "YQ=="),
    "base64url": ("YXBpdmVy", "YQ"),
    "password": ("correct horse battery staple", "secret"),
    "decimal": ("9.99", "1"),
    "char": ("a",),
    "http-date": ("Wed, 31 Jan 2024 12:00:00 GMT",),
    "media-range": ("application/json", "*/*"),
}
"""Texts of the formats of JSON Schema 2020-12 (section 7.3) and OpenAPI's registry, the usual one first."""

_STRETCH = {"uri": "a", "url": "a", "iri": "a", "uri-reference": "a", "iri-reference": "a", "password": "x"}

_NAMED = {
    "id": "1",
    "at": "2024-01-31T12:00:00Z",
    "subtitle": "A novel",
    "biography": "Born in 1775",
    "location": "/books/1",
    "title": "Emma",
    "name": "Ada",
    "author": "Jane Austen",
    "email": "reader@example.com",
    "mail": "reader@example.com",
    "url": "https://example.com/",
    "uri": "https://example.com/",
    "link": "https://example.com/",
    "href": "https://example.com/",
    "host": "example.com",
    "phone": "+1 555 0100",
    "city": "Bath",
    "street": "1 High Street",
    "country": "GB",
    "currency": "EUR",
    "language": "en",
    "locale": "en-GB",
    "timezone": "Europe/London",
    "zip": "10115",
    "postcode": "10115",
    "isbn": "9780141439587",
    "sku": "AB-1234",
    "colour": "blue",
    "color": "blue",
    "date": "2024-01-31",
    "version": "1.0",
    "path": "/books/1",
    "description": "A novel",
    "comment": "A novel",
    "message": "Thank you",
    "text": "Thank you",
    "user": "ada",
    "username": "ada",
    "login": "ada",
    "password": "correct horse battery staple",
    "token": "abc123",
    "owner": "ada",
    "org": "example",
    "organization": "example",
    "repo": "books",
    "repository": "books",
    "branch": "main",
    "tag": "v1.0",
    "slug": "emma",
    "sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
}

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def of_format(name: str, least: int = 0) -> tuple[str, ...]:
    """Texts of the format; with `least` also one of at least that many characters where that is simple."""
    known = FORMATS.get(name, ())
    if known and least > len(known[0]) and name in _STRETCH:
        return (*known, known[0].ljust(least, _STRETCH[name]))
    return known


def of_name(name: str) -> str | None:
    """A text for a member of that name, by the last of its words: `authorName`, `html_url`, `X-Token`."""
    words = _WORDS.findall(name)
    return _NAMED.get(words[-1].lower()) if words else None
