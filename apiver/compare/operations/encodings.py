"""How the parts of a form are written: style, media types and headers of each (OpenAPI 3.1, 4.8.15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from apiver.compare.change import ABSENT
from apiver.compare.operations.naming import Label
from apiver.compare.operations.serialization import MISREAD, several, split_texts
from apiver.compare.operations.workbench import Message, Workbench, at
from apiver.compare.proofs.payload import (
    Part,
    content_types,
    encoded,
    encoding_of,
    multipart_type,
    parts_of,
    property_shape,
    style_in,
    written_form,
    written_multipart,
)
from apiver.compare.schemas.branches import Objects
from apiver.compare.sides.content import URLENCODED, concrete, essence, media_range, schema_of
from apiver.compare.sides.space import Conjunction, Node
from apiver.compare.sides.texts import text_of

Carry = Callable[[str, Any], Message]
"""Builds the messages that have a body in a media type."""

_ANY_TYPE = "nothing is rejected, but a part in that media type may not be read"
_UNNAMED = "the sender's contract names no media type for the part: it may be in the right one all the same"
_NO_HEADER = "no part could be built that shows it"


def compare_encodings(
    bench: Workbench, label: Label, name: str, old: Node, new: Node, sender: Node, carry: Carry
) -> None:
    """What became of the encoding of each part of a form; `sender` is the side whose parts are sent."""
    named = {key: None for side in (old, new) for key, _ in side.entries("encoding")}
    for part in named:
        for branch in _objects(bench, label, sender):
            if essence(name) == URLENCODED:
                _compare_style(bench, label, part, branch, (old, new, sender), carry)
            else:
                _compare_part(bench, label, name, part, branch, (old, new, sender), carry)
            break


def _objects(bench: Workbench, label: Label, sender: Node) -> Iterator[Objects]:
    engine = bench.engines.wire if label.direction == "request" else bench.engines.header
    for branch in engine.normalizer.branches(schema_of(sender)).get("object", ()):
        if isinstance(branch, Objects):
            yield branch


def _compare_style(
    bench: Workbench, label: Label, part: str, branch: Objects, sides: tuple[Node, Node, Node], carry: Carry
) -> None:
    """The same member is another text in an urlencoded form now."""
    old, new, sender = sides
    receiver = new if sender is old else old
    engine = bench.engines.wire if label.direction == "request" else bench.engines.header
    member: Conjunction = branch.member(part)
    kinds = engine.normalizer.branches(member)
    changed = [kind for kind in kinds if property_shape(old, part, kind) != property_shape(new, part, kind)]
    values = [value for kind in changed for value in several(engine, member, kind)]
    subject = f"{label.text}.{part}"
    title = f"{subject} is written in another way now"
    if values:
        texts = [written_form(side, {part: values[0]}) for side in (new, old)]
        title = f'{subject} is written as "{texts[0]}" now, not as "{texts[1]}"'
    elif not changed:
        for other in _objects(bench, label, receiver):
            values = split_texts(engine, member, other.member(part), style_in(receiver, part))
            title = f"{subject} is written as a list now"
            break
        if not values:
            return
    before, after = (str(style_in(side, part)) for side in (old, new))
    messages = []
    for value in values:
        form = engine.sampler.object(branch, {part: value})
        if form is not ABSENT:
            messages.append(partial(carry, URLENCODED, written_form(sender, form)))
    rule, where = f"{label.direction}-body-encoding-changed", ("body", part)
    here, there = _point(old, part, before), _point(new, part, after)
    bench.breaking(rule, subject, title, here, there, where, *messages, reason=MISREAD)


def _compare_part(
    bench: Workbench,
    label: Label,
    name: str,
    part: str,
    branch: Objects,
    sides: tuple[Node, Node, Node],
    carry: Carry,
) -> None:
    """A part of a multipart body comes in another media type, or without a header that is required."""
    old, new, sender = sides
    receiver = new if sender is old else old
    engine = bench.engines.wire if label.direction == "request" else bench.engines.header
    value = engine.sampler.sample(branch.member(part))
    form = engine.sampler.object(branch, {part: value}) if value is not ABSENT else ABSENT
    if form is ABSENT:
        bench.left_out(old, new, f"no value was found for the part {part!r}")
        return
    subject, where = f"{label.text}.{part}", ("body", part)
    usual = _usual_type(branch.member(part))
    before, after = (content_types(side, part, value, usual) for side in (old, new))
    sent, known = (before, dict.fromkeys(after)) if sender is old else (after, dict.fromkeys(before))
    strange = [each for each in sent if media_range(known, concrete(each, known)) is None]
    rule, carried = f"{label.direction}-body-encoding-changed", multipart_type(name)
    here, there = _point(old, part, before), _point(new, part, after)
    request, parts = label.direction == "request", _parts(bench, sender, form)
    if strange:
        kinds = ", ".join(strange)
        title = f"{subject} may be {kinds} now"
        if request:
            title = f"{subject} is {kinds} no more, only {', '.join(known)}"
        media_type = concrete(strange[0], known)
        typed = [_typed(each, part, media_type) for each in parts]
        message = partial(carry, carried, written_multipart(typed))
        if "contentType" in encoded(sender, part):
            bench.breaking(rule, subject, title, here, there, where, message, reason=_ANY_TYPE)
        else:
            bench.risky(rule, subject, title, here, there, _UNNAMED)
    lost = [each for each in _required(receiver, part) if each not in _required(sender, part)]
    if lost and not strange:
        title = f"{subject} {'must have' if request else 'may lack'} the header {', '.join(lost)} now"
        message = partial(carry, carried, written_multipart(parts))
        bench.breaking(rule, subject, title, here, there, where, message, reason=_NO_HEADER)


def _usual_type(schema: Conjunction) -> str:
    """The media type of a part of which none is named (OpenAPI 3.1.1, 4.8.15.1): bytes without a type."""
    said = [node.peeled().raw for node in schema]
    known = [raw for raw in said if isinstance(raw, dict)]
    for raw in known:
        if isinstance(raw.get("contentMediaType"), str):
            return str(raw["contentMediaType"])
    binary = any(raw.get("format") == "binary" or "contentEncoding" in raw for raw in known)
    typed = any("type" in raw or "enum" in raw or "const" in raw for raw in known)
    return "application/octet-stream" if binary or not typed else "text/plain"


def _parts(bench: Workbench, media: Node, form: dict[str, Any]) -> list[Part]:
    """The parts of a form, with the headers that their encoding requires."""
    made = []
    for part in parts_of(media, form):
        encoding = encoding_of(media, part.name)
        headers = dict(part.headers)
        for name, entry in encoding.entries("headers") if encoding is not None else ():
            header = media.space.follow(entry)
            if isinstance(header.raw, dict) and header.raw.get("required") is True:
                headers[name.lower()] = text_of(bench.engines.wire.sampler.sample(schema_of(header)) or "x")
        made.append(part._replace(headers=headers))
    return made


def _typed(part: Part, name: str, media_type: str) -> Part:
    return part if part.name != name else part._replace(headers={**part.headers, "content-type": media_type})


def _required(media: Node, part: str) -> list[str]:
    encoding = encoding_of(media, part)
    found = []
    for name, entry in encoding.entries("headers") if encoding is not None else ():
        header = media.space.follow(entry)
        if isinstance(header.raw, dict) and header.raw.get("required") is True:
            found.append(name.lower())
    return found


def _point(media: Node, part: str, value: Any) -> Any:
    return at(encoding_of(media, part) or media, value)
