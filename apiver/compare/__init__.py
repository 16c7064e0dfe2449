"""Two contracts -> what changed between them, with proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apiver.compare.change import Comparison
    from apiver.contract.document import Document

__all__ = ["diff"]


def diff(old: Document, new: Document) -> Comparison:
    """Compare two contracts. Every breaking change of the result carries a checked witness.

    Documents are OpenAPI 3.0 or 3.1; a change that could not be proved is risky and says why. The result is
    the same on every run for the same documents.
    """
    from apiver.compare.comparison import compare

    return compare(old, new)
