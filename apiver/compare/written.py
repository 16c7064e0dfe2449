"""A comparison in terms of what was written, where a document is a view of that (see `contract.view`)."""

from __future__ import annotations

from dataclasses import replace

from apiver.compare.change import Comparison, Part
from apiver.contract.document import Document


def as_written(comparison: Comparison, old: Document, new: Document) -> Comparison:
    """The comparison with the pointers that its parts have in the files where they stand.

    Fingerprints stay those of the view: a change is the same one whatever the contract is written in.
    """

    def turned(part: Part, document: Document) -> Part:
        pointer = document.original(part.pointer)
        return part if pointer == part.pointer else replace(part, pointer=pointer)

    sides = {"old": old, "new": new, "both": old}
    return replace(
        comparison,
        changes=tuple(
            replace(change, old=turned(change.old, old), new=turned(change.new, new))
            for change in comparison.changes
        ),
        not_compared=tuple(
            replace(each, pointer=sides[each.side].original(each.pointer)) for each in comparison.not_compared
        ),
    )
