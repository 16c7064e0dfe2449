"""What `apiver record` costs: a suite of tests and bare requests, with and without it.

The runs take turns, and the least processor time of all counts, that of the children included.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

FIXTURES = Path(__file__).parents[1] / "fixtures"

BARE = """
import parcels
client = parcels.create_app().test_client()
for _ in range(4000):
    client.get("/api/v1/parcels?limit=1")
"""


def cpu(command: list[str], cwd: Path) -> float:
    """Seconds of processor time that a command and its children take."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(FIXTURES)}
    subprocess.run(
        command, cwd=cwd, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(command: list[str], cwd: Path, runs: int) -> dict[str, float]:
    """The least seconds of a command as it is and recorded, and their ratio."""
    plain, recorded = [], []
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder, "traffic.json"))
        recording = [sys.executable, "-m", "apiver", "record", "--fresh", "--output", output, "--", *command]
        for _ in range(runs):
            plain.append(cpu(command, cwd))
            recorded.append(cpu(recording, cwd))
    return {
        "plain": round(min(plain), 3),
        "recorded": round(min(recorded), 3),
        "ratio": round(min(recorded) / min(plain), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    suite = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "bookshop/tests/test_books.py"]
    found = {
        "the bookshop's tests of books": measured(suite, FIXTURES, options.runs),
        "4,000 bare requests": measured([sys.executable, "-c", BARE], FIXTURES / "traffic", options.runs),
    }
    if options.json:
        print(json.dumps(found, indent=2))
        return
    for name, figures in found.items():
        plain, recorded = figures["plain"], figures["recorded"]
        print(f"{name:32} {plain:7.2f} s   recorded {recorded:7.2f} s   x {figures['ratio']:.2f}")


if __name__ == "__main__":
    main()
