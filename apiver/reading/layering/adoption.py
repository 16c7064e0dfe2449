"""Taking declared schemas into a contract under names that stay the same from one version to the next."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import orjson

from apiver.reading.layering.declared import SCHEMAS, Said

Schema = dict[str, Any]

_HASH = re.compile(r"\.[0-9a-f]{7,}$")  # spectree: Book.3a64a9f


@dataclass(slots=True)
class Adoption:
    """The schemas and security schemes of a contract, as far as they come from declarations.

    A schema is called what its source calls it, without what only kept two of one document apart: a hash, the
    module, a number. Two that differ and are both in use get numbers, in the order in which they are met.
    """

    schemas: dict[str, Schema] = field(default_factory=dict)
    schemes: dict[str, Any] = field(default_factory=dict)
    _names: dict[tuple[int, str], str] = field(default_factory=dict)
    _contents: dict[str, bytes] = field(default_factory=dict)
    _saids: list[Said] = field(default_factory=list)  # keeps them alive, for `_names` knows them by identity

    def operation(self, said: Said, operation: Schema) -> Schema:
        """`operation` with references to the schemas as they are called here; its schemes come along."""
        self._saids.append(said)
        adopted: Schema = self._adopted(said, operation)
        if "security" in adopted:
            known = [
                {self._scheme(said, name): scopes for name, scopes in requirement.items()}
                for requirement in adopted["security"]
                if all(name in said.schemes for name in requirement)
            ]
            # None left of some does not mean that nobody is asked who they are.
            if known or not adopted.pop("security"):
                adopted["security"] = known
        return adopted

    def _scheme(self, said: Said, name: str) -> str:
        scheme, number, found = said.schemes[name], 1, name
        while self.schemes.setdefault(found, scheme) != scheme:
            number += 1
            found = f"{name}{number}"
        return found

    def _adopted(self, said: Said, value: Any) -> Any:
        if isinstance(value, list):
            return [self._adopted(said, member) for member in value]
        if not isinstance(value, dict):
            return value
        made = {key: self._adopted(said, member) for key, member in value.items() if key != "$ref"}
        reference = value.get("$ref")
        if isinstance(reference, str):
            return {"$ref": self._reference(said, reference), **made}
        if reference is not None:
            made["$ref"] = self._adopted(said, reference)  # a property of that name
        mapping = made.get("mapping")
        if isinstance(mapping, dict) and isinstance(made.get("propertyName"), str):
            made["mapping"] = {key: self._mapped(said, target) for key, target in mapping.items()}
        return made

    def _mapped(self, said: Said, target: Any) -> Any:
        if isinstance(target, str) and target in said.schemas:
            target = SCHEMAS + target
        return self._reference(said, target) if isinstance(target, str) else target

    def _reference(self, said: Said, reference: str) -> str:
        name = reference.removeprefix(SCHEMAS)
        if not reference.startswith(SCHEMAS) or name not in said.schemas:
            return reference
        known = self._names.get((id(said), name))
        if known is None:
            known = self._placed(said, name)
        return SCHEMAS + known

    def _placed(self, said: Said, name: str) -> str:
        wanted = plain(name, said.schemas)
        content = _content(said, said.schemas[name])
        number, found = 1, wanted
        # A name may also be taken by a schema that was read from the code.
        while self._contents.get(found, content) != content or (
            found in self.schemas and found not in self._contents
        ):
            number += 1
            found = f"{wanted}{number}"
        self._contents[found] = content
        self._names[id(said), name] = found
        if found not in self.schemas:
            self.schemas[found] = {}  # keeps its place while what is inside is taken in
            self.schemas[found] = self._adopted(said, said.schemas[name])
        return found


def plain(name: str, beside: Any) -> str:
    """A name of a component without what only tells it from others of its document, `beside`.

    `Book.3a64a9f`, `shop__v1__Book` and, beside a `Book`, `Book1` are all `Book`.
    """
    short = _HASH.sub("", name).rpartition("__")[2]
    base = short.rstrip("0123456789")
    if base != short and base in beside:
        short = base
    return short or name


def _content(said: Said, schema: Schema) -> bytes:
    """What a schema says, with the names in it as plain as its own."""

    def simple(value: Any) -> Any:
        if isinstance(value, list):
            return [simple(member) for member in value]
        if isinstance(value, dict):
            return {key: simple(member) for key, member in value.items()}
        if isinstance(value, str) and value.startswith(SCHEMAS):
            return plain(value.removeprefix(SCHEMAS), said.schemas)
        return value

    return orjson.dumps(simple(schema), option=orjson.OPT_SORT_KEYS)
