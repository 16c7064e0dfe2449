"""`apiver record`: observe the Flask apps below a command, and keep the shapes of what passes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from apiver.cli import settings_of, write_result
from apiver.errors import InputError, UsageError

if TYPE_CHECKING:
    from apiver.recording.store import Tally


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog="\b\nExample:\n  apiver record -- pytest\n"
    "  apiver record -- pytest -n 4 tests/api\n"
    "  apiver record --fresh -- flask --app shop run",
)
@click.option(
    "--output",
    metavar="FILE",
    default=".apiver/traffic.json",
    show_default=True,
    help="Where the shapes are kept; what is there already is added to.",
)
@click.option("--fresh", is_flag=True, help="Begin anew: forget what was recorded before.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def record(ctx: click.Context, output: str, fresh: bool, command: tuple[str, ...]) -> None:
    """Run COMMAND and record what the Flask apps in it are asked and answer.

    Only shapes are kept: names that the code itself spells, types, formats, statuses, media types; never
    a value.
    The exit code is that of COMMAND.
    """
    import tempfile

    from apiver.recording.journal import read_journal
    from apiver.recording.running import run
    from apiver.recording.store import collect, joined, read_store, written

    if not command:
        raise UsageError("record needs a command to run", remedy="apiver record -- pytest")
    path = Path(output)
    if path.exists() and not fresh:
        read_store(path)  # what is wrong with it is said before the command takes its time
    made = _make_folder(path.parent)
    with tempfile.TemporaryDirectory(prefix="apiver-") as folder:
        code = run(command, Path(folder), _selection(ctx))
        journals = sorted(Path(folder).glob("*.journal"))
        store, tally = collect(entry for journal in journals for entry in read_journal(journal))
    if tally.requests or fresh:
        with _alone(path.parent):
            if path.exists() and not fresh:
                store = joined(read_store(path), store)
            write_result(written(store), str(path))
    elif made:
        path.parent.rmdir()
    _tell(tally, output)
    ctx.exit(code)


def _selection(ctx: click.Context) -> str:
    """How requests say which version they want, by the manifest, for the processes that are observed."""
    from apiver.manifest.selector import spelled
    from apiver.recording.selection import Selection

    settings = settings_of(ctx)
    if settings.selector is None or not settings.versions:
        return ""
    selector, labels = settings.selector, [version.label for version in settings.versions]
    ways = [(way.location, way.name, way.template) for way in selector.ways]
    if selector.path is not None:
        ways.insert(0, ("path", "", selector.path))
    return Selection(
        tuple(
            (location, name, {spelled(template, label): label for label in labels})
            for location, name, template in ways
        ),
        selector.default,
    ).written()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other recordings that end at the same time from writing to the folder meanwhile."""
    try:
        import fcntl
    except ImportError:  # where there is no such lock the last one to write wins
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _make_folder(folder: Path) -> bool:
    """Make the folder while the command can still be called off; whether it was not there yet."""
    try:
        if folder.is_dir():
            return False
        folder.mkdir(parents=True)
        return True
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror}", where=str(folder)) from None


def _tell(tally: Tally, output: str) -> None:
    """Say on stderr what was recorded; stdout belongs to the command."""
    if not tally.requests and not tally.unseen:
        click.echo("recorded nothing: no Flask app answered a request below this command", err=True)
        click.echo(
            "  a process that starts with an environment of its own (tox, env -i, python -I) is not seen",
            err=True,
        )
        return
    click.echo(
        f"recorded {_many(tally.requests, 'request')} on {tally.operations}"
        f" of {_many(tally.known, 'operation')} in {output}",
        err=True,
    )
    if tally.unrouted:
        click.echo(f"  {_many(tally.unrouted, 'request')} met no route", err=True)
    if tally.raised:
        click.echo(f"  {_many(tally.raised, 'request')} ended in an exception", err=True)
    for why, times in tally.unseen:
        click.echo(f"  {_many(times, 'request')} could not be observed: {why}", err=True)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
