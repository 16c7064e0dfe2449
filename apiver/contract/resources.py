"""Schemas with a name of their own: `$id`, `$anchor` and `$dynamicAnchor` (JSON Schema 2020-12, 8.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote, urldefrag, urljoin

from apiver.contract.pointer import join

_NAMING = ("$id", "$anchor", "$dynamicAnchor")


class Resource(NamedTuple):
    """A schema resource: its URI, where it stands, and the pointers of its anchors."""

    uri: str
    pointer: str
    anchors: dict[str, list[str]]


class Resources:
    """The schema resources of one document; the document itself is the first one."""

    def __init__(self, root: dict[str, Any]) -> None:
        said = root.get("$self")
        self._document = Resource(said if isinstance(said, str) else "", "", {})
        self._found = [self._document]
        self.dynamic: dict[str, list[str]] = {}
        for pointer, raw in _named(root):
            home = self.around(pointer)
            if isinstance(raw.get("$id"), str) and pointer:
                home = Resource(urldefrag(urljoin(home.uri, raw["$id"]))[0], pointer, {})
                self._found.append(home)
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(raw.get(keyword), str):
                    home.anchors.setdefault(raw[keyword], []).append(pointer)
            if isinstance(raw.get("$dynamicAnchor"), str):
                self.dynamic.setdefault(raw["$dynamicAnchor"], []).append(pointer)

    @property
    def embedded(self) -> bool:
        """Whether there are resources within the document: pointers then start at them."""
        return len(self._found) > 1

    def anchored(self) -> Iterator[tuple[str, list[str]]]:
        """Each name of an anchor, with the pointers of all schemas that have it."""
        names: dict[str, list[str]] = {}
        for resource in self._found:
            for name, pointers in resource.anchors.items():
                names.setdefault(name, []).extend(pointers)
        yield from names.items()

    def around(self, pointer: str) -> Resource:
        """The innermost resource that a place is in."""
        inside = [each for each in self._found if (pointer + "/").startswith(each.pointer + "/")]
        return max(inside, key=lambda each: len(each.pointer))

    def pointer(self, reference: str, at: str) -> str | None:
        """The pointer within the document of what a reference at a place points to, or None."""
        home = self.around(at)
        uri, fragment = urldefrag(urljoin(home.uri, reference) if home.uri else reference)
        if uri != home.uri:
            home = next((each for each in self._found if each.uri == uri), None) or _NOWHERE
        if home is _NOWHERE:
            return None
        if not fragment or fragment.startswith("/"):
            return home.pointer + unquote(fragment)
        return next(iter(home.anchors.get(unquote(fragment), ())), None)


_NOWHERE = Resource("", "", {})


def _named(root: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema object that names itself, those around others first."""
    todo: list[tuple[str, Any]] = [("", root)]
    while todo:
        pointer, raw = todo.pop()
        if isinstance(raw, dict):
            if any(isinstance(raw.get(keyword), str) for keyword in _NAMING) or not pointer:
                yield pointer, raw
            todo += [
                (join(pointer, key), value) for key, value in raw.items() if isinstance(value, dict | list)
            ]
        else:
            todo += [
                (f"{pointer}/{at}", each) for at, each in enumerate(raw) if isinstance(each, dict | list)
            ]
