"""marshmallow schemas as JSON Schema, judged by hand and by what marshmallow itself loads and dumps."""

from __future__ import annotations

import datetime
import decimal
import enum
import ipaddress
import itertools
import uuid
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
from marshmallow import (
    EXCLUDE,
    INCLUDE,
    Schema,
    ValidationError,
    fields,
    post_dump,
    pre_load,
    validate,
    validates,
    validates_schema,
)
from webargs.fields import DelimitedList

from apiver.reading.schemas.marshmallow import (
    Named,
    hooks,
    is_flat,
    is_schema,
    json_schema,
    parameters,
    properties,
)


class Color(enum.Enum):
    RED = "r"
    BLUE = "b"


class AuthorSchema(Schema):
    id = fields.Integer(dump_only=True)
    name = fields.String(required=True, validate=validate.Length(min=1, max=80))
    books = fields.List(fields.Nested(lambda: BookSchema(exclude=("author",))), dump_only=True)


class BookSchema(Schema):
    id = fields.Integer(dump_only=True)
    title = fields.String(required=True, metadata={"description": "As it stands on the cover."})
    price = fields.Decimal(as_string=True, required=True, validate=validate.Range(min=0, min_inclusive=False))
    color = fields.Enum(Color, load_default="RED")
    size = fields.Enum(Color, by_value=True, data_key="coverSize")
    secret = fields.String(load_only=True, allow_none=True)
    tags = fields.List(fields.String(validate=validate.Length(max=9)), validate=validate.Length(max=3))
    author = fields.Nested(AuthorSchema, only=("id", "name"))


def test_what_is_loaded():
    named = Named()
    assert json_schema(BookSchema, "load", named) == {"$ref": "#/components/schemas/BookInput"}
    assert named.schemas["BookInput"] == {
        "type": "object",
        "properties": {
            "title": {"type": "string", "description": "As it stands on the cover."},
            "price": {"type": "number", "exclusiveMinimum": 0},
            "color": {"type": "string", "enum": ["RED", "BLUE"], "default": "RED"},
            "coverSize": {"type": "string", "enum": ["r", "b"]},
            "secret": {"type": ["string", "null"]},
            "tags": {"type": "array", "items": {"type": "string", "maxLength": 9}, "maxItems": 3},
            "author": {"$ref": "#/components/schemas/AuthorInput"},
        },
        "required": ["title", "price"],
        "additionalProperties": False,
    }
    assert named.schemas["AuthorInput"]["properties"] == {
        "name": {"type": "string", "minLength": 1, "maxLength": 80}
    }


def test_what_is_dumped():
    named = Named()
    assert json_schema(BookSchema(many=True), "dump", named) == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Book"},
    }
    assert named.schemas["Book"] == {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "title": {"type": "string", "description": "As it stands on the cover."},
            "price": {"type": "string"},
            "color": {"type": "string", "enum": ["RED", "BLUE"]},
            "coverSize": {"type": "string", "enum": ["r", "b"]},
            "tags": {"type": "array", "items": {"type": "string"}},
            "author": {"$ref": "#/components/schemas/Author"},
        },
    }
    assert named.schemas["Author"] == {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
    }


def test_schemas_that_hold_each_other_end():
    named = Named()
    json_schema(AuthorSchema, "dump", named)
    assert set(named.schemas) == {"Author", "Book", "Author2"} - {"Author2"}
    assert named.schemas["Author"]["properties"]["books"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Book"},
    }


class NodeSchema(Schema):
    children = fields.List(fields.Nested(lambda: NodeSchema()))


def test_a_schema_may_hold_itself():
    named = Named()
    json_schema(NodeSchema, "load", named)
    assert named.schemas == {
        "NodeInput": {
            "type": "object",
            "properties": {
                "children": {"type": "array", "items": {"$ref": "#/components/schemas/NodeInput"}}
            },
            "additionalProperties": False,
        }
    }


def test_another_choice_of_fields_is_another_schema():
    named = Named()
    assert json_schema(AuthorSchema(only=("id",)), "dump", named) == {"$ref": "#/components/schemas/Author"}
    assert json_schema(AuthorSchema(only={"name"}), "dump", named) == {"$ref": "#/components/schemas/Author2"}
    assert json_schema(AuthorSchema(only=("id",)), "dump", named) == {"$ref": "#/components/schemas/Author"}


