"""What comparing two contracts yields."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from apiver.contract.document import Place


class Effect(str, enum.Enum):
    """How a change touches the clients of the old contract, worst first."""

    BREAKING = "breaking"
    RISKY = "risky"
    COMPATIBLE = "compatible"
    DOCS = "docs"


class Absent:
    """The type of `ABSENT`: a value that is not there, as opposed to null."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> Literal[False]:
        return False


ABSENT = Absent()


@dataclass(frozen=True, slots=True, order=True)
class OperationRef:
    """An operation as people name it: method and path, without the version's prefix.

    `path` is `webhook <name>` for a webhook, `<path> callback <name>` for a callback.
    """

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Part:
    """One side of a change: where it stands and what stands there (`ABSENT` where nothing does).

    `located` is its place, or finds it: of the many changes of a comparison few are shown. Two parts are
    equal where pointer and value are.
    """

    pointer: str
    value: Any = ABSENT
    located: Place | Callable[[], Place | None] | None = field(default=None, compare=False, repr=False)

    @property
    def place(self) -> Place | None:
        """Where it stands in a file; None where it stands in none."""
        return self.located() if callable(self.located) else self.located


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request, or one response to it.

    For a request `status` is None; for a response `method` and `url` are those of its request.
    `body` is the decoded JSON value, form mapping or text; `ABSENT` where there is none. `selected` are the
    headers of a response's request that select the version of the API.
    """

    method: str
    url: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = ABSENT
    selected: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Witness:
    """A checked counterexample.

    `accepted` is the exchange on the side that allows it and `rejected` the same one on the side that does
    not (they differ in the URL and in what selects the version alone). `direction` says whether it is a
    request or a response. What clients send is accepted by "old"; what they receive may be sent by "new": a
    response, or the request of a webhook or a callback. `reason` is the validator's own sentence for the
    rejection.
    """

    direction: Literal["request", "response"]
    accepted: Exchange
    rejected: Exchange
    accepted_by: Literal["old", "new"]
    rejected_by: Literal["old", "new"]
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference that matters.

    `direction` is `request` for what clients send and `response` for what they receive, also where it is the
    API that sends the request. `rule` is an id of the catalogue, `subject` what changed in words
    (`body.isbn`, `?limit`, `Order.status`),
    `title` the sentence. `witness` is there for every breaking change; `reason` says why a risky one was not
    decided or not proved. `inferred` is true where it rests on facts that were read from code.
    `steps` say how the answer was found, where that was asked for.
    """

    rule: str
    effect: Effect
    direction: Literal["request", "response", "none"]
    subject: str
    title: str
    operations: tuple[OperationRef, ...]
    old: Part
    new: Part
    witness: Witness | None = None
    reason: str | None = None
    fingerprint: str = ""
    inferred: bool = False
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A part that was left out of the comparison, and why. `side` is old, new or both."""

    side: Literal["old", "new", "both"]
    pointer: str
    reason: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class SideSummary:
    """What was compared on one side: its name, title, version and the number of its operations."""

    name: str
    title: str
    version: str
    operations: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of `diff`: both sides, the changes worst first, and what was not compared."""

    old: SideSummary
    new: SideSummary
    changes: tuple[Change, ...]
    not_compared: tuple[NotCompared, ...] = field(default=())

    def count(self, effect: Effect) -> int:
        """How many changes have that effect."""
        return sum(change.effect is effect for change in self.changes)
