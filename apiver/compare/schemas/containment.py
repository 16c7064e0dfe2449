"""Is every value of one schema a value of another? Yes; no, because; or cannot decide, because.

The answer is a graph of `Outcome`s, one for each pair of schemas that was met: local gaps and doubts, and
edges to the pairs below. A pair is contained when nothing that it reaches has a gap or a doubt, which is the
coinductive answer for recursive schemas: a pair that is met again on its own way down adds nothing new.
A gap is a suspicion with candidate values; whole messages are built of them and judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import Any

from apiver.compare.change import ABSENT
from apiver.compare.schemas.behaviour import behaviour_notes
from apiver.compare.schemas.branches import (
    SCALARS,
    Arrays,
    Branch,
    Fact,
    Listed,
    Normal,
    Numbers,
    Objects,
    Strings,
    meet,
)
from apiver.compare.schemas.contents import content_gaps
from apiver.compare.schemas.facts import gaps_between
from apiver.compare.schemas.gaps import UNDECLARED, Gap, Point, Step, present
from apiver.compare.schemas.likeness import differing_parts
from apiver.compare.schemas.member_names import name_gaps
from apiver.compare.schemas.normal import Normalizer
from apiver.compare.schemas.occurrences import occurrence_gaps
from apiver.compare.schemas.outcomes import Edge, Outcome, Piece, home, homes, undecided
from apiver.compare.schemas.samples import Sampler
from apiver.compare.schemas.structures import steps_between
from apiver.compare.schemas.unions import Unions, extremes, listed_values
from apiver.compare.schemas.wire import carried
from apiver.compare.schemas.world import World
from apiver.compare.sides.space import Conjunction, Sameness

_WAYS = 32  # values, and parts of a pair, that are looked at for a value that is not contained
_UNCANCELLED = ("alternatives", "oneOf")  # doubts that stand for more than their text says


class Containment:
    """Decides containment for one mode between schemas of two spaces, remembering every pair.

    With `wire` the values are those of a parameter: texts without types (OpenAPI 3.1, 4.8.12).
    The budget of the `world` is the number of pairs that are looked at before the rest is left undecided.
    With `sure` only what is certain is asked for: unions and excluded schemas, of which a gap says no more
    than "may be", are passed over.
    """

    def __init__(
        self,
        normalizer: Normalizer,
        sameness: Sameness,
        world: World,
        *,
        wire: bool = False,
        sure: bool = False,
    ) -> None:
        self.normalizer = normalizer
        self.sampler = Sampler(normalizer)
        self.sure = sure
        self.sameness = sameness
        self.wire = wire
        self.world = world
        self.budget = world.budget
        self.beyond = 0  # pairs that were not looked at
        self._leant = False  # whether what was settled last leans on a pair that is still being worked out
        self._outcomes: dict[tuple[tuple[int, ...], tuple[int, ...]], Outcome] = {}
        self._single: dict[tuple[int, int], tuple[Outcome, Conjunction, Conjunction]] = {}
        self._same = Outcome((), (), state="proved", explored=True)  # of all pairs that say the same
        self._surely: Containment | None = None
        self._unions = Unions(self.sampler, self._compare, self._clean, sure=sure)

    @property
    def surely(self) -> Containment:
        """The same question where only what is certain will be told."""
        if self._surely is None:
            self._surely = Containment(self.normalizer, self.sameness, self.world, wire=self.wire, sure=True)
        return self._surely

    def outcome(self, inner: Conjunction, outer: Conjunction) -> Outcome:
        """The outcome of a pair with everything below it worked out."""
        root = self._pair(inner, outer)
        if not root.explored:
            self._settled([root])
            root.explored = True
        return root

    def _pair(self, inner: Conjunction, outer: Conjunction) -> Outcome:
        """The outcome of a pair as far as it is known; nearly always it is one schema against one."""
        if len(inner) != 1 or len(outer) != 1:
            return self._pair_of_many(inner, outer)
        ours, theirs = inner[0].raw, outer[0].raw
        known = self._single.get((id(ours), id(theirs)))
        if known is None and self.sameness.same(ours, theirs):
            return self._same
        if known is None:
            key = id(ours), id(theirs)
            # Both schemas are kept beside the outcome: identities stay taken for as long as it is known.
            known = self._single[key] = (self._pair_of_many(inner, outer), inner, outer)
        return known[0]

    def _pair_of_many(self, inner: Conjunction, outer: Conjunction) -> Outcome:
        inner, outer = _peeled(inner), _peeled(outer)
        key = tuple(id(node.raw) for node in inner), tuple(id(node.raw) for node in outer)
        found = self._outcomes.get(key)
        if found is None:
            found = self._outcomes[key] = Outcome(inner, outer)
            if not outer or key[0] == key[1] or self.sameness.same_all(inner, outer):
                found.state = "proved"
        return found

    def _settled(self, roots: Iterable[Outcome]) -> bool:
        """Work out all that the pairs reach; true if nothing there stands against containment."""
        todo = list(roots)
        seen: dict[int, Outcome] = {}
        clean, leans = True, False
        while todo:
            outcome = todo.pop()
            if outcome.state == "proved" or id(outcome) in seen:
                continue
            if outcome.state == "open":
                leans = True  # it is being worked out further up: assumed to hold, so nothing here is proved
                continue
            seen[id(outcome)] = outcome
            if outcome.state == "new":
                self._work_out(outcome)
            clean = clean and not any(gap.counts for gap in outcome.gaps)
            todo.extend(edge.target for edge in outcome.edges)
        if clean and not leans:
            for outcome in seen.values():
                outcome.state = "proved"
        self._leant = leans
        return clean

    def _work_out(self, outcome: Outcome) -> None:
        outcome.state = "open"
        self.budget -= 1
        if self.budget < 0:
            self.beyond += 1
            outcome.gaps.append(undecided(outcome, "budget", "the work budget was used up"))
            outcome.state = "closed"
            return
        if not self.wire and self._only_parts_differ(outcome):
            outcome.state = "closed"
            return
        self.sampler.start()
        inner, outer = self.normalizer.form(outcome.inner), self.normalizer.form(outcome.outer)
        outcome.unread = inner.unread + outer.unread
        if outcome.unread:
            outcome.state = "closed"
            return
        outcome.notes.extend(behaviour_notes(outcome))
        lost: list[Branch] = []
        for kind, branches in inner.branches.items():
            if self.wire and kind == "null":
                continue  # null has no text of its own
            live = [branch for each in branches for branch in self._live(each)]
            if self.wire and kind == "array":  # an array without elements has no text
                one = Fact(1, "")
                live = [replace(b, min_items=b.min_items or one) for b in live if isinstance(b, Arrays)]
            targets = outer.branches.get(kind, ())
            cut = next((d for each in targets for d in each.doubts if d.keyword in _UNCANCELLED), None)
            if cut is not None and live:
                outcome.gaps.append(undecided(outcome, "alternatives", f"too many: {cut.text.decode()}"))
                continue
            for branch in live:
                if self.wire and (not targets or kind in SCALARS):
                    verdict = carried(self.sampler, branch, outcome.outer)
                    if verdict is True:
                        continue
                if targets:
                    self._unions.cover(outcome, branch, targets)
                else:
                    lost.append(branch)
        if lost:
            outcome.gaps = [gap for gap in outcome.gaps if gap.kind != "type"]  # told together
            outcome.gaps.append(self._type_gap(outcome, lost, inner.branches, outer.branches))
        outcome.state = "closed"

    def _only_parts_differ(self, outcome: Outcome) -> bool:
        """The short way for the most common pair: the same schema object but for some of its parts.

        Then the parts alone decide, and no normal form is needed. False, with nothing done, where the pair
        is of another kind.
        """
        if len(outcome.inner) != 1 or len(outcome.outer) != 1:
            return False
        one, other = outcome.inner[0], outcome.outer[0]
        parts = differing_parts(one, other, self.sameness)
        if parts is None or (parts and not self.normalizer.vacancy.takes_something(one)):
            return False
        pairs = [(step, one.child(*keys), other.child(*keys)) for step, keys in parts]
        if any(self.normalizer.is_hidden(each) for pair in pairs for each in pair[1:]):
            return False
        kinds = {"object" if step.into == "member" else "array" for step, _, _ in pairs}
        sure = one.raw.get("type") in ("object", "array") and one.raw.get("nullable") is not True
        if not sure and not all(
            any(
                not self.normalizer.vacancy.empty(branch)
                for branch in self.normalizer.branches(each).get(kind, ())
            )
            for each in (outcome.inner, outcome.outer)
            for kind in kinds
        ):
            return False  # another type has a value, the one with the parts has none
        for step, ours, theirs in pairs:
            target = self._pair((ours,), (theirs,))
            if not target.is_plain:
                find = partial(self._only_branches, outcome, "object" if step.into == "member" else "array")
                outcome.edges.append(Edge(step, find, target, (ours.pointer, theirs.pointer)))
        return True

    def _only_branches(self, outcome: Outcome, kind: str) -> tuple[Branch, Branch]:
        inner, outer = (self.normalizer.branches(each)[kind][0] for each in (outcome.inner, outcome.outer))
        return inner, outer

    def _live(self, branch: Branch) -> Iterator[Branch]:
        """The branch without the listed values that it rules out itself; nothing where none is left."""
        if self.normalizer.vacancy.empty(branch):
            return
        if branch.excluded and (listed := listed_values(branch)):
            kept = [value for value in listed if self.sampler.belongs(branch, value) is not False]
            if not kept:
                return
            pointer = branch.values.pointer if branch.values is not None else branch.origin
            if len(kept) < len(listed):
                branch = replace(branch, values=Fact(Listed(kept), pointer))
        yield branch

    def _type_gap(self, outcome: Outcome, lost: list[Branch], inner: Normal, outer: Normal) -> Gap:
        """Values of these types are not accepted at all."""
        values = chain.from_iterable(self._few(branch) for branch in lost)
        only_null = all(branch.type == "null" for branch in lost) and len(inner) > 1
        return Gap(
            "nullable" if only_null else "type",
            Point(home(outcome.inner), _names(inner)),
            Point(home(outcome.outer), _names(outer)),
            values,
        )

    def _few(self, branch: Branch) -> Iterator[Any]:
        """Some values of a branch; on the wire an array of two, for one element alone looks like a scalar."""
        if self.wire and isinstance(branch, Arrays):
            yield from present(self.sampler.array(branch, {}, count=2))
        yield from islice(self.sampler.of_branch(branch), 3)

    def _strays(self, inner: Conjunction, outer: Conjunction) -> Iterator[Any] | None:
        """Values of `inner` that may be outside `outer`; None where provably there are none.

        What only holds if a pair further up holds is not proved: nothing would ask again if that fell.
        """
        pair = self._pair(inner, outer)
        if self._settled([pair]) and not (self._leant or pair.unread):
            return None
        return self._stray_values(pair)

    def _stray_values(self, pair: Outcome) -> Iterator[Any]:
        ways: list[tuple[Outcome, tuple[Edge, ...]]] = [(pair, ())]
        seen = {id(pair)}
        for outcome, way in ways:
            for gap in outcome.gaps:
                for value in gap.candidates:
                    for edge in reversed(way):
                        value = ABSENT if value is ABSENT else edge.around(self.sampler, value)
                    if value is not ABSENT and self.sampler.admits(pair.outer, value) is False:
                        yield value
            for edge in outcome.edges:
                if id(edge.target) not in seen and len(ways) < _WAYS:
                    seen.add(id(edge.target))
                    ways.append((edge.target, (*way, edge)))
        for value in islice(self.sampler.samples(pair.inner), _WAYS):
            if self.sampler.admits(pair.outer, value) is False:
                yield value

    def _clean(self, piece: Piece) -> bool:
        return not any(gap.counts for gap in piece.gaps) and self._settled(
            edge.target for edge in piece.edges
        )

    def _compare(self, outcome: Outcome, inner: Branch, outer: Branch) -> Piece:
        """One inner branch against one outer branch: facts here, parts as edges."""
        here, there = homes(outcome)
        gaps = list(gaps_between(self.sampler, inner, outer, here, there))
        if not self.sure:
            gaps += self._excluded(outcome, inner, outer)
        gaps += self._doubted(outcome, inner, outer)
        if inner.values is None and outer.values is None:
            if isinstance(outer, Arrays) and outer.contains and isinstance(inner, Arrays):
                gaps += occurrence_gaps(self._strays, self.sampler, inner, outer, here)
            elif isinstance(inner, Strings) and isinstance(outer, Strings):
                if inner.contents or outer.contents:
                    gaps += content_gaps(self._strays, inner, outer, here)
            elif isinstance(outer, Objects) and outer.names and isinstance(inner, Objects):
                gaps += name_gaps(self._strays, self.sampler, inner, outer, here)
        if self.world.profile == "strict":
            for gap in gaps:
                gap.aside = "" if gap.aside == UNDECLARED else gap.aside
        steps, notes = steps_between(self.sampler, inner, outer, here, there)
        edges = []
        for into, at, ours, theirs in steps:
            target = self._pair(ours, theirs)
            if target.is_plain:
                continue
            places = tuple(each[0].pointer if each else "" for each in (ours, theirs))
            edges.append(Edge(Step(into, at), lambda: (inner, outer), target, (places[0], places[1])))
        return Piece(gaps, edges, notes)

    def _excluded(self, outcome: Outcome, inner: Branch, outer: Branch) -> Iterator[Gap]:
        """Schemas that the outer branch rules out must be out of the reach of the inner one."""
        for rejected in outer.excluded:
            twins = [each for each in inner.excluded if home(each) == home(rejected)]
            if any(self._settled([self._pair(rejected, each)]) for each in twins):
                continue
            overlapping = [
                met
                for other in self.normalizer.branches(rejected).get(inner.type, ())
                if (met := meet(inner, other)) is not None and not self.normalizer.vacancy.empty(met)
            ]
            if not overlapping or any(self._settled([self._pair(rejected, each)]) for each in inner.excluded):
                continue
            some = chain.from_iterable(self.sampler.of_branch(each) for each in overlapping)
            there = Point(rejected[0].pointer, rejected[0].raw)
            reason = "whether the excluded schema can match was not decided"
            kind = "one-of" if "oneOf" in rejected[0].pointer.split("/")[-2:] else "excluded"
            yield Gap(kind, homes(outcome)[0], there, self._in_both(inner, rejected, some), reason)

    def _in_both(self, branch: Branch, schema: Conjunction, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            if self.sampler.belongs(branch, value) and self.sampler.admits(schema, value):
                yield value

    def _doubted(self, outcome: Outcome, inner: Branch, outer: Branch) -> Iterator[Gap]:
        """Keywords that are not reasoned about stand in the way unless both sides say the same."""
        known = {(doubt.keyword, doubt.text) for doubt in inner.doubts}
        for doubt in outer.doubts:
            alike = (doubt.keyword, doubt.text) in known and doubt.keyword not in _UNCANCELLED
            if alike and self.sameness.vouches(doubt.text):
                continue
            reason = f"apiver does not reason about {doubt.keyword} yet"
            some: Iterable[Any] = ()
            if not inner.doubts:
                some = chain(extremes(self.sampler, inner), self.sampler.of_branch(inner))
            yield Gap(doubt.keyword, homes(outcome)[0], Point(doubt.pointer, ABSENT), some, reason)


def _peeled(conjunction: Conjunction) -> Conjunction:
    """The schemas without what only wraps them; most have nothing of the kind."""
    if any(isinstance(node.raw, dict) and len(node.raw) == 1 for node in conjunction):
        return tuple(node.peeled() for node in conjunction)
    return conjunction


def _names(branches: Normal) -> Any:
    """The types of a normal form as a schema would spell them."""
    names = []
    for kind, each in branches.items():
        whole = kind == "number" and all(isinstance(branch, Numbers) and branch.integer for branch in each)
        names.append("integer" if whole else kind)
    names.sort(key=lambda name: name == "null")
    if len(names) == 6:
        return "any"
    return names[0] if len(names) == 1 else names or "none"
