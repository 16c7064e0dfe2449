"""`apiver diff`: what changed between two contracts, and whether that fails a build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from apiver.cli import terminal, write_result
from apiver.cli.collector import without_collector
from apiver.cli.days import day_options
from apiver.cli.progress import progress
from apiver.cli.reach import reach_options
from apiver.cli.sides import Sides
from apiver.cli.worlds import world_options
from apiver.errors import FINDING, OK, UsageError
from apiver.report.formats import FORMATS, Wish, written

if TYPE_CHECKING:
    from datetime import date

    from apiver.compare.change import Comparison
    from apiver.compare.schemas.world import Profile

# For each level, the effects that are at or above it.
_LEVELS = {
    "breaking": ("breaking",),
    "risky": ("breaking", "risky"),
    "any": ("breaking", "risky", "compatible", "docs"),
    "none": (),
}


@click.command(
    epilog="\b\nExamples:\n"
    "  apiver --app shop diff v1 v2\n"
    "  apiver --app shop diff contracts/v1.json v1     the code against what was released\n"
    "  apiver --app shop diff v1@main v1               the code against that of a git revision\n"
    "  apiver diff main:specs/v1.yaml specs/v1.yaml\n"
    "  apiver diff https://api.example.com/openapi.json specs/ --allow-network\n"
    "  apiver diff old.yaml new.yaml --fail-on risky --format markdown --output comment.md\n"
    "  apiver diff old.yaml new.yaml --docs --format html --output comparison.html\n"
    "  apiver diff old.yaml new.yaml --format github   annotations; see also sarif, junit, gitlab\n"
    "\n\b\n"
    "Ends with 1 where there is a change at or above --fail-on, with 2 for a wrong call,\n"
    "3 where the app does not load, 4 where a file cannot be read or written."
)
@click.argument("old")
@click.argument("new")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How the result is written.",
)
@click.option("--output", metavar="FILE", help="Write to a file instead of standard output.")
@click.option(
    "--fail-on",
    type=click.Choice(list(_LEVELS)),
    default="breaking",
    show_default=True,
    help="The mildest change that ends the command with 1.",
)
@click.option(
    "--all", "everything", is_flag=True, help="List compatible changes and what could not be compared too."
)
@click.option("--docs", is_flag=True, help="List what differs in descriptions, examples and other words too.")
@click.option("--explain", is_flag=True, help="Say of every change which steps led to it.")
@world_options
@day_options
@reach_options
@click.pass_context
def diff(
    ctx: click.Context,
    old: str,
    new: str,
    form: str,
    output: str | None,
    fail_on: str,
    everything: bool,
    docs: bool,
    explain: bool,
    today: date,
    notice: int,
    budget: int,
    profile: Profile,
) -> None:
    """Say what changed from OLD to NEW, with proof of what breaks.

    OLD and NEW are versions of the app (v1), also at a git revision (v1@main), or contracts in JSON or YAML
    (OpenAPI 3, Swagger 2.0): files, directories, patterns ('specs/*.yaml'), files of a git revision
    (main:specs/v1.yaml), URLs, or - for standard input.
    """
    outside_of(output, old, new)
    from apiver.compare.change import Effect

    with without_collector():
        comparison = _compared(
            ctx,
            old,
            new,
            today=today,
            notice=notice,
            docs=docs,
            explain=explain,
            budget=budget,
            profile=profile,
        )
        effects = frozenset(map(Effect, _LEVELS[fail_on]))
        failing = sum(change.effect in effects for change in comparison.changes)
        width, color = terminal() if output is None else (None, False)
        wish = Wish(everything, docs, effects, _verdict(failing, fail_on), width, color)
        write_result(written(comparison, form, wish), output)
    ctx.exit(FINDING if failing else OK)


def _compared(ctx: click.Context, old: str, new: str, **wishes: Any) -> Comparison:
    from apiver.compare import diff as compare

    with progress(f"comparing {old} with {new}"):
        return compare(*Sides(ctx).both(old, new), **wishes)


def _verdict(failing: int, fail_on: str) -> str:
    if fail_on == "none":
        return "exit 0: --fail-on none"
    if not failing:
        return f"exit 0: nothing is {'changed' if fail_on == 'any' else fail_on} (--fail-on {fail_on})"
    one = {"breaking": "breaking change", "risky": "change that breaks or may break", "any": "change"}[
        fail_on
    ]
    several = {"breaking": "breaking changes", "risky": "changes that break or may break", "any": "changes"}
    return f"exit 1: {failing} {one if failing == 1 else several[fail_on]} (--fail-on {fail_on})"


def outside_of(output: str | None, *sides: str) -> None:
    """Raise UsageError where the file to write is one of those to compare."""
    if output is not None and Path(output).exists() and any(_is_same(output, side) for side in sides):
        raise UsageError(
            f"{output} is one of the contracts to compare", remedy="name another file with  --output"
        )


def _is_same(output: str, side: str) -> bool:
    return Path(side).exists() and Path(output).samefile(side)
