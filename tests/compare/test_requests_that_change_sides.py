"""Random requests against random pairs of parameters and forms: none changes sides while nothing is reported.

The requests are written here, by hand and at random, and judged by the contracts one at a time.
"""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import quote

import pytest

from apiver.compare import diff
from apiver.compare.change import ABSENT, Exchange
from apiver.compare.proofs.judge import Judge, UnjudgedError
from apiver.compare.sides.space import Space
from apiver.compare.sides.surface import operations
from apiver.contract.document import Document
from tests.compare.operation_pairs import OK, contract, told

SCHEMAS: list[Any] = [
    {"type": "integer"},
    {"type": "integer", "maximum": 5},
    {"type": "string"},
    {"type": "string", "maxLength": 2},
    {"type": "boolean"},
    {"enum": ["1", "a", 2]},
    {"type": "array", "items": {"type": "integer"}},
    {"type": "array", "items": {"type": "string"}, "maxItems": 2},
    {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "string"}}},
    {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]},
    {},
]
STYLES = {
    "query": ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
    "header": ["simple"],
    "cookie": ["form", "cookie"],
    "path": ["simple", "label", "matrix"],
}
TEXTS = ["", "1", "7", "a", "abc", "true", "1,2", "1,a,b", "x,1", "x,1,y,b", "1|2", "1 2", "x=1", "x=1,y=b"]
PATH_TEXTS = [
    *(text for text in TEXTS if text),
    ".1",
    ".1,2",
    ".a.b",
    ";p=1",
    ";p=1,2",
    ";p=1;p=2",
    ";x=1;y=b",
]
QUERIES = [
    *("", "p=1&p=2", "p=1&p=2&p=3", "p=a&p=b", "x=1", "x=b", "x=1&y=b", "p[x]=1", "p[x]=b", "p[x]=1&p[y]=b"),
    *(f"p={quote(text)}" for text in TEXTS),
]


def parameter(pick: random.Random, where: str) -> dict[str, Any]:
    said: dict[str, Any] = {"name": "p", "in": where, "schema": pick.choice(SCHEMAS)}
    if where == "path" or pick.random() < 0.4:
        said["required"] = True
    if pick.random() < 0.6:
        said["style"] = pick.choice(_styles(where, said["schema"]))
    if pick.random() < 0.4:
        said["explode"] = pick.random() < 0.5
    if where == "query" and pick.random() < 0.2:
        said["allowEmptyValue"] = True
    return said


def _styles(where: str, schema: Any) -> list[str]:
    """The styles that mean something for values of the schema."""
    kind = schema.get("type")
    many = {"array": STYLES["query"][:3], "object": ["form", "deepObject"]}
    return many.get(kind, ["form"]) if where == "query" else STYLES[where]


def _meant(said: dict[str, Any], exchange: Exchange) -> bool:
    """Whether the request holds nothing that the parameter does not speak of."""
    query = exchange.url.partition("?")[2] if said["in"] == "query" else ""
    if said["in"] == "cookie":
        query = "&".join(text.replace("; ", "&") for name, text in exchange.headers)
    names = {part.partition("=")[0] for part in query.split("&") if part}
    if said["schema"].get("type") == "object":
        if said.get("style") == "deepObject":
            return all(name.startswith("p[") for name in names)
        if said.get("explode", True) and said["in"] in ("query", "cookie"):
            return names <= {"x", "y"}
    return names <= {"p"}


def document(where: str, said: dict[str, Any] | None) -> Document:
    path = "/b/{p}" if where == "path" else "/b"
    return contract({path: {"get": {"parameters": [] if said is None else [said], "responses": OK}}})


def requests(where: str) -> list[Exchange]:
    if where == "query":
        return [Exchange("GET", f"/b?{query}") for query in QUERIES]
    if where == "path":
        return [Exchange("GET", f"/b/{quote(text, safe=';=,.')}") for text in PATH_TEXTS]
    if where == "header":
        return [Exchange("GET", "/b"), *(Exchange("GET", "/b", None, (("P", text),)) for text in TEXTS)]
    cookies = ["x=1", "x=b", "x=1; y=b", "p=1; p=2", *(f"p={text}" for text in TEXTS)]
    return [Exchange("GET", "/b"), *(Exchange("GET", "/b", None, (("Cookie", text),)) for text in cookies)]


def verdicts(contract: Document, exchanges: list[Exchange]) -> list[bool | None]:
    """What the contract alone says to each of the requests; None where it cannot be judged."""
    space = Space(contract)
    (operation,), judge = operations(space), Judge(space, "request")
    found: list[bool | None] = []
    for exchange in exchanges:
        try:
            found.append(not judge.request(operation, exchange))
        except UnjudgedError:
            found.append(None)
    return found


def held(old: Document, new: Document, exchanges: list[Exchange]) -> None:
    """Fails if one of the requests changes sides while no change is reported."""
    alarmed = any(effect in ("breaking", "risky") for effect, _, _ in told(diff(old, new)))
    sides = zip(exchanges, verdicts(old, exchanges), verdicts(new, exchanges), strict=True)
    for exchange, before, after in sides:
        if before and after is False:
            assert alarmed, f"{exchange} went unnoticed: {old.root['paths']} -> {new.root['paths']}"


@pytest.mark.parametrize("where", ["query", "header", "cookie", "path"])
def test_no_parameter_changes_sides_unnoticed(where: str) -> None:
    pick, exchanges = random.Random(where), requests(where)
    for _ in range(80):
        old, new = parameter(pick, where), parameter(pick, where)
        if pick.random() < 0.5:  # mostly the same, in one respect another
            key = pick.choice([key for key in ("schema", "style", "explode", "required") if key in old])
            new = {**old, key: new.get(key, old[key])}
        meant = [each for each in exchanges if _meant(old, each)]
        held(document(where, old), document(where, new), meant)


@pytest.mark.parametrize("where", ["query", "header", "cookie", "path"])
def test_a_parameter_is_what_it_was(where: str) -> None:
    pick = random.Random(where)
    for _ in range(30):
        said = parameter(pick, where)
        assert told(diff(document(where, said), document(where, dict(said)))) == []


FORMS = ["", "a=1", "a=b", "a=1&a=2", "a=b&a=c", "a=1,2", "a=b|c", "a=1%202", "a=x,1", "a=b,c,d"]


def test_no_form_changes_sides_unnoticed() -> None:
    media = "application/x-www-form-urlencoded"
    pick = random.Random("forms")

    def form() -> Document:
        member = pick.choice(SCHEMAS)
        schema: dict[str, Any] = {"type": "object", "properties": {"a": member}}
        if pick.random() < 0.5:
            schema["required"] = ["a"]
        encoding: dict[str, Any] = {}
        if pick.random() < 0.7:
            encoding["style"] = pick.choice(_styles("query", member))
        if pick.random() < 0.5:
            encoding["explode"] = pick.random() < 0.5
        said = {"schema": schema, **({"encoding": {"a": encoding}} if encoding else {})}
        body = {"required": True, "content": {media: said}}
        return contract({"/b": {"post": {"requestBody": body, "responses": OK}}})

    headers = (("Content-Type", media),)
    exchanges = [Exchange("POST", "/b", None, headers, text if text else ABSENT) for text in FORMS]
    for _ in range(80):
        held(form(), form(), exchanges)
