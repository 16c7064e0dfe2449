"""Where a rule comes from: the section of the specification that says what the two contracts mean."""

from __future__ import annotations

from typing import NamedTuple

_OPENAPI = "https://spec.openapis.org/oas/v3.1.1.html"
_VALIDATION = "https://json-schema.org/draft/2020-12/json-schema-validation"
_CORE = "https://json-schema.org/draft/2020-12/json-schema-core"
_RFC = "https://www.rfc-editor.org/rfc"


class Source(NamedTuple):
    """A section of a specification: its name, and the address at which to read it."""

    name: str
    url: str


def openapi(part: str) -> Source:
    """An object of OpenAPI 3.1.1 by its name: `Parameter Object`."""
    return Source(f"OpenAPI 3.1.1, {part}", f"{_OPENAPI}#{part.lower().replace(' ', '-')}")


def validation(section: str, keyword: str) -> Source:
    """A section of JSON Schema Validation 2020-12."""
    return Source(f"JSON Schema Validation 2020-12, {section} {keyword}", f"{_VALIDATION}#section-{section}")


def core(section: str, keyword: str) -> Source:
    """A section of JSON Schema Core 2020-12."""
    return Source(f"JSON Schema Core 2020-12, {section} {keyword}", f"{_CORE}#section-{section}")


def rfc(number: int, section: str, title: str) -> Source:
    """A section of an RFC."""
    return Source(f"RFC {number}, {section} {title}", f"{_RFC}/rfc{number}#section-{section}")
