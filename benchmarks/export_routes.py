"""What `apiver export` costs on a large app, beside what importing that app costs.

    python benchmarks/export_routes.py [--runs N] [--routes N] [--json]

The app is made by `large_app.py`: 1,000 routes, and the same with a half and a quarter of them. Held against
a limit are two ratios of one run: the export of the whole app to importing it and listing its URL map (at
most 3), and the growth of the export's time over the growth of the routes (at most 1.5; 1.0 is linear).
Exit 1 where one of them is over.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import large_app
from diff_github import Row, python
from github_contracts import run

MOST = 3.0
MOST_GROWTH = 1.5
PARTS = (25, 50, 100)

# Runs a command in a folder; prints the processor time of it and its peak memory in megabytes. What it waits
# for on a busy machine does not count.
MEASURE = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
assert done.returncode == 0, done.stderr
used = resource.getrusage(resource.RUSAGE_CHILDREN)
peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
print(json.dumps({"seconds": used.ru_utime + used.ru_stime, "megabytes": peak}))
"""

IMPORT = """
from large_app import create_app
for rule in create_app().url_map.iter_rules():
    print(rule, rule.methods, rule.endpoint)
"""

# The phases of an export in one process; prints processor seconds.
PHASES = """
import gc, json, sys, time
marks = [("", time.process_time())]
def done(phase):
    marks.append((phase, time.process_time()))
import apiver
from apiver.contract.validate import problems
from apiver.contract.writing import as_yaml
from apiver.reading import contract
import openapi_spec_validator.shortcuts
done("start up")
app = apiver.load_app("large_app:create_app()")
done("load the app")
inventory = apiver.inspect(app)
done("list the routes")
document = contract(inventory, "v1")
done("read the views")
assert problems(document.root) == ()
done("validate")
as_yaml(document.root)
done("write")
print(json.dumps({phase: end - start for (_, start), (phase, end) in zip(marks, marks[1:])}))
"""


def measured(folders: dict[int, Path], runs: int) -> dict[str, dict[str, Any]]:
    """The least time and memory of importing the whole app and of exporting each; they take turns."""
    whole = folders[PARTS[-1]]
    export = [sys.executable, "-m", "apiver", "--app", "large_app:create_app()", "export", "v1"]
    commands = {"import": (whole, python(IMPORT))}
    commands |= {f"export {part}": (folder, export) for part, folder in folders.items()}
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, (folder, command) in commands.items():
            results[name].append(json.loads(run(python(MEASURE, *command), folder)))
    return {
        name: {key: min(one[key] for one in several) for key in ("seconds", "megabytes")}
        for name, several in results.items()
    }


def table(times: dict[str, dict[str, Any]]) -> list[Row]:
    """The figures against their limits."""
    alone, whole = times["import"]["seconds"], times[f"export {PARTS[-1]}"]["seconds"]
    rows = [
        Row("apiver export", whole / alone, MOST, "x", f"{whole:.2f} s against {alone:.2f} s: import alone")
    ]
    for part in PARTS[:-1]:
        seconds = times[f"export {part}"]["seconds"]
        growth = (whole / seconds) / (PARTS[-1] / part)
        detail = f"{whole:.2f} s against {seconds:.2f} s, {PARTS[-1] / part:g} times the routes"
        rows.append(Row(f"  growth from {part} %", growth, MOST_GROWTH, "x", detail))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="how often each is run (5)")
    parser.add_argument("--routes", type=int, default=1000, help="the routes of the whole app (1000)")
    parser.add_argument("--json", action="store_true", help="write the figures as JSON")
    options = parser.parse_args()
    # Without compiled files on disk every process would compile the app and the libraries anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as temporary:
        folders = {part: Path(temporary) / str(part) for part in PARTS}
        step = large_app.ROUTES_PER_RESOURCE
        for part, folder in folders.items():
            large_app.write(folder, options.routes * part // 100 // step * step)
            run(python(IMPORT), folder)
        times = measured(folders, options.runs)
        phases = json.loads(run(python(PHASES), folders[PARTS[-1]]))
    rows = table(times)
    if options.json:
        limits = [row._asdict() | {"held": row.held} for row in rows]
        print(json.dumps({"times": times, "phases": phases, "table": limits}, indent=2))
    else:
        for row in rows:
            figure, limit = f"{row.figure:.2f} {row.unit}", f"<= {row.limit:g} {row.unit}"
            print(f"{row.work:<20} {figure:>10}   {limit:<10} {'ok' if row.held else 'OVER':<5} {row.detail}")
        print("\nprocessor seconds in one process:")
        for name, seconds in phases.items():
            print(f"  {name:<18} {seconds:.3f}")
    return 0 if all(row.held for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
