"""What an upgrade writes down as it goes: where each part came from, and which references wait for that."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from apiver.contract.pointer import of_reference, resolve, split

# Where the named parts of Swagger 2.0 (spec, Swagger Object) stand in OpenAPI 3.
HOMES = {
    "definitions": "components/schemas",
    "parameters": "components/parameters",
    "responses": "components/responses",
    "securityDefinitions": "components/securitySchemes",
}
_CHAIN = 100


class Ledger:
    """The book of one upgrade. `root` is the Swagger document."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root
        self.moves: dict[str, str] = {"": ""}
        self._waiting: list[tuple[dict[str, Any], str]] = []

    def move(self, new: str, old: str) -> None:
        """Write down that the part at `new` of the view stands at `old` in the Swagger document."""
        self.moves[new] = old

    def refer(self, holder: dict[str, Any], reference: str) -> None:
        """Give `holder` the `$ref` that leads where `reference` led in the Swagger document."""
        section, slash, rest = reference.removeprefix("#/").partition("/")
        simple = slash and "/" not in rest and section in ("definitions", "securityDefinitions")
        if reference.startswith("#/") and (simple or section == "definitions"):
            holder["$ref"] = f"#/{HOMES[section]}/{rest}"
        else:
            holder["$ref"] = reference
            self._waiting.append((holder, reference))

    def awaited(self, section: str) -> set[str]:
        """The names in a section of the document that references waiting to be turned lead to, or into."""
        pointers = (of_reference(reference) or "" for _, reference in self._waiting)
        return {tokens[1] for tokens in map(split, pointers) if tokens[:1] == [section] and len(tokens) > 1}

    def follow(self, value: Any, pointer: str) -> tuple[Any, str]:
        """What a Reference Object stands for, and the pointer of that; the value itself where it is none."""
        for _ in range(_CHAIN):
            reference = value.get("$ref") if isinstance(value, dict) else None
            target = of_reference(reference) if isinstance(reference, str) else None
            if target is None:
                break
            try:
                value, pointer = resolve(self.root, target), target
            except LookupError:
                break
        return value, pointer

    def settle(self) -> None:
        """Turn round the references to parts of which nobody knew yet where they would come to stand."""
        places: dict[str, str] = {}
        for new, old in self.moves.items():
            places.setdefault(old, new)
        for holder, reference in self._waiting:
            pointer = of_reference(reference)
            if pointer is None:
                continue
            end = len(pointer)
            while end > 0 and pointer[:end] not in places:
                end = pointer.rfind("/", 0, end)
            moved = places[pointer[:end]] + pointer[end:] if end > 0 else pointer
            holder["$ref"] = "#" + quote(moved, safe="/~!$&'()*+,;=:@?{}-._")
