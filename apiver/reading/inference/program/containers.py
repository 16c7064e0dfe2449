"""Reading and changing dicts and lists, those of the program and those that the client sent."""

from __future__ import annotations

import ast
from dataclasses import replace
from types import FunctionType
from typing import Any

from apiver.reading.inference.conditions.checks import not_read
from apiver.reading.inference.frame import Arguments, Dead, Frame
from apiver.reading.inference.models.members import static
from apiver.reading.inference.models.schema_classes import parametrised
from apiver.reading.inference.program.folding import MISSING, entry, item
from apiver.reading.inference.program.iteration import item_of, one_of
from apiver.reading.inference.program.operators import type_of
from apiver.reading.inference.program.scope import lift
from apiver.reading.inference.requests.asking import is_object, read_key
from apiver.reading.inference.requests.choices import note_choice
from apiver.reading.inference.requests.secrets import setting
from apiver.reading.inference.values.described import opened
from apiver.reading.inference.values.facts import GIVEN, Fact
from apiver.reading.inference.values.shapes import (
    NONE,
    Asked,
    Described,
    Field,
    Known,
    Listing,
    Live,
    Object,
    Record,
    Ref,
    Rows,
    Tuple,
    Typed,
    Union,
    Unknown,
    Value,
    general,
    options,
    union,
)
from apiver.reading.inference.values.state import State, join


def put(
    target: Value, key: Value, value: Value, frame: Frame, node: ast.AST, *, certain: bool = True
) -> None:
    """`target[key] = value`. Where the key is not a constant, the value may stand under any key."""
    certain = certain and len(options(target)) == 1 and not getattr(target, "one", False)
    for option in options(target):
        if not isinstance(option, Ref):
            continue
        record = _opened_cell(option, frame)
        if isinstance(record, Listing):
            items = value if record.items is None else union((record.items, value))
            frame.state.heap[option.address] = Listing(items)
        if not isinstance(record, Record):
            continue
        record = replace(record, keys=_widened_keys(record, key))
        names = [_key(part) for part in options(key)]
        if any(name is None for name in names):
            rest = value if record.rest is None else union((record.rest, value))
            frame.state.heap[option.address] = replace(record, rest=rest, label=None)
            continue
        fields = dict(record.fields)
        for name in names:
            assert name is not None
            held = fields.get(name)
            sure = certain and len(names) == 1
            # The key's line is that of its first appearance; a later write replaces the value.
            if sure or held is None:
                fields[name] = Field(value, sure, frame.place(node))
            else:
                fields[name] = replace(held, value=union((held.value, value)))
        frame.state.heap[option.address] = replace(record, fields=fields, label=None)


def _widened_keys(record: Record, key: Value) -> Value | None:
    """What the keys of a record look like once `key` is among them."""
    kinds = {type_of(option) for option in options(key)}
    if kinds <= {str, None} and record.keys is None:
        return None
    before = [record.key] if record.keys is not None or record.fields or record.rest is not None else []
    return union((*before, general(key)))


def _opened_cell(target: Ref, frame: Frame) -> Value:
    """The content of a cell that is about to be changed."""
    content = frame.state.heap[target.address]
    if isinstance(content, Described):
        content = frame.state.heap[target.address] = opened(content)
    return content


def _key(value: Value) -> str | None:
    if isinstance(value, Known) and type(value.value) in (str, int, float, bool, type(None)):
        # The JSON encoder writes other keys as strings.
        return value.value if isinstance(value.value, str) else _json_key(value.value)
    if isinstance(value, Known) and isinstance(value.value, str):
        return str(getattr(value.value, "value", value.value))
    return None


def _json_key(value: Any) -> str:
    words = {bool: str(value).lower(), type(None): "null"}
    return words.get(type(value), str(value))


def append(target: Value, value: Value, frame: Frame) -> None:
    """`target.append(value)` and its like."""
    sure = len(options(target)) == 1 and not getattr(target, "one", False)
    for option in options(target):
        if isinstance(option, Ref):
            listing = _opened_cell(option, frame)
            if isinstance(listing, Listing):
                items = value if listing.items is None else union((listing.items, value))
                exact = None if listing.exact is None or not sure else (*listing.exact, value)
                frame.state.heap[option.address] = Listing(items, exact, filled=sure or listing.filled)


def extend(target: Value, more: Value, frame: Frame, node: ast.AST) -> None:
    """`target.extend(more)` and `target += more`."""
    source = frame.state.cell(more)
    exact = (
        source.exact if isinstance(source, Listing) else source.items if isinstance(source, Tuple) else None
    )
    if exact is not None:
        for item in exact:
            append(target, item, frame)
        return
    item = item_of(more, frame, node)
    for option in options(target):
        if isinstance(option, Ref):
            listing = _opened_cell(option, frame)
            if isinstance(listing, Listing):
                items = item if listing.items is None else union((listing.items, item))
                frame.state.heap[option.address] = Listing(items)


