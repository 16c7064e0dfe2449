"""Which components of a document its operations reach, by reference and by the names of security schemes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from apiver.compare.change import OperationRef
from apiver.compare.sides.space import Space, canonical
from apiver.compare.sides.surface import Operation
from apiver.contract.pointer import join, of_reference, split

_REF = re.compile(rb'"\$ref":"((?:[^"\\]|\\.)*)"')


class Reach:
    """What refers to what in one document.

    A discriminator may name any schema by its bare name, without a word of it in the document: `used` takes
    all of them for named then, and a security scheme for named by every key that is called like it.
    `operations` goes by references and by the requirements of the operation alone.
    """

    def __init__(self, space: Space, operations: Iterable[Operation]) -> None:
        self._space = space
        self._operations = list(operations)
        self._known: dict[str, frozenset[str]] = {}

    def operations(self, pointer: str) -> tuple[OperationRef, ...]:
        """The operations that reach the component around a pointer, in the order of the document."""
        component = component_of(pointer)
        return tuple(operation.ref for operation in self._operations if component in self._from(operation))

    def used(self) -> frozenset[str]:
        """Every component that anything outside of the components reaches."""
        root = {key: value for key, value in self._space.root.items() if key != "components"}
        return self._closure([root], generous=True)

    def _from(self, operation: Operation) -> frozenset[str]:
        name = operation.node.pointer
        if name not in self._known:
            own = [operation.node.raw, *(parameter.raw for parameter in operation.parameters)]
            self._known[name] = self._closure(own, generous=False) | self._required(operation)
        return self._known[name]

    def _required(self, operation: Operation) -> frozenset[str]:
        """The security schemes of an operation, or of the whole document where it names none (4.8.10)."""
        required = operation.node.raw.get("security", self._space.root.get("security"))
        alternatives = required if isinstance(required, list) else []
        names = {name for each in alternatives if isinstance(each, dict) for name in each}
        return frozenset(join("/components/securitySchemes", name) for name in names)

    def _closure(self, parts: list[Any], *, generous: bool) -> frozenset[str]:
        found: set[str] = set()
        bare = self._bare_names() if generous else ([], [])
        while parts:
            for pointer in self._named(parts.pop(), bare):
                if pointer not in found:
                    found.add(pointer)
                    node = self._space.node(pointer)
                    parts += [] if node is None else [node.raw]
        return frozenset(found)

    def _bare_names(self) -> tuple[list[str], list[tuple[bytes, str]]]:
        """What may be named without a reference: schemas, and security schemes with their names as keys."""
        found = [(pointer, split(pointer)) for pointer in components(self._space)]
        schemas = [pointer for pointer, tokens in found if tokens[1] == "schemas"]
        schemes = [
            (canonical(tokens[2]) + b":", at) for at, tokens in found if tokens[1] == "securitySchemes"
        ]
        return schemas, schemes

    def _named(self, part: Any, bare: tuple[list[str], list[tuple[bytes, str]]]) -> Iterator[str]:
        """The components that a part of the document names, by pointer."""
        try:
            text = canonical(part)
        except RecursionError:  # nested too deep to be written: as if it named all of them
            yield from components(self._space)
            return
        for reference in _REF.findall(text):
            pointer = of_reference(reference.decode())
            if pointer is not None and pointer.startswith("/components/"):
                yield component_of(pointer)
        schemas, schemes = bare
        if b'"discriminator":' in text:
            yield from schemas
        yield from (pointer for written, pointer in schemes if written in text)


def components(space: Space) -> Iterator[str]:
    """The pointers of all components of a document."""
    kinds = space.root.get("components")
    for kind, members in kinds.items() if isinstance(kinds, dict) else ():
        if isinstance(members, dict) and not kind.startswith("x-"):
            yield from (join("/components", kind, name) for name in members)


def component_of(pointer: str) -> str:
    """The pointer of the component that a pointer lies in."""
    return "/".join(pointer.split("/")[:4])
