"""One operation in both contracts: its parameters, body, responses, security and state of life."""

from __future__ import annotations

from apiver.compare.operations.bodies import compare_request_body
from apiver.compare.operations.lifecycle import compare_lifecycle
from apiver.compare.operations.parameters import compare_parameters
from apiver.compare.operations.responses import compare_responses
from apiver.compare.operations.security import compare_security
from apiver.compare.operations.workbench import Engines, Workbench, unread
from apiver.compare.proofs.findings import Findings
from apiver.compare.schemas.announcements import Calendar
from apiver.compare.schemas.world import World
from apiver.compare.sides.credentials import requirements, schemes_of
from apiver.compare.sides.pairing import Pair
from apiver.compare.sides.space import Sameness

_DEFAULT = World()


class OperationComparer:
    """Compares paired operations and collects what it finds."""

    def __init__(self, sameness: Sameness, calendar: Calendar, world: World = _DEFAULT) -> None:
        self.sameness = sameness
        self.calendar = calendar
        self.engines = Engines.between(sameness, world)
        self.composer = self.engines.composer()
        self.turned = self.engines.turned()
        self.turned_composer = self.turned.composer()
        self.findings = Findings()

    def compare(self, pair: Pair, findings: Findings | None = None) -> None:
        """Everything that differs between the two operations of a pair, added to the findings."""
        if self._same(pair) or unread(pair.old.node, pair.new.node):
            return
        found = self.findings if findings is None else findings
        bench = (
            Workbench(pair, self.turned, self.turned_composer, found, self.calendar)
            if pair.turned
            else Workbench(pair, self.engines, self.composer, found, self.calendar)
        )
        compare_parameters(bench)
        compare_request_body(bench)
        compare_responses(bench)
        compare_security(bench)
        compare_lifecycle(bench)

    def _same(self, pair: Pair) -> bool:
        """Whether both operations say the same in every part that matters here."""
        old, new = pair.old, pair.new
        return (
            not pair.moved
            and self.sameness.same(old.node.raw, new.node.raw)
            and len(old.parameters) == len(new.parameters)
            and all(
                self.sameness.same(a.raw, b.raw) for a, b in zip(old.parameters, new.parameters, strict=True)
            )
            and requirements(old) == requirements(new)
            and schemes_of(old.space) == schemes_of(new.space)
            and old.variables == new.variables
        )
