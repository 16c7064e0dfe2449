"""What comparing two large contracts costs, beside what the parsers alone cost.

    python benchmarks/diff_github.py [--runs N] [--yaml] [--proofs] [--growth] [--json]

The contracts are two releases of GitHub's REST description (npm package @octokit/openapi), fetched once into
benchmarks/.cache. Every figure is the best of several runs, each in a process of its own; what counts are the
ratios, because both sides of each were measured on the same machine in the same minute.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import growth
import proofs
from github_contracts import contracts, run

# Runs a command; prints its wall time in seconds and its peak memory in megabytes.
MEASURE = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
wall = time.perf_counter() - start
unit = 1 if sys.platform == "darwin" else 1024
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / 1e6
print(json.dumps({"seconds": wall, "megabytes": peak, "exit": code}))
"""

PARSE_JSON = """
import sys, orjson
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        orjson.loads(file.read())
"""

PARSE_YAML = """
import sys, yaml
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        yaml.compose(file, Loader=yaml.CSafeLoader)
"""

READ = """
import gc, sys
gc.disable()
from apiver.contract.reader import read
for name in sys.argv[1:]:
    read(name)
"""

# The phases of a comparison in one process, without start-up; prints seconds.
PHASES = """
import gc, json, sys, time
gc.disable()
import apiver.compare.comparison
from apiver.compare import diff
from apiver.compare.proofs.witness import Prover
from apiver.contract.reader import read
from apiver.report.text import text

spent = {"read": 0.0, "pair and compare": 0.0, "witness": 0.0, "report": 0.0}
prove = Prover.prove
def timed(*arguments):
    start = time.perf_counter()
    try:
        return prove(*arguments)
    finally:
        spent["witness"] += time.perf_counter() - start
Prover.prove = timed
marks = [time.perf_counter()]
old, new = (read(name) for name in sys.argv[1:])
marks.append(time.perf_counter())
comparison = diff(old, new)
marks.append(time.perf_counter())
text(comparison)
marks.append(time.perf_counter())
spent["read"], both, spent["report"] = (after - before for before, after in zip(marks, marks[1:]))
spent["pair and compare"] = both - spent["witness"]
print(json.dumps({"seconds": spent, "changes": len(comparison.changes)}))
"""


class Row(NamedTuple):
    """One line of the table: what was measured, the figure, the most that it may be, and against what."""

    work: str
    figure: float
    limit: float
    unit: str
    detail: str

    @property
    def held(self) -> bool:
        """Whether the figure is within its limit."""
        return self.figure <= self.limit


def as_yaml(paths: list[Path]) -> list[Path]:
    """The same contracts as YAML, written by PyYAML once."""
    import yaml

    found = []
    for path in paths:
        written = path.with_suffix(".yaml")
        if not written.exists():
            with written.open("w", encoding="utf-8") as out:
                value = json.loads(path.read_bytes())
                yaml.dump(value, out, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
        found.append(written)
    return found


def python(code: str, *arguments: object) -> list[str]:
    """A bare interpreter that runs a piece of code."""
    return [sys.executable, "-c", code, *map(str, arguments)]


def apiver(*arguments: object) -> list[str]:
    """The command of this same installation."""
    return [sys.executable, "-m", "apiver", *map(str, arguments)]


def measured(commands: dict[str, list[str]], runs: int) -> dict[str, dict[str, Any]]:
    """The least time and memory of each command; they take turns, so that all see the same machine."""
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            results[name].append(json.loads(run(python(MEASURE, *command))))
    return {
        name: {key: min(one[key] for one in several) for key in ("seconds", "megabytes", "exit")}
        for name, several in results.items()
    }


def phases(paths: list[Path], runs: int) -> dict[str, Any]:
    """The least time of each phase of a comparison, within one process."""
    results = [json.loads(run(python(PHASES, *paths))) for _ in range(runs)]
    least = {name: min(one["seconds"][name] for one in results) for name in results[0]["seconds"]}
    return {"seconds": least, "changes": results[0]["changes"]}


def table(times: dict[str, dict[str, Any]]) -> list[Row]:
    """The figures against their limits."""

    def ratio(work: str, one: str, other: str, limit: float) -> Row:
        mine, theirs = times[one]["seconds"], times[other]["seconds"]
        return Row(work, mine / theirs, limit, "x", f"{mine:.3f} s against {theirs:.3f} s: {other}")

    rows = [
        ratio("apiver diff, JSON", "diff", "orjson alone", 4.0),
        Row("  peak memory", times["diff"]["megabytes"], 250.0, "MB", ""),
        ratio("  reading alone", "read", "orjson alone", 1.3),
        ratio("apiver --version", "version", "import click", 1.5),
    ]
    if "diff yaml" in times:
        rows += [
            ratio("apiver diff, YAML", "diff yaml", "PyYAML's C parser alone", 1.5),
            ratio("  reading alone", "read yaml", "PyYAML's C parser alone", 1.5),
        ]
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="how often each is run (5)")
    parser.add_argument("--yaml", action="store_true", help="the same contracts as YAML too (takes a minute)")
    parser.add_argument("--proofs", action="store_true", help="what `proofs.py` says, too")
    parser.add_argument("--growth", action="store_true", help="what `growth.py` says, too")
    parser.add_argument("--json", action="store_true", help="write the figures as JSON")
    options = parser.parse_args()
    paths = contracts()
    times = measured(
        {
            "orjson alone": python(PARSE_JSON, *paths),
            "read": python(READ, *paths),
            "diff": apiver("diff", *paths, "--fail-on", "none"),
            "import click": python("import click"),
            "version": apiver("--version"),
        },
        options.runs,
    )
    if options.yaml:
        others = as_yaml(paths)
        times |= measured(
            {
                "PyYAML's C parser alone": python(PARSE_YAML, *others),
                "read yaml": python(READ, *others),
                "diff yaml": apiver("diff", *others, "--fail-on", "none"),
            },
            max(options.runs // 2, 1),
        )
    parts = phases(paths, options.runs)
    rows = table(times)
    if options.json:
        limits = [row._asdict() | {"held": row.held} for row in rows]
        print(json.dumps({"times": times, "phases": parts, "table": limits}, indent=2))
        return 0
    for row in rows:
        figure, limit = f"{row.figure:.2f} {row.unit}", f"<= {row.limit:g} {row.unit}"
        print(f"{row.work:<20} {figure:>10}   {limit:<10} {'ok' if row.held else 'OVER':<5} {row.detail}")
    print(f"\n{parts['changes']} changes; seconds in one process:")
    for name, seconds in parts["seconds"].items():
        print(f"  {name:<18} {seconds:.3f}")
    if options.proofs:
        print("", *proofs.told(proofs.run(*paths)), sep="\n")
    if options.growth:
        print("", *growth.told(growth.run(paths, options.runs)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
