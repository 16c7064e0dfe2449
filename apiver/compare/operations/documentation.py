"""What is said about the parts of a contract, and means nothing to a program: descriptions, examples, titles.

The words of two parts are compared where both parts are the same one: an operation and its partner, a
component and the one of its name, and what lies at the same place below them. Where a part went or came
there is a change of the contract already; its words went or came with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from apiver.compare.change import ABSENT, Effect, OperationRef
from apiver.compare.proofs.findings import Finding
from apiver.compare.schemas.gaps import Point
from apiver.compare.sides.pairing import Pair
from apiver.compare.sides.reach import Reach, components
from apiver.compare.sides.space import Node, Space, canonical
from apiver.compare.sides.surface import METHODS
from apiver.contract.pointer import split

RULE = "documentation-changed"

_WORDS = {
    "description": "a description",
    "summary": "a summary",
    "title": "a title",
    "example": "an example",
    "examples": "examples",
    "externalDocs": "a link to more",
    "$comment": "a comment",
    "bearerFormat": "a bearer format",
    "contact": "a contact",
    "license": "a license",
    "termsOfService": "terms of service",
    "value": "a value",  # of an Example Object
}
# Keys whose value is a part, with what that adds to the name of the whole; a name alone stands for itself.
_PARTS = {
    **dict.fromkeys(("schema", "not", "if", "then", "else", "propertyNames", "contentSchema", "info"), ""),
    **dict.fromkeys(("items", "contains", "unevaluatedItems", "itemSchema"), "[]"),
    **dict.fromkeys(("additionalProperties", "unevaluatedProperties"), ".*"),
    "requestBody": "body",
    **dict.fromkeys(METHODS, ""),
}
# Keys whose value is a map from names to parts.
_MAPS = {
    **dict.fromkeys(("properties", "patternProperties", "encoding", "$defs", "variables"), "{whole}.{name}"),
    **dict.fromkeys(("dependentSchemas", "content"), "{whole}"),
    "responses": "the {name} response",
    "headers": "header {name}",
    "links": "the link {name}",
    "webhooks": "the webhook {name}",
}
_LISTS = frozenset(("parameters", "allOf", "anyOf", "oneOf", "prefixItems", "servers", "tags"))
_WRAPPERS = frozenset(("$ref", "allOf", "anyOf", "oneOf"))
_PLACES = {"query": "?{name}", "path": "{{{name}}}"}


class Shared(NamedTuple):
    """A part that both documents have. `operation` is the one that it belongs to, None where it is shared."""

    old: Node
    new: Node
    subject: str
    operation: OperationRef | None = None


def differs(before: Space, after: Space, pairs: list[Pair]) -> Finding | None:
    """One finding for all words that differ, at the first of them; None where none do."""
    found = [(part, word) for part in _shared(before, after, pairs) for word in _reworded(part)]
    if not found:
        return None
    part, word = found[0]
    places = "1 place" if len(found) == 1 else f"{len(found)} places"
    title = f"what the contract says in words differs in {places}"
    return Finding(RULE, Effect.DOCS, "none", "documentation", title, *_points(part, word))


def documentation(before: Space, after: Space, pairs: list[Pair], reach: Reach) -> Iterator[Finding]:
    """A finding for each description, example or other word that was changed, added or taken away."""
    for part in _shared(before, after, pairs):
        words = _reworded(part)
        for word, places in _listed(part, words) if words else ():
            refs = (part.operation,) if part.operation else reach.operations(part.old.pointer)
            yield Finding(
                RULE,
                Effect.DOCS,
                "none",
                part.subject,
                _title(part, word, places),
                *_points(part, word),
                dict.fromkeys(refs),
                name=word,
            )


def _listed(part: Shared, words: list[str]) -> Iterator[tuple[str, int]]:
    """The words of a part that differ, each with the number of places in it that do."""
    from deepdiff import DeepDiff

    old, new = ({word: node.raw[word] for word in words if word in node.raw} for node in part[:2])
    try:
        tree = DeepDiff(old, new, view="tree")
        paths = [level.path(output_format="list") for levels in tree.values() for level in levels]
    except RecursionError:
        paths = [[word] for word in words]
    for word in words:
        places = [path for path in paths if path[0] == word]
        if places:
            yield word, len(places)


def _title(part: Shared, word: str, places: int) -> str:
    whole = f"the {part.subject}" if part.subject in ("operation", "path") else part.subject
    if word not in part.old.raw:
        return f"{whole} has {_WORDS[word]} now"
    noun = _WORDS[word].removeprefix("a ").removeprefix("an ")
    if word not in part.new.raw:
        return f"the {noun} of {whole} {'are' if noun.endswith('s') else 'is'} gone"
    if isinstance(part.old.raw[word], str) and isinstance(part.new.raw[word], str) and word != "example":
        return f"the {noun} of {whole} was reworded"
    return f"the {noun} of {whole} changed" + (f" in {places} places" if places > 1 else "")


def _points(part: Shared, word: str) -> tuple[Point, Point]:
    old, new = (
        Point(node.child(word).pointer, node.raw[word]) if word in node.raw else Point(node.pointer, ABSENT)
        for node in part[:2]
    )
    return old, new


def _reworded(part: Shared) -> list[str]:
    """The keys of a part below which the words are not the same on both sides."""
    old, new = part.old.raw, part.new.raw
    if any("$ref" in node.raw and node.space.legacy for node in part[:2]):
        return []  # OpenAPI 3.0 ignores what stands beside a reference (4.7.23)
    if any((key in old) != (key in new) for key in _WRAPPERS):
        return []  # wrapped or unwrapped: the words moved with the rest
    return [word for word in _WORDS if not same(old.get(word, ABSENT), new.get(word, ABSENT))]


def same(old: Any, new: Any) -> bool:
    """Whether both are the same JSON; parts that are nested too deep to tell are not."""
    if old is ABSENT or new is ABSENT:
        return old is new
    try:
        return bool(old == new) and canonical(old, sort=True) == canonical(new, sort=True)
    except RecursionError:
        return False


def _shared(before: Space, after: Space, pairs: list[Pair]) -> Iterator[Shared]:
    """Every part that both documents have and that differs, once, in the order of the old document."""
    seen: set[int] = set()
    for start in _starts(before, after, pairs):
        waiting = [start]
        while waiting:
            part = waiting.pop()
            if id(part.old.raw) in seen or same(part.old.raw, part.new.raw):
                continue
            seen.add(id(part.old.raw))
            yield part
            waiting += reversed(list(_inside(part)))


def _starts(before: Space, after: Space, pairs: list[Pair]) -> Iterator[Shared]:
    yield Shared(Node(before, before.root, ""), Node(after, after.root, ""), "the API")
    for pair in pairs:
        yield Shared(pair.old.item, pair.new.item, "path", pair.old.ref)
        yield Shared(pair.old.node, pair.new.node, "operation", pair.old.ref)
    for pointer in components(before):
        old, new = before.node(pointer), after.node(pointer)
        if old is not None and new is not None and isinstance(old.raw, dict) and isinstance(new.raw, dict):
            yield Shared(old, new, split(pointer)[2])


def _inside(part: Shared) -> Iterator[Shared]:
    """The parts below a part that both sides have. What a path item holds belongs to its operations."""
    for key, old in part.old.raw.items():
        new = part.new.raw.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            if key in _PARTS and not (part.subject == "path" and key in METHODS):
                yield _below(part, (key,), (key,), _named(part.subject, _PARTS[key]))
            elif key in _MAPS:
                for name in _objects(old, new):
                    said = _MAPS[key].format(whole=part.subject, name=name)
                    yield _below(part, (key, name), (key, name), said)
            elif key == "callbacks":
                for name in _objects(old, new):
                    for url in _objects(old[name], new[name]):
                        yield _below(part, (key, name, url), (key, name, url), f"the callback {name}")
        elif key in _LISTS and isinstance(old, list) and isinstance(new, list):
            for mine, yours in _aligned(part, key):
                said = _item(part.old.raw[key][mine], part.subject, key)
                yield _below(part, (key, str(mine)), (key, str(yours)), said)


def _objects(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The names that stand for an object on both sides."""
    return [name for name in old if isinstance(old[name], dict) and isinstance(new.get(name), dict)]


