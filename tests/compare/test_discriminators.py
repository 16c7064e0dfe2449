"""A discriminator promises that the tag names the alternative that fits."""

from __future__ import annotations

from typing import Any

import pytest

from apiver.compare import diff
from tests.compare.test_containment import INTEGER, NO, STRING, YES, answer, contract, record, ref

A = record("t", t=STRING)
B = record("t", t=STRING, x=INTEGER)
C = record("t", t=STRING, x=STRING)
CAT = record("t", t={"const": "cat"})
DOG = record("t", t={"const": "dog"})


def union(*names: str, keyword: str = "oneOf", **mapping: str) -> dict[str, Any]:
    made: dict[str, Any] = {keyword: [ref(name) for name in names], "discriminator": {"propertyName": "t"}}
    if mapping:
        made["discriminator"]["mapping"] = mapping
    return made


PLAIN = {"anyOf": [ref("A"), ref("B")]}
HERE = "#/components/schemas/"

# inner, outer, is inner within outer, is outer within inner
PAIRS: dict[str, tuple[Any, Any, str, str]] = {
    "the same": (union("A", "B"), union("B", "A"), YES, YES),
    "another name for the same schema": (union("A", "B"), union("A2", "B"), NO, NO),
    "an alternative more": (union("A"), union("A", "B"), YES, NO),
    "none on the other side": (union("A", "B", keyword="anyOf"), PLAIN, YES, NO),
    "a mapped value": (union("A", "B", a="A"), union("A", "B", a="A", b="A"), YES, NO),
    "a mapped value by reference": (union("A", "B", a="A"), union("A", "B", a=HERE + "A"), YES, YES),
    "mapped to another schema": (union("B", "C", b="B", c="C"), union("B", "C", b="C", c="B"), NO, NO),
    "a mapped schema has another name": (union("A", "B", a="A"), union("A2", "B", a="A2"), YES, YES),
    "alternatives that list the tag": (union("Cat", "Dog"), union("Cat2", "Dog"), YES, YES),
    "alternatives that list the tag need no discriminator": (
        union("Cat", "Dog"),
        {"oneOf": [ref("Cat"), ref("Dog")]},
        YES,
        YES,
    ),
}
COMPONENTS = {"A": A, "A2": A, "B": B, "C": C, "Cat": CAT, "Cat2": CAT, "Dog": DOG}


def asked(inner: Any, outer: Any) -> str:
    """Whether the one is within the other, in both directions of a comparison."""
    request = diff(contract(inner, components=COMPONENTS), contract(outer, components=COMPONENTS))
    response = diff(
        contract(outer, "response", components=COMPONENTS), contract(inner, "response", components=COMPONENTS)
    )
    assert answer(request) == answer(response), (request.changes, response.changes)
    return answer(request)


@pytest.mark.parametrize("name", list(PAIRS))
def test_discriminators(name: str) -> None:
    inner, outer, forward, backward = PAIRS[name]

    assert asked(inner, outer) == forward
    assert asked(outer, inner) == backward


def test_the_proof_names_the_tag() -> None:
    old, new = union("A", "B", a="A", b="B", c="B"), union("A", "B", a="A", b="B")
    (change,) = [
        each
        for each in diff(contract(old, components=COMPONENTS), contract(new, components=COMPONENTS)).changes
        if each.effect.value == "breaking"
    ]

    assert change.witness is not None
    assert change.witness.accepted.body == {"t": "c"}
    assert change.rule == "request-property-enum-value-removed"
    assert change.old.pointer.endswith("/discriminator")
