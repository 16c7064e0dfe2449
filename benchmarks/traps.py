"""The score on contract pairs of which the right answer is known.

    python benchmarks/traps.py TRAPS.jsonl [--json]

Each line is a pair with `accept`: the effects that may be the worst one that is reported.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pairs import ERROR, compared, pairs, worst


def run(path: Path) -> dict[str, Any]:
    """Compare every pair; the score, the misses, and how many safe pairs were called breaking."""
    total, misses, safe, called_breaking, missed_breaking = 0, [], 0, 0, 0
    for pair in pairs(path):
        total += 1
        result = compared(pair)
        got = worst(result)
        harmless = "breaking" not in pair["accept"]
        safe += harmless
        if got in pair["accept"]:
            continue
        called_breaking += harmless and got == "breaking"
        missed_breaking += pair["accept"] == ["breaking"]
        why = result if isinstance(result, str) else "; ".join(change.rule for change in result.changes[:3])
        misses.append({"id": pair["id"], "got": got, "want": pair["accept"], "because": why})
    return {
        "pairs": total,
        "right": total - len(misses),
        "safe": safe,
        "safe_called_breaking": called_breaking,
        "breaking_missed": missed_breaking,
        "errors": sum(miss["got"] == ERROR for miss in misses),
        "misses": misses,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path, help="the corpus, a JSON object a line")
    parser.add_argument("--json", action="store_true", help="write the result as JSON")
    options = parser.parse_args()
    result = run(options.path)
    if options.json:
        print(json.dumps(result, indent=2))
        return 0
    for miss in result["misses"]:
        print(f"{miss['id']:<52} got {miss['got']:<11} want {' | '.join(miss['want'])}")
        if miss["because"]:
            print(f"    {miss['because'][:140]}")
    print(f"{result['right']} of {result['pairs']} right")
    print(f"{result['safe_called_breaking']} of {result['safe']} safe pairs called breaking")
    print(f"{result['breaking_missed']} breaking pairs missed, {result['errors']} errors")
    return 0


if __name__ == "__main__":
    sys.exit(main())
