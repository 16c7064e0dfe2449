"""JSON pointers (RFC 6901): the addresses of the parts of a document."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote


def join(pointer: str, *tokens: str | int) -> str:
    """The pointer to a part below `pointer`: `join("/paths", "/books", "get")` is `/paths/~1books/get`."""
    for token in tokens:
        text = str(token)
        if "~" in text or "/" in text:
            text = text.replace("~", "~0").replace("/", "~1")
        pointer = f"{pointer}/{text}"
    return pointer


def split(pointer: str) -> list[str]:
    """The tokens of a pointer, unescaped; none for the whole document (`""`)."""
    tokens = pointer.split("/")[1:]
    if "~" in pointer:
        return [token.replace("~1", "/").replace("~0", "~") for token in tokens]
    return tokens


def of_reference(reference: str) -> str | None:
    """The pointer in a `$ref` of this same document (`#/components/schemas/A%20B`), or None for any other."""
    if reference == "#":
        return ""
    if not reference.startswith("#/"):
        return None
    return unquote(reference[1:]) if "%" in reference else reference[1:]


def resolve(root: Any, pointer: str) -> Any:
    """The value at `pointer`; raises LookupError where there is none."""
    value = root
    for token in split(pointer):
        value = step(value, token)
    return value


def step(value: Any, token: str) -> Any:
    """The member or item of `value` that one token names; raises LookupError where there is none."""
    if isinstance(value, dict):
        return value[token]
    if isinstance(value, list) and token.isascii() and token.isdigit() and str(int(token)) == token:
        return value[int(token)]
    raise LookupError(token)
