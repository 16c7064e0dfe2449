"""One media type of a body in both contracts: its schema, its items, and how its parts are written."""

from __future__ import annotations

from functools import partial
from typing import Any

from apiver.compare.operations.encodings import Carry, compare_encodings
from apiver.compare.operations.naming import Label
from apiver.compare.operations.slots import Slot
from apiver.compare.operations.workbench import Workbench
from apiver.compare.sides.content import is_form, is_opaque, is_text, items_of, schema_of
from apiver.compare.sides.space import Node

_POSITIONAL = ("prefixEncoding", "itemEncoding")


def compare_media(bench: Workbench, label: Label, name: str, old: Node, new: Node, carry: Carry) -> None:
    """Everything that differs between two Media Type Objects, for bodies in the media type `name`."""
    request = label.direction == "request"
    ours, theirs = (each.raw if isinstance(each.raw, dict) else {} for each in (old, new))
    structured, texts = (
        (bench.engines.request, bench.engines.wire)
        if request
        else (bench.engines.response, bench.engines.header)
    )
    if "itemSchema" in ours or "itemSchema" in theirs:
        mine, its = items_of(old), items_of(new)
        items = Label(label.direction, "property", f"{label.text}[]")
        slot = Slot(items, ("body", 0), lambda value: carry(name, [value]))
        bench.slot(structured, slot, mine, its)
    elif not is_opaque(name):
        engine = texts if is_text(name) else structured
        bench.slot(engine, Slot(label, ("body",), partial(carry, name)), schema_of(old), schema_of(new))
    if is_form(name):
        sender = old if request else new
        compare_encodings(bench, label, name, old, new, sender, carry)
    if any(ours.get(key) != theirs.get(key) for key in _POSITIONAL):
        bench.left_out(old, new, "how parts are written by their position is not compared")
    elif _nested(old) != _nested(new):
        bench.left_out(old, new, "how the parts of a part are written is not compared")


def _nested(media: Node) -> dict[str, Any]:
    """The encodings within encodings: of a multipart body that is itself a part (OpenAPI 3.2)."""
    named = media.entries("encoding")
    parts = {name: node.raw for name, node in named if isinstance(node.raw, dict)}
    keys = ("encoding", *_POSITIONAL)
    inner = {name: {key: raw[key] for key in keys if key in raw} for name, raw in parts.items()}
    return {name: said for name, said in inner.items() if said}
