"""Each way in which loading fails, by the real command: what, where, what to try; exit code 3."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BROKEN = Path(__file__).parents[2] / "fixtures" / "broken"


def run(*arguments: str, cwd: Path = BROKEN) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "FLASK_APP"}
    return subprocess.run(
        [sys.executable, "-m", "apiver", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


CASES = {
    "nosuch": ["there is no module nosuch", "looked in"],
    "sevral": ["there is no module sevral", "did you mean several?"],
    "misspelt.model": ["misspelt.model imports misspelt.modles"],
    "tidy.modls": ["there is no module tidy.modls", "did you mean tidy.models?"],
    "tidy.views": ["there is no module tidy.views", "tidy has models"],
    "nosuch.py": ["there is no file nosuch.py", "looked in"],
    "syntax_error": ["syntax_error cannot be imported: SyntaxError", "  syntax_error.py:8\n"],
    "missing_library": [
        "missing_library imports wonderful_payments, which is not there",
        "  missing_library.py:5\n",
        "install what provides wonderful_payments",
    ],
    "misspelt": [
        "misspelt imports misspelt.modles, which is not there",
        "  misspelt/__init__.py:5\n",
        "did you mean misspelt.models?",
    ],
    "missing_name": ["ImportError", "nothing_of_that_name", "  missing_name.py:3\n"],
    "raises": ["raises raised JSONDecodeError", "  raises.py:11\n", "flask --app raises routes"],
    "needs_variable": [
        "needs_variable raised KeyError",
        "  needs_variable.py:8\n",
        "BROKEN_FIXTURE_DATABASE=...",
    ],
    "exits": ["exits ended the process while it was loading: sys.exit('no configuration')", "  exits.py:9\n"],
    "factory": [
        "the factory factory:create_app needs the arguments 'config', 'region'",
        "  factory.py:6\n",
        "--app \"factory:create_app(config='...', region='...')\"",
        "app: {import: factory:create_app, args: {config: ..., region: ...}}",
    ],
    "factory:create_app": ["needs the arguments 'config', 'region'"],
    "factory:create_app('x')": [
        "the factory factory:create_app cannot be called with the arguments given",
        "'region'",
        "  factory.py:6\n",
    ],
    "factory:make_nothing": ["the factory factory:make_nothing returned nothing", "  factory.py:12\n"],
    "factory:make_text": [
        "the factory factory:make_text returned a str, not a Flask app",
        "  factory.py:16\n",
    ],
    "factory:raise_type_error": ["factory:raise_type_error raised TypeError", "  factory.py:21\n"],
    "factory:GREETING": ["factory:GREETING is a str, not a Flask app", "factory:create_app()?"],
    "factory:creat_app": ["the module factory has no creat_app", "  factory.py:1\n", "factory:create_app()?"],
    "no_app": ["no Flask app was found in no_app", "  no_app.py:1\n", "no_app:build_server()?"],
    "several": ["several holds several Flask apps: public, internal", "--app several:public"],
    ":app": ["the import string ':app' names no module"],
    "several:a b": ["'a b' in 'several:a b' is not a name or a call"],
    "several:f(x)": ["the arguments in 'several:f(x)' are not plain values"],
    "several:apps[0]": ["is not a name or a call"],
}


@pytest.mark.parametrize("import_name", CASES)
def test_a_failure_says_what_where_and_what_to_try(import_name: str) -> None:
    done = run("--app", import_name, "inspect")
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    for said in CASES[import_name]:
        assert said in done.stderr


HANGING = {
    "hangs": "hangs.py:11",  # the line that calls into threading, in a function of the user's
    "hangs_stubbornly": "hangs_stubbornly.py:11",  # swallows what the signal raises
    "swallows_once": "swallows_once.py:10",  # swallows it once, and would load after all
    "hangs_deaf": "hangs_deaf.py:14",  # blocks the signal, waits in C
    "hangs_alone": "hangs_alone.py:7",  # C code that keeps the interpreter's lock
}


@pytest.mark.parametrize("module", HANGING)
def test_an_app_that_hangs_is_stopped_wherever_it_hangs(module: str) -> None:
    done = run("--load-timeout", "0.5", "--app", module, "inspect")
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith(
        f"error: {module} was still loading after 0.5 seconds\n  {HANGING[module]}\n"
    )
    assert "--load-timeout" in done.stderr
    assert done.stderr.count("error:") == 1


def test_a_factory_may_have_its_arguments_filled_in_by_a_decorator(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "import functools\nfrom flask import Flask\n\n\n"
        "def configured(factory):\n    @functools.wraps(factory)\n    def wrapper():\n"
        "        return factory('testing')\n    return wrapper\n\n\n"
        "@configured\ndef create_app(config):\n    return Flask(config)\n"
    )
    assert run("--app", "shop", "inspect", cwd=tmp_path).returncode == 0


def test_places_are_relative_to_where_the_command_was_given(tmp_path: Path) -> None:
    (tmp_path / "apiver.yaml").write_text("app: {import: shop, cwd: service}\n")
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / "shop.py").write_text("\nraise ValueError('bad')\n")
    done = run("inspect", cwd=tmp_path)
    assert done.returncode == 3
    assert "  service/shop.py:2\n" in done.stderr


def test_a_message_of_many_lines_stays_one_line(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("raise ValueError('first\\nsecond' + 'x' * 1000)\n")
    done = run("--app", "shop", "inspect", cwd=tmp_path)
    assert "while it was loading: first second" in done.stderr
    assert max(map(len, done.stderr.splitlines())) < 400


def test_an_exception_that_cannot_be_printed(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "class Shy(Exception):\n    def __str__(self):\n        raise RuntimeError\n\n\nraise Shy\n"
    )
    done = run("--app", "shop", "inspect", cwd=tmp_path)
    assert done.returncode == 3
    assert "error: shop raised Shy while it was loading\n  shop.py:6\n" in done.stderr
