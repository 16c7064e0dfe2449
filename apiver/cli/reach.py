"""The options that say how far the documents of a command may reach: into the network, and to other files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from apiver.contract.location import Reach

_KEY = "apiver.reach"
Command = TypeVar("Command", bound=Callable[..., Any])


def _keep(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    ctx.meta[_KEY] = reach_of(ctx)._replace(**{str(parameter.name): value})


def reach_options(command: Command) -> Command:
    """Give a command the options; `reach_of` has what they were set to."""
    for option in (
        click.option(
            "--ref-root",
            "root",
            metavar="DIR",
            type=click.Path(exists=True, file_okay=False),
            help="The directory that $refs to files stay in. Without it: the working directory, or "
            "that of the document where it lies elsewhere.",
            callback=_keep,
            expose_value=False,
        ),
        click.option(
            "--allow-private-network",
            "private",
            is_flag=True,
            help="With --allow-network: addresses of this machine and its network too.",
            callback=_keep,
            expose_value=False,
        ),
        click.option(
            "--allow-network",
            "network",
            is_flag=True,
            help="Read URLs, also where a $ref leads to one.",
            callback=_keep,
            expose_value=False,
        ),
    ):
        command = option(command)
    return command


def reach_of(ctx: click.Context) -> Reach:
    """How far the documents of this call may reach: by themselves not into the network."""
    reach: Reach = ctx.meta.get(_KEY, Reach())
    return reach
