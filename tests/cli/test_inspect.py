"""`apiver inspect`: text at every width, JSON, Markdown; the expected results are written by hand."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

LOADING = Path(__file__).parents[2] / "fixtures" / "loading"


def inspect(
    *arguments: str, app: str = "library", cwd: Path = LOADING, code: int = 0, **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("FLASK_APP", "COLUMNS")}
    done = subprocess.run(
        [sys.executable, "-m", "apiver", "--app", app, "inspect", *arguments],
        cwd=cwd,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done


PIPED = """\
Library  library

v1  4 operations  url segment /api/v1
  method  path                         endpoint                   view                  blueprint
  GET     /books                       v1.list_books              library/api/v1.py:9   v1
  POST    /books                       v1.create_book             library/api/v1.py:14  v1
  GET     /books/{id}                  v1.show_book               library/api/v1.py:19  v1
  GET     /books/{id}/reviews/{order}  v1.list_reviews_of_a_book  library/api/v1.py:24  v1

v2  3 operations  url segment /api/v2
  method  path              endpoint        view                  blueprint
  GET     /books            v2.list_books   library/api/v2.py:9   v2
  POST    /books            v2.create_book  library/api/v2.py:14  v2
  GET     /books/{book_id}  v2.show_book    library/api/v2.py:19  v2

no version  1 operation
  method  path      endpoint  view                    blueprint
  GET     /healthz  healthz   library/__init__.py:17

skipped
  GET /books: redirects to /api/v1/books

warnings
  1 operation in v1 alone: GET /books/{id}/reviews/{order}
"""


def test_piped_text_has_one_line_for_each_route() -> None:
    done = inspect()
    assert done.stdout == PIPED
    assert done.stderr == ""


NARROW = """\
Library  library

v1  4 operations  url segment /api/v1
  blueprint v1  library/api/
    GET     /books                       list_books              v1.py:9
    POST    /books                       create_book             v1.py:14
    GET     /books/{id}                  show_book               v1.py:19
    GET     /books/{id}/reviews/{order}  list_reviews_of_a_book  v1.py:24

v2  3 operations  url segment /api/v2
  blueprint v2  library/api/
    GET     /books            list_books   v2.py:9
    POST    /books            create_book  v2.py:14
    GET     /books/{book_id}  show_book    v2.py:19

no version  1 operation
  no blueprint  library/
    GET     /healthz  healthz  __init__.py:17

skipped
  GET /books: redirects to /api/v1/books

warnings
  1 operation in v1 alone: GET /books/{id}/reviews/{order}
"""


def test_at_80_columns_tables_that_do_not_fit_are_split_by_blueprint() -> None:
    assert inspect(COLUMNS="80").stdout == NARROW


@pytest.mark.parametrize("width", [20, 40, 60, 80])
def test_nothing_is_cut_off_nor_wider_than_the_terminal(width: int) -> None:
    shown = inspect(COLUMNS=str(width)).stdout
    assert max(map(len, shown.splitlines())) <= width
    assert "…" not in shown
    letters = "".join(shown.split())
    for name in ("healthz", "/api/v1", "redirects"):
        assert name in letters


def test_one_version_alone() -> None:
    shown = inspect("--version-of", "v1", COLUMNS="80").stdout
    first, _, rest = NARROW.partition("\n\nv2  3 operations")
    assert shown == f"{first}\n\nwarnings{rest.partition('warnings')[2]}"


def test_an_unknown_version() -> None:
    done = inspect("--version-of", "v3", code=2)
    assert done.stdout == ""
    assert done.stderr == (
        "error: the app has no version v3\n"
        "  found v1 (4 operations), v2 (3) in library\n"
        "  see  apiver inspect\n"
    )


def route(
    method: str, version: str, path: str, endpoint: str, line: int, /, **more: object
) -> dict[str, object]:
    values = {
        "method": method,
        "path": f"/api/{version}{path}",
        "rule": f"/api/{version}{path}",
        "endpoint": f"{version}.{endpoint}",
        "blueprint": version,
        "file": f"library/api/{version}.py",
        "line": line,
        "parameters": [],
        "defaults": {},
        "pinned": {},
        "host": None,
        "subdomain": None,
        "strict_slashes": True,
    }
    return {**values, **more}


NUMBER = {"type": "integer", "minimum": 1}


def test_json_holds_everything() -> None:
    found = json.loads(inspect("--format", "json").stdout)
    identifier = {"name": "id", "converter": "int", "schema": NUMBER}
    assert found == {
        "apiver": "1",
        "app": "library",
        "title": "Library",
        "versions": [
            {
                "name": "v1",
                "label": "v1",
                "base": "/api",
                "prefix": "/api/v1",
                "how": "url segment /api/v1",
                "selection": None,
                "inherits": [],
                "routes": [
                    route("GET", "v1", "/books", "list_books", 9),
                    route("POST", "v1", "/books", "create_book", 14),
                    route(
                        "GET",
                        "v1",
                        "/books/{id}",
                        "show_book",
                        19,
                        rule="/api/v1/books/<int(min=1):id>",
                        parameters=[identifier],
                    ),
                    route(
                        "GET",
                        "v1",
                        "/books/{id}/reviews/{order}",
                        "list_reviews_of_a_book",
                        24,
                        rule="/api/v1/books/<int(min=1):id>/reviews/<any(newest, kindest):order>",
                        parameters=[
                            identifier,
                            {
                                "name": "order",
                                "converter": "any",
                                "schema": {"type": "string", "enum": ["kindest", "newest"]},
                            },
                        ],
                        defaults={"page": 1},
                    ),
                ],
            },
            {
                "name": "v2",
                "label": "v2",
                "base": "/api",
                "prefix": "/api/v2",
                "how": "url segment /api/v2",
                "selection": None,
                "inherits": [],
                "routes": [
                    route("GET", "v2", "/books", "list_books", 9),
                    route("POST", "v2", "/books", "create_book", 14),
                    route(
                        "GET",
                        "v2",
                        "/books/{book_id}",
                        "show_book",
                        19,
                        rule="/api/v2/books/<int(min=1):book_id>",
                        parameters=[{"name": "book_id", "converter": "int", "schema": NUMBER}],
                    ),
                ],
            },
        ],
        "unversioned": [
            route(
                "GET",
                "v0",
                "/healthz",
                "healthz",
                17,
                path="/healthz",
                rule="/healthz",
                endpoint="healthz",
                blueprint=None,
                file="library/__init__.py",
            )
        ],
        "skipped": [{"what": "GET /books", "reason": "redirects to /api/v1/books"}],
        "warnings": [
            {
                "kind": "only-in-version",
                "message": "1 operation in v1 alone: GET /books/{id}/reviews/{order}",
                "where": None,
                "version": "v1",
            }
        ],
    }


def test_json_of_one_version_has_the_same_keys() -> None:
    found = json.loads(inspect("--format", "json", "--version-of", "v2").stdout)
    assert [version["name"] for version in found["versions"]] == ["v2"]
    assert (found["unversioned"], found["skipped"], found["warnings"]) == ([], [], [])


MARKDOWN = """\
# Library

