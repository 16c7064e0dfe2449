from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len

from apiver.compare import diff
from apiver.compare.change import ABSENT, Comparison, Effect, Exchange, OperationRef, Part, Witness
from apiver.contract.document import Document, Place
from apiver.report.text import text

Make = Callable[..., Comparison]

AT_80 = """\
Bookshop  v1 -> v2      2 breaking, 1 risky, 1 compatible, 1 docs

BREAKING

POST /books
  body.isbn is required now                        new-required-request-property
    v1  read at api/v1/books.py:41
    v2  read at api/v2/books.py:44  "isbn"
    proof    POST /api/v1/books {"title": "Emma"}
               v1 accepts
             POST /api/v2/books {...}
               v2 rejects: 'isbn' is a required property
    instead  accept its absence for as long as clients of the old version exist,
             or fill it in on the server

GET /orders, GET /orders/{id} and 3 more
  Order.status may now be "held"              response-property-enum-value-added
    v1  v1.yaml:81:7  ["open", "paid"]
    v2  v2.yaml:78:7  ["open", "paid", "held"]
    proof    GET /api/v2/orders -> 200 [{"id": 1, "status": "held"}]
               v2 may send it, v1 rules it out: 'held' is not one of ['open',
               'paid']
    instead  map the new value to a known one for clients of the old version

RISKY

GET /books
  the default of ?limit went from 50 to 20
                                         request-parameter-default-value-changed
    v1  v1.yaml:16:61  50
    v2  v2.yaml:16:61  20
    why      nothing is rejected, but a client that leaves it out gets fewer
             books

1 compatible and 1 docs changes: --all shows them.
1 part could not be compared in full: --all says which and why.
1 change rests on what was read from the code.
exit 1: 2 breaking changes (--fail-on breaking)
"""

EVERYTHING = """\
COMPATIBLE

GET /books
  ?sort is new and optional                       new-optional-request-parameter
    v2  v2.yaml:20:11

DOCS

the whole API
  the summary was reworded                             operation-summary-changed
    v1  v1.yaml:3:3  null
    v2  v2.yaml:3:3  "Books"

NOT COMPARED

  api/feed.py:9
    old: the view returns what a template holds

1 part could not be compared in full.
1 change rests on what was read from the code.
exit 1
"""

PIPED = """\
    proof    POST /api/v1/books {"title": "Emma"}
               v1 accepts
             POST /api/v2/books {...}
               v2 rejects: 'isbn' is a required property
    instead  accept its absence for as long as clients of the old version exist, or fill it in on the server
"""

ALL = ("required", "held", "default", "sort", "summary")


def test_the_whole_report_in_80_columns(made: Make) -> None:
    comparison = made("required", "held", unread=True)
    rest = made("default", "sort", "summary")
    plain = replace(comparison.changes[1], inferred=False)
    changes = (comparison.changes[0], plain, *rest.changes)
    written = text(
        replace(comparison, changes=changes),
        verdict="exit 1: 2 breaking changes (--fail-on breaking)",
        width=80,
    )
    assert written == AT_80


def test_all_lists_the_rest(made: Make) -> None:
    written = text(made(*ALL, unread=True), everything=True, verdict="exit 1", width=80)
    assert written.endswith(EVERYTHING)
    assert "GET /orders, GET /orders/{id}, GET /late, GET /all and GET /x\n" in written
    assert "--all" not in written


def test_what_is_piped_is_not_wrapped(made: Make) -> None:
    assert PIPED in text(made("required"))


def test_on_a_wide_page_the_proof_stands_beside_its_verdict(made: Make) -> None:
    written = text(made("required"), width=100)
    assert '    proof    POST /api/v1/books {"title": "Emma"}   v1 accepts\n' in written
    assert f"             POST /api/v2/books {{...}}{' ' * 15}v2 rejects: 'isbn' is a required" in written


