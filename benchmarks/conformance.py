"""What oasdiff calls an error and apiver calls neither breaking nor risky.

    python benchmarks/conformance.py PAIRS.jsonl [--json]

Each line is a pair with `oasdiff`: a list of [level, rule, method, path].
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from pairs import ERROR, compared, pairs, worst

ALARMS = ("breaking", "risky")


def run(path: Path) -> dict[str, Any]:
    """Compare every pair; how often the two agree, and the pairs on which they do not, by oasdiff's rule."""
    counts: Counter[str] = Counter()
    quiet, loud, errors = [], [], []
    for pair in pairs(path):
        result = compared(pair)
        got = worst(result)
        levels = {finding[0] for finding in pair["oasdiff"]}
        counts["pairs"] += 1
        counts["oasdiff_error"] += "error" in levels
        if got == ERROR:
            errors.append({"id": pair["id"], "because": result})
        elif "error" in levels:
            counts["same_alarm"] += got in ALARMS
            counts["proved"] += got == "breaking"
            if got not in ALARMS:
                rules = sorted({finding[1] for finding in pair["oasdiff"] if finding[0] == "error"})
                quiet.append({"id": pair["id"], "got": got, "oasdiff": rules})
        elif got == "breaking":
            assert not isinstance(result, str)
            rules = sorted({change.rule for change in result.changes if change.effect.value == "breaking"})
            loud.append(
                {"id": pair["id"], "apiver": rules, "oasdiff": sorted({f[1] for f in pair["oasdiff"]})}
            )
    return {**counts, "quiet": quiet, "loud": loud, "errors": errors}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path, help="the pairs, a JSON object a line")
    parser.add_argument("--json", action="store_true", help="write the result as JSON")
    options = parser.parse_args()
    result = run(options.path)
    if options.json:
        print(json.dumps(result, indent=2))
        return 0
    print("oasdiff: error, apiver: neither breaking nor risky")
    for each in result["quiet"]:
        print(f"  {each['id']:<60} {each['got']:<11} {', '.join(each['oasdiff'])}")
    print("apiver: breaking, oasdiff: no error")
    for each in result["loud"]:
        print(f"  {each['id']:<60} {', '.join(each['apiver'])}  ({', '.join(each['oasdiff'])})")
    print("not compared")
    for each in result["errors"]:
        print(f"  {each['id']:<60} {each['because'][:100]}")
    risky = result["same_alarm"] - result["proved"]
    print(f"{result['pairs']} pairs, {len(result['errors'])} of them not compared")
    print(f"oasdiff has an error in {result['oasdiff_error']}: of these apiver calls")
    print(f"  {result['proved']} breaking, {risky} risky, {len(result['quiet'])} neither")
    print(f"{len(result['loud'])} breaking for apiver alone")
    return 0


if __name__ == "__main__":
    sys.exit(main())