def test_a_schema_that_was_made_of_a_dict_stays_where_it_is():
    named = Named()
    made = Schema.from_dict({"page": fields.Integer(load_default=1)})
    assert json_schema(made(unknown=EXCLUDE), "load", named) == {
        "type": "object",
        "properties": {"page": {"type": "integer", "default": 1}},
    }
    assert named.schemas == {}


@pytest.mark.parametrize(
    ("unknown", "said"),
    [
        ("raise", {"additionalProperties": False}),
        ("exclude", {}),
        ("include", {"additionalProperties": True}),
    ],
)
def test_what_becomes_of_unknown_keys_is_said_by_the_call_before_the_schema(unknown, said):
    schema = Schema(unknown=INCLUDE if unknown != "include" else EXCLUDE)
    found = json_schema(schema, "load", Named(), unknown=unknown)
    assert found == {"type": "object", **said}


def test_partial_loading_requires_less():
    assert (
        "required"
        not in json_schema(AuthorSchema(partial=True), "load", named := Named())
        | named.schemas["AuthorInput"]
    )
    assert json_schema(BookSchema, "load", Named(), partial=("price",))["required"] == ["title"]


def test_a_default_is_dumped_for_every_object():
    class Item(Schema):
        count = fields.Integer(dump_default=0)
        total = fields.Method("_total")
        kind = fields.Constant("item")
        parent = fields.Integer(dump_default=None)
        name = fields.String(required=True)

        def _total(self, obj):
            return 1

    found = json_schema(Item, "dump", named := Named()) and named.schemas["Item"]
    assert found["required"] == ["count", "total", "kind", "parent"]
    assert found["properties"]["parent"] == {"type": ["integer", "null"]}
    assert found["properties"]["total"] == {"x-apiver-unknown": "_total of the app converts it"}
    assert found["properties"]["kind"] == {"const": "item"}


class Shouted(fields.String):
    def _deserialize(self, value, attr, data, **kwargs):
        return str(value).upper()


def test_code_of_the_app_is_not_guessed_at():
    def even(value):
        if value % 2:
            raise ValidationError("odd")

    class Checked(Schema):
        word = Shouted()
        number = fields.Integer(validate=even)
        other = fields.Integer()

        @validates("other")
        def _check(self, value, **kwargs):
            pass

        @validates_schema
        def _whole(self, data, **kwargs):
            pass

    named = Named()
    json_schema(Checked, "load", named)
    found = named.schemas["CheckedInput"]
    assert found["properties"] == {
        "word": {"x-apiver-unknown": "Shouted converts it by code of the app"},
        "number": {"type": "integer", "x-apiver-incomplete": "even checks it too"},
        "other": {"type": "integer", "x-apiver-incomplete": "a method of the schema checks it too"},
    }
    assert found["x-apiver-incomplete"] == "Checked._whole checks it as a whole"
    json_schema(Checked, "dump", named)
    assert named.schemas["Checked"]["properties"]["word"] == {"type": "string"}


class EnvelopeSchema(Schema):
    name = fields.String()

    @post_dump(pass_collection=True)
    def wrap(self, data, many, **kwargs):
        return {"data": data}

    @pre_load
    def strip(self, data, **kwargs):
        return data


def test_a_hook_that_changes_what_is_sent_leaves_it_unknown():
    named = Named()
    json_schema(EnvelopeSchema, "dump", named)
    json_schema(EnvelopeSchema, "load", named)
    assert named.schemas == {
        "Envelope": {"x-apiver-unknown": "EnvelopeSchema.wrap (post_dump) may change what is sent"},
        "EnvelopeInput": {"x-apiver-unknown": "EnvelopeSchema.strip (pre_load) may change what is sent"},
    }
    assert hooks(EnvelopeSchema, "dump") == ["wrap"]
    assert hooks(BookSchema, "dump") == []


def test_an_overridden_dump_leaves_it_unknown():
    class Own(Schema):
        def dump(self, obj, *, many=None):
            return []

    json_schema(Own, "dump", named := Named())
    assert named.schemas["Own"] == {"x-apiver-unknown": "Own.dump is code of the app"}
    json_schema(Own, "load", named)
    assert named.schemas["OwnInput"]["type"] == "object"


