"""`apiver changelog`: what changed between two contracts, in words for the people who call the API."""

from __future__ import annotations

from datetime import date as day
from datetime import datetime
from typing import TYPE_CHECKING

import click

from apiver.cli import terminal, write_result
from apiver.cli.collector import without_collector
from apiver.cli.diff import outside_of
from apiver.cli.progress import progress
from apiver.cli.reach import reach_options
from apiver.cli.sides import Sides
from apiver.report.changelog import FORMATS, written

if TYPE_CHECKING:
    from apiver.compare.change import OperationRef
    from apiver.contract.document import Document


@click.command(
    epilog="\b\nExamples:\n"
    "  apiver --app shop changelog v1 v2\n"
    "  apiver changelog v1.yaml v2.yaml --format markdown --date 2026-05-20 --output v2.md\n"
    "  apiver changelog old.yaml new.yaml --format html --docs --output changes.html\n"
)
@click.argument("old")
@click.argument("new")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How the changelog is written.",
)
@click.option("--output", metavar="FILE", help="Write to a file instead of standard output.")
@click.option(
    "--date",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the release; without it none is shown.",
)
@click.option("--docs", is_flag=True, help="Tell of changed descriptions and examples too.")
@reach_options
@click.pass_context
def changelog(
    ctx: click.Context, old: str, new: str, form: str, output: str | None, date: datetime | None, docs: bool
) -> None:
    """Tell clients what is new, changed, deprecated and gone from OLD to NEW, and how to move.

    OLD and NEW are what `apiver diff` takes: versions of the app (v1, v1@main), files, directories, git
    revisions (main:v1.yaml), URLs, or - for standard input. An arrow leads to what a client does about a
    change; `apiver diff` has the proofs.
    """
    from apiver.compare import diff
    from apiver.report.changelog.release import release

    outside_of(output, old, new)
    released: day | None = date.date() if date else None
    with without_collector():
        with progress(f"comparing {old} with {new}"):
            before, after = Sides(ctx).both(old, new)
            comparison = diff(before, after, today=released, docs=docs)
        told = release(comparison, date=released.isoformat() if released else "", about=_about(after))
        width, color = terminal() if output is None else (None, False)
        write_result(written(told, form, width=width, color=color), output)


def _about(document: Document) -> dict[OperationRef, str]:
    """What each operation says of itself in a line."""
    from apiver.compare.sides.space import Space
    from apiver.compare.sides.surface import operations

    found = operations(Space(document))
    said = {operation.ref: operation.node.raw.get("summary") for operation in found}
    return {ref: summary for ref, summary in said.items() if isinstance(summary, str)}
