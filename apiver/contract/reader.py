"""From what a user names to a Document: files, standard input, git revisions, URLs, directories."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apiver.contract.address import STDIN, SUFFIXES, Kind, kind_of, of_pattern
from apiver.contract.document import Document, Place
from apiver.contract.location import FileLocation, Location, Reach
from apiver.errors import InputError

if TYPE_CHECKING:
    from apiver.contract.revision import Tree

_BOM = b"\xef\xbb\xbf"
_ANYWHERE = Reach()


def read(name: str, reach: Reach = _ANYWHERE) -> Document:
    """The OpenAPI document that a name stands for.

    `-` is standard input, `REVISION:path` a file of a git revision, `https://...` a document on the network;
    a directory or a pattern (`specs/*.yaml`) is all documents in it, taken as one API. A file of the name
    comes first. `reach` says how far the name, and references to other files, may reach.

    Raises InputError, with the line and column where there is one, for whatever cannot be read as OpenAPI 3
    or Swagger 2.0 in JSON or YAML.
    """
    if name == STDIN:
        location = FileLocation.of("<stdin>", reach)
        return parse(sys.stdin.buffer.read(), location.name, location)
    kind = kind_of(name)
    if kind is Kind.URL:
        from apiver.contract.web import WebLocation

        return _at(WebLocation.of(name, reach))
    if kind is Kind.REVISION:
        return _at_revision(name, reach)
    path = Path(name)
    if kind is Kind.SEVERAL or (kind is Kind.VERSION and path.is_dir()):
        return _together([FileLocation.of(each, reach) for each in _files(path, name)], name)
    try:
        return _at(FileLocation.of(name, reach))
    except InputError as error:
        if error.where == name and error.remedy is None and not os.path.exists(name):  # noqa: PTH110 - bears any name
            error.remedy = _similar(path)
        raise


def parse(text: bytes, name: str, location: Location | None = None) -> Document:
    """The OpenAPI document that `text` is: JSON or YAML, UTF-8.

    `name` is what places and messages call it; its ending (.json, .yaml, .yml) says which of the two it is,
    else the text itself does. References to other files are followed from its `location`; without one they
    are refused. Raises InputError as `read` does.
    """
    try:
        return _understood(_syntax(text, name), location)
    except RecursionError:
        raise InputError("the document is nested too deeply", where=name) from None


class _Text(NamedTuple):
    """A document of which nothing but the syntax is known, and all texts that may be its references."""

    document: Document
    references: Iterable[str] | None


def _at(location: Location) -> Document:
    return parse(location.read(), location.name, location)


def _at_revision(name: str, reach: Reach) -> Document:
    from apiver.contract.revision import Tree, TreeLocation

    revision, _, path = name.partition(":")
    tree = Tree.at(revision)
    several = _in_tree(tree, path)
    if several is not None:
        return _together([TreeLocation(tree, each, reach) for each in several], name)
    return _at(TreeLocation(tree, tree.find(path), reach))


def _in_tree(tree: Tree, path: str) -> list[str] | None:
    """The documents of a directory or pattern at a revision; None where `path` names a single file."""
    wanted = tree.find(path)
    if wanted in tree.entries:
        return None
    if any(sign in path for sign in "*?["):
        return _some(of_pattern(wanted, sorted(tree.entries)), f"{tree.revision}:{path}")
    below = tree.below(wanted)
    if not below:
        return None
    start = 0 if wanted == "." else len(wanted) + 1
    listed = [each for each in below if "/" not in each[start:] and each.lower().endswith(SUFFIXES)]
    return _some(listed, f"{tree.revision}:{path}")


def _files(path: Path, name: str) -> list[str]:
    """The documents of a directory, or all files that a pattern fits, in order."""
    if path.is_dir():
        found = [each for each in path.iterdir() if each.suffix.lower() in SUFFIXES and each.is_file()]
        return _some(sorted(str(each) for each in found), name)
    import glob

    fitting = glob.glob(name, recursive=True)  # noqa: PTH207 - the pattern may begin at the root
    return _some(sorted(each for each in fitting if Path(each).is_file()), name)


def _some(found: list[str], name: str) -> list[str]:
    if not found:
        raise InputError(
            "there is no contract here", where=name, remedy=f"the files must end in {', '.join(SUFFIXES)}"
        )
    return found


def _together(locations: list[Any], name: str) -> Document:
    """The documents among several files as one API; the other files are what these refer to."""
    from apiver.contract.merge import merged

    documents = []
    for location in locations:
        try:
            text = _syntax(location.read(), location.name)
            root = text.document.root
            if isinstance(root, dict) and ("openapi" in root or "swagger" in root):
                documents.append(_understood(text, location))
        except RecursionError:
            raise InputError("the document is nested too deeply", where=location.name) from None
    if not documents:
        raise InputError(
            "none of these files is an OpenAPI document",
            where=", ".join(each.name for each in locations[:5]),
            remedy="one begins with  openapi: 3.1.0",
        )
    try:
        return merged(documents, name)
    except RecursionError:
        raise InputError("the documents are nested too deeply", where=name) from None


def _syntax(text: bytes, name: str) -> _Text:
    text = text.removeprefix(_BOM)
    if not text.strip():
        raise InputError("the file is empty", where=name)
    root, references, locate = _json(text, name) if _is_json(text, name) else _yaml(text, name)
    return _Text(Document(root, name, locate), references)


_Read = tuple[Any, Iterable[str] | None, Callable[[str], Place | None]]


def _is_json(text: bytes, name: str) -> bool:
    suffix = Path(name).suffix.lower()
    return suffix == ".json" or (suffix not in (".yaml", ".yml") and text.lstrip()[:1] in (b"{", b"["))


def _json(text: bytes, name: str) -> _Read:
    from apiver.contract.json_places import JsonPlaces
    from apiver.contract.json_text import read_json, references_in

    root = read_json(text, name)
    return root, references_in(text), JsonPlaces(text, root, name).locate


def _yaml(text: bytes, name: str) -> _Read:
    from apiver.contract.yaml_text import read_yaml

    root, texts, places = read_yaml(text, name)
    if places is None:
        raise InputError("the file holds nothing but comments", where=name)
    return root, texts, places.locate


def _understood(text: _Text, location: Location | None) -> Document:
    """The document as comparing uses it: complete, of OpenAPI 3, with every reference leading somewhere."""
    from apiver.contract.references import first_wrong, leads_outside
    from apiver.contract.shape import wrong_parts, wrong_version

    document, references = text
    _refuse(document, wrong_version(document.root))
    outside = leads_outside(document.root, references)
    _refuse(document, first_wrong(document.root, references, outside=location is not None))
    if outside and location is not None:
        from apiver.contract.bundle import bundled

        document = bundled(document, location, lambda text, name: _syntax(text, name).document)
    if "openapi" not in document.root:
        from apiver.contract.swagger import upgraded

        document = upgraded(document)
    _refuse(document, wrong_parts(document.root))
    return document


def _refuse(document: Document, wrong: tuple[str, str, str | None] | None) -> None:
    if wrong is not None:
        pointer, what, remedy = wrong
        raise InputError(what, where=str(document.locate(pointer)), remedy=remedy)


def _similar(path: Path) -> str | None:
    try:
        names = sorted(entry.name for entry in path.parent.iterdir())
    except OSError:
        return f"there is no directory {path.parent}"
    close = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean {path.parent / close[0]}?" if close else None