@pytest.mark.parametrize("width", [40, 50, 64, 79, 80, 100, 133, 200])
def test_no_line_is_wider_than_the_page_and_no_word_is_lost(made: Make, width: int) -> None:
    path = "/organizations/{organization}/departments/{department}/reading-lists/{list}/書籍/" + "x" * 60
    comparison = made(*ALL, unread=True, operations=(OperationRef("GET", path),))
    written = text(comparison, everything=True, verdict="exit 1: two", width=width)
    assert max(map(cell_len, written.splitlines())) <= width
    squeezed, whole = (re.sub(r"\s", "", said) for said in (written, text(comparison, everything=True)))
    for word in (
        path,
        "response-property-enum-value-added",
        "api/v2/books.py:44",
        "'isbn'isarequiredproperty",
    ):
        assert word in squeezed
    assert squeezed.removesuffix("exit1:two") == whole


def test_color_is_there_only_when_asked_for(made: Make) -> None:
    assert "\x1b" not in text(made(*ALL), width=80)
    assert "\x1b" not in text(made(*ALL))
    colored = text(made(*ALL), width=80, color=True)
    assert "\x1b[1;31mBREAKING" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == text(made(*ALL), width=80)


@pytest.mark.parametrize(
    ("names", "head"),
    [
        ((), "Bookshop  v1 -> v2      No changes in 8 operations."),
        (("sort",), "Bookshop  v1 -> v2      No breaking changes. 0 risky, 1 compatible"),
        (("default", "sort"), "Bookshop  v1 -> v2      No breaking changes. 1 risky, 1 compatible"),
        (("summary",), "Bookshop  v1 -> v2      No breaking changes. 0 risky, 0 compatible, 1 docs"),
        (("held",), "Bookshop  v1 -> v2      1 breaking, 0 risky, 0 compatible"),
    ],
)
def test_the_first_line_says_how_it_stands(made: Make, names: tuple[str, ...], head: str) -> None:
    assert text(made(*names)).splitlines()[0] == head


def test_nothing_changed_is_said_in_two_lines(made: Make) -> None:
    written = text(made(), verdict="exit 0: nothing is breaking (--fail-on breaking)", width=80)
    assert written.splitlines() == [
        "Bookshop  v1 -> v2      No changes in 8 operations.",
        "",
        "exit 0: nothing is breaking (--fail-on breaking)",
    ]


def test_files_with_long_names_are_old_and_new(made: Make) -> None:
    comparison = made("held", old_name="contracts/released/v1.yaml", new_name="contracts/next/v2.yaml")
    assert text(comparison, width=80).splitlines()[:4] == [
        "Bookshop",
        "  old  contracts/released/v1.yaml",
        "  new  contracts/next/v2.yaml",
        "1 breaking, 0 risky, 0 compatible",
    ]
    assert "new may send it, old rules it out" in text(comparison, width=80)


def test_files_with_short_names_are_old_and_new_too(made: Make) -> None:
    written = text(made("held", old_name="<stdin>", new_name="v2.yaml"), width=80)
    assert "    old  v1.yaml:81:7" in written
    assert "    new  v2.yaml:78:7" in written


def test_two_sides_of_one_name_are_old_and_new(made: Make) -> None:
    assert "    old  v1.yaml:81:7" in text(made("held", old_name="v1", new_name="v1"))


def test_an_untitled_api_has_no_title(made: Make) -> None:
    comparison = made()
    untitled = replace(
        comparison, old=replace(comparison.old, title=""), new=replace(comparison.new, title="")
    )
    assert text(untitled).startswith("v1 -> v2      No changes")


ODD = "[bold]a[/bold]\x1b[31m\r\n\x9b\u202e:smile:"
TAMED = r"[bold]a[/bold]\x1b[31m\r\n\x9b\u202e:smile:"


def test_strings_of_a_document_are_shown_and_not_obeyed(made: Make) -> None:
    odd = Exchange("POST", f"/{ODD}", headers=((ODD, ODD),), body={ODD: ODD})
    witness = Witness("request", odd, odd, "old", "new", ODD)
    comparison = made(
        "required",
        title=ODD,
        subject=ODD,
        operations=(OperationRef("GET", ODD),),
        old=Part("/", {ODD: ODD}, Place(ODD, 1)),
        witness=witness,
    )
    odd_name = replace(
        comparison, old=replace(comparison.old, name="v1\x1b"), new=replace(comparison.new, title=ODD)
    )
    for width in (None, 80):
        written = text(odd_name, width=width, everything=True)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", written)
        assert re.sub(r"\s", "", written).count(TAMED) >= 8
        assert "[bold]a[/bold]" in written
        assert r"v1\x1b" in written


