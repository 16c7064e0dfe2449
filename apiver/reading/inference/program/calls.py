"""Calls: into the program's own functions, methods and classes, and to what is known without reading it."""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import operator
import types
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import flask.views
from werkzeug.wrappers import Response

from apiver.reading.inference.conditions.instances import class_of
from apiver.reading.inference.extensions import resources
from apiver.reading.inference.extensions.model_views import validated
from apiver.reading.inference.extensions.reports import abort_rules
from apiver.reading.inference.frame import Arguments, Dead, Frame, Raised, Returned, Serialized
from apiver.reading.inference.models.members import static
from apiver.reading.inference.models.queries import is_session, select
from apiver.reading.inference.models.sql import sql_call
from apiver.reading.inference.program.annotations import annotated, lookup_for
from apiver.reading.inference.program.builtin_calls import builtin_rules
from apiver.reading.inference.program.class_views import class_based_view
from apiver.reading.inference.program.computing import Watch, key_of
from apiver.reading.inference.program.construction import construct
from apiver.reading.inference.program.folding import called, pure_functions
from apiver.reading.inference.program.iterator_calls import getter, iterator_rules
from apiver.reading.inference.program.library import function_types
from apiver.reading.inference.program.methods import call_method
from apiver.reading.inference.program.parameters import bound_parameters
from apiver.reading.inference.program.scope import Scope, is_library, lift, package_of, scope_of
from apiver.reading.inference.program.source import FunctionNode
from apiver.reading.inference.program.structure_calls import structure_rules
from apiver.reading.inference.requests.guards import guarded, jwt
from apiver.reading.inference.requests.validators import validator_rules
from apiver.reading.inference.responses.flask_calls import flask_rules
from apiver.reading.inference.responses.serializers import labelled, serializer
from apiver.reading.inference.values.shapes import (
    NONE,
    Bound,
    Closure,
    Live,
    Method,
    Object,
    Partial,
    Record,
    Recursive,
    Stream,
    Typed,
    Union,
    Unknown,
    Value,
    chosen,
    mapped,
    options,
    union,
)
from apiver.reading.inference.values.state import State, join

DEEPEST = 24
# What their decorators answer is told by apiver.reading.sources, or it is what the view answers.
_TOLD = frozenset({"apifairy", "flask_caching", "flask_classful", "flask_cors", "flask_smorest", "webargs"})


