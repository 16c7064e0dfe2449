from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from apiver.compare.change import Comparison, Effect, Exchange, NotCompared, OperationRef, Part, Witness
from apiver.contract.document import Place
from apiver.report.html import html
from apiver.report.html.content import page
from tests.report.parsed_page import Tree

Make = Callable[..., Comparison]
ALL = ("required", "held", "default", "sort", "summary")


def test_it_is_whole_html_with_ids_that_are_used_once(made: Make) -> None:
    tree = Tree(html(made(*ALL, "required", unread=True)))
    ids = [attributes["id"] for _, attributes in tree.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in tree.elements:
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids
        if (attributes.get("href") or "").startswith("#"):
            assert (attributes["href"] or "")[1:] in ids
    assert tree.all("html") == [{"lang": "en"}]
    assert len(tree.all("article")) == 6


def test_everything_is_told(made: Make) -> None:
    tree = Tree(html(made(*ALL, unread=True)))
    assert tree.said("h1") == ["Bookshop"]
    assert "2 changes break clients of v1." in tree.said("p")
    assert tree.said("h2") == ["Breaking", "Risky", "Compatible", "Docs", "Not compared"]
    assert tree.said("h3") == [
        "body.isbn is required now",
        'Order.status may now be "held"',
        "the default of ?limit went from 50 to 20",
        "?sort is new and optional",
        "the summary was reworded",
    ]
    for said in (
        "nothing is rejected, but a client that leaves it out gets fewer books",
        "accept its absence for as long as clients of the old version exist, or fill it in on the server",
        "rests on what was read from the code",
    ):
        assert said in tree.said("dd")
    assert "the view returns what a template holds" in tree.said("p")
    assert "response-property-enum-value-added" in tree.said("code")
    assert "/late" in tree.said("span")


def test_a_proof_is_a_full_exchange(made: Make) -> None:
    messages = [text for text in Tree(html(made("required", "held"))).said("code") if "HTTP" in text]
    assert messages == [
        'POST /api/v1/books HTTP/1.1\nContent-Type: application/json\n\n{\n  "title": "Emma"\n}',
        'POST /api/v2/books HTTP/1.1\nContent-Type: application/json\n\n{\n  "title": "Emma"\n}',
        "GET /api/v2/orders HTTP/1.1\n\nHTTP/1.1 200\nContent-Type: application/json\n\n"
        '[\n  {\n    "id": 1,\n    "status": "held"\n  }\n]',
    ]


def test_a_proof_that_goes_to_one_url_is_shown_once(made: Make) -> None:
    exchange = Exchange("GET", "/a")
    proof = (
        page(
            made(
                "held",
                direction="request",
                witness=Witness("request", exchange, exchange, "old", "new", "no"),
            )
        )
        .groups[0]
        .changes[0]
        .proof
    )
    assert proof is not None
    assert [[verdict.text for verdict in each.verdicts] for each in proof.exchanges] == [
        ["v1 accepts", "v2 rejects"]
    ]


def test_old_and_new_stand_side_by_side_with_what_differs_marked(made: Make) -> None:
    sides = page(made("held")).groups[0].changes[0].sides
    assert [(side.role, side.place) for side in sides] == [
        ("v1 (old)", "v1.yaml:81:7"),
        ("v2 (new)", "v2.yaml:78:7"),
    ]
    assert [tuple(line) for line in sides[0].lines] == [
        ("[", ""),
        ('  "open",', ""),
        ('  "paid"', ""),
        ("]", ""),
    ]
    assert [tuple(line) for line in sides[1].lines] == [
        ("[", ""),
        ('  "open",', ""),
        ('  "paid",', ""),
        ('  "held"', "come"),
        ("]", ""),
    ]


def test_a_text_body_is_shown_as_it_is(made: Make) -> None:
    exchange = Exchange("POST", "/a", None, (("Content-Type", "text/plain"),), "one\ntwo \x1b[0m")
    written = html(made("held", witness=Witness("request", exchange, exchange, "old", "new", "no")))
    assert "POST /a HTTP/1.1\nContent-Type: text/plain\n\none\ntwo \\x1b[0m</code>" in written


def test_long_bodies_are_cut_and_what_is_left_out_is_counted(made: Make) -> None:
    bodies = [{"a": "x" * 50_000}, "x" * 50_000]
    for body in bodies:
        exchange = Exchange("POST", "/a", None, (("Content-Type", "text/plain"),), body)
        other = Exchange("POST", "/b", None, (("Content-Type", "text/plain"),), body)
        written = html(made("held", witness=Witness("request", exchange, other, "old", "new", "no")))
        assert "more characters" in written
        assert "(the same body)" in written
        assert len(written) < 60_000


def test_nothing_changed_is_a_page_too(made: Make) -> None:
    tree = Tree(html(made()))
    assert "No changes in 8 operations." in tree.said("p")
    assert "Clients of v1 will not notice v2." in tree.said("p")
    assert tree.all("form") == []


def test_proofs_are_open_where_they_are_few(made: Make) -> None:
    few, many = (Tree(html(made(*["held"] * count))) for count in (25, 26))
    assert ["open" in one for one in few.all("details") if one["class"] == "proof"] == [True] * 25
    assert ["open" in one for one in many.all("details") if one["class"] == "proof"] == [False] * 26


def test_only_its_own_script_and_style_may_run(made: Make) -> None:
    written = html(made(*ALL, unread=True))
    policy = next(
        m["content"] for m in Tree(written).all("meta") if m.get("http-equiv") == "Content-Security-Policy"
    )
    parts = dict(part.strip().split(" ", 1) for part in (policy or "").split(";"))
    assert parts["default-src"] == "'none'"
    assert parts["base-uri"] == parts["form-action"] == "'none'"
    for tag, name in (("script", "script-src"), ("style", "style-src")):
        found = re.findall(f"<{tag}>(.*?)</{tag}>", written, re.DOTALL)
        assert len(found) == 1
        assert (
            parts[name] == f"'sha256-{base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()}'"
        )


def test_nothing_is_loaded_from_anywhere(made: Make) -> None:
    tree = Tree(html(made(*ALL, unread=True)))
    for tag, attributes in tree.elements:
        assert not any(
            name.startswith("on") or name in ("style", "src", "srcset", "action") for name in attributes
        )
        assert attributes.get("href", "#")[:1] == "#" or (tag, attributes["href"]) == ("link", "data:,")


def test_hostile_strings_are_texts(hostile: tuple[str, Comparison], made: Make) -> None:
    plain = [tag for tag, _ in Tree(html(made("held", "default", "sort", unread=True))).elements]
    written = html(hostile[1])
    tree = Tree(written)
    assert {tag for tag, _ in tree.elements} <= {*plain}
    assert len(tree.all("script")) == len(tree.all("style")) == 1
    for _, attributes in tree.elements:
        assert not any(name.startswith("on") or name in ("src", "style", "autofocus") for name in attributes)
        assert all(re.fullmatch("[a-z-]+", name) for name in attributes)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028\ud800]", written)
    assert "49" not in " ".join(tree.said("h3"))
    written.encode("utf-8")


