"""The schemas of pydantic models: what they take, what they give, and under which names."""

from __future__ import annotations

import datetime
import decimal
import enum
import os
import subprocess
import sys
import types
from typing import Annotated, Any, Generic, Literal, TypeVar

import pytest
from flask import Flask, jsonify
from jsonschema import Draft202012Validator
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    PastDate,
    RootModel,
    SecretStr,
    computed_field,
    field_validator,
    model_validator,
)
from pydantic import v1 as pydantic_v1

from apiver.reading.schemas.pydantic import is_model, written


class Genre(enum.Enum):
    POEM = "poem"
    NOVEL = "novel"


class Author(BaseModel):
    """Who wrote it."""

    name: str = Field(min_length=1)
    born: datetime.date | None = None


class Book(BaseModel):
    id: int
    title: str = Field(description="as printed", max_length=80)
    genre: Genre = Genre.NOVEL
    authors: list[Author]
    editor: Author | None = None
    sequel: Book | None = None

    @computed_field
    @property
    def slug(self) -> str:
        return self.title.lower()


T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int


REF = "#/components/schemas/"
AUTHOR = {
    "type": "object",
    "description": "Who wrote it.",
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "born": {"type": ["string", "null"], "format": "date", "default": None},
    },
    "required": ["name"],
}


def test_what_a_model_takes() -> None:
    found = written(Book)
    assert found is not None
    assert found.schema == {"$ref": f"{REF}Book"}
    assert found.definitions == {
        "Author": AUTHOR,
        "Book": {
            "type": "object",
            "properties": {
                "id": {"type": "integer"},
                "title": {"type": "string", "description": "as printed", "maxLength": 80},
                "genre": {"$ref": f"{REF}Genre", "default": "novel"},
                "authors": {"type": "array", "items": {"$ref": f"{REF}Author"}},
                "editor": {"anyOf": [{"$ref": f"{REF}Author"}, {"type": "null"}], "default": None},
                "sequel": {"anyOf": [{"$ref": f"{REF}Book"}, {"type": "null"}], "default": None},
            },
            "required": ["id", "title", "authors"],
        },
        "Genre": {"type": "string", "enum": ["poem", "novel"]},
    }


def test_what_a_model_gives_has_every_field() -> None:
    found = written(Book, sent=True)
    assert found is not None
    book = found.definitions["Book"]
    assert book["required"] == ["id", "title", "genre", "authors", "editor", "sequel", "slug"]
    assert book["properties"]["slug"] == {"type": "string", "readOnly": True}
    assert found.definitions["Author"]["required"] == ["name", "born"]
    judge = Draft202012Validator({**found.schema, "components": {"schemas": found.definitions}})
    given = Book(id=1, title="Emma", authors=[Author(name="Austen")]).model_dump(mode="json")
    judge.validate(given)
    for key in given:
        assert not judge.is_valid({name: part for name, part in given.items() if name != key})


def test_without_none() -> None:
    found = written(Book, sent=True, exclude_none=True)
    assert found is not None
    book = found.definitions["Book"]
    assert book["required"] == ["id", "title", "genre", "authors", "slug"]
    assert book["properties"]["editor"] == {"$ref": f"{REF}Author"}
    assert found.definitions["Author"]["properties"]["born"] == {"type": "string", "format": "date"}
    assert found.definitions["Author"]["required"] == ["name"]
    judge = Draft202012Validator({**found.schema, "components": {"schemas": found.definitions}})
    given = Book(id=1, title="Emma", authors=[Author(name="Austen")])
    judge.validate(given.model_dump(mode="json", exclude_none=True))
    assert not judge.is_valid(given.model_dump(mode="json"))


class Aliased(BaseModel):
    kind: str = Field(alias="type")
    size: int = Field(validation_alias=AliasChoices("width", "w"), serialization_alias="Size")


def test_what_refuses_more_promises_nothing_of_what_is_sent() -> None:
    taken, given = written(Dog), written(Dog, sent=True)
    assert taken is not None
    assert given is not None
    assert taken.definitions["Dog"]["additionalProperties"] is False
    assert "additionalProperties" not in given.definitions["Dog"]


def test_what_is_only_declared_may_lack_what_has_a_default() -> None:
    found = written(Book, sent=True, filled=False)
    assert found is not None
    assert found.definitions["Book"]["required"] == ["id", "title", "authors", "slug"]


def test_aliases() -> None:
    def members(**how: bool) -> list[str]:
        found = written(Aliased, **how)
        assert found is not None
        return list(found.definitions["Aliased"]["properties"])

    assert members() == ["type", "width"]
    assert members(sent=True) == ["type", "Size"]
    assert members(sent=True, by_alias=False) == ["kind", "size"]


