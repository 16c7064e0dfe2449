"""The order in which a contract is written does not matter to what is said of it."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings

from apiver.compare import diff
from apiver.contract.document import Document
from tests.compare.fuzzing.contracts import COMPONENTS, REFERENCE, Contract
from tests.compare.fuzzing.test_soundness import SEEDS, seeded
from tests.compare.fuzzing.trial import random_case


def several(contract: Contract, name: str) -> Document:
    """A document with more operations, through which the components are reached from several places."""
    root = contract.document("request").root
    for number, component in enumerate(COMPONENTS):
        schema = {"$ref": REFERENCE + component}
        one, many = (
            {"application/json": {"schema": each}} for each in (schema, {"type": "array", "items": schema})
        )
        root["paths"][f"/more/{number}"] = {
            "get": {"responses": {"200": {"description": "fine", "content": one}}},
            "put": {"requestBody": {"content": many}, "responses": {"200": {"description": "fine"}}},
        }
    return Document(root, name)


def shuffled_outside(root: dict[str, Any], random: Random) -> dict[str, Any]:
    """The document with its sections, paths and components in another order; the schemas as they are."""
    root = dict(root)
    for section in ("paths", "components"):
        root[section] = dict(random.sample(list(root[section].items()), len(root[section])))
    components = root["components"]["schemas"]
    root["components"] = {"schemas": dict(random.sample(list(components.items()), len(components)))}
    return dict(random.sample(list(root.items()), len(root)))


@settings(seeded, max_examples=120)
@given(SEEDS)
def test_the_order_in_which_things_are_written_does_not_matter(seed: int) -> None:
    random = Random(seed)
    case = random_case(random)
    one, other = several(case.old, "old"), several(case.new, "new")

    again = diff(
        Document(shuffled_outside(one.root, random), "old"),
        Document(shuffled_outside(other.root, random), "new"),
    )

    assert again == diff(one, other)
