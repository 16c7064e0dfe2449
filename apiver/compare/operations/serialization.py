"""The same value as another text: a parameter or header with another style or media type."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from apiver.compare.change import ABSENT
from apiver.compare.schemas.branches import Arrays, Objects
from apiver.compare.schemas.containment import Containment
from apiver.compare.sides.content import described_by
from apiver.compare.sides.space import UNREAD, Conjunction, Node
from apiver.compare.sides.styles import Style, shape, style_of, written

MISREAD = "nothing is rejected, but the text stands for another value now"
"""Why it is not proved that a text in another style breaks its receiver."""

_LONGEST_LIST = 1000


class Rewriting(NamedTuple):
    """How values were and are written: by name, and in words; with values of the sender that show it."""

    before: str
    after: str
    title: str
    values: list[Any]


def rewriting(engine: Containment, old: Node, new: Node, sender: Node) -> Rewriting | None:
    """What became of the way in which values are written; None where they are written alike.

    Only what both sides allow is looked at, be it texts, lists or objects: the rest is for the schema.
    """
    (media, mine), (other, its) = described_by(old), described_by(new)
    before, after = media or str(style_of(old)), other or str(style_of(new))
    ours, theirs = engine.normalizer.branches(mine), engine.normalizer.branches(its)
    kinds = [kind for kind in ours if kind in theirs]
    sent, received, receiver = (mine, its, new) if sender is old else (its, mine, old)
    torn: list[str] = []
    if any(isinstance(node.raw, dict) and UNREAD in node.raw for node in (*mine, *its)):
        return None
    if media or other:
        changed = kinds if media != other else []
    elif _shape(old, "string") != _shape(new, "string"):
        changed = list(ours)  # something else stands before every value
    else:
        forms = {_form(kind) for kind in theirs}
        changed = [kind for kind in ours if _form(kind) in forms and _shape(old, kind) != _shape(new, kind)]
        torn = [] if changed else split_texts(engine, sent, received, style_of(receiver))
    if torn:
        return Rewriting(before, after, f"as a list now: {torn[0]!r} is not one text any more", torn)
    if not changed:
        return None
    values = [value for kind in changed for value in several(engine, sent, kind)]
    title = f"as {after} now, not as {before}"
    if values and not (media or other):
        title = f'as "{_example(new, values[0])}" now, not as "{_example(old, values[0])}"'
    return Rewriting(before, after, title, values)


def split_texts(engine: Containment, sent: Conjunction, received: Conjunction, style: Style) -> list[str]:
    """Texts that their sender means as one, and that a receiver of joined lists takes apart."""
    theirs = engine.normalizer.branches(received)
    lists = [branch for branch in theirs.get("array", ()) if isinstance(branch, Arrays)]
    if style.repeats or "string" in theirs or not any(_holds_texts(engine, each) for each in lists):
        return []
    counts = [2, *(math.floor(each.max_items.value) + 1 for each in lists if each.max_items is not None)]
    texts = [style.delimiter.join("a" * min(count, _LONGEST_LIST)) for count in counts]
    for branch in engine.normalizer.branches(sent).get("string", ()):
        if branch.values is not None:
            texts += [text for text in branch.values.value if style.delimiter in text]
    return [text for text in texts if engine.sampler.admits(sent, text)]


def _holds_texts(engine: Containment, branch: Arrays) -> bool:
    return "string" in engine.normalizer.branches(branch.item(0))


def _form(kind: str) -> str:
    """What a JSON type is on the wire: a list, an object, or one text."""
    return kind if kind in ("array", "object") else "text"


def several(engine: Containment, schema: Conjunction, kind: str) -> Iterator[Any]:
    """Values of a kind, with two parts where there can be: one part alone is often written alike."""
    for branch in engine.normalizer.branches(schema).get(kind, ()):
        if isinstance(branch, Arrays):
            items = [engine.sampler.sample(branch.item(0)), _another(engine, branch.item(1))]
            if ABSENT not in items and engine.sampler.admits(schema, items) is not False:
                yield items
        elif isinstance(branch, Objects):
            value = engine.sampler.full_object(branch, {})
            if value is not ABSENT and value:
                yield value
        yield from islice(engine.sampler.of_branch(branch), 3)


def _another(engine: Containment, schema: Conjunction) -> Any:
    """The second of a few values, if there is one: it tells the parts of a list apart."""
    few = list(islice(engine.sampler.samples(schema), 2))
    return few[-1] if few else ABSENT


def _example(holder: Node, value: Any) -> str:
    """A value in the style of a parameter or header."""
    style = style_of(holder)
    pieces = written(style, str(holder.raw.get("name", "")), value)
    named = style.where in ("query", "cookie")
    return "&".join(f"{name}={text}" if named else text for name, text in pieces)


def _shape(holder: Node, kind: str) -> tuple[str, str]:
    """How a value looks; in the style `matrix` the name of a path variable is part of it."""
    style = style_of(holder)
    return shape(style, kind), holder.raw["name"] if style.name == "matrix" else ""
