"""What a counterexample can do without: the parts of a value that its sender may leave out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apiver.compare.schemas.branches import Arrays, Objects, type_of
from apiver.compare.schemas.samples import Sampler
from apiver.compare.sides.space import Conjunction

Way = tuple[str | int, ...]


def spare_parts(sampler: Sampler, schema: Conjunction, value: Any, kept: Way | None) -> Iterator[Way]:
    """Ways to members that are not required and to items beyond the least number, the last ones first.

    What stands on the way `kept` is not among them, nor the items of an array at its end, which are there for
    their number. None is the way of what stands elsewhere.
    """
    if not isinstance(value, dict | list):
        return
    branches = sampler.normalizer.branches(schema).get(type_of(value), ())
    if isinstance(value, dict):
        objects = [each for each in branches if isinstance(each, Objects) and _may_hold(each, value)]
        for name in value if objects else ():
            if not _begins(kept, name) and not any(name in each.required for each in objects):
                yield (name,)
            else:
                for each in objects[:1]:
                    below = spare_parts(sampler, each.member(name), value[name], _below(kept, name))
                    yield from ((name, *way) for way in below)
    else:
        arrays = [each for each in branches if isinstance(each, Arrays) and each.values is None]
        least = min((each.min_items.value if each.min_items else 0 for each in arrays), default=len(value))
        left = len(value)
        for index in reversed(range(len(value))):
            if kept != () and not _begins(kept, index) and left > least:
                left -= 1
                yield (index,)
            else:
                for array in arrays[:1]:
                    below = spare_parts(sampler, array.item(index), value[index], _below(kept, index))
                    yield from ((index, *way) for way in below)


def _may_hold(branch: Objects, value: dict[str, Any]) -> bool:
    """Whether the value is of this alternative, as far as its members tell."""
    return branch.values is None and all(name in value for name in branch.required)


def _begins(kept: Way | None, key: str | int) -> bool:
    return kept is not None and kept[:1] == (key,)


def _below(kept: Way | None, key: str | int) -> Way | None:
    return kept[1:] if kept is not None and kept[:1] == (key,) else None


def without(value: Any, ways: list[Way]) -> Any:
    """The value without the parts that the ways lead to; the value itself stays as it is."""
    here = {way[0] for way in ways if len(way) == 1}
    deeper: dict[str | int, list[Way]] = {}
    for way in ways:
        if len(way) > 1:
            deeper.setdefault(way[0], []).append(way[1:])
    if isinstance(value, dict):
        return {
            name: without(each, deeper[name]) if name in deeper else each
            for name, each in value.items()
            if name not in here
        }
    if isinstance(value, list):
        return [
            without(each, deeper[index]) if index in deeper else each
            for index, each in enumerate(value)
            if index not in here
        ]
    return value