def call(callee: Value, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """The value of `callee(...)`; raises Dead where it does not return."""
    if isinstance(callee, Union):
        return _any_of(callee, arguments, frame, node)
    if isinstance(callee, Live):
        return _live(callee.object, arguments, frame, node)
    if isinstance(callee, Bound):
        return _bound(callee, arguments, frame, node)
    if isinstance(callee, Method):
        of_resource = resources.method(callee, arguments, frame, node)
        if of_resource is not None:
            return of_resource
        return call_method(callee, arguments, frame, node)
    if isinstance(callee, Partial):
        given = replace(
            arguments,
            positional=(*callee.positional, *arguments.positional),
            keywords={**callee.keywords, **arguments.keywords},
        )
        return call(callee.function, given, frame, node)
    if isinstance(callee, Closure):
        return _closure(callee, arguments, frame, node)
    if isinstance(callee, Unknown):
        return callee
    if callee == NONE:
        raise Dead
    content = frame.state.cell(callee)
    if isinstance(content, Typed | Object):
        bound = frame.reader.attribute(callee, "__call__", frame, node)
        if isinstance(bound, Bound):
            return _bound(bound, arguments, frame, node)
    return frame.unknown(f"{_spelled(node)} is not a function that is known", node)


def _spelled(node: ast.AST) -> str:
    text = ast.unparse(node.func if isinstance(node, ast.Call) else node)
    return text if len(text) <= 60 else text[:57] + "..."


def _any_of(callee: Union, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    before, results, states = frame.state, [], []
    for option in callee.options:
        if option == NONE:
            continue
        frame.state = before.fork()
        try:
            results.append(call(option, arguments, frame, node))
        except Dead:
            continue
        states.append(frame.state)
    joined = join(states)
    if joined is None:
        raise Dead
    frame.state = joined
    return union(results)


def _live(target: Any, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    rule = frame.reader.shared.rules.get(id(target))
    pure = frame.reader.shared.pure.get(id(target))
    computed = called(pure, (), arguments, frame, node) if pure is not None else None
    if computed is not None:
        return computed
    if rule is not None:
        return rule(arguments, frame, node)
    kind = frame.reader.shared.returns.get(id(target))
    if kind is not None:
        return Typed(kind)
    if isinstance(target, type):
        of_resource = resources.constructed(target, frame)
        if of_resource is not None:
            return of_resource
        return construct(target, arguments, frame, node)
    if type(target) is functools.partial:
        keywords = {**{key: lift(value) for key, value in target.keywords.items()}, **arguments.keywords}
        given = (*(lift(value) for value in target.args), *arguments.positional)
        return call(lift(target.func), replace(arguments, positional=given, keywords=keywords), frame, node)
    if type(target) is types.MethodType:
        return call(Bound(Live(target.__func__), lift(target.__self__)), arguments, frame, node)
    if type(target) is types.FunctionType:
        return _function(target, None, None, arguments, frame, node)
    if type(target) is types.BuiltinFunctionType and isinstance(target.__self__, type):
        return call_method(Method(Live(target.__self__), target.__name__), arguments, frame, node)
    if type(target) in (operator.itemgetter, operator.attrgetter, operator.methodcaller):
        names = target.__reduce__()[1]
        return call(getter(type(target), names, frame, node), arguments, frame, node)
    own = static(type(target), "__call__")
    if type(own) is types.FunctionType and package_of(type(target).__module__) in frame.reader.shared.own:
        owner = next(parent for parent in type(target).__mro__ if "__call__" in vars(parent))
        return _function(own, Live(target), owner, arguments, frame, node)
    wrapped = static(target, "__wrapped__")
    if type(wrapped) is types.FunctionType:
        return _function(wrapped, None, None, arguments, frame, node)
    if is_session(type(target)):
        return Typed(type(target))
    if type(target).__name__ == "sessionmaker":
        session = target.class_
        return Typed(session)
    if type(target).__module__.startswith("sqlalchemy"):
        return frame.unknown("an SQL expression", node)
    return frame.unknown(f"{_spelled(node)}() has no source that could be read", node)


def _bound(callee: Bound, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    function = callee.function
    if isinstance(function, Live) and type(function.object) is types.FunctionType:
        return _function(function.object, callee.receiver, callee.owner, arguments, frame, node)
    given = replace(arguments, positional=(callee.receiver, *arguments.positional))
    return call(function, given, frame, node)


def _function(
    function: types.FunctionType,
    receiver: Value | None,
    owner: type | None,
    arguments: Arguments,
    frame: Frame,
    node: ast.AST,
) -> Value:
    if function.__code__.co_filename == flask.views.__file__:
        return class_based_view(function, arguments, frame, node)
    rule = frame.reader.shared.rules.get(id(function))
    if rule is not None:
        return rule(arguments, frame, node)
    if function.__globals__.get("__name__", "").startswith("sqlalchemy.") and receiver is None:
        made = select(arguments) if function.__name__ == "select" else sql_call(function.__name__, arguments)
        if made is not None:
            return made
    around = resources.function(function, receiver, arguments, frame, node)
    if around is not None:
        return around
    within = validated(function, receiver, owner, arguments, frame, node)
    if within is not None:
        return within
    if is_library(function, frame.reader.shared.own):
        wrapped = getattr(function, "__wrapped__", None)
        if function.__code__.co_filename == functools.__file__ and "registry" in vars(function):
            return _dispatched(vars(function)["registry"], arguments, frame, node)
        managed = function.__code__.co_filename == contextlib.__file__ and inspect.isgeneratorfunction(
            wrapped
        )
        if managed and type(wrapped) is types.FunctionType:
            # What the `with` statement binds is what the generator yields.
            return _function(wrapped, receiver, owner, arguments, frame, node)
        if callable(wrapped):
            guarded_value = guarded(function, wrapped, arguments, frame, node)
            if guarded_value is not None:
                return guarded_value
        inner = inspect.unwrap(function)
        inner = inner.__func__ if type(inner) is types.MethodType else inner
        followed = type(wrapped) in (types.FunctionType, types.MethodType)
        if followed and type(inner) is types.FunctionType and not is_library(inner, frame.reader.shared.own):
            reason = f"the decorator {_dotted(function, frame)} of a library may answer by itself"
            told = package_of(function.__globals__.get("__name__")) in _TOLD
            if not told and (not frame.depth or _is_handler_code(inner, frame)):
                frame.reader.journal.unread.append(Unknown(reason, frame.place(node)))
            if type(wrapped) is types.FunctionType:
                return _function(wrapped, receiver, owner, arguments, frame, node)
            return call(Live(wrapped), arguments, frame, node)
        if receiver is not None:
            return _library_method(function, receiver, arguments, frame, node)
        return _stated(function, frame, node)
    return _own_function(function, receiver, owner, arguments, frame, node)


def _dispatched(registry: Mapping[type, Any], arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`functools.singledispatch`: the implementation for the class of the first argument."""
    if not arguments.positional:
        return frame.unknown(f"{_spelled(node)}() is called without the argument that it dispatches on", node)
    rest = arguments.positional[1:]
    calls: list[tuple[Any, Value]] = []
    for option in options(arguments.positional[0]):
        cls = class_of(frame.state.cell(option))
        if cls is None:
            return frame.unknown(f"the class of the argument of {_spelled(node)}() is not known", node)
        found = next((registry[parent] for parent in cls.__mro__ if parent in registry), None)
        if found is None:
            return frame.unknown(f"{_spelled(node)}() has no implementation for a {cls.__name__}", node)
        calls.append((found, option))
    results = []
    for found, option in calls:
        given = replace(arguments, positional=(option, *rest))
        results.append(call(Live(found), given, frame, node))
    return union(results)


def _dotted(function: types.FunctionType, frame: Frame) -> str:
    # `wraps` gave it the name of the view; its code object still knows where it was defined.
    code = function.__code__
    name = getattr(code, "co_qualname", "").partition(".")[0] or _outermost(code, frame)
    return f"{function.__globals__.get('__name__', '')}.{name}"


def _outermost(code: types.CodeType, frame: Frame) -> str:
    """The definition at the top of its module that a code object stands in: Python 3.10 does not keep it."""
    tree = frame.reader.shared.sources.file(code.co_filename).tree
    for node in tree.body if tree else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if first <= code.co_firstlineno <= (node.end_lineno or first):
                return node.name
    return code.co_name


def _library_method(
    function: types.FunctionType, receiver: Value, arguments: Arguments, frame: Frame, node: ast.AST
) -> Value:
    found = call_method(Method(receiver, function.__name__), arguments, frame, node)
    return _stated(function, frame, node) if isinstance(found, Unknown) else found


def _stated(function: types.FunctionType, frame: Frame, node: ast.AST) -> Value:
    """What a function that is not read says of its result."""
    stated = function.__annotations__.get("return")
    name = f"{function.__module__}.{function.__qualname__}"
    if stated is None:
        return frame.unknown(f"{name}() belongs to a library and does not say what it returns", node)
    found = annotated(stated, lookup_for(function.__globals__, {}))
    if isinstance(found, Unknown):
        return frame.unknown(f"{name}() belongs to a library; {found.reason}", node)
    if isinstance(found, Typed) and issubclass(found.cls, Response):
        return frame.unknown(f"{name}() belongs to a library and makes a response", node)
    return found


def _own_function(
    function: types.FunctionType,
    receiver: Value | None,
    owner: type | None,
    arguments: Arguments,
    frame: Frame,
    node: ast.AST,
) -> Value:
    syntax = frame.scope.sources.function(function)
    if syntax is None:
        found = _stated(function, frame, node)
        reason = f"the source of {function.__qualname__}() could not be read"
        return frame.unknown(reason, node) if isinstance(found, Unknown) else found
    shared, running = frame.reader.shared, frame.reader.running
    named = serializer(function, receiver, arguments, frame, frame.place(syntax))
    if named is not None:
        named = replace(named, label=replace(named.label, place=_place(function, syntax, frame)))
        if named.key in running:
            return Recursive(named.label)
        known = shared.serializers.get(named.key)
        if known is not None:
            frame.reader.journal.extend(known.journal)
            return _allocated(known.value, frame)
    kept = key_of(function, receiver, arguments, frame)
    if kept is not None and named is None and kept in shared.computed:
        return shared.computed[kept]
    watch = Watch(kept, frame) if kept is not None and named is None else None
    key: tuple[object, ...] = named.key if named is not None else (function.__code__,)
    if running.count(key) > 1 or frame.depth >= DEEPEST:
        return frame.unknown(f"{function.__qualname__}() calls itself or lies too deep", node)
    scope = scope_of(function, frame.scope.sources)
    given = (
        arguments if receiver is None else replace(arguments, positional=(receiver, *arguments.positional))
    )
    defaults = tuple(lift(value) for value in function.__defaults__ or ())
    keywords = {name: lift(value) for name, value in (function.__kwdefaults__ or {}).items()}
    names = bound_parameters(syntax, given, defaults, keywords, scope, frame, node)
    mark, raised = frame.reader.journal.mark(), len(frame.raises)
    running.append(key)
    try:
        value = _run(syntax, scope, names, owner, frame, node, function.__name__)
    finally:
        running.pop()
    if isinstance(value, Unknown):
        stated = function.__annotations__.get("return")
        if stated is not None:
            found = annotated(stated, lookup_for(function.__globals__, scope.cells))
            value = value if isinstance(found, Unknown) or _is_response(found) else found
    if watch is not None:
        watch.remember(value, frame)
    if named is None:
        return value
    value = labelled(value, named.label, frame.state)
    if named.symbolic and len(frame.raises) == raised and any(isinstance(o, Record) for o in options(value)):
        shared.serializers[named.key] = Serialized(value, frame.reader.journal.since(mark))
    return _allocated(value, frame)


def _is_response(value: Value) -> bool:
    return isinstance(value, Typed) and issubclass(value.cls, Response)


def _place(function: types.FunctionType, syntax: FunctionNode, frame: Frame) -> Any:
    file = frame.scope.sources.file(function.__code__.co_filename)
    return type(frame.place(syntax))(file.name, syntax.lineno)


def _allocated(value: Value, frame: Frame) -> Value:
    # A record that was remembered may be changed by who called for it.
    return mapped(value, lambda option: frame.allocate(option) if isinstance(option, Record) else option)


def _closure(callee: Closure, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    key = (callee.node,)
    if frame.reader.running.count(key) > 1 or frame.depth >= DEEPEST:
        return frame.unknown("a local function calls itself or lies too deep", node)
    names = dict(callee.environment)
    names |= bound_parameters(
        callee.node, arguments, callee.defaults, callee.keyword_defaults, callee.scope, frame, node
    )
    frame.reader.running.append(key)
    try:
        return _run(
            callee.node, callee.scope, names, None, frame, node, getattr(callee.node, "name", "<lambda>")
        )
    finally:
        frame.reader.running.pop()


def _run(
    syntax: FunctionNode,
    scope: Scope,
    names: dict[str, Value],
    owner: type | None,
    frame: Frame,
    node: ast.AST,
    name: str,
) -> Value:
    """Read the body of a function and go on in the caller behind it."""
    state = State(names, frame.state.heap, frame.state.facts)
    inner = Frame(frame.reader, scope, state, name, frame.depth + 1, owner, (frame, node), paths=frame.paths)
    if isinstance(syntax, ast.Lambda):
        with contextlib.suppress(Dead):
            value = inner.reader.evaluate(syntax.body, inner)
            inner.returns.append(Returned(value, inner.state, inner.place(syntax)))
    else:
        inner.reader.execute(syntax.body, inner)
        if inner.alive:
            inner.returns.append(Returned(NONE, inner.state, inner.place(syntax)))
    mine = frame.state.names
    for raised in inner.raises:
        state = State(dict(mine), raised.state.heap, raised.state.facts)
        frame.raises.append(Raised(raised.value, state, raised.place))
    if not inner.returns:
        raise Dead
    if _is_handler(syntax, frame):
        for entry in inner.returns:
            for option in options(entry.value):
                frame.reader.places.setdefault(option, entry.place)
    joined = join(entry.state for entry in inner.returns)
    assert joined is not None
    _keep_apart(inner.returns, joined, set(frame.state.heap))
    frame.state = State(mine, joined.heap, joined.facts)
    if frame.scope.sources.is_generator(syntax):
        item = union(inner.yields) if inner.yields else None
        return Stream(f"{name}() yields its values one by one", item)
    return chosen((entry.value, entry.state.facts - joined.facts) for entry in inner.returns)


def _keep_apart(returns: list[Returned], joined: State, older: set[int]) -> None:
    """A cell that the function made, and returns on one path only, is as it is at the end of that path."""
    if len(returns) < 2:
        return
    found = [entry.state.reached(entry.value) for entry in returns]
    for position, (entry, addresses) in enumerate(zip(returns, found, strict=True)):
        others = set().union(*(more for index, more in enumerate(found) if index != position))
        for address in addresses - others - older:
            joined.heap[address] = entry.state.heap[address]


def _is_handler_code(function: types.FunctionType, frame: Frame) -> bool:
    """Whether `function` is the view itself: a decorator of any other function answers nobody."""
    handler = inspect.unwrap(frame.reader.route.handler)
    return getattr(getattr(handler, "__func__", handler), "__code__", None) is function.__code__


def _is_handler(syntax: FunctionNode, frame: Frame) -> bool:
    handler = inspect.unwrap(frame.reader.route.handler)
    code = getattr(handler, "__func__", handler)
    return type(code) is types.FunctionType and frame.scope.sources.function(code) is syntax


def known_calls() -> tuple[dict[int, Any], dict[int, type], dict[int, Any]]:
    """The rules, the return types and the pure functions that are looked up by identity."""
    rules = {**builtin_rules(), **iterator_rules(), **structure_rules(), **flask_rules(), **abort_rules()}
    return {**rules, **validator_rules(), **jwt.rules()}, function_types(), pure_functions()
