"""One side of a comparison as a space of schemas: nodes, references, and what is equal on both sides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Literal, NamedTuple

import orjson

from apiver.contract.document import Document
from apiver.contract.pointer import join, of_reference, resolve
from apiver.contract.resources import Resources

Mode = Literal["request", "response"]
"""Who sends the value: readOnly parts belong to responses alone, writeOnly parts to requests alone."""

UNREAD = "x-apiver-unknown"
"""The mark of a part that nobody could read: it is compared with nothing."""

INCOMPLETE = "x-apiver-incomplete"
"""The mark of a part of a request that the code checks in a way that could not be read."""

_ANCHOR = re.compile(rb'"\$(?:a|dynamicA)nchor":')
_REF = re.compile(rb'"\$(?:r|dynamicR)ef":"((?:[^"\\]|\\.)*)"')
_COMPONENT = "#/components/"


class Space:
    """The schemas of one document.

    Values of the document are told apart by identity, so a space keeps its document alive for as long as
    any answer about it is kept. `legacy` is true for OpenAPI 3.0, where `nullable` and boolean
    `exclusiveMinimum` exist and `$ref` hides its siblings.
    """

    __slots__ = ("_resources", "_targets", "document", "legacy", "root")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.root = document.root
        self.legacy = str(document.root.get("openapi", "3.1")).startswith("3.0")
        self._targets: dict[str, Node | None] = {}
        self._resources: Resources | None = None

    def node(self, pointer: str) -> Node | None:
        """The node at an RFC 6901 pointer, or None where there is nothing."""
        try:
            return Node(self, resolve(self.root, pointer), pointer)
        except LookupError:
            return None

    def target(self, reference: Any, at: str = "") -> Node | None:
        """What a `$ref` at the pointer `at` points to within the document; None for anything else."""
        if not isinstance(reference, str):
            return None
        if reference not in self._targets:
            pointer = of_reference(reference)
            self._targets[reference] = None if pointer is None else self.node(pointer)
        found = self._targets[reference]
        if found is not None and (reference.startswith(_COMPONENT) or not self.resources.embedded):
            return found
        pointer = self.resources.pointer(reference, at)
        return None if pointer is None else self.node(pointer)

    def dynamic_target(self, reference: Any, at: str = "") -> Node | None:
        """What a `$dynamicRef` points to, where only one schema can be meant (2020-12, 8.2.3.2)."""
        anchors = (
            self.resources.dynamic.get(reference.partition("#")[2]) if isinstance(reference, str) else None
        )
        if anchors is None:
            return self.target(reference, at)
        return self.node(anchors[0]) if len(anchors) == 1 else None

    @property
    def resources(self) -> Resources:
        """The schemas that have names of their own; looked for when one is first asked for."""
        if self._resources is None:
            self._resources = Resources(self.root)
        return self._resources

    def follow(self, node: Node) -> Node:
        """The object that a Reference Object stands for (OpenAPI 3.1, 4.8.23); the node itself otherwise."""
        for _ in range(100):
            raw = node.raw
            if not (isinstance(raw, dict) and "$ref" in raw):
                return node
            target = self.target(raw["$ref"], node.pointer)
            if target is None:
                return node
            node = target
        return node


class Node(NamedTuple):
    """A value of a document and the pointer under which it was reached."""

    space: Space
    raw: Any
    pointer: str

    def child(self, *keys: str) -> Node:
        """The node below; the keys must be there."""
        raw, pointer = self.raw, self.pointer
        for key in keys:
            raw = raw[int(key)] if isinstance(raw, list) else raw[key]
            pointer = join(pointer, key)
        return Node(self.space, raw, pointer)

    def peeled(self) -> Node:
        """The schema that this one only wraps: in a reference or a combinator of one, with nothing beside."""
        node = self
        for _ in range(100):
            raw = node.raw
            if not (isinstance(raw, dict) and len(raw) == 1):
                return node
            keyword, value = next(iter(raw.items()))
            if keyword == "$ref":
                target = node.space.target(value, node.pointer)
                if target is None:
                    return node
                node = target
            elif keyword in ("allOf", "anyOf", "oneOf") and isinstance(value, list) and len(value) == 1:
                node = node.child(keyword, "0")
            else:
                return node
        return node

    def entries(self, key: str) -> Iterator[tuple[str, Node]]:
        """The members of the object below `key`; nothing where it is not an object."""
        inner = self.raw.get(key) if isinstance(self.raw, dict) else None
        if isinstance(inner, dict):
            for name, value in inner.items():
                yield name, Node(self.space, value, join(self.pointer, key, name))

    def items(self, key: str) -> Iterator[Node]:
        """The elements of the array below `key`; nothing where it is not an array."""
        inner = self.raw.get(key) if isinstance(self.raw, dict) else None
        if isinstance(inner, list):
            for index, value in enumerate(inner):
                yield Node(self.space, value, f"{self.pointer}/{key}/{index}")


Conjunction = tuple[Node, ...]
"""Schemas that hold together; the empty one is the schema that accepts everything."""


def canonical(value: Any, *, sort: bool = False) -> bytes:
    """Bytes that are equal only for values that are the same JSON text; 1, 1.0 and true differ.

    With `sort` the order of the members of objects does not count.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS if sort else None)
    except TypeError:  # integers beyond 64 bits
        import json

        return json.dumps(value, separators=(",", ":"), sort_keys=sort).encode()