def test_numbers_of_operations_lead_to_the_list(made: Make) -> None:
    tree = Tree(html(made("required", "held")))
    options = tree.said("option")
    assert options == [
        "all operations",
        "GET /all",
        "POST /books",
        "GET /late",
        "GET /orders",
        "GET /orders/{id}",
        "GET /x",
    ]
    numbers = [article["data-operations"] for article in tree.all("article")]
    assert [[options[int(number) + 1] for number in (said or "").split()] for said in numbers] == [
        ["POST /books"],
        ["GET /orders", "GET /orders/{id}", "GET /late", "GET /all", "GET /x"],
    ]


@pytest.mark.parametrize(("place", "said"), [(Place("a.yaml", 3, 4), "a.yaml:3:4"), (None, "/paths/~1a")])
def test_a_part_without_a_place_is_named_by_its_pointer(made: Make, place: Place | None, said: str) -> None:
    part = Part("/paths/~1a", 1, place)
    assert page(made("default", old=part, new=part)).groups[0].changes[0].sides[0].place == said


def test_a_change_of_the_whole_api(made: Make) -> None:
    assert "the whole API" in Tree(html(made("default", operations=()))).said("p")


def test_the_page_is_the_same_on_every_run(made: Make) -> None:
    operations = tuple(OperationRef("GET", f"/{number}") for number in range(40))
    assert html(made(*ALL, operations=operations)) == html(made(*ALL, operations=operations))


