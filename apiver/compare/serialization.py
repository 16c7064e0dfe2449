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
from apiver.compare.styles import shape, style_of

MISREAD = "nothing is rejected, but the text stands for another value now"
"""Why it is not proved that a text in another style breaks its receiver."""

_ALL_KINDS = 6  # the types of JSON, integers being numbers


class Rewriting(NamedTuple):
    """How values were written and how they are now, with values of the sender that show it."""

    before: str
    after: str
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
    return Rewriting(media or str(style_of(old)), other or str(style_of(new)), values)


def several(engine: Containment, schema: Conjunction, kind: str) -> Iterator[Any]:
    """Values of a kind, with two parts where there can be: one part alone is often written alike."""
    for branch in engine.normalizer.branches(schema).get(kind, ()):
        if isinstance(branch, Arrays):
            items = [engine.sampler.sample(branch.item(at)) for at in (0, 1)]
            if ABSENT not in items and engine.sampler.admits(schema, items) is not False:
                yield items
        elif isinstance(branch, Objects):
            value = engine.sampler.full_object(branch, {})
            if value is not ABSENT and value:
                yield value
        yield from islice(engine.sampler.of_branch(branch), 3)


def _shape(holder: Node, kind: str) -> tuple[str, str]:
    """How a value looks; in the style `matrix` the name of a path variable is part of it."""
    style = style_of(holder)
    return shape(style, kind), holder.raw["name"] if style.name == "matrix" else ""
