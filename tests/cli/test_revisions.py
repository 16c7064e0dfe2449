"""Files and versions of a git revision: read as they were, with nothing touched and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

APP = """\
import os, sys
from flask import Flask, jsonify

print("loading", file=sys.stderr)
app = Flask("shop")


@app.get("/api/v1/books/<int:id>")
def book(id):
    return jsonify({"id": id, "title": "Emma"})
"""
GONE = APP.replace(', "title": "Emma"', "")
SPEC = """\
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a:
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: 'schemas/A.yaml'}}}}
"""


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go: what is left there afterwards was left behind."""
    (tmp_path / "scratch").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    for name in ("COLUMNS", "FLASK_APP", "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "scratch"


@pytest.fixture
def shop(tmp_path: Path, scratch: Path) -> Path:
    """A repository with an app in a folder of it, which has changed since the last commit."""
    top = tmp_path / "repository"
    folder = top / "services" / "shop"
    (folder / "specs" / "schemas").mkdir(parents=True)
    git(top, "init", "--quiet", "--initial-branch=main")
    (folder / "shop.py").write_text(APP)
    (folder / "apiver.yaml").write_text("app: shop\ntitle: Shop of then\n")
    (folder / "specs" / "api.yaml").write_text(SPEC)
    (folder / "specs" / "schemas" / "A.yaml").write_text("type: string\nmaxLength: 5\n")
    (folder / "specs" / "link.yaml").symlink_to("api.yaml")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message", "first")
    git(top, "tag", "v1.0")
    (folder / "shop.py").write_text(GONE)
    (folder / "apiver.yaml").write_text("app: shop\ntitle: Shop of now\n")
    (folder / "specs" / "schemas" / "A.yaml").write_text("type: string\nmaxLength: 9\n")
    (folder / "staged.txt").write_text("staged")
    git(top, "add", "services/shop/staged.txt")
    return folder


def state(folder: Path) -> tuple[str, str, str, str]:
    """All that git knows of the user's side of the repository."""
    return (
        git(folder, "status", "--porcelain", "--ignored"),
        git(folder, "ls-files", "--stage"),
        git(folder, "worktree", "list"),
        git(folder, "for-each-ref"),
    )


@pytest.fixture
def untouched(shop: Path, scratch: Path) -> Iterator[None]:
    """Checks that everything is as it was, and that nothing was left behind."""
    before = state(shop)
    yield
    assert state(shop) == before
    assert list(scratch.iterdir()) == []
    assert not (Path(git(shop, "rev-parse", "--absolute-git-dir").strip()) / "worktrees").exists()


def run(folder: Path, *arguments: str, code: int, **variables: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "apiver", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def report(folder: Path, *arguments: str, code: int = 1, **variables: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(
        run(folder, *arguments, "--format", "json", code=code, **variables).stdout
    )
    return made


# Files -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    "name", ["main:services/shop/specs/api.yaml", "v1.0:./specs/api.yaml", "HEAD:./specs/link.yaml"]
)
def test_a_file_of_a_revision(shop: Path, name: str) -> None:
    found = report(shop, "diff", name, "specs/api.yaml")
    revision = name.partition(":")[0]
    (change,) = found["changes"]
    assert found["old"]["name"] == f"{revision}:services/shop/specs/{Path(name).name}"
    assert change["rule"] == "response-body-max-length-increased"
    place = {key: change["old"][key] for key in ("pointer", "file", "line", "column")}
    assert place == {
        "pointer": "/maxLength",
        "file": f"{revision}:services/shop/specs/schemas/A.yaml",
        "line": 2,
        "column": 1,
    }
    assert change["new"]["file"] == "specs/schemas/A.yaml"


@pytest.mark.usefixtures("untouched")
def test_a_directory_or_a_pattern_of_a_revision(shop: Path) -> None:
    for name in ("main:./specs/", "main:./specs", "main:services/**/a*.yaml"):
        if name.endswith("yaml"):
            run(shop, "diff", name, "main:./specs/api.yaml", code=0)
        else:
            error = run(shop, "diff", name, "specs/api.yaml", code=4).stderr
            assert "two files define GET /a" in error  # the link and what it leads to
            assert "main:services/shop/specs/link.yaml:5:5" in error


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("name", "what", "remedy"),
    [
        ("mian:specs/api.yaml", "there is no revision 'mian'", "did you mean main?"),
        ("--all:specs/api.yaml", "there is no revision '--all'", "git fetch"),
        ("main:specs/api.yaml", "there is no file specs/api.yaml at main", "main:./specs/api.yaml"),
        (
            "main:./specs/ap.yaml",
            "there is no file services/shop/specs/ap.yaml at main",
            "services/shop/specs/api.yaml?",
        ),
        ("main:../../../x.yaml", "there is no file ../x.yaml at main", ""),
    ],
)
def test_what_is_not_there_is_said_with_a_way_out(shop: Path, name: str, what: str, remedy: str) -> None:
    done = run(shop, "diff", "--", name, "specs/api.yaml", code=4)
    assert what in done.stderr
    assert remedy in done.stderr


def test_references_of_a_revision_stay_in_the_repository(shop: Path, scratch: Path) -> None:
    (shop / "specs" / "api.yaml").write_text(SPEC.replace("schemas/A.yaml", "../../../../outside.yaml"))
    git(shop, "add", "--all")
    git(shop, "commit", "--quiet", "--message", "second")
    (shop.parents[2] / "outside.yaml").write_text("type: string\n")
    done = run(shop, "diff", "HEAD:./specs/api.yaml", "v1.0:./specs/api.yaml", code=4)
    assert "../../../../outside.yaml leads out of the repository" in done.stderr
    assert "HEAD:services/shop/specs/api.yaml:7:72" in done.stderr


def test_outside_of_a_repository(tmp_path: Path, scratch: Path) -> None:
    done = run(
        tmp_path,
        "diff",
        "main:api.yaml",
        "main:api.yaml",
        code=4,
        GIT_CEILING_DIRECTORIES=str(tmp_path.parent),
    )
    assert "git finds no repository here" in done.stderr


def test_within_a_hook_of_git(shop: Path, scratch: Path) -> None:
    """A hook runs with variables that would have git write to the index of the commit that is being made."""
    hook = Path(git(shop, "rev-parse", "--absolute-git-dir").strip()) / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        "#!/bin/sh\nunset GIT_CEILING_DIRECTORIES\ncd services/shop\n"
        f"{sys.executable} -m apiver diff v1@HEAD v1 --format json --output {shop.parents[2]}/report.json\n"
        "exit 0\n"
    )
    hook.chmod(0o755)
    git(shop, "commit", "--quiet", "--message", "second")
    assert git(shop, "show", "--name-only", "--format=", "HEAD").split() == ["services/shop/staged.txt"]
    made = json.loads((shop.parents[2] / "report.json").read_text())
    assert [change["title"] for change in made["changes"]] == ["body.title is gone"]


