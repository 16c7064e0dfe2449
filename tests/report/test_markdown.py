from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from apiver.compare.change import Comparison, Exchange, OperationRef, Part, Witness
from apiver.contract.document import Place
from apiver.report.markdown import code, escaped, markdown

Make = Callable[..., Comparison]

WHOLE = """\
## Bookshop `v1` → `v2`

**1 breaking, 1 risky, 1 compatible**

### Breaking

#### `POST /books`

- **body.isbn is required now** (`new-required-request-property`)
  - v1: `api/v1/books.py:41`
  - v2: `api/v2/books.py:44` `"isbn"`
  - rests on what was read from the code
  - proof:
    ```text
    POST /api/v1/books {"title": "Emma"}
        v1 accepts
    POST /api/v2/books {...}
        v2 rejects: 'isbn' is a required property
    ```
  - instead: accept its absence for as long as clients of the old version exist, or fill it in on the server

### Risky

#### `GET /books`

- **the default of ?limit went from 50 to 20** (`request-parameter-default-value-changed`)
  - v1: `v1.yaml:16:61` `50`
  - v2: `v2.yaml:16:61` `20`
  - why: nothing is rejected, but a client that leaves it out gets fewer books

1 part could not be compared in full.
"""

FOLDED = """\
<details>
<summary>Compatible (1)</summary>

#### `GET /books`

- **?sort is new and optional** (`new-optional-request-parameter`)
  - v2: `v2.yaml:20:11`

</details>

<details>
<summary>Not compared (1)</summary>

- old `api/feed.py:9`: the view returns what a template holds

</details>
"""


def test_the_whole_comment(made: Make) -> None:
    assert markdown(made("required", "default", "sort", unread=True)) == WHOLE


def test_all_folds_the_rest(made: Make) -> None:
    assert markdown(made("sort", unread=True), everything=True).endswith(FOLDED)


def test_it_says_so_where_nothing_breaks(made: Make) -> None:
    assert "**No breaking changes. 1 risky, 0 compatible**" in markdown(made("default"))
    assert "**No changes in 8 operations.**" in markdown(made())


def test_many_operations_are_counted(made: Make) -> None:
    assert "#### `GET /orders`, `GET /orders/{id}`, `GET /late` and 2 more\n" in markdown(made("held"))


def test_a_change_of_no_operation_is_one_of_the_whole_api(made: Make) -> None:
    assert "#### the whole API\n" in markdown(made("default", operations=()))


ODD = [
    "<script>alert(1)</script>",
    "<!-- -->",
    "**bold** __x__ ~~y~~",
    "[link](https://example.org) ![image](a.png)",
    "| a | b |",
    "`code` ``more`` ```` ````",
    "# head",
    "- item",
    "1. item",
    "&lt;b&gt;",
    "a\\*b",
    "$x$",
    "line\n\n## another\n```\n",
    "</details>",
    "\x1b[31m\u202e",
]


@pytest.mark.parametrize("odd", ODD)
def test_nothing_in_a_document_acts_as_markup(made: Make, odd: str) -> None:
    exchange = Exchange("POST", f"/{odd}", headers=((odd, odd),), body={odd: odd})
    comparison = made(
        "required",
        title=odd,
        operations=(OperationRef("GET", odd),),
        old=Part("/", {odd: odd}, Place(odd, 1)),
        witness=Witness("request", exchange, exchange, "old", "new", odd),
        reason=odd,
    )
    comparison = replace(comparison, new=replace(comparison.new, title=odd, name=odd[:16]))
    plain = made("required", reason="why", old=Part("/", 1, Place("a.py", 1)))
    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tags, expected = (
        re.findall("</?[a-z0-9]+", renderer.render(markdown(one))) for one in (comparison, plain)
    )
    # One step of the proof instead of two, but no tag more: every sign of the text stands for itself.
    assert tags == expected


@given(st.text())
def test_an_escaped_text_reads_as_it_was(text: str) -> None:
    rendered = MarkdownIt("commonmark").renderInline(escaped(text))
    assert "<" not in rendered
    assert escaped(text).count("@") == escaped(text).count("@\u200b")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=1))
def test_code_holds_its_text(text: str) -> None:
    tokens = MarkdownIt("commonmark").parseInline(f"x {code(text)} y")[0].children
    assert tokens is not None
    found = [token.content for token in tokens if token.type == "code_inline"]
    assert found == [text]


def test_nobody_is_notified() -> None:
    assert "@" not in escaped("@everyone").replace("@\u200b", "")


def test_words_are_folded_where_they_are_asked_for(made: Make) -> None:
    assert "<summary>Docs (1)</summary>" in markdown(made("sort", "summary"), docs=True)
    assert "Compatible" not in markdown(made("sort", "summary"), docs=True)
    assert "Docs" not in markdown(made("sort", "summary"))


def test_many_proofs_are_folded_away(made: Make) -> None:
    few, many = (markdown(made(*["required"] * count)) for count in (5, 6))
    assert "  - proof:\n    ```text\n" in few
    assert "<details>" not in few
    block = "  - <details><summary>proof</summary>\n\n    ```text\n    POST /api/v1/books"
    assert many.count(block) == many.count("    ```\n\n    </details>\n") == 6
    items = [token.content for token in MarkdownIt("commonmark").parse(many) if token.type == "fence"]
    assert len(items) == 6
    assert items[0].startswith("POST /api/v1/books")


@pytest.mark.parametrize("everything", [True, False])
def test_a_comment_is_never_too_long_and_says_what_is_missing(made: Make, everything: bool) -> None:
    names = ["required"] * 200 + ["default"] * 100 + ["sort"] * 50
    written = markdown(made(*names, unread=True), everything=everything)
    assert len(written) <= 65_536
    shown = written.count("(`new-required-request-property`)")
    assert 100 < shown < 200
    missing = f"**Too long for a comment: {200 - shown} more breaking changes, 100 more risky changes"
    missing += ", 50 more compatible changes, 1 more part that was not compared" if everything else ""
    assert f"{missing}.** Other formats hold all of them.\n" in written
    assert written.count("<details>") == written.count("</details>")


def test_what_is_short_is_whole(made: Make) -> None:
    written = markdown(made("required", "held", "default", "sort", "summary", unread=True), everything=True)
    assert "Too long" not in written
    assert len(written) > 1_000
    cut = markdown(made("required", "held", "default"), room=len(written) // 2)
    assert len(cut) <= len(written) // 2
    assert "more risky change." in cut.replace("**", "")


def test_one_change_may_be_too_long_for_a_comment(made: Make) -> None:
    operations = (OperationRef("GET", "/" + "x" * 70_000),)
    written = markdown(made("default", operations=operations))
    assert "**Too long for a comment: 1 more risky change.**" in written
    assert len(written) < 1_000
