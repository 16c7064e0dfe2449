"""Parts of an engine switched off, one at a time: does a test notice?

    python benchmarks/mutation.py [--room compare|inference] [--only PATTERN] [--sample N] [--list] [--json]

A part is a gap that is yielded, a call that compares or reads something for its effect, a keyword argument
that carries a fact of a schema, or an element of a list that a call fills; in the reading of code also the
condition of an early return. Each is left out of a copy of the project, and the tests of that room run there
until one fails; the fast ones first. What survives
is printed: a part of the engine that no test needs. Takes some seconds for each part that is noticed, and a
minute or two for the others.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import queue
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]


class Room(NamedTuple):
    """Where the parts are, what is no engine there, and the tests: those that notice most first."""

    folder: str
    left_out: tuple[str, ...]
    first: tuple[str, ...]
    tests: tuple[str, ...]
    guards: bool = False


def _named(folder: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{folder}/test_{name}.py" for name in names)


ROOMS = {
    "compare": Room(
        "apiver/compare",
        ("rules/", "change.py"),
        _named(
            "tests/compare", "corpora", "rule_pairs", "containment", "keywords", "parameters", "responses"
        ),
        ("tests/compare",),
    ),
    "inference": Room(
        "apiver/reading/inference",
        ("program/library.py",),
        _named("tests/reading", "returns", "bodies", "building", "models", "errors", "guards", "checks"),
        ("tests/reading", "--ignore=tests/reading/sources", "--ignore=tests/reading/traffic"),
        guards=True,
    ),
}
_CARRIED = ("schemas/keywords.py", "schemas/normal.py", "schemas/branches.py")
_LIMIT = 600


class Part(NamedTuple):
    """A part of the engine: where it stands, and the text of the file without it."""

    file: str
    line: int
    what: str
    mutated: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


def parts(room: Room) -> Iterator[Part]:
    """Every part of a room that can be left out."""
    engine = ROOT / room.folder
    for path in sorted(engine.rglob("*.py")):
        name = path.relative_to(engine).as_posix()
        if name.startswith(room.left_out):
            continue
        source = path.read_text(encoding="utf-8")
        carried = f"{path.parent.name}/{path.name}" in _CARRIED
        for node, instead in _switches(ast.parse(source), carried=carried, guards=room.guards):
            text = ast.get_source_segment(source, node) or ""
            mutated = _replaced(source, node, instead)
            what = " ".join(text.split())[:100]
            yield Part(path.relative_to(ROOT).as_posix(), node.lineno, what, mutated)


def _switches(tree: ast.Module, *, carried: bool, guards: bool) -> Iterator[tuple[Any, str]]:
    """The nodes that can be left out, each with what stands there instead."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            value = node.value
            if isinstance(value, ast.YieldFrom) or (isinstance(value, ast.Yield) and _is_call(value.value)):
                yield node, "yield from ()"
            elif isinstance(value, ast.Call):
                yield node, "pass"
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add) and not _is_number(node.value):
            yield node, "pass"
        elif isinstance(node, ast.List | ast.Tuple) and isinstance(node.ctx, ast.Load):
            yield from (
                (each, "*()") for each in node.elts if isinstance(each, ast.Starred) and _is_call(each.value)
            )
        elif guards and isinstance(node, ast.If) and not node.orelse and isinstance(node.body[0], ast.Return):
            yield node.test, "False"
        elif carried and isinstance(node, ast.Call) and len(node.keywords) > 2:
            for each in node.keywords:
                if each.arg and isinstance(each.value, ast.Call | ast.BoolOp):
                    yield each, f"{each.arg}={'()' if _is_tuple(each.value) else 'None'}"


def _is_call(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.IfExp)


def _is_tuple(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("tuple", "_distinct")
    )


def _replaced(source: str, node: Any, instead: str) -> str:
    lines = source.encode().splitlines(keepends=True)
    first, last = node.lineno - 1, node.end_lineno - 1
    before, after = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
    lines[first : last + 1] = [before + instead.encode() + after]
    return b"".join(lines).decode()


def copy(folder: Path) -> Path:
    """The project without what it does not need for its tests."""
    place = folder / "project"
    for name in ("apiver", "tests", "fixtures", "benchmarks", "docs"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__", ".cache"))
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, place / name)
    return place


def noticed(place: Path, part: Part | None, room: Room) -> str | None:
    """The first test that fails without the part, or None. Without a part, the project as it is."""
    target = place / part.file if part else None
    original = target.read_text(encoding="utf-8") if target else ""
    if target and part:
        target.write_text(part.mutated, encoding="utf-8")
    try:
        rest = [f"--ignore={name}" for name in room.first]
        for chosen in ([*room.first], [*room.tests, *rest]):
            if (found := _failing(place, chosen)) is not None:
                return found
        return None
    finally:
        if target:
            target.write_text(original, encoding="utf-8")


def _failing(place: Path, chosen: list[str]) -> str | None:
    options = ["-x", "-q", "--no-header", "-p", "no:cacheprovider"]
    # Those left out take long, and notice only what ends in a crash.
    command = [sys.executable, "-B", "-m", "pytest", *options, "-k", "not no_crash", *chosen]
    try:
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, timeout=_LIMIT)
    except subprocess.TimeoutExpired:
        return "it does not end"
    if done.returncode == 0:
        return None
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return lines[0].partition(" - ")[0].partition(" ")[2] if lines else "it does not start"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--only", default="", help="a pattern that the place or the text of a part must match"
    )
    parser.add_argument("--room", choices=[*ROOMS], default="compare", help="which engine (compare)")
    parser.add_argument("--sample", type=int, help="so many of them, the same ones on every run")
    parser.add_argument("--list", action="store_true", help="name the parts and leave none out")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="write the result as JSON")
    options = parser.parse_args()
    room = ROOMS[options.room]
    chosen = [part for part in parts(room) if re.search(options.only, str(part))]
    if options.sample:
        chosen = sorted(random.Random(0).sample(chosen, min(options.sample, len(chosen))))
    if options.list:
        print(*chosen, f"{len(chosen)} parts", sep="\n")
        return 0
    start = time.monotonic()
    results: dict[str, str | None] = {}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.jobs) as pool:
        places: queue.Queue[Path] = queue.Queue()
        for number in range(options.jobs):
            places.put(copy(Path(folder) / str(number)))
        place = places.get()
        if (broken := noticed(place, None, room)) is not None:
            print(f"error: the tests fail as it is: {broken}", file=sys.stderr)
            return 2
        places.put(place)

        def tried(part: Part) -> None:
            mine = places.get()
            try:
                results[str(part)] = found = noticed(mine, part, room)
            finally:
                places.put(mine)
            if not options.json:
                print(f"{'SURVIVED' if found is None else 'noticed '}  {part}", flush=True)

        list(pool.map(tried, chosen))
    survivors = [name for name, found in results.items() if found is None]
    if options.json:
        print(json.dumps(results, indent=2))
    else:
        print(
            f"\n{len(results)} parts, {len(survivors)} that no test needs, {time.monotonic() - start:.0f} s"
        )
        print(*survivors, sep="\n")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
