"""Resources of Flask-RESTful, flask-restx and flask-restplus: JSON of what methods return and raise."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import FunctionType
from typing import Any

from werkzeug.exceptions import BadRequest, HTTPException

from apiver.inventory.routes import Route
from apiver.reading.inference.extensions import appbuilder
from apiver.reading.inference.extensions.marshalling import Fields, marshalled
from apiver.reading.inference.extensions.parsing import REFUSAL, described, parsed
from apiver.reading.inference.frame import Arguments, Dead, Frame, Raised, argument
from apiver.reading.inference.models.members import static
from apiver.reading.inference.program.exceptions import abort
from apiver.reading.inference.program.scope import is_library, lift, package_of
from apiver.reading.inference.requests.asking import whole_body
from apiver.reading.inference.requests.guards import guarded
from apiver.reading.inference.responses.replies import JSON, add_headers, set_header, status_of
from apiver.reading.inference.values.shapes import (
    NONE,
    Bound,
    Field,
    Known,
    Label,
    Live,
    Method,
    Object,
    Record,
    Ref,
    Reply,
    Tuple,
    Typed,
    Unknown,
    Value,
    mapped,
    options,
    union,
)

PACKAGES = frozenset({"flask_restful", "flask_restplus", "flask_restx"})
_ARGUMENTS = "$arguments"  # of a parser that is made while the program runs
_GUARDS = frozenset({"flask_httpauth", "flask_jwt_extended", "flask_login", "flask_security"})
_METHODS = frozenset({"abort", "marshal", "parse_args"})


def attribute(owner: Any, name: str, frame: Frame, node: ast.AST) -> Value | None:
    """`api.payload`, `api.abort` and their like on a live object; None where it is something else."""
    if not _is_theirs(type(owner)):
        return None
    if name == "payload":
        return whole_body(Arguments(), frame, node)
    return Method(Live(owner), name) if name in _METHODS else None


def method(callee: Method, arguments: Arguments, frame: Frame, node: ast.AST) -> Value | None:
    """A call of a method of an Api, a namespace or a request parser; None where it is something else."""
    content = frame.state.cell(callee.receiver)
    if not isinstance(content, Live) or not _is_theirs(type(content.object)):
        return None
    if callee.name == "abort":
        return _abort(type(content.object).__module__, arguments, frame, node)
    if callee.name == "marshal":
        return _marshal(arguments, frame, node)
    if callee.name == "parse_args" and hasattr(content.object, "args"):
        module = type(content.object).__module__
        return parsed(content.object.args, module, frame, node)
    return None


def function(
    target: FunctionType, receiver: Value | None, arguments: Arguments, frame: Frame, node: ast.AST
) -> Value | None:
    """What a function of these libraries does, where it stands around or inside a resource; else None."""
    module = str(target.__globals__.get("__name__"))
    if module == appbuilder.MODULE:
        return appbuilder.helper(target, arguments, frame, node)
    if package_of(module) not in PACKAGES:
        return None
    name = target.__code__.co_name
    cells = dict(zip(target.__code__.co_freevars, target.__closure__ or (), strict=False))
    if name == "wrapper" and "resource" in cells:
        return _answer(
            cells["self"].cell_contents, Live(cells["resource"].cell_contents), arguments, frame, node
        )
    if name == "wrapper" and {"f", "self"} <= cells.keys():
        inner: Value = Live(cells["f"].cell_contents)
        called = inner if receiver is None else Bound(inner, receiver)
        function_of = inspect.unwrap(cells["f"].cell_contents)
        names = getattr(function_of, "__globals__", {})
        return _filtered(cells["self"].cell_contents, called, names, arguments, frame, node)
    if name in ("add_argument", "parse_args") and receiver is not None:
        return _parser(name, receiver, module, arguments, frame, node)
    if name == "dispatch_request" and receiver is not None:
        return _dispatch(receiver, arguments, frame, node)
    if name == "abort" and receiver is None:
        return _abort(module, arguments, frame, node)
    if name == "marshal" and receiver is None:
        return _marshal(arguments, frame, node)
    return None


def api_of(route: Route) -> Any:
    """The Api that a route belongs to; None where its view is no resource of one."""
    view: Any = route.view
    for _ in range(32):
        if type(view) is not FunctionType:
            return None
        cells = dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=False))
        if "resource" in cells and package_of(str(view.__globals__.get("__name__"))) in PACKAGES:
            return cells["self"].cell_contents
        view = getattr(view, "__wrapped__", None)
    return None


def _is_theirs(kind: type) -> bool:
    return any(package_of(parent.__module__) in PACKAGES for parent in kind.__mro__)


def constructed(cls: type, frame: Frame) -> Value | None:
    """A request parser that the program makes while it runs; None where `cls` is something else."""
    if _is_theirs(cls) and cls.__name__ == "RequestParser":
        return frame.allocate(Object(cls, {_ARGUMENTS: Tuple(())}))
    return None


def _parser(
    name: str, receiver: Value, module: str, arguments: Arguments, frame: Frame, node: ast.AST
) -> Value | None:
    content = frame.state.cell(receiver)
    held = content.attributes.get(_ARGUMENTS) if isinstance(content, Object) else None
    if not isinstance(receiver, Ref) or not isinstance(content, Object) or not isinstance(held, Tuple):
        return None
    if name == "add_argument":
        made: Value = described(arguments, frame) or frame.unknown("the argument is not constant", node)
        changed = {**content.attributes, _ARGUMENTS: Tuple((*held.items, made))}
        frame.state.heap[receiver.address] = Object(content.cls, changed)
        return receiver
    if any(not isinstance(item, Live) for item in held.items):
        return frame.unknown("a parser with arguments that are not constant", node)
    live = [item.object for item in held.items if isinstance(item, Live)]
    return parsed(live, module, frame, node)


def _dispatch(receiver: Value, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`Resource.dispatch_request`: the method, in the decorators that the class lists for it."""
    name = frame.reader.route.method.lower()
    content = frame.state.cell(receiver)
    cls = content.cls if isinstance(content, Object | Typed) else object
    called = frame.reader.attribute(receiver, name, frame, node)
    listed = static(cls, "method_decorators")
    if isinstance(listed, Mapping):
        listed = listed.get(name, ())
    for decorator in listed if isinstance(listed, list | tuple) else ():
        if type(decorator) is FunctionType and not is_library(decorator, frame.reader.shared.own):
            called = frame.reader.call(Live(decorator), Arguments((called,)), frame, node)
        elif not _is_guard(decorator, frame, node):
            named = f"{getattr(decorator, '__module__', '')}.{getattr(decorator, '__name__', '')}"
            reason = f"the decorator {named} of a library may answer by itself"
            frame.reader.journal.unread.append(frame.unknown(reason, node))
    if _validates(static(cls, name), frame):
        data = {"errors": Field(Record({}, rest=Typed(str))), "message": Field(Typed(str))}
        frame.may_raise(Object(BadRequest, {"data": Record(data, label=REFUSAL)}), frame.place(node))
    return frame.reader.call(called, arguments, frame, node)