# Versions of the app ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("untouched")
def test_a_version_at_a_revision(shop: Path) -> None:
    found = report(shop, "diff", "v1@main", "v1")
    assert found["old"] == {"name": "v1@main", "title": "Shop of then", "version": "v1", "operations": 1}
    assert found["new"]["title"] == "Shop of now"
    (change,) = found["changes"]
    assert change["rule"] == "response-required-property-removed"
    assert (change["old"]["file"], change["old"]["line"]) == ("main:services/shop/shop.py", 10)
    assert (change["new"]["file"], change["new"]["line"]) == ("shop.py", 10)


@pytest.mark.usefixtures("untouched")
def test_two_revisions(shop: Path) -> None:
    done = run(shop, "diff", "v1@v1.0", "v1@HEAD", code=0)
    assert "No changes in 1 operation." in done.stdout
    assert done.stderr == "loading\nloading\n"


@pytest.mark.usefixtures("untouched")
def test_an_app_that_is_named_by_its_path(shop: Path) -> None:
    for app in ("shop.py:app", str(shop / "shop.py")):
        report(shop, "--app", app, "diff", "v1@main", "v1")
    report(shop, "diff", "v1@main", "v1", FLASK_APP=str(shop / "shop.py"))


@pytest.mark.usefixtures("untouched")
def test_below_flask(shop: Path) -> None:
    command = [sys.executable, "-m", "flask", "--app", "shop.py", "apiver", "diff", "v1@main", "v1"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=shop, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "main:services/shop/shop.py:10" in done.stdout


@pytest.mark.usefixtures("untouched")
def test_a_manifest_elsewhere_in_the_repository(shop: Path) -> None:
    top = shop.parents[1]
    for manifest in ("services/shop/apiver.yaml", str(shop / "apiver.yaml")):
        found = report(top, "--manifest", manifest, "diff", "v1@main", "v1")
        assert found["old"]["title"] == "Shop of then"
        assert found["changes"][0]["old"]["file"] == "main:services/shop/shop.py"


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("diff", "v2@main", "v1"), 2, "error: the app has no version v2 (at main)"),
        (("diff", "v1@nowhere", "v1"), 4, "error: there is no revision 'nowhere'"),
        (("--app", "nothing", "diff", "v1@main", "v1"), 3, "error: there is no module nothing (at main)"),
    ],
)
def test_what_fails_at_a_revision_ends_as_it_does_now(
    shop: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = run(shop, *arguments, code=code)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "scratch" not in done.stderr


def test_a_folder_that_was_not_there_yet(shop: Path, scratch: Path) -> None:
    (shop / "later").mkdir()
    done = run(shop / "later", "diff", "v1@main", "v1", code=4)
    assert "there is no folder services/shop/later at main" in done.stderr
    assert list(scratch.iterdir()) == []


def test_an_app_that_breaks_while_it_loads(shop: Path, scratch: Path) -> None:
    (shop / "shop.py").write_text(APP + "\n1 / 0\n")
    git(shop, "commit", "--quiet", "--all", "--message", "broken")
    done = run(shop, "diff", "v1@HEAD", "v1@v1.0", code=3)
    assert "division by zero" in done.stderr
    assert "shop.py:12" in done.stderr
    assert "scratch" not in done.stderr
    assert list(scratch.iterdir()) == []


def test_code_of_the_working_tree_on_the_path_is_not_taken_for_the_revision(
    shop: Path, scratch: Path
) -> None:
    """As after `pip install --editable`: the package is found in the working tree from anywhere."""
    source = shop / "src"
    source.mkdir()
    (shop / "shop.py").rename(source / "shop.py")
    (source / "shop.py").write_text(APP)
    git(shop, "add", "--all")
    git(shop, "commit", "--quiet", "--message", "moved")
    (source / "shop.py").write_text(GONE)
    found = report(shop, "diff", "v1@HEAD", "v1", PYTHONPATH=str(source))
    assert [change["title"] for change in found["changes"]] == ["body.title is gone"]
    assert found["changes"][0]["old"]["file"] == "HEAD:services/shop/src/shop.py"


# Interruptions ---------------------------------------------------------------------------------------------


def waiting(shop: Path) -> None:
    """An app at HEAD that says where it runs, and then takes its time."""
    beacon = shop.parents[2] / "beacon"
    (shop / "shop.py").write_text(
        f"open({str(beacon)!r}, 'w').write(__file__)\nimport time\ntime.sleep(60)\n"
    )
    git(shop, "commit", "--quiet", "--all", "--message", "slow")


def until(check: Callable[[], object], seconds: float = 60.0) -> None:
    ends = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < ends
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_leaves_nothing_behind(shop: Path, scratch: Path, number: signal.Signals) -> None:
    waiting(shop)
    before = state(shop)
    beacon = shop.parents[2] / "beacon"
    process = subprocess.Popen(
        [sys.executable, "-m", "apiver", "diff", "v1@HEAD", "v1"],
        cwd=shop,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Whoever runs the tests in the background has the interrupt key ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until(lambda: beacon.exists() and beacon.read_text())
    file = Path(beacon.read_text())
    assert file.exists()
    assert file.is_relative_to(scratch)
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == (130 if number is signal.SIGINT else 128 + number)
    assert output == b""
    assert b"Traceback" not in errors
    assert not file.exists()
    assert list(scratch.iterdir()) == []
    assert state(shop) == before
    assert subprocess.run(["pgrep", "-f", str(scratch)], capture_output=True, check=False).stdout == b""


def test_an_app_that_never_loads_leaves_nothing_behind(shop: Path, scratch: Path) -> None:
    waiting(shop)
    before = state(shop)
    done = run(shop, "--load-timeout", "1", "diff", "v1@HEAD", "v1", code=3)
    assert "was still loading after 1 seconds (at HEAD)" in done.stderr
    assert list(scratch.iterdir()) == []
    assert state(shop) == before
