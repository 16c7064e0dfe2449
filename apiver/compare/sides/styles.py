"""How values are written into URLs, headers and cookies, and how such texts are read.

OpenAPI 3.1, 4.8.12.2 to 4.8.12.4 (Style Values and Examples); `cookie` is a style of OpenAPI 3.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from apiver.compare.sides.space import Node
from apiver.compare.sides.texts import text_of

_DEFAULTS = {"query": "form", "cookie": "form"}
_REPEATING = ("form", "cookie", "deepObject")  # exploded unless they say otherwise
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}

Piece = tuple[str, str]
"""A name and a text, as they stand in a query or a cookie; in paths and headers the name is not written."""


class Style(NamedTuple):
    """How a parameter is written: in which place, in which style, and whether it is repeated or joined."""

    where: str
    name: str
    explode: bool

    def __str__(self) -> str:
        return f"{self.name}, exploded" if self.explode else self.name

    @property
    def delimiter(self) -> str:
        """What stands between the parts of a value that is not repeated."""
        if self.explode and self.name == "label":
            return "."
        return _DELIMITERS.get(self.name, ",")

    @property
    def repeats(self) -> bool:
        """Whether each part of a value stands on its own with a name: `a=1&a=2`."""
        named = self.name in ("form", "cookie", "spaceDelimited", "pipeDelimited", "deepObject")
        return self.explode and named and self.where in ("query", "cookie", "form")


PLAIN = Style("header", "simple", False)


def style_of(parameter: Node) -> Style:
    """The style of a parameter or header, with the defaults filled in."""
    where = str(parameter.raw.get("in", "header"))
    return styled(parameter.raw, where, _DEFAULTS.get(where, "simple"))


def styled(raw: Mapping[str, Any], where: str, otherwise: str) -> Style:
    """The style that an object with `style` and `explode` names; `otherwise` is its default."""
    name = str(raw.get("style") or otherwise)
    explode = raw.get("explode")
    return Style(where, name, explode if isinstance(explode, bool) else name in _REPEATING)


def shape(style: Style, kind: str) -> str:
    """How values of a JSON type look in that style: what has the same shape is written alike."""
    prefix = {"label": ".", "matrix": ";"}.get(style.name, "")
    if kind == "array":
        many = "&" if style.repeats else ";" if style.explode and prefix == ";" else style.delimiter
        return f"{prefix}array{many}"
    if kind == "object":
        if style.name == "deepObject":
            return "object[]"
        many = "&" if style.repeats else ";" if style.explode and prefix == ";" else style.delimiter
        return f"{prefix}object{many}{'=' if style.explode else ''}"
    return prefix


def written(style: Style, name: str, value: Any) -> list[Piece]:
    """The pieces that carry a value: one, or one for each part where they are repeated."""
    if isinstance(value, dict):
        return _written_object(style, name, value)
    if isinstance(value, list):
        texts = [text_of(each) for each in value]
        if style.repeats:
            return [(name, text) for text in texts]
        if style.name == "matrix" and style.explode:
            return [(name, "".join(f";{name}={text}" for text in texts))]
        return [(name, _prefixed(style, name, style.delimiter.join(texts)))]
    return [(name, _prefixed(style, name, text_of(value)))]


def _written_object(style: Style, name: str, value: dict[str, Any]) -> list[Piece]:
    members = [(key, text_of(each)) for key, each in value.items()]
    if style.name == "deepObject":
        return [(f"{name}[{key}]", text) for key, text in members]
    if style.repeats:
        return members
    if style.explode:
        if style.name == "matrix":
            return [(name, "".join(f";{key}={text}" for key, text in members))]
        joined = style.delimiter.join(f"{key}={text}" for key, text in members)
        return [(name, _prefixed(style, name, joined))]
    flat = [part for member in members for part in member]
    return [(name, _prefixed(style, name, style.delimiter.join(flat)))]


def _prefixed(style: Style, name: str, text: str) -> str:
    if style.name == "label":
        return f".{text}"
    if style.name == "matrix":
        return f";{name}={text}" if text else f";{name}"
    return text


def read(style: Style, name: str, texts: list[str]) -> Iterator[Any]:
    """What the texts that stand under the name may be, with texts at the leaves: a text, a list, an object.

    None of it is sure: only the schema tells which is meant. Nothing where the texts are not of that style.
    """
    if style.repeats:
        if len(texts) == 1:
            yield texts[0]
        yield list(texts)
        return
    if len(texts) != 1:
        return
    text = texts[0]
    if style.name == "label":
        if not text.startswith("."):
            return
        text = text[1:]
    elif style.name == "matrix":
        yield from _read_matrix(style, name, text)
        return
    yield text
    parts = [part.strip() if style.where == "header" else part for part in text.split(style.delimiter)]
    yield parts if text else []
    yield from _read_members(style, parts)


def _read_matrix(style: Style, name: str, text: str) -> Iterator[Any]:
    if not text.startswith(";"):
        return
    members = [part.partition("=")[::2] for part in text[1:].split(";")]
    own = [said for key, said in members if key == name]
    if len(own) == len(members):
        if len(own) == 1:
            yield own[0]
        yield own if style.explode else own[0].split(",")
        if not style.explode:
            yield from _read_members(style, own[0].split(","))
    if style.explode:
        yield dict(members)


def _read_members(style: Style, parts: list[str]) -> Iterator[dict[str, str]]:
    if style.explode:
        if all("=" in part for part in parts):
            yield dict(part.partition("=")[::2] for part in parts)
    elif len(parts) % 2 == 0:
        yield dict(zip(parts[::2], parts[1::2], strict=True))


def read_deep(name: str, sent: Mapping[str, list[str]]) -> dict[str, Any] | None:
    """The object that stands in `name[key]` texts; None where there are none."""
    found: dict[str, Any] = {}
    for key, texts in sent.items():
        if key.startswith(f"{name}[") and key.endswith("]"):
            inner = key[len(name) + 1 : -1].split("][")
            holder = found
            for step in inner[:-1]:
                below = holder.setdefault(step, {})
                holder = below if isinstance(below, dict) else {}
            holder[inner[-1]] = texts[0] if len(texts) == 1 else list(texts)
    return found or None
