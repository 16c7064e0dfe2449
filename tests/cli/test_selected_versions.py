"""The commands on apps whose versions a header, a media type or a parameter selects, and the manual."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SELECTED = ROOT / "fixtures" / "selected"
MANUAL = (ROOT / "docs" / "versions.md").read_text(encoding="utf-8")
SESSIONS = re.findall(r"<!-- in (\S+) -->\n```console\n\$ apiver ([^\n]*)\n(.*?)```", MANUAL, re.DOTALL)


def run(*arguments: str, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "FLASK_APP"}
    done = subprocess.run(
        [sys.executable, "-m", "apiver", *arguments],
        cwd=cwd,
        env={**environment, "COLUMNS": "100", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done


def test_the_manual_has_sessions() -> None:
    assert len(SESSIONS) == 6


@pytest.mark.parametrize(("folder", "command", "shown"), SESSIONS)
def test_the_manual_shows_what_the_commands_say(folder: str, command: str, shown: str) -> None:
    code = 1 if command.startswith("diff") else 0
    said = run(*shlex.split(command), cwd=ROOT / "fixtures" / folder, code=code).stdout
    if "...\n" not in shown:
        assert said == shown
    for part in shown.split("...\n"):
        assert part in said


def test_every_version_is_exported_to_its_file(tmp_path: Path) -> None:
    run("export", "--all", "--output-dir", str(tmp_path), cwd=SELECTED / "tickets")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2024-10-01.yaml", "2025-03-15.yaml"]
    written = yaml.safe_load((tmp_path / "2025-03-15.yaml").read_text(encoding="utf-8"))
    assert written["info"]["version"] == "2025-03-15"


def test_the_json_report_says_what_asked_for_a_response() -> None:
    report = json.loads(run("diff", "v1", "v2", "--format", "json", cwd=SELECTED / "weather", code=1).stdout)
    (breaking,) = [one for one in report["changes"] if one["effect"] == "breaking"]
    accepted = breaking["witness"]["accepted"]
    assert accepted["request_headers"] == [{"name": "Accept", "value": "application/vnd.weather.v2+json"}]
    assert accepted["headers"] == [{"name": "Content-Type", "value": "application/vnd.weather.v2+json"}]


def test_a_changelog_of_versions_that_a_parameter_selects() -> None:
    said = run("changelog", "1", "2", cwd=SELECTED / "rates").stdout
    assert "rate" in said
    assert "?v" not in said


def test_the_inventory_as_json_says_how_a_version_is_selected() -> None:
    found = json.loads(run("inspect", "--format", "json", cwd=SELECTED / "lending").stdout)
    assert [one["selection"] for one in found["versions"]] == [
        {"default": True, "sent": [{"location": "header", "name": "API-Version", "value": "1"}]},
        {"default": False, "sent": [{"location": "header", "name": "API-Version", "value": "2"}]},
    ]
    notes = json.loads(run("inspect", "--format", "json", cwd=SELECTED / "notes").stdout)
    assert [one["inherits"] for one in notes["versions"]] == [
        [],
        [
            {"version": "v1", "method": "POST", "path": "/api/v1/notes"},
            {"version": "v1", "method": "DELETE", "path": "/api/v1/notes/{number}"},
        ],
    ]


def test_the_advice_of_a_warning_is_a_block_in_markdown() -> None:
    said = run("--app", "ferry", "inspect", "--format", "markdown", cwd=SELECTED).stdout
    assert '  ```yaml\n  selector:\n    header: X-API-Version\n    default: "1"\n' in said


def git(*arguments: str, cwd: Path) -> None:
    who = ("-c", "user.name=tester", "-c", "user.email=tester@example.org")
    subprocess.run(["git", *who, *arguments], cwd=cwd, check=True, capture_output=True)


def test_a_selected_version_against_itself_at_a_revision(tmp_path: Path) -> None:
    shutil.copytree(SELECTED / "lending", tmp_path / "lending", ignore=shutil.ignore_patterns("__pycache__"))
    git("init", "--quiet", cwd=tmp_path)
    git("add", ".", cwd=tmp_path)
    git("commit", "--quiet", "--message", "begin", cwd=tmp_path)
    folder = tmp_path / "lending"
    code = (folder / "__init__.py").read_text(encoding="utf-8")
    assert run("diff", "v2@HEAD", "v2", cwd=folder).stdout.startswith("Lending  v2@HEAD -> v2")

    (folder / "__init__.py").write_text(code.replace('"due": loan["due"],', ""), encoding="utf-8")
    said = run("diff", "v2@HEAD", "v2", cwd=folder, code=1).stdout
    assert "body.due is gone" in said
    assert run("diff", "v1@HEAD", "v1", cwd=folder).stdout.count("is gone") == 0

    (folder / "__init__.py").write_text(code.replace("API-Version", "X-Version"), encoding="utf-8")
    manifest = folder / "apiver.yaml"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace("API-Version", "X-Version"), encoding="utf-8"
    )
    said = run("diff", "v2@HEAD", "v2", cwd=folder, code=1).stdout
    assert "header X-Version is new and required" in said


def test_a_manifest_that_cannot_be_meant(tmp_path: Path) -> None:
    (tmp_path / "apiver.yaml").write_text(
        "app: shop\nselector: {header: V}\nversions: {1.10: {}}\n", encoding="utf-8"
    )
    said = run("inspect", cwd=tmp_path, code=4).stderr
    assert said == (
        "error: the version 1.10 must be a string: YAML reads it as the number 1.1\n"
        "  apiver.yaml:3:12\n"
        '  put it in quotes:  "1.10":\n'
    )
