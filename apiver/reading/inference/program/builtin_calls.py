"""What Python's own functions and types do with the shapes that they are called on."""

from __future__ import annotations

import ast
import collections
import contextlib
import copy
import dataclasses
import datetime
import decimal
import functools
import re
import sys
import uuid
from collections.abc import Callable
from typing import Any

import flask

from apiver.reading.inference.conditions.instances import class_of
from apiver.reading.inference.conditions.narrowing import sent
from apiver.reading.inference.frame import Arguments, Frame, argument
from apiver.reading.inference.models.members import MISSING, static
from apiver.reading.inference.program.assignment import set_member
from apiver.reading.inference.program.containers import put, spread
from apiver.reading.inference.program.iteration import constants, item_of, one_of, pairs
from apiver.reading.inference.program.operators import type_of
from apiver.reading.inference.program.scope import package_of
from apiver.reading.inference.requests.asked_methods import matched
from apiver.reading.inference.requests.columns import note_conversion
from apiver.reading.inference.values.facts import FALSY, FILLED, NOTHING, Fact
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    KeysOf,
    Known,
    LengthOf,
    Listing,
    Live,
    Object,
    Partial,
    Record,
    Ref,
    Tuple,
    Typed,
    Value,
    chosen,
    general,
    options,
    union,
)

Rule = Callable[[Arguments, Frame, ast.AST], Value]