def remove(target: Value, key: Value, frame: Frame) -> None:
    """`del target[key]` and `target.pop(key)`."""
    sure = len(options(target)) == 1 and not getattr(target, "one", False)
    for option in options(target):
        if not isinstance(option, Ref):
            continue
        held = _opened_cell(option, frame)
        if isinstance(held, Record):
            name = _key(key)
            fields = {
                k: v if name and k != name else replace(v, required=False)
                for k, v in held.fields.items()
                if k != name or not sure
            }
            frame.state.heap[option.address] = replace(held, fields=fields, label=None)
        elif isinstance(held, Listing):
            frame.state.heap[option.address] = Listing(held.items)


def subscript(owner: Value, index: Value, frame: Frame, node: ast.Subscript) -> Value:
    """The value of `owner[index]`."""
    if isinstance(owner, Union):
        results: list[Value] = []
        for option in owner.options:
            if option == NONE:
                continue
            try:
                results.append(subscript(option, index, frame, node))
            except Dead:
                continue
        if not results:
            raise Dead
        return union(results)
    content = frame.state.cell(owner)
    if isinstance(content, Described):
        content = opened(content)
        if isinstance(content, Union):
            return subscript(content, index, frame, node)
    computed = item(owner, index, frame, node) if isinstance(content, Known | Live) else None
    if computed is not None:
        return computed
    if isinstance(content, Record):
        return _of_record(content, index, frame, node)
    if isinstance(content, Asked):
        return _of_request(content, index, frame, node)
    if isinstance(content, Tuple | Listing):
        items = content.items if isinstance(content, Tuple) else content.exact
        if isinstance(index, Known) and type(index.value) is int and items is not None:
            if -len(items) <= index.value < len(items):
                return items[index.value]
            return frame.unknown(f"nothing is known of {ast.unparse(node)}", node)
        return one_of(item_of(content, frame, node.value))
    if isinstance(content, Typed | Object):
        return _of_instance(owner, content.cls, index, frame, node)
    if isinstance(content, Known) and isinstance(content.value, str):
        return Typed(str)
    if isinstance(content, Rows):
        return content.item
    if isinstance(content, Live):
        return _of_live(content, index, frame, node)
    if isinstance(content, Unknown):
        return content
    return frame.unknown(f"nothing is known of {ast.unparse(node)}", node)


def _of_record(record: Record, index: Value, frame: Frame, node: ast.Subscript) -> Value:
    found: list[Value] = []
    for option in options(index):
        name = _key(option)
        if name is None:
            entries = [entry.value for entry in record.fields.values()]
            found += entries + ([record.rest] if record.rest is not None else [])
            if record.open is not None:
                found.append(record.open)
            note_choice(option, record.fields, frame, node)
            if isinstance(option, Asked) and record.fields and record.rest is None and record.open is None:
                _only_these_keys(option, record, frame, node)
        elif name in record.fields:
            found.append(record.fields[name].value)
        elif record.rest is not None:
            found.append(record.rest)
        elif record.open is not None:
            found.append(record.open)
    if not found:
        # Most likely a KeyError; but the dict may have been filled by code that was not read.
        return frame.unknown(f"nothing is known of {ast.unparse(node)}", node)
    return union(found)


def _only_these_keys(index: Asked, record: Record, frame: Frame, node: ast.AST) -> None:
    # `SORTS[request.args["sort"]]`: any other value ends in a KeyError.
    if index.exact:
        frame.state.learn(Fact(index.subject, "enum", tuple(record.fields)), Fact(index.subject, GIVEN))
    else:
        not_read(index, frame, node)


def _of_request(asked: Asked, index: Value, frame: Frame, node: ast.Subscript) -> Value:
    if asked.subject.location == "json" and isinstance(index, Known) and type(index.value) is int:
        # What is checked of one item says nothing of the others; a text has items too.
        return frame.unknown("it is one item of what the client sent", node)
    keys = [_key(option) for option in options(index)]
    if all(key is not None for key in keys):
        results = [read_key(asked.subject, str(key), frame, node, required=len(keys) == 1) for key in keys]
        return union(results)
    if asked.subject.location == "json":
        if type_of(index) is str or index == Asked(asked.subject.at(None)):
            is_object(asked, frame)
        return frame.unknown("it is read from the request under a key that is not a constant", node)
    return frame.unknown(f"the {asked.subject.location} is read under a name that is not a constant", node)