App: `library`

## v1

4 operations, url segment /api/v1

| Method | Path | Endpoint | View | Blueprint |
|---|---|---|---|---|
| `GET` | `/books` | `v1.list_books` | `library/api/v1.py:9` | `v1` |
| `POST` | `/books` | `v1.create_book` | `library/api/v1.py:14` | `v1` |
| `GET` | `/books/{id}` | `v1.show_book` | `library/api/v1.py:19` | `v1` |
| `GET` | `/books/{id}/reviews/{order}` | `v1.list_reviews_of_a_book` | `library/api/v1.py:24` | `v1` |

## v2

3 operations, url segment /api/v2

| Method | Path | Endpoint | View | Blueprint |
|---|---|---|---|---|
| `GET` | `/books` | `v2.list_books` | `library/api/v2.py:9` | `v2` |
| `POST` | `/books` | `v2.create_book` | `library/api/v2.py:14` | `v2` |
| `GET` | `/books/{book_id}` | `v2.show_book` | `library/api/v2.py:19` | `v2` |

## No version

| Method | Path | Endpoint | View | Blueprint |
|---|---|---|---|---|
| `GET` | `/healthz` | `healthz` | `library/__init__.py:17` |  |

## Skipped

- `GET /books`: redirects to /api/v1/books

## Warnings

- 1 operation in v1 alone: GET /books/\\{id\\}/reviews/\\{order\\}
"""


def test_markdown() -> None:
    assert inspect("--format", "markdown").stdout == MARKDOWN


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_file_holds_what_would_have_been_printed(form: str, tmp_path: Path) -> None:
    target = tmp_path / "routes"
    done = inspect("--format", form, "--output", str(target))
    assert done.stdout == ""
    assert target.read_text() == inspect("--format", form).stdout


def test_a_file_is_relative_to_where_the_command_was_given(tmp_path: Path) -> None:
    (tmp_path / "apiver.yaml").write_text(f"app: {{import: library, cwd: {LOADING}}}\n")
    environment = {name: value for name, value in os.environ.items() if name != "FLASK_APP"}
    subprocess.run(
        [sys.executable, "-m", "apiver", "inspect", "--output", "routes.txt"],
        cwd=tmp_path,
        env=environment,
        check=True,
    )
    assert str(LOADING / "library" / "api" / "v1.py") in (tmp_path / "routes.txt").read_text()


def test_a_file_that_cannot_be_written_ends_with_4() -> None:
    done = inspect("--output", "/nowhere/at/all/routes.txt", code=4)
    assert done.stdout == ""
    assert done.stderr.startswith("error: /nowhere/at/all/routes.txt cannot be written: ")


def test_the_manual_shows_what_the_command_prints() -> None:
    text = (LOADING.parents[1] / "docs" / "inspect.md").read_text()
    sessions = re.findall(
        r"^```console\n\$ apiver --app (\S+) inspect\n(.*?)^```", text, re.DOTALL | re.MULTILINE
    )
    assert len(sessions) == 2
    for app, printed in sessions:
        done = inspect(app=app, code=3 if printed.startswith("error") else 0, COLUMNS="80")
        assert done.stdout + done.stderr == printed


HOSTILE = """
from flask import Flask
app = Flask("hostile")
app.add_url_rule("/v1/[bold]x[/bold]/\\x1b[31m|`/:smile:", "a|`b\\x07", lambda: "")
app.add_url_rule("/v1/b", "*emphasis*", lambda: "")
app.add_url_rule("/v1/c", "c", lambda: "")
"""


def test_names_of_the_apps_are_shown_and_never_obeyed(tmp_path: Path) -> None:
    (tmp_path / "hostile.py").write_text(HOSTILE)
    shown = inspect(app="hostile", cwd=tmp_path).stdout
    assert "/[bold]x[/bold]/\\x1b[31m|`/:smile:" in shown
    assert "a|`b\\x07" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown
    tables = inspect("--format", "markdown", app="hostile", cwd=tmp_path).stdout
    assert "| `` /[bold]x[/bold]/\\x1b[31m\\|`/:smile: `` | `` a\\|`b\\x07 `` |" in tables
    assert "\x1b" not in tables