def _below(part: Shared, ours: tuple[str, ...], theirs: tuple[str, ...], subject: str) -> Shared:
    return Shared(part.old.child(*ours), part.new.child(*theirs), subject, part.operation)


def _named(whole: str, step: str) -> str:
    return step if step.isalpha() else whole + step


def _item(item: dict[str, Any], whole: str, key: str) -> str:
    name = item.get("name")
    if key == "parameters":
        return _PLACES.get(str(item.get("in")), "{place} {name}").format(place=item.get("in"), name=name)
    return {"tags": f"the tag {name}", "servers": f"the server {item.get('url')}"}.get(key, whole)


def _aligned(part: Shared, key: str) -> Iterator[tuple[int, int]]:
    """The items of two lists that are the same one, by index: by name, by address, or by what they allow."""
    theirs: dict[object, list[int]] = {}
    for index, item in enumerate(part.new.raw[key]):
        if isinstance(item, dict):
            theirs.setdefault(_identity(item, key), []).append(index)
    for index, item in enumerate(part.old.raw[key]):
        others = theirs.get(_identity(item, key)) if isinstance(item, dict) else None
        if others:
            yield index, others.pop(0)


def _identity(item: dict[str, Any], key: str) -> object:
    if key == "parameters":
        return str(item.get("in")), str(item.get("name")), str(item.get("$ref"))
    if key in ("tags", "servers"):
        return str(item.get("name")), str(item.get("url"))
    try:
        return canonical(wordless(item))
    except RecursionError:
        return None


def wordless(value: Any, *, names: bool = False) -> Any:
    """A part of a contract without its words. Below `names` a key is the name of a part, never a word.

    Raises RecursionError where it is nested too deep.
    """
    if isinstance(value, list):
        return [wordless(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: wordless(inner, names=key in _MAPS and not names)
        for key, inner in value.items()
        if names or key not in _WORDS
    }
