"""Computing with values that are known whole: texts, numbers, matches of expressions, media types.

What names a version is taken apart by pure functions of Python and Werkzeug (`accept.split(";")`,
`re.match(...)`, `accept_mimetypes.best_match([...])`). Where all they are called on is known, they are
called; no code of the program is.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from werkzeug.datastructures import Accept

from apiver.reading.inference.frame import Arguments, Dead, Frame, Raised
from apiver.reading.inference.program.scope import lift
from apiver.reading.inference.values.shapes import (
    Known,
    Listing,
    Live,
    Object,
    Record,
    Tuple,
    Unknown,
    Value,
    union,
)
from apiver.reading.inference.values.state import State

_LONGEST = 2000
_MOST = 50
_SCALARS = (str, bytes, int, float, bool, type(None))
_UNBOUNDED = frozenset({"zfill", "ljust", "rjust", "center", "expandtabs", "translate", "format_map"})
_TEXT = frozenset(name for name in dir(str) if not name.startswith("_")) - _UNBOUNDED
_MATCH = frozenset({"group", "groups", "groupdict", "start", "end", "span", "expand"})
_PATTERN = frozenset({"match", "fullmatch", "search", "findall", "sub", "split"})
_ACCEPT = frozenset({"best_match", "quality", "find", "index", "values", "to_header", "__contains__"})
_METHODS: dict[type, frozenset[str]] = {
    str: _TEXT,
    bytes: frozenset({"decode", *_TEXT}),
    re.Match: _MATCH,
    re.Pattern: _PATTERN,
    Accept: _ACCEPT,
}
_ATTRIBUTES: dict[type, frozenset[str]] = {
    re.Match: frozenset({"string", "lastgroup", "lastindex", "pos", "endpos"}),
    re.Pattern: frozenset({"pattern", "groups", "flags"}),
    Accept: frozenset({"best", "provided", "accept_html", "accept_json", "accept_xhtml"}),
}
MISSING = Unknown("it is not there")
_VERSIONS = ("packaging.version",)


class Open(Exception):  # noqa: N818 - not an error: the value is not known whole
    """Ends the making of a concrete value."""


def concrete(value: Value, state: State) -> Any:
    """The Python object that `value` is known to be; raises Open where that is not known whole."""
    content = state.cell(value)
    if isinstance(content, Known):
        return content.value
    if isinstance(content, Tuple):
        return tuple(concrete(item, state) for item in content.items)
    if isinstance(content, Listing) and content.exact is not None:
        return [concrete(item, state) for item in content.exact]
    if isinstance(content, Record) and _is_whole(content):
        return {key: concrete(entry.value, state) for key, entry in content.fields.items()}
    if isinstance(content, Live) and is_pure(content.object):
        return content.object
    raise Open


def _is_whole(record: Record) -> bool:
    return (
        record.rest is None
        and record.open is None
        and all(entry.required for entry in record.fields.values())
    )


def is_pure(thing: object) -> bool:
    """Whether an object is of a kind that is known not to change and to do nothing but compute."""
    kind = type(thing)
    return issubclass(kind, re.Match | re.Pattern | Accept) or kind.__module__ in _VERSIONS


def shaped(thing: Any) -> Value:
    """The shape of a computed object; raises Open where it is of no kind that is known."""
    if is_pure(thing):
        return Live(thing)
    if type(thing) in (tuple, list):
        items = tuple(map(shaped, thing))
        return Tuple(items) if type(thing) is tuple else Listing(union(items) if items else None, items)
    if type(thing) is dict or type(thing) in _SCALARS:
        if isinstance(thing, str | bytes) and len(thing) > _LONGEST:
            raise Open
        return lift(thing)
    raise Open


def called(
    function: Callable[..., Any], values: Sequence[Value], arguments: Arguments, frame: Frame, node: ast.AST
) -> Value | None:
    """What a pure `function` makes of values that are known whole, with `arguments` behind; None else.

    What it raises goes through the program as if it had raised it.
    """
    if arguments.open is not None or arguments.optional:
        return None
    try:
        given = [concrete(value, frame.state) for value in (*values, *arguments.positional)]
        keywords = {name: concrete(value, frame.state) for name, value in arguments.keywords.items()}
    except Open:
        return None
    if any(isinstance(part, str | bytes) and len(part) > _LONGEST for part in (*given, *keywords.values())):
        return None
    try:
        made = function(*given, **keywords)
    except (ValueError, LookupError, re.error) as problem:
        frame.raises.append(Raised(Object(type(problem), {}), frame.state.fork(), frame.place(node)))
        raise Dead from None
    except (TypeError, AttributeError, OverflowError):
        return None  # as likely a shape that is not what the program has
    try:
        return shaped(list(islice(made, _MOST)) if isinstance(made, Iterator) else made)
    except Open:
        return None


def method(receiver: Value, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value | None:
    """The value of `receiver.name(...)` where it can be computed; None where not."""
    content = frame.state.cell(receiver)
    held = content.value if isinstance(content, Known) else getattr(content, "object", None)
    names = next((each for kind, each in _METHODS.items() if type(held) is kind or _is_a(held, kind)), None)
    if names is None or name not in names:
        return None
    return called(getattr(type(held), name), (receiver,), arguments, frame, node)


def _is_a(held: object, kind: type) -> bool:
    return kind is Accept and issubclass(type(held), Accept)


def attribute(owner: object, name: str) -> Value | None:
    """An attribute of a match, an expression or a list of media types; None where it is none of these."""
    for kind, names in _ATTRIBUTES.items():
        if issubclass(type(owner), kind) and name in names:
            return shaped(getattr(owner, name))
    if type(owner).__module__ in _VERSIONS and name in ("major", "minor", "micro", "release", "public"):
        return shaped(getattr(owner, name))
    return None


def item(owner: Value, index: Value | slice, frame: Frame, node: ast.AST) -> Value | None:
    """`owner[index]` of a text, a match or a list of media types that is known; None for anything else."""
    content = frame.state.cell(owner)
    if not (isinstance(content, Known) and type(content.value) in (str, bytes)) and not (
        isinstance(content, Live) and is_pure(content.object)
    ):
        return None
    if isinstance(index, slice):
        return called(lambda held: held[index], (owner,), Arguments(), frame, node)
    return called(lambda held, at: held[at], (owner, index), Arguments(), frame, node)


def listed(table: dict[Any, Any], name: str) -> Value:
    """The `items()`, `keys()` or `values()` of a table of functions."""
    pairs = [(lift(key), lift(value)) for key, value in table.items()]
    columns: dict[str, tuple[Value, ...]] = {
        "keys": tuple(key for key, _ in pairs),
        "values": tuple(value for _, value in pairs),
        "items": tuple(map(Tuple, pairs)),
    }
    return Listing(union(columns[name]), columns[name])


def entry(table: dict[Any, Any], key: Value, state: State) -> Value | None:
    """What a mapping of the program holds under `key`: MISSING where nothing, None where the key is open."""
    try:
        found = dict.get(table, concrete(key, state), MISSING)
    except (Open, TypeError):
        return None
    return MISSING if found is MISSING else lift(found)


def contains(container: Value, value: Value, state: State) -> bool | None:
    """`value in container` for a text, a table or a list of media types; None where that is not known."""
    content = state.cell(container)
    known = isinstance(content, Known) and type(content.value) in (str, bytes)
    if not known and not (
        isinstance(content, Live) and (is_pure(content.object) or _is_table(content.object))
    ):
        return None
    try:
        whole = content.object if isinstance(content, Live) else concrete(content, state)
        return bool(concrete(value, state) in whole)
    except (Open, TypeError):
        return None


def _is_table(thing: object) -> bool:
    return type(thing) is dict


def compared(test: Callable[[Any, Any], bool], left: Value, right: Value, state: State) -> bool | None:
    """How two sequences or versions that are known whole compare; None where it is not known."""
    if isinstance(state.cell(left), Known) and isinstance(state.cell(right), Known):
        return None  # numbers and texts are compared elsewhere
    try:
        one, other = concrete(left, state), concrete(right, state)
        if {type(one), type(other)} == {list, tuple}:  # `tuple()` of a list is read as that list
            one, other = tuple(one), tuple(other)
        return bool(test(one, other))
    except (Open, TypeError):
        return None


def items_of(owner: object) -> tuple[Value, ...] | None:
    """What going through a table or a list of media types yields: keys; media types with their qualities."""
    if type(owner) is dict:
        return tuple(map(lift, owner))
    return tuple(shaped(tuple(each)) for each in owner) if isinstance(owner, Accept) else None


_FUNCTIONS = (
    "re.match re.fullmatch re.search re.findall re.sub re.split re.escape packaging.version.parse "
    "packaging.version.Version werkzeug.http.parse_options_header werkzeug.http.parse_accept_header"
)


def pure_functions() -> dict[int, Callable[..., Any]]:
    """The pure functions that are loaded, by their identity."""
    found: dict[int, Callable[..., Any]] = {}
    for dotted in _FUNCTIONS.split():
        module, _, name = dotted.rpartition(".")
        live = getattr(sys.modules.get(module), name, None)
        if live is not None:
            found[id(live)] = live
    return found
