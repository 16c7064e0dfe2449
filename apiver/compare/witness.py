"""From suspicion to proof: a message that one contract accepts and the other rejects, judged apart."""

from __future__ import annotations

from collections.abc import Callable

from apiver.compare.change import ABSENT, Exchange, Witness
from apiver.compare.findings import Attempt, Finding, Where
from apiver.compare.judge import Judge, Objection, UnjudgedError
from apiver.compare.pairing import Operation, Pair
from apiver.compare.space import Space, canonical

ATTEMPTS = 4
"""How many operations are tried for one finding before it is left unproved."""

UNPROVED = "no message was found that shows it"


class Prover:
    """Tries to prove findings; remembers which unions were broken through."""

    def __init__(self, old: Space, new: Space) -> None:
        self._judges = {
            "request": (Judge(old, "request"), Judge(new, "request")),
            "response": (Judge(old, "response"), Judge(new, "response")),
        }
        self._known: dict[tuple[int, bytes], list[Objection]] = {}

    def prove(self, finding: Finding) -> Witness | None:
        """The first witness of a finding, or None; the reason is then in the finding."""
        likely = sorted(finding.attempts, key=_effort)
        for attempt in likely[:ATTEMPTS]:
            witness = self._shown(finding, attempt)
            if witness is not None:
                others = [each for each in likely if not all(gap.confirmed for gap in each.contests)]
                for other in others[:ATTEMPTS]:
                    self._shown(finding, other)
                return witness
        finding.reason = finding.reason or UNPROVED
        return None

    def _shown(self, finding: Finding, attempt: Attempt) -> Witness | None:
        """The first witness among the messages of an attempt; the unions that it breaks through are told."""
        try:
            for old, new in attempt.messages():
                witness = self._judged(finding, attempt, old, new)
                if witness is not None:
                    for contest in attempt.contests:
                        contest.confirmed = True
                    return witness
        except RecursionError:
            finding.reason = "the counterexample is nested too deeply to be built"
        except UnjudgedError as error:
            finding.reason = f"the counterexample could not be checked: {error}"
        return None

    def _judged(self, finding: Finding, attempt: Attempt, old: Exchange, new: Exchange) -> Witness | None:
        before, after = self._judges["request" if finding.direction == "request" else "response"]
        pair = attempt.pair
        if finding.direction == "request":
            where = _renamed(attempt.where, pair)
            accepts, objects = (before.request, pair.old, old), (after.request, pair.new, new)
        else:
            where = attempt.where
            accepts, objects = (after.response, pair.new, new), (before.response, pair.old, old)
        if self._objections(*accepts):
            return None
        found = _pertinent(self._objections(*objects), where, finding, exact=attempt.exact)
        if found is None:
            return None
        if finding.direction == "request":
            return Witness("request", old, new, "old", "new", found.message)
        return Witness("response", new, old, "new", "old", found.message)

    def _objections(
        self,
        judge: Callable[[Operation, Exchange], list[Objection]],
        operation: Operation,
        exchange: Exchange,
    ) -> list[Objection]:
        """The judgement of one message, asked for once: many findings are shown by the same small message."""
        said = [exchange.url, exchange.status, exchange.headers, exchange.body is ABSENT]
        key = id(operation), canonical([*said, None if exchange.body is ABSENT else exchange.body])
        if key not in self._known:
            self._known[key] = judge(operation, exchange)
        return self._known[key]


def _effort(attempt: Attempt) -> tuple[int, int, str, str]:
    """How hard an attempt looks: simple ways first, then by operation, whatever the order of the document."""
    operation = attempt.pair.old
    return len(attempt.contests), len(attempt.where), operation.path, operation.method


def _pertinent(
    objections: list[Objection], where: Where, finding: Finding, *, exact: bool
) -> Objection | None:
    """The objection that is about the finding's own part of the message, if there is one."""
    near = [
        each
        for each in objections
        if _within(where, each.where) or (not exact and _within(each.where, where))
    ]
    name = repr(finding.subject.rpartition(".")[2])
    named = next((each for each in near if name in each.message), None)
    return named or max(near, key=lambda each: len(each.where), default=None)


def _renamed(where: Where, pair: Pair) -> Where:
    """The place under its new name: path variables are paired by position."""
    if where[:1] == ("path",) and where[1] in pair.old.variables:
        at = pair.old.variables.index(str(where[1]))
        if at < len(pair.new.variables):
            return ("path", pair.new.variables[at], *where[2:])
    return where


def _within(inner: Where, outer: Where) -> bool:
    """Whether the first place is the second one or a part of it."""
    return inner[: len(outer)] == outer


def removed(old: Exchange) -> Witness:
    """The witness of an operation that is gone: the new contract has nothing at that URL and method."""
    return Witness("request", old, old, "old", "new", f"no operation {old.method} serves this URL")