def test_why_is_said_also_of_a_change_without_place(made: Make) -> None:
    written = text(made("default", old=Part("/a"), new=Part("/a")), width=80)
    assert "    v1" not in written
    assert "    why      nothing is rejected" in written


def test_a_rule_that_the_catalogue_does_not_know_has_no_advice(made: Make) -> None:
    assert "instead" in text(made("required"))
    assert "instead" not in text(made("required", rule="no-such-rule"))


def test_the_operation_itself_is_no_value(made: Make) -> None:
    written = text(
        made("held", operations=(OperationRef("GET", "/a"),), old=Part("/a", "GET /a", Place("f", 1)))
    )
    assert "    v1  f:1\n" in written


def test_headers_and_bodies_that_are_not_json_are_shown(made: Make) -> None:
    headers = (("Content-Type", "text/csv"), ("X-Trace", "a"))
    exchange = Exchange("POST", "/books", headers=headers, body="a,b\n1,2\n")
    written = text(made("required", witness=Witness("request", exchange, exchange, "old", "new", "no")))
    assert r'    proof    POST /books [Content-Type: text/csv] [X-Trace: a] "a,b\n1,2\n"' in written
    assert "               v1 accepts, v2 rejects: no\n" in written or "v1 accepts, v2 rejects: no" in written


def test_an_exchange_without_body_shows_none(made: Make) -> None:
    old, new = (
        Exchange("DELETE", f"/v{n}/books/1", headers=(("Content-Type", "application/json"),)) for n in (1, 2)
    )
    written = text(made("required", witness=Witness("request", old, new, "old", "new", "gone")))
    assert "DELETE /v1/books/1 [Content-Type: application/json]" in written
    assert old.body is ABSENT


def test_a_null_body_is_shown(made: Make) -> None:
    exchange = Exchange("GET", "/books", 200, (("Content-Type", "application/json"),), None)
    written = text(made("held", witness=Witness("response", exchange, exchange, "new", "old", "no")))
    assert "GET /books -> 200 null" in written


def test_of_a_long_body_the_part_that_matters_is_shown(made: Make) -> None:
    order = {f"field_{n}": "some text of a certain length" for n in range(30)}
    body = {**order, "customer": {**order, "address": {**order, "zip": "12345"}}, "last": 1}
    exchange = Exchange("GET", "/orders", 200, (), body)
    witness = Witness("response", exchange, exchange, "new", "old", "'12345' is too long")
    written = text(made("held", witness=witness, subject="Order.address.zip"), width=80)
    proof = " ".join(written.partition("proof")[2].partition("v2 may")[0].split())
    assert '"zip": "12345"' in proof
    assert re.search(r"\.\.\. \d+ more", proof)
    assert len(proof) < 200


def test_effects_come_worst_first(made: Make) -> None:
    written = text(made("sort", "default", "summary", "held"), everything=True)
    found = [line.lower() for line in written.splitlines() if line.isupper() and line.isalpha()]
    assert found == [effect.value for effect in Effect]


def test_words_are_listed_where_they_are_asked_for(made: Make) -> None:
    written = text(made("sort", "summary"), docs=True, width=80)
    assert "DOCS\n\nthe whole API\n  the summary was reworded " in written
    assert "1 compatible change: --all shows it.\n" in written
    assert "DOCS" not in text(made("sort", "summary"), width=80)


def test_a_webhook_that_is_gone_is_not_sent_any_more() -> None:
    event = {"requestBody": {"content": {"text/plain": {}}}, "responses": {"200": {"description": "heard"}}}
    old, new = (
        Document({"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "webhooks": webhooks}, name)
        for name, webhooks in (("v1", {"paid": {"post": event}}), ("v2", {}))
    )
    report = " ".join(text(diff(old, new), width=120).split())

    assert "POST https://client.example/paid" in report
    assert "v1 may send it, v2 does not: it declares no webhook paid with POST" in report
