"""What all commands share: options, help, exit codes, `flask apiver`, and a start that costs little."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import click
import pytest

import apiver.cli
from apiver import __version__
from apiver.cli import write_result
from apiver.errors import AppLoadError, InputError, UsageError

LOADING = Path(__file__).parents[2] / "fixtures" / "loading"
APIVER = [sys.executable, "-m", "apiver"]
FLASK = [sys.executable, "-m", "flask"]


def run(command: list[str], cwd: Path = LOADING, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "FLASK_APP"}
    return subprocess.run(
        command,
        cwd=cwd,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# --- the start ---


def test_the_version() -> None:
    done = run([*APIVER, "--version"])
    assert (done.returncode, done.stdout, done.stderr) == (0, f"apiver {__version__}\n", "")


HEAVY = ("flask", "werkzeug", "rich", "deepdiff", "jsonschema", "openapi_spec_validator", "yaml", "orjson")


@pytest.mark.parametrize("command", ["import apiver.cli", "import apiver.cli.inspect", "import apiver"])
def test_nothing_heavy_is_imported_before_a_command_needs_it(command: str) -> None:
    done = run([sys.executable, "-c", f"{command}, sys; print(*sys.modules)"])
    assert set(done.stdout.split()) & set(HEAVY) == set()


def test_help_lists_the_commands_without_importing_them() -> None:
    program = (
        "import sys; from apiver.cli import apiver\n"
        "apiver(['--help'], standalone_mode=False); print(*sys.modules)"
    )
    done = run([sys.executable, "-c", program])
    listing, _, modules = done.stdout.rstrip().rpartition("\n")
    for name in ("inspect", "export", "diff"):
        assert re.search(rf"^  {name} +\w.+\.$", listing, re.MULTILINE)
    assert "apiver --app" in listing
    loaded = set(modules.split())
    assert loaded & set(HEAVY) == set()
    assert "apiver.cli.inspect" not in loaded


def best_time(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def test_the_version_costs_little_more_than_importing_click() -> None:
    """Held to 1.5 on a quiet machine; twice that here, because tests run beside others."""
    ours, clicks = [], []
    for _ in range(8):
        ours.append(best_time([*APIVER, "--version"]))
        clicks.append(best_time([sys.executable, "-c", "import click"]))
    assert min(ours) <= 3.0 * min(clicks)


# --- errors become exit codes ---


@dataclass
class Ended:
    exit_code: int
    stdout: str
    stderr: str


Raising = Callable[[BaseException], Ended]


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Raising:
    """Run a command that raises."""

    def run_it(error: BaseException) -> Ended:
        @click.command("fail")
        def fail() -> None:
            raise error

        module = ModuleType("failing_command")
        module.fail = fail  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "failing_command", module)
        monkeypatch.setitem(apiver.cli._COMMANDS, "fail", ("failing_command", "Fails."))
        with pytest.raises(SystemExit) as ended:
            apiver.cli.apiver(["fail"])
        output, errors = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, output, errors)

    return run_it


@pytest.mark.parametrize(
    ("error", "code"),
    [(UsageError("what"), 2), (AppLoadError("what"), 3), (InputError("what"), 4)],
)
def test_an_error_says_what_where_and_what_to_try(raising: Raising, error: UsageError, code: int) -> None:
    error.where, error.remedy = "file.py:3", "try this\nor that"
    result = raising(error)
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr == "error: what\n  file.py:3\n  try this\n  or that\n"


def test_an_error_that_has_no_more_to_say(raising: Raising) -> None:
    assert raising(InputError("what")).stderr == "error: what\n"


def test_a_defect_keeps_its_traceback_in_a_file(
    raising: Raising, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    result = raising(ZeroDivisionError("oh\nno"))
    assert result.exit_code == 70
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    (kept,) = tmp_path.iterdir()
    assert result.stderr.splitlines() == [
        "error: apiver failed: ZeroDivisionError: oh",
        f"  the traceback is in {kept}",
        "  this is a defect of apiver: please report it with that file",
    ]
    text = kept.read_text()
    assert f"apiver {__version__}" in text
    assert "Traceback" in text
    assert "ZeroDivisionError: oh\nno" in text


def test_a_defect_where_no_file_can_be_kept(raising: Raising, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    result = raising(ZeroDivisionError("oh"))
    assert result.exit_code == 70
    assert "Traceback" in result.stderr
    assert "please report it with the text above" in result.stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interrupted_command(raising: Raising, error: BaseException) -> None:
    result = raising(error)
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "interrupted\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["inspekt"],
        ["inspect", "--nonsense"],
        ["inspect", "--format", "html"],
        ["--load-timeout", "soon", "inspect"],
        ["--load-timeout", "-1", "inspect"],
        ["inspect", "surplus"],
        ["--app"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    done = run([*APIVER, *arguments])
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_command_the_help_is_shown() -> None:
    done = run(APIVER)
    assert "Commands:" in done.stdout + done.stderr


def test_the_interrupt_key_while_the_app_loads(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(
        "import os, threading\nos.write(2, b'waiting\\n')\nthreading.Event().wait()\n"
    )
    with subprocess.Popen(
        [*APIVER, "--app", "slow", "inspect"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"waiting\n"
        # As a terminal does it: to every process of the group.
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (130, b"", b"interrupted\n")


def test_a_reader_that_has_gone_is_no_error() -> None:
    with subprocess.Popen(
        [*APIVER, "--app", "decorated", "inspect"],
        cwd=LOADING,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (141, b"")


def test_without_a_standard_output_nothing_is_written_and_nothing_breaks(tmp_path: Path) -> None:
    command = f'"{sys.executable}" -m apiver --app decorated inspect --output "{tmp_path}/routes.txt" >&-'
    done = run(["sh", "-c", command])
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "routes.txt").read_text().startswith("Decorated  decorated\n")


# --- which app ---


def app_name(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout.partition("\n")[0].split("  ")[-1]


def test_the_app_is_that_of_the_option_then_the_manifest_then_flask_app(tmp_path: Path) -> None:
    for module in ("corner.py", "only.py", "made.py"):
        (tmp_path / module).write_text((LOADING / module).read_text())
    assert app_name(run([*APIVER, "inspect"], tmp_path, FLASK_APP="made")) == "made"
    (tmp_path / "apiver.yaml").write_text("app: only\n")
    assert app_name(run([*APIVER, "inspect"], tmp_path, FLASK_APP="made")) == "only"
    assert app_name(run([*APIVER, "--app", "corner", "inspect"], tmp_path, FLASK_APP="made")) == "corner"
    (tmp_path / "other.yaml").write_text("app: corner:spare\n")
    assert app_name(run([*APIVER, "--manifest", "other.yaml", "inspect"], tmp_path)) == "corner:spare"


def test_a_broken_manifest_ends_with_4(tmp_path: Path) -> None:
    (tmp_path / "apiver.yaml").write_text("app:\n  imprt: shop\n")
    done = run([*APIVER, "inspect"], tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "error: unknown key app.imprt\n  apiver.yaml:2:3\n  did you mean import?\n"


def test_a_manifest_that_was_named_must_be_there() -> None:
    done = run([*APIVER, "--manifest", "nowhere.yaml", "--app", "corner", "inspect"])
    assert (done.returncode, done.stdout) == (4, "")
    assert "nowhere.yaml" in done.stderr


# --- as a command of flask ---


def test_flask_apiver_takes_the_app_that_flask_was_given(tmp_path: Path) -> None:
    for module in ("corner.py", "only.py", "made.py"):
        (tmp_path / module).write_text((LOADING / module).read_text())
    assert app_name(run([*FLASK, "--app", "corner", "apiver", "inspect"], tmp_path)) == "corner"
    assert app_name(run([*FLASK, "apiver", "inspect"], tmp_path, FLASK_APP="made")) == "made"
    (tmp_path / "apiver.yaml").write_text("app: only\n")
    assert app_name(run([*FLASK, "apiver", "inspect"], tmp_path, FLASK_APP="made")) == "only"
    assert app_name(run([*FLASK, "--app", "corner", "apiver", "inspect"], tmp_path)) == "corner"
    given_twice = [*FLASK, "--app", "corner", "apiver", "--app", "corner:spare", "inspect"]
    assert app_name(run(given_twice, tmp_path)) == "corner:spare"


def test_flask_apiver_has_the_same_errors_and_exit_codes(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("raise ValueError('bad')\n")
    done = run([*FLASK, "--app", "shop", "apiver", "inspect"], tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error: shop raised ValueError while it was loading: bad\n  shop.py:1\n")


def test_a_command_line_of_the_users_own_makes_the_app_itself(tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text(
        "from flask import Flask\nfrom flask.cli import FlaskGroup\n\n\ndef create():\n"
        "    print('made')\n    return Flask('own')\n\n\nFlaskGroup(create_app=create)()\n"
    )
    done = run([sys.executable, "manage.py", "apiver", "inspect"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Own  manage.py\n")
    assert "made" in done.stderr


# --- results ---


def test_a_result_in_a_file_is_whole_and_readable_to_others(tmp_path: Path) -> None:
    target = tmp_path / "result.txt"
    write_result("first", str(target))
    assert target.read_text() == "first\n"
    mask = os.umask(0)
    os.umask(mask)
    assert target.stat().st_mode & 0o777 == 0o666 & ~mask
    target.chmod(0o640)
    write_result("second\n", str(target))
    assert target.read_text() == "second\n"
    assert target.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_a_sign_that_stdout_cannot_encode_is_spelled_out(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "from flask import Flask\napp = Flask('shop')\n"
        "app.add_url_rule('/v1/caf\u00e9', 'caf', lambda: '')\n",
        encoding="utf-8",
    )
    done = run([*APIVER, "--app", "shop", "inspect"], tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "/caf\\xe9" in done.stdout


def test_a_result_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="folder cannot be written"):
        write_result("text", str(tmp_path / "folder"))
    with pytest.raises(InputError, match="cannot be written"):
        write_result("text", str(tmp_path / "nowhere" / "result.txt"))
    assert [one.name for one in tmp_path.iterdir()] == ["folder"]


def test_a_result_goes_through_a_link_and_into_a_pipe(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "result.txt", tmp_path / "link.txt", tmp_path / "pipe"
    link.symlink_to(target)
    write_result("text", str(link))
    assert (target.read_text(), link.is_symlink()) == ("text\n", True)
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_result("text", str(pipe))
    assert os.read(reader, 100) == b"text\n"
    os.close(reader)
    assert pipe.is_fifo()


def on_a_terminal(arguments: list[str], **variables: str) -> str:
    """What a command writes to a terminal of 80 columns."""
    main, terminal = pty.openpty()
    with subprocess.Popen(
        [*APIVER, *arguments],
        cwd=LOADING,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80", **variables},
        stdout=terminal,
        stderr=terminal,
        stdin=subprocess.DEVNULL,
    ) as process:
        os.close(terminal)
        written = b""
        while True:
            try:
                block = os.read(main, 65536)
            except OSError:  # the last writer has closed
                break
            if not block:
                break
            written += block
        process.wait(timeout=60)
    os.close(main)
    return written.decode()


def test_colour_is_for_terminals_that_want_it() -> None:
    result, error = ["--app", "decorated", "inspect"], ["--app", "nosuch", "inspect"]
    assert "\x1b[" in on_a_terminal(result)
    assert "\x1b[" in on_a_terminal(error)
    assert "\x1b" not in on_a_terminal(result, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(error, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(result, TERM="dumb")
    assert "\x1b" not in run([*APIVER, *result], TERM="xterm").stdout
    assert "\x1b" not in run([*APIVER, *error], TERM="xterm").stderr
