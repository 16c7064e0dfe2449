"""`apiver diff`: the whole command, from arguments to exit codes."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from apiver.cli import apiver
from apiver.cli.progress import progress

ORDERS = Path(__file__).parents[2] / "fixtures" / "contracts" / "orders"
V1, V2, SAME = (str(ORDERS / name) for name in ("v1.yaml", "v2.yaml", "v1.json"))

APP = """\
from flask import Flask, jsonify, request

print("loading")
app = Flask("shop")


@app.get("/api/v1/books/<int:id>")
def book_v1(id):
    return jsonify({"id": id, "title": "Emma"})


@app.get("/api/v2/books/<int:id>")
def book_v2(id):
    return jsonify({"id": id})


@app.delete("/api/v1/books/<int:id>")
def remove_v1(id):
    return "", 204
"""


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if piped: nobody says how wide a line may be."""
    monkeypatch.delenv("COLUMNS", raising=False)


def diff(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(apiver, ["diff", *arguments], input=given)


def run(
    *arguments: str, cwd: Path, given: str = "", code: int = 0, **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("FLASK_APP", "COLUMNS")}
    done = subprocess.run(
        [sys.executable, "-m", "apiver", *arguments],
        cwd=cwd,
        env={**environment, **variables},
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with an app of two versions, and the contract of its first version as a file."""
    (tmp_path / "shop.py").write_text(APP)
    contract = {
        "openapi": "3.1.0",
        "info": {"title": "shop", "version": "v1"},
        "servers": [{"url": "/api/v1"}],
        "paths": {
            "/books/{id}": {
                "delete": {
                    "parameters": [
                        {
                            "name": "id",
                            "in": "path",
                            "required": True,
                            "schema": {"type": "integer", "minimum": 0},
                        }
                    ],
                    "responses": {"204": {"description": "gone"}},
                }
            }
        },
    }
    (tmp_path / "released.json").write_text(json.dumps(contract))
    return tmp_path


def breaking(report: dict[str, Any]) -> list[str]:
    return sorted(change["title"] for change in report["changes"] if change["effect"] == "breaking")


def test_two_files_as_json() -> None:
    done = diff(V1, V2, "--format", "json")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert report["old"] == {"name": V1, "title": "Order desk", "version": "v1", "operations": 5}
    assert report["new"] == {"name": V2, "title": "Order desk", "version": "v2", "operations": 4}
    assert {change["rule"] for change in report["changes"] if change["effect"] == "breaking"} == {
        "api-removed-without-deprecation",
        "new-required-request-property",
        "request-parameter-max-decreased",
        "response-property-enum-value-added",
    }
    limit = next(
        change for change in report["changes"] if change["rule"] == "request-parameter-max-decreased"
    )
    assert limit["operations"] == [{"method": "GET", "path": "/orders"}]
    assert (limit["old"]["file"], limit["old"]["line"], limit["old"]["column"]) == (V1, 16, 47)
    assert limit["old"]["value"] == 200
    assert limit["new"]["value"] == 100


@pytest.mark.parametrize(("old", "new"), [(V1, V2), (V2, V1), (V1, SAME), (SAME, V2)])
def test_real_reports_follow_the_published_schema(old: str, new: str) -> None:
    schema = json.loads(files("apiver.report").joinpath("comparison.schema.json").read_text("utf-8"))
    report = json.loads(diff(old, new, "--format", "json").stdout)
    jsonschema.Draft202012Validator(schema).validate(report)


def test_every_witness_of_a_body_is_what_it_claims_to_be() -> None:
    """The proof of the new required property, judged by jsonschema with schemas copied by hand."""
    report = json.loads(diff(V1, V2, "--format", "json").stdout)
    witness = next(c["witness"] for c in report["changes"] if c["rule"] == "new-required-request-property")
    line = {
        "type": "object",
        "required": ["isbn", "copies"],
        "properties": {
            "isbn": {"type": "string", "pattern": "^[0-9]{13}$"},
            "copies": {"type": "integer", "minimum": 1},
        },
    }
    old: dict[str, Any] = {
        "type": "object",
        "required": ["customer", "lines"],
        "properties": {
            "customer": {"type": "string", "minLength": 1},
            "lines": {"type": "array", "minItems": 1, "items": line},
        },
    }
    new = {**old, "required": ["customer", "lines", "currency"]}
    assert witness["accepted"]["url"] == "/api/v1/orders"
    assert witness["rejected"]["url"] == "/api/v2/orders"
    assert jsonschema.Draft202012Validator(old).is_valid(witness["accepted"]["body"])
    assert not jsonschema.Draft202012Validator(new).is_valid(witness["rejected"]["body"])


@pytest.mark.parametrize(("old", "new"), [(V1, SAME), (SAME, V1), (V2, V2)])
def test_the_same_in_other_words_is_no_change(old: str, new: str) -> None:
    done = diff(old, new, "--format", "json", "--fail-on", "risky")
    assert done.exit_code == 0
    summary = json.loads(done.stdout)["summary"]
    assert (summary["breaking"], summary["risky"], summary["compatible"]) == (0, 0, 0)


def test_text_is_for_people() -> None:
    done = diff(V1, V2)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[:3] == ["Order desk", f"  old  {V1}", f"  new  {V2}"]
    rule = "response-property-enum-value-added"
    assert '  Order.state may now be "held"'.ljust(80 - len(rule)) + rule in lines
    assert lines[-1] == "exit 1: 4 breaking changes (--fail-on breaking)"
    assert "\x1b" not in done.stdout


def test_markdown_is_for_a_comment() -> None:
    done = diff(V1, V2, "--format", "markdown", "--all")
    assert done.exit_code == 1
    assert done.stdout.startswith(f"## Order desk `{V1}` → `{V2}`\n")
    assert "<details>\n<summary>Compatible (" in done.stdout


def test_all_lists_compatible_changes() -> None:
    assert "COMPATIBLE" not in diff(V1, V2).stdout
    assert "  ?sort is new and optional " in diff(V1, V2, "--all").stdout


@pytest.mark.parametrize(
    ("schema", "fail_on", "code", "verdict"),
    [
        ({"maximum": 100}, "breaking", 1, "exit 1: 1 breaking change (--fail-on breaking)"),
        ({"maximum": 100}, "risky", 1, "exit 1: 1 change that breaks or may break (--fail-on risky)"),
        ({"maximum": 100}, "any", 1, "exit 1: 1 change (--fail-on any)"),
        ({"maximum": 100}, "none", 0, "exit 0: --fail-on none"),
        ({"default": 20}, "breaking", 0, "exit 0: nothing is breaking (--fail-on breaking)"),
        ({"default": 20}, "risky", 1, "exit 1: 1 change that breaks or may break (--fail-on risky)"),
        ({"default": 20}, "any", 1, "exit 1: 1 change (--fail-on any)"),
        ({"maximum": 300}, "risky", 0, "exit 0: nothing is risky (--fail-on risky)"),
        ({"maximum": 300}, "any", 1, "exit 1: 1 change (--fail-on any)"),
        ({}, "any", 0, "exit 0: nothing is changed (--fail-on any)"),
    ],
)
def test_fail_on_decides_the_exit_code(
    tmp_path: Path, schema: dict[str, int], fail_on: str, code: int, verdict: str
) -> None:
    def written(name: str, limit: dict[str, Any]) -> str:
        document = {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {
                "/a": {
                    "get": {
                        "parameters": [{"name": "limit", "in": "query", "schema": limit}],
                        "responses": {"200": {"description": "ok"}},
                    }
                }
            },
        }
        file = tmp_path / name
        file.write_text(json.dumps(document))
        return str(file)

    limit = {"type": "integer", "maximum": 200, "default": 50}
    done = diff(written("old.json", limit), written("new.json", {**limit, **schema}), "--fail-on", fail_on)
    assert done.exit_code == code
    assert done.stdout.splitlines()[-1] == verdict


def test_standard_input_is_one_side() -> None:
    done = diff("-", V2, "--format", "json", given=Path(V1).read_bytes())
    assert done.exit_code == 1
    assert json.loads(done.stdout)["old"]["name"] == "<stdin>"
    assert diff(V1, "-", given=Path(V1).read_bytes()).exit_code == 0


def test_references_of_standard_input_are_read_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("get: {responses: {'204': {description: done}}}\n")
    text = b"openapi: 3.1.0\npaths: {/a: {$ref: a.yaml}}\n"
    (tmp_path / "api.yaml").write_bytes(text)
    done = diff("-", "api.yaml", "--format", "json", given=text)
    assert done.exit_code == 0
    assert json.loads(done.stdout)["old"]["operations"] == 1


def test_standard_input_cannot_be_both_sides() -> None:
    done = diff("-", "-", given=b"")
    assert done.exit_code == 2
    assert "standard input can be read only once" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("swagger: '1.2'", "Swagger 1.2 is not supported"),
        ("openapi: 3.1.0\npaths: []\n", "bad.yaml:2:1"),
        ("openapi: 3.1.0\ncomponents: {schemas: {A: {$ref: '#/nowhere'}}}", "bad.yaml:2:28"),
        ("a: [", "not YAML"),
    ],
)
def test_a_broken_file_ends_with_4_and_says_where(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad.yaml").write_text(text)
    for arguments in ((str(tmp_path / "bad.yaml"), V1), (V1, str(tmp_path / "bad.yaml"))):
        done = diff(*arguments)
        assert done.exit_code == 4
        assert done.stdout == ""
        assert done.stderr.startswith("error: ")
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_a_missing_file_ends_with_4() -> None:
    done = diff(V1, str(ORDERS / "v3.yaml"))
    assert done.exit_code == 4
    assert "there is no such file" in done.stderr
    assert f"did you mean {V1}?" in done.stderr or f"did you mean {V2}?" in done.stderr


@pytest.mark.parametrize("arguments", [(), (V1,), (V1, V2, "--fail-on", "bad"), (V1, V2, "--format", "xml")])
def test_a_wrong_call_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert diff(*arguments).exit_code == 2


def test_output_goes_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("what stood there")
    done = diff(V1, V2, "--format", "json", "--output", str(file))
    assert done.exit_code == 1
    assert done.stdout == ""
    assert json.loads(file.read_text())["apiver"] == "1"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]


def test_an_output_that_cannot_be_written_ends_with_4_and_leaves_nothing(tmp_path: Path) -> None:
    for name in ("missing/report.json", "."):
        done = diff(V1, V2, "--output", str(tmp_path / name))
        assert done.exit_code == 4
        assert "cannot be written" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_broken_input_leaves_the_output_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text("what stood there")
    assert diff(V1, str(tmp_path / "none.yaml"), "--output", str(file)).exit_code == 4
    assert file.read_text() == "what stood there"


def test_the_collector_runs_again_afterwards() -> None:
    assert gc.isenabled()
    diff(V1, V2)
    assert gc.isenabled()
    diff(V1, "missing.yaml")
    assert gc.isenabled()


def test_comparing_files_loads_no_flask(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from apiver.cli import apiver\n"
        f"try: apiver(['diff', {V1!r}, {V2!r}])\n"
        "except SystemExit as end: assert end.code == 1\n"
        "heavy = {'flask', 'werkzeug', 'openapi_spec_validator', 'deepdiff', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    # An environment that is given is the whole of it: without one, readline's COLUMNS would come along.
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_any_encoding_of_stdout_will_do(tmp_path: Path, encoding: str) -> None:
    text = Path(V2).read_text().replace("title: Order desk", "title: Bücher 書")
    (tmp_path / "new.yaml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "apiver", "diff", V1, "new.yaml"],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 1
    expected = "Bücher 書" if encoding == "utf-8" else "B\\xfccher \\u66f8"
    assert done.stdout.decode(encoding).splitlines()[0] == expected


def test_two_versions_of_the_app(shop: Path) -> None:
    done = run("--app", "shop", "diff", "v1", "v2", "--format", "json", cwd=shop, code=1)
    report = json.loads(done.stdout)
    assert (report["old"]["name"], report["new"]["name"]) == ("v1", "v2")
    gone = next(change for change in report["changes"] if change["rule"] == "api-removed-without-deprecation")
    assert gone["operations"] == [{"method": "DELETE", "path": "/books/{id}"}]
    assert (gone["old"]["file"], gone["old"]["line"]) == ("shop.py", 18)
    assert done.stderr == "loading\n"


def test_a_file_against_a_version_of_the_app(shop: Path) -> None:
    report = json.loads(
        run("--app", "shop", "diff", "released.json", "v1", "--format", "json", cwd=shop).stdout
    )
    assert (report["old"]["name"], report["new"]["name"]) == ("released.json", "v1")
    assert breaking(report) == []
    back = json.loads(
        run("--app", "shop", "diff", "v2", "./released.json", "--format", "json", cwd=shop, code=1).stdout
    )
    assert back["new"]["name"] == "./released.json"


def test_a_version_may_be_named_by_its_prefix(shop: Path) -> None:
    run("--app", "shop", "diff", "/api/v1", "/api/v2", cwd=shop, code=1)


def test_an_unknown_version_ends_with_2(shop: Path) -> None:
    done = run("--app", "shop", "diff", "v1", "v3", cwd=shop, code=2)
    assert done.stdout == ""
    assert "error: the app has no version v3\n" in done.stderr
    assert "v1 (2 operations), v2 (1)" in done.stderr


def test_an_app_that_does_not_load_ends_with_3(shop: Path) -> None:
    done = run("--app", "nothing", "diff", "v1", "v2", cwd=shop, code=3)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_broken_file_is_said_before_the_app_loads(shop: Path) -> None:
    done = run("--app", "shop", "diff", "v1", "missing.json", cwd=shop, code=4)
    assert "loading" not in done.stderr


def test_a_file_that_is_called_like_a_version(shop: Path) -> None:
    (shop / "v1").write_text((shop / "released.json").read_text())
    done = run("--app", "shop", "diff", "v1", "v1", "--format", "json", cwd=shop)
    assert json.loads(done.stdout)["old"]["operations"] == 2
    assert "v1 is taken as the version of the app; for the file say ./v1\n" in done.stderr
    done = run("--app", "shop", "diff", "./v1", "v1", "--format", "json", cwd=shop)
    assert json.loads(done.stdout)["old"]["operations"] == 1


def test_a_path_that_is_neither_a_file_nor_a_version_is_told_to_be_neither(shop: Path) -> None:
    done = run("--app", "shop", "diff", "/nowhere/v1", "v1", cwd=shop, code=2)
    assert "there is no file /nowhere/v1: it is taken as the prefix of a version\n" in done.stderr
    assert "error: the app has no version /nowhere/v1\n" in done.stderr


def test_a_file_without_ending_is_found_where_there_is_no_such_version(shop: Path) -> None:
    (shop / "released").write_text((shop / "released.json").read_text())
    done = run("--app", "shop", "diff", "released", "v1", "--format", "json", cwd=shop)
    assert json.loads(done.stdout)["old"]["name"] == "released"


def test_progress_is_said_only_to_those_who_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import threading

    class Watched(io.StringIO):
        def __init__(self) -> None:
            super().__init__()
            self.said = threading.Event()

        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            self.said.set()
            return super().write(text)

    watched = Watched()
    monkeypatch.setattr(sys, "stderr", watched)
    with progress("comparing", after=0.0):
        assert watched.said.wait(10)
    assert watched.getvalue() == "comparing ...\n"

    quiet = io.StringIO()
    monkeypatch.setattr(sys, "stderr", quiet)
    before = threading.active_count()
    with progress("comparing", after=0.0):
        assert threading.active_count() == before
    assert quiet.getvalue() == ""


def test_the_manual_shows_what_the_command_says() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "diff.md").read_text(encoding="utf-8")
    session = manual.partition("$ apiver diff v1.yaml v2.yaml\n")[2].partition("```")[0]
    said = run("diff", "v1.yaml", "v2.yaml", cwd=ORDERS, code=1, COLUMNS="80").stdout
    parts = [part for shown in session.split("...\n") for part in shown.strip("\n").split("\n\n")]
    assert len(parts) == 5
    for part in parts:
        assert part in said


def test_the_manual_shows_what_lies_beyond_schemas() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "diff.md").read_text(encoding="utf-8")
    session = manual.partition("$ apiver diff v1.yaml v2.yaml   # of parcels\n")[2].partition("```")[0]

    assert (
        session == run("diff", "v1.yaml", "v2.yaml", cwd=ORDERS.parent / "hooks", code=1, COLUMNS="80").stdout
    )


def test_the_manual_shows_how_an_answer_is_explained() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "diff.md").read_text(encoding="utf-8")
    session = manual.partition("$ apiver diff v1.yaml v2.yaml --explain\n...\n")[2].partition("...\n```")[0]
    said = run("diff", "v1.yaml", "v2.yaml", "--explain", cwd=ORDERS, code=1, COLUMNS="80").stdout
    assert session.count("\n") == 19
    assert session in said


def test_steps_are_in_every_format_that_has_room_for_them() -> None:
    step = "compared: 200 (v1.yaml:16:47) against 100 (v2.yaml:16:47)"
    for form in ("text", "json", "yaml", "markdown", "junit"):
        plain, told = (
            run("diff", "v1.yaml", "v2.yaml", "--format", form, *more, cwd=ORDERS, code=1).stdout
            for more in ((), ("--explain",))
        )
        assert step not in plain.replace("\\", "")
        assert step in told.replace("\\", "").replace("&gt;", ">"), form


def test_the_report_does_not_take_the_place_of_a_contract(tmp_path: Path) -> None:
    copy = tmp_path / "old.yaml"
    copy.write_text(Path(V1).read_text())
    done = subprocess.run(
        [sys.executable, "-m", "apiver", "diff", "old.yaml", V2, "--output", "./old.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "one of the contracts" in done.stderr
    assert copy.read_text() == Path(V1).read_text()


def test_a_closed_standard_output_is_no_defect(tmp_path: Path) -> None:
    command = f"{sys.executable} -m apiver diff {V1} {V2} >&-"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "no standard output" in done.stderr


def sessions(heading: str) -> list[list[str]]:
    """The commands that a section of the manual shows, each with the parts of its output."""
    manual = (Path(__file__).parents[2] / "docs" / "diff.md").read_text(encoding="utf-8")
    section = manual.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    shown = [each.partition("```")[0] for each in section.split("```console\n")[1:]]
    commands = [each for session in shown for each in session.split("$ apiver ")[1:]]
    return [[part.strip("\n") for part in each.replace("\n...\n", "\n\n").split("\n\n")] for each in commands]


@pytest.mark.parametrize("session", sessions("What OLD and NEW can be"), ids=lambda session: session[0][:40])
def test_the_manual_shows_what_contracts_may_be(tmp_path: Path, session: list[str]) -> None:
    command, first = session[0].split("\n", 1)
    shutil.copytree(ORDERS.parent / "pets", tmp_path, dirs_exist_ok=True)
    text = Path(V1).read_text()
    (tmp_path / "orders.yaml").write_text(text)
    for arguments in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "--all"],
        ["commit", "--quiet", "-mfirst"],
    ):
        identity = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)
    (tmp_path / "orders.yaml").write_text(text.replace("maximum: 200", "maximum: 100"))
    done = run(*command.split(), cwd=tmp_path, code=4 if first.startswith("error") else 1, COLUMNS="80")
    for part in (first, *session[1:]):
        assert part in done.stdout + done.stderr


def test_the_manual_shows_several_sessions() -> None:
    assert len(sessions("What OLD and NEW can be")) == 3
