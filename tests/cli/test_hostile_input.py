"""Documents that are made to harm: refused cleanly or read, within bounds of time and memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 60  # seconds of a busy machine
MEMORY = 1_500_000_000  # bytes

CHAIN = 10_000


def document(schema: str, components: str = "", more: str = "") -> str:
    body = (
        f'{{"requestBody": {{"content": {{"application/json": {{"schema": {schema}}}}}}}, "responses": {{}}}}'
    )
    schemas = f'{{"schemas": {{"Z": {{}}{components}}}}}'
    return f'{{"openapi": "3.1.0", "paths": {{"/a": {{"post": {body}}}}}, "components": {schemas}{more}}}'


def chain(link: str) -> str:
    """Ten thousand schemas, each of which leads to the next one."""
    links = (f', "c{at}": {link % f"#/components/schemas/c{at + 1}"}' for at in range(CHAIN))
    return document(
        '{"$ref": "#/components/schemas/c0"}', "".join(links) + f', "c{CHAIN}": {{"type": "string"}}'
    )


def nested(keyword: str, depth: int, more: str = "") -> str:
    return document(f'{{"{keyword}": ' * depth + '{"type": "string"}' + "}" * depth, more=more)


def bomb() -> str:
    text = "openapi: 3.1.0\nx-0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
    return text + "".join(f"x-{at}: &a{at} [{','.join([f'*a{at - 1}'] * 10)}]\n" for at in range(1, 15))


def merges() -> str:
    text = "openapi: 3.1.0\nx-0: &a0 {" + ", ".join(f"k{at}: 1" for at in range(1000)) + "}\n"
    return text + "".join(f"x-{at}: &a{at} {{<<: *a{at - 1}, l{at}: 1}}\n" for at in range(1, 3000))


PADDING = f', "x-padding": "{"a" * 4_100_000}"'  # past the size up to which everything is looked at twice
REFUSED = {
    "bomb.yaml": (bomb(), "the aliases of this document stand for too many values"),
    "merges.yaml": (merges(), "the merge keys of this document repeat too many values"),
    "cycle.yaml": ("openapi: 3.1.0\nx: &a [*a]\n", "contains itself"),
    "lists.yaml": ("openapi: 3.1.0\nx: " + "[" * 100_000, "nested too deeply"),
    "maps.yaml": ("openapi: 3.1.0\nx: " + "{a: " * 100_000, "nested too deeply"),
    "blocks.yaml": (
        "openapi: 3.1.0\n" + "".join(f"{' ' * at}a:\n" for at in range(1500)),
        "nested too deeply",
    ),
    "lists.json": ("[" * 100_000, "depth limit exceeded"),
    "deep.json": (nested("not", 900), "nested too deeply"),
    "exponent.json": (document('{"maximum": 1e400}'), "this number is too large for JSON"),
    "digits.json": (document('{"maximum": %s}' % ("9" * 100_000)), "this number is too large for JSON"),
    "digits.yaml": (f"openapi: 3.1.0\nx: {'9' * 100_000}\n", "this number is too large for JSON"),
    "hexadecimal.yaml": (f"openapi: 3.1.0\nx: 0x{'f' * 100_000}\n", "this number is too large for JSON"),
    "loop.json": (
        document('{"$ref": "#/components/schemas/A"}', ', "A": {"$ref": "#/components/schemas/A"}'),
        "the references go round in a circle",
    ),
    "zeros.json": ("\0" * 1000, "not JSON"),
    "zeros.yaml": ("openapi: \0", "not YAML"),
    "escape.yaml": ("openapi: \x1b[31m", "not YAML"),
}
READ = {
    "references.json": chain('{"$ref": "%s"}'),
    "items.json": chain('{"type": "array", "items": {"$ref": "%s"}}'),
    "properties.json": chain('{"type": "object", "properties": {"a": {"$ref": "%s"}}}'),
    "allof.json": chain('{"allOf": [{"$ref": "%s"}]}'),
    "anyof.json": chain('{"anyOf": [{"type": "null"}, {"$ref": "%s"}]}'),
    "deep.json": nested("items", 240),
    "deeper.json": nested("items", 900, PADDING),
    "deepest.json": nested("not", 1000, PADDING),
    "digits.json": document('{"type": "integer", "maximum": %s}' % ("9" * 300)),
    "counts.json": document('{"type": "string", "minLength": 100000000000, "pattern": "^(a+)+$"}'),
}


def diff(folder: Path, old: str, new: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "apiver", "diff", old, new, "--all"],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plain.json").write_text(document('{"type": "string"}'))
    return tmp_path


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(folder: Path, name: str) -> None:
    text, what = REFUSED[name]
    (folder / name).write_text(text)
    done = diff(folder, name, "plain.json")
    assert done.returncode == 4, done.stderr
    assert what in done.stderr
    assert f"\n  {name}" in done.stderr
    assert "\x1b" not in done.stderr
    assert len(done.stderr) < 2000


@pytest.mark.parametrize("name", READ)
def test_what_is_read_and_compared(folder: Path, name: str) -> None:
    (folder / name).write_text(READ[name])
    for sides in ((name, "plain.json"), ("plain.json", name)):
        done = diff(folder, *sides)
        assert done.returncode in (0, 1), done.stderr
        told = (
            done.stdout.count("\nBREAKING\n")
            + done.stdout.count("\nRISKY\n")
            + done.stdout.count("NOT COMPARED")
        )
        assert told or "compatible" in done.stdout or name == "references.json"
    same = diff(folder, name, name)
    assert same.returncode == 0
    assert "BREAKING" not in same.stdout + same.stderr


NASTY = "\x1b[31mred\x07\u202etxt\u2028<script>"


@pytest.mark.parametrize("where", ["operation", "file", "reference"])
def test_control_characters_do_not_reach_the_terminal(folder: Path, where: str) -> None:
    import json

    name = f"{NASTY}.json".replace("/", "") if where == "file" else "new.json"
    path: Any = {"get": {"responses": {"200": {"description": "ok"}}}}
    root: dict[str, Any] = {"openapi": "3.1.0", "paths": {f"/{NASTY}": path}}
    if where == "reference":
        root["components"] = {"schemas": {NASTY: {"$ref": f"{NASTY}.yaml#/nothing"}}}
    (folder / name).write_text(json.dumps(root))
    done = diff(folder, "plain.json", name)
    assert done.returncode == (4 if where == "reference" else 1)
    for sign in ("\x1b", "\x07", "\u202e"):
        assert sign not in done.stdout + done.stderr
