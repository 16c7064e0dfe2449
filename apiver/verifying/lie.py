"""Where a contract says something else than its app does, and what came of trying."""

from __future__ import annotations

from dataclasses import dataclass

from apiver.contract.document import Place

KINDS = {
    "status": "a status that the contract does not have",
    "media-type": "a media type that the contract does not have",
    "schema": "a body that the contract rules out",
    "header": "a header that the contract rules out, or lacks",
    "refused": "a request that the contract allows is refused",
    "server-error": "the app fails",
}
"""The kinds of lies, in the order of how they are told."""


@dataclass(frozen=True, slots=True)
class Lie:
    """One disagreement of a contract and its app, with a request that shows it.

    `kind` is one of KINDS, `operation` the method and path of the contract, `status` that of the answer (None
    where a view failed with an exception), `message` what is wrong in one line, `curl` a command that makes
    the request, and `place` where the contract says it.
    """

    kind: str
    operation: str
    status: int | None
    message: str
    curl: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of verifying the contract `name`.

    `operations` counts those that were tried, `requests` those that were made. `untried` are operations with
    the reason why no request could be made; `unauthorised` are those that answered nothing but 401 or 403.
    """

    name: str
    operations: int
    requests: int
    lies: tuple[Lie, ...]
    untried: tuple[tuple[str, str], ...]
    unauthorised: tuple[str, ...]
