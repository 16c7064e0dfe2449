"""Headers of a response: gone, new, promised or not, of another schema, written in another way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from apiver.compare.change import ABSENT
from apiver.compare.operations.naming import Label
from apiver.compare.operations.serialization import MISREAD, rewriting
from apiver.compare.operations.slots import Slot
from apiver.compare.operations.workbench import Message, Workbench, at, unread
from apiver.compare.proofs.findings import Where
from apiver.compare.proofs.messages import Cargo
from apiver.compare.schemas.gaps import Point
from apiver.compare.sides.content import described_by
from apiver.compare.sides.space import Node


def compare_headers(bench: Workbench, code: str, old: Node, new: Node) -> None:
    """Everything that differs in the headers of two responses of that status."""
    ours = {name.lower(): (name, bench.pair.old.space.follow(each)) for name, each in old.entries("headers")}
    theirs = {
        name.lower(): (name, bench.pair.new.space.follow(each)) for name, each in new.entries("headers")
    }
    for low in {**ours, **theirs}:
        if low == "content-type":  # OpenAPI 3.1, 4.8.17: it is ignored here
            continue
        name, mine = ours.get(low, (theirs.get(low, (low, None))[0], None))
        its = theirs.get(low, (name, None))[1]
        if unread(mine, its) or not all(each is None or isinstance(each.raw, dict) for each in (mine, its)):
            continue
        if mine is None:
            if its is not None:
                title = f"the header {name} is new"
                bench.compatible("response-header-added", f"header {name}", title, at(old), at(its))
        else:
            _compare_header(bench, code, name, mine, its, at(new))


def _compare_header(
    bench: Workbench, code: str, name: str, old: Node, new: Node | None, nearby: Point
) -> None:
    subject, where = f"header {name}", ("header", name.lower())
    there = nearby if new is None else at(new)
    promised = new is not None and new.raw.get("required") is True
    if old.raw.get("required") is True and not promised:
        rule = "required-response-header-removed" if new is None else "response-header-became-optional"
        title = f"the header {name} {'is gone' if new is None else 'may be missing now'}"
        message = partial(_with_header, bench, code, name.lower(), ABSENT)
        bench.breaking(rule, subject, title, at(old), there, where, message)
    elif new is None:
        reason = "clients must deal with its absence already, but it is never there now"
        title = f"the header {name} is not sent any more"
        bench.risky("optional-response-header-removed", subject, title, at(old), there, reason)
    if new is not None:
        carry = partial(_with_header, bench, code, name.lower())
        (media, mine), (other, its) = described_by(old), described_by(new)
        engine = bench.engines.response if media or other else bench.engines.header
        _compare_style(bench, subject, old, new, where, carry)
        bench.slot(engine, Slot(Label("response", "header", subject), where, carry), mine, its)


def _compare_style(
    bench: Workbench, subject: str, old: Node, new: Node, where: Where, carry: Callable[[Any], Message]
) -> None:
    rewritten = rewriting(bench.engines.header, old, new, sender=new)
    if rewritten is None:
        return
    before, after, said, values = rewritten
    title = f"{subject} is written {said}"
    messages = [partial(carry, value) for value in values]
    rule = "response-header-serialization-changed"
    bench.breaking(rule, subject, title, at(old, before), at(new, after), where, *messages, reason=MISREAD)


def _with_header(bench: Workbench, code: str, name: str, value: Any) -> Message:
    return bench.response(Cargo(status=code, header=(name, value)))
