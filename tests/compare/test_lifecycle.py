"""What a contract announces of the life of its parts, and what changes of that mean."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import ABSENT, Change, Comparison
from apiver.compare.schemas.announcements import Calendar, day
from tests.compare.operation_pairs import JSON, OK, contract, only, told

GET: dict[str, Any] = {"responses": OK}
TODAY = date(2026, 6, 1)


def between(
    old: dict[str, Any], new: dict[str, Any], today: date | None = TODAY, notice: int = 0
) -> Comparison:
    """Two operations at the same place."""
    one, other = (contract({"/books": {"get": {**GET, **each}}}) for each in (old, new))
    return diff(one, other, today=today, notice=notice)


def gone(old: dict[str, Any], today: date | None = TODAY) -> Change:
    """An operation that is not there any more, beside one that is."""
    rest = {"/shops": {"get": GET}}
    found = diff(contract({"/books": {"get": {**GET, **old}}, **rest}), contract(rest), today=today)
    return only(found)


def with_parameter(**parts: Any) -> dict[str, Any]:
    return {"parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}, **parts}]}


def with_property(direction: str, **parts: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"title": {"type": "string", **parts}}}
    body = {"content": {JSON: {"schema": schema}}}
    if direction == "request":
        return {"requestBody": body}
    return {"responses": {"200": {"description": "fine", **body}}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-31", date(2027, 1, 31)),
        ("2027-01-31T23:59:59Z", date(2027, 1, 31)),
        ("2027-01-31t10:00:00.125z", date(2027, 1, 31)),
        ("2027-01-31T23:30:00-05:00", date(2027, 2, 1)),
        ("Sun, 31 Jan 2027 23:59:59 GMT", date(2027, 1, 31)),
        ("2027-02-30", None),
        ("2027-01-31T10:00:00", None),  # which day that is in UTC is not said
        ("20270131", None),
        ("31.01.2027", None),
        ("soon", None),
        ("noon GMT", None),
        ("٢٠٢٧-01-31", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("", None),
        (20270131, None),
        (None, None),
        (["2027-01-31"], None),
    ],
)
def test_a_sunset_is_a_day_in_utc(text: Any, expected: date | None) -> None:
    assert day(text) == expected


def test_a_sunset_is_past_when_its_day_has_ended() -> None:
    last = date(2026, 6, 1)

    assert not Calendar(date(2026, 6, 1)).is_past(last)
    assert Calendar(date(2026, 6, 2)).is_past(last)
    assert not Calendar(None).is_past(last)


@pytest.mark.parametrize(
    ("old", "new", "effect", "rule"),
    [
        ({}, {"deprecated": True}, "docs", "endpoint-deprecated"),
        ({"deprecated": False}, {"deprecated": True}, "docs", "endpoint-deprecated"),
        ({"deprecated": True}, {}, "docs", "endpoint-reactivated"),
        (
            {},
            {"deprecated": True, "x-sunset": "2027-01-31"},
            "docs",
            "endpoint-deprecated-with-sunset",
        ),
        # announced before, and dated now
        (
            {"deprecated": True},
            {"deprecated": True, "x-sunset": "2027-01-31"},
            "docs",
            "endpoint-deprecated-with-sunset",
        ),
        ({}, {"deprecated": True, "x-sunset": "soon"}, "risky", "api-deprecated-sunset-parse"),
        ({}, {"deprecated": True, "x-sunset": "2026-05-31"}, "risky", "api-sunset-date-too-small"),
        (
            {"deprecated": True, "x-sunset": "2027-01-31"},
            {"deprecated": True},
            "risky",
            "sunset-deleted",
        ),
        (
            {"deprecated": True, "x-sunset": "2027-01-31"},
            {"deprecated": True, "x-sunset": "2027-01-30"},
            "risky",
            "api-sunset-date-changed-too-small",
        ),
        (
            {"deprecated": True, "x-sunset": "2027-01-31"},
            {"deprecated": True, "x-sunset": "2027-02-01"},
            "docs",
            "api-sunset-postponed",
        ),
        (
            {"deprecated": True, "x-sunset": "2027-01-31"},
            {"deprecated": True, "x-sunset": "soon"},
            "risky",
            "api-path-sunset-parse",
        ),
        (
            {"deprecated": True, "x-sunset": "soon"},
            {"deprecated": True, "x-sunset": "2027-01-31"},
            "risky",
            "api-path-sunset-parse",
        ),
        ({}, {"x-stability-level": "beta"}, "risky", "api-stability-decreased"),
        ({"x-stability-level": "alpha"}, {"x-stability-level": "draft"}, "risky", "api-stability-decreased"),
        ({"x-stability-level": "beta"}, {}, "docs", "api-stability-increased"),
        ({"x-stability-level": "gold"}, {}, "risky", "api-invalid-stability-level"),
        ({}, {"x-stability-level": 1}, "risky", "api-invalid-stability-level"),
        ({}, {"operationId": "books"}, "docs", "api-operation-id-added"),
        ({"operationId": "books"}, {}, "docs", "api-operation-id-removed"),
        ({"operationId": "books"}, {"operationId": "list_books"}, "docs", "api-operation-id-removed"),
        ({}, {"tags": ["books"]}, "docs", "api-tag-added"),
        ({"tags": ["books", "shop"]}, {"tags": ["shop"]}, "docs", "api-tag-removed"),
    ],
)
def test_an_announcement_of_an_operation(
    old: dict[str, Any], new: dict[str, Any], effect: str, rule: str
) -> None:
    change = only(between(old, new))

    assert (change.effect.value, change.rule) == (effect, rule)
    assert change.witness is None
    assert bool(change.reason) == (effect == "risky")


DATED = {"deprecated": True, "x-sunset": "2027-01-31"}


@pytest.mark.parametrize(
    ("old", "new", "title", "values"),
    [
        ({}, {"deprecated": True}, "is deprecated now", (False, True)),
        ({"deprecated": True}, {}, "is not deprecated any more", (True, False)),
        ({}, DATED, "is deprecated now, until 2027-01-31", (ABSENT, "2027-01-31")),
        (
            DATED,
            {**DATED, "x-sunset": "2027-01-30"},
            "ends earlier: 2027-01-30, not 2027-01-31",
            ("2027-01-31", "2027-01-30"),
        ),
        (
            DATED,
            {**DATED, "x-sunset": "2028-01-31"},
            "ends later: 2028-01-31, not 2027-01-31",
            ("2027-01-31", "2028-01-31"),
        ),
        (DATED, {"deprecated": True}, "has no sunset any more", ("2027-01-31", ABSENT)),
        (DATED, {**DATED, "x-sunset": 1}, "has a sunset that is no date", ("2027-01-31", 1)),
        ({**DATED, "x-sunset": 1}, DATED, "had a sunset that is no date", (1, "2027-01-31")),
        ({}, {"x-stability-level": "beta"}, "is beta now, not stable any more", (ABSENT, "beta")),
        (
            {},
            {"x-stability-level": "gold"},
            "has a stability level that is none of draft, alpha, beta, stable",
            (ABSENT, "gold"),
        ),
    ],
)
def test_what_is_said_of_an_announcement(
    old: dict[str, Any], new: dict[str, Any], title: str, values: tuple[Any, Any]
) -> None:
    change = only(between(old, new))

    assert change.title == f"the operation {title}"
    assert (change.old.value, change.new.value) == values
    for part, operation in ((change.old, old), (change.new, new)):
        below = part.pointer.removeprefix("/paths/~1books/get")
        assert below in ("", "/deprecated", "/x-sunset", "/x-stability-level")
        assert operation.get(below[1:], ABSENT) == part.value or (not below and part.value in (ABSENT, False))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"x-stability-level": "gold"}, {"x-stability-level": "gold", "summary": "other words"}),
        ({"x-stability-level": "stable"}, {}),
        (
            {"deprecated": True, "x-sunset": "2027-01-31"},
            {"deprecated": True, "x-sunset": "2027-01-31T00:00:00Z"},
        ),
        ({"x-sunset": "2027-01-31"}, {}),  # of something that is not deprecated
        ({"tags": ["a", "b"]}, {"tags": ["b", "a"]}),
        ({"deprecated": True, "x-sunset": "2020-01-31"}, {"deprecated": True, "x-sunset": "2020-01-31"}),
    ],
)
def test_what_means_the_same_is_no_change(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert told(between(old, new)) == []


def test_what_is_no_announcement_at_all_does_no_harm() -> None:
    deep: Any = []
    for _ in range(20_000):
        deep = [deep]
    wide = [str(number) for number in range(20_000)]
    odd = {"operationId": deep, "tags": [deep, {}, 1], "x-stability-level": deep, "x-sunset": "9" * 10**6}

    assert told(between({}, {**odd, "deprecated": True})) == [
        ("risky", "api-deprecated-sunset-parse", "operation"),
        ("risky", "api-invalid-stability-level", "operation"),
    ]
    assert told(between({"operationId": {}}, {"operationId": []})) == []
    lists = [{"schema": {"x-extensible-enum": each}} for each in (wide, [deep, *wide[7:]])]
    change = only(between(*(with_parameter(**each) for each in lists)))
    assert change.title == "?limit no longer lists 0, 1, 2, 3, 4 and 2 more"
    assert len(between({"tags": wide}, {"tags": wide[::-1]}).changes) == 0


def test_names_and_values_are_shown_where_they_stand() -> None:
    found = between({"operationId": "a", "tags": ["x", "y"]}, {"operationId": "b", "tags": ["y", "z"]})

    assert [(each.old.pointer, each.new.pointer) for each in found.changes] == [
        ("/paths/~1books/get/operationId", "/paths/~1books/get/operationId"),
        ("/paths/~1books/get/tags/0", "/paths/~1books/get"),
        ("/paths/~1books/get", "/paths/~1books/get/tags/1"),
    ]
    old, new = ({"x-extensible-enum": each} for each in (["a", "b"], ["b"]))
    change = only(between(with_property("request", **old), with_property("request", **new)))
    assert change.old.pointer.endswith("/properties/title/x-extensible-enum")
    assert change.new.value == ["b"]


def test_two_things_may_be_announced_at_once() -> None:
    found = between({"tags": ["a", "b"]}, {"deprecated": True, "x-stability-level": "beta", "tags": []})

    assert told(found) == [
        ("risky", "api-stability-decreased", "operation"),
        ("docs", "endpoint-deprecated", "operation"),
        ("docs", "api-tag-removed", "tag a"),
        ("docs", "api-tag-removed", "tag b"),
    ]


def test_with_a_notice_a_deprecation_needs_a_sunset_that_is_far_enough() -> None:
    def rule(*sunset: str) -> str:
        new = {"deprecated": True, **({"x-sunset": sunset[0]} if sunset else {})}
        return only(between({}, new, notice=30)).rule

    assert rule() == "api-deprecated-sunset-missing"
    assert rule("2026-06-30") == "api-sunset-date-too-small"
    assert rule("2026-07-01") == "endpoint-deprecated-with-sunset"


def test_without_a_day_no_sunset_is_too_soon() -> None:
    new = {"deprecated": True, "x-sunset": "2020-01-31"}

    assert only(between({}, new, today=None, notice=30)).rule == "endpoint-deprecated-with-sunset"


@pytest.mark.parametrize(
    ("old", "today", "effect", "rule"),
    [
        ({}, TODAY, "breaking", "api-removed-without-deprecation"),
        ({"x-sunset": "2020-01-31"}, TODAY, "breaking", "api-removed-without-deprecation"),
        ({"deprecated": True}, TODAY, "breaking", "api-removed-with-deprecation"),
        ({"deprecated": True, "x-sunset": "soon"}, TODAY, "breaking", "api-removed-with-deprecation"),
        ({"deprecated": True, "x-sunset": "2026-06-01"}, TODAY, "breaking", "api-removed-before-sunset"),
        ({"deprecated": True, "x-sunset": "2026-05-31"}, TODAY, "compatible", "api-removed-after-sunset"),
        ({"deprecated": True, "x-sunset": "2026-05-31"}, None, "breaking", "api-removed-before-sunset"),
    ],
)
def test_an_operation_may_go_when_its_last_day_has_ended(
    old: dict[str, Any], today: date | None, effect: str, rule: str
) -> None:
    change = gone(old, today)

    assert (change.effect.value, change.rule, change.direction) == (effect, rule, "request")
    assert (change.witness is not None) == (effect == "breaking")
    if change.witness is not None:
        assert change.witness.accepted_by == "old"
        assert change.witness.accepted.url.endswith("/books")


@pytest.mark.parametrize(
    ("old", "new", "effect", "rule"),
    [
        ({}, {"deprecated": True}, "docs", "request-parameter-deprecated"),
        ({}, {"deprecated": True, "x-sunset": "2027-01-31"}, "docs", "request-parameter-deprecated"),
        ({"deprecated": True}, {}, "docs", "request-parameter-reactivated"),
        ({}, {"deprecated": True, "x-sunset": "soon"}, "risky", "request-parameter-sunset-parse"),
        (
            {},
            {"deprecated": True, "x-sunset": "2026-01-31"},
            "risky",
            "request-parameter-sunset-date-too-small",
        ),
        (
            {"deprecated": True, "x-sunset": "2027-01-31"},
            {"deprecated": True},
            "risky",
            "request-parameter-sunset-deleted",
        ),
        (
            {"deprecated": True, "x-sunset": "2027-01-31"},
            {"deprecated": True, "x-sunset": "2026-12-31"},
            "risky",
            "request-parameter-sunset-date-changed-too-small",
        ),
        (
            {"deprecated": True, "x-sunset": "2027-01-31"},
            {"deprecated": True, "x-sunset": "2028-01-31"},
            "docs",
            "request-parameter-sunset-postponed",
        ),
        (
            {"schema": {"x-extensible-enum": [5, 10]}},
            {"schema": {"x-extensible-enum": [10, 20]}},
            "risky",
            "request-parameter-x-extensible-enum-value-removed",
        ),
    ],
)
def test_an_announcement_of_a_parameter(
    old: dict[str, Any], new: dict[str, Any], effect: str, rule: str
) -> None:
    change = only(between(with_parameter(**old), with_parameter(**new)))

    assert (change.effect.value, change.rule, change.subject) == (effect, rule, "?limit")


def test_a_notice_holds_for_parameters_too() -> None:
    change = only(between(with_parameter(), with_parameter(deprecated=True), notice=1))

    assert change.rule == "request-parameter-deprecated-sunset-missing"


@pytest.mark.parametrize(
    ("old", "effect", "rule"),
    [
        ({}, "risky", "request-parameter-removed"),
        ({"deprecated": True}, "compatible", "request-parameter-removed-with-deprecation"),
        (
            {"deprecated": True, "x-sunset": "2026-05-31"},
            "compatible",
            "request-parameter-removed-with-deprecation",
        ),
        (
            {"deprecated": True, "x-sunset": "2026-06-01"},
            "risky",
            "request-parameter-removed-before-sunset",
        ),
    ],
)
def test_a_deprecated_parameter_may_go_when_its_last_day_has_ended(
    old: dict[str, Any], effect: str, rule: str
) -> None:
    change = only(between(with_parameter(**old), {}))

    assert (change.effect.value, change.rule, change.subject) == (effect, rule, "?limit")


@pytest.mark.parametrize("direction", ["request", "response"])
@pytest.mark.parametrize(
    ("old", "new", "effect", "how"),
    [
        ({}, {"deprecated": True}, "docs", "deprecated"),
        ({}, {"deprecated": True, "x-sunset": "2027-01-31"}, "docs", "deprecated-with-sunset"),
        ({"deprecated": True}, {}, "docs", "reactivated"),
        ({}, {"deprecated": True, "x-sunset": "soon"}, "risky", "deprecated-sunset-invalid"),
        ({}, {"deprecated": True, "x-sunset": "2026-01-31"}, "risky", "sunset-date-too-small"),
        ({"deprecated": True, "x-sunset": "2027-01-31"}, {"deprecated": True}, "risky", "sunset-deleted"),
        (
            {"deprecated": True, "x-sunset": "2027-01-31"},
            {"deprecated": True, "x-sunset": "2026-12-31"},
            "risky",
            "sunset-date-changed-too-small",
        ),
        (
            {"deprecated": True, "x-sunset": "2027-01-31"},
            {"deprecated": True, "x-sunset": "2027-12-31"},
            "docs",
            "sunset-postponed",
        ),
        ({}, {"x-stability-level": "draft"}, "risky", "stability-decreased"),
        ({"x-stability-level": "draft"}, {"x-stability-level": "beta"}, "docs", "stability-increased"),
        ({}, {"x-stability-level": "gold"}, "risky", "stability-invalid"),
    ],
)
def test_an_announcement_of_a_property(
    direction: str, old: dict[str, Any], new: dict[str, Any], effect: str, how: str
) -> None:
    change = only(between(with_property(direction, **old), with_property(direction, **new)))

    assert (change.effect.value, change.rule) == (effect, f"{direction}-property-{how}")
    assert (change.direction, change.subject) == (direction, "body.title")


def test_a_notice_holds_for_properties_too() -> None:
    old, new = with_property("request"), with_property("request", deprecated=True)

    assert only(between(old, new, notice=1)).rule == "request-property-deprecated-sunset-missing"


def test_a_shared_property_is_one_finding_for_each_direction() -> None:
    def shop(**marks: Any) -> Any:
        book = {"type": "object", "properties": {"title": {"type": "string", **marks}}}
        body = {"content": {JSON: {"schema": {"$ref": "#/components/schemas/Book"}}}}
        operation = {"requestBody": body, "responses": {"200": {"description": "fine", **body}}}
        paths = {"/books": {"post": operation}, "/books/{id}": {"put": operation}}
        return contract(paths, components={"schemas": {"Book": book}})

    found = diff(shop(), shop(deprecated=True))
    assert told(found) == [
        ("docs", "request-property-deprecated", "Book.title"),
        ("docs", "response-property-deprecated", "Book.title"),
    ]
    assert [len(change.operations) for change in found.changes] == [2, 2]


@pytest.mark.parametrize(("version", "rules"), [("3.0.3", []), ("3.1.0", ["response-property-deprecated"])])
def test_words_beside_a_reference_count_where_they_count_at_all(version: str, rules: list[str]) -> None:
    def shop(**marks: Any) -> Any:
        title = {"$ref": "#/components/schemas/Title", **marks}
        schema = {"type": "object", "properties": {"title": title}}
        answer = {"200": {"description": "fine", "content": {JSON: {"schema": schema}}}}
        document = contract(
            {"/books": {"get": {"responses": answer}}}, components={"schemas": {"Title": {"type": "string"}}}
        )
        document.root["openapi"] = version
        return document

    assert [each.rule for each in diff(shop(), shop(deprecated=True)).changes] == rules
    defaults = [each.rule for each in diff(shop(default="a"), shop(default="b")).changes]
    assert defaults == [rule.replace("deprecated", "default-value-changed") for rule in rules]


def test_values_that_are_known_today_may_go_from_a_request_only_aloud() -> None:
    old, new = {"x-extensible-enum": ["a", "b"]}, {"x-extensible-enum": ["b", "c"]}
    change = only(between(with_property("request", **old), with_property("request", **new)))

    assert (change.effect.value, change.rule) == (
        "risky",
        "request-property-x-extensible-enum-value-removed",
    )
    assert change.title == "body.title no longer lists a"
    assert told(between(with_property("response", **old), with_property("response", **new))) == []


@pytest.mark.parametrize(("level", "effect"), [("draft", "risky"), ("alpha", "risky"), ("beta", "breaking")])
def test_what_breaks_in_an_unstable_operation_breaks_no_promise(level: str, effect: str) -> None:
    mark = {"x-stability-level": level}
    old, new = {**with_parameter(), **mark}, {**with_parameter(required=True), **mark}
    change = only(between(old, new))

    assert (change.effect.value, change.rule) == (effect, "request-parameter-became-required")
    assert (change.witness is None) == (effect == "risky")
    if effect == "risky":
        assert level in (change.reason or "")
    assert gone(mark).effect.value == effect


def test_after_its_sunset_nothing_of_an_operation_is_promised() -> None:
    mark = {"deprecated": True, "x-sunset": "2026-05-31"}
    old, new = {**with_parameter(), **mark}, {**with_parameter(required=True), **mark}

    (change,) = between(old, new).changes
    assert (change.effect.value, change.witness) == ("risky", None)
    assert "it promised this until 2026-05-31 only" in (change.reason or "")
    assert between(old, new, today=date(2026, 5, 31)).changes[0].effect.value == "breaking"
    assert between({**old, "deprecated": False}, new).changes[0].effect.value == "breaking"


def test_a_webhook_may_go_after_its_sunset_as_well() -> None:
    def shop(**marks: Any) -> Any:
        hook = {"post": {"responses": OK, **marks}}
        return contract({"/books": {"get": GET}}, webhooks={"sold": hook} if marks else {})

    marked = shop(deprecated=True, **{"x-sunset": "2026-05-31"})
    assert told(diff(marked, shop(), today=TODAY)) == [("risky", "webhook-removed", "webhook")]
    assert told(diff(marked, shop())) == [("breaking", "webhook-removed", "webhook")]


def test_it_is_the_old_contract_that_promises() -> None:
    old, new = with_parameter(), {**with_parameter(required=True), "x-stability-level": "alpha"}

    assert [each[:2] for each in told(between(old, new))] == [
        ("breaking", "request-parameter-became-required"),
        ("risky", "api-stability-decreased"),
    ]


def test_a_shared_cause_is_proved_by_the_operation_that_is_promised() -> None:
    def shop(*required: str) -> Any:
        book = {"type": "object", "properties": {"title": {}}, "required": list(required)}
        body = {"content": {JSON: {"schema": {"$ref": "#/components/schemas/Book"}}}}
        operation = {"requestBody": body, "responses": OK}
        paths = {
            "/a": {"post": {**operation, "x-stability-level": "alpha"}},
            "/b": {"post": operation},
        }
        return contract(paths, components={"schemas": {"Book": book}})

    change = only(diff(shop(), shop("title")))
    assert change.effect.value == "breaking"
    assert [ref.path for ref in change.operations] == ["/a", "/b"]
    assert change.witness is not None
    assert change.witness.accepted.url.endswith("/b")


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("1.2.0", "1.2.0", "api-version-not-bumped"),
        ("1.2.0", "1.3.0", "api-major-version-not-bumped"),
        ("1.2.0", "v1.2.1-rc.1", "api-major-version-not-bumped"),
        ("0.2.0", "0.2.1", "api-major-version-not-bumped"),
        ("1.2.0", "1.1.9", "api-version-decreased"),
        ("2.0.0", "1.0.0", "api-version-decreased"),
        ("1.2.0", "1.2.0+build.2", "api-major-version-not-bumped"),
        ("1.2.0", "2.0.0", None),
        ("1.2.0", "2", None),
        ("1", "2.0.0", None),
        ("0.2.0", "0.3.0", None),
        ("0.2.0", "1.0.0", None),
        ("1", "1", None),
        ("2026-01-01", "2026-01-01", None),
        (None, None, None),
    ],
)
def test_what_breaks_needs_a_new_number(before: Any, after: Any, rule: str | None) -> None:
    def shop(version: Any, **operation: Any) -> Any:
        document = contract({"/books": {"get": {**GET, **operation}}})
        document.root["info"] = {"title": "Bookshop", **({} if version is None else {"version": version})}
        return document

    needed = {"parameters": [{"name": "q", "in": "query", "required": True}]}
    found = diff(shop(before), shop(after, **needed))
    assert [each[:2] for each in told(found)] == [
        ("breaking", "new-required-request-parameter"),
        *([("docs", rule)] if rule else []),
    ]
    assert told(diff(shop(before, tags=["a"]), shop(after, tags=["a"], summary="words"))) == []