def test_types_made_of_models() -> None:
    found = written(list[Author], sent=True)
    assert found is not None
    assert found.schema == {"type": "array", "items": {"$ref": f"{REF}Author"}}
    found = written(Author | None)
    assert found is not None
    assert found.schema == {"anyOf": [{"$ref": f"{REF}Author"}, {"type": "null"}]}
    found = written(Page[Author])
    assert found is not None
    assert found.schema == {"$ref": f"{REF}Page_Author_"}
    assert sorted(found.definitions) == ["Author", "Page_Author_"]

    class Names(RootModel[list[str]]):
        pass

    found = written(Names)
    assert found is not None
    assert found.definitions == {"Names": {"type": "array", "items": {"type": "string"}}}


class Loose(BaseModel):
    page: int = None  # type: ignore[assignment]
    size: int = "many"  # type: ignore[assignment]
    flag: int = True
    author: Author = None  # type: ignore[assignment]
    genre: Genre = Genre.POEM
    either: int | Author | None = None
    anything: Any = None
    rate: float = 1


def test_a_default_that_the_type_does_not_take_is_none() -> None:
    found = written(Loose)
    assert found is not None
    assert found.definitions["Loose"]["properties"] == {
        "page": {"type": "integer"},
        "size": {"type": "integer"},
        "flag": {"type": "integer"},
        "author": {"$ref": f"{REF}Author"},
        "genre": {"$ref": f"{REF}Genre", "default": "poem"},
        "either": {
            "anyOf": [{"type": "integer"}, {"$ref": f"{REF}Author"}, {"type": "null"}],
            "default": None,
        },
        "anything": {"default": None},
        "rate": {"type": "number", "default": 1},
    }
    assert "required" not in found.definitions["Loose"]


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Annotated[int, Field(gt=0, le=9)] | None = None