def _length(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    value = argument(arguments, 0, "obj")
    if not isinstance(value, Asked):
        return Typed(int, when_false=getattr(frame.state.cell(value), "when_empty", frozenset()))
    instead = value.instead.value if value.instead is not None else None
    size = Known(len(instead)) if isinstance(instead, str | tuple) else None
    return LengthOf(value.subject, value.exact, size)


def _cast(kind: type) -> Rule:
    def cast(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
        if not arguments.positional:
            return Known(kind())
        value = arguments.positional[0]
        if isinstance(value, Known) and type(value.value) in (int, float, bool, str) and kind is not str:
            try:
                return Known(kind(value.value))
            except ValueError:
                return Typed(kind)
        if kind is str and isinstance(value, Known) and type(value.value) in (int, str):
            return Known(str(value.value))
        if not isinstance(value, Asked):
            return Typed(kind, _kept_facets(value, kind))
        if kind is bool:
            filled = frozenset({Fact(value.subject, FILLED), *sent(value, bool, True)})
            return Typed(bool, when_true=filled, when_false=frozenset({Fact(value.subject, FALSY)}))
        if kind is str:
            return dataclasses.replace(value, exact=False) if value.cls is str else Typed(str)
        note_conversion(value, kind, frame, node)
        instead = None
        if value.instead is not None:
            with contextlib.suppress(ValueError, TypeError):
                instead = Known(kind(value.instead.value))
        return Asked(value.subject, kind, instead=instead)

    return cast


def _kept_facets(value: Value, kind: type) -> tuple[tuple[str, Any], ...]:
    if kind is str and isinstance(value, Typed):
        if value.cls is uuid.UUID:
            return (("format", "uuid"),)
        if value.cls is datetime.date:
            return (("format", "date"),)
        if value.cls is str:
            return value.facets
    return ()


def _round(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    kind = type_of(frame.state.cell(arguments.positional[0])) if arguments.positional else None
    if argument(arguments, 1, "ndigits") == NONE:
        return Typed(int)
    return (
        Typed(kind) if kind in (int, float, decimal.Decimal) else frame.unknown("it rounds an unknown", node)
    )


def _absolute(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    kind = type_of(frame.state.cell(argument(arguments, 0, "x")))
    return Typed(kind) if kind is not None else frame.unknown("the absolute value of an unknown", node)


def _sum(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    source = argument(arguments, 0, "iterable")
    if frame.state.cell(source) == Listing(None, ()):
        return Typed(int)
    kinds = [type_of(frame.state.cell(option)) for option in options(item_of(source, frame, node))]
    kinds += [type_of(argument(arguments, 1, "start", Known(0)))]
    found = {kind for kind in kinds if kind not in (type(None), bool)}
    if found <= {int}:
        return Typed(int)
    if None in found or not found <= {int, float, decimal.Decimal}:
        return frame.unknown("it adds up values whose type is not known", node)
    # The sum of nothing is the integer 0.
    others = [kind for kind in (float, decimal.Decimal) if kind in found]
    return union(Typed(kind) for kind in (*others, int))


def _extreme(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`min` and `max`: one of the arguments or of the items."""
    default = arguments.keywords.get("default")
    if len(arguments.positional) == 1:
        found = [general(item_of(arguments.positional[0], frame, node))]
    else:
        found = [
            Typed(int) if isinstance(value, LengthOf) else _plain(value) for value in arguments.positional
        ]
    return union([*found, *([default] if default is not None else [])])


def _plain(value: Value) -> Value:
    # `min(request.args.get("limit", 20, type=int), 100)` is no longer what the client sent.
    if isinstance(value, Asked) and value.cls is not None:
        return Typed(value.cls)
    return general(value)


def _sequence(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`list`, `tuple`, `set`, `sorted`, `reversed`, `frozenset`: the same items."""
    if not arguments.positional:
        return frame.allocate(Listing(None, ()))
    source = arguments.positional[0]
    if isinstance(source, Asked) and source.subject.location == "json":
        return source if source.cls is list else KeysOf(source.subject) if source.cls is dict else source
    exact = constants(source, frame)
    if exact is not None:
        return frame.allocate(Listing(union(exact) if exact else None, exact))
    content = frame.state.cell(source)
    empty = content.when_empty if isinstance(content, Listing) else frozenset()
    return frame.allocate(Listing(item_of(source, frame, node), None, empty))


def _set(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    source = argument(arguments, 0, "iterable")
    if (
        isinstance(source, Asked)
        and source.subject.location in ("json", "form", "query")
        and source.cls is not list
    ):
        return KeysOf(source.subject)
    return source if isinstance(source, KeysOf) else _sequence(arguments, frame, node)


def _dict(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    made = frame.allocate(Record())
    for source in arguments.positional:
        if isinstance(source, Asked):
            return source
        content = frame.state.cell(source)
        if isinstance(content, Listing) and content.pairs_of is not None:
            return content.pairs_of
        exact = constants(source, frame) if isinstance(content, Listing | Tuple) else None
        if isinstance(content, Listing | Tuple) and exact is None:
            pair = item_of(source, frame, node)
            value = pair.items[1] if isinstance(pair, Tuple) and len(pair.items) == 2 else pair
            put(made, Typed(str), value, frame, node)
        elif exact is not None:
            for item in exact:
                if isinstance(item, Tuple) and len(item.items) == 2:
                    put(made, item.items[0], item.items[1], frame, node)
        else:
            spread(made, source, frame, node)
    lines = {keyword.arg: keyword.value for keyword in getattr(node, "keywords", ()) if keyword.arg}
    for key, value in arguments.keywords.items():
        put(made, Known(key), value, frame, lines.get(key, node), certain=key not in arguments.optional)
    return made


def _chain_map(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    made = frame.allocate(Record())
    for source in reversed(arguments.positional):
        spread(made, source, frame, node)
    return made


def _enumerate(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    source = argument(arguments, 0, "iterable")
    exact = constants(source, frame)
    if exact is not None:
        found = tuple(Tuple((Typed(int), item)) for item in exact)
        return Listing(union(found) if found else None, found)
    return Listing(Tuple((Typed(int), frame.reader.iterate(source, frame, node))))


def _zip(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    known = [constants(source, frame) for source in arguments.positional]
    if len(known) == 2 and known[0] is not None and known[1] is not None:
        found = pairs(known[0], known[1])
        return Listing(union(found) if found else None, found)
    return Listing(Tuple(tuple(frame.reader.iterate(source, frame, node) for source in arguments.positional)))


def _range(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return Listing(Typed(int))


def _map(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    items = tuple(frame.reader.iterate(source, frame, node) for source in arguments.positional[1:])
    return frame.allocate(Listing(frame.reader.call(arguments.positional[0], Arguments(items), frame, node)))


def _filter(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return frame.allocate(Listing(frame.reader.iterate(argument(arguments, 1, "iterable"), frame, node)))


def _next(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    source = argument(arguments, 0, "iterator")
    found = one_of(item_of(source, frame, node))
    default = arguments.get(1, "default")
    if default is None:
        return found
    return chosen([(found, NOTHING), (default, getattr(frame.state.cell(source), "when_empty", NOTHING))])


def _getattr(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    owner, name = argument(arguments, 0, "object"), argument(arguments, 1, "name")
    default = arguments.get(2, "default")
    names = [option.value for option in options(name) if isinstance(option, Known)]
    if len(names) < len(options(name)) or not all(isinstance(one, str) for one in names):
        return frame.unknown("it is read with getattr() under a name that is not a constant", node)
    found = union(frame.reader.attribute(owner, one, frame, node) for one in names)
    content = frame.state.cell(owner)
    sure = isinstance(content, Object) and all(content.surely(one) is not None for one in names)
    return found if default is None or sure else union((found, default))


def _hasattr(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """Known where every alternative has the attribute, or is of a class of Python's own that lacks it."""
    name = argument(arguments, 1, "name")
    if not (isinstance(name, Known) and isinstance(name.value, str)):
        return Typed(bool)
    found = {
        _has(frame.state.cell(option), name.value, frame) for option in options(argument(arguments, 0, "obj"))
    }
    known = found.pop() if len(found) == 1 else None
    return Typed(bool) if known is None else Known(known)


def _has(content: Value, name: str, frame: Frame) -> bool | None:
    app = frame.reader.shared.app
    if isinstance(content, Live) and any(content.object is one for one in (app, flask.current_app)):
        return name in vars(app) or static(type(app), name) is not MISSING
    cls = class_of(content)
    if cls is None or isinstance(content, Asked):
        return None
    held = content.attributes if isinstance(content, Object) else {}
    if name in held or static(cls, name) is not MISSING:
        return True
    return False if package_of(cls.__module__) in sys.stdlib_module_names else None


def _setattr(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    owner, name = argument(arguments, 0, "object"), argument(arguments, 1, "name")
    if isinstance(name, Known) and isinstance(name.value, str):
        set_member(owner, name.value, argument(arguments, 2, "value"), frame, node)
    return NONE


def _type(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    kind = type_of(frame.state.cell(argument(arguments, 0, "object")))
    return Live(kind) if kind is not None else frame.unknown("the type of an unknown", node)


def _same(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    source = arguments.positional[0] if arguments.positional else NONE
    return frame.allocate(frame.state.heap[source.address]) if isinstance(source, Ref) else source


def _partial(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    if not arguments.positional:
        return frame.unknown("partial() of nothing", node)
    return Partial(arguments.positional[0], arguments.positional[1:], arguments.keywords)


def _pattern(name: str) -> Rule:
    def match(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
        pattern = argument(arguments, 0, "pattern")
        text = pattern.value if isinstance(pattern, Known) else None
        said = argument(arguments, 2, "flags", Known(0))
        flags = said.value if isinstance(said, Known) and isinstance(said.value, int) else re.DEBUG
        return matched(text, name, argument(arguments, 1, "string"), frame, node, flags=flags)

    return match


def _compile(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    pattern = argument(arguments, 0, "pattern")
    flags = arguments.get(1, "flags")
    if isinstance(pattern, Known) and isinstance(pattern.value, str) and flags is None:
        with contextlib.suppress(re.error):
            return Live(re.compile(pattern.value))
    return Typed(re.Pattern)


def _parsed(kind: type) -> Rule:
    """A constructor that takes a string apart: `UUID(text)`, `Decimal(text)`."""

    def parse(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
        value = argument(arguments, 0, "value")
        note_conversion(value, kind, frame, node)
        if kind is decimal.Decimal and isinstance(value, Asked):
            return dataclasses.replace(value, cls=kind, nullable=False, instead=_parsed_default(value))
        return Typed(kind)

    return parse


def _parsed_default(value: Asked) -> Known | None:
    try:
        return None if value.instead is None else Known(decimal.Decimal(value.instead.value))
    except (ArithmeticError, TypeError, ValueError):
        return None


def _nothing(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return NONE


def _wraps(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return Live(_itself)


def _itself(function: Any) -> Any:
    """Stands for what `functools.wraps(view)` returns: it hands back the function that it decorates."""
    return function


def _handed_back(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return argument(arguments, 0, "function")


def builtin_rules() -> dict[int, Rule]:
    """The rules by the identity of the function or type that they are about."""
    rules: list[tuple[Any, Rule]] = [
        (functools.wraps, _wraps),
        (_itself, _handed_back),
        (len, _length),
        (round, _round),
        (abs, _absolute),
        (sum, _sum),
        (min, _extreme),
        (max, _extreme),
        (dict, _dict),
        (collections.OrderedDict, _dict),
        (collections.Counter, _counter),
        (collections.defaultdict, _defaultdict),
        (collections.ChainMap, _chain_map),
        (collections.deque, _sequence),
        (set, _set),
        (frozenset, _set),
        (enumerate, _enumerate),
        (zip, _zip),
        (range, _range),
        (map, _map),
        (filter, _filter),
        (next, _next),
        (iter, _sequence),
        (getattr, _getattr),
        (setattr, _setattr),
        (hasattr, _hasattr),
        (type, _type),
        (print, _nothing),
        (copy.copy, _same),
        (copy.deepcopy, _same),
        (functools.partial, _partial),
        (re.compile, _compile),
        (re.match, _pattern("match")),
        (re.fullmatch, _pattern("fullmatch")),
        (re.search, _pattern("search")),
        (uuid.UUID, _parsed(uuid.UUID)),
        (decimal.Decimal, _parsed(decimal.Decimal)),
    ]
    rules += [(kind, _cast(kind)) for kind in (int, float, str, bool)]
    rules += [(kind, _sequence) for kind in (list, tuple, sorted, reversed)]
    return {id(live): rule for live, rule in rules}


def _counter(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    return frame.allocate(Record({}, rest=Typed(int)))


def _defaultdict(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    factory = argument(arguments, 0, "default_factory")
    made = frame.reader.call(factory, Arguments(), frame, node) if factory != NONE else None
    return frame.allocate(Record({}, rest=None if made is None else general(made)))
