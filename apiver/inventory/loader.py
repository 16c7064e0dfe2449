"""Loading the user's app, without letting it touch ours: from an import string to a Flask object."""

from __future__ import annotations

import os
import runpy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.cli import load_dotenv
from flask.helpers import get_load_dotenv

from apiver.errors import AppLoadError
from apiver.inventory import target as targets
from apiver.inventory.deadline import deadline
from apiver.inventory.failure import explain
from apiver.inventory.frames import Spot, place, users_spot
from apiver.inventory.mounts import flask_apps
from apiver.inventory.surroundings import (
    bare_command_line,
    environment,
    folder,
    stdout_on_stderr,
    threads_that_end,
)
from apiver.inventory.target import Target
from apiver.manifest import AppSettings


@dataclass(frozen=True, slots=True)
class LoadedApp:
    """A loaded app.

    `name` is what the user calls it (`bookshop:create_app()`). `mounts` holds further Flask apps by URL
    prefix; `prefix` is that of `app` itself ('' for the root). `import_path` is the module or file that was
    imported, `settings` what the manifest says.
    """

    app: Flask
    name: str
    mounts: tuple[tuple[str, Flask], ...] = ()
    import_path: str = ""
    prefix: str = ""
    settings: AppSettings = field(default_factory=AppSettings)

    @property
    def title(self) -> str | None:
        """The name of its API, where the manifest gives one."""
        return self.settings.title


def load_app(
    import_name: str | None = None, *, settings: AppSettings | None = None, timeout: float = 30.0
) -> LoadedApp:
    """Load a Flask app by Flask's own rules.

    The app is the first of: `import_name`, the one that `settings` name, `FLASK_APP` (from the
    environment, `.env` or `.flaskenv`), `wsgi.py`, `app.py`. `settings` also give the folder, the
    environment and the script to run first; their arguments belong to the factory that they name.
    What the app prints meanwhile goes to stderr. `timeout` is in seconds, 0 for none.

    Raises AppLoadError for every way in which this can fail.
    """
    settings = settings or AppSettings()
    here = Path.cwd()
    with folder(settings.cwd), environment(settings.env), _undisturbed():
        if get_load_dotenv():
            load_dotenv()
        target = _target(import_name, settings)
        return _guarded(lambda: _load(target, settings), str(target), here, timeout)


def load_with(
    create_app: Callable[[], Flask], name: str, *, settings: AppSettings | None = None, timeout: float = 30.0
) -> LoadedApp:
    """Have `create_app` make the app, under the same guard: for a command line that already knows how."""
    with environment({}), _undisturbed():
        return _guarded(lambda: _loaded(create_app(), name, "", settings), name, Path.cwd(), timeout)


@contextmanager
def _undisturbed() -> Iterator[None]:
    with stdout_on_stderr(), bare_command_line(), threads_that_end():
        yield


def _target(import_name: str | None, settings: AppSettings) -> Target:
    if import_name:
        return targets.parse(import_name)
    if settings.import_name:
        target = targets.parse(settings.import_name)
        if not settings.args and not settings.kwargs:
            return target
        if target.args or target.kwargs:
            raise AppLoadError(
                "the factory's arguments are given twice: in the import string and as args",
                where=settings.where,
                remedy="keep one of the two",
            )
        return Target(target.module, target.name, settings.args, settings.kwargs, called=True)
    if os.environ.get("FLASK_APP"):
        return targets.parse(os.environ["FLASK_APP"])
    return targets.conventional()


def _guarded(load: Callable[[], LoadedApp], name: str, here: Path, timeout: float) -> LoadedApp:
    """What `load` returns; whatever goes wrong in it as an AppLoadError, places relative to `here`."""

    def hang(spots: list[Spot]) -> AppLoadError:
        error = AppLoadError(
            f"{name} was still loading after {timeout:g} seconds",
            where=place(users_spot(spots)),
            remedy="it waits there; if it only needs more time, give it more:  --load-timeout 120",
        )
        return _seen_from(here, error)

    try:
        with deadline(timeout, hang):
            return load()
    except KeyboardInterrupt:
        raise
    except AppLoadError as error:
        raise _seen_from(here, error) from None
    except BaseException as error:
        raise _seen_from(here, explain(error, name)) from error


def _seen_from(here: Path, error: AppLoadError) -> AppLoadError:
    if error.where:
        error.where = error.where.removeprefix(f"{here}{os.sep}")
    return error


def _load(target: Target, settings: AppSettings) -> LoadedApp:
    if settings.preload is not None:
        if not Path(settings.preload).is_file():
            raise AppLoadError(
                f"the script to preload, {settings.preload}, is not there",
                where=settings.where,
                remedy=f"it is looked for in {Path.cwd()}",
            )
        runpy.run_path(settings.preload, run_name="__preload__")
    module = targets.import_module(target)
    return _loaded(targets.find(module, target), str(target), module.__name__, settings)


def _loaded(wsgi: object, name: str, import_path: str, settings: AppSettings | None) -> LoadedApp:
    (prefix, app), *mounts = flask_apps(wsgi)
    return LoadedApp(app, name, tuple(mounts), import_path, prefix, settings or AppSettings())