def test_reading_leaves_the_schema_as_it_is():
    schema = BookSchema()
    json_schema(schema, "load", Named())
    json_schema(schema, "dump", Named())
    assert schema.fields["author"]._schema is None


def test_the_attribute_of_a_property():
    class Renamed(Schema):
        full_name = fields.String(attribute="name", data_key="fullName")

    member = properties(Renamed, "dump", Named())[0]
    assert (member.key, member.attribute, member.required) == ("fullName", "name", False)


def test_what_is_a_schema():
    assert is_schema(BookSchema)
    assert is_schema(BookSchema())
    assert not is_schema(fields.Integer)
    assert not is_schema(None)


OBJECTS = {
    fields.String: "text",
    fields.Integer: 3,
    fields.Float: 0.5,
    fields.Boolean: True,
    fields.UUID: uuid.UUID(int=7),
    fields.DateTime: datetime.datetime(2024, 1, 2, 3, 4, 5),
    fields.Date: datetime.date(2024, 1, 2),
    fields.Time: datetime.time(3, 4),
    fields.TimeDelta: datetime.timedelta(hours=1),
    fields.Email: "someone",  # `dump` checks nothing
    fields.URL: "somewhere",
    fields.IPv4: ipaddress.ip_address("127.0.0.1"),
    fields.IPv6: ipaddress.ip_address("::1"),
    fields.IP: ipaddress.ip_address("::1"),
    fields.NaiveDateTime: datetime.datetime(2024, 1, 2),
    fields.Decimal: decimal.Decimal("1.50"),
}


