"""Parameters of a pair: gone, new, required now, written in another way, of another schema."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from apiver.compare.change import ABSENT
from apiver.compare.containment import Containment
from apiver.compare.content import schema_of
from apiver.compare.lifecycle import compare_parameter_life, parameter_removed
from apiver.compare.messages import Cargo
from apiver.compare.naming import Label
from apiver.compare.slots import Slot
from apiver.compare.space import Conjunction, Node
from apiver.compare.surface import Operation
from apiver.compare.wire import style_of
from apiver.compare.workbench import Message, Workbench, at, unread

IGNORED_HEADERS = ("accept", "content-type", "authorization")
"""Header parameters that OpenAPI says to ignore (3.1, 4.8.12.1)."""

Place = tuple[str, str]

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
        bench.slot(bench.engines.wire, slot, (), schema_of(parameter))
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
    lenient = _LENIENT if new.raw.get("x-apiver-lenient") is True else ""
    slot = Slot(Label("request", "parameter", subject), place, partial(_with_value, bench, place), lenient)
    if "content" in old.raw or "content" in new.raw:
        bench.slot(bench.engines.request, slot, _content_schema(old), _content_schema(new))
    else:
        bench.slot(bench.engines.wire, slot, schema_of(old), schema_of(new))


def _serialization(bench: Workbench, place: Place, old: Node, new: Node) -> None:
    """`style` and `explode` matter for arrays and objects alone; `simple` joins both kinds alike."""
    before, after = style_of(old), style_of(new)
    engine = bench.engines.wire
    kinds = {kind for each in (old, new) for kind in engine.normalizer.branches(schema_of(each))}
    if before == after or len(kinds) == 6 or not kinds & {"array", "object"}:
        return
    if before.name == after.name == "simple" and "object" not in kinds:
        return
    subject = _named(place, old)
    two = _two_items(engine, old)
    title = f"{subject} is written as {after} now, not as {before}"
    here, there = at(old, before.name), at(new, after.name)
    message = partial(_with_value, bench, place, two)
    bench.breaking("request-parameter-serialization-changed", subject, title, here, there, place, message)


def _with_value(bench: Workbench, place: Place, value: Any) -> Message:
    return bench.request(Cargo(parameters={place: value}))


def _placed(operation: Operation, bench: Workbench) -> Iterator[tuple[Place, Node]]:
    """Parameters by place and name; those of the new path by the old name at the same position."""
    old = bench.pair.old
    for parameter in operation.parameters:
        where, name = parameter.raw["in"], parameter.raw["name"]
        if where == "header":
            name = name.lower()
            if name in IGNORED_HEADERS:
                continue
        if where == "path" and operation is not old and name in operation.variables:
            position = operation.variables.index(name)
            name = old.variables[position] if position < len(old.variables) else name
        yield (where, name), parameter


def _named(place: Place, parameter: Node) -> str:
    """A parameter as people write it: `?limit`, `{id}`, `header X-Token`, `cookie session`."""
    where, name = place[0], parameter.raw["name"]
    return {"query": f"?{name}", "path": f"{{{place[1]}}}"}.get(where, f"{where} {name}")


def _content_schema(parameter: Node) -> Conjunction:
    media = next((node for _, node in parameter.entries("content")), None)
    return schema_of(media) if media is not None else schema_of(parameter)


def _two_items(engine: Containment, parameter: Node) -> Any:
    """An array of two elements of the parameter: one alone is written alike in every style."""
    for schema in schema_of(parameter):
        if isinstance(schema.raw, dict) and "items" in schema.raw:
            item = engine.sampler.sample((schema.child("items"),))
            if item is not ABSENT:
                return [item, item]
    return ABSENT
