"""Bodies as a contract declares them, and which media range a media type falls under."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apiver.compare.sides.space import Conjunction, Node
from apiver.compare.sides.surface import Operation

URLENCODED = "application/x-www-form-urlencoded"

_SUBTYPES = {"text": ("plain", "csv", "html"), "image": ("png", "jpeg")}


def request_body(operation: Operation) -> Node | None:
    """The Request Body Object of an operation, references followed."""
    if "requestBody" not in operation.node.raw:
        return None
    body = operation.space.follow(operation.node.child("requestBody"))
    return body if isinstance(body.raw, dict) else None


def response_for(operation: Operation, status: str) -> Node | None:
    """The response for a status: the code itself, then its range, then `default` (OpenAPI 3.1, 4.8.16)."""
    declared = dict(operation.node.entries("responses"))
    for key in (status, f"{status[:1]}XX", f"{status[:1]}xx", "default"):
        if key in declared:
            response = operation.space.follow(declared[key])
            return response if isinstance(response.raw, dict) else None
    return None


def content_of(holder: Node) -> dict[str, Any]:
    """The Media Type Objects of a body by media range."""
    content = holder.raw.get("content") if isinstance(holder.raw, dict) else None
    return content if isinstance(content, dict) else {}


def media_of(holder: Node, name: str) -> Node:
    """The Media Type Object of that name, which may be a reference (OpenAPI 3.2)."""
    return holder.space.follow(holder.child("content", name))


def schema_of(holder: Node) -> Conjunction:
    """The schema of a parameter, header or Media Type Object; everything where it has none."""
    return (holder.child("schema"),) if isinstance(holder.raw, dict) and "schema" in holder.raw else ()


def media_range(content: dict[str, Any], sent: str) -> str | None:
    """The most specific declared media range that the media type falls under (OpenAPI 3.1, 4.8.14)."""
    wanted = essence(sent)
    for key in content:
        if essence(key) == wanted and _parameters(key) <= _parameters(sent):
            return key
    for narrow in (True, False):
        for key in content:
            kind, _, sub = essence(key).partition("/")
            if sub == "*" and kind == (wanted.partition("/")[0] if narrow else "*"):
                return key
    return None


def matching_media(
    old: Node, new: Node, versions: tuple[str, str] | None = None
) -> Iterator[tuple[str, Node | None, Node | None]]:
    """Every media type or range that one side names, with the objects that apply to it on each side.

    A pair of objects is given once, under its most specific name. `versions` are the media types, if any,
    that say nothing but which version a body is of: the one of the old side, and the one of the new side.
    """
    ours, theirs = content_of(old), content_of(new)
    seen = set()
    before, after = versions or ("", "")
    for name in sorted({**ours, **theirs}, key=lambda name: "*" in name):
        mine, its = media_range(ours, name), media_range(theirs, name)
        if mine is None and name == after:
            mine = media_range(ours, before)
        if its is None and name == before:
            its = media_range(theirs, after)
        if (mine, its) not in seen:
            seen.add((mine, its))
            yield (
                name,
                media_of(old, mine) if mine is not None else None,
                media_of(new, its) if its is not None else None,
            )


def items_of(media: Node) -> Conjunction:
    """What holds for each item of a sequence: a stream of JSON lines, of events (OpenAPI 3.2 `itemSchema`).

    A schema of the whole says it of the elements of an array.
    """
    if isinstance(media.raw, dict) and "itemSchema" in media.raw:
        return (media.child("itemSchema"),)
    for whole in schema_of(media):
        peeled = whole.peeled()
        if isinstance(peeled.raw, dict) and "items" in peeled.raw:
            return (peeled.child("items"),)
    return ()


def described_by(holder: Node) -> tuple[str, Conjunction]:
    """The media type and the schema of a parameter or header with `content`; "" where it has a style."""
    media = next(iter(holder.entries("content")), None)
    return ("", schema_of(holder)) if media is None else (essence(media[0]), schema_of(media[1]))


def is_text(media_type: str) -> bool:
    """Whether a body of that type is a text, or texts by name: a form."""
    return essence(media_type).startswith("text/") or is_form(media_type)


def is_form(media_type: str) -> bool:
    """Whether a body of that type is made of named parts."""
    return essence(media_type) == URLENCODED or essence(media_type).startswith("multipart/")


def is_opaque(media_type: str) -> bool:
    """Whether a body of that type is bytes that a schema says nothing of: a PDF, an image, an archive."""
    name = essence(media_type)
    structured = "json" in name or "xml" in name or "yaml" in name or name.endswith("*")
    return not structured and not is_text(name)


def concrete(media_type: str, outside: dict[str, Any] | None = None) -> str:
    """A media type that falls under a range, and under none of those in `outside` where that can be."""
    kind, _, sub = media_type.partition("/")
    if sub.partition(";")[0].strip() != "*":
        return media_type
    names = [
        f"{'application' if kind == '*' else kind}/{each}"
        for each in _SUBTYPES.get(kind, ("json", "xml", "cbor"))
    ]
    return next((name for name in names if media_range(outside or {}, name) is None), names[0])


def essence(media_type: str) -> str:
    """The type and subtype alone, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def _parameters(media_type: str) -> set[str]:
    given = {part.strip().lower() for part in media_type.split(";")[1:] if part.strip()}
    return {part for part in given if not part.startswith("charset=")}
