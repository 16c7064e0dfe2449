"""Why a part of a contract is unknown, by kinds, each with what people can do about it."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass

from apiver.reading.account import Gap


class Kind(enum.Enum):
    """A kind of reason: what is the matter, and the remedy."""

    DEFECT = (
        "apiver itself failed",
        "please report it with the reason; the rest of the contract stands",
    )
    LIBRARY = (
        "code of a library stands in between",
        "annotate the function of yours that calls it, or record what it answers: apiver record -- pytest",
    )
    NO_SOURCE = (
        "code without a source, or too much of it",
        "annotate what the function returns; apiver reads that in its place",
    )
    STORE = (
        "it depends on what the app holds while it runs",
        "annotate the function that hands it out, or record: apiver record -- pytest",
    )
    COMPUTED = (
        "it is computed while the app runs",
        "annotate what the function returns, or record: apiver record -- pytest",
    )
    UNTYPED = (
        "nothing says what type it has",
        "annotate the argument, the attribute or the function that is named; what a request brings may also "
        "be checked with isinstance() or a schema",
    )
    PASSED_ON = (
        "the request is handed on as a whole",
        "read it key by key, through a dataclass, or by a schema of marshmallow or pydantic",
    )
    CHECK = (
        "a check that no schema says",
        "nothing, where it is no matter of shape (a password, the stock); else compare with constants, "
        "match a pattern, or use a JSON Schema",
    )
    NO_JSON = (
        "it is nothing that JSON can hold",
        "make a dict or a text of it first; where the app has its own way to write it, declare or record it",
    )
    DECLARED = (
        "what is declared cannot be taken as it is",
        "correct the declaration that is named; until then the code speaks for itself",
    )
    UNREAD = (
        "apiver does not read that yet",
        "annotate what the function returns, or record: apiver record -- pytest",
    )

    @property
    def title(self) -> str:
        """What is the matter."""
        return self.value[0]

    @property
    def remedy(self) -> str:
        """What people can do about it."""
        return self.value[1]


# The first that is found in the reason decides.
_SIGNS: tuple[tuple[str, Kind], ...] = (
    (r"^apiver failed", Kind.DEFECT),
    (r"^the check at ", Kind.CHECK),
    (r"belongs to a library|of a library|before_request function of|callback of its own", Kind.LIBRARY),
    (
        r"source of .* could not be read|no source that could be read|too long to read|too deep"
        r"|too deeply|calls itself|too many different shapes|contains itself",
        Kind.NO_SOURCE,
    ),
    (
        r"when the app was loaded|too large to read|bound while a request|not loaded with the app|static file"
        r"|where the reading does not get to",
        Kind.STORE,
    ),
    (r"sent as JSON|own way to write|has no JSON form", Kind.NO_JSON),
    (r"not read key by key|read as it comes|items are not read|handed on|are copied", Kind.PASSED_ON),
    (
        r"not a constant|is computed|made by hand|made at run time|at run time|SQL|parsed from JSON"
        r"|media type|yields its values|answered by an object",
        Kind.COMPUTED,
    ),
    (
        r"nothing (in the code )?says|nothing is known|is not known|are not known|is annotated|annotation"
        r"|does not say|takes any value|holds any value|what the client sent as|of an unknown",
        Kind.UNTYPED,
    ),
)


@dataclass(frozen=True, slots=True)
class Group:
    """The gaps of one kind, those that reach most operations first, and the operations that they reach."""

    kind: Kind
    gaps: tuple[Gap, ...]
    operations: tuple[str, ...]


def kind_of(gap: Gap) -> Kind:
    """The kind of a gap, by the words of its reason."""
    if not gap.pointer:
        return Kind.DECLARED
    return next((kind for sign, kind in _SIGNS if re.search(sign, gap.reason)), Kind.UNREAD)


def grouped(gaps: Iterable[Gap]) -> list[Group]:
    """The gaps by kind; the kind that reaches most operations first."""
    found: dict[Kind, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(kind_of(gap), []).append(gap)
    groups = [
        Group(
            kind,
            tuple(sorted(held, key=lambda gap: -len(gap.operations))),
            tuple(dict.fromkeys(operation for gap in held for operation in gap.operations)),
        )
        for kind, held in found.items()
    ]
    return sorted(groups, key=lambda group: (-len(group.operations), -len(group.gaps), group.kind.name))
