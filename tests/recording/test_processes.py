"""Every kind of process that an app runs in, and what a command is to its caller under `apiver record`."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.recording.conftest import FIXTURES

ASK = "import parcels\nparcels.create_app().test_client().get('/api/v1/process')\n"
PROCESS = "GET", "/api/v1/process"


def test_input_output_and_exit_code_are_those_of_the_command(record):
    recording = record(f"{ASK}import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)")
    assert (recording.code, recording.out) == (7, "out\n")
    assert re.fullmatch(r"err\nrecorded 1 request on 1 of 18 operations in \S+traffic\.json\n", recording.err)


def test_the_store_is_the_same_bytes_again_and_joins_what_it_had(record):
    first = record(ASK, PYTHONHASHSEED="1").text
    assert record(ASK, PYTHONHASHSEED="2").text == first
    other = record(ASK.replace("process", "page"))
    assert set(other.operations) == {PROCESS, ("GET", "/api/v1/page")}
    fresh = record(ASK.replace("process", "page"), "--fresh")
    assert set(fresh.operations) == {("GET", "/api/v1/page")}


def test_forked_and_spawned_workers_are_recorded(record, tmp_path):
    script = tmp_path / "workers.py"
    script.write_text(
        "import multiprocessing, sys\n"
        "import parcels\n"
        "def ask(_):\n"
        "    parcels.create_app().test_client().get('/api/v1/process')\n"
        "if __name__ == '__main__':\n"
        "    ask(0)\n"
        "    for how in ('fork', 'spawn', 'forkserver'):\n"
        "        with multiprocessing.get_context(how).Pool(2) as pool:\n"
        "            pool.map(ask, range(6), chunksize=1)\n"
    )
    recording = record(command=(sys.executable, str(script)), PYTHONPATH=str(FIXTURES / "traffic"))
    assert recording.code == 0, recording.err
    assert recording.operations[PROCESS]["requests"] == 19


def test_a_child_of_a_child_is_recorded_and_a_killed_one_loses_nothing(record):
    killed = f"{ASK}import os; os.kill(os.getpid(), 9)"
    recording = record(
        "import subprocess, sys\n"
        f"code = subprocess.run([sys.executable, '-c', {killed!r}]).returncode\n"
        f"print(code)\n{ASK}"
    )
    assert recording.out == "-9\n"
    assert recording.operations[PROCESS]["requests"] == 2


def test_threads_write_whole_lines(record):
    recording = record(
        "import parcels, concurrent.futures as f\n"
        "app = parcels.create_app()\n"
        "with f.ThreadPoolExecutor(8) as pool:\n"
        "    list(pool.map(lambda _: app.test_client().get('/api/v1/process'), range(200)))\n"
    )
    assert recording.operations[PROCESS]["requests"] == 200


def test_the_workers_of_xdist_are_recorded(record, tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import parcels, pytest\n"
        "@pytest.mark.parametrize('number', range(6))\n"
        "def test_it(number):\n"
        "    assert parcels.create_app().test_client().get('/api/v1/process').json['pid']\n"
    )
    command = (sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", str(tmp_path))
    recording = record(command=command, cwd=tmp_path, PYTHONPATH=str(FIXTURES / "traffic"))
    assert recording.code == 0, recording.out
    assert recording.operations[PROCESS]["requests"] == 6


def _served(tmp_path: Path, *options: str) -> tuple[subprocess.Popen[str], str, Path]:
    """`flask run` on loopback under `apiver record`, its address, and where it records."""
    store = tmp_path / "traffic.json"
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "apiver", "record", "--output", str(store), "--"),
            *(sys.executable, "-m", "flask", "--app", "parcels", *options, "run", "--port", "0"),
        ],
        cwd=FIXTURES / "traffic",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    for line in server.stderr:
        found = re.search(r"Running on (http://127\.0\.0\.1:\d+)", line)
        if found:
            return server, found[1], store
    raise AssertionError("the server did not start")


# Werkzeug's reloader ends its server itself, and well.
@pytest.mark.parametrize(
    ("options", "code"), [((), 128 + signal.SIGTERM), (("--debug",), 0)], ids=["plain", "reloader"]
)
def test_a_server_is_recorded_and_gets_the_signals(tmp_path, options, code):
    server, address, store = _served(tmp_path, *options)
    try:
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"{address}/api/v1/process", timeout=5) as answer:
                    assert answer.status == 200
                break
            except OSError:
                time.sleep(0.1)
    finally:
        server.send_signal(signal.SIGTERM)
        _, err = server.communicate(timeout=30)
    assert server.returncode == code
    operations = json.loads(store.read_text())["apps"]["parcels"]["operations"]
    assert [(one["rule"], one["requests"]) for one in operations] == [("/api/v1/process", 1)]
    assert "recorded 1 request on 1 of 18 operations" in err


def test_the_sitecustomize_that_was_there_runs_too(record, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import os\nos.environ['CUSTOM'] = __file__\n")
    recording = record(
        f"{ASK}import os, sys; print(os.environ['CUSTOM'], sys.modules['sitecustomize'].__file__)\n"
        "print([entry for entry in sys.path if 'apiver' in entry and 'shim' in entry])",
        PYTHONPATH=str(tmp_path),
    )
    there = str(tmp_path / "sitecustomize.py")
    assert recording.out == f"{there} {there}\n[]\n"
    assert recording.operations[PROCESS]["requests"] == 1


def test_an_environment_without_apiver_is_recorded_too(record):
    hidden = (
        "import importlib.util, os, sys\n"
        "there = lambda one: os.path.isfile(os.path.join(one, 'apiver', '__init__.py'))\n"
        "sys.path[:] = [one for one in sys.path if not there(one)]\n"
        "spec = importlib.util.find_spec('apiver')\n"
        "assert spec is None or spec.origin is None\n"
    )
    recording = record(hidden + ASK)
    assert recording.code == 0, recording.err
    assert recording.operations[PROCESS]["requests"] == 1


def test_a_process_that_has_no_flask_imports_nothing_of_apiver(record):
    recording = record("import sys; print([name for name in sys.modules if 'apiver' in name])")
    assert recording.out == "[]\n"
    assert recording.err.startswith("recorded nothing: no Flask app answered a request below this command\n")
    assert recording.text == ""


def test_where_nothing_was_recorded_nothing_is_left(tmp_path):
    command = [sys.executable, "-m", "apiver", "record", "--", sys.executable, "-c", ""]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert list(tmp_path.iterdir()) == []


def test_an_app_that_is_not_recorded_imports_nothing_of_apiver():
    script = f"{ASK}import sys; print([name for name in sys.modules if 'apiver' in name])"
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=FIXTURES / "traffic", capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        ((), 2, "error: record needs a command to run\n  apiver record -- pytest\n"),
        (("no-such-command",), 2, "error: there is no command no-such-command\n"),
    ],
)
def test_what_cannot_be_run_is_said(tmp_path, command, code, message):
    result = subprocess.run(
        [sys.executable, "-m", "apiver", "record", *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == code
    assert result.stderr.startswith(message)


def test_a_store_that_is_none_is_refused_before_the_command_runs(record, tmp_path):
    (tmp_path / "traffic.json").write_text('{"openapi": "3.1.0"}')
    recording = record("print('ran')")
    assert (recording.code, recording.out) == (4, "")
    assert recording.err.startswith("error: this is no recorded traffic that this apiver reads\n")
    assert "apiver record --fresh" in recording.err


def test_recordings_that_end_together_are_all_kept(tmp_path):
    store = str(tmp_path / "traffic.json")
    paths = ["process", "page", "picture", "events", "stream"]
    running = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "apiver", "record", "--output", store, "--"),
                *(sys.executable, "-c", ASK.replace("process", path)),
            ],
            cwd=FIXTURES / "traffic",
            stderr=subprocess.DEVNULL,
        )
        for path in paths
    ]
    assert [one.wait(timeout=60) for one in running] == [0] * len(paths)
    operations = json.loads(Path(store).read_text())["apps"]["parcels"]["operations"]
    assert {one["rule"] for one in operations} == {f"/api/v1/{path}" for path in paths}


@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP", "SIGUSR1"])
def test_a_signal_reaches_the_command(tmp_path, name):
    script = (
        "import signal, sys\n"
        f"signal.signal(signal.{name}, lambda *_: sys.exit(9))\n"
        f"{ASK}print('ready', flush=True)\n"
        "signal.pause()\n"
    )
    store = tmp_path / "traffic.json"
    running = subprocess.Popen(
        [
            *(sys.executable, "-m", "apiver", "record", "--output", str(store), "--"),
            *(sys.executable, "-c", script),
        ],
        cwd=FIXTURES / "traffic",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    running.send_signal(getattr(signal, name))
    assert running.wait(timeout=30) == 9
    assert store.exists()
