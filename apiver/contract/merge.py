"""Several documents as one API: their operations together, and what these refer to."""

from __future__ import annotations

import re
from itertools import chain, count
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from apiver.contract.document import Document
from apiver.contract.pointer import join, of_reference, resolve, split
from apiver.contract.shape import METHODS
from apiver.contract.structure import SECTIONS, Part, parts
from apiver.contract.view import Origin, viewed
from apiver.errors import InputError

_VARIABLE = re.compile(r"\{[^{}]*\}")
_KINDS = {section: kind for kind, section in SECTIONS.items()}
_CHAIN = 100


def merged(documents: list[Document], name: str) -> Document:
    """One document with the operations of all, each with the servers and security that its own file gives it.

    Where the files have servers with different base paths, these become a part of the paths. Components of
    the same name keep their meaning: one that says something else gets another name. Raises InputError,
    with both places, where two files define the same operation, or are not of one version of OpenAPI.
    """
    _refuse_mixture(documents)
    if len(documents) == 1:
        only = documents[0]
        return Document(only.root, name, only.locate, only.original)
    merge = _Merge(documents[0])
    apart = len({_base(document) for document in documents}) > 1
    for document in documents:
        merge.take(document, _base(document) if apart else "")
    return merge.whole(name)


class _Use(NamedTuple):
    """An operation on its way into the whole: its document, item, and pointers there and in the whole."""

    document: Document
    item: Part
    pointer: str
    place: str
    base: str


