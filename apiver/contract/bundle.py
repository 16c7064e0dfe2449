"""A document and the files that it refers to, as one document.

What another file holds is given a name among the components (`#/components/schemas/Pet`), after the last
word of the reference that led to it or after its file, so that moving a schema into a file, or renaming
that file, changes nothing. Path items and operations, which have no place among the components of every
version, come to stand where the reference to them stood. The places of everything are kept.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import chain, count
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from apiver.contract.document import Document
from apiver.contract.location import Location
from apiver.contract.pointer import join, of_reference, resolve, split
from apiver.contract.references import wrong_reference
from apiver.contract.shelf import File, Parse, Shelf
from apiver.contract.structure import KINDS, SECTIONS, SWAGGER_SECTIONS, Part, kind_of, parts
from apiver.contract.view import Origin, viewed
from apiver.errors import InputError

_CHAIN = 100
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._-]+\Z").match
_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_IN_FRAGMENT = "/~!$&'()*+,;=:@?{}-._"
_INLINED = frozenset(
    ("pathItem", "swaggerPathItem", "operation", "swaggerOperation", "server", "encoding", "components")
)


class _Spot(NamedTuple):
    """A part on its way into the bundle: where it was written, and its pointer in the bundle."""

    part: Part
    file: File
    view: str


class _Target(NamedTuple):
    file: File
    pointer: str
    value: Any


def bundled(document: Document, location: Location, parse: Parse) -> Document:
    """The document with everything that it refers to in other files.

    `parse` reads those. Raises InputError, with the place of the reference, where one leads nowhere or where
    it may not lead.
    """
    return _Bundle(document, location, parse).whole()


class _Bundle:
    def __init__(self, document: Document, location: Location, parse: Parse) -> None:
        self._host = File.of(document, location)
        self._shelf = Shelf(self._host, parse)
        self._swagger = kind_of(document.root) == "swagger"
        self._sections = SWAGGER_SECTIONS if self._swagger else SECTIONS
        self._homes: dict[tuple[str, str, str], str] = {}
        self._added: dict[str, dict[str, Any]] = {}
        self._known: dict[str, Origin] = {"": Origin(document, "")}
        self._todo: deque[_Spot] = deque()
        self._seen: set[tuple[int, str]] = set()

    def whole(self) -> Document:
        """The bundle."""
        root = self._host.document.root
        self._name_components()
        self._todo.appendleft(_Spot(Part(kind_of(root), root, ""), self._host, ""))
        while self._todo:
            self._take(self._todo.popleft())
        document = viewed(self._with_added(root), self._host.document.name, self._known)
        self._refuse_circles(document)
        return document

    def _refuse_circles(self, document: Document) -> None:
        """Refuse files that only refer to one another."""
        right: set[str] = set()
        for reference in self._homes.values():
            wrong = wrong_reference(document.root, reference, right, outside=True)
            if wrong is not None:
                what, remedy = wrong
                where = document.locate(of_reference(reference) or "")
                raise InputError(what, where=str(where), remedy=remedy)

    def _name_components(self) -> None:
        """Components that are nothing but a reference to another file give their name to what is there."""
        root = self._host.document.root
        for kind, section in self._sections.items():
            pointer = f"/{section}" if self._swagger else f"/components/{section}"
            try:
                members = resolve(root, pointer)
            except LookupError:
                continue
            for name, value in members.items() if isinstance(members, dict) else ():
                if not (isinstance(value, dict) and len(value) == 1 and isinstance(value.get("$ref"), str)):
                    continue
                place = join(pointer, name)
                spot = _Spot(Part(kind, value, place), self._host, place)
                target = self._target(value["$ref"], spot)
                if target is None or target.file is self._host:
                    continue
                key = (target.file.location.name, target.pointer, kind)
                if key not in self._homes:
                    self._homes[key] = "#" + _fragment(place)
                    self._add(kind, name, target, place)

    def _take(self, spot: _Spot) -> None:
        """Turn the references of one part round, and look at the parts below it."""
        value = spot.part.value
        if (id(value), spot.part.kind) in self._seen:
            return
        self._seen.add((id(value), spot.part.kind))
        if spot.part.kind == "schema" and isinstance(value.get("discriminator"), dict):
            self._discriminate(spot)
        if isinstance(value.get("$ref"), str):
            value["$ref"] = self._turned(value["$ref"], spot)
        moved = self._inlined_maps(spot)
        for below in list(parts(spot.part)):
            way = below.pointer[len(spot.part.pointer) :]
            lower, above = _Spot(below, spot.file, spot.view + way), spot.part
            target = moved.get(split(way)[0]) if moved else None
            if target is not None:
                below = below._replace(pointer=target.pointer + way[way.index("/", 1) :])
                lower = lower._replace(part=below, file=target.file)
                above = Part("", target.value, target.pointer)
            if below.kind in _INLINED and isinstance(below.value.get("$ref"), str):
                lower = self._inlined(lower, above)
            self._todo.append(lower)

    def _turned(self, reference: str, spot: _Spot) -> str:
        """The reference within the bundle that leads where `reference` leads from where it stands."""
        target = self._target(reference, spot)
        return reference if target is None else self._home(spot.part.kind, target)

    def _home(self, kind: str, target: _Target) -> str:
        """The reference within the bundle to a part of some file, which is taken up where that is new."""
        if target.file is self._host:
            return "#" + _fragment(target.pointer)
        key = (target.file.location.name, target.pointer, kind)
        if key not in self._homes:
            section = self._sections.get(kind, SECTIONS.get(kind, "x-apiver-parts"))
            name = self._free(section, _suggested(target.pointer, target.file.location.name), target)
            place = join(f"/{section}" if self._swagger else f"/components/{section}", name)
            self._homes[key] = "#" + _fragment(place)
            self._add(kind, name, target, place)
        return self._homes[key]

    def _add(self, kind: str, name: str, target: _Target, place: str) -> None:
        section = split(place)[-2]
        self._added.setdefault(section, {})[name] = target.value
        self._known[place] = Origin(target.file.document, target.pointer)
        if isinstance(target.value, dict):
            self._todo.append(_Spot(Part(kind, target.value, target.pointer), target.file, place))

    def _free(self, section: str, name: str, target: _Target) -> str:
        root = self._host.document.root
        holder = root if self._swagger else root.get("components")
        own = holder.get(section) if isinstance(holder, dict) else None
        taken = own if isinstance(own, dict) else {}, self._added.get(section, {})
        candidates = chain(
            (name, f"{name}_{_stem(target.file.location.name)}"), (f"{name}_{number}" for number in count(2))
        )
        return next(each for each in candidates if not any(each in names for names in taken))

    def _inlined_maps(self, spot: _Spot) -> dict[str, _Target]:
        """Maps (`paths`, `properties`) that are nothing but a `$ref`: no version allows it, many do it."""
        moved = {}
        for key, field in KINDS[spot.part.kind].items():
            target, holder = None, spot
            for _ in range(_CHAIN):
                value = target.value if target else spot.part.value.get(key)
                reference = value.get("$ref") if field.shape == "map" and isinstance(value, dict) else None
                if not isinstance(reference, str) or len(value) > 1:
                    break
                place = target.pointer if target else join(spot.part.pointer, key)
                holder = holder._replace(
                    part=Part("", value, place), file=target.file if target else spot.file
                )
                found = self._target(reference, holder)
                if found is None or not isinstance(found.value, dict):
                    break
                target = found
            if target is not None:
                spot.part.value[key] = target.value
                moved[key] = target
                self._known[join(spot.view, key)] = Origin(target.file.document, target.pointer)
        return moved

    def _inlined(self, spot: _Spot, above: Part) -> _Spot:
        """A path item or operation that stands in another file, put where the reference to it stands."""
        found, kind = spot, spot.part.kind
        for _ in range(_CHAIN):
            value = found.part.value
            reference = value.get("$ref")
            if not isinstance(reference, str) or (len(value) > 1 and kind in SECTIONS):
                break  # operations may stand beside the `$ref` of a path item (OpenAPI 3.1, 4.8.9)
            target = self._target(reference, found)
            if target is None or not isinstance(target.value, dict):
                break
            found = _Spot(Part(kind, target.value, target.pointer), target.file, spot.view)
        else:
            raise InputError("the references go round in a circle", where=_where(spot))
        if found is not spot:
            _put(above, spot.part, found.part.value)
            self._known[spot.view] = Origin(found.file.document, found.part.pointer)
        return found

    def _discriminate(self, spot: _Spot) -> None:
        """Let a discriminator (OpenAPI 3.1, 4.8.25) mean the same schemas where they get other names."""
        schema = spot.part.value
        said = schema["discriminator"].get("mapping")
        mapping = {
            value: self._mapped(reference, spot) if isinstance(reference, str) else reference
            for value, reference in (said.items() if isinstance(said, dict) else ())
        }
        named = set(mapping.values())
        for keyword in ("oneOf", "anyOf"):
            members = schema.get(keyword)
            for member in members if isinstance(members, list) else ():
                reference = member.get("$ref") if isinstance(member, dict) else None
                if not isinstance(reference, str):
                    continue
                url, _, fragment = reference.partition("#")
                implied = split(unquote(fragment))[-1] if fragment.startswith("/") else _stem(url)
                turned = self._turned(reference, spot)
                if split(turned)[-1] != implied and turned not in named:
                    mapping.setdefault(implied, turned)
        if mapping != (said or {}):
            schema["discriminator"] = {**schema["discriminator"], "mapping": mapping}

    def _mapped(self, reference: str, spot: _Spot) -> str:
        pointer = join("/components/schemas", reference)
        if _PLAIN_NAME(reference):
            try:
                value = resolve(spot.file.document.root, pointer)
            except LookupError:
                value = None
            if value is not None:
                if spot.file is self._host:
                    return reference
                return self._home("schema", _Target(spot.file, pointer, value))
        try:
            return self._turned(reference, spot)
        except InputError:
            return reference

    def _target(self, reference: str, spot: _Spot) -> _Target | None:
        """What a reference leads to; None for one within the first file, which is left as it is."""
        url, _, fragment = reference.partition("#")
        if not url and spot.file is self._host:
            return None
        named = spot.file.resources.pointer(reference, spot.part.pointer)
        if named is not None and spot.file is self._host:
            return None
        try:
            if named is not None:
                return _Target(spot.file, named, resolve(spot.file.document.root, named))
            file = self._file(url, spot)
            pointer = _pointer(file, fragment)
            return _Target(file, pointer, resolve(file.document.root, pointer))
        except LookupError:
            raise InputError(
                f"{reference} leads nowhere in {file.location.name if url else spot.file.location.name}",
                where=_where(spot),
                remedy="define it there, or correct the reference",
            ) from None

    def _file(self, url: str, spot: _Spot) -> File:
        try:
            return self._shelf.file(url, spot.file, spot.part.pointer)
        except InputError as error:
            error.where = error.where or _where(spot)
            raise

    def _with_added(self, root: dict[str, Any]) -> dict[str, Any]:
        """The root with what was taken up. The containers of the text are left as they are."""
        if not self._added:
            return root
        holder: Any = root if self._swagger else root.get("components")
        holder = holder if isinstance(holder, dict) else {}
        sections = {
            name: {**(holder.get(name) if isinstance(holder.get(name), dict) else {}), **members}
            for name, members in self._added.items()
        }
        return {**root, **sections} if self._swagger else {**root, "components": {**holder, **sections}}


def _put(above: Part, below: Part, value: Any) -> None:
    """Let `value` stand where the part `below` stands in the part around it."""
    holder: Any = above.value
    tokens = split(below.pointer[len(above.pointer) :])
    for token in tokens[:-1]:
        holder = holder[int(token)] if isinstance(holder, list) else holder[token]
    holder[int(tokens[-1]) if isinstance(holder, list) else tokens[-1]] = value


def _where(spot: _Spot) -> str:
    """The place of the reference that a part holds."""
    return str(spot.file.document.locate(join(spot.part.pointer, "$ref")))


def _pointer(file: File, fragment: str) -> str:
    """The pointer that a fragment stands for: a pointer itself, or the name of an anchor."""
    if not fragment or fragment.startswith("/"):
        return of_reference("#" + fragment) or ""
    return dict(file.resources.anchored())[unquote(fragment)][0]


def _suggested(pointer: str, file: str) -> str:
    """The name for a part of another file: its own last word, or that of the file."""
    last = split(pointer)[-1] if pointer else ""
    word = f"{_stem(file)}_{last}" if last.isdigit() else last or _stem(file)
    return _ODD.sub("-", word)


def _stem(file: str) -> str:
    path = PurePosixPath(unquote(urlsplit(file).path if "://" in file else file.replace("\\", "/")))
    stem = path.name.partition(".")[0]
    return (path.parent.name if stem in ("index", "") else stem) or "part"


def _fragment(pointer: str) -> str:
    return quote(pointer, safe=_IN_FRAGMENT)