def _is_guard(decorator: Any, frame: Frame, node: ast.AST) -> bool:
    """Whether a decorator of a class is a guard that is known; what it demands is written down."""
    if package_of(getattr(decorator, "__module__", None)) not in _GUARDS or not callable(decorator):
        return False
    try:
        made = decorator(_guarded)  # it wraps a function of ours, and runs nothing
    except Exception:  # noqa: BLE001 - it is no decorator after all
        return False
    if type(made) is not FunctionType:
        return False
    return guarded(made, _guarded, Arguments(), frame, node) is not None


def _guarded() -> None:
    """Stands for a method while its guard is looked at."""


def _validates(function: Any, frame: Frame) -> bool:
    """Whether `Resource.validate_payload` holds the body against a model that the method expects."""
    said = getattr(function, "__apidoc__", None)
    if not isinstance(said, Mapping):
        return False
    wanted = said.get("validate")
    if wanted is None:
        wanted = getattr(api_of(frame.reader.route), "_validate", False)
    models = [one[0] if isinstance(one, list) and len(one) == 1 else one for one in said.get("expect", ())]
    return bool(wanted) and any(hasattr(one, "validate") for one in models)


def _answer(api: Any, resource: Value, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`Api.output`: what the resource returns, as JSON."""
    value = frame.reader.call(resource, arguments, frame, node)
    return mapped(value, lambda option: _response(api, option, frame, node))


def _response(api: Any, value: Value, frame: Frame, node: ast.AST) -> Value:
    content = frame.state.cell(value)
    if isinstance(content, Reply | Unknown):
        return value
    said = frame.reader.places.get(value)
    body, status, headers = _unpacked(content, value)

    def made(option: Value) -> Value:
        if isinstance(frame.state.cell(option), Reply):
            return option
        return _represented(api, option, status, headers, frame, node, said)

    return mapped(body, made)


def _unpacked(content: Value, value: Value) -> tuple[Value, Value, Value | None]:
    """Body, status and headers, as `unpack` of these libraries takes them out of a tuple."""
    if isinstance(content, Tuple) and len(content.items) == 3:
        return content.items[0], content.items[1], content.items[2]
    if isinstance(content, Tuple) and len(content.items) == 2:
        return content.items[0], content.items[1], None
    return value, Known(200), None


def _represented(
    api: Any, body: Value, status: Value, headers: Value | None, frame: Frame, node: ast.AST, place: Any
) -> Value:
    media = getattr(api, "default_mediatype", None) or JSON
    write = getattr(api, "representations", {}).get(media)
    if type(write) is FunctionType and not is_library(write, frame.reader.shared.own):
        given = Arguments((body, status), {"headers": headers or NONE})
        written = frame.reader.call(Live(write), given, frame, node)
        set_header(written, Known("Content-Type"), Known(media), frame, node)
        return written
    json = media == JSON
    reply = Reply(status_of(status, frame, node), Known(media), body, json, place=place or frame.place(node))
    made = frame.allocate(reply)
    if headers is not None and headers != NONE:
        add_headers(made, headers, frame, node)
    return made


def _filtered(
    owner: Any, called: Value, names: Mapping[str, Any], arguments: Arguments, frame: Frame, node: ast.AST
) -> Value:
    """`marshal_with`: the fields that it lists, of what the function returns."""
    value = frame.reader.call(called, arguments, frame, node)
    fields = Fields(getattr(owner, "fields", getattr(owner, "field", None)), names)
    envelope = getattr(owner, "envelope", None)
    sparse = bool(getattr(owner, "skip_none", False))

    def filtered(option: Value) -> Value:
        content = frame.state.cell(option)
        if isinstance(content, Tuple):
            body, status, headers = _unpacked(content, option)
            return Tuple(
                (marshalled(body, fields, envelope, frame, node, sparse=sparse), status, headers or NONE)
            )
        if isinstance(content, Reply) and type(owner).__module__.startswith("flask_restful"):
            return option
        return marshalled(option, fields, envelope, frame, node, sparse=sparse)

    made = mapped(value, filtered)
    for before, after in zip(options(value), options(made), strict=False):
        place = frame.reader.places.get(before)
        if place is not None:
            frame.reader.places.setdefault(after, place)
    return made


def _marshal(arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    data, fields = argument(arguments, 0, "data"), argument(arguments, 1, "fields")
    envelope = argument(arguments, 2, "envelope")
    name = envelope.value if isinstance(envelope, Known) else None
    named = _named_in_call(node, 1, "fields", frame)
    if isinstance(named, Mapping):
        fields = Live(named)
    if not isinstance(fields, Live):
        return frame.unknown("it is marshalled with fields that are not known", node)
    sparse = argument(arguments, 3, "skip_none", Known(False)) == Known(True)
    said = Fields(fields.object, frame.scope.names)
    return marshalled(data, said, name, frame, node, sparse=sparse)


def _named_in_call(node: ast.AST, index: int, keyword: str, frame: Frame) -> Any:
    """The live object that an argument names; its shape would have lost what the object is."""
    if not isinstance(node, ast.Call):
        return None
    given = next((one.value for one in node.keywords if one.arg == keyword), None)
    if given is None and index < len(node.args):
        given = node.args[index]
    path = []
    while isinstance(given, ast.Attribute):
        path.append(given.attr)
        given = given.value
    if not isinstance(given, ast.Name) or given.id in frame.state.names:
        return None
    found = frame.scope.live(given.id)
    for name in reversed(path):
        found = inspect.getattr_static(found, name, None)
    return found


def _abort(module: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    """`abort(code, message, **data)`: an HTTP exception that carries its own body."""
    start = len(frame.raises)
    data = {key: Field(value, key not in arguments.optional) for key, value in arguments.keywords.items()}
    data = {key: entry for key, entry in data.items() if key not in ("code", "http_status_code")}
    message = arguments.get(1, "message")
    if message is not None and not module.startswith("flask_restful"):
        data["message"] = Field(Typed(str))
    code = arguments.positional[0] if arguments.positional else None
    code = code or arguments.keywords.get("code") or arguments.keywords.get("http_status_code") or Known(500)
    try:
        return abort(Arguments((code,)), frame, node)
    except Dead:
        for index in range(start, len(frame.raises)):
            raised = frame.raises[index]
            if data and isinstance(raised.value, Object):
                held = Object(
                    raised.value.cls, {**raised.value.attributes, "data": Record(data, open=arguments.open)}
                )
                frame.raises[index] = replace(raised, value=held)
        raise


def answers(
    raised: Raised, cls: type, frame: Frame, node: ast.AST
) -> Iterator[Reply | tuple[Any, type] | None]:
    """How the Api of the route answers an exception of its resource: a reply, or the handler to call.

    None where that is an Internal Server Error, whatever handler the app has; nothing where the route
    belongs to no Api, or its Api leaves the exception to the app.
    """
    api = api_of(frame.reader.route)
    if api is None:
        return
    for parent, handler in dict(getattr(api, "_own_and_child_error_handlers", {})).items():
        if issubclass(cls, parent):
            yield handler, parent
            return
    content = raised.state.cell(raised.value)
    attributes = content.attributes if isinstance(content, Object) else {}
    known = vars(api).get("errors")  # of Flask-RESTful; the others look an attribute up elsewhere
    custom = known.get(cls.__name__) if isinstance(known, dict) else None
    if not issubclass(cls, HTTPException):
        if isinstance(custom, Mapping):
            body = _named(Record({key: Field(lift(value)) for key, value in custom.items()}))
            yield Reply(lift(custom.get("status", 500)), Known(JSON), body, True, place=raised.place)
        elif not _propagates(frame):
            fallback = vars(api).get("_default_error_handler")
            yield (fallback, Exception) if fallback is not None else None
        return
    if attributes.get("response") is not None and attributes["response"] != NONE:
        return
    code = attributes.get("code") or lift(static(cls, "code"))
    data: Value = attributes.get("data") or Record({"message": Field(Typed(str))})
    if isinstance(custom, Mapping):
        data = Record({key: Field(lift(value)) for key, value in custom.items()})
        code = lift(custom.get("status", code))
    record = raised.state.cell(data)
    if (
        code == Known(404)
        and isinstance(record, Record)
        and "message" not in record.fields
        and attributes.get("data")
    ):
        record = replace(record, fields={**record.fields, "message": Field(union((Typed(str), NONE)))})
    yield Reply(status_of(code, frame, node), Known(JSON), _named(record), True, place=raised.place)


def _propagates(frame: Frame) -> bool:
    """Whether an Api hands an exception that is no HTTP exception on to the handlers of the app."""
    app = frame.reader.shared.app
    said = app.config.get("PROPAGATE_EXCEPTIONS")
    return bool(app.testing or app.debug) if said is None else bool(said)


def reported(value: Value, frame: Frame, node: ast.AST) -> Value:
    """What an Api makes of the result of one of its own error handlers: a 500 unless that says otherwise."""

    def made(option: Value) -> Value:
        content = frame.state.cell(option)
        if isinstance(content, Reply | Unknown):
            return option
        body, status, headers = _unpacked(content, option)
        record = frame.state.cell(body)
        if isinstance(record, Record) and "message" not in record.fields:
            body = frame.allocate(replace(record, fields={**record.fields, "message": Field(Typed(str))}))
        if not isinstance(content, Tuple):
            status = Known(500)
        return _represented(None, body, status, headers, frame, node, None)

    return mapped(value, made)


def _named(body: Value) -> Value:
    if isinstance(body, Record) and body.fields and body.label is None:
        return replace(body, label=Label("Error", "error"))
    return body