class _Merge:
    def __init__(self, first: Document) -> None:
        self._first = first
        self._sections: dict[str, dict[str, Any]] = {"paths": {}, "webhooks": {}}
        self._components: dict[str, dict[str, Any]] = {}
        self._known: dict[str, Origin] = {"": Origin(first, "")}
        self._homes: dict[tuple[int, str], str] = {}
        self._taken: dict[tuple[str, str, str], Origin] = {}
        self._todo: list[tuple[Document, dict[str, Any], str, Part]] = []

    def whole(self, name: str) -> Document:
        """What was taken so far, as one document."""
        while self._todo:
            document, members, word, part = self._todo.pop()
            members[word] = self._turned(document, part)
        own = (*self._sections, "components", "servers", "security")
        root = {key: part for key, part in self._first.root.items() if key not in own}
        root["paths"] = self._sections["paths"]
        if self._sections["webhooks"]:
            root["webhooks"] = self._sections["webhooks"]
        if self._components:
            root["components"] = self._components
        return viewed(root, name, self._known)

    def take(self, document: Document, base: str) -> None:
        """Add the operations and components of one document; `base` becomes a part of its paths."""
        for section, members in (document.root.get("components") or {}).items():
            for name in (
                members if section in _KINDS and section != "pathItems" else ()
            ):  # those are written out
                self._home(document, join("/components", section, name))
        for section, ours in self._sections.items():
            for path, raw in (document.root.get(section) or {}).items():
                if not path.startswith("x-") and isinstance(raw, dict):
                    name = base + path if section == "paths" else path
                    item = _followed(document, Part("pathItem", raw, join(f"/{section}", path)))
                    self._take_item(document, item, ours.setdefault(name, {}), (section, name), base)

    def _take_item(
        self, document: Document, item: Part, target: dict[str, Any], where: tuple[str, str], base: str
    ) -> None:
        place = join("", *where)
        self._known.setdefault(place, Origin(document, item.pointer))
        for key, raw in item.value.items():
            pointer = join(item.pointer, key)
            if key in METHODS and isinstance(raw, dict):
                self._once(Origin(document, pointer), where, key)
                use = _Use(document, item, pointer, join(place, key), base)
                target[key] = self._operation(use, raw)
            elif key == "additionalOperations" and isinstance(raw, dict):
                for method, operation in raw.items():
                    self._once(Origin(document, join(pointer, method)), where, method)
                    use = _Use(document, item, join(pointer, method), join(place, key, method), base)
                    target.setdefault(key, {})[method] = self._operation(use, operation)
            elif key not in ("parameters", "servers", "$ref"):
                target.setdefault(key, raw)

    def _once(self, origin: Origin, where: tuple[str, str], method: str) -> None:
        """Refuse an operation that another file has too: which of them would hold?"""
        section, path = where
        blank = _VARIABLE.sub("{}", path) if section == "paths" else path
        before = self._taken.setdefault((section, blank, method), origin)
        if before.document is not origin.document:
            places = [each.document.locate(each.pointer) for each in (before, origin)]
            raise InputError(
                f"two files define {method.upper()} {path}",
                where="\n".join(map(str, places)),
                remedy="leave one of them out, or give the files servers with different paths",
            )

    def _operation(self, use: _Use, raw: dict[str, Any]) -> dict[str, Any]:
        """An operation with all that its file says of it elsewhere: parameters, servers, security."""
        document, root = use.document, use.document.root
        self._known[use.place] = Origin(document, use.pointer)
        operation = dict(raw)
        own = list(operation.get("parameters") or [])
        names = {_named(document, each) for each in own}
        for at, each in enumerate(use.item.value.get("parameters") or []):
            if _named(document, each) not in names:
                self._known[f"{use.place}/parameters/{len(own)}"] = Origin(
                    document, f"{use.item.pointer}/parameters/{at}"
                )
                own.append(each)
        if own:
            operation["parameters"] = own
        servers = operation.get("servers") or use.item.value.get("servers") or root.get("servers")
        if servers:
            operation["servers"] = [_without_path(each, use.base) for each in servers]
        if "security" in operation or "security" in root:
            operation["security"] = self._security(document, operation.get("security", root.get("security")))
        turned: dict[str, Any] = self._turned(document, Part("operation", operation, use.pointer))
        return turned

    def _security(self, document: Document, said: Any) -> Any:
        """Security requirements, by the names that their schemes have in the whole."""
        if not isinstance(said, list):
            return said
        return [
            {self._scheme(document, name): scopes for name, scopes in each.items()}
            if isinstance(each, dict)
            else each
            for each in said
        ]

    def _scheme(self, document: Document, name: str) -> str:
        try:
            return split(self._home(document, join("/components/securitySchemes", name)))[-1]
        except LookupError:
            return name

    def _turned(self, document: Document, part: Part) -> Any:
        """A copy of a part in which every reference leads to where its target is in the whole."""
        if not isinstance(part.value, dict):
            return part.value
        value = {key: self._copied(document, part.kind, key, each) for key, each in part.value.items()}
        if isinstance(value.get("$ref"), str):
            value["$ref"] = self._reference(document, value["$ref"])
        if part.kind == "schema" and isinstance(value.get("discriminator"), dict):
            value["discriminator"] = self._discriminator(document, part.value)
        return value

    def _copied(self, document: Document, kind: str, key: str, value: Any) -> Any:
        below = list(parts(Part(kind, {key: value}, ""))) if isinstance(value, (dict, list)) else []
        if len(below) == 1 and below[0].value is value:
            return self._turned(document, below[0])
        done = {id(each.value): self._turned(document, each) for each in below}
        if not done:
            return value
        if isinstance(value, dict):
            return {name: done.get(id(each), each) for name, each in value.items()}
        return [done.get(id(each), each) for each in value]

    def _discriminator(self, document: Document, schema: dict[str, Any]) -> dict[str, Any]:
        """A discriminator under which every value still stands for the same schema."""
        said = schema["discriminator"].get("mapping")
        mapping = dict(said) if isinstance(said, dict) else {}
        for value, target in mapping.items():
            if isinstance(target, str):
                named = target if "/" in target else join("#/components/schemas", target)
                mapping[value] = self._reference(document, named)
        for member in [*(schema.get("oneOf") or []), *(schema.get("anyOf") or [])]:
            reference = member.get("$ref") if isinstance(member, dict) else None
            if isinstance(reference, str):
                turned = self._reference(document, reference)
                implied = split(reference)[-1]
                if implied != split(turned)[-1] and turned not in mapping.values():
                    mapping.setdefault(implied, turned)
        return {**schema["discriminator"], "mapping": mapping} if mapping else schema["discriminator"]

    def _reference(self, document: Document, reference: str) -> str:
        pointer = of_reference(reference)
        try:
            return reference if pointer is None else "#" + self._home(document, pointer).replace("%", "%25")
        except LookupError:
            return reference

    def _home(self, document: Document, pointer: str) -> str:
        """Where the target of a reference is in the whole; it is taken up where it is new."""
        tokens = split(pointer)
        in_components = tokens[:1] == ["components"] and len(tokens) > 2 and tokens[1] in _KINDS
        depth = 3 if in_components else len(tokens)
        section = tokens[1] if in_components else "schemas"  # outside, schemas alone are referred to
        top = join("", *tokens[:depth])
        if (id(document), top) not in self._homes:
            part = Part(_KINDS[section], resolve(document.root, top), top)
            self._homes[id(document), top] = self._take_part(document, section, tokens[depth - 1], part)
        return join(self._homes[id(document), top], *tokens[depth:])

    def _take_part(self, document: Document, section: str, name: str, part: Part) -> str:
        members = self._components.setdefault(section, {})
        place = document.locate(part.pointer)
        stem = place.file.rpartition("/")[2].partition(".")[0] if place else "2"
        for word in chain((name, f"{name}_{stem}"), (f"{name}_{number}" for number in count(2))):
            home = join(f"/components/{section}", word)
            if word not in members:
                members[word] = part.value
                self._known[home] = Origin(document, part.pointer)
                self._todo.append((document, members, word, part))
                return home
            if members[word] == part.value and not _refers(part.value):
                return home
        raise AssertionError("there is always a free name")