def _of_instance(value: Value, cls: type, index: Value, frame: Frame, node: ast.Subscript) -> Value:
    if cls in (str, bytes):
        return Typed(str if cls is str else int)
    fields = getattr(cls, "_fields", None)
    if isinstance(fields, tuple) and isinstance(index, Known) and type(index.value) is int:
        return frame.reader.attribute(value, fields[index.value], frame, node)
    if isinstance(static(cls, "__getitem__"), FunctionType):
        bound = frame.reader.attribute(value, "__getitem__", frame, node)
        return frame.reader.call(bound, Arguments((index,)), frame, node)
    return frame.unknown(f"nothing is known of the items of a {cls.__name__}", node)


def _of_live(value: Live, index: Value, frame: Frame, node: ast.Subscript) -> Value:
    held = value.object
    if isinstance(held, type) and hasattr(held, "__members__"):
        if isinstance(index, Known) and index.value in held.__members__:
            return Known(held.__members__[index.value])
        if isinstance(index, Asked) and index.exact:
            frame.state.learn(
                Fact(index.subject, "enum", tuple(held.__members__)), Fact(index.subject, GIVEN)
            )
        elif isinstance(index, Asked):
            not_read(index, frame, node)
        return Typed(held)
    made = parametrised(held, index, frame) if isinstance(held, type) else None
    if made is not None:
        return made
    if issubclass(type(held), dict):
        # A mapping of the program such as `app.config`: what it held when the app was loaded.
        found = entry(held, index, frame.state)
        if found is MISSING:
            return frame.unknown(f"{ast.unparse(node)} was not set when the app was loaded", node)
        if found is not None:
            return setting(held, index, found)
        if type(held) is dict:  # a table of functions
            note_choice(index, held, frame, node)
            return union(map(lift, held.values()))
    return frame.unknown(f"nothing is known of {ast.unparse(node)}", node)


def spread(target: Ref, source: Value, frame: Frame, node: ast.AST) -> None:
    """`{**source}`, `target.update(source)` and `target | source`: the keys of `source` go into `target`."""
    if target.one:
        without = frame.state.fork()
        spread(Ref(target.address), source, frame, node)
        frame.state = join((frame.state, without)) or without
        return
    content = frame.state.cell(source)
    if isinstance(content, Described):
        content = opened(content)
    record = _opened_cell(target, frame)
    if not isinstance(record, Record):
        return
    if isinstance(content, Union):
        parts = [option for option in content.options if option != NONE]
        states: list[State | None] = []
        before = frame.state
        for part in parts:
            frame.state = before.fork()
            spread(target, part, frame, node)
            states.append(frame.state)
        frame.state = join(states) or before
        return
    if isinstance(content, Record):
        fields = dict(record.fields) if content.open is None else _perhaps_replaced(record, content.open)
        for key, entry in content.fields.items():
            held = fields.get(key)
            if entry.required or held is None:
                fields[key] = entry
            else:
                fields[key] = Field(union((held.value, entry.value)), held.required, entry.place)
        rests = [rest for rest in (record.rest, content.rest) if rest is not None]
        rest = union(rests) if rests else None
        keys = (
            _widened_keys(record, content.key) if content.fields or content.rest is not None else record.keys
        )
        frame.state.heap[target.address] = Record(fields, rest, record.open or content.open, keys=keys)
        return
    if content == NONE:
        return
    listed = content.exact if isinstance(content, Listing) else None
    known = content.items if isinstance(content, Tuple) else listed
    if known is not None and all(_is_pair(item, frame) for item in known):
        for item in known:
            pair = frame.state.cell(item)
            assert isinstance(pair, Tuple)
            put(target, pair.items[0], pair.items[1], frame, node)
        return
    if isinstance(content, Listing) and content.items is not None and _is_pair(content.items, frame):
        pair = frame.state.cell(content.items)
        assert isinstance(pair, Tuple)
        put(target, pair.items[0], pair.items[1], frame, node, certain=False)
        return
    if isinstance(content, Asked):
        reason = Unknown("keys that the client sent are copied", frame.place(node))
    elif isinstance(content, Unknown):
        reason = content
    else:
        reason = Unknown(f"the keys of {ast.unparse(node)} are not known", frame.place(node))
    fields = _perhaps_replaced(record, reason)
    frame.state.heap[target.address] = replace(record, fields=fields, open=record.open or reason, label=None)


def _perhaps_replaced(record: Record, reason: Unknown) -> dict[str, Field]:
    """The fields of a record into which unknown keys were copied: any of them may be among these."""
    return {key: replace(entry, value=union((entry.value, reason))) for key, entry in record.fields.items()}


def _is_pair(value: Value, frame: Frame) -> bool:
    content = frame.state.cell(value)
    return isinstance(content, Tuple) and len(content.items) == 2
