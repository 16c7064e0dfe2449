"""How much of the contracts of public apps is known, and operations drawn by lot to be judged by reading.

    python benchmarks/public_apps.py NAME:PYTHON:MANIFEST ... [--draw 30] [--seed 1] [--json]

Each app is exported by the Python of its own environment, in which apiver is installed, with a manifest that
says how it is loaded; the manifests of the figures in README.md are beside this file. Shown for each app,
and for all of them: the operations of all its versions, the share with a response schema, the share
of bodies that have a schema, the share known completely, and the reasons of what is not, by how many
operations each reaches. `--draw` prints that many operations of all apps instead, chosen at random by
`--seed`, each with its whole contract, for a person to hold against the code.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[1]


class App(NamedTuple):
    """A public app, the Python that can import it, and the manifest that says how."""

    name: str
    python: str
    manifest: Path

    def apiver(self, *arguments: str) -> str:
        """What a command of apiver, this one and not the installed one, writes to stdout."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        load = ["--load-timeout", "120"]
        command = [self.python, "-m", "apiver", *load, "--manifest", str(self.manifest), *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{self.name}: {done.stderr.strip()}")
        return done.stdout


class Figures(NamedTuple):
    """The counts of one app or of several: what DESIGN calls operations, bodies and reasons."""

    operations: int = 0
    answered: int = 0
    complete: int = 0
    bodies: int = 0
    described: int = 0
    reasons: Counter[str] = Counter()  # noqa: RUF012 - never changed

    def and_of(self, account: dict[str, Any]) -> Figures:
        """These and what `apiver export --explain --format json` says of one version."""
        found = Counter({reason["title"]: len(reason["operations"]) for reason in account["reasons"]})
        return Figures(
            self.operations + account["operations"],
            self.answered + account["answered"],
            self.complete + account["complete"],
            self.bodies + account["bodies"]["read"],
            self.described + account["bodies"]["described"],
            self.reasons + found,
        )


def figures(app: App) -> Figures:
    """The counts of all versions of an app."""
    total = Figures()
    for account in json.loads(app.apiver("export", "--all", "--explain", "--format", "json")).values():
        total = total.and_of(account)
    return total


def drawn(apps: list[App], number: int, seed: int) -> list[tuple[str, str, str, Any, Any]]:
    """Operations chosen at random: app, method, path, the operation, and the components of its contract."""
    found = []
    for app in apps:
        for version in json.loads(app.apiver("inspect", "--format", "json"))["versions"]:
            root = json.loads(app.apiver("export", version["name"], "--format", "json"))
            for path, item in root["paths"].items():
                for method, operation in item.items():
                    found.append((app.name, method.upper(), path, operation, root.get("components", {})))
    return random.Random(seed).sample(found, min(number, len(found)))


def referred(value: Any, components: Any, found: dict[str, Any]) -> dict[str, Any]:
    """The schemas that a part refers to, by name, and those that they refer to."""
    if isinstance(value, dict):
        name = str(value.get("$ref", "")).rpartition("/")[2]
        if name in components.get("schemas", {}) and name not in found:
            found[name] = components["schemas"][name]
            referred(found[name], components, found)
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        referred(part, components, found)
    return found


def share(part: int, whole: int) -> str:
    return f"{part:>4} ({part / whole:4.0%})" if whole else f"{part:>4}       "


def table(name: str, found: Figures) -> str:
    """One line of figures."""
    return (
        f"{name:<18} {found.operations:>5} operations   answered {share(found.answered, found.operations)}"
        f"   bodies described {found.described:>3} of {found.bodies:<3}"
        f"   complete {share(found.complete, found.operations)}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("apps", nargs="+", metavar="NAME:PYTHON:MANIFEST")
    parser.add_argument("--draw", type=int, metavar="N", help="print N operations instead of figures")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="write the figures as JSON")
    options = parser.parse_args()
    apps = [
        App(name, python, Path(manifest))
        for name, python, manifest in (one.split(":") for one in options.apps)
    ]
    if options.draw:
        for number, (name, method, path, operation, components) in enumerate(
            drawn(apps, options.draw, options.seed), 1
        ):
            print(f"--- {number}. {name}: {method} {path}")
            shown = {"operation": operation, "schemas": referred(operation, components, {})}
            print(yaml.safe_dump(shown, sort_keys=False, width=110))
        return 0
    each = {app.name: figures(app) for app in apps}
    total = Figures(*(sum(column) for column in list(zip(*each.values(), strict=True))[:-1]))
    total = total._replace(reasons=sum((one.reasons for one in each.values()), Counter()))
    if options.json:
        print(json.dumps({name: one._asdict() for name, one in {**each, "all": total}.items()}, indent=2))
        return 0
    for name, one in {**each, "all": total}.items():
        print(table(name, one))
    print("\noperations in which a part is not known, by reason:")
    for reason, operations in total.reasons.most_common():
        print(f"  {operations:>4} ({operations / total.operations:4.0%})  {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
