"""Parameters of a pair: gone, new, required now, written in another way, of another schema."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from apiver.compare.operations.lifecycle import compare_parameter_life, parameter_removed
from apiver.compare.operations.naming import Label
from apiver.compare.operations.serialization import MISREAD, rewriting
from apiver.compare.operations.slots import Slot
from apiver.compare.operations.workbench import Message, Workbench, at, unread
from apiver.compare.proofs.messages import Cargo
from apiver.compare.proofs.reception import place_of
from apiver.compare.schemas.containment import Containment
from apiver.compare.sides.content import URLENCODED, described_by, schema_of
from apiver.compare.sides.space import Conjunction, Node
from apiver.compare.sides.surface import Operation
from apiver.compare.sides.texts import text_of

IGNORED_HEADERS = ("accept", "content-type", "authorization")
"""Header parameters that OpenAPI says to ignore (3.1, 4.8.12.1)."""

Place = tuple[str, str]

_RESERVED = frozenset(":/?#[]@!$&'()*+,;=")
_UNENCODED = "clients that encode those characters are not touched, and most servers read both"
_LENIENT = "nothing is rejected: a text that does not fit is read as if it had not been sent"


def compare_parameters(bench: Workbench) -> None:
    """Everything that differs in the parameters of both operations."""
    old, new = dict(_placed(bench.pair.old, bench)), dict(_placed(bench.pair.new, bench))
    for place in {**old, **new}:
        mine, its = old.get(place), new.get(place)
        if unread(mine, its):
            continue
        if its is None:
            assert mine is not None
            _removed(bench, place, mine)
        elif mine is None:
            _added(bench, place, its)
        elif not bench.same(mine, its):
            _changed(bench, place, mine, its)


def _removed(bench: Workbench, place: Place, parameter: Node) -> None:
    if place[0] == "path":
        return  # the path's own variables were paired by position: this one never was in the path
    parameter_removed(bench, _named(place, parameter), parameter)


def _added(bench: Workbench, place: Place, parameter: Node) -> None:
    subject = _named(place, parameter)
    if place[0] == "path":
        slot = Slot(Label("request", "parameter", subject), place, partial(_with_value, bench, place))
        bench.slot(bench.engines.wire, slot, (), described_by(parameter)[1])
    elif parameter.raw.get("required") is True:
        message = partial(bench.request, Cargo())
        title = f"{subject} is new and required"
        bench.breaking(
            "new-required-request-parameter", subject, title, bench.old(), at(parameter), place, message
        )
    else:
        title = f"{subject} is new and optional"
        bench.compatible("new-optional-request-parameter", subject, title, bench.old(), at(parameter))


def _changed(bench: Workbench, place: Place, old: Node, new: Node) -> None:
    subject = _named(place, old)
    required = old.raw.get("required") is True, new.raw.get("required") is True
    if place[0] != "path" and required == (False, True):
        message = partial(bench.request, Cargo())
        title = f"{subject} is required now"
        bench.breaking("request-parameter-became-required", subject, title, at(old), at(new), place, message)
    elif place[0] != "path" and required == (True, False):
        title = f"{subject} is optional now"
        bench.compatible("request-parameter-became-optional", subject, title, at(old), at(new))
    compare_parameter_life(bench, subject, old, new)
    _serialization(bench, place, old, new)
    if place[0] == "query" and not bench.pair.turned:
        _reserved(bench, subject, old, new)
        _empty(bench, place, subject, old, new)
    lenient = _LENIENT if new.raw.get("x-apiver-lenient") is True else ""
    slot = Slot(Label("request", "parameter", subject), place, partial(_with_value, bench, place), lenient)
    (media, mine), (other, its) = described_by(old), described_by(new)
    texts = not (media or other) or URLENCODED in (media, other)
    if place[0] == "path":
        mine, its = _from_zero(mine, its), _from_zero(its, mine)
    bench.slot(bench.engines.wire if texts else bench.engines.request, slot, mine, its)


def _from_zero(schema: Conjunction, other: Conjunction) -> Conjunction:
    """A number in a path without a least value begins at 0 where `other` begins there or above.

    Nobody writes `minimum: 0` at an id, and code that is read says it: Werkzeug's converters take no sign.
    """
    least, beside = _least(schema), _least(other)
    if least is not None or beside is None or beside < 0:
        return schema
    return (*schema, Node(schema[0].space, {"minimum": 0}, schema[0].pointer))


def _least(schema: Conjunction) -> float | None:
    """The least value of a schema of numbers; None where it has none, -1 where it is another schema."""
    raw = schema[0].peeled().raw if len(schema) == 1 else None
    if not isinstance(raw, dict) or raw.get("type") not in ("integer", "number"):
        return -1
    bounds = [raw[key] for key in ("minimum", "exclusiveMinimum") if key in raw]
    return min(bounds) if bounds and all(isinstance(bound, (int, float)) for bound in bounds) else None


def _serialization(bench: Workbench, place: Place, old: Node, new: Node) -> None:
    rewritten = rewriting(bench.engines.wire, old, new, sender=old)
    if rewritten is None:
        return
    before, after, said, values = rewritten
    subject, rule = _named(place, old), "request-parameter-serialization-changed"
    title = f"{subject} is written {said}"
    messages = [partial(_with_value, bench, place, value) for value in values]
    bench.breaking(rule, subject, title, at(old, before), at(new, after), place, *messages, reason=MISREAD)


def _reserved(bench: Workbench, subject: str, old: Node, new: Node) -> None:
    """`allowReserved`: whether `/`, `?` and their like may stand in the text as they are (RFC 3986, 2.2)."""
    before, after = (each.raw.get("allowReserved") is True for each in (old, new))
    if before == after or not _spells_reserved(bench.engines.wire, schema_of(old)):
        return
    if after:
        title = f"{subject} may hold reserved characters as they are"
        bench.compatible("request-parameter-allow-reserved-added", subject, title, at(old), at(new))
    else:
        title = f"{subject} may not hold reserved characters as they are any more"
        rule = "request-parameter-allow-reserved-removed"
        bench.risky(rule, subject, title, at(old, True), at(new, False), _UNENCODED)


def _spells_reserved(engine: Containment, schema: Conjunction) -> bool:
    """Whether some value may have such a character: numbers and most listed values do not."""
    for kind, branches in engine.normalizer.branches(schema).items():
        for branch in branches:
            if branch.values is not None:
                if any(set(text_of(value)) & _RESERVED for value in branch.values.value):
                    return True
            elif kind in ("string", "array", "object"):
                return True
    return False


def _empty(bench: Workbench, place: Place, subject: str, old: Node, new: Node) -> None:
    """`allowEmptyValue`: whether `?name=` is taken whatever the schema says."""
    before, after = (each.raw.get("allowEmptyValue") is True for each in (old, new))
    if before and not after:
        if bench.engines.wire.sampler.admits(schema_of(new), "") is True:
            return
        title = f"{subject} may not be empty any more"
        message = partial(_with_value, bench, place, "")
        rule = "request-parameter-allow-empty-value-removed"
        bench.breaking(rule, subject, title, at(old, True), at(new, False), place, message)
    elif after and not before:
        title = f"{subject} may be empty now"
        bench.compatible("request-parameter-allow-empty-value-added", subject, title, at(old), at(new, True))


def _with_value(bench: Workbench, place: Place, value: Any) -> Message:
    return bench.request(Cargo(parameters={place: value}))


def _placed(operation: Operation, bench: Workbench) -> Iterator[tuple[Place, Node]]:
    """Parameters by place and name; those of the new path by the old name at the same position."""
    old = bench.pair.old
    for parameter in operation.parameters:
        where, name = place_of(parameter)
        if where == "header" and name in IGNORED_HEADERS:
            continue
        if where == "path" and operation is not old and name in operation.variables:
            position = operation.variables.index(name)
            name = old.variables[position] if position < len(old.variables) else name
        yield (where, name), parameter


def _named(place: Place, parameter: Node) -> str:
    """A parameter as people write it: `?limit`, `{id}`, `header X-Token`, `cookie session`."""
    where, name = place[0], parameter.raw["name"]
    known = {"query": f"?{name}", "path": f"{{{place[1]}}}", "querystring": "the query string"}
    return known.get(where, f"{where} {name}")
