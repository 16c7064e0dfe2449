"""One branch within a union of others: which alternative takes its values, and what is lost if none does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from apiver.compare.change import ABSENT
from apiver.compare.schemas.branches import SCALARS, Branch, Objects, join, meet
from apiver.compare.schemas.conditions import presence
from apiver.compare.schemas.gaps import ECLIPSED, UNDESCRIBED, Gap, Point, present
from apiver.compare.schemas.normal import Normalizer
from apiver.compare.schemas.outcomes import Outcome, Piece, home, homes, undecided
from apiver.compare.schemas.samples import Sampler
from apiver.compare.sides.space import Node

_SPLITS = 16


class Unions:
    """Finds for a branch the alternative that takes it.

    `compare` sets one branch against another for an outcome, and `clean` says whether nothing of what that
    yields stands against containment. With `sure` what a union can only say "may be" of is passed over.
    """

    def __init__(
        self,
        sampler: Sampler,
        compare: Callable[[Outcome, Branch, Branch], Piece],
        clean: Callable[[Piece], bool],
        *,
        sure: bool,
    ) -> None:
        self.normalizer: Normalizer = sampler.normalizer
        self.sampler = sampler
        self.sure = sure
        self._compare = compare
        self._clean = clean

    def cover(self, outcome: Outcome, branch: Branch, targets: tuple[Branch, ...]) -> None:
        """One inner branch within the union of the outer branches of its type."""
        if branch.excluded and self._is_eclipsed(outcome, branch):
            self._eclipsed(outcome, branch, targets)
        elif len(targets) == 1:
            outcome.adopt(self._compare(outcome, branch, targets[0]), None)
        elif branch.type in SCALARS or branch.values is not None:
            self._cover_scalar(outcome, branch, targets)
        elif not self.sure:
            self._cover_parts(outcome, branch, targets, splits=2)

    def _is_eclipsed(self, outcome: Outcome, branch: Branch) -> bool:
        """Whether the schemas that the branch excludes take all its values: it is there for nothing."""
        rivals = chain.from_iterable(
            self.normalizer.branches(each).get(branch.type, ()) for each in branch.excluded
        )
        return any(
            not rival.excluded and not rival.doubts and self._covers(outcome, branch, rival)
            for rival in rivals
        )

    def _eclipsed(self, outcome: Outcome, branch: Branch, targets: tuple[Branch, ...]) -> None:
        """A branch that holds no value, so nothing shows what became of it: told once, unless nothing did."""
        known = any(gap.aside == ECLIPSED for gap in outcome.gaps)
        if not known and not any(self._covers(outcome, branch, each) for each in targets):
            outcome.gaps.append(Gap("alternatives", *homes(outcome), aside=ECLIPSED))

    def _cover_scalar(self, outcome: Outcome, branch: Branch, targets: tuple[Branch, ...]) -> None:
        pieces = [self._compare(outcome, branch, target) for target in targets]
        if any(not piece.gaps for piece in pieces):
            return
        listed = branch.values.value if branch.values is not None else ()
        others = Gap(
            "alternatives", *homes(outcome), tuple(listed or islice(self.sampler.of_branch(branch), 8))
        )
        for gap in (*(gap for piece in pieces for gap in piece.gaps), others):
            verdicts = [(value, self.sampler.admits(outcome.outer, value)) for value in gap.candidates]
            lost = tuple(value for value, verdict in verdicts if verdict is False)
            if lost:
                outcome.gaps.append(gap.narrowed_to(lost))
                return
        if not listed or not all(verdict for _, verdict in verdicts):
            reason = "no value was found that every alternative rejects, and no proof that there is none"
            outcome.gaps.append(undecided(outcome, "alternatives", reason))

    def _cover_parts(
        self, outcome: Outcome, branch: Branch, targets: tuple[Branch, ...], splits: int
    ) -> None:
        """An array or object branch within a union: find the alternative that takes all of it."""
        twins = [target for target in targets if branch.origin and target.origin == branch.origin]
        if twins and self._clean(piece := self._compare(outcome, branch, twins[0])):
            outcome.adopt(piece, None)
            return
        ranked = sorted(targets, key=lambda target: -_likeness(branch, target))
        for target in ranked:
            if _may_cover(branch, target) and self._clean(piece := self._compare(outcome, branch, target)):
                outcome.adopt(piece if target is ranked[0] else piece.untold(), None)
                if not _describes(target, branch):
                    there = Point(ranked[0].origin or home(outcome.outer), ABSENT)
                    here = Point(branch.origin or home(outcome.inner), ABSENT)
                    outcome.gaps.append(Gap("alternatives", here, there, aside=UNDESCRIBED))
                return
        parts = list(self._split(branch)) if splits else []
        if parts:
            for part in parts:
                self._cover_parts(outcome, part, targets, splits - 1)
            return
        halves = self._halves(branch, targets)
        if halves:
            for half in halves:
                self._cover_parts(outcome, half, targets, splits)
            return
        some = chain(
            extremes(self.sampler, branch),
            islice(self.sampler.of_branch(branch), 3),
            chain.from_iterable(self._resembling(branch, target) for target in targets),
        )
        fallback = Gap(
            "alternatives",
            Point(branch.origin or home(outcome.inner), ABSENT),
            Point(home(outcome.outer), ABSENT),
            (value for value in some if self.sampler.admits(outcome.outer, value) is False),
            "no value was found that every alternative rejects, and no proof that there is none",
            fallback=True,
        )
        twin = branch.origin and branch.origin == ranked[0].origin
        nearest = ranked[0] if twin else next((each for each in ranked if self._overlap(branch, each)), None)
        if nearest is not None:
            outcome.adopt(self._compare(outcome, branch, nearest), fallback)
        outcome.gaps.append(fallback)

    def _split(self, branch: Branch) -> Iterator[Branch]:
        """The branch cut along a required member that has a few listed values (a discriminating one)."""
        if not isinstance(branch, Objects):
            return
        for name in branch.required:
            member = branch.member(name)
            forms = list(chain.from_iterable(self.normalizer.branches(member).values()))
            values = [value for form in forms for value in listed_values(form)]
            if not 2 <= len(values) <= _SPLITS or any(not listed_values(form) for form in forms):
                continue
            for value in values:
                only = Node(member[0].space, {"enum": [value]}, member[0].pointer)
                yield replace(branch, properties={**branch.properties, name: join(member, (only,))})
            return

    def _halves(self, branch: Branch, targets: tuple[Branch, ...]) -> list[Objects]:
        """The branch without and with a member on whose presence the alternatives depend."""
        if not isinstance(branch, Objects):
            return []
        for target in targets:
            for name, pointer in target.absent.items() if isinstance(target, Objects) else ():
                settled = name in branch.required or name in branch.foreign or branch.forbids(name)
                if not settled and branch.member(name):
                    return presence(branch, name, pointer)
        return []

    def _resembling(self, branch: Branch, target: Branch) -> Iterator[Any]:
        """Objects of the branch that have what an alternative asks of its members, and nothing else."""
        if not (isinstance(branch, Objects) and isinstance(target, Objects)):
            return
        shared = [
            name for name in target.properties if name in branch.properties and not branch.forbids(name)
        ]
        for names in ([name for name in shared if name in target.required], shared):
            parts = {
                name: self.sampler.sample(join(branch.member(name), target.member(name))) for name in names
            }
            yield from present(
                self.sampler.object(branch, {name: v for name, v in parts.items() if v is not ABSENT})
            )

    def _overlap(self, one: Branch, other: Branch) -> bool:
        """Whether a value may be in both: alternatives that exclude one another are not worth comparing."""
        met = meet(one, other)
        return met is not None and not self.normalizer.vacancy.empty(met)

    def _covers(self, outcome: Outcome, branch: Branch, target: Branch) -> bool:
        """Whether every value of the one branch is provably in the other."""
        return _may_cover(branch, target) and self._clean(self._compare(outcome, branch, target))


def extremes(sampler: Sampler, branch: Branch) -> Iterator[Any]:
    """The largest object of a branch: every declared member at once."""
    if isinstance(branch, Objects):
        members = {
            name: sampler.sample(branch.member(name))
            for name in branch.properties
            if not branch.forbids(name)
        }
        value = sampler.object(branch, {n: v for n, v in members.items() if v is not ABSENT})
        if value is not ABSENT:
            yield value


def listed_values(branch: Branch) -> list[Any]:
    """The values of a branch where they are listed, or are but two; nothing where they are many."""
    if branch.values is not None:
        return list(branch.values.value)
    return [False, True] if branch.type == "boolean" else []


def _may_cover(inner: Branch, outer: Branch) -> bool:
    """Whether a closer look is worth it: not where a member is required that need not be there."""
    if isinstance(inner, Objects) and isinstance(outer, Objects):
        return outer.required.keys() <= inner.required.keys() or bool(inner.dependents)
    return True


def _describes(outer: Branch, inner: Branch) -> bool:
    """Whether all that an object may have is spoken of: what is not may be sent, and nobody reads it."""
    if isinstance(inner, Objects) and isinstance(outer, Objects):
        return bool(outer.rests) or inner.properties.keys() <= outer.properties.keys()
    return True


def _likeness(one: Branch, other: Branch) -> float:
    """How alike two alternatives look: which one a person would compare with which."""
    score = 1000.0 if one.origin and one.origin == other.origin else 0.0
    if isinstance(one, Objects) and isinstance(other, Objects):
        score += len(one.properties.keys() & other.properties.keys())
        score -= len(one.properties.keys() ^ other.properties.keys()) / 2
        score += len(one.required.keys() & other.required.keys()) / 2
    return score
