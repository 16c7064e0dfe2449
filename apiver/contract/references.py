"""Whether every `$ref` of a document leads somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from apiver.contract.pointer import join, of_reference, resolve
from apiver.contract.resources import Resources

# Below these keys the keys are names that the author chose, not words of OpenAPI.
_NAMED = frozenset(
    (
        "$defs",
        "callbacks",
        "content",
        "definitions",
        "dependentSchemas",
        "encoding",
        "examples",
        "headers",
        "links",
        "mapping",
        "parameters",
        "pathItems",
        "paths",
        "patternProperties",
        "properties",
        "requestBodies",
        "responses",
        "schemas",
        "scopes",
        "securitySchemes",
        "variables",
        "webhooks",
    )
)
# What stands below these keys is data, in which `$ref` has no meaning.
_DATA = frozenset(("const", "default", "enum", "example", "value"))


def wrong_reference(
    root: Any, reference: str, right: set[str] | None = None, *, outside: bool = False
) -> tuple[str, str] | None:
    """What is wrong with a `$ref`, and what to do about it; None where it leads to a part of `root`.

    `right` are references known to be right; those found right on the way are added. With `outside` those
    to other documents are.
    """
    right = set() if right is None else right
    seen: dict[str, None] = {}
    while reference not in right:
        if reference in seen:
            way = list(seen)
            circle = " -> ".join([*way[way.index(reference) :], reference])
            return f"the references go round in a circle: {circle}", "let one of them hold a schema"
        seen[reference] = None
        pointer = of_reference(reference)
        if outside and is_outside(reference):
            break
        if pointer is None:
            if reference.startswith("#"):
                return (
                    f"no schema has the anchor {reference}",
                    "name one with $anchor, or refer to its place, such as #/components/schemas/Name",
                )
            return (
                f"{reference} refers to another file, and nothing says where to look for it",
                "read the document from a file, or bundle it into one",
            )
        try:
            target = resolve(root, pointer)
        except LookupError:
            return f"{reference} leads nowhere in this document", "define it there, or correct the reference"
        following = target.get("$ref") if isinstance(target, dict) else None
        if not isinstance(following, str):
            break
        reference = following
    right.update(seen)
    return None


def is_outside(reference: str) -> bool:
    """Whether a `$ref` leads to another document."""
    return not reference.startswith("#")


def leads_outside(root: Any, texts: Iterable[str] | None) -> bool:
    """Whether some `$ref` leads to another document; `texts` are all that may be one, if they are known."""
    known = (text for _, text in references(root)) if texts is None else texts
    return any(map(is_outside, known))


def references(value: Any, pointer: str = "", *, named: bool = False) -> Iterator[tuple[str, str]]:
    """Every `$ref` with its pointer, leaving out examples, extensions and other data."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from references(item, join(pointer, index))
    elif isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and not named:
            yield join(pointer, "$ref"), reference
        for key, part in value.items():
            if not isinstance(part, (dict, list)) or (not named and _is_data(key, part)):
                continue
            yield from references(part, join(pointer, key), named=not named and key in _NAMED)


def first_wrong(
    root: Any, texts: Iterable[str] | None, *, outside: bool = False
) -> tuple[str, str, str] | None:
    """The first `$ref` that leads nowhere: its pointer, what is wrong, the remedy.

    `texts` are all texts that may be a reference, if they are known: as a rule they are all right, and the
    document need not be walked. With `outside`, references to other documents are left to others.
    """
    right: set[str] = set()

    def wrong(reference: str) -> tuple[str, str] | None:
        return wrong_reference(root, reference, right, outside=outside)

    if texts is not None and not any(map(wrong, texts)):
        return None
    resources = None
    for pointer, reference in references(root):
        found = wrong(reference)
        if found is None:
            continue
        resources = resources or Resources(root)
        named = resources.pointer(reference, pointer.rpartition("/")[0])
        if named == of_reference(reference) or not _is_there(root, named):
            return pointer, *found
    return None


def _is_there(root: Any, pointer: str | None) -> bool:
    try:
        return pointer is not None and resolve(root, pointer) is not None
    except LookupError:
        return False


def _is_data(key: str, part: Any) -> bool:
    return key in _DATA or key.startswith("x-") or (key == "examples" and isinstance(part, list))
