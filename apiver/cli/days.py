"""By which days a command judges what contracts announce: `--today` and `--notice`."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def day_options(command: Command) -> Command:
    """Give a command the options `today` (a date) and `notice` (days).

    Today is the current day in UTC; SOURCE_DATE_EPOCH, where it is set, says another one, as in reproducible
    builds.
    """
    today = click.option(
        "--today",
        metavar="DATE",
        type=click.DateTime(["%Y-%m-%d"]),
        callback=_today,
        help="The day by which sunsets are past or to come; without it, today.",
    )
    notice = click.option(
        "--notice",
        metavar="DAYS",
        type=click.IntRange(min=0, max=36500),
        default=0,
        help="Days that there must be between a deprecation and its sunset.",
    )
    return today(notice(command))


def _today(ctx: click.Context, parameter: click.Parameter, given: datetime | None) -> date:
    if given is not None:
        return given.date()
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(timezone.utc).date()
    try:
        return datetime.fromtimestamp(int(epoch), timezone.utc).date()
    except (ValueError, OverflowError, OSError):
        raise click.UsageError(f"SOURCE_DATE_EPOCH is no number of seconds: {epoch}") from None
