"""What an app raised while it loaded, told in a way that its owner can act on."""

from __future__ import annotations

import difflib
import importlib.util
import pkgutil
import shlex
import sys
from pathlib import Path

from apiver.errors import AppLoadError
from apiver.inventory.frames import is_user_code, place, spots_of_traceback, users_spot


def explain(error: BaseException, name: str) -> AppLoadError:
    """The AppLoadError for whatever came out of loading `name`.

    `where` is the innermost line in the user's own code; for a syntax error the line that has it.
    """
    where = place(users_spot(spots_of_traceback(error.__traceback__)))
    if isinstance(error, SyntaxError):
        line = (error.filename, error.lineno or 1) if error.filename else None
        return AppLoadError(
            f"{name} cannot be imported: {type(error).__name__}: {error.msg}",
            where=place(line) or where,
            remedy="correct that line; apiver reads the app with Python " + sys.version.split()[0],
        )
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing_module(error.name, name, where)
    if isinstance(error, SystemExit):
        return AppLoadError(
            f"{name} ended the process while it was loading: sys.exit({_exit_code(error)})",
            where=where,
            remedy="it may miss a setting or a command-line argument; set what it needs in  app: {env: ...}\n"
            "of apiver.yaml, or move what ends the process out of the import",
        )
    return AppLoadError(
        f"{name} raised {type(error).__name__} while it was loading{_message(error)}",
        where=where,
        remedy=_remedy(error, name),
    )


def _exit_code(error: SystemExit) -> str:
    return "" if error.code is None else repr(error.code)


def _message(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - the user's own __str__ may fail in any way
        return ""
    first = " ".join(text.split())
    return f": {first[:300]}{'...' if len(first) > 300 else ''}" if first else ""


def _remedy(error: BaseException, name: str) -> str:
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str):
        key = error.args[0]
        if key.isupper():
            return (
                f"if it is a variable of the environment, set it:  {key}=...\n"
                f"or in apiver.yaml:  app: {{import: ..., env: {{{key}: ...}}}}"
            )
    return (
        f"the whole traceback:  flask --app {shlex.quote(name)} routes\n"
        "what the app needs in order to load can be given in apiver.yaml:\n"
        "app: {import: ..., args: ..., env: ..., cwd: ..., preload: script.py}"
    )


def _missing_module(missing: str, name: str, where: str | None) -> AppLoadError:
    if where is None:
        return _no_such_app_module(missing)
    remedy = _spelling(missing) or (
        f"install what provides {missing} where apiver runs: {sys.prefix}\n"
        "or run apiver in the app's own environment:  python -m pip install flask-apiver"
    )
    return AppLoadError(f"{name} imports {missing}, which is not there", where=where, remedy=remedy)


def _spelling(missing: str) -> str | None:
    """What else a module in a package of the user's could be called; None where there is no such package."""
    parent, _, last = missing.rpartition(".")
    siblings = _siblings(parent)
    if siblings is None:
        return None
    close = difflib.get_close_matches(last, siblings, n=1)
    return (
        f"did you mean {parent}.{close[0]}?"
        if close
        else f"{parent} has {', '.join(siblings) or 'no modules'}"
    )


def _siblings(package: str) -> list[str] | None:
    """The modules of a package of the user's, or None where it is not one.

    Looked up on disk: a package whose import failed is no longer among the imported ones.
    """
    top, *below = package.split(".")
    spec = importlib.util.find_spec(top) if top else None
    if spec is None or not spec.submodule_search_locations:
        return None
    folders = [str(Path(folder, *below)) for folder in spec.submodule_search_locations]
    if not all(is_user_code(folder) for folder in folders):
        return None
    return [module.name for module in pkgutil.iter_modules(folders)]


def _no_such_app_module(missing: str) -> AppLoadError:
    here = Path.cwd()
    remedy = _spelling(missing)
    if remedy is None:
        close = difflib.get_close_matches(
            missing, [one.name for one in pkgutil.iter_modules([str(here)])], n=1
        )
        remedy = (
            f"did you mean {close[0]}?" if close else "check the spelling, or go to the folder of the app"
        )
    return AppLoadError(f"there is no module {missing}", where=f"looked in {here}", remedy=remedy)
