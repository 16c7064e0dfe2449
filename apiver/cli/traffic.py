"""The recorded traffic that a command reads contracts with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from apiver.cli import MANIFEST, options_of

if TYPE_CHECKING:
    from apiver.reading.traffic.observations import Observations

NONE = "none"


def traffic_of(ctx: click.Context) -> Observations | None:
    """What was recorded of the app: in the file that --traffic names, else in that of this folder, or beside
    the manifest.

    None where nothing is there, or `--traffic none` says so. Raises InputError where it cannot be read.
    """
    from apiver.reading.traffic.observations import Observations
    from apiver.recording.store import STORE, read_store

    options = options_of(ctx)
    if options.traffic == NONE:
        return None
    if options.traffic is not None:
        return Observations(read_store(Path(options.traffic))["apps"])
    for folder in (Path(), Path(options.manifest or MANIFEST).parent):
        if (folder / STORE).is_file():
            return Observations(read_store(folder / STORE)["apps"])
    return None