class Sameness:
    """Decides at C speed whether two parts say the same, down to every component that they reach."""

    def __init__(self, old: Space, new: Space) -> None:
        self._comparable = old.legacy == new.legacy
        self._known: dict[tuple[int, int], tuple[bool, Any, Any]] = {}
        self._vouched = _same_components(old, new) if self._comparable else set()

    def same(self, old: Any, new: Any) -> bool:
        """Whether both are the same text and every component they refer to is the same too.

        False means "look closer", not "different".
        """
        if not self._comparable:
            return False
        if not isinstance(old, dict | list):
            return type(old) is type(new) and bool(old == new)
        key = (id(old), id(new)) if id(old) < id(new) else (id(new), id(old))
        known = self._known.get(key)
        if known is None:
            # Both are kept beside the answer: identities stay taken for as long as it is known.
            known = self._known[key] = (self._says_the_same(old, new), old, new)
        return known[0]

    def _says_the_same(self, old: Any, new: Any) -> bool:
        try:
            if old != new:  # cheap, and settles nearly every pair that differs
                return False
            text = canonical(old)
            return text == canonical(new) and self.vouches(text)
        except RecursionError:
            return False

    def vouches(self, text: bytes) -> bool:
        """Whether everything that the text refers to is the same on both sides."""
        return self._comparable and self._vouched.issuperset(_references(text))

    def same_all(self, old: Conjunction, new: Conjunction) -> bool:
        """`same` for two conjunctions, member by member."""
        return len(old) == len(new) and all(self.same(a.raw, b.raw) for a, b in zip(old, new, strict=True))


def _references(text: bytes) -> set[str]:
    return {ref.decode() for ref in _REF.findall(text)}


def _components(space: Space) -> dict[str, bytes]:
    """What stands behind each reference to a component; a `#name` stands for all that are anchored so."""
    parts = space.root.get("components")
    found = {}
    for kind, members in parts.items() if isinstance(parts, dict) else ():
        if isinstance(members, dict):
            for name, value in members.items():
                with suppress(RecursionError):
                    found[join("#/components", kind, name)] = canonical(value)
    if any(b'nchor":' in text and _ANCHOR.search(text) for text in found.values()):
        for name, pointers in space.resources.anchored():
            anchored = (space.node(pointer) for pointer in pointers)
            found[f"#{name}"] = canonical([node.raw for node in anchored if node is not None])
    return found


def _same_components(old: Space, new: Space) -> set[str]:
    """References whose targets are the same in both documents, directly and through all they reach."""
    before, after = _components(old), _components(new)
    same = {ref for ref, text in before.items() if after.get(ref) == text}
    users: dict[str, list[str]] = {}
    for ref in same:
        for reached in _references(before[ref]):
            users.setdefault(reached, []).append(ref)
    differing = [reached for reached in users if reached not in same]
    while differing:
        for user in users.get(differing.pop(), ()):
            if user in same:
                same.discard(user)
                differing.append(user)
    return same


def is_nullable_union(raw: dict[str, Any]) -> bool:
    """Whether `nullable` stands beside a combinator of OpenAPI 3.0 and no type.

    By the letter of 3.0.3 it says nothing there; everybody who writes it means null, and sends it.
    """
    combined = any(keyword in raw for keyword in ("allOf", "anyOf", "oneOf"))
    return combined and raw.get("nullable") is True and "type" not in raw and "enum" not in raw
