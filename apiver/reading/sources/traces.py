"""Taking back what an extension leaves in the objects of an app while it writes its document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

_ABSENT = object()


@contextmanager
def restored(roots: Iterable[Any], follow: Callable[[Any], bool]) -> Iterator[list[Any]]:
    """Whatever happens inside, the objects below `roots` have afterwards the contents that they had before.

    Below are the items of dicts, lists and sets, and the attributes of the objects that `follow` says yes to;
    those objects are what is handed out. Classes lose what was added to them and get back what was replaced.
    """
    kept: dict[int, tuple[Any, Any, Any]] = {}
    todo: list[Any] = list(roots)
    objects: list[Any] = []
    while todo:
        value = todo.pop()
        if id(value) in kept:
            continue
        followed = follow(value)
        contents = _contents(value)
        attributes = dict(vars(value)) if followed and hasattr(value, "__dict__") else None
        if contents is None and attributes is None:
            continue
        kept[id(value)] = (value, contents, attributes)
        if followed:
            objects.append(value)
        todo += contents.values() if isinstance(contents, dict) else contents or ()
        todo += (attributes or {}).values()
    try:
        yield objects
    finally:
        for value, contents, attributes in kept.values():
            if contents is not None:
                _refill(value, contents)
            if attributes is not None:
                _reset(value, attributes)


def _contents(value: Any) -> Any:
    if isinstance(value, dict):
        return dict(value)
    return value.copy() if isinstance(value, (list, set)) else None


def _refill(value: Any, contents: Any) -> None:
    if isinstance(value, dict):
        now = dict(value)
        if list(now) != list(contents) or any(now[key] is not contents[key] for key in now):
            value.clear()
            value.update(contents)
    elif isinstance(value, list):
        value[:] = contents
    elif value != contents:
        value.clear()
        value.update(contents)


def _reset(value: Any, attributes: dict[str, Any]) -> None:
    now = dict(vars(value))
    for name in now.keys() - attributes.keys():
        delattr(value, name)
    for name, before in attributes.items():
        if now.get(name, _ABSENT) is not before:
            setattr(value, name, before)
