"""Whether every `$ref` of a document leads somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from apiver.contract.pointer import join, of_reference, resolve

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


def wrong_reference(root: Any, reference: str) -> tuple[str, str] | None:
    """What is wrong with a `$ref`, and what to do about it; None where it leads to a part of `root`."""
    seen = [reference]
    while True:
        pointer = of_reference(seen[-1])
        if pointer is None:
            if seen[-1].startswith("#"):
                return (
                    f"{seen[-1]} refers to an anchor, which is not supported yet",
                    "refer to the place of the schema, such as #/components/schemas/Name",
                )
            return (
                f"{seen[-1]} refers to another file, which is not supported yet",
                "bundle the document into one file first, for instance with: npx @redocly/cli bundle",
            )
        try:
            target = resolve(root, pointer)
        except LookupError:
            return f"{seen[-1]} leads nowhere in this document", "define it there, or correct the reference"
        following = target.get("$ref") if isinstance(target, dict) else None
        if not isinstance(following, str):
            return None
        if following in seen:
            circle = " -> ".join([*seen[seen.index(following) :], following])
            return f"the references go round in a circle: {circle}", "let one of them hold a schema"
        seen.append(following)


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


def first_wrong(root: Any, texts: Iterable[str] | None) -> tuple[str, str, str] | None:
    """The first `$ref` that leads nowhere: its pointer, what is wrong, the remedy.

    `texts` are all texts that may be a reference, if they are known: as a rule they are all right, and the
    document need not be walked.
    """
    if texts is not None:
        bad = {text for text in texts if wrong_reference(root, text)}
        if not bad:
            return None
    for pointer, reference in references(root):
        wrong = wrong_reference(root, reference) if texts is None or reference in bad else None
        if wrong:
            return pointer, *wrong
    return None


def _is_data(key: str, part: Any) -> bool:
    return key in _DATA or key.startswith("x-") or (key == "examples" and isinstance(part, list))
