from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from apiver.compare.change import Comparison, Part
from apiver.contract.document import Place
from apiver.report.github import github

Make = Callable[..., Comparison]
# What the runner takes for a command: its name, its settings, its message.
COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)\Z")


def test_the_whole_output(made: Make) -> None:
    assert github(made("default", "sort", unread=True)) == (
        "::warning file=v2.yaml,line=16,col=61,title=GET /books%3A the default of ?limit went from 50 to 20::"
        "GET /books: the default of ?limit went from 50 to 20 (request-parameter-default-value-changed)%0A"
        "v1: v1.yaml:16:61  50%0Av2: v2.yaml:16:61  20%0A"
        "why: nothing is rejected, but a client that leaves it out gets fewer books\n"
        "::notice title=apiver diff::v1 -> v2: No breaking changes. 1 risky, 1 compatible%0A"
        "1 part could not be compared in full.\n"
    )


def test_a_break_is_an_error_with_its_proof(made: Make) -> None:
    line = github(made("required")).splitlines()[0]
    assert line.startswith(
        "::error file=api/v2/books.py,line=44,title=POST /books%3A body.isbn is required now::"
    )
    assert "%0A  v2 rejects: 'isbn' is a required property%0A" in line


def test_everything_is_told_where_it_is_asked_for(made: Make) -> None:
    lines = github(made("required", "default", "sort", "summary", unread=True), everything=True).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", *["::notice"] * 4]
    assert lines[4] == (
        "::notice file=api/feed.py,line=9,title=not compared::"
        "old /paths/~1feed/get: the view returns what a template holds"
    )


def test_nothing_found_is_said(made: Make) -> None:
    assert github(made()) == "::notice title=apiver diff::v1 -> v2: No changes in 8 operations.\n"


def test_a_file_elsewhere_is_not_pinned(made: Make) -> None:
    remote = Part("/a", located=Place("https://example.org/v2.yaml", 5, 2))
    assert github(made("default", old=remote, new=remote)).startswith("::warning title=GET /books%3A the")


def test_hostile_strings_end_neither_line_nor_command(hostile: tuple[str, Comparison]) -> None:
    written = github(hostile[1], everything=True)
    lines = written.removesuffix("\n").split("\n")
    assert len(lines) == 5
    for line in lines:
        command = COMMAND.match(line)
        assert command is not None
        settings = dict(setting.split("=", 1) for setting in command[2].split(","))
        assert set(settings) <= {"file", "line", "col", "title"}
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u202e\ud800]", unquote(line).replace("\n", ""))
    assert not re.search(r"%(?!25|0A|0D|3A|2C)", written)
