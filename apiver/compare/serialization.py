"""The same value as another text: a parameter or header with another style or media type."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from apiver.compare.branches import Arrays, Objects
from apiver.compare.change import ABSENT
from apiver.compare.containment import Containment
from apiver.compare.content import described_by
from apiver.compare.space import Conjunction, Node
from apiver.compare.styles import shape, style_of, written

MISREAD = "nothing is rejected, but the text stands for another value now"
"""Why it is not proved that a text in another style breaks its receiver."""

_ALL_KINDS = 6  # the types of JSON, integers being numbers


class Rewriting(NamedTuple):
    """How values were and are written: by name, and in words; with values of the sender that show it."""

    before: str
    after: str
    title: str
    values: list[Any]


def rewriting(engine: Containment, old: Node, new: Node, sender: Node) -> Rewriting | None:
    """What became of the way in which values are written; None where they are written alike.

    Only the JSON types that both sides allow are looked at: for the others it is the schema that changed.
    """
    (media, mine), (other, its) = described_by(old), described_by(new)
    ours, theirs = engine.normalizer.branches(mine), engine.normalizer.branches(its)
    kinds = [kind for kind in ours if kind in theirs]
    if media or other:
        changed = kinds if media != other else []
    elif len(kinds) == _ALL_KINDS:
        return None  # nothing is said of the values: their texts may be anything already
    else:
        changed = [kind for kind in kinds if _shape(old, kind) != _shape(new, kind)]
    if not changed:
        return None
    sent = described_by(sender)[1]
    values = [value for kind in changed for value in several(engine, sent, kind)]
    before, after = media or str(style_of(old)), other or str(style_of(new))
    title = f"as {after} now, not as {before}"
    if values and not (media or other):
        title = f'as "{_example(new, values[0])}" now, not as "{_example(old, values[0])}"'
    return Rewriting(before, after, title, values)


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
