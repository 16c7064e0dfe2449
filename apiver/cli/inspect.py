"""`apiver inspect`: the URL map of the app, by version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from apiver.cli import inventory_of, write_result

if TYPE_CHECKING:
    from apiver.inventory import Inventory


@click.command(
    epilog="\b\nExample:\n  apiver --app shop inspect\n  apiver --app shop inspect --version-of v1"
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How the result is written.",
)
@click.option("--version-of", metavar="VERSION", help="Show this version alone.")
@click.option("--output", metavar="FILE", help="Write to a file instead of standard output.")
@click.pass_context
def inspect(ctx: click.Context, form: str, version_of: str | None, output: str | None) -> None:
    """Show the routes of the app by version: method, path, endpoint, and where the view stands."""
    inventory = inventory_of(ctx)
    if version_of is not None:
        inventory = inventory.only(inventory.version(version_of))
    write_result(_written(inventory, form, to_terminal=output is None), output)


def _written(inventory: Inventory, form: str, *, to_terminal: bool) -> str:
    from apiver.report import inventory as report

    if form == "json":
        return report.json(inventory)
    if form == "markdown":
        return report.markdown(inventory)
    from apiver.cli import terminal

    width, color = terminal() if to_terminal else (None, False)
    return report.text(inventory, width=width, color=color)
