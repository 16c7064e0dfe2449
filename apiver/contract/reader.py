"""From a file or standard input to a Document."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from apiver.contract.document import Document, Place
from apiver.errors import InputError

STDIN = "-"
_BOM = b"\xef\xbb\xbf"


def read(path: str) -> Document:
    """The OpenAPI document in the file at `path`; `-` is standard input.

    Raises InputError, with the line and column where there is one, for whatever cannot be read as an
    OpenAPI 3 document in JSON or YAML.
    """
    if path == STDIN:
        return parse(sys.stdin.buffer.read(), "<stdin>")
    try:
        return parse(Path(path).read_bytes(), path)
    except FileNotFoundError:
        raise InputError("there is no such file", where=path, remedy=_similar(Path(path))) from None
    except IsADirectoryError:
        raise InputError("this is a directory, not a file", where=path, remedy=_inside(Path(path))) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"the file cannot be read: {reason}", where=path) from None


def parse(text: bytes, name: str) -> Document:
    """The OpenAPI document that `text` is: JSON or YAML, UTF-8.

    `name` is what places and messages call it; its ending (.json, .yaml, .yml) says which of the two it is,
    else the text itself does. Raises InputError as `read` does.
    """
    text = text.removeprefix(_BOM)
    if not text.strip():
        raise InputError("the file is empty", where=name)
    try:
        root, texts, locate = _json(text, name) if _is_json(text, name) else _yaml(text, name)
        document = Document(root, name, locate)
        _check(document, texts)
    except RecursionError:
        raise InputError("the document is nested too deeply", where=name) from None
    return document


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


def _check(document: Document, texts: Iterable[str] | None) -> None:
    from apiver.contract.references import first_wrong
    from apiver.contract.shape import wrong_shape

    wrong = wrong_shape(document.root) or first_wrong(document.root, texts)
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


def _inside(path: Path) -> str | None:
    found = sorted(entry.name for entry in path.iterdir() if entry.suffix in (".json", ".yaml", ".yml"))
    return "name one of its files: " + ", ".join(found[:5]) if found else None
