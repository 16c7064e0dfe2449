"""Methods of dicts, lists and sets, those of the program and those that only a schema describes."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

from apiver.reading.inference.conditions.narrowing import sent
from apiver.reading.inference.frame import Arguments, Frame, argument
from apiver.reading.inference.models.queries import (
    rows_method,
)
from apiver.reading.inference.program.containers import append, extend, put, remove, spread
from apiver.reading.inference.program.iteration import constants, item_of, one_of
from apiver.reading.inference.requests.choices import note_choice
from apiver.reading.inference.requests.presence import all_sent
from apiver.reading.inference.values.described import opened
from apiver.reading.inference.values.facts import GIVEN, OUTSIDE, Fact
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Described,
    KeysOf,
    Known,
    Listing,
    Live,
    Record,
    Ref,
    Rows,
    Tuple,
    Typed,
    Value,
    chosen,
    options,
    union,
)

# What changes a dict or a list in place.
_CHANGING = frozenset(["update", "pop", "setdefault", "clear", "append", "insert", "extend", "remove", "add"])


def described_method(
    owner: Value, described: Described, name: str, arguments: Arguments, frame: Frame, node: ast.AST
) -> Value:
    """A method of a dict or list of which only the JSON Schema is known."""
    found = opened(described)
    if isinstance(found, Described):
        return frame.unknown(f"{name}() of a value that only its schema is known of", node)
    if isinstance(owner, Ref) and name in _CHANGING:
        frame.state.heap[owner.address] = found
    else:
        owner = frame.allocate(found) if isinstance(found, Record | Listing) else found
    return frame.reader.call(frame.reader.attribute(owner, name, frame, node), arguments, frame, node)


def record_method(
    owner: Value, record: Record, name: str, arguments: Arguments, frame: Frame, node: ast.AST
) -> Value:
    """A method of a dict."""
    key = argument(arguments, 0, "key")
    if name in ("get", "pop", "setdefault"):
        default = arguments.get(1, "default")
        found = _looked_up(record, key, default, name, frame, node)
        if name == "pop" and isinstance(owner, Ref):
            remove(owner, key, frame)
        if name == "setdefault" and isinstance(owner, Ref):
            put(owner, key, found, frame, node)
        return found
    if name == "update" and isinstance(owner, Ref):
        for source in arguments.positional:
            spread(owner, source, frame, node)
        for word, value in arguments.keywords.items():
            put(owner, Known(word), value, frame, node, certain=word not in arguments.optional)
        return NONE
    if name == "copy":
        return frame.allocate(record)
    if name == "items":
        return _items(record, frame, node)
    if name == "keys":
        return Listing(record.key, constants(owner, frame))
    if name == "values":
        held = [entry.value for entry in record.fields.values()] + (
            [record.rest] if record.rest is not None else []
        )
        exact = tuple(held) if constants(owner, frame) is not None else None
        return Listing(union(held) if held else record.open, exact)
    if name == "clear" and isinstance(owner, Ref):
        frame.state.heap[owner.address] = Record()
        return NONE
    if name == "most_common" and record.rest is not None:
        return Listing(Tuple((Typed(str), record.rest)))
    if name == "popitem" and record.rest is not None:
        return Tuple((Typed(str), record.rest))
    return frame.unknown(f"dict.{name} is not read yet", node)


def _looked_up(
    record: Record, key: Value, default: Value | None, name: str, frame: Frame, node: ast.AST
) -> Value:
    missing = NONE if default is None else default
    note_choice(key, record.fields, frame, node)
    if isinstance(key, Asked) and key.exact and name == "get" and _is_table(record):
        return _chosen_from(record, key, missing)
    found: list[Value] = []
    for option in options(key):
        text = option.value if isinstance(option, Known) and isinstance(option.value, str) else None
        if text is not None and text in record.fields:
            found.append(record.fields[text].value)
            if not record.fields[text].required:
                found.append(missing)
        elif text is not None and record.rest is None and record.open is None:
            found.append(missing)
        else:
            held = [] if text is not None else [entry.value for entry in record.fields.values()]
            held += [part for part in (record.rest, record.open) if part is not None]
            found += [*held, missing]
    if name == "pop" and default is None:
        found = [value for value in found if value != NONE] or found
    return union(found)


def _is_table(record: Record) -> bool:
    whole = record.rest is None and record.open is None and all(e.required for e in record.fields.values())
    return whole and bool(record.fields)


def _chosen_from(record: Record, key: Asked, missing: Value) -> Value:
    """`SORTS.get(request.args["sort"])`: what comes out says whether the key is one of those of the table."""
    inside = frozenset(
        {
            Fact(key.subject, "enum", tuple(record.fields)),
            Fact(key.subject, GIVEN),
            *sent(key, lambda text: text in record.fields, True),
        }
    )
    outside = frozenset({Fact(key.subject, OUTSIDE), *sent(key, lambda text: text in record.fields, False)})
    return chosen([*((entry.value, inside) for entry in record.fields.values()), (missing, outside)])


def _items(record: Record, frame: Frame, node: ast.AST) -> Value:
    whole = record.rest is None and record.open is None and record.keys is None
    if whole and all(e.required for e in record.fields.values()):
        exact = tuple(Tuple((Known(key), entry.value)) for key, entry in record.fields.items())
        return Listing(union(exact) if exact else None, exact)
    held = [entry.value for entry in record.fields.values()]
    held += [part for part in (record.rest, record.open) if part is not None]
    return Listing(Tuple((record.key, union(held) if held else frame.unknown("an empty dict", node))))


def listing_method(
    owner: Value, listing: Listing, name: str, arguments: Arguments, frame: Frame, node: ast.AST
) -> Value:
    """A method of a list or set, or of the query that a relationship may be."""
    if name in ("append", "add", "appendleft"):
        append(owner, argument(arguments, 0, "object"), frame)
        return NONE
    if name == "insert":
        append(owner, argument(arguments, 1, "object"), frame)
        return NONE
    if name in ("extend", "update"):
        for source in arguments.positional:
            extend(owner, source, frame, node)
        return NONE
    if name == "pop":
        return one_of(item_of(listing, frame, node))
    if name in ("index", "count", "__len__"):
        return Typed(int, when_false=listing.when_empty if name == "__len__" else frozenset())
    if name in ("sort", "reverse"):
        if isinstance(owner, Ref):
            frame.state.heap[owner.address] = replace(listing, exact=None)
        return NONE
    if name in ("remove", "clear", "discard"):
        if isinstance(owner, Ref):
            frame.state.heap[owner.address] = Listing(listing.items)
        return NONE
    if name in ("copy", "union", "difference", "intersection"):
        return _set_operation(listing, name, arguments, frame, node)
    if name == "keys" and listing.exact and all(_column_name(item) for item in listing.exact):
        keys = tuple(Known(_column_name(item)) for item in listing.exact)
        return Listing(union(keys), keys)
    if name in ("issubset", "issuperset", "isdisjoint"):
        asked = argument(arguments, 0, "other")
        if name == "issubset" and isinstance(asked, Asked | KeysOf):
            sent = all_sent(asked.subject, constants(owner, frame) or (), frame, node)
            return Typed(bool, when_true=sent)
        return Typed(bool)
    # A relationship with lazy="dynamic" is a query.
    return rows_method(Rows(item_of(listing, frame, node)), name, arguments, frame, node)


def _column_name(item: Value) -> str | None:
    held: Any = item.object if isinstance(item, Live) else None
    return str(held.key) if type(held).__name__ == "Column" else None


def _set_operation(listing: Listing, name: str, arguments: Arguments, frame: Frame, node: ast.AST) -> Value:
    other = argument(arguments, 0, "other")
    if name == "difference" and isinstance(other, Asked | KeysOf) and listing.exact is not None:
        sent = all_sent(other.subject, listing.exact, frame, node)
        return frame.allocate(Listing(Typed(str), None, sent))
    return frame.allocate(listing if name == "copy" else Listing(listing.items))
