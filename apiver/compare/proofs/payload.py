"""Bodies as they stand on the wire: forms and multipart messages, written and read by their encoding.

OpenAPI 3.1, 4.8.14 (Media Type Object) and 4.8.15 (Encoding Object); RFC 7578 for multipart/form-data.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from email import message_from_string
from itertools import islice, product
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote

from apiver.compare.sides.content import essence, media_range
from apiver.compare.sides.space import Node
from apiver.compare.sides.styles import Style, read, read_deep, shape, styled, written

_BOUNDARY = "part"
_MOST_FORMS = 64


class Part(NamedTuple):
    """One part of a multipart body: its name, its headers (names in lower case), its text."""

    name: str
    headers: dict[str, str]
    text: str


def encoding_of(media: Node, name: str) -> Node | None:
    """The Encoding Object of a property, if there is one."""
    return next((node for key, node in media.entries("encoding") if key == name), None)


def encoded(media: Node, name: str) -> dict[str, Any]:
    """What the encoding of a property says; nothing where it has none."""
    encoding = encoding_of(media, name)
    return encoding.raw if encoding is not None and isinstance(encoding.raw, dict) else {}


def style_in(media: Node, name: str) -> Style:
    """How a property of a form is written: `form`, exploded, unless its encoding says otherwise."""
    return styled(encoded(media, name), "form", "form")


def property_shape(media: Node, name: str, kind: str) -> str:
    """How a property's values of a JSON type look in a form."""
    raw = encoded(media, name)
    if "contentType" in raw and not {"style", "explode", "allowReserved"} & raw.keys():
        return f"content {raw['contentType']}"
    return shape(style_in(media, name), kind)


def written_form(media: Node, value: dict[str, Any]) -> str:
    """An urlencoded body."""
    pieces = []
    for name, each in value.items():
        if property_shape(media, name, "array").startswith("content ") and isinstance(each, list | dict):
            pieces.append((name, json.dumps(each, ensure_ascii=False, separators=(",", ":"))))
        else:
            pieces += written(style_in(media, name), name, each)
    return "&".join(f"{quote(name, safe='')}={quote(text, safe='/:@,')}" for name, text in pieces)


def read_form(media: Node, text: str) -> Iterator[dict[str, Any]]:
    """What an urlencoded body may be: objects with texts at the leaves."""
    sent: dict[str, list[str]] = {}
    for name, said in parse_qsl(text, keep_blank_values=True):
        sent.setdefault(name, []).append(said)
    choices: dict[str, list[Any]] = {}
    named = {name for name, node in media.entries("encoding") if isinstance(node.raw, dict)}
    for name in named:
        if style_in(media, name).name == "deepObject":
            deep = read_deep(name, sent)
            if deep is not None:
                choices[name] = [deep]
                sent = {key: said for key, said in sent.items() if not key.startswith(f"{name}[")}
    for name, texts in sent.items():
        forms: list[Any] = [*_as_json(texts), *read(style_in(media, name), name, texts)]
        choices[name] = forms or [texts]
    for chosen in islice(product(*choices.values()), _MOST_FORMS):
        yield dict(zip(choices, chosen, strict=True))


def wrong_texts(media: Node, text: str) -> Iterator[tuple[str, str]]:
    """The members of an urlencoded body that are not written as their encoding says: name, what is wrong."""
    for name, count in Counter(name for name, _ in parse_qsl(text, keep_blank_values=True)).items():
        if count > 1 and not style_in(media, name).repeats:
            yield name, f"{name!r} is sent {count} times, where one is expected"


def _as_json(texts: list[str]) -> Iterator[Any]:
    if len(texts) == 1 and texts[0][:1] in ("{", "["):
        try:
            yield json.loads(texts[0])
        except ValueError:
            return


def multipart_type(media_type: str) -> str:
    """The media type of a multipart body, with the boundary between its parts."""
    return f"{essence(media_type)}; boundary={_BOUNDARY}"


def written_multipart(parts: list[Part]) -> str:
    """A multipart body (RFC 7578)."""
    lines = []
    for part in parts:
        lines.append(f"--{_BOUNDARY}")
        lines.append(f'Content-Disposition: form-data; name="{part.name}"')
        lines += [f"{name.title()}: {text}" for name, text in part.headers.items()]
        lines += ["", part.text]
    return "\r\n".join([*lines, f"--{_BOUNDARY}--", ""])


def read_multipart(text: str) -> list[Part]:
    """The parts of a multipart body; none where it is none."""
    boundary = text.partition("\r\n")[0].removeprefix("--")
    message = message_from_string(f'Content-Type: multipart/form-data; boundary="{boundary}"\r\n\r\n{text}')
    if not message.is_multipart():
        return []
    parts = []
    for each in message.get_payload():
        assert not isinstance(each, str)
        name = each.get_param("name", "", header="content-disposition")
        headers = {
            key.lower(): str(said) for key, said in each.items() if key.lower() != "content-disposition"
        }
        parts.append(Part(str(name), headers, str(each.get_payload())))
    return parts


def parts_of(media: Node, value: dict[str, Any]) -> list[Part]:
    """A value as parts: texts as they are, lists as a part for each element, everything else as JSON."""
    parts = []
    for name, each in value.items():
        for item in each if isinstance(each, list) else [each]:
            text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
            parts.append(Part(name, {"content-type": content_types(media, name, item)[0]}, text))
    return parts


def content_types(media: Node, name: str, value: Any = "", usual: str = "text/plain") -> list[str]:
    """The media types in which a part may be: those of its encoding, else JSON for objects, else `usual`."""
    said = encoded(media, name).get("contentType")
    if isinstance(said, str) and said.strip():
        return [each.strip() for each in said.split(",")]
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        return ["application/json"]
    return [usual]


def value_of(parts: list[Part]) -> dict[str, Any]:
    """What the parts of a multipart body are together, with texts at the leaves."""
    found: dict[str, list[Any]] = {}
    for part in parts:
        value: Any = part.text
        if "json" in part.headers.get("content-type", ""):
            try:
                value = json.loads(part.text)
            except ValueError:
                value = part.text
        found.setdefault(part.name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def wrong_parts(media: Node, parts: list[Part]) -> Iterator[tuple[str, str]]:
    """The parts that are not as their encoding says: the name, and what is wrong."""
    for part in parts:
        encoding = encoding_of(media, part.name)
        if encoding is None or not isinstance(encoding.raw, dict):
            continue
        sent = part.headers.get("content-type", "text/plain")
        if "contentType" in encoding.raw:
            known = dict.fromkeys(content_types(media, part.name))
            if media_range(known, sent) is None:
                yield part.name, f"the part {part.name!r} is {sent}, not {', '.join(known)}"
        for name, entry in encoding.entries("headers"):
            header = media.space.follow(entry)
            required = isinstance(header.raw, dict) and header.raw.get("required") is True
            if required and name.lower() not in (*part.headers, "content-type"):
                yield part.name, f"the part {part.name!r} has no header {name}"