@pytest.mark.parametrize("cls", OBJECTS, ids=lambda cls: cls.__name__)
def test_what_is_dumped_is_what_the_schema_says(cls):
    made = Schema.from_dict({"x": cls(allow_none=True)})()
    judge = jsonschema.Draft202012Validator(
        json_schema(made, "dump", Named()), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    for value in (OBJECTS[cls], None):
        dumped = made.dump(SimpleNamespace(x=value))
        if isinstance(dumped["x"], decimal.Decimal):
            dumped["x"] = str(dumped["x"])
        judge.validate(dumped)


WORDS: list[Any] = [
    *(None, True, 0, 1, 7, -3, 2.5),
    *("", "a", "ab", "abcd", "12", "r", "RED", "2024-01-02", "2024-01-02T03:04:05+00:00"),
    *("a@b.org", "https://b.org/x", "127.0.0.1", "::1", str(uuid.UUID(int=7))),
    *([], ["a"], ["a", 1], {}, {"k": 1}),
]

LOADED = {
    "string": fields.String(),
    "nullable": fields.String(allow_none=True),
    "length": fields.String(validate=validate.Length(min=1, max=2)),
    "equal length": fields.String(validate=validate.Length(equal=2)),
    "pattern": fields.String(validate=validate.Regexp("[a-z]$")),
    "alternatives": fields.String(validate=validate.Regexp("^a|b")),
    "patterns": fields.String(validate=[validate.Regexp("a"), validate.Regexp(".b")]),
    "one of": fields.String(validate=validate.OneOf(["a", "12"])),
    "one of, or none": fields.String(validate=validate.OneOf({"a", "12"}), allow_none=True),
    "none of": fields.String(validate=validate.NoneOf(["a", "12"])),
    "integer": fields.Integer(strict=True),
    "range": fields.Integer(strict=True, validate=validate.Range(min=1, max=7, max_inclusive=False)),
    "ranges": fields.Float(validate=[validate.Range(min=0), validate.Range(max=2)]),
    "and": fields.Integer(validate=validate.And(validate.Range(min=0), validate.Range(max=5))),
    "number of": fields.Integer(strict=True, validate=validate.OneOf([1, 7])),
    "float": fields.Float(),
    "decimal": fields.Decimal(places=2),
    "boolean": fields.Boolean(),
    "enum": fields.Enum(Color),
    "enum by value": fields.Enum(Color, by_value=True),
    "enum by a field": fields.Enum(Color, by_value=fields.String),
    "list": fields.List(fields.String(), validate=validate.Length(min=1)),
    "contains only": fields.List(fields.String(), validate=validate.ContainsOnly(["a"])),
    "tuple": fields.Tuple([fields.String(), fields.Integer()]),
    "dict": fields.Dict(),
    "dict of": fields.Dict(keys=fields.String(validate=validate.Length(max=1)), values=fields.Integer()),
    "nested": fields.Nested({"k": fields.Integer(required=True)}),
    "nested many": fields.Nested({"k": fields.Integer()}, many=True),
    "nested, open": fields.Nested({}, unknown=EXCLUDE),
    "plucked": fields.Pluck(AuthorSchema, "name"),
    "uuid": fields.UUID(),
    "date": fields.Date(),
    "date-time": fields.DateTime(),
    "timestamp": fields.DateTime(format="timestamp"),
    "email": fields.Email(),
    "url": fields.URL(),
    "ip": fields.IP(),
    "ipv4": fields.IPv4(),
    "ipv6": fields.IPv6(),
    "raw": fields.Raw(),
    "constant": fields.Constant(1),
    "delimited": DelimitedList(fields.String()),
}  # fmt: skip
# What is taken although the contract does not say so: conversions that marshmallow makes by itself.
LENIENT = {
    "and": [2.5],
    "float": ["12"],
    "decimal": ["12"],
    "boolean": [0, 1],
    "date-time": ["2024-01-02"],
    "timestamp": ["12"],
}


@pytest.mark.parametrize("name", LOADED)
def test_what_the_schema_accepts_marshmallow_loads(name):
    made = Schema.from_dict({"x": LOADED[name]})()
    named = Named()
    found = json_schema(made, "load", named)
    judge = jsonschema.Draft202012Validator(
        {**found, "components": {"schemas": named.schemas}},
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )
    incomplete = "x-apiver-incomplete" in found["properties"]["x"]
    accepted, refused = [], []
    for value in WORDS:
        if not judge.is_valid({"x": value}):
            refused.append(value)
            continue
        accepted.append(value)
        if not incomplete:
            made.load({"x": value})
    assert accepted
    assert [value for value in refused if not made.validate({"x": value})] == LENIENT.get(name, [])


class SearchSchema(Schema):
    q = fields.String(required=True, metadata={"description": "Words."})
    page = fields.Integer(load_default=1, validate=validate.Range(min=1))
    tags = fields.List(fields.String())
    sort = DelimitedList(
        fields.String(validate=validate.OneOf(["title", "price"])), validate=validate.Length(max=2)
    )
    author = fields.Nested(AuthorSchema)
    color = fields.String(allow_none=True, validate=validate.OneOf(["red"]))


def test_parameters():
    found = parameters(SearchSchema, "query", Named())
    assert found == [
        {
            "name": "q",
            "in": "query",
            "required": True,
            "description": "Words.",
            "schema": {"type": "string"},
        },
        {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 1}},
        {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
        {
            "name": "sort",
            "in": "query",
            "style": "form",
            "explode": False,
            "schema": {
                "type": "array",
                "items": {"type": "string", "enum": ["title", "price"]},
                "maxItems": 2,
            },
        },
        {
            "name": "author",
            "in": "query",
            "schema": {"x-apiver-unknown": "how a object stands in a query is not known"},
        },
        {"name": "color", "in": "query", "schema": {"type": "string", "enum": ["red"]}},
    ]


def test_no_parameters_where_a_hook_may_rename_them():
    assert parameters(EnvelopeSchema, "query", Named()) == []


def test_the_order_is_that_of_the_declaration():
    for names in itertools.permutations(("tags", "q", "page")):
        found = parameters(SearchSchema(only=set(names)), "query", Named())
        assert [parameter["name"] for parameter in found] == ["q", "page", "tags"]


def test_whether_errors_are_texts_field_by_field():
    assert is_flat(Schema.from_dict({"x": fields.Integer()}))
    for field in (
        fields.Nested(AuthorSchema),
        fields.List(fields.String()),
        fields.Dict(),
        fields.Tuple([fields.String()]),
    ):
        made = Schema.from_dict({"x": field})
        assert not is_flat(made())
    assert BookSchema().validate({"author": {}})["author"] == {"name": ["Missing data for required field."]}
