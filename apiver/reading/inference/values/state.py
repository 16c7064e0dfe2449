"""What holds at one point of the program: variables, heap, and facts about the request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from apiver.reading.inference.values import facts
from apiver.reading.inference.values.facts import NOTHING, Facts
from apiver.reading.inference.values.shapes import (
    Field,
    Header,
    JsonText,
    Listing,
    Object,
    Page,
    Record,
    Ref,
    Reply,
    Rows,
    Stream,
    Tuple,
    Union,
    Unknown,
    Value,
    mapped,
    union,
)


class State:
    """The variables of one function, the heap that all functions share, and the facts of this path."""

    __slots__ = ("facts", "heap", "names")

    def __init__(self, names: dict[str, Value], heap: dict[int, Value], known: Facts = NOTHING) -> None:
        self.names = names
        self.heap = heap
        self.facts = known

    def fork(self) -> State:
        """A copy that can go its own way."""
        return State(dict(self.names), dict(self.heap), self.facts)

    def cell(self, value: Value) -> Value:
        """What `value` leads to: the content of its cell, or itself."""
        return self.heap[value.address] if isinstance(value, Ref) else value

    def learn(self, *found: facts.Fact) -> None:
        """Add facts to this path."""
        self.facts = self.facts.union(found)

    def reached(self, value: Value) -> set[int]:
        """The addresses of the cells that `value` leads to."""
        found: set[int] = set()
        todo = [value]
        while todo:
            part = todo.pop()
            if isinstance(part, Ref):
                if part.address not in found and part.address in self.heap:
                    found.add(part.address)
                    todo.append(self.heap[part.address])
            elif isinstance(part, Union):
                todo += part.options
            elif isinstance(part, Record):
                todo += [entry.value for entry in part.fields.values()]
                todo += [part.rest] if part.rest is not None else []
            elif isinstance(part, Listing):
                todo += [*(part.exact or ()), *([part.items] if part.items is not None else [])]
            elif isinstance(part, Tuple):
                todo += part.items
            elif isinstance(part, Object):
                todo += part.attributes.values()
            elif isinstance(part, Reply):
                todo += [part.body] if part.body is not None else []
        return found

    def frozen(self, value: Value, within: tuple[int, ...] = ()) -> Value:
        """`value` with every cell that it reaches written out, so that it outlives the heap."""
        if isinstance(value, Ref):
            if value.address in within:
                return Unknown("it contains itself")
            return self.frozen(self.heap[value.address], (*within, value.address))
        if isinstance(value, Record):
            fields = {
                key: replace(entry, value=self.frozen(entry.value, within))
                for key, entry in value.fields.items()
            }
            rest = None if value.rest is None else self.frozen(value.rest, within)
            return replace(value, fields=fields, rest=rest)
        if isinstance(value, Listing):
            exact = None if value.exact is None else tuple(self.frozen(item, within) for item in value.exact)
            items = None if value.items is None else self.frozen(value.items, within)
            return replace(value, items=items, exact=exact)
        if isinstance(value, Tuple):
            return replace(value, items=tuple(self.frozen(item, within) for item in value.items))
        if isinstance(value, Union):
            return mapped(value, lambda option: self.frozen(option, within))
        if isinstance(value, Object):
            return replace(value, attributes={k: self.frozen(v, within) for k, v in value.attributes.items()})
        if isinstance(value, JsonText):
            return JsonText(self.frozen(value.value, within))
        if isinstance(value, Stream):
            return Stream(value.reason, None if value.item is None else self.frozen(value.item, within))
        if isinstance(value, Rows):
            return replace(value, item=self.frozen(value.item, within))
        if isinstance(value, Page):
            return Page(self.frozen(value.item, within))
        return value


def join(states: Iterable[State | None]) -> State | None:
    """The state where several paths meet; None where none of them gets there."""
    alive = [state for state in states if state is not None]
    if not alive:
        return None
    joined = alive[0]
    for other in alive[1:]:
        joined = _join_two(joined, other)
    return joined


def _join_two(one: State, other: State) -> State:
    names: dict[str, Value] = {}
    for name in dict.fromkeys((*one.names, *other.names)):
        mine, theirs = one.names.get(name), other.names.get(name)
        if mine is None or theirs is None:
            # A narrowed attribute ("book.price") is worth something only where both paths narrowed it.
            if name.isidentifier():
                names[name] = mine or theirs  # type: ignore[assignment]
        else:
            names[name] = mine if mine is theirs else union((mine, theirs))
    heap = dict(one.heap)
    for address, cell in other.heap.items():
        mine = heap.get(address)
        if mine is None:
            heap[address] = cell
        elif mine is not cell:
            heap[address] = _join_cells(mine, one.facts, cell, other.facts)
    return State(names, heap, facts.join(one.facts, other.facts))


def _join_cells(one: Value, one_facts: Facts, other: Value, other_facts: Facts) -> Value:
    if isinstance(one, Record) and isinstance(other, Record):
        return _join_records(one, one_facts, other, other_facts)
    if isinstance(one, Listing) and isinstance(other, Listing):
        items = union(item for item in (one.items, other.items) if item is not None)
        same = one.exact is not None and other.exact is not None and len(one.exact) == len(other.exact)
        exact = (
            tuple(union(pair) for pair in zip(one.exact or (), other.exact or (), strict=True))
            if same
            else None
        )
        empty = _when_empty(
            one.nonempty, one.when_empty | one_facts, other.nonempty, other.when_empty | other_facts
        )
        known_items = None if one.items is None and other.items is None else items
        empty -= facts.join(one_facts, other_facts)
        return Listing(known_items, exact, empty, one.nonempty and other.nonempty)
    if isinstance(one, Object) and isinstance(other, Object) and one.cls is other.cls:
        unsure = one.unsure | other.unsure | (one.attributes.keys() ^ other.attributes.keys())
        return Object(one.cls, _join_mappings(one.attributes, other.attributes), unsure)
    if isinstance(one, Reply) and isinstance(other, Reply):
        bodies = [body for body in (one.body, other.body) if body is not None]
        return Reply(
            union((one.status, other.status)),
            union((one.media, other.media)),
            union(bodies) if bodies else None,
            one.json and other.json,
            _join_headers(one.headers, other.headers),
            one.place,
        )
    return union((one, other))


def _join_records(one: Record, one_facts: Facts, other: Record, other_facts: Facts) -> Record:
    fields: dict[str, Field] = {}
    for key in dict.fromkeys((*one.fields, *other.fields)):
        mine, theirs = one.fields.get(key), other.fields.get(key)
        if mine is not None and theirs is not None:
            value = mine.value if mine is theirs else union((mine.value, theirs.value))
            fields[key] = Field(value, mine.required and theirs.required, mine.place)
        else:
            present = mine or theirs
            assert present is not None
            fields[key] = replace(present, required=False)
    rests = [rest for rest in (one.rest, other.rest) if rest is not None]
    empty = _when_empty(
        _filled(one), one.when_empty | one_facts, _filled(other), other.when_empty | other_facts
    )
    return Record(
        fields,
        union(rests) if rests else None,
        one.open or other.open,
        one.label if one.label == other.label else None,
        empty - facts.join(one_facts, other_facts),
        _joined_keys(one, other),
    )


def _joined_keys(one: Record, other: Record) -> Value | None:
    if one.keys is None and other.keys is None:
        return None
    used = [each for each in (one, other) if each.keys is not None or each.fields or each.rest is not None]
    return union(each.key for each in used)


def _filled(record: Record) -> bool:
    return any(entry.required for entry in record.fields.values())


def _when_empty(one_filled: bool, one: Facts, other_filled: bool, other: Facts) -> Facts:
    # An empty container can only have come along a path on which it was not filled.
    if one_filled and other_filled:
        return NOTHING
    if one_filled:
        return other
    return one if other_filled else facts.join(one, other)


def _join_mappings(one: Mapping[str, Value], other: Mapping[str, Value]) -> dict[str, Value]:
    keys = dict.fromkeys((*one, *other))
    return {key: union(side[key] for side in (one, other) if key in side) for key in keys}


def _join_headers(one: Mapping[str, Header], other: Mapping[str, Header]) -> dict[str, Header]:
    headers: dict[str, Header] = {}
    for name in dict.fromkeys((*one, *other)):
        mine, theirs = one.get(name), other.get(name)
        present = mine or theirs
        assert present is not None
        if mine is not None and theirs is not None:
            headers[name] = replace(present, value=union((mine.value, theirs.value)))
        else:
            headers[name] = replace(present, required=False)
    return headers
