"""The parameters of a function, and what a call, a default or an annotation gives them."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from apiver.reading.inference.frame import Arguments, Frame
from apiver.reading.inference.program.annotations import lookup_for, node_annotated
from apiver.reading.inference.program.scope import Scope
from apiver.reading.inference.program.source import FunctionNode
from apiver.reading.inference.requests.handing import handed_on
from apiver.reading.inference.values.shapes import (
    Field,
    Listing,
    Record,
    Tuple,
    Unknown,
    Value,
    union,
)


def bound_parameters(
    syntax: FunctionNode,
    arguments: Arguments,
    defaults: tuple[Value, ...],
    keyword_defaults: Mapping[str, Value],
    scope: Scope,
    frame: Frame,
    node: ast.AST,
) -> dict[str, Value]:
    """The parameters of a function with the values that a call gives them."""
    spec = syntax.args
    ordered = [*spec.posonlyargs, *spec.args]
    names: dict[str, Value] = {}
    rest = dict(arguments.keywords)
    first_default = len(ordered) - len(defaults)
    standing = (*(None for _ in range(first_default)), *defaults)
    taken = {one.arg: default for one, default in zip(ordered, standing, strict=True)}
    for parameter in ordered[: len(arguments.positional)]:
        del taken[parameter.arg]
    taken |= {one.arg: keyword_defaults.get(one.arg) for one in spec.kwonlyargs}
    rest |= handed_on(arguments, taken, frame, node, closed=spec.kwarg is None)
    for index, parameter in enumerate(ordered):
        default = defaults[index - first_default] if index >= first_default else None
        if index < len(arguments.positional):
            given: Value | None = arguments.positional[index]
        else:
            given = _passed(rest, parameter.arg, default, arguments)
        names[parameter.arg] = _parameter(parameter, given, arguments, scope, frame, node)
    for parameter in spec.kwonlyargs:
        given = _passed(rest, parameter.arg, keyword_defaults.get(parameter.arg), arguments)
        names[parameter.arg] = _parameter(parameter, given, arguments, scope, frame, node)
    if spec.vararg is not None:
        more = arguments.positional[len(ordered) :]
        names[spec.vararg.arg] = arguments.open or Tuple(more)
    if spec.kwarg is not None:
        fields = {key: Field(value, key not in arguments.optional) for key, value in rest.items()}
        names[spec.kwarg.arg] = frame.allocate(Record(fields, open=arguments.open))
    return names


def _passed(rest: dict[str, Value], name: str, default: Value | None, arguments: Arguments) -> Value | None:
    given = rest.pop(name, default)
    if given is not None and default is not None and name in arguments.optional:
        return union((given, default))
    return given


def _parameter(
    parameter: ast.arg, given: Value | None, arguments: Arguments, scope: Scope, frame: Frame, node: ast.AST
) -> Value:
    """The value of a parameter; its annotation speaks where the call does not."""
    vague = given is None or isinstance(given, Unknown) or _shapeless(given)
    if vague and parameter.annotation is not None:
        stated = node_annotated(parameter.annotation, lookup_for(scope.names, scope.cells))
        if not isinstance(stated, Unknown) and not _shapeless(stated):
            return stated
    if given is not None:
        return given
    return arguments.open or frame.unknown(f"the argument {parameter.arg} is not known", node)


def _shapeless(value: Value) -> bool:
    if isinstance(value, Listing):
        return isinstance(value.items, Unknown)
    return isinstance(value, Record) and not value.fields and value.open is not None
