"""A version of the app as it was at a git revision: `v1@main`.

The revision is laid out in a folder of its own, and an apiver in a process of its own reads the app there.
What this process has imported, and what lies in the user's working tree, plays no part.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from apiver.cli import Options
from apiver.cli.worktree import worktree
from apiver.contract.document import SOURCE, Document
from apiver.contract.revision import Repository, bare_environment
from apiver.errors import ApiverError, AppLoadError, InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 600.0
"""Seconds that reading the app may take once it has loaded."""

_GRACE = 2.0
_ERRORS: dict[int, type[ApiverError]] = {2: UsageError, 3: AppLoadError, 4: InputError}
# The apiver that runs is imported first: the revision may hold another package of that name.
_CHILD = """
import sys
sys.path[:1] = [sys.argv.pop(1)]
from apiver.cli import apiver
del sys.path[:1]
apiver(prog_name="apiver")
"""


def contract_at(version: str, revision: str, options: Options) -> Document:
    """The contract of a version of the app at a git revision; its places are like `main:shop/books.py:12`.

    The app is the one that `options`, the manifest of that revision or the environment name, looked for from
    the same folder of the repository. Raises InputError where there is no such revision, and what loading the
    app raises.
    """
    repository = Repository.around(revision)
    commit = repository.commit(revision)
    name = f"{version}@{revision}"
    with worktree(repository, commit, revision) as tree:
        folder = tree / repository.prefix
        if not folder.is_dir():
            raise InputError(
                f"there is no folder {repository.prefix.rstrip('/')} at {revision}",
                where=name,
                remedy="call apiver from a folder that is there",
            )
        result = tree.parent / "apiver-contract.json"
        code, said = _run(version, options, repository, tree, result)
        said = said.replace(f"{tree}{os.sep}", f"{revision}:").replace(str(tree), revision)
        told, failed, message = said.partition("error: ") if not result.exists() else (said, "", "")
        if told.strip():
            click.echo(told.rstrip("\n"), err=True)
        if not result.exists():
            raise _failure(message if failed else "the app could not be read", revision, code)
        import orjson

        root = orjson.loads(result.read_bytes())
    _refuse_working_tree(root, repository, name)
    return Document(_with_places(root, tree, revision, repository.prefix), name)


def _run(version: str, options: Options, repository: Repository, tree: Path, result: Path) -> tuple[int, str]:
    """Have another apiver write the contract to `result`; its exit code, and what it says on the way."""
    top = repository.top

    def there(text: str) -> str:
        return (
            text.replace(top, str(tree), 1)
            if top and Path(text.partition(":")[0]).is_relative_to(top)
            else text
        )

    arguments = ["--load-timeout", str(options.load_timeout)]
    for option, value in _named(options):
        arguments += [option, there(value)] if value is not None else []
    arguments += ["export", version, "--format", "json", "--sources", "--unchecked", "--output", str(result)]
    environment = {**bare_environment(), "PYTHONPATH": os.pathsep.join(_import_paths(top, tree))}
    if "FLASK_APP" in environment:
        environment["FLASK_APP"] = there(environment["FLASK_APP"])
    own = str(Path(sys.modules["apiver"].__file__ or "").parents[1])
    said = tree.parent / "apiver-said.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, own, *arguments],
            cwd=tree / repository.prefix,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            code = process.wait(options.load_timeout + PATIENCE if options.load_timeout else None)
        except subprocess.TimeoutExpired:
            seconds = options.load_timeout + PATIENCE
            raise AppLoadError(f"the app was still being read after {seconds:g} seconds") from None
        finally:
            _end(process)
    return code, said.read_text(encoding="utf-8", errors="replace")


def _named(options: Options) -> list[tuple[str, str | None]]:
    return [("--app", options.app), ("--manifest", options.manifest), ("--traffic", options.traffic)]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    for number in ("SIGTERM", "SIGKILL"):
        if process.poll() is None or number == "SIGKILL":
            with suppress(OSError):
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, getattr(signal, number))
                else:
                    process.kill()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)


def _import_paths(top: str | None, tree: Path) -> Iterator[str]:
    """Where the other process looks for modules first.

    Folders of the working tree that are on the path, from an editable install say, would bring in the code of
    today: those of the revision take their place.
    """
    given = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    mapped = [
        str(Path(place).parent)
        for name, module in list(sys.modules.items())
        if name.startswith("__editable__")
        for place in getattr(module, "MAPPING", {}).values()
    ]
    own = Path(sys.modules["apiver"].__file__ or "").parents[1]
    for entry in dict.fromkeys([*sys.path, *mapped]):
        path = Path(entry or ".").resolve()
        inside = (
            top is not None
            and path.is_relative_to(top)
            and not path.is_relative_to(Path(sys.prefix).resolve())
        )
        if inside and path != own and "site-packages" not in path.parts:
            assert top is not None
            yield str(tree / path.relative_to(top))
    for entry in given:
        if top is None or not Path(entry).resolve().is_relative_to(top):
            yield entry


def _failure(message: str, revision: str, code: int) -> ApiverError:
    """The error that the other process ended with."""
    what, *rest = [line.strip() for line in message.strip().splitlines()] or [message]
    kind = _ERRORS.get(code, ApiverError)
    where = rest[0] if rest else None
    return kind(f"{what} (at {revision})", where=where, remedy="\n".join(rest[1:]) or None)


def _refuse_working_tree(root: dict[str, Any], repository: Repository, name: str) -> None:
    """Refuse a contract that was read from the code of today, because that is what Python imported."""
    prefix = Path(sys.prefix).resolve()
    for source in _sources(root):
        path = Path(str(source.get("file")))
        inside = repository.top is not None and path.is_absolute() and path.is_relative_to(repository.top)
        if inside and "site-packages" not in path.parts and not path.is_relative_to(prefix):
            raise AppLoadError(
                "the app was imported from the working tree, not from the revision",
                where=f"{path} for {name}",
                remedy="name it so that it is found from the folder you are in, such as  --app src/shop:app",
            )


def _with_places(root: dict[str, Any], tree: Path, revision: str, prefix: str) -> dict[str, Any]:
    """The contract with the files of its sources as git names them."""
    for source in _sources(root):
        path = Path(str(source.get("file")))
        if path.is_relative_to(tree):
            source["file"] = f"{revision}:{path.relative_to(tree).as_posix()}"
        elif not path.is_absolute():
            source["file"] = f"{revision}:{prefix}{path.as_posix()}"
    return root


def _sources(root: Any) -> Iterator[dict[str, Any]]:
    todo = [root]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            if isinstance(value.get(SOURCE), dict):
                yield value[SOURCE]
            todo += [part for key, part in value.items() if key != SOURCE and isinstance(part, (dict, list))]
        elif isinstance(value, list):
            todo += [part for part in value if isinstance(part, (dict, list))]
