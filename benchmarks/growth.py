"""How the cost of comparing grows with the contracts: the pair cut to a part of its paths.

    python benchmarks/growth.py [--runs N] [--json]

The contracts are the two releases of GitHub's REST description. A cut keeps the same paths on both sides
and the components that they reach. Each is compared in a process of its own; the figures are seconds of
processor time, the least of several runs. `to linear` is the growth of the time over the growth of the
number of operations, from the cut to the whole pair: 1.0 is linear. Exit 1 where the whole costs more than
1.5 times linear.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
from github_contracts import contracts

CUTS = (10, 25, 50, 100)
MOST = 1.5
PHASES = ("parse", "pair", "compare", "witness", "report")

# Compares two files once; prints the processor time of each phase and what was compared.
MEASURE = """
import gc, json, sys, time
import orjson
import apiver.compare.comparison as comparison
from apiver.compare import diff
from apiver.compare.proofs.witness import Prover
from apiver.contract.reader import parse, read
from apiver.report.text import text

spent = dict.fromkeys(("parse", "pair", "compare", "witness", "report"), 0.0)

def timed(phase, function):
    def run(*arguments, **more):
        start = time.process_time()
        try:
            return function(*arguments, **more)
        finally:
            spent[phase] += time.process_time() - start
    return run

# A first comparison imports what is imported late.
sides = [
    {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": {
        "requestBody": {"content": {"application/json": {"schema": {"type": kind}}}},
        "responses": {"200": {"description": "fine"}}}}}}
    for kind in ("string", "integer")
]
text(diff(*(parse(orjson.dumps(side), "small.json") for side in sides)))

comparison.operations = timed("pair", comparison.operations)
comparison.pair = timed("pair", comparison.pair)
Prover.prove = timed("witness", Prover.prove)
gc.disable()
old, new = (timed("parse", read)(name) for name in sys.argv[1:])
found = timed("compare", diff)(old, new)
timed("report", text)(found)
spent["compare"] -= spent["pair"] + spent["witness"]
print(json.dumps({"seconds": spent, "changes": len(found.changes),
    "operations": found.old.operations + found.new.operations}))
"""


def cut(root: dict[str, Any], percent: int) -> dict[str, Any]:
    """The document with that share of its paths, the same in every release, and the components they reach."""
    if percent == 100:
        return root
    paths = {path: item for path, item in root["paths"].items() if zlib.crc32(path.encode()) % 100 < percent}
    kept: dict[str, Any] = {}
    todo: list[Any] = [paths]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            text = part.get("$ref")
            if isinstance(text, str) and text.startswith("#/components/"):
                section, name = (unquote(step) for step in text.split("/")[2:4])
                held = kept.setdefault(section, {})
                if name not in held:
                    held[name] = root["components"][section][name]
                    todo.append(held[name])
            todo.extend(part.values())
        elif isinstance(part, list):
            todo.extend(part)
    whole = root["components"]
    components = {
        section: {n: whole[section][n] for n in whole[section] if n in kept[section]}
        for section in whole
        if section in kept
    }
    return {**root, "paths": paths, "components": components}


def measured(paths: list[Path], runs: int) -> dict[str, Any]:
    """The least processor time of each phase, and what was compared."""
    command = [sys.executable, "-c", MEASURE, *map(str, paths)]
    results = [
        json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        for _ in range(runs)
    ]
    seconds = {phase: min(each["seconds"][phase] for each in results) for phase in PHASES}
    size = sum(path.stat().st_size for path in paths)
    counts = {key: results[0][key] for key in ("operations", "changes")}
    return {**counts, "bytes": size, "seconds": seconds, "total": sum(seconds.values())}


def run(sources: list[Path], runs: int) -> dict[int, dict[str, Any]]:
    """For each cut its size, the seconds of each phase, and the ratios to linear growth up to the whole."""
    roots = [orjson.loads(path.read_bytes()) for path in sources]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for percent in CUTS:
            paths = [Path(folder) / f"{percent}-{side}.json" for side in ("old", "new")]
            for root, path in zip(roots, paths, strict=True):
                path.write_bytes(orjson.dumps(cut(root, percent), option=orjson.OPT_INDENT_2))
            found[percent] = measured(paths, runs)
    whole = found[CUTS[-1]]
    for each in found.values():
        growth = whole["operations"] / each["operations"]
        each["to_linear"] = whole["total"] / each["total"] / growth
    return found


def held(found: dict[int, dict[str, Any]]) -> bool:
    """Whether the whole costs no more than it may."""
    return max(each["to_linear"] for each in found.values()) <= MOST


def told(found: dict[int, dict[str, Any]]) -> Iterator[str]:
    """The figures in lines."""
    phases = "".join(f"{phase:>9}" for phase in PHASES)
    yield f"{'paths':<8}{'MB':>6}{'operations':>12}{'changes':>9}{phases}    total  to linear"
    for percent, each in found.items():
        figures = "".join(f"{each['seconds'][phase]:>9.3f}" for phase in PHASES)
        yield (
            f"{percent:>3} %   {each['bytes'] / 1e6:>6.1f}{each['operations']:>12}{each['changes']:>9}"
            f"{figures}{each['total']:>9.3f}{each['to_linear']:>11.2f}"
        )
    worst = max(each["to_linear"] for each in found.values())
    yield f"worst {worst:.2f}, may be {MOST:g}: {'ok' if held(found) else 'OVER'}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="how often each is run (3)")
    parser.add_argument("--json", action="store_true", help="write the figures as JSON")
    options = parser.parse_args()
    found = run(contracts(), options.runs)
    print(json.dumps(found, indent=2) if options.json else "\n".join(told(found)))
    return 0 if held(found) else 1


if __name__ == "__main__":
    sys.exit(main())
