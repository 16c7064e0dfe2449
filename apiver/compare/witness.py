"""From suspicion to proof: a message that one contract accepts and the other rejects, judged apart."""

from __future__ import annotations

from apiver.compare.change import ABSENT, Exchange, Witness
from apiver.compare.findings import Attempt, Finding, Where
from apiver.compare.judge import Judge, Objection, UnjudgedError
from apiver.compare.pairing import Pair
from apiver.compare.space import Mode, Space, canonical
from apiver.compare.surface import Operation

ATTEMPTS = 4
"""How many operations are tried for one finding before it is left unproved."""

UNPROVED = "no message was found that shows it"


class Prover:
    """Tries to prove findings; remembers which unions were broken through."""

    def __init__(self, old: Space, new: Space) -> None:
        modes: tuple[Mode, ...] = ("request", "response")
        self._judges = {(id(space), mode): Judge(space, mode) for space in (old, new) for mode in modes}
        self._known: dict[tuple[Operation, bytes], list[Objection]] = {}

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
        pair, where = attempt.pair, attempt.where
        mode: Mode = "request" if finding.direction == "request" else "response"
        # What the client receives is a response, or a request of a turned pair.
        kind: Mode = "response" if (mode == "response") != pair.turned else "request"
        if kind == "request":
            where = _renamed(where, pair)
            sender, sent, receiver, received = pair.old, old, pair.new, new
        else:
            sender, sent, receiver, received = pair.new, new, pair.old, old
        if self.objections(mode, kind, sender, sent):
            return None
        found = _pertinent(
            self.objections(mode, kind, receiver, received), where, finding, exact=attempt.exact
        )
        if found is None:
            return None
        if mode == "request":
            return Witness(kind, sent, received, "old", "new", found.message)
        return Witness(kind, sent, received, "new", "old", found.message)

    def objections(self, mode: Mode, kind: Mode, operation: Operation, exchange: Exchange) -> list[Objection]:
        """What an operation has against a message of that kind, in which `mode` is the way its values travel.

        It is asked for once: many findings are shown by the same small message.
        """
        said = [mode, kind, exchange.url, exchange.status, exchange.headers, exchange.body is ABSENT]
        key = operation, canonical([*said, None if exchange.body is ABSENT else exchange.body])
        if key not in self._known:
            judge = self._judges[id(operation.space), mode]
            judged = judge.request if kind == "request" else judge.response
            self._known[key] = judged(operation, exchange)
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
