"""Random pairs of schemas: is what apiver says of them true?

    python benchmarks/fuzz.py [--pairs N] [--values N] [--seed N] [--jobs N] [--json]

Each pair is compared, and the answer is held against values that plain `jsonschema` judges on both sides.
Exit 1 where an answer is wrong; the pair is then printed, made small.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.compare.fuzzing.trial import SOUND, judged, random_case, reduced

_SHOWN = 40


def batch(seeds: range, values: int) -> dict[str, Any]:
    """Try the pairs of these seeds: counts, and for each failure what is needed to see it."""
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    failures = []
    for seed in seeds:
        random = Random(seed)
        case = random_case(random)
        found = judged(case, random, values)
        counts.update({"pairs": 1, "values": found.judged, found.effect: 1, "missed": found.missed})
        counts.update({"undeclared": found.detail.startswith("undeclared")})
        if found.effect == "risky":
            reasons.update({re.sub(r"'[^']*'|\d+", "…", each) for each in found.reasons})
        if found.outcome != SOUND:
            failures.append((seed, found.outcome))
    return {"counts": counts, "reasons": reasons, "failures": failures}


def told(seed: int, values: int) -> str:
    """A failure in small."""
    random = Random(seed)
    case = random_case(random)
    case, found = reduced(case, judged(case, random, values))
    sides = [("sender", case.sender), ("receiver", case.receiver)]
    said = [
        f"seed {seed}: {found.outcome} ({found.effect}) {found.detail}",
        f"  {case.direction} {found.value!r}",
    ]
    for name, contract in sides:
        used = {key: each for key, each in contract.components.items() if each != {}}
        said.append(
            f"  {name:<8} {json.dumps(contract.body)}"
            + (f"  with {json.dumps(used)}" if used else "")
            + (" (3.0)" if contract.legacy else "")
        )
    return "\n".join(said)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--values", type=int, default=40, help="values tried on each pair (40)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed: other seeds are other pairs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="write the counts as JSON")
    options = parser.parse_args()
    start = time.monotonic()
    first, last, step = options.seed, options.seed + options.pairs, 250
    parts = [range(at, min(at + step, last)) for at in range(first, last, step)]
    with ProcessPoolExecutor(options.jobs) as pool:
        results = list(pool.map(batch, parts, [options.values] * len(parts)))
    counts: Counter[str] = sum((each["counts"] for each in results), Counter())
    reasons: Counter[str] = sum((each["reasons"] for each in results), Counter())
    failures = list(chain.from_iterable(each["failures"] for each in results))
    outcomes = Counter(outcome for _, outcome in failures)
    if options.json:
        print(json.dumps({"counts": counts, "failures": failures, "undecided": reasons}, indent=2))
        return 1 if failures else 0
    for seed, _ in failures[:_SHOWN]:
        print(told(seed, options.values))
    print(f"{counts['pairs']} pairs, {counts['values']} values, {time.monotonic() - start:.0f} s")
    for outcome in ("unsound", "witness not confirmed", "crash"):
        print(f"  {outcome:<24} {outcomes[outcome]}")
    for effect in ("breaking", "risky", "compatible", "docs", "none"):
        print(f"  {effect:<24} {counts[effect]}")
    print(f"  risky, but a value showed it: {counts['missed']}")
    print(f"  proofs with undeclared members: {counts['undeclared']}")
    print("cannot decide, by reason")
    for reason, count in reasons.most_common(30):
        print(f"  {count:>6}  {reason}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