def test_a_request_that_the_api_sends_may_be_sent(made: Make) -> None:
    exchange = Exchange("POST", "https://client.example/held", body={"a": "z"})
    change = (
        page(made("held", witness=Witness("request", exchange, exchange, "new", "old", "no")))
        .groups[0]
        .changes[0]
    )
    assert change.proof is not None
    assert [verdict.text for verdict in change.proof.exchanges[0].verdicts] == [
        "v2 may send it",
        "v1 rules it out",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (Part("/a"), Part("/a", 1), ["not there", ""]),
        (Part("/a", "GET /books", Place("a", 1)), Part("/a"), ["the operation itself", "not there"]),
        (Part("/a", located=Place("a", 1)), Part("/b", located=Place("b", 1)), ["", ""]),
    ],
)
def test_a_side_without_a_value_says_why(made: Make, old: Part, new: Part, said: list[str]) -> None:
    sides = page(made("default", old=old, new=new)).groups[0].changes[0].sides
    assert ["" if side.lines else side.instead for side in sides] == said


def test_a_change_that_is_nowhere_shows_no_sides(made: Make) -> None:
    assert page(made("default", old=Part("/a"), new=Part("/a"))).groups[0].changes[0].sides == []


def test_a_version_is_named_where_the_name_is_another(made: Make) -> None:
    assert [side.about for side in page(made()).sides] == [
        "version 1, 7 operations",
        "version 2, 8 operations",
    ]
    assert page(made(old_name="1")).sides[0].about == "7 operations"


def test_changes_that_share_a_fingerprint_have_ids_of_their_own(made: Make) -> None:
    ids = [change.id for change in page(made("held", "held", "held")).groups[0].changes]
    assert ids == ["c-123456789abc", "c-123456789abc-2", "c-123456789abc-3"]


def test_only_what_may_break_has_advice(made: Make) -> None:
    def advice(rule: str, effect: Effect) -> str:
        change = replace(made("default").changes[0], rule=rule, effect=effect)
        return page(replace(made(), changes=(change,))).groups[0].changes[0].instead

    assert (
        advice("request-parameter-default-value-changed", Effect.RISKY)
        == "keep the old default in the old version"
    )
    assert advice("endpoint-deprecated", Effect.DOCS) == ""
    assert advice("no-such-rule", Effect.RISKY) == ""


def test_the_steps_of_an_explanation_are_listed(made: Make) -> None:
    tree = Tree(html(made("held", steps=("paired by path", "<b>looked</b> at the enum"))))
    assert [step for step in tree.said("li") if "e" in step][-2:] == [
        "paired by path",
        "<b>looked</b> at the enum",
    ]
    assert tree.said("summary")[-1] == "How it was found"
    assert "How it was found" not in html(made("held"))


def test_the_title_is_that_of_the_new_contract_else_of_the_old_one(made: Make) -> None:
    base = made()
    renamed = replace(base, new=replace(base.new, title="Library"))
    assert page(renamed).title == "Library"
    assert page(replace(base, new=replace(base.new, title=""))).title == "Bookshop"


def test_a_line_of_code_is_where_it_was_read(made: Make) -> None:
    sides = page(made("required")).groups[0].changes[0].sides
    assert [side.place for side in sides] == ["read at api/v1/books.py:41", "read at api/v2/books.py:44"]
    told = page(made("required", inferred=False)).groups[0].changes[0]
    assert [side.place for side in told.sides] == ["api/v1/books.py:41", "api/v2/books.py:44"]
    assert page(made("held", inferred=True)).groups[0].changes[0].sides[0].place == "v1.yaml:81:7"


def test_what_was_not_compared_is_named_by_its_pointer_where_it_has_no_place(made: Make) -> None:
    part = NotCompared("both", "/webhooks", "they are nested")
    assert [tuple(each) for each in page(replace(made(), not_compared=(part,))).left_out] == [
        ("both", "/webhooks", "they are nested")
    ]


def test_what_both_sides_say_of_one_request_stands_above_it_and_else_one_above_each(made: Make) -> None:
    proof = page(made("required")).groups[0].changes[0].proof
    assert proof is not None
    assert proof.said == "v2 rejects: 'isbn' is a required property"
    assert [[verdict.kind for verdict in each.verdicts] for each in proof.exchanges] == [
        ["accepts"],
        ["rejects"],
    ]


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ((("Content-Type", "application/json"),), '"a b"'),
        ((("content-type", "application/problem+json"),), '"a b"'),
        ((("Content-Type", "text/plain"), ("Accept", "application/json")), "a b"),
        ((), "a b"),
    ],
)
def test_a_text_is_quoted_where_it_is_json(
    made: Make, headers: tuple[tuple[str, str], ...], said: str
) -> None:
    exchange = Exchange("POST", "/a", None, headers, "a b")
    proof = page(
        made("held", direction="request", witness=Witness("request", exchange, exchange, "old", "new", "no"))
    ).groups[0]
    assert proof.changes[0].proof is not None
    assert proof.changes[0].proof.exchanges[0].text.partition("\n\n")[2] == said
