"""Documents that are views of others: the same in another form, with the places of what was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from apiver.contract.document import Document, Place


class Origin(NamedTuple):
    """Where a part of a view was written: a document and the pointer in it."""

    document: Document
    pointer: str


class Origins:
    """The way from the pointers of a view back to what it was made of.

    `known` holds the origin of every part that does not stand below the origin of the part around it; the
    whole (`""`) is always among them.
    """

    def __init__(self, known: Mapping[str, Origin]) -> None:
        self._known = known

    def of(self, pointer: str) -> Origin:
        """The origin of the part at `pointer`."""
        end = len(pointer)
        while (found := self._known.get(pointer[:end])) is None:
            end = pointer.rfind("/", 0, end)
        return Origin(found.document, found.pointer + pointer[end:])

    def locate(self, pointer: str) -> Place | None:
        """The place where it was written."""
        document, origin = self.of(pointer)
        return document.locate(origin)

    def original(self, pointer: str) -> str:
        """Its pointer in the file where it was written."""
        document, origin = self.of(pointer)
        return document.original(origin)


def viewed(root: dict[str, Any], name: str, known: Mapping[str, Origin]) -> Document:
    """The document `root`, whose parts come from where `known` says (see `Origins`)."""
    origins = Origins(known)
    return Document(root, name, origins.locate, origins.original)
