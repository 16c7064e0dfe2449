"""Random query parameters: a text of the old contract that the new one cannot read is never passed over."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hypothesis import given

from apiver.compare import diff
from apiver.contract.document import Document
from tests.compare.fuzzing.contracts import Contract, Schema
from tests.compare.fuzzing.oracle import Oracle
from tests.compare.fuzzing.test_soundness import SEEDS, seeded
from tests.compare.fuzzing.vocabulary import Vocabulary

SENT = (1, 2, -3, 12, 0.5, 1.5, True, False, "1", "2", "-3", "0.5", "true", "false", "x", "y", "zz", "xyx")
LISTED = ("x", "1", "true", 1, 2, True)


def scalar(random: Random) -> Schema:
    vocabulary = Vocabulary(random, legacy=False, everyday=True)
    kind = random.choice(["integer", "number", "string", "boolean", "any", "listed"])
    if kind == "listed":
        return {"enum": random.sample(LISTED, random.randint(1, 4))}
    made: Schema = getattr(vocabulary, f"{kind}_schema")(0)
    return made


def parameter(random: Random) -> Schema:
    kind = random.choice(["scalar", "scalar", "array", "union"])
    if kind == "scalar":
        return scalar(random)
    if kind == "union":
        return {"anyOf": [scalar(random) for _ in range(random.randint(1, 2))]}
    schema: Schema = {"type": "array", "items": scalar(random)}
    for keyword in ("minItems", "maxItems"):
        if random.random() < 0.25:
            schema[keyword] = random.randint(1, 3)
    return schema


def document(schema: Schema) -> Document:
    operation = {"parameters": [{"name": "q", "in": "query", "schema": schema}], "responses": {}}
    info = {"title": "t", "version": "1"}
    return Document({"openapi": "3.1.0", "info": info, "paths": {"/things": {"get": operation}}}, "contract")


def written(value: Any) -> str:
    """How a client writes a value into a URL."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def means(text: str) -> list[Any]:
    """What a text may stand for."""
    found: list[Any] = [text]
    if text in ("true", "false"):
        found.append(text == "true")
    try:
        number = float(text)
    except ValueError:
        return found
    return [*found, int(text) if "." not in text and "e" not in text else number]


def takes(schema: Schema, value: Any) -> bool:
    return Oracle(Contract(schema, {}), "request").takes(value)


def reads(schema: Schema, texts: list[str]) -> bool:
    """Whether some reading of the texts satisfies the schema."""
    ways: list[Any] = [list(each) for each in product(*map(means, texts))]
    if len(texts) == 1:
        ways += means(texts[0])
    return any(takes(schema, each) for each in ways)


@seeded
@given(SEEDS)
def test_texts_are_judged_right(seed: int) -> None:
    random = Random(seed)
    old, new = parameter(random), parameter(random)
    found = diff(document(old), document(new))

    for change in found.changes:
        if change.witness is not None:
            texts = parse_qs(urlsplit(change.witness.rejected.url).query, keep_blank_values=True)["q"]
            assert reads(old, texts), (change.title, texts, old, new)
            assert not reads(new, texts), (change.title, texts, old, new)
    if any(change.effect.value in ("breaking", "risky") for change in found.changes):
        return
    for _ in range(20):
        many = [random.choice(SENT) for _ in range(random.choice([1, 2, 3]))]
        value = random.choice([many[0], many[0], many])
        if takes(old, value):
            texts = [written(each) for each in (value if value is many else [value])]
            assert reads(new, texts), (texts, old, new)