def _followed(document: Document, item: Part) -> Part:
    """The path item that a reference stands for."""
    for _ in range(_CHAIN):
        reference = item.value.get("$ref")
        pointer = of_reference(reference) if isinstance(reference, str) else None
        if pointer is None:
            break
        item = Part(item.kind, resolve(document.root, pointer), pointer)
    return item


def _named(document: Document, parameter: Any) -> tuple[Any, Any]:
    """The place and name of a parameter."""
    for _ in range(_CHAIN):
        reference = parameter.get("$ref") if isinstance(parameter, dict) else None
        pointer = of_reference(reference) if isinstance(reference, str) else None
        if pointer is None:
            break
        parameter = resolve(document.root, pointer)
    return (parameter.get("in"), parameter.get("name")) if isinstance(parameter, dict) else (None, None)


def _refers(value: Any) -> bool:
    if isinstance(value, dict):
        return "$ref" in value or any(map(_refers, value.values()))
    return isinstance(value, list) and any(map(_refers, value))


def _refuse_mixture(documents: list[Document]) -> None:
    """Schemas of 3.0 and of later versions mean different things by the same words."""
    kinds: dict[bool, Document] = {}
    for document in documents:
        kinds.setdefault(str(document.root["openapi"]).startswith("3.0"), document)
    if len(kinds) > 1:
        raise InputError(
            "these files are of OpenAPI 3.0 (or Swagger 2.0) and of a later version, and one API is of one",
            where="\n".join(str(each.locate("/openapi")) for each in kinds.values()),
            remedy="write them in the same version",
        )


def _base(document: Document) -> str:
    """The path that all servers of a document share, without a slash at the end."""
    servers = document.root.get("servers")
    urls = (
        [each.get("url") for each in servers if isinstance(each, dict)] if isinstance(servers, list) else []
    )
    found = {urlsplit(url).path.rstrip("/") for url in urls if isinstance(url, str)}
    return found.pop() if len(found) == 1 else ""


def _without_path(server: Any, base: str) -> Any:
    """A server whose path has become a part of the paths."""
    url = server.get("url") if isinstance(server, dict) else None
    return {**server, "url": url.rstrip("/").removesuffix(base)} if base and isinstance(url, str) else server
