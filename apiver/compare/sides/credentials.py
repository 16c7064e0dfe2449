"""Who may call an operation: an OR of ANDs over resolved security schemes and scopes.

OpenAPI 3.1, 4.8.27 (Security Scheme Object) and 4.8.30 (Security Requirement Object).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from apiver.compare.sides.space import Node, Space
from apiver.compare.sides.surface import Operation
from apiver.contract.pointer import join

CERTIFICATE = "Client-Cert"
"""The header field that stands for the client's certificate in a message (RFC 9440, 2.2)."""


class Scheme(NamedTuple):
    """One resolved security scheme with the scopes that are asked of it."""

    kind: str
    place: str
    name: str
    scopes: frozenset[str]

    def describe(self) -> str:
        """The credential in words."""
        said = f"{self.name} authorization"
        if self.kind == "apiKey":
            said = f"{self.place} {self.name}"
        elif self.kind == "mutualTLS":
            said = self.name
        return f"{said} with scopes {' '.join(sorted(self.scopes))}" if self.scopes else said

    def suffices(self, wanted: Scheme) -> bool:
        """Whether it is the same credential as the wanted one, with every scope that is wanted."""
        return self[:3] == wanted[:3] and wanted.scopes <= self.scopes


Alternative = frozenset[Scheme]
"""Credentials that must be there together; the empty set is anonymous access."""


def requirements(operation: Operation) -> list[Alternative]:
    """The alternatives of credentials that an operation accepts; none means that it needs none."""
    return [
        frozenset(_scheme(operation.space, name, scopes) for name, scopes in requirement.items())
        for requirement in _said(operation)
    ]


def describe(alternatives: list[Alternative]) -> str:
    """Alternatives in words."""
    said = [
        " and ".join(sorted(scheme.describe() for scheme in each)) or "no credentials"
        for each in alternatives
    ]
    return " or ".join(said)


def enough(given: Alternative, wanted: Alternative) -> bool:
    """Whether whoever satisfies `given` satisfies `wanted` too."""
    return all(any(one.suffices(other) for one in given) for other in wanted)


def definitions(operation: Operation) -> dict[tuple[str, str, str], Node]:
    """The Security Scheme Objects behind the credentials of an operation, by kind, place and name."""
    found: dict[tuple[str, str, str], Node] = {}
    for requirement in _said(operation):
        for name, scopes in requirement.items():
            node = _defined(operation.space, name)
            if node is not None and isinstance(node.raw, dict):
                found.setdefault(_scheme(operation.space, name, scopes)[:3], node)
    return found


def schemes_of(space: Space) -> Any:
    """All Security Scheme Objects of a document, to see whether any differs."""
    components = space.root.get("components")
    return components.get("securitySchemes") if isinstance(components, dict) else None


def _said(operation: Operation) -> list[dict[str, Any]]:
    # What the document says for all its operations is about its clients, not about the requests it sends.
    general = None if operation.outgoing else operation.space.root.get("security")
    said = operation.node.raw.get("security", general)
    return [each for each in said if isinstance(each, dict)] if isinstance(said, list) else []


def _defined(space: Space, name: str) -> Node | None:
    """The scheme of that name; in OpenAPI 3.2 the name may be a reference to it."""
    node = space.node(join("/components/securitySchemes", name)) or space.target(name)
    return space.follow(node) if node is not None else None


def _scheme(space: Space, name: str, scopes: Any) -> Scheme:
    node = _defined(space, name)
    raw = node.raw if node is not None and isinstance(node.raw, dict) else {}
    kind = str(raw.get("type", "unknown"))
    wanted = frozenset(map(str, scopes)) if isinstance(scopes, list) else frozenset()
    if kind == "apiKey":
        place, name = str(raw.get("in")), str(raw.get("name"))
        if place == "header":  # header names have no case (RFC 9110, 5.1)
            name = "-".join(part.capitalize() for part in name.split("-"))
        return Scheme(kind, place, name, wanted)
    if kind == "http":
        return Scheme(kind, "header", str(raw.get("scheme", "bearer")).lower(), wanted)
    if kind in ("oauth2", "openIdConnect"):
        return Scheme(kind, "header", "bearer", wanted)
    if kind == "mutualTLS":
        return Scheme(kind, "connection", "client certificate", wanted)
    return Scheme(kind, "", name, wanted)
