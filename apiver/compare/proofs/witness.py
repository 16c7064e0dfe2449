"""From suspicion to proof: a message that one contract accepts and the other rejects, judged apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from apiver.compare.change import ABSENT, Exchange, Witness
from apiver.compare.proofs.explanation import written
from apiver.compare.proofs.findings import Attempt, Finding, Where
from apiver.compare.proofs.judge import Judge, Objection, UnjudgedError
from apiver.compare.schemas.gaps import UNDECLARED
from apiver.compare.schemas.samples import UnshownError
from apiver.compare.schemas.shrinking import without
from apiver.compare.sides.pairing import Pair
from apiver.compare.sides.space import Mode, Space, canonical
from apiver.compare.sides.surface import Operation

ATTEMPTS = 4
"""How many operations are tried for one finding before it is left unproved."""

TRIALS = 24
"""How many parts of a counterexample are tried to be left out."""

UNPROVED = "no message was found that shows it"


_SENDER: dict[Mode, str] = {"request": "old", "response": "new"}
_RECEIVER: dict[Mode, str] = {"request": "new", "response": "old"}


class _Shown(NamedTuple):
    """A witness, the attempt that led to it, and the message as each side is asked about it."""

    attempt: Attempt
    old: Exchange
    new: Exchange
    witness: Witness


class Prover:
    """Tries to prove findings; remembers which unions were broken through."""

    def __init__(self, old: Space, new: Space) -> None:
        modes: tuple[Mode, ...] = ("request", "response")
        self._judges = {(id(space), mode): Judge(space, mode) for space in (old, new) for mode in modes}
        self._known: dict[tuple[Operation, bytes], Verdict] = {}

    def prove(self, finding: Finding) -> Witness | None:
        """The first witness of a finding, or None; the reason is then in the finding."""
        likely = sorted(finding.attempts, key=_effort)
        for attempt in likely[:ATTEMPTS]:
            found = self._shown(finding, attempt)
            if found is not None:
                others = [each for each in likely if not all(gap.confirmed for gap in each.contests)]
                for other in others[:ATTEMPTS]:
                    self._shown(finding, other)
                return self._shrunk(finding, found)
        finding.reason = finding.reason or UNPROVED
        return None

    def _shown(self, finding: Finding, attempt: Attempt) -> _Shown | None:
        """The first witness among the messages of an attempt; the unions that it breaks through are told."""
        try:
            for old, new in attempt.messages():
                witness = self._judged(finding, attempt, old, new)
                if witness is None:
                    continue
                for contest in attempt.contests:
                    contest.confirmed = True
                shown = _Shown(attempt, old, new, witness)
                if attempt.declares is None or attempt.declares(old.body):
                    return shown
                smaller = self._shrunk(finding, shown)
                body = smaller.accepted.body
                if attempt.declares(body):  # what nobody declares was there to please the other side
                    return _Shown(attempt, replace(old, body=body), replace(new, body=body), smaller)
                if finding.reason == UNDECLARED:
                    return None  # the second one: the others will be no better
                finding.reason = UNDECLARED
                self._note(finding, old, f"but {UNDECLARED}")
        except RecursionError:
            finding.reason = "the counterexample is nested too deeply to be built"
        except UnshownError as error:
            finding.reason = str(error)
        except UnjudgedError as error:
            finding.reason = f"the counterexample could not be checked: {error}"
        return None

    def _shrunk(self, finding: Finding, shown: _Shown) -> Witness:
        """The witness without those parts of its body that can be left out."""
        attempt, old, new, witness = shown
        parts = list(islice(attempt.spare(old.body), TRIALS)) if attempt.spare is not None else []
        dropped: list[Where] = []
        for chosen in [parts, *([part] for part in parts)] if len(parts) > 1 else [parts] if parts else []:
            body = without(old.body, dropped + chosen)
            smaller = self._judged(finding, attempt, replace(old, body=body), replace(new, body=body))
            if smaller is not None:
                witness, dropped = smaller, dropped + chosen
                if chosen is parts:
                    break
        return witness

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
        refused = self.verdict(mode, kind, sender, sent)
        if refused.objections:
            self._note(finding, sent, f"{_SENDER[mode]} does not allow it: {refused.objections[0].message}")
            return None
        verdict = self.verdict(mode, kind, receiver, received)
        found = verdict.pertinent(where, finding, exact=attempt.exact)
        if finding.trials is not None:
            self._note(finding, sent, f"{_RECEIVER[mode]} {_reaction(verdict, found)}")
        if found is None:
            return None
        if mode == "request":
            return Witness(kind, sent, received, "old", "new", found.message)
        return Witness(kind, sent, received, "new", "old", found.message)

    def _note(self, finding: Finding, sent: Exchange, said: str) -> None:
        if finding.trials is not None:
            finding.trials.append(f"tried {written(sent)}: {said}")

    def objections(self, mode: Mode, kind: Mode, operation: Operation, exchange: Exchange) -> list[Objection]:
        """What `verdict` says, as a list."""
        return self.verdict(mode, kind, operation, exchange).objections

    def verdict(self, mode: Mode, kind: Mode, operation: Operation, exchange: Exchange) -> Verdict:
        """What an operation has against a message of that kind, in which `mode` is the way its values travel.

        It is asked for once: many findings are shown by the same small message.
        """
        said = [mode, kind, exchange.url, exchange.status, exchange.headers, exchange.body is ABSENT]
        key = operation, canonical([*said, None if exchange.body is ABSENT else exchange.body])
        if key not in self._known:
            judge = self._judges[id(operation.space), mode]
            judged = judge.request if kind == "request" else judge.response
            self._known[key] = Verdict(judged(operation, exchange))
        return self._known[key]


def _reaction(verdict: Verdict, found: Objection | None) -> str:
    if not verdict.objections:
        return "allows it too"
    if found is None:
        return f"objects to another part of it: {verdict.objections[0].message}"
    return f"does not allow it: {found.message}"


def _effort(attempt: Attempt) -> tuple[int, int, str, str]:
    """How hard an attempt looks: simple ways first, then by operation, whatever the order of the document."""
    operation = attempt.pair.old
    return len(attempt.contests), len(attempt.where), operation.path, operation.method


class Verdict:
    """What one side has against a message, ordered so that what is said of one part is found at once."""

    __slots__ = ("_at", "_named", "objections")

    def __init__(self, objections: list[Objection]) -> None:
        self.objections = objections
        self._at: dict[Where, list[Objection]] = {}
        self._named: dict[tuple[Where, str], Objection] = {}
        for each in objections:
            self._at.setdefault(each.where, []).append(each)
            self._named.setdefault((each.where, each.message.partition(" is ")[0]), each)

    def pertinent(self, where: Where, finding: Finding, *, exact: bool) -> Objection | None:
        """The objection that is about the finding's own part of the message, if there is one.

        It is about the part itself or what is around it; if not `exact`, also about something within it.
        """
        name = repr(finding.subject.rpartition(".")[2])
        around = [where[:length] for length in range(len(where), -1, -1)]
        for place in around:
            if (place, name) in self._named:
                return self._named[place, name]
        near = [each for place in around for each in self._at.get(place, ())]
        if not exact:
            near += [each for each in self.objections if each.where != where and _within(each.where, where)]
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
