"""The world in which a command reads contracts, and how much it works: `--profile` and `--budget`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def world_options(command: Command) -> Command:
    """Give a command the options `profile` and `budget` (pairs of schemas)."""
    profile = click.option(
        "--profile",
        type=click.Choice(["default", "strict", "tolerant"]),
        default="default",
        show_default=True,
        help="strict: undeclared members are sent too; tolerant: clients take unknown values and members.",
    )
    budget = click.option(
        "--budget",
        metavar="PAIRS",
        type=click.IntRange(min=1),
        default=500_000,
        show_default=True,
        help="Pairs of schemas to look at before the rest is left undecided.",
    )
    return profile(budget(command))