class Dog(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["dog"]


class Owner(BaseModel):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    tags: set[str] = {"b", "a", "c"}


def test_unions_with_a_tag_and_sets() -> None:
    found = written(Owner)
    assert found is not None
    assert found.definitions["Owner"]["properties"] == {
        "pet": {
            "oneOf": [{"$ref": f"{REF}Cat"}, {"$ref": f"{REF}Dog"}],
            "discriminator": {"propertyName": "kind", "mapping": {"cat": f"{REF}Cat", "dog": f"{REF}Dog"}},
        },
        "tags": {
            "type": "array",
            "items": {"type": "string"},
            "uniqueItems": True,
            "default": ["a", "b", "c"],
        },
    }
    assert found.definitions["Cat"]["properties"]["lives"] == {
        "type": ["integer", "null"],
        "exclusiveMinimum": 0,
        "maximum": 9,
        "default": None,
    }
    assert found.definitions["Dog"]["additionalProperties"] is False


class Event(BaseModel):
    at: datetime.datetime
    day: datetime.date | None
    price: decimal.Decimal
    length: datetime.timedelta = datetime.timedelta(0)


def test_what_flask_writes_of_a_plain_dump() -> None:
    found = written(Event, sent=True, python=True)
    assert found is not None
    members = found.definitions["Event"]["properties"]
    assert members["at"] == {"type": "string"}
    assert members["day"] == {"type": ["string", "null"]}
    assert members["length"] == {
        "x-apiver-unknown": "a timedelta cannot be sent as JSON",
        "default": "PT0S",
    }
    event = Event(at=datetime.datetime(2026, 1, 2), day=datetime.date(2026, 1, 2), price=decimal.Decimal(1))
    with Flask("app").app_context():
        answer = jsonify(event.model_dump(exclude={"length"})).json
    assert answer is not None
    assert answer["at"] == "Fri, 02 Jan 2026 00:00:00 GMT"  # so no date-time
    judge = Draft202012Validator({"type": "object", "properties": members})
    judge.validate(answer)


def test_two_models_of_one_name() -> None:
    def model(module: str, **fields: Any) -> Any:
        sys.modules[module] = types.ModuleType(module)
        return type("Item", (BaseModel,), {"__annotations__": fields, "__module__": module})

    try:
        one, other = model("shop.v1.models", a=int), model("shop.v2.models", b=int)
        found = written(one | other)
    finally:
        for name in ("shop.v1.models", "shop.v2.models"):
            del sys.modules[name]
    assert found is not None
    assert found.schema == {"anyOf": [{"$ref": f"{REF}Item"}, {"$ref": f"{REF}Item2"}]}
    assert list(found.definitions["Item"]["properties"]) == ["a"]
    assert list(found.definitions["Item2"]["properties"]) == ["b"]


def test_a_model_that_waits_for_its_annotations_is_left_to_wait() -> None:
    module = types.ModuleType("late")
    code = (
        "from __future__ import annotations\nfrom pydantic import BaseModel\n"
        "class Order(BaseModel):\n    lines: list[Line]\nclass Line(BaseModel):\n    text: str\n"
    )
    sys.modules["late"] = module
    try:
        exec(code, vars(module))
        assert module.Order.__pydantic_complete__ is False
        found = written(module.Order)
        assert module.Order.__pydantic_complete__ is False
    finally:
        del sys.modules["late"]
    assert found is not None
    assert found.definitions["Order"]["properties"]["lines"]["items"] == {"$ref": f"{REF}Line"}


class Broken(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    app: Flask


def test_what_pydantic_cannot_describe_is_unknown() -> None:
    found = written(Broken)
    assert found is not None
    assert list(found.schema) == ["x-apiver-unknown"]
    assert found.schema["x-apiver-unknown"].startswith("pydantic cannot describe Broken: ")
    assert found.definitions == {}


class OldAuthor(pydantic_v1.BaseModel):
    name: str
    born: datetime.date | None = None


class OldBook(pydantic_v1.BaseModel):
    title: str = pydantic_v1.Field(..., alias="Title", max_length=80)
    author: OldAuthor | None
    size: tuple[int, str] = (1, "cm")
    genre: Genre | None = None


def test_pydantic_1() -> None:
    found = written(OldBook)
    assert found is not None
    assert found.schema == {"$ref": f"{REF}OldBook"}
    assert found.definitions["OldBook"]["properties"] == {
        "Title": {"type": "string", "maxLength": 80},
        "author": {"anyOf": [{"$ref": f"{REF}OldAuthor"}, {"type": "null"}]},
        "size": {
            "type": "array",
            "prefixItems": [{"type": "integer"}, {"type": "string"}],
            "minItems": 2,
            "maxItems": 2,
            "default": [1, "cm"],
        },
        "genre": {"anyOf": [{"$ref": f"{REF}Genre"}, {"type": "null"}]},
    }
    assert found.definitions["OldBook"]["required"] == ["Title"]
    assert found.definitions["OldAuthor"]["properties"]["born"] == {
        "type": ["string", "null"],
        "format": "date",
    }
    given = written(OldBook, sent=True, by_alias=False)
    assert given is not None
    assert given.definitions["OldBook"]["required"] == ["title", "author", "size", "genre"]
    judge = Draft202012Validator({**given.schema, "components": {"schemas": given.definitions}})
    import json

    judge.validate(json.loads(OldBook(Title="Emma", author=None).json()))
    assert not OldBook.__schema_cache__


class Range(BaseModel):
    low: int = 0
    high: Annotated[int, AfterValidator(lambda value: value)] = 1
    since: PastDate
    note: SecretStr

    @field_validator("low")
    @classmethod
    def even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("odd")
        return value


class Ordered(BaseModel):
    ranges: list[Range]

    @model_validator(mode="after")
    def sorted_by_low(self) -> Ordered:
        return self


class OldRange(pydantic_v1.BaseModel):
    low: int = pydantic_v1.Field(0, alias="Low")
    high: int = 1

    @pydantic_v1.validator("low")
    def even(cls, value: int) -> int:  # noqa: N805 - how pydantic 1 writes it
        return value


class OldOrdered(pydantic_v1.BaseModel):
    ranges: list[OldRange]

    @pydantic_v1.root_validator
    def sorted_by_low(cls, values: dict[str, object]) -> dict[str, object]:  # noqa: N805
        return values


def test_validators_of_the_program_are_told_and_those_of_pydantic_are_not() -> None:
    checked = {"x-apiver-incomplete": "a validator of the model checks it too"}
    found = written(Ordered)
    assert found is not None
    assert found.definitions["Range"]["properties"] == {
        "low": {"type": "integer", "default": 0, **checked},
        "high": {"type": "integer", "default": 1, **checked},
        "since": {"type": "string", "format": "date"},
        "note": {"type": "string", "format": "password", "writeOnly": True},
    }
    assert "x-apiver-incomplete" not in found.definitions["Range"]
    assert found.definitions["Ordered"]["x-apiver-incomplete"] == checked["x-apiver-incomplete"]
    old = written(OldOrdered)
    assert old is not None
    assert old.definitions["OldRange"]["properties"] == {
        "Low": {"type": "integer", "default": 0, **checked},
        "high": {"type": "integer", "default": 1},
    }
    assert old.definitions["OldOrdered"]["x-apiver-incomplete"] == checked["x-apiver-incomplete"]
    for kind in (Ordered, OldOrdered):
        given = written(kind, sent=True)
        assert given is not None
        assert "x-apiver-incomplete" not in str(given)


def test_what_is_a_model() -> None:
    assert is_model(Book)
    assert is_model(OldBook)
    for other in (int, BaseModel.__class__, "Book", None, Book(id=1, title="", authors=[]), list[Book]):
        assert not is_model(other)
    assert written(None) is None
    assert written("Book") is None


@pytest.mark.parametrize("seed", ["1", "7"])
def test_pydantic_is_not_imported_and_the_order_is_fixed(seed: str) -> None:
    code = (
        "import sys\nfrom apiver.reading.schemas.pydantic import is_model, written\n"
        "assert not is_model(int) and written(int) is None and written(list[int]) is None\n"
        "assert not any(name.partition('.')[0] == 'pydantic' for name in sys.modules)\n"
        "from pydantic import BaseModel\n"
        "class A(BaseModel):\n    s: set[str] = {'x', 'y', 'z', 'w'}\n"
        "print(written(A))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    assert "'default': ['w', 'x', 'y', 'z']" in done.stdout
