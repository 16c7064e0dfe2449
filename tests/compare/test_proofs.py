"""The proofs themselves: what a counterexample looks like, where there is one, and why there is none."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import Comparison, Witness
from apiver.contract.document import Document

JSON = "application/json"
HUGE = "only a value larger than any that apiver builds can show it"
STRING = {"type": "string"}
INTEGER = {"type": "integer"}


def contract(operation: dict[str, Any], path: str = "/books", **parts: Any) -> Document:
    root = {
        "openapi": "3.1.0",
        "info": {"title": "Bookshop", "version": "1"},
        "paths": {path: {"post": {"responses": {"200": {"description": "fine"}}, **operation}}},
        **parts,
    }
    return Document(root, "contract.json")


def sent(schema: Any, **media: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema, **media}}}}


def answered(schema: Any, **media: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "fine", "content": {JSON: {"schema": schema, **media}}}}}


def requests(old: Any, new: Any, **parts: Any) -> Comparison:
    return diff(contract(sent(old), **parts), contract(sent(new), **parts))


def responses(old: Any, new: Any, **parts: Any) -> Comparison:
    return diff(contract(answered(old), **parts), contract(answered(new), **parts))


def told(comparison: Comparison) -> list[tuple[str, str]]:
    """Effect and rule of every change but the one that says that words differ."""
    changes = [each for each in comparison.changes if each.rule != "documentation-changed"]
    return [(change.effect.value, change.rule) for change in changes]


def proof(comparison: Comparison) -> Witness:
    """The witness of the only breaking change."""
    breaking = [change for change in comparison.changes if change.effect.value == "breaking"]
    assert len(breaking) == 1, told(comparison)
    assert breaking[0].witness is not None
    return breaking[0].witness


def record(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


# Unions --------------------------------------------------------------------------------------------------


def test_alternatives_that_another_one_eclipses_are_one_risky_change_with_the_reason() -> None:
    pages = record("pages", pages={"type": "array", "items": {"type": "integer"}})
    pushed = record("head", head={"type": ["string", "null"]})
    anything = {"type": "object"}
    old = record(head=STRING, pages={"type": "array", "items": STRING})

    found = responses(old, {"oneOf": [pages, pushed, anything]})

    risky = [change for change in found.changes if change.rule == "response-body-any-of-added"]
    assert [change.effect.value for change in risky] == ["risky"]
    assert "allows no value" in (risky[0].reason or "")
    assert not [change for change in found.changes if change.effect.value == "breaking"]


def test_an_eclipsed_alternative_that_stays_as_it_was_is_no_change() -> None:
    pages, anything = record("pages", pages={"type": "array"}), {"type": "object"}
    before = {"oneOf": [pages, anything]}
    after = {"oneOf": [{"description": "x", **anything}, {"description": "y", **pages}]}

    assert told(responses(before, after)) == []


@pytest.mark.parametrize(
    "shared",
    [
        {"oneOf": [{"const": 1}, {"enum": [1.0]}]},
        {"oneOf": [{"type": "null"}, {"enum": [None]}]},
        {"oneOf": [{"type": "boolean"}, {"enum": [True, False]}]},
    ],
)
def test_what_alternatives_of_constants_share_is_no_value_and_needs_no_proof(shared: Any) -> None:
    old = record("kind", kind=shared)

    found = requests(old, record("kind", "size", kind={"enum": [7]}, size=INTEGER))

    assert told(found) == [("compatible", "request-property-type-generalized")]


def test_what_alternatives_of_constants_do_not_share_is_a_value_with_a_proof() -> None:
    old = {"oneOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]}

    assert proof(requests(old, {"enum": ["a", "b"]})).accepted.body == "c"
    assert told(requests(old, {"enum": ["a", "c"]})) == []


def test_a_break_that_is_shown_elsewhere_is_not_told_again_as_an_undecided_union() -> None:
    user = {"type": ["string", "null"]}
    parts = {"Comment": record("user", "line", user=STRING, line=INTEGER)}
    changed = {"Comment": record("user", "line", user=user, line=INTEGER)}
    comment = {"$ref": "#/components/schemas/Comment"}
    listed = record(comments={"type": "array", "items": comment})
    other = record(comments={"type": "array", "items": record("page", page=INTEGER)})

    def document(schemas: dict[str, Any]) -> Document:
        root = {
            "paths": {"/a": {"get": answered(comment)}, "/b": {"get": answered({"anyOf": [listed, other]})}}
        }
        root = {"openapi": "3.1.0", "components": {"schemas": schemas}, **root}
        return Document(root, "contract.json")

    found = diff(document(parts), document(changed))

    assert [(change.rule, change.subject) for change in found.changes] == [
        ("response-property-became-nullable", "Comment.user")
    ]
    assert [str(operation) for operation in found.changes[0].operations] == ["GET /a", "GET /b"]


# Realistic -----------------------------------------------------------------------------------------------

GONE = {"type": "object", "properties": {"extra": INTEGER}, "required": ["extra"]}


def carried(schema: Any, **media: Any) -> Any:
    """The body of a request that shows that a new member is required beside everything that the old has."""
    new = {"allOf": [schema, GONE]}
    return proof(diff(contract(sent(schema, **media)), contract(sent(new)))).accepted.body


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ({"type": "string", "example": "Persuasion"}, "Persuasion"),
        ({"type": "string", "examples": ["Persuasion", "Emma"]}, "Persuasion"),
        ({"type": "string", "default": "Persuasion"}, "Persuasion"),
        ({"type": "string", "default": "Emma", "example": "Persuasion"}, "Persuasion"),
        ({"type": "string", "enum": ["b", "a"]}, "b"),
        ({"type": "integer", "example": 1816}, 1816),
        ({"type": "integer", "example": "not a number"}, 1),
        ({"type": "string", "maxLength": 4, "example": "Persuasion", "examples": ["Emma"]}, "Emma"),
        ({"type": ["string", "null"], "example": None}, "string"),
        ({"type": "string", "example": "x" * 100}, "string"),
        ({"type": "string", "format": "date"}, "2024-01-31"),
        ({"type": "string", "format": "date-time"}, "2024-01-31T12:00:00Z"),
        ({"type": "string", "format": "time"}, "12:00:00Z"),
        ({"type": "string", "format": "duration"}, "P1D"),
        ({"type": "string", "format": "uuid"}, "123e4567-e89b-42d3-a456-426614174000"),
        ({"type": "string", "format": "email"}, "reader@example.com"),
        ({"type": "string", "format": "email", "maxLength": 8}, "a@b.org"),
        ({"type": "string", "format": "uri"}, "https://example.com/"),
        ({"type": "string", "format": "uri", "minLength": 24}, "https://example.com/aaaa"),
        ({"type": "string", "format": "hostname"}, "example.com"),
        ({"type": "string", "format": "ipv4"}, "192.0.2.1"),
        ({"type": "string", "format": "ipv6"}, "2001:db8::1"),
        ({"type": "string", "format": "byte"}, "YXBpdmVy"),
    ],
)
def test_a_member_has_the_value_that_the_contract_suggests(member: Any, value: Any) -> None:
    assert carried(record("x", x=member)) == {"x": value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Emma"),
        ("authorName", "Ada"),
        ("html_url", "https://example.com/"),
        ("X-Currency", "EUR"),
        ("qwertz", "string"),
    ],
)
def test_a_member_without_any_suggestion_is_guessed_by_its_name(name: str, value: str) -> None:
    assert carried(record(name, **{name: STRING})) == {name: value}


def test_a_guess_by_name_is_used_only_where_it_is_allowed() -> None:
    assert carried(record("title", title={"type": "string", "maxLength": 3})) == {"title": "a"}
    assert carried(record("title", title={"type": "string", "pattern": "^x+$"})) == {"title": "x"}
    assert carried(record("url", url={"type": "string", "format": "uuid"})) == {
        "url": "123e4567-e89b-42d3-a456-426614174000"
    }


def test_an_example_of_the_whole_gives_its_parts_and_no_more_than_are_needed() -> None:
    author = record("name", name=STRING, born=INTEGER)
    book = record("title", "authors", title=STRING, authors={"type": "array", "items": author, "minItems": 1})
    told_of = {"title": "Persuasion", "year": 1817, "authors": [{"name": "Jane", "born": 1775}]}

    assert carried({**book, "example": told_of}) == {"title": "Persuasion", "authors": [{"name": "Jane"}]}
    assert carried(book, example=told_of) == {"title": "Persuasion", "authors": [{"name": "Jane"}]}
    assert carried(book, examples={"a": {"value": told_of}}) == {
        "title": "Persuasion",
        "authors": [{"name": "Jane"}],
    }


def test_an_example_of_a_media_type_reaches_the_components_that_its_schema_refers_to() -> None:
    components = {
        "schemas": {
            "Author": record("name", name=STRING),
            "Book": record("author", author={"$ref": "#/components/schemas/Author"}),
        },
        "examples": {"emma": {"value": {"author": {"name": "Jane"}}}},
    }
    schema = {"$ref": "#/components/schemas/Book"}
    old = sent(schema, examples={"first": {"$ref": "#/components/examples/emma"}})
    new = sent({"allOf": [schema, GONE]})

    witness = proof(diff(contract(old, components=components), contract(new, components=components)))

    assert witness.accepted.body == {"author": {"name": "Jane"}}


def test_a_parameter_has_the_value_of_its_example() -> None:
    def with_path(schema: Any, **parts: Any) -> dict[str, Any]:
        name = {"name": "id", "in": "path", "required": True, "schema": STRING, **parts}
        return {"parameters": [name], **sent(schema)}

    for given in ({"example": "b-1"}, {"examples": {"first": {"value": "b-1"}}}):
        old = contract(with_path(record(), **given), "/books/{id}")
        new = contract(with_path(GONE, **given), "/books/{id}")
        assert proof(diff(old, new)).accepted.url == "/books/b-1"


def test_a_property_that_is_called_example_is_a_property() -> None:
    schema = record("example", "x", example=STRING, x=STRING)

    assert carried(schema) == {"example": "string", "x": "string"}


# Minimal -------------------------------------------------------------------------------------------------


def test_what_is_not_needed_for_the_break_is_left_out() -> None:
    line = record("isbn", isbn=STRING, note=STRING)
    old = record(lines={"type": "array", "items": line}, note=STRING, status=STRING)
    new = record(lines={"type": "array", "items": line}, note=STRING, status={"enum": ["open"]})

    assert proof(requests(old, new)).accepted.body == {"status": "string"}


def test_members_that_tell_alternatives_apart_are_kept_and_others_are_not() -> None:
    one = record(size=INTEGER, a=STRING, b=STRING, c=STRING)
    other = record(size=STRING, a=STRING, b=STRING, c=STRING)
    changed = record(size=INTEGER, a=INTEGER, b=STRING, c=STRING)

    found = requests({"oneOf": [one, other]}, {"oneOf": [changed, other]})

    assert proof(found).accepted.body == {"size": 1, "a": "string"}


# Bounded -------------------------------------------------------------------------------------------------


def test_thousands_of_members_that_become_required_share_their_proof() -> None:
    names = [f"m{number}" for number in range(5000)]
    old = record(**dict.fromkeys(names, STRING))
    started = process_time()

    found = requests(old, {**old, "required": names})

    assert process_time() - started < 10.0  # a second or two; on a busy machine, under coverage
    assert set(told(found)) == {("breaking", "request-property-became-required")}
    assert len(found.changes) == 5000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "minLength": 10**9}, {"type": "string", "minLength": 10**9 + 1}),
        ({"type": "string"}, {"type": "string", "maxLength": 10**9}),
        ({"type": "array", "minItems": 10**9}, {"type": "array", "minItems": 10**9 + 1}),
        ({"type": "array"}, {"type": "array", "maxItems": 10**300}),
        ({"type": "object", "minProperties": 10**9}, {"type": "object", "minProperties": 10**9 + 1}),
        ({"type": "object", "additionalProperties": STRING}, {"type": "object", "maxProperties": 10**9}),
    ],
)
def test_what_only_a_huge_value_shows_is_risky_and_says_so(old: Any, new: Any) -> None:
    for change in requests(old, new).changes:
        assert (change.effect.value, change.reason) == ("risky", HUGE)


def test_a_search_that_branches_without_end_is_cut_short_and_says_so() -> None:
    names = [f"n{number}" for number in range(12)]
    node = {"anyOf": [record(name, **{name: {"$ref": "#/components/schemas/Node"}}) for name in names]}
    components = {"schemas": {"Node": node}}
    old = record("node", node={"$ref": "#/components/schemas/Node"}, size=INTEGER)

    found = requests(old, {**old, "required": ["node", "size"]}, components=components)

    assert told(found) == [("risky", "request-property-became-required")]
    assert found.changes[0].reason == "the search for a value that shows it was cut short"


@pytest.mark.parametrize("step", [1e-300, 0.1, 10**400, 1e300])
def test_numbers_beyond_any_measure_are_no_trouble(step: Any) -> None:
    old = {"type": "number", "maximum": 1e308, "minimum": -1e308}

    found = requests({**old, "multipleOf": step}, {**old, "multipleOf": 7, "maximum": 5})

    assert {effect for effect, _ in told(found)} <= {"breaking", "risky"}


# Declared ------------------------------------------------------------------------------------------------

UNDECLARED = "only a member that the contract does not declare can show it"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (record("id", id=INTEGER), {"allOf": [record("id", id=INTEGER)], "not": {"required": ["number"]}}),
        (record(a={}), record(a={"not": {"minProperties": 2}})),
    ],
)
def test_a_break_that_only_members_show_that_nobody_declares_is_risky(old: Any, new: Any) -> None:
    changes = requests(old, new).changes

    assert [(change.effect.value, change.reason) for change in changes if change.reason] == [
        ("risky", UNDECLARED)
    ]


@pytest.mark.parametrize("more", [True, STRING])
def test_members_are_declared_by_a_schema_for_all_others(more: Any) -> None:
    old = {**record("id", id=INTEGER), "additionalProperties": more}
    new = {**old, "not": {"required": ["number"]}}

    assert proof(requests(old, new)).accepted.body == {"id": 1, "number": "string"}


def test_members_that_another_alternative_of_the_value_names_are_declared() -> None:
    one, other = record("a", a=INTEGER), record("b", b=INTEGER)

    found = requests({"anyOf": [one, other]}, {"oneOf": [one, other]})

    assert [change.witness.accepted.body for change in found.changes if change.witness] == [
        {"a": 1, "b": 1},
        {"b": 1, "a": 1},
    ]


def test_a_member_is_left_out_although_others_have_to_be_there() -> None:
    old = {**record(a=INTEGER, b=INTEGER, c=INTEGER), "minProperties": 2}

    assert proof(requests(old, {**old, "required": ["a"]})).accepted.body == {"b": 1, "c": 1}


def test_documents_that_share_parts_in_memory_are_two_documents() -> None:
    book = {"type": "object", "properties": {"author": {"$ref": "#/components/schemas/Author"}}}
    operation = answered(book)

    found = diff(
        contract(operation, components={"schemas": {"Author": STRING}}),
        contract(operation, components={"schemas": {"Author": INTEGER}}),
    )

    assert ("breaking", "response-property-type-changed") in told(found)


def test_what_only_the_other_side_asks_for_is_not_sent() -> None:
    def order(line: Any, *required: str, **more: Any) -> dict[str, Any]:
        return record("lines", *required, lines={"type": "array", "items": line, "minItems": 1}, **more)

    old = order(record("book", book=INTEGER))
    new = order(record("isbn", book=INTEGER, isbn=STRING), "method", method=STRING)

    bodies = {
        change.subject: change.witness.accepted.body
        for change in requests(old, new).changes
        if change.witness
    }
    assert bodies == {"body.method": {"lines": [{"book": 1}]}, "body.lines[].isbn": {"lines": [{"book": 1}]}}


def test_an_alternative_that_another_one_takes_by_chance_is_told_once_and_of_nothing_else() -> None:
    def named(letter: str, most: int) -> dict[str, Any]:
        members = {f"{letter}{number}": {"type": "integer", "maximum": most} for number in range(3)}
        return {"type": "object", "properties": members}

    old = {"anyOf": [named("a", 100), named("b", 100)]}
    new = {"anyOf": [named("a", 50), named("b", 100)]}

    found = requests(old, new)
    assert [(change.effect.value, change.rule, change.reason) for change in found.changes] == [
        (
            "risky",
            "request-body-any-of-removed",
            "another alternative takes what this one lost, but does not describe it",
        )
    ]
    assert not responses(old, new).changes


def test_a_member_of_the_other_direction_is_asked_for_by_no_part_of_a_conjunction() -> None:
    """By OpenAPI 3.0.3, 4.7.24.2, `required` then holds in the other direction alone, wherever it stands."""
    members = {"secret": {"type": "string", "writeOnly": True}, "name": STRING}
    whole = {"type": "object", "properties": members, "required": ["secret", "name"]}
    base = {"type": "object", "properties": members, "required": ["name"]}
    parts = {"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["secret"]}]}
    components = {"components": {"schemas": {"Base": base}}}

    for compare in (requests, responses):
        assert not told(compare(whole, parts, **components))
        assert not told(compare(parts, whole, **components))

    asking = {"allOf": [*parts["allOf"], {"required": ["title"]}]}
    assert told(responses(asking, parts, **components)) == [
        ("breaking", "response-required-property-removed")
    ]
    assert told(requests(parts, base, **components)) == [("compatible", "request-property-became-optional")]


def test_a_member_of_the_other_direction_is_not_what_alternatives_depend_on() -> None:
    needing = {"b": {"properties": {"b": {"readOnly": True}}, "patternProperties": {"b": {}}}}
    found = requests({"dependentSchemas": needing}, {"dependentSchemas": {"b": {}}})  # it ends

    assert not [change for change in found.changes if change.effect.value == "breaking"]
